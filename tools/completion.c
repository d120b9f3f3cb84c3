/*
 * clockgate completion bash: what completes commands, options, fields and
 * serials in a shell, made from the tables of commands.
 */
#include "config.h"

#include "cli.h"

#include <string.h>

/* Everything that is not made from the tables. */
static const char head[] =
"# bash completion of clockgate; made by: clockgate completion bash\n"
"\n"
"# The words before the cursor that are neither options nor their values,\n"
"# FIELD=VALUE as one; bash cuts words at \"=\".\n"
"_clockgate_words() {\n"
"	local i word skip=\n"
"	words=()\n"
"	all= program=(\"${COMP_WORDS[0]}\")\n"
"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
"		word=${COMP_WORDS[i]}\n"
"		if [[ $word == = ]]; then\n"
"			((i++))\n"
"		elif [[ $skip ]]; then\n"
"			[[ $skip == --config ]] && program+=(--config \"$word\")\n"
"			skip=\n"
"		elif [[ $word == -* ]]; then\n"
"			[[ $word == --all ]] && all=yes\n"
"			[[ \" $_clockgate_valued \" == *\" $word \"* ]] &&\n"
"			    [[ ${COMP_WORDS[i + 1]} != = ]] && skip=$word\n"
"		else\n"
"			words+=(\"$word\")\n"
"		fi\n"
"	done\n"
"}\n"
"\n"
"# The first column of a list, as far as it is plain: anybody can name a clock.\n"
"_clockgate_first() {\n"
"	local word\n"
"	\"${program[@]}\" --format csv \"$@\" 2>/dev/null | {\n"
"		read -r\n"
"		while IFS=, read -r word _; do\n"
"			[[ $word =~ ^[A-Za-z0-9_.-]+$ ]] && echo \"$word\"\n"
"		done\n"
"	}\n"
"}\n"
"\n"
"_clockgate_offer() {		# of the words in $1 those that begin with $cur\n"
"	local - IFS=$' \\t\\n' word\n"
"	set -f\n"
"	for word in $1; do\n"
"		[[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n"
"	done\n"
"}\n"
"\n";

static const char tail[] =
"_clockgate_argument() {\n"
"	local n=${#words[@]} name=\n"
"	case \"${words[*]:0:2}\" in\n"
"	'command send')\n"
"		[[ $all ]] && ((n++)) && words=(\"${words[@]:0:2}\" all \"${words[@]:2}\")\n"
"		((n == 2)) && _clockgate_first device list --status active\n"
"		((n == 3)) && echo \"$_clockgate_names\"\n"
"		((n >= 4)) && name=${words[3]} && _clockgate_fields \"$name\"\n"
"		;;\n"
"	'command raw')\n"
"		((n == 2)) && _clockgate_first device list --status active ;;\n"
"	'command catalogue')\n"
"		((n == 2)) && echo \"$_clockgate_names\" ;;\n"
"	'device show' | 'device set' | 'device resend' | 'device set-key' | 'device rotate-key')\n"
"		((n == 2)) && _clockgate_first device list ;;\n"
"	'device approve' | 'device disable')\n"
"		_clockgate_first device list ;;\n"
"	'device user')\n"
"		((n == 3)) && _clockgate_first device list ;;\n"
"	'file remove')\n"
"		_clockgate_first file list ;;\n"
"	'allow')\n"
"		((n == 1)) && echo shell files wipe network key ;;\n"
"	'completion')\n"
"		echo bash ;;\n"
"	esac\n"
"}\n"
"\n"
"_clockgate_value() {		# of the option $1\n"
"	case $1 in\n"
"	--format) echo table csv json ;;\n"
"	--status) echo pending active disabled ;;\n"
"	--state) echo queued sent done failed expired cancelled ;;\n"
"	--kind) echo IDCARD SMS USER_SMS WORKCODE ;;\n"
"	--sn) _clockgate_first device list ;;\n"
"	esac\n"
"}\n"
"\n"
"_clockgate() {\n"
"	local cur=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]}\n"
"	local words all program choice\n"
"	COMPREPLY=()\n"
"	_clockgate_words\n"
"	[[ $cur == = ]] && cur= && last=${COMP_WORDS[COMP_CWORD - 1]} ||\n"
"	    { [[ $last == = ]] && last=${COMP_WORDS[COMP_CWORD - 2]}; }\n"
"	if [[ $last == --* && \" $_clockgate_valued \" == *\" $last \"* ]]; then\n"
"		choice=$(_clockgate_value \"$last\")\n"
"	elif [[ ${COMP_WORDS[COMP_CWORD - 1]} == = || ${COMP_WORDS[COMP_CWORD]} == = ]]; then\n"
"		choice=\n"
"	elif [[ $cur == -* ]]; then\n"
"		choice=$(_clockgate_options \"${words[*]:0:3}\")\n"
"	else\n"
"		choice=$(_clockgate_verbs \"${words[*]}\")\n"
"		[[ $choice ]] || choice=$(_clockgate_argument)\n"
"	fi\n"
"	if [[ $choice ]]; then\n"
"		_clockgate_offer \"$choice\"\n"
"		[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace 2>/dev/null\n"
"	else\n"
"		mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
"		compopt -o filenames 2>/dev/null\n"
"	fi\n"
"}\n"
"\n"
"complete -F _clockgate clockgate\n";

