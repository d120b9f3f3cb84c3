/* GET getrequest: here I am; is there something to do? */
#include "config.h"

#include "queue.h"

static enum cg_err
keep_info(struct cg_app *app, const struct cg_device *d, struct cg_str text)
{
	struct cg_info info;
	enum cg_err e;

	if ((e = cg_db_open(app->db)) != CG_OK)
		return e;
	cg_info_parse(text, &info);
	if ((e = cg_device_info(app->db, d->id, &info)) != CG_OK)
		return e;
	return cg_command_told(app->db, cg_str_of(d->sn));	/* notes 2: K40 Pro */
}

enum cg_err
cg_heartbeat(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_str text = cg_query_get(&req->query, "INFO");
	enum cg_err e;

	res->body = cg_lit("OK");	/* an empty body would count as a failure (notes 3.4) */
	if (text.p != NULL && (e = keep_info(app, d, text)) != CG_OK)
		return e;
	return cg_queue_answer(app, d, req->arena, &res->body);
}
