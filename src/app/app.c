#include "config.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "admission.h"
#include "bucket.h"
#include "check.h"
#include "work.h"

_Static_assert(CG_GATHER_MAX <= CG_ACTIVE_MAX, "a batch is asked for at once");

#define ATTEMPTS	4	/* of a transaction, when it may be repeated */

/* One request on its way through a batch. */
struct job {
	const struct cg_req	*req;
	struct cg_res		*res;
	const struct cg_route	*route;
	struct cg_known		*clock;		/* NULL: none, or none needed */
};

/* No reason to lose punches: it is told, and the clocks are served. */
static void
warn_of_files(struct cg_app *app)
{
	struct cg_finding f;

	if (cg_check_files(&app->conf, &f) == CG_CHECK_WRONG)
		cg_log(&app->log, CG_LOG_WARN, "event=files err=\"%s\" cure=\"%s\"",
		    f.detail, f.cure);
}

enum cg_err
cg_app_open(struct cg_app *app, const char *config, char msg[CG_MSG_MAX])
{
	enum cg_err e;

	if ((e = cg_conf_load(&app->conf, app->name, config, NULL, 0, msg)) != CG_OK) {
		cg_conf_free(&app->conf);
		return e;
	}
	app->log = (struct cg_log){
		.sink = (enum cg_log_sink)app->conf.log_sink,
		.level = (enum cg_log_level)app->conf.log_level,
		.ident = app->name,
	};
	if (app->log.sink == CG_LOG_SYSLOG)
		openlog("clockgate", LOG_PID, LOG_DAEMON);
	cg_zones_init(&app->zones);
	if ((e = cg_keys_open(&app->conf, &app->keys, msg)) != CG_OK) {
		cg_app_close(app);
		return e;
	}
	msg[0] = '\0';
	if ((e = sodium_init() < 0 ? CG_SYS : CG_OK) != CG_OK ||
	    (e = cg_roster_new(&app->roster)) != CG_OK ||
	    (e = cg_paces_new(app)) != CG_OK ||
	    (e = cg_db_new(&app->conf.db, &app->db)) != CG_OK) {
		snprintf(msg, CG_MSG_MAX, "%s", cg_err_text(e));
		cg_app_close(app);
	} else {
		warn_of_files(app);
	}
	return e;
}

void
cg_app_close(struct cg_app *app)
{
	if (app->roster != NULL && app->db != NULL &&
	    cg_presence_write(app) != CG_OK)
		cg_log(&app->log, CG_LOG_WARN, "event=presence-lost err=\"%s\"",
		    cg_db_why(app->db));
	cg_db_free(app->db);
	cg_roster_free(app->roster);
	cg_buckets_free(app->serials);
	cg_buckets_free(app->addresses);
	cg_work_free(app->work);
	cg_charsets_close(&app->charsets);
	cg_keys_close(app->keys);
	cg_conf_free(&app->conf);
	app->keys = NULL;
	app->db = NULL;
	app->roster = NULL;
	app->work = NULL;
	app->serials = app->addresses = NULL;
}

/* ---- routing ---- */

static bool
fits(const struct cg_app *app, const struct cg_route *r, const struct cg_req *req)
{
	struct cg_str value;

	if (r->endpoint != NULL && !cg_str_eq(req->endpoint, cg_str_of(r->endpoint)))
		return false;
	if (r->key == NULL)
		return true;
	value = cg_query_get(&req->query, r->key);
	if (r->need == CG_NEED_TOKEN)
		return cg_check_allowed(&app->conf, value);
	return value.p != NULL &&
	    (r->value == NULL || cg_str_ieq(value, cg_str_of(r->value)));
}

static enum cg_err
find_route(const struct cg_app *app, const struct cg_req *req,
    const struct cg_route **out)
{
	const struct cg_route *r;
	enum cg_err e = CG_UNKNOWN;
	bool known = false;	/* then it is not "whatever else" */

	for (r = app->route; r < app->route + app->nroute; r++) {
		if (!fits(app, r, req) || (known && r->endpoint == NULL))
			continue;
		if (r->method == NULL ||
		    cg_str_eq(req->method, cg_str_of(r->method))) {
			*out = r;
			return CG_OK;
		}
		e = CG_METHOD;
		known = known || r->endpoint != NULL;
	}
	return e;
}

/* ---- one request ---- */

/* After these nothing of the request may stay in the database. */
static const bool undoes[CG_ERR__MAX] = {
	[CG_NOMEM] = true,
	[CG_LIMIT] = true,
	[CG_BUSY] = true,
	[CG_DATA] = true,
	[CG_DB] = true,
	[CG_SYS] = true,
};

