/*
 * The audit: what was done with dangerous commands, as a chain of rows.  Each
 * has SHA-256 over the hash of the row before and its own values, so that
 * none can be changed or taken out of the middle unnoticed.
 *
 * Rows are staged, and written when all else of the transaction is: the end
 * of the chain, which writers wait for, is locked last and for a moment.
 */
#include "config.h"

#include "command.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WHAT_MAX	1000		/* bytes of audit.what */
#define RESULT_MAX	255
#define VALUES		8		/* of a row, that are staged */

struct cg_audit_row {
	struct cg_audit_row *next;
	struct cg_cell	 cell[VALUES];	/* action, class, who ... result */
};

static const char *const actions[CG_AUDIT__MAX] = {
	[CG_AUDIT_OPENED] = "opened",
	[CG_AUDIT_CLOSED] = "closed",
	[CG_AUDIT_QUEUED] = "queued",
	[CG_AUDIT_SENT] = "sent",
	[CG_AUDIT_REFUSED] = "refused",
	[CG_AUDIT_DONE] = "done",
	[CG_AUDIT_FAILED] = "failed",
	[CG_AUDIT_EXPIRED] = "expired",
	[CG_AUDIT_CANCELLED] = "cancelled",
};

enum cg_audit_action
cg_audit_end_action(enum cg_command_state state)
{
	static const enum cg_audit_action action[CG_COMMAND__MAX] = {
		[CG_COMMAND_QUEUED] = CG_AUDIT_QUEUED,
		[CG_COMMAND_SENT] = CG_AUDIT_SENT,
		[CG_COMMAND_DONE] = CG_AUDIT_DONE,
		[CG_COMMAND_FAILED] = CG_AUDIT_FAILED,
		[CG_COMMAND_EXPIRED] = CG_AUDIT_EXPIRED,
		[CG_COMMAND_CANCELLED] = CG_AUDIT_CANCELLED,
	};

	return action[state];
}

/* ---- staging ---- */

/* The first max bytes, or a few less: no character is cut in two. */
static struct cg_str
head(struct cg_str s, size_t max)
{
	size_t n = s.n < max ? s.n : max;

	while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return cg_str_head(s, n);
}

static struct cg_cell
copy(struct cg_db *db, struct cg_str s, size_t max, bool *ok)
{
	struct cg_str kept = { "", 0 };

	if (s.n > 0 && !cg_arena_keep(db->audits, head(s, max), &kept))
		*ok = false;
	return cg_cell_text(kept);
}

/* Texts of ours, in which a clock may have had a word: printable ASCII. */
static struct cg_cell
copy_plain(struct cg_db *db, struct cg_str s, size_t max, bool *ok)
{
	struct cg_cell c = cg_cell_plain(db->audits,
	    s.p != NULL ? s : cg_lit(""), max);

	return copy(db, (struct cg_str){ c.u.p, c.n }, max, ok);
}

enum cg_err
cg_audit_put(struct cg_db *db, const struct cg_audit *a)
{
	struct cg_audit_row *r = cg_arena_get(db->audits, sizeof(*r));
	struct cg_str class = cg_str_of(cg_danger_name(a->class));
	char text[WHAT_MAX];
	struct cg_buf room = { text, 0, sizeof(text), false };
	struct cg_str what = a->body.p != NULL ?
	    cg_command_shown(a->body, &room) : a->what;
	bool ok = r != NULL;

	if (ok) {
		*r = (struct cg_audit_row){ NULL, {
			cg_cell_text(cg_str_of(actions[a->action])),
			cg_cell_text(class),
			copy(db, a->who, CG_NAME_MAX, &ok),
			copy(db, a->why, CG_REASON_MAX, &ok),
			copy_plain(db, a->sn, CG_SERIAL_MAX, &ok),
			a->command != 0 ? cg_cell_int(a->command) :
			    cg_cell_number(CG_NONE),
			copy(db, what, WHAT_MAX, &ok),
			copy_plain(db, a->result, RESULT_MAX, &ok),
		} };
	}
	if (!ok)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for the audit");
	*db->audit_last = r;
	db->audit_last = &r->next;
	return CG_OK;
}

void
cg_audit_forget(struct cg_db *db)
{
	db->audit = NULL;
	db->audit_last = &db->audit;
	cg_arena_reset(db->audits);
}

