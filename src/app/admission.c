#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "admission.h"
#include "comm_key.h"

/* Seconds after which a clock is read anew, though nobody seems to have changed it. */
#define RENEWAL		600	/* it may have been deleted by hand */
#define PENDING_RENEWAL	60	/* between two writes about a waiting clock */
#define OVERLAP		10	/* a change may be committed later than it is dated */

const char *
cg_zone_of(const struct cg_app *app, const struct cg_device *d)
{
	return d->zone[0] != '\0' ? d->zone : app->conf.zone;
}

const char *
cg_charset_of(const struct cg_app *app, const struct cg_device *d)
{
	return d->charset[0] != '\0' ? d->charset : app->conf.charset;
}

enum cg_privacy
cg_privacy_of(const struct cg_conf *conf, const struct cg_device *d)
{
	return d->privacy < CG_PRIVACY__MAX ? d->privacy :
	    (enum cg_privacy)conf->privacy;
}

enum cg_err
cg_announce(struct cg_app *app, const struct cg_device *d, const struct cg_req *req)
{
	unsigned char hash[CG_COMM_KEY_HASH];
	struct cg_str key = cg_comm_key_shown(&req->query);
	struct cg_announcement said = {
		.push_version = cg_query_get(&req->query, "pushver"),
		.device_type = cg_query_get(&req->query, "DeviceType"),
		.language = cg_query_get(&req->query, "language"),
		.options_flag = cg_query_get(&req->query, "PushOptionsFlag"),
		.time_zone = cg_str_of(cg_zone_of(app, d)),
	};

	if (key.n > 0) {
		cg_comm_key_hash(d->sn, key, hash);
		said.key_hash = hash;
	}
	return cg_device_announce(app->db, d->id, &said);
}

/* A setting may have been written by hand: what we can't use does not count. */
static void
drop_bad_settings(struct cg_app *app, struct cg_device *d)
{
	char why[CG_WHY_MAX], safe[CG_ZONE_MAX * 4];

	if (d->zone[0] != '\0' && cg_zone_check(d->zone, why) != CG_OK) {
		cg_log(&app->log, CG_LOG_WARN, "sn=%s setting=zone value=%s "
		    "err=\"unknown zone, taking the one of the ini\"", d->sn,
		    cg_log_safe(cg_str_of(d->zone), safe, sizeof(safe)));
		d->zone[0] = '\0';
	}
	if (d->charset[0] != '\0' && cg_charset_check(d->charset, why) != CG_OK) {
		cg_log(&app->log, CG_LOG_WARN, "sn=%s setting=charset value=%s "
		    "err=\"unknown charset, taking the one of the ini\"", d->sn,
		    cg_log_safe(cg_str_of(d->charset), safe, sizeof(safe)));
		d->charset[0] = '\0';
	}
}

/*
 * May we go by what we know of this clock?  Not at a handshake, which takes
 * all settings anew, and not to refuse it.
 */
static bool
fresh(const struct cg_app *app, const struct cg_known *k, const struct cg_req *req)
{
	return k != NULL && k->device.status == CG_DEVICE_ACTIVE &&
	    cg_address_eq(&k->from, &req->from) &&
	    cg_query_get(&req->query, "options").p == NULL &&
	    k->loaded != INT64_MIN && app->now >= k->loaded &&
	    app->now < k->loaded + RENEWAL;
}

/* A list that can't be read lets nobody in. */
static bool
inside(struct cg_app *app, const struct cg_device *d, const struct cg_req *req)
{
	struct cg_network net[CG_DEVICE_NETWORKS];
	char why[CG_WHY_MAX];
	size_t n;

	if (cg_networks_parse(cg_str_of(d->networks), net, CG_LEN(net), &n, why) ==
	    CG_OK)
		return n == 0 || cg_networks_hold(net, n, &req->from);
	cg_log(&app->log, CG_LOG_WARN, "sn=%s setting=networks err=\"it can't be "
	    "read, so nobody is let in\"", d->sn);
	return false;
}

