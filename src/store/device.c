/*
 * Clocks: who they are, whether they are admitted, what they told.
 */
#include "config.h"

#include "db.h"

#include <string.h>

static const struct cg_str statuses[CG_DEVICE__MAX] = {
	[CG_DEVICE_PENDING] = CG_STR("pending"),
	[CG_DEVICE_ACTIVE] = CG_STR("active"),
	[CG_DEVICE_DISABLED] = CG_STR("disabled"),
};

/* What is none of these is not to be served. */
static enum cg_device_status
status_of(struct cg_str s)
{
	size_t i = cg_str_index(statuses, CG_LEN(statuses), s);

	return i < CG_LEN(statuses) ? (enum cg_device_status)i :
	    CG_DEVICE_DISABLED;
}

/* ---- finding and adding ---- */

struct found {
	struct cg_device	*device;
	bool			 any;
};

/* False for NULL. */
static bool
take_bytes(struct cg_str s, unsigned char *out, size_t n)
{
	if (s.p == NULL || s.n != n)
		return false;
	memcpy(out, s.p, n);
	return true;
}

static enum cg_err
take_device(void *arg, const struct cg_row *row)
{
	struct found *f = arg;
	struct cg_device *d = f->device;

	if (cg_str_u32(row->value[0], UINT32_MAX, &d->id) != CG_OK)
		return CG_DB;
	d->status = status_of(row->value[1]);
	cg_copy(d->sn, sizeof(d->sn), row->value[2]);
	cg_copy(d->zone, sizeof(d->zone), row->value[3]);
	cg_copy(d->charset, sizeof(d->charset), row->value[4]);
	cg_copy(d->networks, sizeof(d->networks), row->value[5]);
	cg_copy(d->ip, sizeof(d->ip), row->value[6]);
	d->privacy = cg_privacy_find(row->value[7]);
	cg_copy(d->key_policy, sizeof(d->key_policy), row->value[8]);
	d->key.set = take_bytes(row->value[9], d->key.hash, CG_COMM_KEY_HASH);
	d->next_key.set = take_bytes(row->value[10], d->next_key.hash, CG_COMM_KEY_HASH);
	d->key_remembered = take_bytes(row->value[11], d->key_address,
	    CG_COMM_KEY_ADDRESS);
	if (cg_str_i64(row->value[12], 0, INT64_MAX, &d->unseen) != CG_OK)
		d->unseen = INT64_MAX;
	d->announced = cg_str_eq(row->value[13], cg_lit("1"));
	f->any = true;
	return CG_OK;
}

enum cg_err
cg_device_find(struct cg_db *db, struct cg_str sn, struct cg_device *out)
{
	struct cg_cell cell[] = { cg_cell_text(sn) };
	struct cg_device d;
	struct found f = { &d, false };
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_DEVICE_FIND, cell, CG_LEN(cell), take_device,
	    &f);
	if (e == CG_OK && !f.any)
		e = CG_UNKNOWN;
	if (e == CG_OK)
		*out = d;
	return e;
}

/* Remove the pending clock that was unseen for longest. */
static enum cg_err
drop_oldest(struct cg_db *db)
{
	struct cg_cell cell;
	uint64_t rows;
	uint32_t id;
	enum cg_err e;

	if ((e = cg_db_ask_u32(db, CG_Q_DEVICE_OLDEST, NULL, 0, &id)) != CG_OK)
		return e;
	if (id == 0)
		return cg_db_say(db, CG_DENIED, "no clock that waits may go: "
		    "all have settings, or one went in this second");
	cell = cg_cell_int(id);
	e = cg_db_run(db, CG_Q_DEVICE_DROP, &cell, 1, &rows);
	/* no row: it was admitted, or dropped by another process, just now */
	return e == CG_OK && rows > 0 ?
	    cg_db_run(db, CG_Q_DEVICE_DROP_STATE, &cell, 1, NULL) : e;
}

static enum cg_err
evict_pending(struct cg_db *db, unsigned max)
{
	uint32_t n;
	enum cg_err e;

	if (max == 0)
		return cg_db_say(db, CG_LIMIT, "no clock may wait");
	e = cg_db_ask_u32(db, CG_Q_DEVICE_PENDING, NULL, 0, &n);
	for (; e == CG_OK && n >= max; n--)
		e = drop_oldest(db);
	return e;
}

enum cg_err
cg_device_add(struct cg_db *db, struct cg_str sn, enum cg_device_status status,
    unsigned max_pending, struct cg_device *out)
{
	struct cg_cell cell[] = {
		cg_cell_text(sn), cg_cell_text(statuses[status])
	};
	enum cg_err e, added;

	if ((e = cg_device_find(db, sn, out)) != CG_UNKNOWN)
		return e;
	if (status == CG_DEVICE_PENDING &&
	    (e = evict_pending(db, max_pending)) != CG_OK)
		return e;
	/* refused: another process was first, or another clock has its id */
	added = cg_db_run(db, CG_Q_DEVICE_ADD, cell, CG_LEN(cell), NULL);
	if (added != CG_OK && added != CG_DATA)
		return added;
	e = cg_device_find(db, sn, out);
	return e == CG_UNKNOWN ? cg_db_say(db, db->failed = CG_BUSY,
	    "the new clock was given the id of another one") : e;
}