/* ---- the hash of a row ---- */

/* As netstrings: no value can be taken for another. */
static void
hash_value(crypto_hash_sha256_state *h, struct cg_str s)
{
	char size[24];
	int n = snprintf(size, sizeof(size), "%zu:", s.n);

	(void)crypto_hash_sha256_update(h, (const unsigned char *)size,
	    (size_t)n);
	if (s.n > 0)
		(void)crypto_hash_sha256_update(h, (const unsigned char *)s.p,
		    s.n);
	(void)crypto_hash_sha256_update(h, (const unsigned char *)",", 1);
}

/* The hash before, id, at_utc, then the other values; NULL is as empty. */
static void
hash_row(const char *before, struct cg_str id, struct cg_str at,
    const struct cg_str value[VALUES], char out[CG_AUDIT_HASH + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state h;
	size_t i;

	(void)crypto_hash_sha256_init(&h);
	hash_value(&h, cg_str_of(before));
	hash_value(&h, id);
	hash_value(&h, at);
	for (i = 0; i < VALUES; i++)
		hash_value(&h, value[i]);
	(void)crypto_hash_sha256_final(&h, hash);
	(void)sodium_bin2hex(out, CG_AUDIT_HASH + 1, hash, sizeof(hash));
}

/* ---- writing ---- */

struct end {
	struct cg_audit_end at;
	char		 now[CG_UTC_MAX];
	bool		 found;
};

/* Columns: id, hash, and the time where it was asked for. */
static enum cg_err
take_end(void *arg, const struct cg_row *row)
{
	struct end *e = arg;

	if (cg_str_i64(row->value[0], 0, INT64_MAX, &e->at.id) != CG_OK)
		return CG_DB;
	e->found = true;
	cg_copy(e->at.hash, sizeof(e->at.hash), row->value[1]);
	if (row->n > 2)
		cg_copy(e->now, sizeof(e->now), row->value[2]);
	return CG_OK;
}

/* As the row will be read back. */
static struct cg_str
text_of(const struct cg_cell *c, char number[24])
{
	switch ((enum cg_cell_type)c->type) {
	case CG_CELL_INT:
		(void)snprintf(number, 24, "%lld", (long long)c->u.i);
		return cg_str_of(number);
	case CG_CELL_TEXT:
		return (struct cg_str){ c->u.p, c->n };
	case CG_CELL_NULL:
	case CG_CELL_BYTES:
	case CG_CELL_TIME:
		break;
	}
	return cg_lit("");
}

static enum cg_err
write_row(struct cg_db *db, const struct cg_audit_row *r, struct end *end)
{
	struct cg_cell cell[VALUES + 3];
	struct cg_str value[VALUES];
	char id[24], number[24], hash[CG_AUDIT_HASH + 1];
	size_t i;

	end->at.id++;
	(void)snprintf(id, sizeof(id), "%lld", (long long)end->at.id);
	for (i = 0; i < VALUES; i++)
		value[i] = text_of(&r->cell[i], number);
	hash_row(end->at.hash, cg_str_of(id), cg_str_of(end->now), value, hash);
	memcpy(end->at.hash, hash, sizeof(hash));
	cell[0] = cg_cell_int(end->at.id);
	cell[1] = cg_cell_text(cg_str_of(end->now));
	memcpy(cell + 2, r->cell, sizeof(r->cell));
	cell[VALUES + 2] = cg_cell_text(cg_str_of(end->at.hash));
	return cg_db_run(db, CG_Q_AUDIT_PUT, cell, CG_LEN(cell), NULL);
}

static enum cg_err
write_rows(struct cg_db *db)
{
	const struct cg_audit_row *r;
	struct end end = { .found = false };
	struct cg_cell cell[2];
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_AUDIT_HEAD, NULL, 0, take_end, &end);
	if (e == CG_OK && !end.found)
		return cg_db_say(db, db->failed = CG_DB, "the table audit_head "
		    "has lost its row; see: clockgate audit verify");
	for (r = db->audit; e == CG_OK && r != NULL; r = r->next)
		e = write_row(db, r, &end);
	if (e != CG_OK)
		return e;
	cell[0] = cg_cell_int(end.at.id);
	cell[1] = cg_cell_text(cg_str_of(end.at.hash));
	return cg_db_run(db, CG_Q_AUDIT_MOVE, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_audit_flush(struct cg_db *db)
{
	enum cg_err e;

	if (db->audit == NULL)
		return CG_OK;
	if ((e = write_rows(db)) == CG_OK)
		cg_audit_forget(db);
	else if (e == CG_DATA)		/* not without its audit */
		db->failed = e = CG_DB;
	return e;
}

/* ---- verifying ---- */

struct verify {
	cg_fault_fn		*fn;
	void			*arg;
	const struct cg_audit_end *noted;	/* NULL: none, or met */
	struct cg_audit_end	 last;	/* row that was read */
	struct end		 head;	/* of the same moment */
};

static void CG_PRINTF(2, 3)
fault(const struct verify *v, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v->fn(v->arg, text);
}

static void
missing(const struct verify *v, int64_t from, int64_t to)
{
	if (from == to)
		fault(v, "row %lld is missing", (long long)from);
	else if (from < to)
		fault(v, "rows %lld to %lld are missing", (long long)from,
		    (long long)to);
}

static void
meet_noted(struct verify *v, const struct cg_audit_end *row)
{
	if (v->noted == NULL || v->noted->id != row->id)
		return;
	if (strcmp(v->noted->hash, row->hash) != 0)
		fault(v, "row %lld, or one before it, is not what it was when "
		    "its hash was noted", (long long)row->id);
	v->noted = NULL;
}

/* Columns: id, hash, id and hash of the end, then what is hashed. */
static enum cg_err
take_row(void *arg, const struct cg_row *row)
{
	struct verify *v = arg;
	struct cg_audit_end is = { .id = 0 };
	char want[CG_AUDIT_HASH + 1];

	if (cg_str_i64(row->value[0], 1, INT64_MAX, &is.id) != CG_OK) {
		fault(v, "row %.20s was written by somebody else",
		    row->value[0].p);
		return CG_OK;
	}
	cg_copy(is.hash, sizeof(is.hash), row->value[1]);
	missing(v, v->last.id + 1, is.id - 1);
	if (is.id == v->last.id + 1) {	/* else the hash before is not known */
		hash_row(v->last.hash, row->value[0], row->value[4],
		    row->value + 5, want);
		if (strcmp(want, is.hash) != 0)
			fault(v, "row %lld was altered, or the hash of the row "
			    "before it", (long long)is.id);
	}
	meet_noted(v, &is);
	v->last = is;
	v->head.found = row->value[2].p != NULL;
	if (v->head.found &&
	    cg_str_i64(row->value[2], 0, INT64_MAX, &v->head.at.id) != CG_OK)
		return CG_DB;
	cg_copy(v->head.at.hash, sizeof(v->head.at.hash), row->value[3]);
	return CG_OK;
}

static void
check_end(const struct verify *v)
{
	const struct cg_audit_end *head = &v->head.at;

	if (!v->head.found)
		fault(v, "audit_head has lost its row; to go on, put one there "
		    "with 1, the id and the hash of the last row of audit");
	else if (head->id > v->last.id)
		missing(v, v->last.id + 1, head->id);
	else if (head->id < v->last.id)
		fault(v, "audit_head ends at row %lld, and there are more",
		    (long long)head->id);
	else if (strcmp(head->hash, v->last.hash) != 0)
		fault(v, "audit_head has another hash than row %lld",
		    (long long)head->id);
	if (v->noted != NULL && v->noted->id > v->last.id)
		fault(v, "row %lld, which was noted, is missing",
		    (long long)v->noted->id);
}

enum cg_err
cg_audit_verify(struct cg_db *db, const struct cg_audit_end *noted,
    cg_fault_fn *fn, void *arg, struct cg_audit_end *out)
{
	struct verify v = { .fn = fn, .arg = arg, .noted = noted };
	enum cg_err e;

	memset(v.last.hash, '0', CG_AUDIT_HASH);
	e = cg_db_ask(db, CG_Q_AUDIT_END, NULL, 0, take_end, &v.head);
	if (e == CG_OK)
		e = cg_db_ask(db, CG_Q_AUDIT_ALL, NULL, 0, take_row, &v);
	if (e != CG_OK)
		return e;
	check_end(&v);
	*out = v.last;
	return CG_OK;
}