/* Where the request goes and who sends it. */
static enum cg_err
prepare(struct cg_app *app, struct job *j)
{
	enum cg_err e;

	if (j->req->fault != CG_OK)
		return j->req->fault;
	if ((e = find_route(app, j->req, &j->route)) != CG_OK ||
	    j->route->need == CG_NEED_TOKEN ||
	    (e = cg_roster_refresh(app)) != CG_OK)
		return e;
	if (j->route->need == CG_NEED_ADMITTED)
		return cg_admit(app, j->req, &j->clock, &j->res->note);
	return cg_recognise(app, j->req, &j->clock, &j->res->note);
}

static enum cg_err
stage(struct cg_app *app, struct job *j)
{
	const struct cg_device *d = j->clock != NULL ? &j->clock->device : NULL;
	enum cg_err e;

	*j->res = (struct cg_res){ .sn = j->res->sn };
	e = j->route->run(app, d, j->req, j->res);
	if (!undoes[e] && j->clock != NULL)
		cg_roster_seen(app->roster, j->clock, app->now, j->req->ip);
	return e;
}

/* For the log; the text of the database lasts only until its next call. */
static const char *
reason(const struct cg_app *app, const struct cg_req *req, enum cg_err e)
{
	const char *copy = NULL;

	if (e == CG_BUSY || e == CG_DB || e == CG_SYS)
		copy = cg_arena_dup(req->arena, cg_str_of(cg_db_why(app->db)));
	return copy != NULL ? copy : cg_err_text(e);
}

static enum cg_err
commit(struct cg_app *app)
{
	enum cg_err e = cg_db_commit(app->db);

	if (e == CG_OK && cg_db_refused(app->db) > 0)
		cg_log(&app->log, CG_LOG_WARN, "event=rows-set-aside rows=%u",
		    cg_db_refused(app->db));
	return e;
}

/* This batch has been tried for as long as one answer of the database may take. */
static bool
late(const struct cg_app *app)
{
	return (int64_t)time(NULL) > app->now + app->conf.db.read_timeout;
}

/*
 * One step of one request in a transaction of its own.  One that only reads
 * stays open until something is committed or the batch ends.
 */
static enum cg_err
transact(struct cg_app *app, struct job *j,
    enum cg_err (*step)(struct cg_app *, struct job *))
{
	struct cg_mark mark = cg_arena_mark(j->req->arena);
	enum cg_err e = CG_BUSY, done;
	int attempt;

	for (attempt = 0; attempt < ATTEMPTS && e == CG_BUSY &&
	    (attempt < 2 || !late(app)); attempt++) {
		e = step(app, j);
		if (!undoes[e]) {
			if (!cg_db_wrote(app->db) ||
			    (done = commit(app)) == CG_OK)
				return e;
			e = done;
		}
		if (e == CG_BUSY)
			cg_log(&app->log, CG_LOG_INFO, "event=undone err=\"%s\"",
			    cg_db_why(app->db));
		cg_db_rollback(app->db);
		cg_arena_back(j->req->arena, mark);
		cg_roster_stale(app->roster, j->res->sn);	/* it may be undone */
	}
	j->res->note = reason(app, j->req, e);
	return e;
}

/* One table that hangs must not hold all requests of a batch one by one. */
static enum cg_err
transact_in_time(struct cg_app *app, struct job *j,
    enum cg_err (*step)(struct cg_app *, struct job *), bool *busy)
{
	enum cg_err e;

	if (*busy && late(app)) {
		j->res->note = "the database hangs";
		return CG_BUSY;
	}
	e = transact(app, j, step);
	*busy = *busy || e == CG_BUSY;
	return e;
}

/* All in one transaction; false when that failed and nothing of it stayed. */
static bool
run_together(struct cg_app *app, struct job *jobs, size_t n)
{
	struct cg_mark mark = cg_arena_mark(jobs[0].req->arena);
	enum cg_err e = CG_OK;
	size_t i;

	for (i = 0; i < n && !undoes[e]; i++)
		e = jobs[i].res->err = stage(app, &jobs[i]);
	if (!undoes[e] && (e = commit(app)) == CG_OK)
		return true;
	cg_log(&app->log, CG_LOG_INFO, "event=batch-split requests=%zu err=\"%s\"",
	    n, reason(app, jobs[0].req, e));
	cg_db_rollback(app->db);
	cg_arena_back(jobs[0].req->arena, mark);
	return false;
}

/* Twice: the connection may have been lost since it was used last. */
static enum cg_err
ask_active(struct cg_app *app, const uint32_t *id, bool *active, size_t n)
{
	enum cg_err e = CG_BUSY;
	int attempt;

	for (attempt = 0; e == CG_BUSY &&
	    (attempt == 0 || (attempt == 1 && !late(app))); attempt++) {
		if ((e = cg_db_open(app->db)) == CG_OK)
			e = cg_device_active(app->db, id, active, n);
		if (e != CG_OK)
			cg_db_rollback(app->db);
	}
	return e;
}

/*
 * The clocks that bring data, as the database has them at this moment: what
 * this process remembers may be a second old, and nothing must be stored for a
 * clock that was disabled or deleted.  Those are prepared once more; when the
 * database does not say, none is served.
 */
