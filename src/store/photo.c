/*
 * Photos taken at punches, and pictures of people.
 */
#include "config.h"

#include "db.h"

static const struct cg_str kinds[CG_PHOTO__MAX] = {
	[CG_PHOTO_PUNCH] = CG_STR("punch"),
	[CG_PHOTO_FAILED] = CG_STR("failed"),
	[CG_PHOTO_USER] = CG_STR("user"),
	[CG_PHOTO_BIO] = CG_STR("bio"),
};

enum cg_err
cg_image_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_image *i)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(kinds[i->kind]),
		cg_cell_text(i->pin),
		cg_cell_time(i->at != NULL ? &i->at->time : NULL),
		cg_cell_odd_time(i->at),
		cg_cell_int((int64_t)i->bytes.n),
		cg_cell_bytes(i->bytes),
		cg_cell_maybe(i->extra),
	};

	return cg_bulk_put(db, CG_BULK_PHOTO, from, cell, CG_LEN(cell));
}
