/*
 * Which clocks are active now.
 */
#include "config.h"

#include "db.h"

struct asked {
	const uint32_t	*device;
	bool		*active;
	size_t		 n;
};

static enum cg_err
take_id(void *arg, const struct cg_row *row)
{
	struct asked *a = arg;
	uint32_t id;
	size_t i;

	if (cg_str_u32(row->value[0], UINT32_MAX, &id) != CG_OK)
		return CG_DB;
	for (i = 0; i < a->n; i++)
		if (a->device[i] == id)
			a->active[i] = true;
	return CG_OK;
}

enum cg_err
cg_device_active(struct cg_db *db, const uint32_t *device, bool *active, size_t n)
{
	struct asked a = { device, active, n };
	struct cg_cell cell[CG_ACTIVE_MAX];
	size_t i;

	for (i = 0; i < n; i++)
		active[i] = false;
	/* places that are left over ask for the first once more */
	for (i = 0; i < CG_LEN(cell); i++)
		cell[i] = cg_cell_int(device[i < n ? i : 0]);
	return cg_db_ask(db, CG_Q_DEVICE_ACTIVE, cell, CG_LEN(cell), take_id, &a);
}
