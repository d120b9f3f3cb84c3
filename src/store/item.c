/*
 * Messages, work codes and the like that clocks hold, and their events.
 */
#include "config.h"

#include "secret.h"

#define KIND_MAX_BYTES	32

/* An identity card may bring photo and templates of its owner (notes 1.7). */
static bool
is_card(struct cg_str kind)
{
	return cg_str_eq(kind, cg_lit("IDCARD"));
}

enum cg_err
cg_item_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_item *i)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(i->kind),
		cg_cell_text(i->key),
		cg_cell_text(i->fields),
		cg_cell_int(0),
	};
	struct cg_place place;
	enum cg_err e;

	if (from->privacy == CG_PRIVACY_NONE && is_card(i->kind))
		return cg_discard_put(db, from, CG_DISCARD_CARD);
	if (from->privacy == CG_PRIVACY_VAULT && is_card(i->kind)) {
		place = cg_item_place(from->device, i->kind, i->key);
		if ((e = cg_secrets_seal(db, &place, &(struct cg_secret){
		    "fields", CG_SEALED_TEXT, &cell[3] }, 1, &cell[4])) != CG_OK)
			return e;
	}
	return cg_bulk_put(db, CG_BULK_ITEM, from, cell, CG_LEN(cell));
}

/* Anything may be in the others: results that nobody waits for, dialects. */
static bool
is_report(struct cg_str kind)
{
	return cg_str_eq(kind, cg_lit("ERRORLOG"));
}

enum cg_err
cg_event_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_event *ev)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_plain(db->scrap, ev->kind, KIND_MAX_BYTES),
		cg_cell_text(ev->fields),
		cg_cell_int(0),
	};
	struct cg_place place;
	enum cg_err e = CG_OK;

	if (from->privacy == CG_PRIVACY_NONE && !is_report(ev->kind)) {
		cell[2] = cg_cell_text(cg_lit(""));
		e = cg_discard_put(db, from, CG_DISCARD_LINE);
	} else if (from->privacy == CG_PRIVACY_VAULT) {
		place = cg_event_place(from->device,
		    (struct cg_str){ cell[1].u.p, cell[1].n });
		e = cg_secrets_seal(db, &place, &(struct cg_secret){ "fields",
		    CG_SEALED_TEXT, &cell[2] }, 1, &cell[3]);
	}
	if (e != CG_OK)
		return e;
	return cg_bulk_put(db, CG_BULK_EVENT, from, cell, CG_LEN(cell));
}
