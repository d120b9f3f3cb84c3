/*
 * Messages, work codes and the like that clocks hold, and their events.
 */
#include "config.h"

#include "db.h"

#define KIND_MAX_BYTES	32

enum cg_err
cg_item_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_item *i)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(i->kind),
		cg_cell_text(i->key),
		cg_cell_text(i->fields),
	};

	return cg_bulk_put(db, CG_BULK_ITEM, from, cell, CG_LEN(cell));
}

enum cg_err
cg_event_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_event *ev)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_plain(db->scrap, ev->kind, KIND_MAX_BYTES),
		cg_cell_text(ev->fields),
	};

	return cg_bulk_put(db, CG_BULK_EVENT, from, cell, CG_LEN(cell));
}
