#include "config.h"

#include <sodium.h>
#include <stdio.h>

#include "keep.h"

#define DAY		86400
#define PART_MAX	((size_t)256 * 1024)	/* of what was not read: no table allows less */
#define FIRST_GOOD_YEAR	2001	/* clocks that lost their time start in 2000 (notes 6) */

static const struct cg_why unclean = {
	"bytes outside the clock's charset: not stored; set its charset", NULL
};

/* A record on its way into the store. */
struct item {
	const struct cg_keeper	*k;
	const struct cg_record	*rec;
	struct cg_origin	 origin;
};

typedef enum cg_err put_fn(const struct item *);

enum cg_err
cg_keeper_init(struct cg_keeper *k, struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res, struct cg_str table)
{
	*k = (struct cg_keeper){ app, d, req, res,
	    table.p != NULL ? table : cg_lit(""), CG_NO_UTC };
	res->table = k->table;
	return cg_db_open(app->db);
}

static struct cg_origin
origin_of(const struct cg_keeper *k, struct cg_str line)
{
	return (struct cg_origin){ k->device->id, k->req->endpoint, k->table,
	    line, cg_privacy_of(&k->app->conf, k->device) };
}

static struct cg_when
when(const struct cg_keeper *k, const struct cg_moment *m)
{
	struct cg_when w = { CG_NO_UTC, CG_SUSPECT_IMPOSSIBLE };
	bool gap;

	if (!m->possible)
		return w;
	w.utc = cg_zone_utc(&k->app->zones, cg_zone_of(k->app, k->device), &m->time,
	    &gap);
	if (m->time.year < FIRST_GOOD_YEAR)
		w.suspect = CG_SUSPECT_OLD;
	else if (w.utc > k->app->now + DAY)
		w.suspect = CG_SUSPECT_FUTURE;
	else
		w.suspect = gap ? CG_SUSPECT_GAP : CG_SUSPECT_NOT;
	return w;
}

static enum cg_err
put_punch(const struct item *it)
{
	const struct cg_punch *p = &it->rec->u.punch;
	struct cg_when w = when(it->k, &p->at);

	return cg_punch_put(it->k->app->db, &it->origin, p, &w);
}

/* Records that the store takes as they are. */
#define PUT(member, function)						\
static enum cg_err							\
put_ ## member(const struct item *it)					\
{									\
	return function(it->k->app->db, &it->origin, &it->rec->u.member); \
}

PUT(operation, cg_operation_put)
PUT(user, cg_user_put)
PUT(template, cg_template_put)
PUT(option, cg_device_option_put)
PUT(item, cg_item_put)
PUT(event, cg_event_put)

static enum cg_err
put_photo(const struct item *it)
{
	const struct cg_photo *p = &it->rec->u.photo;
	struct cg_image image = {
		.kind = p->kind, .pin = p->pin, .at = &p->at,
		.bytes = p->image, .extra = p->extra,
	};

	return cg_image_put(it->k->app->db, &it->origin, &image);
}

static void
extra_number(struct cg_buf *b, const char *name, int32_t v)
{
	if (v != CG_NONE)
		cg_buf_putf(b, "%s%s=%d", b->n > 0 ? "\t" : "", name, (int)v);
}

/* What a picture has beside its bytes: the table has no columns for it. */
static enum cg_err
picture_extra(const struct cg_picture *p, struct cg_arena *arena,
    struct cg_str *out)
{
	struct cg_buf b;

	cg_buf_init(&b, arena, p->file_name.n + p->extra.n + 128);
	if (p->file_name.n > 0) {
		cg_buf_putz(&b, "FileName=");
		cg_buf_put(&b, p->file_name);
	}
	extra_number(&b, "No", p->no);
	extra_number(&b, "Index", p->index);
	extra_number(&b, "Type", p->type);
	if (p->extra.n > 0 && b.n > 0)
		cg_buf_putz(&b, "\t");
	cg_buf_put(&b, p->extra);
	if (b.n > 0)
		*out = cg_buf_str(&b);
	return b.full ? CG_NOMEM : CG_OK;
}

