/*
 * What was typed: options anywhere, the words of a command, its arguments.
 */
#include "config.h"

#include "cli.h"

#include <string.h>

/* Which option is this?  CLI__MAX: none. */
static enum cli_option
option_find(struct cg_str name)
{
	for (int o = 0; o < CLI__MAX; o++)
		if (cg_str_eq(name, cg_str_of(cli_option_name((enum cli_option)o))))
			return (enum cli_option)o;
	return CLI__MAX;
}

static int
option_unknown(struct cg_str name)
{
	const char *known[CLI__MAX], *near;
	int n = (int)(name.n < 64 ? name.n : 64);

	for (int o = 0; o < CLI__MAX; o++)
		known[o] = cli_option_name((enum cli_option)o);
	near = cg_nearest(name, known, CLI__MAX);
	if (near == NULL)
		return cli_misuse("there is no option --%.*s; type: clockgate "
		    "--help", n, name.p);
	return cli_misuse("there is no option --%.*s; did you mean --%s?", n,
	    name.p, near);
}

static int
format_set(struct cli *cli, const char *value)
{
	static const char *const name[] = { "table", "csv", "json" };

	for (size_t i = 0; i < CG_LEN(name); i++)
		if (strcmp(value, name[i]) == 0) {
			cli->format = (enum cli_format)i;
			return 0;
		}
	return cli_misuse("--format %s: type --format table, csv or json", value);
}

/*
 * An option that does without a value.  "--wait 60": seconds, or the value of
 * the command's only field?  A guess could delete user 60.
 */
static int
option_free(struct cli *cli, enum cli_option o, const char *next)
{
	const char *name = cli_option_name(o);
	uint32_t number;

	cli->option[o] = "";
	if (next == NULL || cg_str_u32(cg_str_of(next), UINT32_MAX, &number) !=
	    CG_OK)
		return 0;
	return cli_misuse("--%s %s: type --%s=%s; what does not belong to --%s "
	    "stands before it", name, next, name, next, name);
}

/* Take the option at argv[*i], and its value. */
static int
option_take(struct cli *cli, char **argv, int *i)
{
	struct cg_str arg = cg_str_of(argv[*i] + 2), name;
	size_t eq = cg_str_chr(arg, '=');
	const char *value = "";
	enum cli_option o;

	name = cg_str_head(arg, eq);
	if ((o = option_find(name)) == CLI__MAX)
		return option_unknown(name);
	if (cli_option_arg(o) == NULL && eq < arg.n)
		return cli_misuse("--%s takes no value", cli_option_name(o));
	if (cli_option_free(o)) {
		if (eq == arg.n)
			return option_free(cli, o, argv[*i + 1]);
		value = arg.p + eq + 1;
	} else if (cli_option_arg(o) != NULL) {
		value = eq < arg.n ? arg.p + eq + 1 : argv[++*i];
		if (value == NULL)
			return cli_misuse("--%s needs a value: --%s %s",
			    cli_option_name(o), cli_option_name(o),
			    cli_option_arg(o));
	}
	if (o == CLI_SET)
		cli->set[cli->nset++] = value;
	cli->option[o] = value;
	return o == CLI_FORMAT ? format_set(cli, value) : 0;
}

static int
gather(struct cli *cli, int argc, char **argv)
{
	bool options = true;
	int status;

	cli->word = cli->words;
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (options && strcmp(argv[i], "-h") == 0)
			cli->option[CLI_HELP] = "";
		else if (options && strncmp(argv[i], "--", 2) == 0) {
			if ((status = option_take(cli, argv, &i)) != 0)
				return status;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0')
			return cli_misuse("there is no option %s; type: clockgate "
			    "--help (a serial that begins with - stands behind --)",
			    argv[i]);
		else
			cli->word[cli->nword++] = argv[i];
	}
	return 0;
}

/* The group of that name as the table has it, or NULL. */
static const char *
group_find(const char *word)
{
	for (size_t i = 0; i < cli_ncommands; i++)
		if (cli_commands[i].group != NULL &&
		    strcmp(cli_commands[i].group, word) == 0)
			return cli_commands[i].group;
	return NULL;
}

/* The group that the words begin with, "device user" before "device". */
static const char *
group_take(struct cli *cli)
{
	char both[64] = "";
	const char *group = NULL;

	if (cli->nword > 1)
		snprintf(both, sizeof(both), "%.30s %.30s", cli->word[0],
		    cli->word[1]);
	if ((group = group_find(both)) != NULL) {
		cli->word += 2;
		cli->nword -= 2;
	} else if ((group = group_find(cli->word[0])) != NULL) {
		cli->word++;
		cli->nword--;
	}
	return group;
}

