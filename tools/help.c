/*
 * The help texts, made from the tables of commands and options.
 */
#include "config.h"

#include "cli.h"

#include <string.h>

#define LEFT	27		/* columns */

struct option_row {
	const char	*name;
	const char	*arg;		/* begins with = when it may be left out */
	const char	*help;
};

/* clang-format off */
static const struct option_row option_rows[CLI__MAX] = {
	[CLI_CONFIG] = { "config", "FILE", "the ini, in place of $CLOCKGATE_CONFIG or the usual one" },
	[CLI_SET] = { "set", "SECTION.KEY=VALUE", "set a key over the ini; may be given again" },
	[CLI_FORMAT] = { "format", "FORMAT", "how to print lists: table, csv or json" },
	[CLI_HELP] = { "help", NULL, "show this help, of a command too" },
	[CLI_VERSION] = { "version", NULL, "show the version" },
	[CLI_SAMPLE] = { "sample", NULL, "print every key with its default, as comments" },
	[CLI_STATUS] = { "status", "STATUS", "only pending, active or disabled ones" },
	[CLI_SN] = { "sn", "SN", "only of the clock with this serial" },
	[CLI_PIN] = { "pin", "PIN", "only of this person" },
	[CLI_FROM] = { "from", "TIME", "from this time of the clock on: YYYY-MM-DD or \"YYYY-MM-DD hh:mm:ss\"" },
	[CLI_TO] = { "to", "TIME", "up to this time, or to the end of this day" },
	[CLI_FOLLOW] = { "follow", NULL, "the newest ones, the oldest first, then each as it comes" },
	[CLI_ALL] = { "all", NULL, "to every active clock, in place of SN" },
	[CLI_FROM_FILE] = { "from", "FILE", "commands of this file, see clockgate(1); - is the standard input" },
	[CLI_WAIT] = { "wait", "=SECONDS", "wait for the results, 120 seconds unless given" },
	[CLI_EXPIRES] = { "expires", "SECONDS", "not to be handed out when so much time has passed" },
	[CLI_YES] = { "yes", NULL, "do dangerous things without asking" },
	[CLI_STATE] = { "state", "STATE", "only queued, sent, done, failed, expired or cancelled ones" },
	[CLI_TABLE_NAME] = { "table", "TABLE", "only this table, as ATTLOG or OPERLOG" },
	[CLI_FILE_NAME] = { "name", "NAME", "its name in the store; that of FILE unless given" },
	[CLI_REPLY] = { "reply", NULL, "write the bytes that the clock answered, and nothing else" },
	[CLI_MINUTES] = { "minutes", "N", "for so long, 1 to 1440" },
	[CLI_REASON] = { "reason", "TEXT", "what for; it goes into the audit" },
	[CLI_LIST] = { "list", NULL, "show all classes, and which are open" },
	[CLI_CLOSE] = { "close", NULL, "close it before its time" },
	[CLI_EXPECT] = { "expect", "N:HASH", "a head that was noted before: its row must still be there" },
	[CLI_GENERATE] = { "generate", NULL, "make one of 16 digits, and print it" },
	[CLI_NONE] = { "none", NULL, "from now on it needs none" },
	[CLI_EVERYWHERE] = { "everywhere", NULL, "queue the deletes for the clocks that hold the person, too" },
	[CLI_PUNCHES] = { "punches", NULL, "remove punches and operations, too" },
	[CLI_DRY_RUN] = { "dry-run", NULL, "say what would be done, and do nothing" },
	[CLI_PASSWORDS] = { "passwords", NULL, "with their passwords" },
	[CLI_KIND] = { "kind", "KIND", "only IDCARD, SMS, USER_SMS or WORKCODE" },
	[CLI_DIR] = { "dir", "DIR", "where the files go; it is made if need be" },
	[CLI_LIMIT] = { "limit", "N", "at most so many, 1 to 1000000000; 100 unless given" },
};
/* clang-format on */

const char *
cli_option_name(enum cli_option o)
{
	return option_rows[o].name;
}

const char *
cli_option_arg(enum cli_option o)
{
	return option_rows[o].arg;
}

bool
cli_option_free(enum cli_option o)
{
	return option_rows[o].arg != NULL && option_rows[o].arg[0] == '=';
}

/* What is too long for its column has a line of its own. */
static void
two_columns(const char *left, const char *right, FILE *f)
{
	if (strlen(left) > LEFT)
		fprintf(f, "  %s\n  %-*s %s\n", left, LEFT, "", right);
	else
		fprintf(f, "  %-*s %s\n", LEFT, left, right);
}

static void
option_lines(uint64_t options, FILE *f)
{
	char left[64];

	for (int o = 0; o < CLI__MAX; o++) {
		if ((options & CLI_BIT(o)) == 0)
			continue;
		bool free = cli_option_free((enum cli_option)o);

		snprintf(left, sizeof(left), "--%s%s%s%s", option_rows[o].name,
		    free ? "[" : option_rows[o].arg != NULL ? " " : "",
		    option_rows[o].arg != NULL ? option_rows[o].arg : "",
		    free ? "]" : "");
		two_columns(left, option_rows[o].help, f);
	}
}

static void
command_line(const struct cli_command *c, FILE *f)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s%s%s", c->group != NULL ? c->group : "",
	    c->group != NULL ? " " : "", c->verb, c->args[0] != '\0' ? " " : "",
	    c->args);
	two_columns(left, c->help, f);
}

static void
help_all(const char *group, FILE *f)
{
	fputs("Usage: clockgate [OPTION]... COMMAND\n"
	    "The operator's command line of clockgate.\n\nCommands:\n", f);
	for (size_t i = 0; i < cli_ncommands; i++)
		if (group == NULL || cli_within(cli_commands[i].group, group) != NULL)
			command_line(&cli_commands[i], f);
	fputs("\nOptions:\n", f);
	option_lines(CLI_GLOBAL, f);
	fputs("\nThe options of a command: clockgate COMMAND --help\n", f);
}

void
cli_help(const struct cli *cli, FILE *f)
{
	const struct cli_command *c = cli->command;

	if (c == NULL) {
		help_all(cli->group, f);
		return;
	}
	fprintf(f, "Usage: clockgate [OPTION]... %s%s%s%s%s\n%s\n\nOptions:\n",
	    c->group != NULL ? c->group : "", c->group != NULL ? " " : "", c->verb,
	    c->args[0] != '\0' ? " " : "", c->args, c->help);
	option_lines(c->options | CLI_GLOBAL, f);
}
