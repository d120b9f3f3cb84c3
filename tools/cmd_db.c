/* clockgate migrate and clockgate check. */
#include "config.h"

#include "cli.h"

#include <string.h>

static void
step_applied(void *arg, unsigned version, const char *name)
{
	unsigned *n = arg;

	printf("applied step %u: %s\n", version, name);
	fflush(stdout);
	++*n;
}

int
cli_migrate(struct cli *cli)
{
	unsigned n = 0, version;
	enum cg_err e;
	int status;

	if ((status = cli_db(cli, true)) != 0)
		return status;
	if ((e = cg_schema_migrate(cli->db, step_applied, &n)) == CG_OK)
		e = cg_schema_version(cli->db, &version);
	if (e == CG_SYS)
		return cli_fail("migrate: %s", cg_db_why(cli->db));
	if (e != CG_OK)
		return cli_db_fault(cli, "migrate");
	printf("the schema is %s: version %u\n",
	    n == 0 ? "up to date" : "now up to date", version);
	return 0;
}

/* ---- check: each row says what is wrong and what cures it ---- */

typedef bool	 check_fn(struct cli *, char detail[CG_MSG_MAX]);

static bool
check_conf(struct cli *cli, char detail[CG_MSG_MAX])
{
	if (cg_conf_load(&cli->conf, cli->option[CLI_CONFIG], cli->set, cli->nset,
	    detail) != CG_OK)
		return false;
	snprintf(detail, CG_MSG_MAX, "%s", cli->conf.file != NULL ?
	    cli->conf.file : "no ini: the defaults");
	return true;
}

static bool
check_db(struct cli *cli, char detail[CG_MSG_MAX])
{
	const struct cg_db_conf *c = &cli->conf.db;

	if (cg_db_new(c, &cli->db) != CG_OK) {
		snprintf(detail, CG_MSG_MAX, "no memory");
		return false;
	}
	if (cg_db_open_any(cli->db) != CG_OK) {
		snprintf(detail, CG_MSG_MAX, "%.300s; %s", cg_db_why(cli->db),
		    cg_db_cure(cli->db));
		return false;
	}
	snprintf(detail, CG_MSG_MAX, "%.80s as %.128s", c->name, c->user);
	return true;
}

static bool
check_schema(struct cli *cli, char detail[CG_MSG_MAX])
{
	unsigned version;

	if (cg_schema_version(cli->db, &version) != CG_OK) {
		snprintf(detail, CG_MSG_MAX, "%.300s", cg_db_why(cli->db));
		return false;
	}
	if (version >= CG_SCHEMA_MIN && version <= CG_SCHEMA_MAX) {
		snprintf(detail, CG_MSG_MAX, "version %u", version);
		return true;
	}
	snprintf(detail, CG_MSG_MAX, "version %u, and the programs need %d to %d; "
	    "%s", version, CG_SCHEMA_MIN, CG_SCHEMA_MAX,
	    version < CG_SCHEMA_MIN ? "type: clockgate migrate" :
	    "install a newer clockgate");
	return false;
}

static bool
check_statements(struct cli *cli, char detail[CG_MSG_MAX])
{
	if (cg_db_open(cli->db) == CG_OK && cg_db_check(cli->db) == CG_OK) {
		snprintf(detail, CG_MSG_MAX, "all can be prepared");
		return true;
	}
	snprintf(detail, CG_MSG_MAX, "%.300s; %s", cg_db_why(cli->db),
	    cg_db_cure(cli->db));
	return false;
}

static const struct {
	const char	*name;
	check_fn	*run;
} checks[] = {
	{ "configuration", check_conf },
	{ "database", check_db },
	{ "schema", check_schema },
	{ "statements", check_statements },
};

/* What comes after a fault needs what was at fault: it is not tried. */
static int
check_rows(struct cli *cli, struct out *out)
{
	static const char *const name[] = { "check", "result", "detail" };
	char detail[CG_MSG_MAX];
	struct cg_str row[3];
	bool ok = true;

	for (size_t i = 0; i < CG_LEN(checks); i++) {
		bool tried = ok;

		snprintf(detail, sizeof(detail), "not tried");
		ok = ok && checks[i].run(cli, detail);
		row[0] = cg_str_of(checks[i].name);
		row[1] = cg_str_of(ok ? "ok" : tried ? "FAILED" : "-");
		row[2] = cg_str_of(detail);
		out_row(out, name, row, CG_LEN(row));
	}
	return ok ? 0 : EXIT_FAULT;
}

int
cli_check(struct cli *cli)
{
	struct out *out = out_new(cli->format, stdout);
	int status;

	if (out == NULL)
		return cli_fail("no memory");
	status = check_rows(cli, out);
	if (!out_end(out))
		return cli_fail("the output could not be written");
	return status;
}