/* The key that it shows becomes its key when it is approved, and counts from here. */
static enum cg_err
announce_pending(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req)
{
	enum cg_err e = cg_announce(app, d, req);

	if (e == CG_OK && cg_comm_key_shown(&req->query).n > 0)
		e = cg_comm_key_remember(app->db, d->id, req->from.byte);
	return e;
}

/* A serial that nobody knows, with what its clock says about itself. */
static enum cg_err
add(struct cg_app *app, struct cg_str sn, const struct cg_req *req,
    struct cg_device *d)
{
	bool open = app->conf.admission == CG_ADMIT_OPEN;
	enum cg_err e;

	/* who makes up serials must not keep the database busy with them */
	if (!open && app->crowded == app->now)
		return CG_DENIED;
	if ((e = cg_device_add(app->db, sn,
	    open ? CG_DEVICE_ACTIVE : CG_DEVICE_PENDING, app->conf.pending_max,
	    d)) != CG_OK) {
		if (e == CG_DENIED)
			app->crowded = app->now;
		return e;
	}
	cg_log(&app->log, CG_LOG_WARN, "sn=%s event=new-clock status=%s", d->sn,
	    d->status == CG_DEVICE_ACTIVE ? "active" : "pending");
	return open ? cg_announce(app, d, req) : announce_pending(app, d, req);
}

/* From the database, or new in it. */
static enum cg_err
load(struct cg_app *app, struct cg_str sn, const struct cg_req *req,
    struct cg_known **out)
{
	struct cg_device d;
	enum cg_err e;

	if ((e = cg_db_open(app->db)) != CG_OK)
		return e;
	e = cg_device_find(app->db, sn, &d);
	if (e == CG_UNKNOWN)
		e = add(app, sn, req, &d);
	if (e != CG_OK)
		return e;
	drop_bad_settings(app, &d);
	if ((*out = cg_roster_put(app->roster, &d, app->now)) == NULL)
		return CG_NOMEM;
	(*out)->from = req->from;
	return CG_OK;
}

/*
 * What a waiting clock says is written down once a minute, whichever program
 * it says it to; its first handshake at once.
 */
static enum cg_err
note_pending(struct cg_app *app, struct cg_known *k, const struct cg_req *req)
{
	bool hello = cg_query_get(&req->query, "options").p != NULL;
	enum cg_err e;

	if ((k->seen != 0 && app->now >= k->seen &&
	    app->now < k->seen + PENDING_RENEWAL) ||
	    (k->device.unseen < PENDING_RENEWAL &&
	    (!hello || k->device.announced)))
		return CG_OK;
	k->seen = app->now;
	if ((e = cg_seen_put(app->db, k->device.id, app->now, req->ip)) != CG_OK ||
	    !hello)
		return e;
	return announce_pending(app, &k->device, req);
}

/* Clocks have been seen that name themselves in their results only (notes 2). */
struct cg_str
cg_serial_of(const struct cg_req *req)
{
	struct cg_str sn = cg_query_get(&req->query, "SN"), rest = req->body;
	struct cg_result r;

	if (sn.p == NULL && cg_str_eq(req->endpoint, cg_lit("devicecmd")) &&
	    cg_result_next(&rest, &r))
		sn = r.sn;
	return sn;
}

/* A flood of them is counted here, and written once a second. */
enum cg_err
cg_refuse(struct cg_app *app, struct cg_known *k, enum cg_refused what)
{
	enum cg_err e;

	k->refused[what]++;
	if (k->refused_at == app->now)
		return CG_OK;
	k->refused_at = app->now;
	e = cg_refusals_add(app->db, k->device.id, k->refused[CG_REFUSED_KEY],
	    k->refused[CG_REFUSED_NETWORK]);
	memset(k->refused, 0, sizeof(k->refused));
	return e;
}

