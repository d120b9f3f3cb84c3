/*
 * clockgate: the operator's command line.
 */
#include "config.h"

#include "cli.h"

#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SEND_OPTIONS	(CLI_BIT(CLI_ALL) | CLI_BIT(CLI_WAIT) | \
			CLI_BIT(CLI_EXPIRES) | CLI_BIT(CLI_YES))

/* clang-format off */
const struct cli_command cli_commands[] = {
	{ NULL, "migrate", "", "Bring the schema of the database up to date.",
	  0, 0, 0, CLI_NEED_CONF, cli_migrate },
	{ NULL, "check", "", "Tell what is wrong with the set-up, and what cures it.",
	  0, 0, 0, CLI_NEED_NOTHING, cli_check },
	{ NULL, "config", "", "Print the configuration in force, or a sample.",
	  0, 0, CLI_BIT(CLI_SAMPLE), CLI_NEED_NOTHING, cli_config },
	{ "device", "list", "", "List the clocks.",
	  0, 0, CLI_BIT(CLI_STATUS), CLI_NEED_DB, cli_device_list },
	{ "device", "show", "SN", "Show all that is known of a clock.",
	  1, 1, 0, CLI_NEED_DB, cli_device_show },
	{ "device", "approve", "SN...", "Admit clocks: from now on they are served.",
	  1, SIZE_MAX, 0, CLI_NEED_DB, cli_device_approve },
	{ "device", "disable", "SN...", "Refuse clocks from now on; what they sent stays.",
	  1, SIZE_MAX, 0, CLI_NEED_DB, cli_device_disable },
	{ "device", "set", "SN NAME=VALUE...", "Set name, zone, charset or an option; an empty value removes it.",
	  2, SIZE_MAX, 0, CLI_NEED_DB, cli_device_set },
	{ "device", "set-key", "SN", "Set the communication key of a clock: a line of the standard input.",
	  1, 1, CLI_BIT(CLI_GENERATE) | CLI_BIT(CLI_NONE), CLI_NEED_DB, cli_device_set_key },
	{ "device", "rotate-key", "SN", "Tell a clock to use another key, read as above, and accept both until it does.",
	  1, 1, CLI_BIT(CLI_GENERATE) | CLI_BIT(CLI_WAIT) | CLI_BIT(CLI_EXPIRES), CLI_NEED_DB, cli_device_rotate_key },
	{ "device", "resend", "SN", "Have a clock send again what it holds.",
	  1, 1, CLI_BIT(CLI_TABLE_NAME), CLI_NEED_DB, cli_device_resend },
	{ "device user", "list", "[SN]", "List the people that a clock holds, or each clock, as it last told, or was told.",
	  0, 1, CLI_BIT(CLI_PASSWORDS), CLI_NEED_DB, cli_device_user_list },
	{ "punch", "list", "", "List punches, the newest first.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_PIN) | CLI_BIT(CLI_FROM) | CLI_BIT(CLI_TO) | CLI_BIT(CLI_LIMIT) |
	  CLI_BIT(CLI_FOLLOW), CLI_NEED_DB, cli_punch_list },
	{ "operation", "list", "", "List what was done at the clocks, the newest first.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_FROM) | CLI_BIT(CLI_TO) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_operation_list },
	{ "photo", "list", "", "List photos and pictures, without their bytes, the newest first.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_PIN) | CLI_BIT(CLI_FROM) | CLI_BIT(CLI_TO) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_photo_list },
	{ "photo", "export", "", "Write photos and pictures as files.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_PIN) | CLI_BIT(CLI_DIR), CLI_NEED_DB, cli_photo_export },
	{ "template", "list", "", "List fingerprints, faces and the like, without their bytes.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_PIN) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_template_list },
	{ "template", "export", "", "Write fingerprints, faces and the like as files.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_PIN) | CLI_BIT(CLI_DIR), CLI_NEED_DB, cli_template_export },
	{ "item", "list", "", "List messages, work codes and identity cards that clocks hold.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_KIND) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_item_list },
	{ "rejected", "list", "", "List what could not be read, the newest first.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_rejected_list },
	{ "rejected", "show", "ID", "Show one of them; into a pipe or a file go just its bytes.",
	  1, 1, 0, CLI_NEED_DB, cli_rejected_show },
	{ "rejected", "retry", "[ID...]", "Read them again, and store what can be read now.",
	  0, SIZE_MAX, CLI_BIT(CLI_SN), CLI_NEED_DB, cli_rejected_retry },
	{ "rejected", "drop", "[ID...]", "Remove them unread.",
	  0, SIZE_MAX, CLI_BIT(CLI_SN) | CLI_BIT(CLI_YES), CLI_NEED_DB, cli_rejected_drop },
	{ "command", "catalogue", "[NAME]", "List the commands for clocks, or the fields of one.",
	  0, 1, 0, CLI_NEED_NOTHING, cli_command_catalogue },
	{ "command", "send", "SN[,SN...] NAME FIELD=VALUE...", "Queue a command for clocks.",
	  0, SIZE_MAX, SEND_OPTIONS | CLI_BIT(CLI_FROM_FILE), CLI_NEED_DB, cli_command_send },
	{ "command", "raw", "SN[,SN...] TEXT", "Queue a command as it goes on the wire.",
	  1, 2, SEND_OPTIONS, CLI_NEED_DB, cli_command_raw },
	{ "command", "list", "", "List what was queued, the newest first.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_STATE) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_command_list },
	{ "command", "show", "ID", "Show what became of a command.",
	  1, 1, CLI_BIT(CLI_REPLY), CLI_NEED_DB, cli_command_show },
	{ "command", "cancel", "ID...", "Cancel commands that have no result yet.",
	  1, SIZE_MAX, 0, CLI_NEED_DB, cli_command_cancel },
	{ NULL, "allow", "[CLASS]", "Let dangerous commands of a class out for a while.",
	  0, 1, CLI_BIT(CLI_MINUTES) | CLI_BIT(CLI_REASON) | CLI_BIT(CLI_CLOSE) | CLI_BIT(CLI_LIST),
	  CLI_NEED_DB, cli_allow },
	{ "audit", "list", "", "List what was done with dangerous commands, the newest first.",
	  0, 0, CLI_BIT(CLI_SN) | CLI_BIT(CLI_LIMIT), CLI_NEED_DB, cli_audit_list },
	{ "audit", "verify", "", "Tell whether a row of that list was altered or is missing.",
	  0, 0, CLI_BIT(CLI_EXPECT), CLI_NEED_DB, cli_audit_verify },
	{ "file", "add", "FILE", "Offer a file to clocks.",
	  1, 1, CLI_BIT(CLI_FILE_NAME), CLI_NEED_CONF, cli_file_add },
	{ "file", "list", "", "List the files that clocks may fetch.",
	  0, 0, 0, CLI_NEED_CONF, cli_file_list },
	{ "file", "remove", "NAME...", "Remove files that clocks may fetch.",
	  1, SIZE_MAX, 0, CLI_NEED_CONF, cli_file_remove },
	{ "user", "purge", "PIN", "Remove all that is here of a person.",
	  1, 1, CLI_BIT(CLI_EVERYWHERE) | CLI_BIT(CLI_PUNCHES) | CLI_BIT(CLI_DRY_RUN), CLI_NEED_DB, cli_user_purge },
	{ "key", "new", "", "Make a key file with a first key, or a next key in it.",
	  0, 0, 0, CLI_NEED_CONF, cli_key_new },
	{ "key", "list", "", "List the keys, and how many rows are sealed with each.",
	  0, 0, 0, CLI_NEED_DB, cli_key_list },
	{ "key", "rotate", "", "Seal with a new key what is sealed with others, or not yet.",
	  0, 0, 0, CLI_NEED_DB, cli_key_rotate },
	{ "key", "drop", "ID", "Forget a key that nothing is sealed with any more.",
	  1, 1, 0, CLI_NEED_DB, cli_key_drop },
	{ NULL, "completion", "bash", "Print what completes commands in a shell.",
	  1, 1, 0, CLI_NEED_NOTHING, cli_completion },
};
/* clang-format on */
const size_t cli_ncommands = CG_LEN(cli_commands);

void
cli_complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("clockgate: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

int
cli_conf(struct cli *cli)
{
	const char *program = cli->command->run == cli_migrate ? "migrate" :
	    "clockgate";
	char msg[CG_MSG_MAX];

	if (cg_conf_load(&cli->conf, program, cli->option[CLI_CONFIG], cli->set,
	    cli->nset, msg) != CG_OK)
		return cli_fail("%s", msg);
	return 0;
}

const char *
cli_ini(const struct cli *cli)
{
	return cli->conf.file != NULL ? cli->conf.file : "clockgate.ini";
}

int
cli_db_fault(const struct cli *cli, const char *doing)
{
	const char *why = cg_db_why(cli->db), *cure = cg_db_cure(cli->db);

	return cli_fail("%s: %s; %s (%s)", doing,
	    why[0] != '\0' ? why : "no memory, or the database is out of reach",
	    cure[0] != '\0' ? cure : "see [database], or type: clockgate check",
	    cli_ini(cli));
}

int
cli_db(struct cli *cli, bool any_schema)
{
	enum cg_err e;

	if (cg_db_new(&cli->conf.db, &cli->db) != CG_OK)
		return cli_fail("no memory");
	e = any_schema ? cg_db_open_any(cli->db) : cg_db_open(cli->db);
	if (e == CG_SYS)
		return cli_fail("%s", cg_db_why(cli->db));
	return e == CG_OK ? 0 : cli_db_fault(cli, "database");
}

int
cli_keys(struct cli *cli)
{
	char msg[CG_MSG_MAX];

	if (cli->keys == NULL &&
	    cg_keys_open(&cli->conf, &cli->keys, msg) != CG_OK)
		return cli_fail("%s", msg);
	if (cg_keys_use(cli->keys, cli->db, msg) != CG_OK)
		return cli_fail("%s", msg);
	return 0;
}

void
cli_keys_try(struct cli *cli)
{
	char msg[CG_MSG_MAX];

	if (cli->keys == NULL &&
	    cg_keys_open(&cli->conf, &cli->keys, msg) != CG_OK)
		return;
	if (cg_keys_use(cli->keys, cli->db, msg) != CG_OK)
		return;		/* those that were there before are */
}

bool
cli_agreed(void)
{
	char line[16] = "";
	struct cg_str answer;

	fputs("Type y or yes to do it: ", stderr);
	if (fgets(line, sizeof(line), stdin) == NULL || strchr(line, '\n') == NULL)
		return false;
	answer = cg_str_trim(cg_str_of(line));
	return cg_str_ieq(answer, cg_lit("y")) ||
	    cg_str_ieq(answer, cg_lit("yes"));
}

static int
run(struct cli *cli)
{
	int status;

	if (cli->command->need >= CLI_NEED_CONF && (status = cli_conf(cli)) != 0)
		return status;
	if (cli->command->need >= CLI_NEED_DB && (status = cli_db(cli, false)) != 0)
		return status;
	status = cli->command->run(cli);
	if (status == 0 && (fflush(stdout) != 0 || ferror(stdout) != 0))
		return cli_fail("the output could not be written");
	return status;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .format = CLI_TABLE };
	int status;

	/* Numbers, messages and sorting stay C; only characters are UTF-8. */
	setlocale(LC_CTYPE, "C.UTF-8");
	cli.set = calloc((size_t)argc + 1, sizeof(*cli.set));
	cli.words = calloc((size_t)argc + 1, sizeof(*cli.words));
	if (cli.set == NULL || cli.words == NULL)
		status = cli_fail("no memory");
	else if ((status = cli_parse(&cli, argc, argv)) != 0)
		;
	else if (cli.option[CLI_VERSION] != NULL)
		printf("clockgate %s\n", PACKAGE_VERSION);
	else if (cli.option[CLI_HELP] != NULL)
		cli_help(&cli, stdout);
	else
		status = run(&cli);
	cg_db_free(cli.db);
	cg_keys_close(cli.keys);
	cg_conf_free(&cli.conf);
	free(cli.set);
	free(cli.words);
	return status;
}
