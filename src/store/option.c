/*
 * What clocks report about their own settings.
 */
#include "config.h"

#include "db.h"

enum cg_err
cg_device_option_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_device_option *o)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(o->name),
		cg_cell_text(o->value),
	};

	return cg_bulk_put(db, CG_BULK_OPTION, from, cell, CG_LEN(cell));
}
