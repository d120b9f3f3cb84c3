/* POST devicecmd: what became of commands. */
#include "config.h"

#include <string.h>

#include "keep.h"

#define RESULTS_LEAST	1000	/* of one body that are looked at; or CommandLimit */

/* Results that no command waits for: late, doubled or foreign. */
struct strays {
	unsigned	 n;
	struct cg_str	 first;		/* its id */
};

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

/*
 * INFO answers with the clock's options (spec VI.4).  They are news when they
 * settled a command, or when somebody else asked for them.
 */
static enum cg_err
keep_options(const struct cg_keeper *k, const struct cg_result *r, bool news)
{
	const struct cg_upload *u = cg_upload_find(cg_lit("options"));
	bool known = false;
	enum cg_err e;

	if (!cg_str_ieq(r->cmd, cg_lit("INFO")) || r->payload.n == 0)
		return CG_OK;
	if (!news && ((e = cg_command_known(k->app->db, r->id, &known)) != CG_OK ||
	    known))
		return e;
	if ((e = cg_keep(k, u, r->payload)) != CG_OK)
		return e;
	return keep_state(k, u, r->payload);
}

/* Once for a body, however many there are in it. */
static void
log_strays(const struct cg_keeper *k, const struct strays *s)
{
	char safe[64];

	if (s->n > 0)
		cg_log(&k->app->log, CG_LOG_WARN,
		    "sn=%s event=result-without-command stray=%u id=%s",
		    k->device->sn, s->n, cg_log_safe(s->first, safe, sizeof(safe)));
}

static enum cg_err
keep_result(const struct cg_keeper *k, const struct cg_result *r,
    struct strays *s)
{
	struct cg_settled settled;
	enum cg_err e;

	/* cdata, where some clocks bring them, may not read commands */
	e = cg_command_settle(k->app->db, cg_str_of(k->device->sn), r,
	    cg_privacy_of(&k->app->conf, k->device),
	    cg_str_eq(k->req->endpoint, cg_lit("devicecmd")) ? k->req->arena :
	    NULL, &settled);
	if (e == CG_UNKNOWN) {
		if (s->n++ == 0)
			s->first = r->id;
		e = cg_keep_event(k, cg_lit("result"), r->raw);
	}
	if (e == CG_OK && settled.given.command != NULL)
		e = cg_keep_given(k, &settled.given);
	return e != CG_OK ? e : keep_options(k, r, settled.now);
}

/*
 * INFO and GET OPTION tell all options, with the keys and passwords among
 * them.  A file, or the output of a program, is kept byte for byte.
 */
static enum cg_err
hide_secrets(struct cg_result *r, struct cg_arena *a)
{
	if (cg_str_ieq(r->cmd, cg_lit("SHELL")) ||
	    cg_str_ieq(r->cmd, cg_lit("GetFile")))
		return CG_OK;
	return cg_items_hide(r->payload, a, &r->payload) &&
	    cg_items_hide(r->raw, a, &r->raw) ? CG_OK : CG_NOMEM;
}

/* More than a clock that was asked by us could have to tell. */
static enum cg_err
keep_rest(const struct cg_keeper *k, struct cg_str rest)
{
	if (cg_str_trim(rest).n == 0)
		return CG_OK;
	if (!cg_items_hide(rest, k->req->arena, &rest))
		return CG_NOMEM;
	k->res->bad++;
	return cg_keep_raw(k, rest, cg_lit("too many results at once: "
	    "these were not looked at"));
}

enum cg_err
cg_results(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_keeper k;
	struct cg_str rest = req->body;
	struct strays strays = { 0 };
	struct cg_result r;
	unsigned results = 0, max;
	enum cg_err e;

	if ((e = cg_keeper_init(&k, app, d, req, res, cg_lit("result"))) != CG_OK)
		return e;
	max = app->conf.commands.limit > RESULTS_LEAST ?
	    app->conf.commands.limit : RESULTS_LEAST;
	while (e == CG_OK && results < max && cg_result_next(&rest, &r)) {
		results++;
		if ((e = hide_secrets(&r, req->arena)) == CG_OK)
			e = keep_result(&k, &r, &strays);
	}
	if (e != CG_OK || (e = keep_rest(&k, rest)) != CG_OK)
		return e;
	log_strays(&k, &strays);
	res->rows = results;
	res->body = cg_lit("OK");
	return CG_OK;
}
