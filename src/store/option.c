/*
 * What clocks report about their own settings.
 */
#include "config.h"

#include "db.h"

/* What lets somebody in at the clock, or as the clock, is nobody's to read here. */
static struct cg_str
shown(const struct cg_device_option *o)
{
	return cg_item_secret(o->name) ? cg_lit("") : o->value;
}

enum cg_err
cg_device_option_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_device_option *o)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(o->name),
		cg_cell_text(shown(o)),
	};

	return cg_bulk_put(db, CG_BULK_OPTION, from, cell, CG_LEN(cell));
}
