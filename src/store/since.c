/*
 * What a clock has told anew since some moment: an old upload that is read
 * again must not undo it.
 */
#include "config.h"

#include "db.h"

enum cg_err
cg_told_since(struct cg_db *db, uint32_t device, const struct cg_record *rec,
    int64_t utc, bool *newer)
{
	struct cg_cell cell[6] = { cg_cell_int(device), cg_cell_utc(utc) };
	size_t n = 2;
	uint32_t rows;
	enum cg_stmt q;
	enum cg_err e;

	*newer = false;
	switch (rec->kind) {
	case CG_REC_USER:
		q = CG_Q_SINCE_USER;
		cell[n++] = cg_cell_text(rec->u.user.pin);
		break;
	case CG_REC_TEMPLATE:
		q = CG_Q_SINCE_TEMPLATE;
		cell[n++] = cg_cell_text(rec->u.template.pin);
		cell[n++] = cg_cell_int(rec->u.template.type);
		cell[n++] = cg_cell_key(rec->u.template.no);
		cell[n++] = cg_cell_key(rec->u.template.index);
		break;
	case CG_REC_OPTION:
		q = CG_Q_SINCE_OPTION;
		cell[n++] = cg_cell_text(rec->u.option.name);
		break;
	case CG_REC_ITEM:
		q = CG_Q_SINCE_ITEM;
		cell[n++] = cg_cell_text(rec->u.item.kind);
		cell[n++] = cg_cell_text(rec->u.item.key);
		break;
	default:
		return CG_OK;	/* it happened once, and stays as it was */
	}
	e = cg_db_ask_u32(db, q, cell, n, &rows);
	*newer = e == CG_OK && rows > 0;
	return e;
}
