/*
 * Rows that are gathered, and sent many at a time.  Those that MySQL refuses
 * together because of a value are sent by halves until the row at fault stands
 * alone; that row goes to the table rejected.
 */
#include "config.h"

#include "db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX	((size_t)1024 * 1024)	/* sent at once, when more than a row */
#define CELL_BYTES	16			/* what a value costs beside its own bytes */
#define ROWS_FIRST	16			/* room is made for so many, then more */
#define SQL_MAX		8192			/* no statement here is longer */
#define SPARE		4096			/* more than is sent beside values */

struct bulk {
	const char	*table;
	const char	*columns;
	size_t		 ncolumns;
	const char	*now;		/* the column that takes the time; NULL: none */
	const char	*update;	/* when the key is there already */
	/* what takes away rows first, by the first nkey columns and the last one */
	const char	*sweep;		/* NULL: none must go */
	size_t		 nkey;
	bool		 as_of;		/* the time may be another: cg_db_as_of */
};

/*
 * In UPDATE lists: a column takes the new value, is the same already, takes it
 * unless it is NULL.  The first assignment still sees the old values.
 */
#define NEW(c)		#c " = VALUES(" #c ")"
#define SAME(c)		#c " <=> VALUES(" #c ")"
#define TOLD(c)		#c " = COALESCE(VALUES(" #c "), " #c ")"
#define KEPT(c)		"(VALUES(" #c ") IS NULL OR " SAME(c) ")"
#define UPDATED(same)	\
	"updated_at_utc = IF(" same ", updated_at_utc, VALUES(updated_at_utc)), "
#define HARMLESS	CG_SAME_ROW("")
#define ORDERED		"stamp = '0'"	/* a 0 of ours stays until it is told */
/* Of a row with several secrets the oldest key counts, unless all come anew. */
#define KEY_OF(a, b)							\
	"key_id = IF(VALUES(" #a ") IS NOT NULL AND (VALUES(" #b ") IS NOT NULL" \
	" OR " #b " IS NULL), VALUES(key_id), LEAST(key_id, VALUES(key_id)))"

