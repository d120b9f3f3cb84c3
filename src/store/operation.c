/*
 * Operations: what was done at the clocks.
 */
#include "config.h"

#include "db.h"

enum cg_err
cg_operation_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_operation *o)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_int(o->code),
		cg_cell_text(o->admin_pin),
		cg_cell_time(&o->at.time),
		cg_cell_odd_time(&o->at),
		cg_cell_text(o->object[0]),
		cg_cell_text(o->object[1]),
		cg_cell_text(o->object[2]),
		cg_cell_text(o->object[3]),
		cg_cell_maybe(o->extra),
	};

	return cg_bulk_put(db, CG_BULK_OPERATION, from, cell, CG_LEN(cell));
}
