/* GET cdata: the handshake and the time. */
#include "config.h"

#include "admission.h"

/* Settings of one clock may have been written by hand: bad ones don't count. */
static void
keep_good(struct cg_app *app, const struct cg_device *d,
    struct cg_str option[CG_OPTION_COUNT])
{
	char why[CG_WHY_MAX];
	size_t i;

	for (i = 0; i < CG_OPTION_COUNT; i++) {
		if (option[i].p == NULL)
			continue;
		if (cg_option_check(&cg_options[i], option[i], why) == CG_OK)
			continue;
		cg_log(&app->log, CG_LOG_WARN, "sn=%s setting=%s err=\"%s\"",
		    d->sn, cg_options[i].name, why);
		option[i] = (struct cg_str){ NULL, 0 };
	}
}

static enum cg_err
load_options(struct cg_app *app, const struct cg_device *d,
    struct cg_arena *arena, struct cg_hello *hello)
{
	enum cg_err e;
	size_t i;

	if ((e = cg_settings_load(app->db, d->id, arena, hello->option)) != CG_OK ||
	    (e = cg_stamps_load(app->db, d->id, arena, &hello->stamp,
	    &hello->nstamp)) != CG_OK ||
	    (e = cg_stamps_told(app->db, d, hello->stamp, hello->nstamp)) != CG_OK)
		return e;
	keep_good(app, d, hello->option);
	for (i = 0; i < CG_OPTION_COUNT; i++)
		if (hello->option[i].p == NULL)
			hello->option[i] = app->conf.option[i];
	return CG_OK;
}

enum cg_err
cg_handshake(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_hello hello = {
		.sn = cg_str_of(d->sn),
		.pushver = cg_query_get(&req->query, "pushver"),
		.device_type = cg_query_get(&req->query, "DeviceType"),
		.utc_offset = cg_zone_offset(&app->zones, cg_zone_of(app, d), app->now),
		.impersonal = cg_privacy_of(&app->conf, d) == CG_PRIVACY_NONE,
	};
	struct cg_buf out;
	enum cg_err e;

	if ((e = cg_db_open(app->db)) != CG_OK ||
	    (e = cg_announce(app, d, req)) != CG_OK ||
	    (e = cg_command_hello(app->db, hello.sn)) != CG_OK ||
	    (e = load_options(app, d, req->arena, &hello)) != CG_OK)
		return e;
	cg_buf_init(&out, req->arena, CG_BLOCK_MAX);
	cg_block_write(&hello, &out);
	res->body = cg_buf_str(&out);
	return out.full ? CG_NOMEM : CG_OK;
}

enum cg_err
cg_time_sync(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	int32_t offset = cg_zone_offset(&app->zones, cg_zone_of(app, d), app->now);
	struct cg_time local;
	struct cg_buf out;

	cg_time_from_seconds(app->now + offset, &local);
	cg_buf_init(&out, req->arena, 64);
	cg_time_write(&out, &local, offset);
	res->body = cg_buf_str(&out);
	return out.full ? CG_NOMEM : CG_OK;
}
