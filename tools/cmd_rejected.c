/* rejected show and rejected retry. */
#include "config.h"

#include "cli.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- show ---- */

int
cli_rejected_show(struct cli *cli)
{
	struct cg_str word = cg_str_of(cli->word[0]);
	int64_t id;
	int status;

	if ((status = cli_id(cli->word[0], &id)) != 0)
		return status;
	if (cli->option[CLI_FORMAT] == NULL && isatty(STDOUT_FILENO) == 0)
		return cli_report_bytes(cli, CG_REPORT_REJECTED_ONE, "line",
		    "rejected");
	return cli_report_one(cli, CG_REPORT_REJECTED_ONE, word, "rejected");
}

/* ---- retry ---- */

static void
app_init(struct cli *cli, struct cg_app *app)
{
	*app = (struct cg_app){
		.name = "clockgate", .conf = cli->conf, .db = cli->db,
		.log = { CG_LOG_STDERR, CG_LOG_ERROR, "clockgate" },
		.now = time(NULL),
	};
	cg_zones_init(&app->zones);
}

static int
retry_fault(struct cli *cli, enum cg_err e, const char *word)
{
	if (e == CG_UNKNOWN)
		return cli_fail("there is no rejected %s; type: clockgate rejected "
		    "list", word);
	return cli_db_fault(cli, "retry");
}

static int
retry_ids(struct cli *cli, struct cg_app *app, struct cg_retried *all)
{
	struct cg_retried count;
	enum cg_err e;
	int64_t id;
	int status;

	for (size_t i = 0; i < cli->nword; i++)
		if ((status = cli_id(cli->word[i], &id)) != 0)
			return status;
	for (size_t i = 0; i < cli->nword; i++) {
		if ((status = cli_id(cli->word[i], &id)) != 0)
			return status;
		if ((e = cg_retry_one(app, id, &count)) != CG_OK)
			return retry_fault(cli, e, cli->word[i]);
		all->tried += count.tried;
		all->stored += count.stored;
	}
	return 0;
}

static int
retry_clock(struct cli *cli, struct cg_app *app, struct cg_retried *all)
{
	struct cg_device device;
	enum cg_err e;
	int status;

	if ((status = cli_device(cli, cli->option[CLI_SN], &device)) != 0)
		return status;
	e = cg_retry(app, cg_str_of(device.sn), all);
	return e == CG_OK ? 0 : cli_db_fault(cli, "retry");
}

int
cli_rejected_retry(struct cli *cli)
{
	struct cg_retried count = { 0, 0 };
	struct cg_app app;
	int status;

	if ((cli->nword > 0) == (cli->option[CLI_SN] != NULL))
		return cli_misuse("type: clockgate rejected retry ID..., or: "
		    "clockgate rejected retry --sn SN");
	if ((status = cli_keys(cli)) != 0)
		return status;
	app_init(cli, &app);
	status = cli->nword > 0 ? retry_ids(cli, &app, &count) :
	    retry_clock(cli, &app, &count);
	cg_charsets_close(&app.charsets);
	if (status != 0)
		return status;
	printf("%u tried, %u stored, %u still can't be read\n", count.tried,
	    count.stored, count.tried - count.stored);
	return 0;
}
