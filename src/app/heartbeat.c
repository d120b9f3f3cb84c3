/* GET getrequest: here I am; is there something to do? */
#include "config.h"

#include "admission.h"

enum cg_err
cg_heartbeat(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_str text = cg_query_get(&req->query, "INFO");
	struct cg_info info;
	enum cg_err e;

	res->body = cg_lit("OK");	/* an empty body would count as a failure (notes 3.4) */
	if (text.p == NULL)
		return CG_OK;
	if ((e = cg_db_open(app->db)) != CG_OK)
		return e;
	cg_info_parse(text, &info);
	return cg_device_info(app->db, d->id, &info);
}
