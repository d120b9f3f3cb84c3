/*
 * Punches.
 */
#include "config.h"

#include "db.h"

enum cg_err
cg_punch_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_punch *p, const struct cg_when *when)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(p->pin),
		cg_cell_time(&p->at.time),
		cg_cell_int(p->state),
		cg_cell_int(p->verify),
		cg_cell_text(p->work_code),
		cg_cell_odd_time(&p->at),
		cg_cell_utc(when->utc),
		cg_cell_int(when->suspect),
		cg_cell_text(p->reserved[0]),
		cg_cell_text(p->reserved[1]),
		cg_cell_text(p->job_code[0]),
		cg_cell_text(p->job_code[1]),
		cg_cell_text(p->job_code[2]),
		cg_cell_text(p->job_code[3]),
		cg_cell_text(p->job_code[4]),
		cg_cell_text(p->job_code[5]),
		cg_cell_text(p->tip_code[0]),
		cg_cell_text(p->tip_code[1]),
		cg_cell_text(p->tip_code[2]),
		cg_cell_maybe(p->extra),
	};

	return cg_bulk_put(db, CG_BULK_PUNCH, from, cell, CG_LEN(cell));
}

enum cg_err
cg_punch_newest(struct cg_db *db, int64_t *id)
{
	char text[24];
	enum cg_err e;

	e = cg_db_ask_text(db, CG_Q_PUNCH_NEWEST, NULL, 0, text, sizeof(text));
	if (e != CG_OK)
		return e;
	*id = 0;
	return text[0] == '\0' || cg_str_i64(cg_str_of(text), 0, INT64_MAX, id) ==
	    CG_OK ? CG_OK : CG_DB;
}
