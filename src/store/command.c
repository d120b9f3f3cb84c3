/*
 * Commands: so far only their results.
 */
#include "config.h"

#include "db.h"

/* An id of ours has digits only; clocks also echo ids of others. */
static bool
id_of(struct cg_str s, int64_t *id)
{
	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9')
		return false;
	return cg_str_i64(s, 0, INT64_MAX, id) == CG_OK;
}

enum cg_err
cg_command_settle(struct cg_db *db, struct cg_str sn, const struct cg_result *r)
{
	struct cg_str reply = r->payload.n > 0 ? r->payload : r->raw;
	uint64_t rows;
	int64_t id;
	enum cg_err e;

	if (!id_of(r->id, &id))
		return CG_UNKNOWN;
	struct cg_cell cell[] = {
		cg_cell_text(r->code >= 0 ? cg_lit("done") : cg_lit("failed")),
		cg_cell_number(r->code),
		cg_cell_bytes(reply),
		cg_cell_int(id),
		cg_cell_text(sn),
		cg_cell_number(r->code),
		cg_cell_bytes(reply),
	};
	e = cg_db_run(db, CG_Q_COMMAND_SETTLE, cell, CG_LEN(cell), &rows);
	if (e != CG_OK)
		return e;
	return rows > 0 ? CG_OK : CG_UNKNOWN;
}
