/*
 * What could not be read, or not be stored: kept verbatim.
 */
#include "config.h"

#include "db.h"

#define NAME_MAX_BYTES		32
#define REASON_MAX_BYTES	255

/* None of these values can be refused: there is nowhere else to go. */
enum cg_err
cg_rejected_put(struct cg_db *db, const struct cg_origin *from,
    struct cg_str reason)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_plain(db->reasons, from->endpoint, NAME_MAX_BYTES),
		cg_cell_plain(db->reasons, from->table, NAME_MAX_BYTES),
		cg_cell_bytes(from->line),
		cg_cell_plain(db->reasons, reason, REASON_MAX_BYTES),
	};

	return cg_bulk_put(db, CG_BULK_REJECTED, from, cell, CG_LEN(cell));
}
