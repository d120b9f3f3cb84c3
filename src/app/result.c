/* POST devicecmd: what became of commands. */
#include "config.h"

#include "keep.h"

/* INFO answers with the clock's options (spec VI.4). */
static enum cg_err
keep_options(const struct cg_keeper *k, const struct cg_result *r)
{
	if (!cg_str_ieq(r->cmd, cg_lit("INFO")) || r->payload.n == 0)
		return CG_OK;
	return cg_keep(k, cg_upload_find(cg_lit("options")), r->payload);
}

/* Late, doubled or foreign: no command waits for it. */
static enum cg_err
keep_stray(const struct cg_keeper *k, const struct cg_result *r)
{
	char safe[64];

	cg_log(&k->app->log, CG_LOG_WARN,
	    "sn=%s event=result-without-command id=%s", k->device->sn,
	    cg_log_safe(r->id, safe, sizeof(safe)));
	return cg_keep_event(k, cg_lit("result"), r->raw);
}

static enum cg_err
keep_result(const struct cg_keeper *k, const struct cg_result *r)
{
	enum cg_err e;

	e = cg_command_settle(k->app->db, cg_str_of(k->device->sn), r);
	if (e == CG_UNKNOWN)
		e = keep_stray(k, r);
	return e != CG_OK ? e : keep_options(k, r);
}

enum cg_err
cg_results(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_keeper k;
	struct cg_str rest = req->body;
	struct cg_result r;
	unsigned results = 0;
	enum cg_err e;

	if ((e = cg_keeper_init(&k, app, d, req, res, cg_lit("result"))) != CG_OK)
		return e;
	while (cg_result_next(&rest, &r)) {
		results++;
		if ((e = keep_result(&k, &r)) != CG_OK)
			return e;
	}
	res->rows = results;
	res->body = cg_lit("OK");
	return CG_OK;
}
