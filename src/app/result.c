/* POST devicecmd: what became of commands. */
#include "config.h"

#include <string.h>

#include "keep.h"

/* What an option tells that a heartbeat tells, too. */
static const struct {
	const char	*name;
	size_t		 offset;	/* into struct cg_info */
	bool		 number;
} told[] = {
	{ "FWVersion", offsetof(struct cg_info, firmware), false },
	{ "IPAddress", offsetof(struct cg_info, ip), false },
	{ "ZKFPVersion", offsetof(struct cg_info, fingerprint_version), false },
	{ "FaceVersion", offsetof(struct cg_info, face_version), false },
	{ "UserCount", offsetof(struct cg_info, user_count), true },
	{ "FPCount", offsetof(struct cg_info, fingerprint_count), true },
	{ "TransactionCount", offsetof(struct cg_info, punch_count), true },
	{ "FaceCount", offsetof(struct cg_info, face_count), true },
};

static void
tell(struct cg_info *info, const struct cg_device_option *o)
{
	int32_t number;
	size_t i;

	for (i = 0; i < CG_LEN(told); i++) {
		if (!cg_str_ieq(o->name, cg_str_of(told[i].name)))
			continue;
		if (!told[i].number)
			memcpy((char *)info + told[i].offset, &o->value,
			    sizeof(o->value));
		else if (cg_str_i32(cg_str_trim(o->value), -1, INT32_MAX,
		    &number) == CG_OK)
			memcpy((char *)info + told[i].offset, &number,
			    sizeof(number));
	}
}

/* The counts and the firmware among the options. */
static enum cg_err
keep_state(const struct cg_keeper *k, const struct cg_upload *u,
    struct cg_str options)
{
	struct cg_info info;
	struct cg_record rec;
	struct cg_str piece;
	struct cg_why why;

	cg_info_parse((struct cg_str){ NULL, 0 }, &info);
	while (cg_upload_cut(u, &options, &piece))
		if (cg_upload_parse(u, piece, &k->req->query, k->req->arena,
		    &rec, &why) == CG_OK && rec.kind == CG_REC_OPTION)
			tell(&info, &rec.u.option);
	return cg_device_info(k->app->db, k->device->id, &info);
}

/* INFO answers with the clock's options (spec VI.4). */
static enum cg_err
keep_options(const struct cg_keeper *k, const struct cg_result *r)
{
	const struct cg_upload *u = cg_upload_find(cg_lit("options"));
	enum cg_err e;

	if (!cg_str_ieq(r->cmd, cg_lit("INFO")) || r->payload.n == 0)
		return CG_OK;
	if ((e = cg_keep(k, u, r->payload)) != CG_OK)
		return e;
	return keep_state(k, u, r->payload);
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
