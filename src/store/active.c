/*
 * Many clocks in one statement: which are active, and when they were here.
 */
#include "config.h"

#include "command.h"

/* ---- which are active ---- */

struct found {
	uint32_t	 active;	/* how many of those that were asked for */
	bool		 queries;	/* some of some clock are open */
};

static enum cg_err
take_count(void *arg, const struct cg_row *row)
{
	struct found *f = arg;

	f->queries = !cg_str_eq(row->value[1], cg_lit("0"));
	return cg_str_u32(row->value[0], UINT32_MAX, &f->active) == CG_OK ? CG_OK :
	    CG_DB;
}

/* Each place costs, so there are statements of fewer. */
static const struct ask {
	size_t		 places;
	enum cg_stmt	 q;
} asks[] = {
	{ 1, CG_Q_DEVICE_ACTIVE },
	{ 4, CG_Q_DEVICE_ACTIVE_4 },
	{ 8, CG_Q_DEVICE_ACTIVE_8 },
	{ 16, CG_Q_DEVICE_ACTIVE_16 },
	{ 32, CG_Q_DEVICE_ACTIVE_32 },
	{ CG_ACTIVE_MAX, CG_Q_DEVICE_ACTIVE_64 },
};

static enum cg_err
count_active(struct cg_db *db, const uint32_t *device, size_t n, uint32_t *active)
{
	struct cg_cell cell[CG_ACTIVE_MAX];
	const struct ask *ask;
	struct found f = { 0, true };
	enum cg_err e;
	size_t i;

	for (ask = asks; ask->places < n; ask++)
		;
	/* places that are left over ask for the first once more */
	for (i = 0; i < ask->places; i++)
		cell[i] = cg_cell_int(device[i < n ? i : 0]);
	e = cg_db_ask(db, ask->q, cell, ask->places, take_count, &f);
	if (e == CG_OK && !f.queries)
		cg_query_none(db);
	*active = f.active;
	return e;
}

static size_t
distinct(const uint32_t *device, size_t n)
{
	size_t i, k, count = 0;

	for (i = 0; i < n; i++) {
		for (k = 0; k < i && device[k] != device[i]; k++)
			;
		count += k == i;
	}
	return count;
}

enum cg_err
cg_device_active(struct cg_db *db, const uint32_t *device, bool *active, size_t n)
{
	enum cg_err e;
	uint32_t found;
	bool all;
	size_t i;

	if ((e = count_active(db, device, n, &found)) != CG_OK)
		return e;
	all = found == distinct(device, n);
	for (i = 0; i < n; i++)
		active[i] = all;
	for (i = 0; e == CG_OK && !all && i < n; i++) {
		e = count_active(db, &device[i], 1, &found);
		active[i] = found == 1;
	}
	return e;
}

/* ---- when they were here ---- */

#define SEEN_MAX	40000	/* of one statement: more than are here in a second */
#define ID_MAX		11	/* with its comma */

static const char seen_again[] =
    "UPDATE device_state SET last_seen_utc = ?"
    " WHERE (last_seen_utc IS NULL OR last_seen_utc < ?) AND device_id IN (";

/* Numbers of ours, so many that their places alone would be a burden. */
static enum cg_err
put_again(struct cg_db *db, int64_t utc, const uint32_t *device, size_t n)
{
	struct cg_cell cell[] = { cg_cell_utc(utc), cg_cell_utc(utc) };
	MYSQL_STMT *stmt = NULL;
	struct cg_buf sql;
	enum cg_err e;
	size_t i;

	cg_buf_init(&sql, db->scrap, sizeof(seen_again) + n * ID_MAX + 1);
	cg_buf_putz(&sql, seen_again);
	for (i = 0; i < n; i++) {
		cg_buf_putz(&sql, i > 0 ? "," : "");
		cg_buf_putu(&sql, device[i]);
	}
	cg_buf_putz(&sql, ")");
	if (sql.full)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for a statement");
	if ((e = cg_db_ready(db)) != CG_OK ||
	    (e = cg_stmt_prepare(db, sql.p, sql.n, &stmt)) != CG_OK)
		return e;
	db->wrote = true;
	e = cg_stmt_execute(db, stmt, cell, CG_LEN(cell));
	cg_stmt_close(&stmt);
	return e;
}

enum cg_err
cg_seen_again(struct cg_db *db, int64_t utc, const uint32_t *device, size_t n)
{
	enum cg_err e = CG_OK;
	size_t now;

	for (; e == CG_OK && n > 0; device += now, n -= now) {
		now = n < SEEN_MAX ? n : SEEN_MAX;
		e = put_again(db, utc, device, now);
	}
	return e;
}
