/*
 * Settings of one clock that differ from the configuration.
 */
#include "config.h"

#include "db.h"

struct load {
	struct cg_arena	*arena;
	struct cg_str	*option;
};

/* zone and charset are no options: cg_device_find has them. */
static enum cg_err
take(void *arg, const struct cg_row *row)
{
	const struct load *l = arg;
	const struct cg_option *o = cg_option_find(row->value[0]);

	if (o == NULL)
		return CG_OK;
	return cg_arena_keep(l->arena, row->value[1],
	    &l->option[o - cg_options]) ? CG_OK : CG_NOMEM;
}

enum cg_err
cg_settings_load(struct cg_db *db, uint32_t device, struct cg_arena *arena,
    struct cg_str option[CG_OPTION_COUNT])
{
	struct load l = { arena, option };
	struct cg_cell cell[] = { cg_cell_int(device) };

	return cg_db_ask(db, CG_Q_SETTING_LOAD, cell, CG_LEN(cell), take, &l);
}

struct each {
	cg_setting_fn	*fn;
	void		*arg;
};

static enum cg_err
take_any(void *arg, const struct cg_row *row)
{
	const struct each *each = arg;

	each->fn(each->arg, row->value[0], row->value[1]);
	return CG_OK;
}

enum cg_err
cg_settings_each(struct cg_db *db, uint32_t device, cg_setting_fn *fn, void *arg)
{
	struct each each = { fn, arg };
	struct cg_cell cell[] = { cg_cell_int(device) };

	return cg_db_ask(db, CG_Q_SETTING_LOAD, cell, CG_LEN(cell), take_any,
	    &each);
}

static enum cg_err
set_or_unset(struct cg_db *db, struct cg_str sn, struct cg_str name,
    struct cg_str value)
{
	struct cg_cell set[] = {
		cg_cell_text(name), cg_cell_text(value), cg_cell_text(sn)
	};
	struct cg_cell unset[] = { cg_cell_text(name), cg_cell_text(sn) };

	if (value.p != NULL)
		return cg_db_run(db, CG_Q_SETTING_SET, set, CG_LEN(set), NULL);
	return cg_db_run(db, CG_Q_SETTING_UNSET, unset, CG_LEN(unset), NULL);
}

/* The row of the clock is touched, for running programs to notice. */
enum cg_err
cg_device_set(struct cg_db *db, struct cg_str sn, struct cg_str name,
    struct cg_str value)
{
	struct cg_cell clock[] = { cg_cell_text(sn) };
	enum cg_err e = set_or_unset(db, sn, name, value);

	return e == CG_OK ? cg_db_meet(db, CG_Q_DEVICE_TOUCH, clock,
	    CG_LEN(clock)) : e;
}