const char *
cli_within(const char *group, const char *outer)
{
	size_t n = strlen(outer);

	if (group == NULL || strncmp(group, outer, n) != 0 ||
	    (group[n] != '\0' && group[n] != ' '))
		return NULL;
	return group + n + (group[n] == ' ');
}

/* What could be typed: after the group, or as the first word. */
static size_t
words_known(const char *group, const char *known[64])
{
	const struct cli_command *c;
	const char *inner;
	size_t n = 0;

	for (c = cli_commands; c < cli_commands + cli_ncommands && n < 64; c++)
		if (group == NULL)
			known[n++] = c->group != NULL ? c->group : c->verb;
		else if ((inner = cli_within(c->group, group)) != NULL)
			known[n++] = *inner != '\0' ? inner : c->verb;
	return n;
}

/* No such command: group is NULL, or a known one without such a verb. */
static int
command_unknown(const char *group, const char *word)
{
	const char *known[64] = { NULL }, *near, *space = group != NULL ? " " : "";

	near = cg_nearest(cg_str_of(word), known, words_known(group, known));
	if (group == NULL)
		group = "";
	if (near == NULL)
		return cli_misuse("there is no command \"%s%s%s\"; type: "
		    "clockgate --help", group, space, word);
	return cli_misuse("there is no command \"%s%s%s\"; did you mean "
	    "\"%s%s%s\"?", group, space, word, group, space, near);
}

static const struct cli_command *
command_find(const char *group, const char *verb)
{
	const struct cli_command *c;

	for (c = cli_commands; c < cli_commands + cli_ncommands; c++)
		if (strcmp(c->verb, verb) == 0 && (group == NULL ?
		    c->group == NULL : c->group != NULL &&
		    strcmp(c->group, group) == 0))
			return c;
	return NULL;
}

/* Find the command and cut its words off the arguments. */
static int
choose(struct cli *cli)
{
	const char *group;

	if (cli->nword == 0)
		return 0;
	group = group_take(cli);
	if (cli->nword == 0) {
		cli->group = group;
		return cli->option[CLI_HELP] != NULL ? 0 :
		    cli_misuse("\"%s\" needs one more word; type: clockgate %s "
		    "--help", group, group);
	}
	if ((cli->command = command_find(group, cli->word[0])) == NULL)
		return command_unknown(group, cli->word[0]);
	cli->word++;
	cli->nword--;
	return 0;
}

/* "device list" */
static const char *
full_name(const struct cli_command *c, char out[64])
{
	snprintf(out, 64, "%s%s%s", c->group != NULL ? c->group : "",
	    c->group != NULL ? " " : "", c->verb);
	return out;
}

/* --from is two options of one name: the command knows which is meant. */
static void
rename_options(struct cli *cli)
{
	if ((cli->command->options & CLI_BIT(CLI_FROM_FILE)) == 0)
		return;
	cli->option[CLI_FROM_FILE] = cli->option[CLI_FROM];
	cli->option[CLI_FROM] = NULL;
}

/* Do options and arguments fit the command? */
static int
fit(const struct cli *cli)
{
	const struct cli_command *c = cli->command;
	char name[64];

	for (int o = 0; o < CLI__MAX; o++)
		if (cli->option[o] != NULL &&
		    ((c->options | CLI_GLOBAL) & CLI_BIT(o)) == 0)
			return cli_misuse("\"%s\" has no option --%s; type: "
			    "clockgate %s --help", full_name(c, name),
			    cli_option_name((enum cli_option)o), name);
	if (cli->nword < c->min)
		return cli_misuse("\"%s\" needs more; type: clockgate %s %s",
		    full_name(c, name), name, c->args);
	if (cli->nword > c->max)
		return cli_misuse("\"%s\" does not take \"%s\"; type: clockgate %s "
		    "--help", full_name(c, name), cli->word[c->max], name);
	return 0;
}

int
cli_parse(struct cli *cli, int argc, char **argv)
{
	int status;

	if ((status = gather(cli, argc, argv)) != 0)
		return status;
	if (cli->option[CLI_VERSION] != NULL)
		return 0;
	if ((status = choose(cli)) != 0)
		return status;
	if (cli->option[CLI_HELP] != NULL)
		return 0;
	if (cli->command == NULL) {
		cli_help(cli, stderr);
		return EXIT_USAGE;
	}
	rename_options(cli);
	return fit(cli);
}
