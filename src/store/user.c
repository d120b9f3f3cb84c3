/*
 * People on a clock.  What a line did not tell stays as it was.
 */
#include "config.h"

#include "db.h"

enum cg_err
cg_user_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_user *u)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(u->pin),
		cg_cell_maybe(u->name),
		cg_cell_number(u->privilege),
		cg_cell_maybe(u->password),
		cg_cell_maybe(u->card),
		cg_cell_number(u->group_no),
		cg_cell_maybe(u->time_zones),
		cg_cell_number(u->verify),
		cg_cell_maybe(u->vice_card),
		cg_cell_maybe(u->extra),
	};

	return cg_bulk_put(db, CG_BULK_USER, from, cell, CG_LEN(cell));
}