static void
names(void)
{
	fputs("_clockgate_names='", stdout);
	for (size_t i = 0; i < cg_ncommands; i++)
		if (cg_commands[i].verb[0] != '\0')
			printf("%s%s", i > 0 ? " " : "", cg_commands[i].name);
	fputs("'\n", stdout);
}

static void
valued(void)
{
	fputs("_clockgate_valued='", stdout);
	for (int o = 0; o < CLI__MAX; o++)
		if (cli_option_arg((enum cli_option)o) != NULL &&
		    !cli_option_free((enum cli_option)o) && o != CLI_FROM_FILE)
			printf("%s--%s", o > 0 ? " " : "",
			    cli_option_name((enum cli_option)o));
	fputs("'\n\n", stdout);
}

/* One line of a case: "command name) echo 'PIN= Name=' ;;" */
static void
fields(const struct cg_command *c)
{
	bool days = false;

	printf("	%s) echo '", c->name);
	for (size_t i = 0; i < c->narg; i++) {
		if (c->arg[i].type == CG_ARG_SIZE)
			continue;
		if (c->arg[i].type == CG_ARG_DAY) {
			if (!days)
				fputs("DAYS= ", stdout);
			days = true;
		}
		printf("%s= ", c->arg[i].name);
	}
	fputs("' ;;\n", stdout);
}

static void
all_fields(void)
{
	fputs("_clockgate_fields() {\n	case $1 in\n", stdout);
	for (size_t i = 0; i < cg_ncommands; i++)
		if (cg_commands[i].narg > 0)
			fields(&cg_commands[i]);
	fputs("	esac\n}\n\n", stdout);
}

/* Is there a command of this first word before the i-th? */
static bool
listed(size_t i, const char *word, size_t n)
{
	const char *first;

	for (size_t k = 0; k < i; k++) {
		first = cli_commands[k].group != NULL ? cli_commands[k].group :
		    cli_commands[k].verb;
		if (strncmp(first, word, n) == 0 &&
		    (first[n] == '\0' || first[n] == ' '))
			return true;
	}
	return false;
}

static void
first_words(void)
{
	const char *word;
	size_t n;

	fputs("	'') echo '", stdout);
	for (size_t i = 0; i < cli_ncommands; i++) {
		word = cli_commands[i].group != NULL ? cli_commands[i].group :
		    cli_commands[i].verb;
		n = strcspn(word, " ");
		if (!listed(i, word, n))
			printf("%s%.*s", i > 0 ? " " : "", (int)n, word);
	}
	fputs("' ;;\n", stdout);
}

/* "device) echo 'list show ...'": of a group, when it is met first. */
static void
group_words(size_t i)
{
	const char *group = cli_commands[i].group, *inner;

	for (size_t k = 0; k < i; k++)
		if (cli_commands[k].group != NULL &&
		    strcmp(cli_commands[k].group, group) == 0)
			return;
	printf("	'%s') echo '", group);
	for (size_t k = 0; k < cli_ncommands; k++)
		if ((inner = cli_within(cli_commands[k].group, group)) != NULL)
			printf("%s ", *inner != '\0' ? inner : cli_commands[k].verb);
	fputs("' ;;\n", stdout);
}

static void
verbs(void)
{
	fputs("_clockgate_verbs() {		# what may follow these words\n"
	    "	case $1 in\n", stdout);
	first_words();
	for (size_t i = 0; i < cli_ncommands; i++)
		if (cli_commands[i].group != NULL)
			group_words(i);
	fputs("	esac\n}\n\n", stdout);
}

static void
option_words(uint64_t options)
{
	for (int o = 0; o < CLI__MAX; o++)
		if ((options & CLI_BIT(o)) != 0)
			printf("--%s ", cli_option_name((enum cli_option)o));
}

static void
options(void)
{
	fputs("_clockgate_options() {		# of the command of these words\n"
	    "	echo '", stdout);
	option_words(CLI_GLOBAL);
	fputs("'\n	case $1 in\n", stdout);
	for (size_t i = 0; i < cli_ncommands; i++) {
		const struct cli_command *c = &cli_commands[i];

		if (c->options == 0)
			continue;
		printf("	'%s%s%s'*) echo '", c->group != NULL ? c->group : "",
		    c->group != NULL ? " " : "", c->verb);
		option_words(c->options);
		fputs("' ;;\n", stdout);
	}
	fputs("	esac\n}\n\n", stdout);
}

int
cli_completion(struct cli *cli)
{
	if (strcmp(cli->word[0], "bash") != 0)
		return cli_misuse("there is a completion for bash only; type: clockgate "
		    "completion bash");
	fputs(head, stdout);
	names();
	valued();
	all_fields();
	verbs();
	options();
	fputs(tail, stdout);
	return 0;
}
