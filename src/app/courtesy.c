/* Everything else that clocks ask for under /iclock/. */
#include "config.h"

#include "keep.h"

/* Notes 4: a 404 or an empty answer here makes firmware call the server dead. */
enum cg_err
cg_courtesy(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_keeper k;
	enum cg_err e;

	if (d == NULL && res->sn.p != NULL)
		return CG_DENIED;
	if (req->body.n > 0 && d != NULL &&
	    ((e = cg_keeper_init(&k, app, d, req, res,
	    cg_query_get(&req->query, "table"))) != CG_OK ||
	    (e = cg_keep_raw(&k, req->body, cg_lit("unknown endpoint"))) != CG_OK))
		return e;
	res->body = cg_lit("OK");
	return CG_OK;
}

/*
 * A file that the web server did not serve (notes 4).  "OK" would become the
 * clock's firmware.
 */
enum cg_err
cg_no_file(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	(void)app;
	(void)d;
	(void)req;
	(void)res;
	return CG_UNKNOWN;
}

/* Access-control clocks (notes 0.3, 4): they would need another server. */
enum cg_err
cg_foreign(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_keeper k;
	enum cg_err e;

	if ((e = cg_keeper_init(&k, app, d, req, res, cg_lit(""))) !=
	    CG_OK || (e = cg_keep_event(&k, req->endpoint, req->body)) != CG_OK)
		return e;
	res->note = "the access-control dialect is not served";
	return CG_DENIED;
}
