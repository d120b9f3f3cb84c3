/*
 * Stamps: how far each upload of each clock has come.
 *
 * '0' is an order, ours or of another program, to send all again: it stays,
 * whatever the clock uploads before it reads it.  A 0 that the clock itself
 * sent is kept as '', for the next upload to replace.
 */
#include "config.h"

#include "db.h"

#include <string.h>

static const struct cg_str zero = CG_STR("0");

#define FIRST	8			/* stamps there is room for at once */

enum cg_err
cg_stamp_put(struct cg_db *db, uint32_t device, struct cg_str table,
    struct cg_str stamp)
{
	const struct cg_origin from = {
		.device = device, .endpoint = cg_lit(""),
		.table = table, .line = stamp };
	struct cg_cell cell[] = {
		cg_cell_int(device),
		cg_cell_text(table),
		cg_cell_text(cg_str_eq(stamp, zero) ? cg_lit("") : stamp),
	};

	return cg_bulk_put(db, CG_BULK_STAMP, &from, cell, CG_LEN(cell));
}

struct stamps {
	struct cg_arena	*arena;
	struct cg_stamp	*stamp;
	size_t		 n;
	size_t		 cap;
};

static enum cg_err
make_room(struct stamps *s)
{
	size_t cap = s->cap == 0 ? FIRST : 2 * s->cap;
	struct cg_stamp *p;

	if (s->n < s->cap)
		return CG_OK;
	if ((p = cg_arena_get(s->arena, cap * sizeof(*p))) == NULL)
		return CG_NOMEM;
	if (s->n > 0)
		memcpy(p, s->stamp, s->n * sizeof(*p));
	s->stamp = p;
	s->cap = cap;
	return CG_OK;
}

static enum cg_err
take(void *arg, const struct cg_row *row)
{
	struct stamps *s = arg;
	struct cg_stamp *to;
	enum cg_err e;

	if ((e = make_room(s)) != CG_OK)
		return e;
	to = &s->stamp[s->n++];
	return cg_arena_keep(s->arena, row->value[0], &to->table) &&
	    cg_arena_keep(s->arena, row->value[1], &to->stamp) ? CG_OK : CG_NOMEM;
}

enum cg_err
cg_stamps_load(struct cg_db *db, uint32_t device, struct cg_arena *arena,
    const struct cg_stamp **stamp, size_t *n)
{
	struct stamps s = { .arena = arena };
	struct cg_cell cell[] = { cg_cell_int(device) };
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_STAMP_LOAD, cell, CG_LEN(cell), take, &s);
	if (e == CG_OK) {
		*stamp = s.stamp;
		*n = s.n;
	}
	return e;
}

enum cg_err
cg_stamps_reset(struct cg_db *db, uint32_t device, struct cg_str table)
{
	struct cg_cell cell[] = { cg_cell_int(device), cg_cell_text(table) };

	if (table.n == 0)
		return cg_db_run(db, CG_Q_STAMP_RESET, cell, 1, NULL);
	return cg_db_run(db, CG_Q_STAMP_ORDER, cell, CG_LEN(cell), NULL);
}

enum cg_err
cg_stamps_told(struct cg_db *db, const struct cg_device *d,
    const struct cg_stamp *stamp, size_t n)
{
	struct cg_cell clock[] = { cg_cell_text(cg_str_of(d->sn)) };
	uint64_t orders = 0;
	enum cg_err e = CG_OK;
	size_t i;

	for (i = 0; e == CG_OK && i < n; i++) {
		struct cg_cell cell[] = {
			cg_cell_int(d->id), cg_cell_text(stamp[i].table)
		};
		uint64_t rows = 0;

		if (cg_str_eq(stamp[i].stamp, zero))
			e = cg_db_run(db, CG_Q_STAMP_TOLD, cell, CG_LEN(cell),
			    &rows);
		orders += rows;
	}
	if (e == CG_OK && orders > 0)	/* other processes remember stamps */
		e = cg_db_run(db, CG_Q_DEVICE_TOUCH, clock, CG_LEN(clock), NULL);
	return e;
}
