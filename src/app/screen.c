/*
 * The door: who comes from elsewhere, or too often, is sent away before
 * anything is asked of the database.
 */
#include "config.h"

#include <string.h>

#include "admission.h"
#include "bucket.h"

#define V6_SITE		8	/* bytes: a site has at least the /64 behind them */

enum cg_err
cg_paces_new(struct cg_app *app)
{
	const struct cg_pace *serial = &app->conf.serial_pace;
	const struct cg_pace *address = &app->conf.address_pace;
	enum cg_err e;

	if ((e = cg_buckets_new(serial->rate, serial->burst, &app->serials)) !=
	    CG_OK)
		return e;
	return cg_buckets_new(address->rate, address->burst, &app->addresses);
}

/* One line a second: the flood must not go on in the log. */
static void
tell(struct cg_app *app, const struct cg_req *req, struct cg_str sn)
{
	struct cg_refusals *r = &app->refusals;
	char name[80], ip[80];

	r->n++;
	if (r->told == app->now)
		return;
	cg_log(&app->log, CG_LOG_WARN, "sn=%s ip=%s event=too-many-requests "
	    "refused=%u", cg_log_safe(sn, name, sizeof(name)),
	    cg_log_safe(req->ip, ip, sizeof(ip)), r->n);
	*r = (struct cg_refusals){ .told = app->now };
}

/*
 * A serial counts with the address that names it, or anybody could keep a
 * clock out by its serial.  What one clock has too much does not count for its
 * address, which may be that of many others.
 */
static bool
may_come(struct cg_app *app, const struct cg_req *req, struct cg_str sn)
{
	char key[sizeof(req->from.byte) + CG_SERIAL_MAX];
	size_t n = cg_address_is_v4(&req->from) ? sizeof(req->from.byte) : V6_SITE;

	memcpy(key, req->from.byte, n);
	if (cg_serial_ok(sn)) {
		memcpy(key + n, sn.p, sn.n);
		if (!cg_buckets_take(app->serials,
		    (struct cg_str){ key, n + sn.n }, app->now))
			return false;
	}
	return cg_buckets_take(app->addresses, (struct cg_str){ key, n }, app->now);
}

enum cg_err
cg_screen(struct cg_app *app, const struct cg_req *req, struct cg_res *res)
{
	const struct cg_networks *nets = &app->conf.networks;

	if (!may_come(app, req, res->sn)) {
		tell(app, req, res->sn);
		return CG_FLOOD;
	}
	if (nets->n > 0 && !cg_networks_hold(nets->net, nets->n, &req->from)) {
		res->note = CG_NOTE_NETWORK;
		return CG_DENIED;
	}
	return CG_OK;
}