/* ---- what a clock tells about itself ---- */

#define ANNOUNCED_MAX	32		/* bytes: the width of these columns */
#define LANGUAGE_MAX	16
#define FIRMWARE_MAX	96

enum cg_err
cg_device_announce(struct cg_db *db, uint32_t device,
    const struct cg_announcement *a)
{
	struct cg_str hash = { (const char *)a->key_hash, CG_COMM_KEY_HASH };
	struct cg_cell cell[] = {
		cg_cell_plain(db->scrap, a->push_version, ANNOUNCED_MAX),
		cg_cell_plain(db->scrap, a->device_type, ANNOUNCED_MAX),
		cg_cell_plain(db->scrap, a->language, LANGUAGE_MAX),
		cg_cell_plain(db->scrap, a->options_flag, LANGUAGE_MAX),
		a->key_hash != NULL ? cg_cell_bytes(hash) :
		    cg_cell_number(CG_NONE),
		cg_cell_plain(db->scrap, a->time_zone, CG_ZONE_MAX + 1),
		cg_cell_int(device),
	};

	return cg_db_run(db, CG_Q_DEVICE_ANNOUNCE, cell, CG_LEN(cell), NULL);
}

/* An event, when what we knew was another. */
static enum cg_err
note_change(struct cg_db *db, enum cg_stmt q, uint32_t device, struct cg_str now,
    size_t max)
{
	struct cg_cell value = cg_cell_plain(db->scrap, now, max);
	struct cg_cell cell[] = { value, cg_cell_int(device), value };

	if (now.n == 0)
		return CG_OK;
	return cg_db_run(db, q, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_device_moved(struct cg_db *db, uint32_t device, struct cg_str ip)
{
	return note_change(db, CG_Q_DEVICE_MOVED, device, ip, CG_IP_MAX);
}

#define INFO_COUNT	13

enum cg_err
cg_device_info(struct cg_db *db, uint32_t device, const struct cg_info *in)
{
	struct cg_cell cell[1 + 2 * INFO_COUNT] = {
		cg_cell_int(device),
		cg_cell_plain(db->scrap, in->firmware, FIRMWARE_MAX),
		cg_cell_plain(db->scrap, in->ip, CG_IP_MAX),
		cg_cell_plain(db->scrap, in->fingerprint_version, ANNOUNCED_MAX),
		cg_cell_plain(db->scrap, in->face_version, ANNOUNCED_MAX),
		cg_cell_plain(db->scrap, in->support, ANNOUNCED_MAX),
		cg_cell_number(in->user_count),
		cg_cell_number(in->fingerprint_count),
		cg_cell_number(in->punch_count),
		cg_cell_number(in->faces_per_user),
		cg_cell_number(in->face_count),
		cg_cell_number(in->card_count),
		cg_cell_number(in->user_photo_count),
		cg_cell_number(in->punch_photo_count),
	};
	enum cg_err e;
	size_t i;

	for (i = 1; i <= INFO_COUNT; i++)
		cell[INFO_COUNT + i] = cell[i];
	if ((e = note_change(db, CG_Q_DEVICE_FLASHED, device, in->firmware,
	    FIRMWARE_MAX)) != CG_OK)
		return e;
	return cg_db_run(db, CG_Q_DEVICE_INFO, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_seen_put(struct cg_db *db, uint32_t device, int64_t utc, struct cg_str ip)
{
	const struct cg_origin from = {
		.device = device, .endpoint = cg_lit(""),
		.table = cg_lit("seen"), .line = ip };
	struct cg_cell cell[] = {
		cg_cell_int(device),
		cg_cell_utc(utc),
		cg_cell_plain(db->scrap, ip.p != NULL ? ip : cg_lit(""), CG_IP_MAX),
	};

	return cg_bulk_put(db, CG_BULK_SEEN, &from, cell, CG_LEN(cell));
}

/* ---- watching and changing them ---- */

enum cg_err
cg_device_changed(struct cg_db *db, int64_t seconds, cg_serial_fn *fn, void *arg)
{
	struct cg_cell cell[] = { cg_cell_int(seconds) };

	return cg_db_ask_serials(db, CG_Q_DEVICE_CHANGED, cell, CG_LEN(cell), fn,
	    arg);
}

enum cg_err
cg_device_set_status(struct cg_db *db, struct cg_str sn,
    enum cg_device_status status)
{
	struct cg_cell cell[] = {
		cg_cell_text(statuses[status]), cg_cell_text(sn)
	};

	return cg_db_meet(db, CG_Q_DEVICE_STATUS, cell, CG_LEN(cell));
}

enum cg_err
cg_device_approve(struct cg_db *db, struct cg_str sn)
{
	struct cg_cell cell[] = { cg_cell_text(sn) };

	return cg_db_meet(db, CG_Q_DEVICE_APPROVE, cell, CG_LEN(cell));
}

enum cg_err
cg_device_set_name(struct cg_db *db, struct cg_str sn, struct cg_str name)
{
	struct cg_cell cell[] = { cg_cell_text(name), cg_cell_text(sn) };

	return cg_db_meet(db, CG_Q_DEVICE_NAME, cell, CG_LEN(cell));
}
