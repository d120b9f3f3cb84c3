/*
 * Uploads that were kept verbatim, read again: by a newer version, or under
 * the character set that the clock has by now.  What it has told anew since
 * is not undone.
 */
#include "config.h"

#include "keep.h"

#define LINE_MAX_BYTES	((size_t)1 << 20)	/* longer bodies were cut, see keep.c */
#define ARENA_ENOUGH	(16 * LINE_MAX_BYTES)	/* then it is committed */
#define ARENA_MAX	(3 * ARENA_ENOUGH)
#define BATCH		500		/* uploads of one transaction */

struct retry {
	struct cg_app		*app;
	struct cg_str		 sn;
	int64_t			 after;		/* up to here all were tried */
	struct cg_arena		*arena;		/* of one transaction */
	struct cg_retried	 count;		/* in it */
	unsigned		 pieces;	/* left of what was taken to pieces */
};

/* Results of commands, and pieces of what was larger, can't be read alone. */
static bool
readable(const struct cg_rejected *r)
{
	return (cg_str_eq(r->endpoint, cg_lit("cdata")) ||
	    cg_str_eq(r->endpoint, cg_lit("fdata"))) &&
	    r->line.n < LINE_MAX_BYTES;
}

static enum cg_err
read_again(struct retry *t, const struct cg_rejected *r)
{
	struct cg_req req = { .endpoint = r->endpoint, .arena = t->arena };
	struct cg_res res = { 0 };
	struct cg_device device;
	unsigned refused = cg_db_refused(t->app->db), unread;
	struct cg_keeper k;
	enum cg_err e;

	t->after = r->id;
	t->count.tried++;
	if (!readable(r))
		return CG_OK;
	if ((e = cg_device_find(t->app->db, r->sn, &device)) == CG_UNKNOWN)
		return CG_OK;			/* the clock is gone */
	if (e != CG_OK ||
	    (e = cg_keeper_init(&k, t->app, &device, &req, &res, r->table)) !=
	    CG_OK)
		return e;
	k.told_utc = r->received_utc;
	cg_db_as_of(t->app->db, k.told_utc);
	if ((e = cg_keep(&k, cg_upload_find(r->table), r->line)) != CG_OK ||
	    (e = cg_db_send(t->app->db)) != CG_OK)
		return e;
	unread = res.raw + cg_db_refused(t->app->db) - refused;
	/* of several, those that are not read are rows of their own by now */
	if (res.rows > 1 || (res.rows > 0 && unread == 0)) {
		e = cg_rejected_drop(t->app->db, r->id);
		t->count.stored++;
		t->pieces += unread;
	}
	return e == CG_UNKNOWN ? CG_OK : e;	/* somebody dropped it */
}

/* One transaction.  CG_UNKNOWN: those were the last. */
static enum cg_err
batch(struct retry *t)
{
	struct cg_rejected r;
	enum cg_err e = CG_OK, end;

	cg_arena_reset(t->arena);
	t->count = (struct cg_retried){ 0, 0 };
	for (unsigned i = 0; e == CG_OK && i < BATCH &&
	    cg_arena_used(t->arena) < ARENA_ENOUGH; i++) {
		e = cg_rejected_next(t->app->db, t->sn, t->after, t->arena, &r);
		if (e == CG_OK)
			e = read_again(t, &r);
	}
	if (e != CG_OK && e != CG_UNKNOWN)
		return e;
	end = cg_db_commit(t->app->db);
	return end != CG_OK ? end : e;
}

static void
end(struct retry *t, enum cg_err e)
{
	if (e != CG_OK)
		cg_db_rollback(t->app->db);
	cg_db_as_of(t->app->db, CG_NO_UTC);
	cg_arena_free(t->arena);
}

enum cg_err
cg_retry(struct cg_app *app, struct cg_str sn, struct cg_retried *count)
{
	struct retry t = { .app = app, .sn = sn };
	enum cg_err e;

	if ((e = cg_arena_new(ARENA_MAX, &t.arena)) != CG_OK)
		return e;
	*count = (struct cg_retried){ 0, 0 };
	do {
		e = batch(&t);
		if (e == CG_OK || e == CG_UNKNOWN) {
			count->tried += t.count.tried;
			count->stored += t.count.stored;
		}
	} while (e == CG_OK);
	if (e == CG_UNKNOWN)
		e = CG_OK;
	end(&t, e);
	return e;
}

enum cg_err
cg_retry_one(struct cg_app *app, int64_t id, struct cg_retried *count)
{
	struct retry t = { .app = app };
	struct cg_rejected r;
	enum cg_err e;

	if ((e = cg_arena_new(ARENA_MAX, &t.arena)) != CG_OK)
		return e;
	e = cg_rejected_next(app->db, cg_lit(""), id - 1, t.arena, &r);
	if (e == CG_OK)
		e = r.id == id ? read_again(&t, &r) : CG_UNKNOWN;
	if (e == CG_OK)
		e = cg_db_commit(app->db);
	if (e == CG_OK)
		*count = (struct cg_retried){ t.count.tried + t.pieces,
		    t.count.stored };
	end(&t, e);
	return e;
}