/* USERPIC and BIOPHOTO come as base64; the table holds pictures. */
static enum cg_err
put_picture(const struct item *it)
{
	const struct cg_picture *p = &it->rec->u.picture;
	struct cg_image image = { .kind = p->kind, .pin = p->pin };
	size_t room = p->content.n / 4 * 3 + 3, n;
	unsigned char *bytes = cg_arena_get(it->k->req->arena, room);

	if (bytes == NULL ||
	    picture_extra(p, it->k->req->arena, &image.extra) != CG_OK)
		return CG_NOMEM;
	if (sodium_base642bin(bytes, room, p->content.p, p->content.n, " \r\n",
	    &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
		it->k->res->bad++;
		return cg_keep_raw(it->k, it->origin.line,
		    cg_lit("Content: not base64"));
	}
	image.bytes = (struct cg_str){ (const char *)bytes, n };
	return cg_image_put(it->k->app->db, &it->origin, &image);
}

static put_fn *const put[CG_REC__MAX] = {
	[CG_REC_PUNCH] = put_punch,
	[CG_REC_OPERATION] = put_operation,
	[CG_REC_USER] = put_user,
	[CG_REC_TEMPLATE] = put_template,
	[CG_REC_PICTURE] = put_picture,
	[CG_REC_PHOTO] = put_photo,
	[CG_REC_OPTION] = put_option,
	[CG_REC_ITEM] = put_item,
	[CG_REC_EVENT] = put_event,
};

enum cg_err
cg_keep_raw(const struct cg_keeper *k, struct cg_str bytes, struct cg_str reason)
{
	struct cg_origin origin = origin_of(k, bytes);

	k->res->raw++;
	return cg_rejected_put(k->app->db, &origin, reason);
}

static enum cg_err
keep_unread(const struct cg_keeper *k, struct cg_str piece,
    const struct cg_why *why)
{
	char reason[CG_WHY_MAX];

	k->res->bad++;
	snprintf(reason, sizeof(reason), "%s%s%s", why->field != NULL ? why->field : "",
	    why->field != NULL ? ": " : "", why->text);
	return cg_keep_raw(k, piece, cg_str_of(reason));
}

enum cg_err
cg_keep_event(const struct cg_keeper *k, struct cg_str kind, struct cg_str bytes)
{
	struct cg_origin origin = origin_of(k, bytes);
	struct cg_event event = { .kind = kind };
	enum cg_err e;
	bool clean;

	if ((e = cg_text_utf8(&k->app->charsets, cg_charset_of(k->app, k->device),
	    bytes, k->req->arena, &event.fields, &clean)) != CG_OK)
		return e;
	return clean ? cg_event_put(k->app->db, &origin, &event) :
	    keep_unread(k, bytes, &unclean);
}

static enum cg_err
keep_record(const struct cg_keeper *k, const struct cg_record *rec,
    struct cg_str piece)
{
	struct item it = { k, rec, origin_of(k, piece) };
	bool newer = false;
	enum cg_err e;

	if (k->told_utc != CG_NO_UTC && ((e = cg_told_since(k->app->db,
	    k->device->id, rec, k->told_utc, &newer)) != CG_OK || newer))
		return e;
	if ((e = put[rec->kind](&it)) != CG_LIMIT)
		return e;
	k->res->bad++;
	return cg_keep_raw(k, piece,
	    cg_lit("larger than the max_allowed_packet of the database"));
}

/*
 * Told again under another character set, is the record the same one?  Not when
 * its key has other letters then, nor what has no key but all of it.
 */
static bool
stays_one(const struct cg_record *rec)
{
	switch (rec->kind) {
	case CG_REC_PUNCH:
		return cg_str_ascii(rec->u.punch.pin) &&
		    cg_str_ascii(rec->u.punch.work_code);
	case CG_REC_USER:
		return cg_str_ascii(rec->u.user.pin);
	case CG_REC_TEMPLATE:
		return cg_str_ascii(rec->u.template.pin);
	case CG_REC_OPTION:
		return cg_str_ascii(rec->u.option.name);
	case CG_REC_ITEM:
		return cg_str_ascii(rec->u.item.key);
	default:
		return false;
	}
}

static enum cg_err
keep_piece(const struct cg_keeper *k, const struct cg_upload *u,
    struct cg_str piece)
{
	struct cg_why why = { "can't be read", NULL };
	struct cg_str text = piece;
	struct cg_record rec;
	bool clean = true;
	enum cg_err e;

	if (u->text != CG_TEXT_NONE && (e = cg_text_utf8(&k->app->charsets,
	    u->text == CG_TEXT_UTF8 ? "UTF-8" :
	    cg_charset_of(k->app, k->device), piece, k->req->arena, &text,
	    &clean)) != CG_OK)
		return e;
	e = cg_upload_parse(u, text, &k->req->query, k->req->arena, &rec, &why);
	if (e == CG_SYNTAX || e == CG_LIMIT)
		return keep_unread(k, piece, &why);
	if (e == CG_OK && !clean && !stays_one(&rec))
		return keep_unread(k, piece, &unclean);
	if (e == CG_OK && !clean)
		e = cg_keep_raw(k, piece, cg_lit("bytes outside the clock's charset: "
		    "stored with replacement characters; set its charset"));
	if (e == CG_OK)		/* it may be what a query asked for */
		e = cg_answer_note(k->app->db, cg_str_of(k->device->sn), &rec);
	return e == CG_OK ? keep_record(k, &rec, piece) : e;
}

/*
 * More than one request may make us read.  Refused, the clock would send it
 * again for ever, and nothing behind it; so it is kept as it is, in parts that
 * "rejected retry" can read.
 */
static enum cg_err
keep_unread_rest(const struct cg_keeper *k, const struct cg_upload *u,
    struct cg_str rest, struct cg_str reason)
{
	struct cg_str piece, part = cg_str_head(rest, 0);
	enum cg_err e;
	size_t n;

	while (cg_upload_cut(u, &rest, &piece)) {
		k->res->rows++;
		n = (size_t)(piece.p + piece.n - part.p);
		if (part.n > 0 && n > PART_MAX) {
			if ((e = cg_keep_raw(k, part, reason)) != CG_OK)
				return e;
			part.p = piece.p;
			n = piece.n;
		}
		part.n = n;
	}
	return part.n > 0 ? cg_keep_raw(k, part, reason) : CG_OK;
}

enum cg_err
cg_keep(const struct cg_keeper *k, const struct cg_upload *u, struct cg_str body)
{
	struct cg_str piece;
	enum cg_err e;

	/* whatever becomes of them, keys and passwords are not kept */
	if (u->form == CG_FORM_PAIRS &&
	    !cg_items_hide(body, k->req->arena, &body))
		return CG_NOMEM;
	if (body.n > u->max)
		return keep_unread_rest(k, u, body,
		    cg_lit("larger than an upload of this table may be: not read"));
	while (k->res->rows < CG_RECORDS_MAX && cg_upload_cut(u, &body, &piece)) {
		k->res->rows++;
		if ((e = keep_piece(k, u, piece)) != CG_OK)
			return e;
	}
	return keep_unread_rest(k, u, body,
	    cg_lit("more than 100,000 records in one upload: not read"));
}

/* In UTF-8, as every command is queued. */
enum cg_err
cg_keep_given(const struct cg_keeper *k, const struct cg_told *given)
{
	struct cg_record rec;
	struct cg_why why;
	enum cg_err e;

	e = cg_upload_parse(cg_command_upload(given->command), given->fields,
	    &k->req->query, k->req->arena, &rec, &why);
	if (e == CG_SYNTAX || e == CG_LIMIT)
		return CG_OK;
	return e == CG_OK ? keep_record(k, &rec, given->fields) : e;
}
