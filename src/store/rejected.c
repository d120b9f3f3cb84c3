/*
 * What could not be read, or not be stored: kept verbatim.
 */
#include "config.h"

#include "secret.h"

#include <string.h>

#define NAME_MAX_BYTES		32
#define REASON_MAX_BYTES	255
#define VALUES_MAX_BYTES	1024	/* of all but the line */
#define LINE_MAX_BYTES		((size_t)8 * 1024 * 1024)

enum { ENDPOINT = 1, TABLE, LINE, REASON, KEY };

/* A line that could not be read may hold anything. */
static enum cg_err
seal(struct cg_db *db, const struct cg_origin *from, struct cg_cell *cell)
{
	struct cg_place place = cg_rejected_place(from->device,
	    (struct cg_str){ cell[ENDPOINT].u.p, cell[ENDPOINT].n },
	    (struct cg_str){ cell[TABLE].u.p, cell[TABLE].n });

	return cg_secrets_seal(db, &place, &(struct cg_secret){ "line",
	    CG_SEALED_BYTES, &cell[LINE] }, 1, &cell[KEY]);
}

/*
 * None of these values can be refused: there is nowhere else to go.  Copies
 * are made when no others have to be sent first.
 */
static enum cg_err
put_piece(struct cg_db *db, const struct cg_origin *from, struct cg_str reason)
{
	size_t n = reason.n < REASON_MAX_BYTES ? reason.n : REASON_MAX_BYTES;
	enum cg_err e;
	char *copy;

	if ((e = cg_bulk_make_way(db, CG_BULK_REJECTED,
	    from->line.n + VALUES_MAX_BYTES)) != CG_OK)
		return e;
	if ((copy = cg_arena_get(db->reasons, n)) == NULL)
		return cg_db_say(db, db->failed = CG_NOMEM, "no memory for a reason");
	memcpy(copy, reason.p, n);
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_plain(db->reasons, from->endpoint, NAME_MAX_BYTES),
		cg_cell_plain(db->reasons, from->table, NAME_MAX_BYTES),
		cg_cell_bytes(from->line),
		cg_cell_plain(db->reasons, (struct cg_str){ copy, n }, n),
		cg_cell_int(0),
	};

	if (from->privacy == CG_PRIVACY_VAULT &&
	    (e = seal(db, from, cell)) != CG_OK)
		return e;
	return cg_bulk_put(db, CG_BULK_REJECTED, from, cell, CG_LEN(cell));
}

enum cg_err
cg_rejected_put(struct cg_db *db, const struct cg_origin *from,
    struct cg_str reason)
{
	struct cg_origin piece = *from;
	struct cg_str rest = from->line;
	size_t max = db->packet_max / 2 < LINE_MAX_BYTES ?
	    (size_t)db->packet_max / 2 : LINE_MAX_BYTES;
	enum cg_err e;

	if (from->privacy == CG_PRIVACY_NONE &&
	    cg_upload_secret(from->table, from->line))
		return cg_discard_put(db, from, CG_DISCARD_LINE);
	do {
		piece.line = cg_str_head(rest, rest.n < max ? rest.n : max);
		rest = cg_str_from(rest, piece.line.n);
		e = put_piece(db, &piece, reason);
		max--;		/* so that equal pieces are not one row */
	} while (e == CG_OK && rest.n > 0);
	return e;
}

struct take {
	struct cg_db	*db;
	struct cg_arena	*arena;
	struct cg_rejected *out;
	bool		 found;
};

/* Columns: id, sn, endpoint, table_name, line, device_id, when it came. */
static enum cg_err
take(void *arg, const struct cg_row *row)
{
	struct take *t = arg;
	struct cg_place place;
	struct cg_str line;
	uint32_t device;
	enum cg_err e;

	t->found = true;
	if (cg_str_i64(row->value[0], 0, INT64_MAX, &t->out->id) != CG_OK ||
	    cg_str_u32(row->value[5], UINT32_MAX, &device) != CG_OK ||
	    cg_str_i64(row->value[6], 0, INT64_MAX, &t->out->received_utc) != CG_OK)
		return CG_DB;
	place = cg_rejected_place(device, row->value[2], row->value[3]);
	if ((e = cg_secret_open(t->db, &place, "line", row->value[4], t->arena,
	    &line)) != CG_OK)
		return e;
	return cg_arena_keep(t->arena, row->value[1], &t->out->sn) &&
	    cg_arena_keep(t->arena, row->value[2], &t->out->endpoint) &&
	    cg_arena_keep(t->arena, row->value[3], &t->out->table) &&
	    cg_arena_keep(t->arena, line, &t->out->line) ?
	    CG_OK : CG_NOMEM;
}

enum cg_err
cg_rejected_next(struct cg_db *db, struct cg_str sn, int64_t after,
    struct cg_arena *arena, struct cg_rejected *out)
{
	struct take t = { db, arena, out, false };
	struct cg_cell cell[] = {
		cg_cell_int(after),
		cg_cell_text(sn),
		cg_cell_text(sn),
	};
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_REJECTED_NEXT, cell, CG_LEN(cell), take, &t);
	return e == CG_OK && !t.found ? CG_UNKNOWN : e;
}

enum cg_err
cg_rejected_drop(struct cg_db *db, int64_t id)
{
	struct cg_cell cell[] = { cg_cell_int(id) };

	return cg_db_meet(db, CG_Q_REJECTED_DROP, cell, CG_LEN(cell));
}

struct count {
	int64_t	 rows;
	int64_t	 last;
};

static enum cg_err
take_count(void *arg, const struct cg_row *row)
{
	struct count *c = arg;
	enum cg_err e;

	e = cg_str_i64(row->value[0], 0, INT64_MAX, &c->rows);
	return e != CG_OK ? e :
	    cg_str_i64(row->value[1], 0, INT64_MAX, &c->last);
}

enum cg_err
cg_rejected_count(struct cg_db *db, uint32_t device, int64_t *rows,
    int64_t *last)
{
	struct cg_cell cell[] = { cg_cell_int(device) };
	struct count c = { 0, 0 };
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_REJECTED_COUNT, cell, CG_LEN(cell), take_count,
	    &c);
	if (e != CG_OK)
		return e;
	*rows = c.rows;
	*last = c.last;
	return CG_OK;
}

enum cg_err
cg_rejected_drop_all(struct cg_db *db, uint32_t device, int64_t last,
    uint64_t *rows)
{
	struct cg_cell cell[] = { cg_cell_int(device), cg_cell_int(last) };

	return cg_db_run(db, CG_Q_REJECTED_DROP_ALL, cell, CG_LEN(cell), rows);
}