static size_t
confirm(struct cg_app *app, struct job *jobs, size_t n, bool *busy)
{
	uint32_t id[CG_GATHER_MAX];
	struct job *at[CG_GATHER_MAX];
	bool active[CG_GATHER_MAX];
	size_t i, asked = 0, kept = 0;
	enum cg_err e;

	for (i = 0; i < n; i++)
		if (jobs[i].clock != NULL && jobs[i].req->body.n > 0) {
			at[asked] = &jobs[i];
			id[asked++] = jobs[i].clock->device.id;
		}
	if (asked == 0)
		return n;
	e = ask_active(app, id, active, asked);
	*busy = *busy || e == CG_BUSY;
	for (i = 0; i < asked; i++)
		if (e != CG_OK) {
			at[i]->res->err = e;
			at[i]->res->note = reason(app, at[i]->req, e);
		} else if (!active[i]) {
			cg_roster_stale(app->roster, at[i]->res->sn);
			at[i]->res->err = transact_in_time(app, at[i], prepare, busy);
		}
	for (i = 0; i < n; i++)
		if (jobs[i].res->err == CG_OK)
			jobs[kept++] = jobs[i];
	return kept;
}

/*
 * The second turns at another moment for each process, or they all would want
 * the rows of the same clocks at once, and wait for each other.
 */
static void
set_clock(struct cg_app *app, int64_t now)
{
	struct timespec t;

	app->now = now;
	clock_gettime(CLOCK_REALTIME, &t);
	app->turn = (t.tv_sec * 1000 + t.tv_nsec / 1000000 +
	    getpid() * 618LL % 1000) / 1000;
}

/*
 * Once a second, in one transaction: which clocks were changed, which have
 * work, and who was here.  What fails is tried again by who needs it.
 */
static void
tick(struct cg_app *app)
{
	enum cg_err e;

	if (app->turn == app->ticked)
		return;
	app->ticked = app->turn;
	if ((e = cg_roster_refresh(app)) == CG_OK &&
	    (e = cg_work_renew(app)) == CG_OK)
		e = cg_presence_write(app);
	if (e != CG_OK && cg_roster_ndirty(app->roster) > 0)
		cg_log(&app->log, CG_LOG_WARN, "event=presence-late err=\"%s\"",
		    cg_db_why(app->db));
	cg_db_rollback(app->db);
}

static void
tell_host(struct cg_app *app)
{
	const char *host = cg_db_moved(app->db);

	if (host != NULL)
		cg_log(&app->log, CG_LOG_WARN, "event=database-host host=\"%s\"",
		    host);
}

/* Somebody may have changed the key file since the batch before. */
static void
use_keys(struct cg_app *app)
{
	char msg[CG_MSG_MAX];

	if (cg_keys_use(app->keys, app->db, msg) != CG_OK)
		cg_log(&app->log, CG_LOG_ERROR, "event=keys-not-read err=\"%s\"",
		    msg);
}

/* What this process need not write again is known only now. */
static void
note_stamps(const struct cg_app *app, const struct job *jobs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (jobs[i].clock != NULL && jobs[i].res->stamp != 0 &&
		    !undoes[jobs[i].res->err]) {
			jobs[i].clock->stamp = jobs[i].res->stamp;
			jobs[i].clock->stamped = app->now;
		}
}

void
cg_app_run(struct cg_app *app, const struct cg_req *req, struct cg_res *res,
    size_t n, int64_t now)
{
	struct job jobs[CG_GATHER_MAX];
	size_t i, admitted = 0;
	bool busy = false;

	use_keys(app);
	set_clock(app, now);
	tick(app);
	for (i = 0; i < n; i++) {
		/* a clock that is added stays added, whatever becomes of its request */
		struct job *j = &jobs[admitted];

		*j = (struct job){ .req = &req[i], .res = &res[i] };
		res[i] = (struct cg_res){ .sn = cg_serial_of(&req[i]) };
		res[i].err = cg_screen(app, &req[i], &res[i]);
		if (res[i].err == CG_OK)
			res[i].err = transact_in_time(app, j, prepare, &busy);
		if (res[i].err == CG_OK)
			admitted++;
	}
	admitted = confirm(app, jobs, admitted, &busy);
	if (admitted <= 1 || !run_together(app, jobs, admitted))
		for (i = 0; i < admitted; i++)
			jobs[i].res->err = transact_in_time(app, &jobs[i], stage,
			    &busy);
	cg_db_rollback(app->db);	/* ends what only read */
	note_stamps(app, jobs, admitted);
	tell_host(app);
}

int
cg_app_idle(struct cg_app *app, int64_t now)
{
	if (cg_roster_ndirty(app->roster) == 0)
		return -1;
	set_clock(app, now);
	tick(app);
	return cg_roster_ndirty(app->roster) > 0 ? 1000 : -1;
}
