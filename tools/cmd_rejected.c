/* rejected show, rejected retry, rejected drop. */
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

/* Ids, or a clock?  0, or the exit status after a message. */
static int
which(const struct cli *cli)
{
	const char *verb = cli->command->verb;
	int status = 0;
	int64_t id;

	if ((cli->nword > 0) == (cli->option[CLI_SN] != NULL))
		return cli_misuse("type: clockgate rejected %s ID..., or: "
		    "clockgate rejected %s --sn SN", verb, verb);
	for (size_t i = 0; status == 0 && i < cli->nword; i++)
		status = cli_id(cli->word[i], &id);
	return status;
}

static int
unknown_id(const char *word)
{
	return cli_fail("there is no rejected %s; type: clockgate rejected list",
	    word);
}

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

/* Each is done alone: a fault names the one that it stopped at. */
static int
retry_ids(struct cli *cli, struct cg_app *app, struct cg_retried *all)
{
	struct cg_retried count;
	char doing[64];
	enum cg_err e;
	int64_t id;
	int status;

	for (size_t i = 0; i < cli->nword; i++) {
		if ((status = cli_id(cli->word[i], &id)) != 0)
			return status;
		if ((e = cg_retry_one(app, id, &count)) == CG_UNKNOWN)
			return unknown_id(cli->word[i]);
		if (e != CG_OK) {
			snprintf(doing, sizeof(doing), "rejected %s", cli->word[i]);
			return cli_db_fault(cli, doing);
		}
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

	if ((status = which(cli)) != 0 || (status = cli_keys(cli)) != 0)
		return status;
	app_init(cli, &app);
	status = cli->nword > 0 ? retry_ids(cli, &app, &count) :
	    retry_clock(cli, &app, &count);
	cg_charsets_close(&app.charsets);
	/* those before a failure are done */
	if (status == 0 || count.tried > 0)
		printf("%u tried, %u stored, %u still can't be read\n",
		    count.tried, count.stored, count.tried - count.stored);
	return status;
}

/* ---- drop ---- */

static int
drop_ids(struct cli *cli, uint64_t *rows)
{
	enum cg_err e;
	int64_t id;
	int status;

	for (*rows = 0; *rows < cli->nword; (*rows)++) {
		const char *word = cli->word[*rows];

		if ((status = cli_id(word, &id)) != 0)
			return status;
		if ((e = cg_rejected_drop(cli->db, id)) == CG_UNKNOWN)
			return unknown_id(word);
		if (e != CG_OK)
			return cli_db_fault(cli, "drop");
	}
	return 0;
}

/* Nobody has looked at each of them. */
static int
confirm(const struct cli *cli, const char *sn, int64_t n)
{
	if (n == 0 || cli->option[CLI_YES] != NULL)
		return 0;
	if (isatty(STDIN_FILENO) == 0)
		return cli_fail("%lld of %s would be gone for good; to see them, "
		    "type: clockgate rejected list --sn %s; to remove them "
		    "without being asked, type --yes, too", (long long)n, sn, sn);
	fprintf(stderr, "%lld of %s will be gone for good\n", (long long)n, sn);
	return cli_agreed() ? 0 : cli_fail("nothing was removed");
}

/* Of the clock, as many as were there when that was asked. */
static int
drop_clock(struct cli *cli, uint64_t *rows)
{
	struct cg_device device;
	int64_t n, last;
	int status;

	if ((status = cli_device(cli, cli->option[CLI_SN], &device)) != 0)
		return status;
	if (cg_rejected_count(cli->db, device.id, &n, &last) != CG_OK)
		return cli_db_fault(cli, "drop");
	cg_db_rollback(cli->db);		/* nothing is held meanwhile */
	if ((status = confirm(cli, device.sn, n)) != 0)
		return status;
	if (cg_rejected_drop_all(cli->db, device.id, last, rows) != CG_OK)
		return cli_db_fault(cli, "drop");
	return 0;
}

/* All of them, or none. */
int
cli_rejected_drop(struct cli *cli)
{
	uint64_t rows = 0;
	int status;

	if ((status = which(cli)) != 0)
		return status;
	status = cli->nword > 0 ? drop_ids(cli, &rows) : drop_clock(cli, &rows);
	if (status == 0 && cg_db_commit(cli->db) != CG_OK)
		status = cli_db_fault(cli, "drop");
	if (status != 0)
		return status;
	printf("%llu dropped\n", (unsigned long long)rows);
	return 0;
}
