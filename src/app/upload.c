/* POST cdata and fdata: everything that a clock records. */
#include "config.h"

#include "keep.h"

/* The stamp is stored with the rows that it stands for, never earlier. */
static enum cg_err
keep_stamp(const struct cg_keeper *k, const struct cg_upload *u)
{
	const struct cg_known *known = cg_roster_find(k->app->roster,
	    cg_str_of(k->device->sn));
	struct cg_str stamp = cg_stamp_of(&k->req->query);
	uint64_t mark = cg_stamp_mark(u->table, stamp);

	if (stamp.p == NULL || u->form == CG_FORM_RAW ||
	    (known != NULL && cg_stamp_fresh(known, mark, k->app->now)))
		return CG_OK;
	k->res->stamp = mark;
	return cg_stamp_put(k->app->db, k->device->id, u->table, stamp);
}

/* Notes 3.3: a count that leaves lines out, or is 0, makes clocks send again. */
static enum cg_err
acknowledge(const struct cg_keeper *k, const struct cg_upload *u)
{
	struct cg_str name = cg_query_get(&k->req->query, "tablename");
	struct cg_str count = cg_query_get(&k->req->query, "count");
	unsigned rows = k->res->rows > 0 ? k->res->rows : 1;
	struct cg_buf out;
	uint32_t said;

	cg_buf_init(&out, k->req->arena, 64 + CG_SERIAL_MAX);
	switch (u->ack) {
	case CG_ACK_PLAIN:
		cg_buf_putz(&out, "OK");
		break;
	case CG_ACK_COUNT:
		cg_buf_putz(&out, "OK: ");
		cg_buf_putu(&out, rows);
		break;
	case CG_ACK_TABLE:
		if (cg_str_u32(count, UINT32_MAX, &said) == CG_OK)
			rows = said;
		cg_buf_put(&out, cg_serial_ok(name) ? name : cg_lit("table"));
		cg_buf_putf(&out, "=%u", rows);
		break;
	}
	k->res->body = cg_buf_str(&out);
	return out.full ? CG_NOMEM : CG_OK;
}

static enum cg_err
store(struct cg_app *app, const struct cg_device *d, const struct cg_req *req,
    struct cg_res *res, const struct cg_upload *u)
{
	struct cg_str named = cg_query_get(&req->query, "table");
	struct cg_keeper k;
	enum cg_err e;

	if ((e = cg_keeper_init(&k, app, d, req, res,
	    named.p != NULL ? named : u->table)) != CG_OK ||
	    (e = cg_keep(&k, u, req->body)) != CG_OK ||
	    (e = cg_answer_keep(app->db)) != CG_OK ||
	    (e = keep_stamp(&k, u)) != CG_OK)
		return e;
	return acknowledge(&k, u);
}

enum cg_err
cg_upload(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_str table = cg_query_get(&req->query, "table");
	const struct cg_upload *u;

	u = table.n > 0 ? cg_upload_find(table) : cg_upload_classify(req->body);
	if (u == NULL)
		return cg_results(app, d, req, res);
	return store(app, d, req, res, u);
}

enum cg_err
cg_photo(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	return store(app, d, req, res, cg_upload_find(cg_lit("ATTPHOTO")));
}
