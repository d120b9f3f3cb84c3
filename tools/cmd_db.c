/* clockgate migrate and clockgate check. */
#include "config.h"

#include "cli.h"

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

/* ---- check ---- */

static void
finding_text(void *arg, const struct cg_finding *f)
{
	char text[CG_FINDING_MAX];

	(void)arg;
	cg_finding_text(f, text, sizeof(text));
	fputs(text, stdout);
}

static void
finding_row(void *arg, const struct cg_finding *f)
{
	static const char *const name[] = { "check", "result", "detail", "cure" };
	const struct cg_str row[] = {
		cg_str_of(f->check), cg_str_of(cg_verdict_name(f->verdict)),
		cg_str_of(f->detail), cg_str_of(f->cure)
	};

	out_row(arg, name, row, CG_LEN(row));
}

/* As a table the lines would be too long to read. */
int
cli_check(struct cli *cli)
{
	struct out *out = NULL;
	bool good;

	if (cli->format != CLI_TABLE && (out = out_new(cli->format, stdout)) == NULL)
		return cli_fail("no memory");
	good = cg_check("clockgate", cli->option[CLI_CONFIG], cli->set, cli->nset,
	    out != NULL ? finding_row : finding_text, out);
	if (out != NULL && !out_end(out))
		return cli_fail("the output could not be written");
	return good ? 0 : EXIT_FAULT;
}