/* clang-format off */
static const struct bulk bulks[CG_BULK__MAX] = {
	[CG_BULK_PUNCH] = { "punch",
	    "device_id, pin, punched_at, state, verify, work_code,"
	    " punched_text, punched_at_utc, suspect, reserved1, reserved2,"
	    " job_code1, job_code2, job_code3, job_code4, job_code5,"
	    " job_code6, tip_code1, tip_code2, tip_code3, extra", 21,
	    "received_at_utc", HARMLESS },
	[CG_BULK_OPERATION] = { "operation",
	    "device_id, code, admin_pin, happened_at, happened_text,"
	    " object1, object2, object3, object4, extra", 10,
	    "received_at_utc", HARMLESS },
	[CG_BULK_USER] = { "device_user",
	    "device_id, pin, name, privilege, password, card, group_no,"
	    " time_zones, verify, vice_card, extra, key_id", 12,
	    "updated_at_utc",
	    UPDATED(KEPT(name) " AND " KEPT(privilege) " AND " KEPT(password)
		" AND " KEPT(card) " AND " KEPT(group_no) " AND "
		KEPT(time_zones) " AND " KEPT(verify) " AND "
		KEPT(vice_card) " AND " KEPT(extra))
	    KEY_OF(password, extra) ", " TOLD(name) ", " TOLD(privilege) ", " TOLD(password) ", "
	    TOLD(card) ", " TOLD(group_no) ", " TOLD(time_zones) ", "
	    TOLD(verify) ", " TOLD(vice_card) ", " TOLD(extra), .as_of = true },
	/*
	 * To set a column here, MariaDB wants the right to read it, and who
	 * stores templates must not read them: another template than the one
	 * that is there takes the place of its row.
	 */
	[CG_BULK_TEMPLATE] = { "template",
	    "device_id, pin, type, no, idx, valid, duress, format,"
	    " major_version, minor_version, size, template, extra, key_id,"
	    " digest", 15, "updated_at_utc",
	    UPDATED(SAME(valid) " AND " SAME(duress) " AND " SAME(format)
		" AND " SAME(major_version) " AND " SAME(minor_version)
		" AND " SAME(size))
	    NEW(valid) ", " NEW(duress) ", " NEW(format) ", "
	    NEW(major_version) ", " NEW(minor_version) ", " NEW(size),
	    "DELETE FROM template WHERE device_id = ? AND pin = ? AND type = ?"
	    " AND no = ? AND idx = ? AND NOT digest <=> ?", 5, .as_of = true },
	[CG_BULK_PHOTO] = { "photo",
	    "device_id, kind, pin, taken_at, taken_text, size, image, extra,"
	    " key_id", 9, "received_at_utc", HARMLESS },
	[CG_BULK_OPTION] = { "device_option",
	    "device_id, name, value", 3, "updated_at_utc",
	    UPDATED(SAME(value)) NEW(value), .as_of = true },
	[CG_BULK_ITEM] = { "device_item",
	    "device_id, kind, item_key, fields, key_id", 5, "updated_at_utc",
	    UPDATED(SAME(fields)) NEW(fields) ", " NEW(key_id), .as_of = true },
	[CG_BULK_EVENT] = { "device_event",
	    "device_id, kind, fields, key_id", 4, "received_at_utc",
	    HARMLESS },
	[CG_BULK_STAMP] = { "device_stamp",
	    "device_id, table_name, stamp", 3, "updated_at_utc",
	    UPDATED(ORDERED " OR " SAME(stamp))
	    "stamp = IF(" ORDERED ", stamp, VALUES(stamp))" },
	/* another process may have seen it later */
	[CG_BULK_SEEN] = { "device_state",
	    "device_id, last_seen_utc, peer_ip", 3, NULL,
	    "peer_ip = IF(VALUES(last_seen_utc) >= COALESCE(last_seen_utc,"
	    " VALUES(last_seen_utc)), VALUES(peer_ip), peer_ip),"
	    " last_seen_utc = GREATEST(VALUES(last_seen_utc),"
	    " COALESCE(last_seen_utc, VALUES(last_seen_utc)))" },
	[CG_BULK_DISCARD] = { "device_discard",
	    "device_id, kind, discarded", 3, "updated_at_utc",
	    NEW(updated_at_utc) ", "
	    "discarded = discarded + VALUES(discarded)" },
	[CG_BULK_REJECTED] = { "rejected",
	    "device_id, endpoint, table_name, line, reason, key_id", 6,
	    "received_at_utc", HARMLESS, .as_of = true },
};
/* clang-format on */

/* ---- the statement of one row ---- */

static void
add_insert(struct cg_buf *sql, const struct bulk *b, int64_t as_of)
{
	size_t i;

	cg_buf_putf(sql, "INSERT INTO %s (%s%s%s) VALUES ", b->table, b->columns,
	    b->now != NULL ? ", " : "", b->now != NULL ? b->now : "");
	for (i = 0; i < b->ncolumns; i++)
		cg_buf_putz(sql, i == 0 ? "(?" : ",?");
	if (b->as_of && as_of != CG_NO_UTC)
		cg_buf_putf(sql, ",FROM_UNIXTIME(%lld)", (long long)as_of);
	else if (b->now != NULL)
		cg_buf_putz(sql, ",UTC_TIMESTAMP()");
	cg_buf_putf(sql, ") ON DUPLICATE KEY UPDATE %s", b->update);
}

static enum cg_err
prepare_insert(struct cg_db *db, const struct bulk *b, MYSQL_STMT **slot)
{
	char text[SQL_MAX];
	struct cg_buf sql = { .p = text, .cap = sizeof(text) };

	if (*slot != NULL)
		return CG_OK;
	add_insert(&sql, b, db->as_of);
	if (sql.full)
		return cg_db_say(db, db->failed = CG_DB,
		    "the statement for %s is too long", b->table);
	return cg_stmt_prepare(db, text, sql.n, slot);
}

static enum cg_err
prepare(struct cg_db *db, enum cg_bulk kind)
{
	const struct bulk *b = &bulks[kind];
	struct cg_stage *s = &db->stage[kind];
	enum cg_err e = prepare_insert(db, b, &s->insert);

	if (e == CG_OK && b->sweep != NULL)
		e = cg_stmt_prepare(db, b->sweep, strlen(b->sweep), &s->sweep);
	return e;
}

enum cg_err
cg_bulk_check(struct cg_db *db, const char *program)
{
	enum cg_err e = CG_OK;
	size_t kind;

	for (kind = 0; e == CG_OK && kind < CG_BULK__MAX; kind++)
		if (cg_bulk_of((enum cg_bulk)kind, program))
			e = prepare(db, (enum cg_bulk)kind);
	return e;
}

