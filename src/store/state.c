/*
 * What "check" wants to know of the database, beside that it works.
 */
#include "config.h"

#include "db.h"

/* Columns: version, packet, durable, utc. */
static enum cg_err
take_server(void *arg, const struct cg_row *row)
{
	struct cg_db_state *s = arg;

	cg_copy(s->version, sizeof(s->version), row->value[0]);
	if (cg_str_i64(row->value[1], 0, INT64_MAX, &s->packet_max) != CG_OK ||
	    cg_str_i64(row->value[3], 0, INT64_MAX, &s->utc) != CG_OK)
		return CG_DB;
	s->durable = cg_str_eq(row->value[2], cg_lit("1"));
	return CG_OK;
}

enum cg_err
cg_db_state(struct cg_db *db, struct cg_db_state *out)
{
	return cg_db_ask(db, CG_Q_STATE, NULL, 0, take_server, out);
}

/* Columns: pending, active. */
static enum cg_err
take_count(void *arg, const struct cg_row *row)
{
	struct cg_device_count *c = arg;

	if (cg_str_u32(row->value[0], UINT32_MAX, &c->pending) != CG_OK ||
	    cg_str_u32(row->value[1], UINT32_MAX, &c->active) != CG_OK)
		return CG_DB;
	return CG_OK;
}

enum cg_err
cg_device_count(struct cg_db *db, struct cg_device_count *out)
{
	return cg_db_ask(db, CG_Q_DEVICE_COUNT, NULL, 0, take_count, out);
}
