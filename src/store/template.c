/*
 * Biometric templates.
 */
#include "config.h"

#include "db.h"

/* Number and index are parts of the key: one that was not sent is 0. */
static struct cg_cell
key(int32_t number)
{
	return cg_cell_int(number != CG_NONE ? number : 0);
}

enum cg_err
cg_template_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_template *t)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(t->pin),
		cg_cell_int(t->type),
		key(t->no),
		key(t->index),
		cg_cell_number(t->valid),
		cg_cell_number(t->duress),
		cg_cell_text(t->format),
		cg_cell_text(t->major_version),
		cg_cell_text(t->minor_version),
		cg_cell_int(t->size != CG_NONE ? t->size : (int64_t)t->body.n),
		cg_cell_text(t->body),
		cg_cell_maybe(t->extra),
	};

	return cg_bulk_put(db, CG_BULK_TEMPLATE, from, cell, CG_LEN(cell));
}