/* ---- sending ---- */

/* A row stands alone and MySQL does not take it. */
static enum cg_err
refuse(struct cg_db *db, enum cg_bulk kind, size_t row)
{
	const struct cg_origin from = db->stage[kind].origin[row];
	char why[CG_DB_WHY_MAX];

	if (kind == CG_BULK_REJECTED)
		return db->failed = CG_DB;
	db->refused++;
	memcpy(why, db->why, sizeof(why));
	return cg_rejected_put(db, &from, cg_str_of(why));
}

/* What must go before n rows from the stage are sent. */
static enum cg_err
sweep(struct cg_db *db, enum cg_bulk kind, const struct cg_cell *row, size_t n)
{
	const struct bulk *b = &bulks[kind];
	size_t width = b->nkey + 1, i;
	struct cg_cell *cell = calloc(n * width, sizeof(*cell));
	enum cg_err e;

	if (cell == NULL)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for a statement");
	for (i = 0; i < n; i++, row += b->ncolumns) {
		memcpy(cell + i * width, row, b->nkey * sizeof(*row));
		cell[i * width + b->nkey] = row[b->ncolumns - 1];
	}
	e = cg_stmt_execute_rows(db, db->stage[kind].sweep, cell, width, n);
	free(cell);
	return e;
}

static enum cg_err
send_together(struct cg_db *db, enum cg_bulk kind, size_t from, size_t n)
{
	const struct cg_stage *s = &db->stage[kind];
	const struct cg_cell *row = s->cell + from * bulks[kind].ncolumns;
	enum cg_err e;

	if ((e = prepare(db, kind)) != CG_OK)
		return e;
	db->wrote = true;
	if (bulks[kind].sweep != NULL && (e = sweep(db, kind, row, n)) != CG_OK)
		return e;
	return cg_stmt_execute_rows(db, s->insert, row, bulks[kind].ncolumns, n);
}

static enum cg_err send_rows(struct cg_db *, enum cg_bulk, size_t, size_t);

/* One of n rows is at fault. */
static enum cg_err
send_halves(struct cg_db *db, enum cg_bulk kind, size_t from, size_t n)
{
	enum cg_err e;

	if (n == 1)
		return refuse(db, kind, from);
	e = send_rows(db, kind, from, n / 2);
	return e == CG_OK ? send_rows(db, kind, from + n / 2, n - n / 2) : e;
}

static enum cg_err
send_rows(struct cg_db *db, enum cg_bulk kind, size_t from, size_t n)
{
	size_t end = from + n, width = bulks[kind].ncolumns;
	enum cg_err e = CG_OK;

	for (; e == CG_OK && from < end; from += n) {
		n = cg_stmt_rows(db, db->stage[kind].cell + from * width, width,
		    end - from);
		e = send_together(db, kind, from, n);
		if (e == CG_DATA)
			e = send_halves(db, kind, from, n);
	}
	return e;
}

static void
forget(struct cg_stage *s)
{
	s->n = s->bytes = 0;
}

static enum cg_err
flush(struct cg_db *db, enum cg_bulk kind)
{
	struct cg_stage *s = &db->stage[kind];
	enum cg_err e;

	if ((e = send_rows(db, kind, 0, s->n)) != CG_OK)
		return e;
	forget(s);
	if (kind == CG_BULK_REJECTED)
		cg_arena_reset(db->reasons);
	return CG_OK;
}

enum cg_err
cg_bulk_flush(struct cg_db *db)
{
	enum cg_err e = CG_OK;
	size_t kind;

	for (kind = 0; e == CG_OK && kind < CG_BULK__MAX; kind++)
		e = flush(db, (enum cg_bulk)kind);
	return e;
}

/* ---- staging ---- */

static enum cg_err
make_room(struct cg_db *db, struct cg_stage *s, size_t ncolumns)
{
	size_t cap = s->cap == 0 ? ROWS_FIRST : s->cap * 4;
	struct cg_origin *origin;
	struct cg_cell *cell;

	if (s->n < s->cap)
		return CG_OK;
	cell = realloc(s->cell, cap * ncolumns * sizeof(*cell));
	if (cell != NULL)
		s->cell = cell;
	origin = realloc(s->origin, cap * sizeof(*origin));
	if (origin != NULL)
		s->origin = origin;
	if (cell == NULL || origin == NULL)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for rows");
	s->cap = cap;
	return CG_OK;
}

