/* The lists, each a report of the store. */
#include "config.h"

#include "cli.h"

#include <string.h>

#define LIMIT		"100"
#define LIMIT_MAX	1000000000

/* Print a list of the database: the exit status. */
static int
list_print(struct cli *cli, enum cg_report which, const struct cg_str *param,
    size_t nparam)
{
	struct out *out = out_new(cli->format, stdout);
	enum cg_err e;

	if (out == NULL)
		return cli_fail("no memory");
	e = cg_report_run(cli->db, which, param, nparam, out_row, out);
	if (!out_end(out))
		return cli_fail("not everything could be printed; ask for less "
		    "with --limit, or try --format csv");
	return e == CG_OK ? 0 : cli_db_fault(cli, "list");
}

struct cg_str
cli_given(const struct cli *cli, enum cli_option o, const char *otherwise)
{
	return cg_str_of(cli->option[o] != NULL ? cli->option[o] : otherwise);
}

int
cli_limit(const struct cli *cli)
{
	uint32_t n;

	if (cg_str_u32(cli_given(cli, CLI_LIMIT, LIMIT), LIMIT_MAX, &n) == CG_OK &&
	    n > 0)
		return 0;
	return cli_misuse("--limit %s: type a number, 1 to %d",
	    cli->option[CLI_LIMIT], LIMIT_MAX);
}

/* Is what the option says, if it was given, one of these? */
static int
word_check(const struct cli *cli, enum cli_option o, const char *const *name,
    size_t n, const char *all)
{
	const char *word = cli->option[o];
	char near[CG_WHY_MAX];

	if (word == NULL)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, name[i]) == 0)
			return 0;
	return cli_misuse("--%s %s: type %s%s", cli_option_name(o), word, all,
	    cg_nearest_text(cg_str_of(word), name, n, near));
}

static int
status_check(const struct cli *cli)
{
	static const char *const name[] = { "pending", "active", "disabled" };

	return word_check(cli, CLI_STATUS, name, CG_LEN(name),
	    "pending, active or disabled");
}

static int
state_check(const struct cli *cli)
{
	const char *name[CG_COMMAND__MAX];

	for (int i = 0; i < CG_COMMAND__MAX; i++)
		name[i] = cg_command_state_name((enum cg_command_state)i);
	return word_check(cli, CLI_STATE, name, CG_LEN(name),
	    "queued, sent, done, failed, expired or cancelled");
}

int
cli_id(const char *word, int64_t *id)
{
	if (cg_str_i64(cg_str_of(word), 1, INT64_MAX, id) == CG_OK)
		return 0;
	return cli_misuse("\"%s\" is no id: type the number that the list shows",
	    word);
}

/* YYYY-MM-DD, or with hh:mm:ss behind it. */
static int
time_check(const struct cli *cli, enum cli_option o)
{
	const char *text = cli->option[o];
	struct cg_time t;
	char full[32];
	bool possible;

	if (text == NULL)
		return 0;
	snprintf(full, sizeof(full), "%.20s%s", text,
	    strlen(text) == 10 ? " 00:00:00" : "");
	if (strlen(text) <= 19 && cg_time_parse(cg_str_of(full), &t, &possible) ==
	    CG_OK && possible)
		return 0;
	return cli_misuse("--%s %s: type YYYY-MM-DD or \"YYYY-MM-DD hh:mm:ss\"",
	    cli_option_name(o), text);
}

int
cli_device_list(struct cli *cli)
{
	struct cg_str param[] = { cli_given(cli, CLI_STATUS, "") };
	int status;

	if ((status = status_check(cli)) != 0)
		return status;
	return list_print(cli, CG_REPORT_DEVICES, param, CG_LEN(param));
}

/* Of a serial that was mistyped the list is empty, and does not say why. */
static void
serial_doubt(struct cli *cli)
{
	struct cg_device device;

	if (cli->option[CLI_SN] != NULL)
		(void)cli_device(cli, cli->option[CLI_SN], &device);
}

/* Print a list whose parameters are options, in the order of the report. */
static int
list_given(struct cli *cli, enum cg_report which, const enum cli_option *option,
    size_t n)
{
	struct cg_str param[CLI__MAX];
	int status;

	if ((status = cli_limit(cli)) != 0 ||
	    (status = time_check(cli, CLI_FROM)) != 0 ||
	    (status = time_check(cli, CLI_TO)) != 0)
		return status;
	for (size_t i = 0; i < n; i++)
		param[i] = cli_given(cli, option[i],
		    option[i] == CLI_LIMIT ? LIMIT : "");
	if ((status = list_print(cli, which, param, n)) == 0)
		serial_doubt(cli);
	return status;
}

int
cli_punch_list(struct cli *cli)
{
	if (cli->option[CLI_FOLLOW] != NULL)
		return cli_punch_follow(cli);
	return list_given(cli, CG_REPORT_PUNCHES, (enum cli_option[]){ CLI_SN,
	    CLI_PIN, CLI_FROM, CLI_TO, CLI_LIMIT }, 5);
}

int
cli_operation_list(struct cli *cli)
{
	return list_given(cli, CG_REPORT_OPERATIONS, (enum cli_option[]){ CLI_SN,
	    CLI_FROM, CLI_TO, CLI_LIMIT }, 4);
}

int
cli_photo_list(struct cli *cli)
{
	cli_keys_try(cli);
	return list_given(cli, CG_REPORT_PHOTOS, (enum cli_option[]){ CLI_SN,
	    CLI_PIN, CLI_FROM, CLI_TO, CLI_LIMIT }, 5);
}

