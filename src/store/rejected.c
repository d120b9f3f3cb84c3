/*
 * What could not be read, or not be stored: kept verbatim.
 */
#include "config.h"

#include "db.h"

#define NAME_MAX_BYTES		32
#define REASON_MAX_BYTES	255

#define VALUES_MAX_BYTES	1024	/* of all but the line */

/*
 * None of these values can be refused: there is nowhere else to go.  Changed
 * copies are made when no others have to be sent first.
 */
enum cg_err
cg_rejected_put(struct cg_db *db, const struct cg_origin *from,
    struct cg_str reason)
{
	enum cg_err e;

	if ((e = cg_bulk_make_way(db, CG_BULK_REJECTED,
	    from->line.n + VALUES_MAX_BYTES)) != CG_OK)
		return e;
	return cg_bulk_put(db, CG_BULK_REJECTED, from, (struct cg_cell[]){
		cg_cell_int(from->device),
		cg_cell_plain(db->reasons, from->endpoint, NAME_MAX_BYTES),
		cg_cell_plain(db->reasons, from->table, NAME_MAX_BYTES),
		cg_cell_bytes(from->line),
		cg_cell_plain(db->reasons, reason, REASON_MAX_BYTES),
	}, 5);
}