static size_t
count_bytes(const struct cg_cell *cell, size_t n)
{
	size_t i, bytes = n * CELL_BYTES;

	for (i = 0; i < n; i++)
		bytes += cell[i].n;
	return bytes;
}

/* Bytes of values that may be sent at once. */
static size_t
statement_max(const struct cg_db *db)
{
	return db->packet_max - SPARE < BYTES_MAX ?
	    (size_t)db->packet_max - SPARE : BYTES_MAX;
}

enum cg_err
cg_bulk_make_way(struct cg_db *db, enum cg_bulk kind, size_t bytes)
{
	const struct cg_stage *s = &db->stage[kind];
	enum cg_err e;

	if ((e = cg_db_ready(db)) != CG_OK)
		return e;
	if (s->n == 0 ||
	    (s->n < CG_BULK_ROWS && s->bytes + bytes <= statement_max(db)))
		return CG_OK;
	return flush(db, kind);
}

static bool
same_cell(const struct cg_cell *a, const struct cg_cell *b)
{
	if (a->type != b->type)
		return false;
	return a->type == CG_CELL_INT ? a->u.i == b->u.i :
	    a->n == b->n && memcmp(a->u.p, b->u.p, a->n) == 0;
}

/* Rows sent together are swept at once: no two of them may have one key. */
static bool
staged(const struct cg_stage *s, const struct bulk *b, const struct cg_cell *cell)
{
	size_t i, k;

	for (i = 0; i < s->n; i++) {
		for (k = 0; k < b->nkey; k++)
			if (!same_cell(&s->cell[i * b->ncolumns + k], &cell[k]))
				break;
		if (k == b->nkey)
			return true;
	}
	return false;
}

enum cg_err
cg_bulk_put(struct cg_db *db, enum cg_bulk kind, const struct cg_origin *origin,
    const struct cg_cell *cell, size_t n)
{
	struct cg_stage *s = &db->stage[kind];
	size_t bytes = count_bytes(cell, n);
	enum cg_err e;

	if (n != bulks[kind].ncolumns)
		return cg_db_say(db, db->failed = CG_DB,
		    "a row of %s has %zu values, not %zu", bulks[kind].table,
		    bulks[kind].ncolumns, n);
	if ((e = cg_bulk_make_way(db, kind, bytes)) != CG_OK)
		return e;
	if (bulks[kind].sweep != NULL && staged(s, &bulks[kind], cell) &&
	    (e = flush(db, kind)) != CG_OK)
		return e;
	if (bytes + SPARE > db->packet_max)
		return cg_db_say(db, CG_LIMIT, "larger than the database takes "
		    "(max_allowed_packet)");
	if ((e = make_room(db, s, n)) != CG_OK)
		return e;
	memcpy(s->cell + s->n * n, cell, n * sizeof(*cell));
	s->origin[s->n++] = *origin;
	s->bytes += bytes;
	return CG_OK;
}

/* The time stands in the statements: they are prepared anew. */
void
cg_db_as_of(struct cg_db *db, int64_t utc)
{
	if (utc != db->as_of)
		cg_bulk_close(db);
	db->as_of = utc;
}

/* ---- the end ---- */

void
cg_bulk_forget(struct cg_db *db)
{
	size_t kind;

	for (kind = 0; kind < CG_BULK__MAX; kind++)
		forget(&db->stage[kind]);
}

bool
cg_bulk_empty(const struct cg_db *db)
{
	size_t kind;

	for (kind = 0; kind < CG_BULK__MAX; kind++)
		if (db->stage[kind].n > 0)
			return false;
	return true;
}

void
cg_bulk_close(struct cg_db *db)
{
	size_t kind;

	for (kind = 0; kind < CG_BULK__MAX; kind++) {
		cg_stmt_close(&db->stage[kind].insert);
		cg_stmt_close(&db->stage[kind].sweep);
	}
}

void
cg_bulk_free(struct cg_db *db)
{
	size_t kind;

	for (kind = 0; kind < CG_BULK__MAX; kind++) {
		free(db->stage[kind].cell);
		free(db->stage[kind].origin);
	}
}