int
cli_template_list(struct cli *cli)
{
	cli_keys_try(cli);
	return list_given(cli, CG_REPORT_TEMPLATES, (enum cli_option[]){ CLI_SN,
	    CLI_PIN, CLI_LIMIT }, 3);
}

int
cli_item_list(struct cli *cli)
{
	static const char *const name[] = {
		"IDCARD", "SMS", "USER_SMS", "WORKCODE"
	};
	int status;

	if ((status = word_check(cli, CLI_KIND, name, CG_LEN(name),
	    "IDCARD, SMS, USER_SMS or WORKCODE")) != 0)
		return status;
	cli_keys_try(cli);
	return list_given(cli, CG_REPORT_ITEMS, (enum cli_option[]){ CLI_SN,
	    CLI_KIND, CLI_LIMIT }, 3);
}

int
cli_rejected_list(struct cli *cli)
{
	cli_keys_try(cli);
	return list_given(cli, CG_REPORT_REJECTED, (enum cli_option[]){ CLI_SN,
	    CLI_LIMIT }, 2);
}

int
cli_device_user_list(struct cli *cli)
{
	struct cg_str sn = cg_str_of(cli->nword > 0 ? cli->word[0] : "");
	struct cg_device device;
	int status;

	if (cli->nword > 0 &&
	    (status = cli_device(cli, cli->word[0], &device)) != 0)
		return status;
	if (cli->option[CLI_PASSWORDS] == NULL)
		return list_print(cli, CG_REPORT_USERS, &sn, 1);
	if ((status = cli_keys(cli)) != 0)
		return status;
	return list_print(cli, CG_REPORT_PASSWORDS, &sn, 1);
}

int
cli_command_list(struct cli *cli)
{
	int status;

	if ((status = state_check(cli)) != 0)
		return status;
	return list_given(cli, CG_REPORT_COMMANDS, (enum cli_option[]){ CLI_SN,
	    CLI_STATE, CLI_LIMIT }, 3);
}

int
cli_audit_list(struct cli *cli)
{
	int status;

	if ((status = cli_limit(cli)) != 0)
		return status;
	return list_print(cli, CG_REPORT_AUDIT, (struct cg_str[]){
	    cli_given(cli, CLI_SN, ""), cli_given(cli, CLI_LIMIT, LIMIT) }, 2);
}

/* ---- one row, a line for each of its values ---- */

struct one {
	struct out	*out;
	enum cli_format	 format;
	bool		 found;
};

static void
one_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	static const char *const column[] = { "name", "value" };
	struct one *o = arg;

	if (value == NULL)
		return;
	o->found = true;
	if (o->format != CLI_TABLE) {
		out_row(o->out, name, value, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (value[i].n > 0)
			out_row(o->out, column, (struct cg_str[]){
			    cg_str_of(name[i]), value[i] }, CG_LEN(column));
}

int
cli_report_one(struct cli *cli, enum cg_report which, struct cg_str param,
    const char *what)
{
	struct one one = { out_new(cli->format, stdout), cli->format, false };
	enum cg_err e;

	if (one.out == NULL)
		return cli_fail("no memory");
	cli_keys_try(cli);
	e = cg_report_run(cli->db, which, &param, 1, one_row, &one);
	if ((e == CG_OK || e == CG_SYS) && !one.found) {
		out_drop(one.out);
		return cli_fail("there is no %s %.*s; type: clockgate %s list",
		    what, (int)param.n, param.p, what);
	}
	if (!out_end(one.out))
		return cli_fail("not everything could be printed");
	if (e == CG_SYS)
		return cli_fail("%s", cg_db_why(cli->db));
	return e == CG_OK ? 0 : cli_db_fault(cli, what);
}

/* ---- one value of one row, for a file or another program ---- */

struct bytes {
	const char	*column;
	bool		 found;
	bool		 absent;
	bool		 written;
};

static void
bytes_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	struct bytes *b = arg;

	for (size_t i = 0; value != NULL && i < n; i++)
		if (strcmp(name[i], b->column) == 0) {
			b->found = true;
			b->absent = value[i].p == NULL;
			b->written = value[i].n == 0 ||
			    fwrite(value[i].p, 1, value[i].n, stdout) == value[i].n;
		}
}

int
cli_report_bytes(struct cli *cli, enum cg_report which, const char *column,
    const char *what)
{
	const char *id = cli->word[0];
	struct cg_str param = cg_str_of(id);
	struct bytes b = { .column = column };
	enum cg_err e;

	cli_keys_try(cli);
	e = cg_report_run(cli->db, which, &param, 1, bytes_row, &b);
	if (e == CG_SYS)
		return cli_fail("%s %s: %s", what, id, cg_db_why(cli->db));
	if (e != CG_OK)
		return cli_db_fault(cli, what);
	if (!b.found)
		return cli_fail("there is no %s %s; type: clockgate %s list", what,
		    id, what);
	if (b.absent)
		return cli_fail("%s %s has no %s; type: clockgate %s show %s", what,
		    id, column, what, id);
	return b.written ? 0 : cli_fail("the output could not be written");
}

int
cli_command_show(struct cli *cli)
{
	int64_t id;
	int status;

	if ((status = cli_id(cli->word[0], &id)) != 0)
		return status;
	if (cli->option[CLI_REPLY] != NULL && cli->option[CLI_FORMAT] != NULL)
		return cli_misuse("--reply writes bytes: it goes without --format");
	if (cli->option[CLI_REPLY] != NULL)
		return cli_report_bytes(cli, CG_REPORT_COMMAND, "reply", "command");
	return cli_report_one(cli, CG_REPORT_COMMAND, cg_str_of(cli->word[0]),
	    "command");
}