/* As the database has it now: may this request be served as one of its clock? */
static enum cg_err
examine(struct cg_app *app, struct cg_known *k, const struct cg_req *req,
    const char **why)
{
	enum cg_err e;

	if (k->device.status == CG_DEVICE_PENDING &&
	    (e = note_pending(app, k, req)) != CG_OK)
		return e;
	if (k->device.status != CG_DEVICE_ACTIVE)
		return CG_DENIED;
	if (!inside(app, &k->device, req)) {
		*why = CG_NOTE_NETWORK;
		e = cg_refuse(app, k, CG_REFUSED_NETWORK);
		return e == CG_OK ? CG_DENIED : e;
	}
	if ((e = cg_comm_key_examine(app, k, req, why)) != CG_OK)
		return e;
	if (cg_str_eq(cg_str_of(k->device.ip), req->ip))
		return CG_OK;
	return cg_device_moved(app->db, k->device.id, req->ip);
}

enum cg_err
cg_admit(struct cg_app *app, const struct cg_req *req, struct cg_known **out,
    const char **why)
{
	struct cg_str sn = cg_serial_of(req);
	struct cg_known *k;
	enum cg_err e;

	if (!cg_serial_ok(sn))
		return CG_SYNTAX;
	k = cg_roster_find(app->roster, sn);
	if (!fresh(app, k, req) || !cg_comm_key_good(app, k, req)) {
		if ((e = load(app, sn, req, &k)) != CG_OK)
			return e;
		if ((e = examine(app, k, req, why)) != CG_OK) {
			k->loaded = INT64_MIN;
			return e;
		}
	}
	*out = k;
	return CG_OK;
}

enum cg_err
cg_recognise(struct cg_app *app, const struct cg_req *req, struct cg_known **out,
    const char **why)
{
	enum cg_err e;

	*out = NULL;
	e = cg_admit(app, req, out, why);
	return e == CG_SYNTAX || e == CG_DENIED ? CG_OK : e;
}

static void
make_stale(void *arg, struct cg_str sn)
{
	cg_roster_stale(arg, sn);
}

enum cg_err
cg_roster_refresh(struct cg_app *app)
{
	int64_t since = app->now - app->refreshed;	/* seconds */
	enum cg_err e;

	if (cg_roster_count(app->roster) == 0 || app->refreshed_turn == app->turn)
		return CG_OK;
	if (since < 0 || since > RENEWAL) {
		cg_roster_stale_all(app->roster);
		since = 0;
	}
	if ((e = cg_db_open(app->db)) != CG_OK ||
	    (e = cg_device_changed(app->db, since + OVERLAP, make_stale,
	    app->roster)) != CG_OK)
		return e;
	cg_roster_sweep(app->roster);
	app->refreshed = app->now;
	app->refreshed_turn = app->turn;
	return CG_OK;
}

static int64_t
last_seen(const struct cg_known *k)
{
	int64_t last = k->seen;

	for (; k != NULL; k = k->next_dirty)
		if (k->seen > last)
			last = k->seen;
	return last;
}

/*
 * Nearly all were seen in this second or the one before it, where they were
 * before: that is one statement, which costs the database half as much, and a
 * second more or less is nothing here.  Another process may know of another
 * address since; the next RENEWAL tells.
 */
static enum cg_err
put_presence(struct cg_app *app, const struct cg_known *k, uint32_t *again)
{
	int64_t last = last_seen(k);
	enum cg_err e = CG_OK;
	size_t n = 0;

	for (; e == CG_OK && k != NULL; k = k->next_dirty)
		if (k->moved || k->seen < last - 1)
			e = cg_seen_put(app->db, k->device.id, k->seen,
			    cg_str_of(k->ip));
		else
			again[n++] = k->device.id;
	return e == CG_OK ? cg_seen_again(app->db, last, again, n) : e;
}

enum cg_err
cg_presence_write(struct cg_app *app)
{
	size_t n = cg_roster_ndirty(app->roster);
	uint32_t *again;
	enum cg_err e;

	if (n == 0)
		return CG_OK;
	if ((again = calloc(n, sizeof(*again))) == NULL)
		return CG_NOMEM;
	if ((e = cg_db_open(app->db)) == CG_OK &&
	    (e = put_presence(app, cg_roster_dirty(app->roster), again)) == CG_OK)
		e = cg_db_commit(app->db);
	free(again);
	if (e == CG_OK)
		cg_roster_clean(app->roster);
	else
		cg_db_rollback(app->db);
	return e;
}
