/* The lists: device list, punch list, rejected list. */
#include "config.h"

#include "cli.h"

#include <string.h>

#define LIMIT		"100"
#define LIMIT_MAX	1000000

static int
report(struct cli *cli, enum cg_report which, const struct cg_str *param,
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

/* What an option was given, or what holds without it. */
static struct cg_str
given(const struct cli *cli, enum cli_option o, const char *otherwise)
{
	return cg_str_of(cli->option[o] != NULL ? cli->option[o] : otherwise);
}

static int
limit_check(const struct cli *cli)
{
	uint32_t n;

	if (cg_str_u32(given(cli, CLI_LIMIT, LIMIT), LIMIT_MAX, &n) == CG_OK &&
	    n > 0)
		return 0;
	return cli_misuse("--limit %s: type a number, 1 to %d",
	    cli->option[CLI_LIMIT], LIMIT_MAX);
}

static int
status_check(const struct cli *cli)
{
	static const char *const name[] = { "pending", "active", "disabled" };
	const char *status = cli->option[CLI_STATUS], *near;

	if (status == NULL)
		return 0;
	for (size_t i = 0; i < CG_LEN(name); i++)
		if (strcmp(status, name[i]) == 0)
			return 0;
	near = cg_nearest(status, name, CG_LEN(name));
	return cli_misuse("--status %s: type pending, active or disabled%s%s%s",
	    status, near != NULL ? "; did you mean \"" : "",
	    near != NULL ? near : "", near != NULL ? "\"?" : "");
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
	struct cg_str param[] = { given(cli, CLI_STATUS, "") };
	int status;

	if ((status = status_check(cli)) != 0)
		return status;
	return report(cli, CG_REPORT_DEVICES, param, CG_LEN(param));
}

int
cli_punch_list(struct cli *cli)
{
	int status;

	if ((status = limit_check(cli)) != 0 ||
	    (status = time_check(cli, CLI_FROM)) != 0 ||
	    (status = time_check(cli, CLI_TO)) != 0)
		return status;
	return report(cli, CG_REPORT_PUNCHES, (struct cg_str[]){
	    given(cli, CLI_SN, ""), given(cli, CLI_PIN, ""),
	    given(cli, CLI_FROM, ""), given(cli, CLI_TO, ""),
	    given(cli, CLI_LIMIT, LIMIT) }, 5);
}

int
cli_rejected_list(struct cli *cli)
{
	int status;

	if ((status = limit_check(cli)) != 0)
		return status;
	return report(cli, CG_REPORT_REJECTED, (struct cg_str[]){
	    given(cli, CLI_SN, ""), given(cli, CLI_LIMIT, LIMIT) }, 2);
}
