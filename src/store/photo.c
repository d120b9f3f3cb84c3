/*
 * Photos taken at punches, and pictures of people.
 */
#include "config.h"

#include "secret.h"

#include <stdio.h>

static const struct cg_str kinds[CG_PHOTO__MAX] = {
	[CG_PHOTO_PUNCH] = CG_STR("punch"),
	[CG_PHOTO_FAILED] = CG_STR("failed"),
	[CG_PHOTO_USER] = CG_STR("user"),
	[CG_PHOTO_BIO] = CG_STR("bio"),
};

enum { IMAGE = 6, EXTRA, KEY };

static enum cg_err
seal(struct cg_db *db, const struct cg_origin *from, const struct cg_image *i,
    struct cg_cell *cell)
{
	const struct cg_time *t = i->at != NULL ? &i->at->time : NULL;
	char at[32] = "";
	struct cg_place place;

	if (t != NULL)
		(void)snprintf(at, sizeof(at), "%04u-%02u-%02u %02u:%02u:%02u",
		    t->year, t->month, t->day, t->hour, t->minute, t->second);
	place = cg_photo_place(from->device, kinds[i->kind], i->pin,
	    cg_str_of(at), (struct cg_str){ cell[4].u.p, cell[4].n });
	return cg_secrets_seal(db, &place, (struct cg_secret[]){
	    { "image", CG_SEALED_BYTES, &cell[IMAGE] },
	    { "extra", CG_SEALED_TEXT, &cell[EXTRA] } }, 2, &cell[KEY]);
}

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
		cg_cell_int(0),
	};
	enum cg_err e;

	if (from->privacy == CG_PRIVACY_NONE)
		return cg_discard_put(db, from, CG_DISCARD_PHOTO);
	if (from->privacy == CG_PRIVACY_VAULT &&
	    (e = seal(db, from, i, cell)) != CG_OK)
		return e;
	return cg_bulk_put(db, CG_BULK_PHOTO, from, cell, CG_LEN(cell));
}
