/*
 * Classes of dangerous commands: which are open, and until when.
 */
#include "config.h"

#include "command.h"

#include <stdio.h>

struct cg_cell
cg_cell_danger(enum cg_danger class)
{
	return class != CG_SAFE ? cg_cell_text(cg_str_of(cg_danger_name(class))) :
	    cg_cell_number(CG_NONE);
}

enum cg_danger
cg_danger_of(struct cg_str name)
{
	int d;

	for (d = CG_SAFE + 1; d < CG_DANGER__MAX; d++)
		if (cg_str_eq(name, cg_str_of(cg_danger_name((enum cg_danger)d))))
			return (enum cg_danger)d;
	return CG_SAFE;
}

/* Columns: class, until_utc, opened_by, reason. */
static enum cg_err
take_opening(void *arg, const struct cg_row *row)
{
	struct cg_openings *o = arg;
	struct cg_opening *to = &o->of[cg_danger_of(row->value[0])];

	cg_copy(to->until, sizeof(to->until), row->value[1]);
	cg_copy(to->by, sizeof(to->by), row->value[2]);
	cg_copy(to->reason, sizeof(to->reason), row->value[3]);
	return CG_OK;
}

enum cg_err
cg_dangers_load(struct cg_db *db, struct cg_openings *out)
{
	int d;

	for (d = 0; d < CG_DANGER__MAX; d++)
		out->of[d].until[0] = out->of[d].by[0] =
		    out->of[d].reason[0] = '\0';
	return cg_db_ask(db, CG_Q_DANGER_LOAD, NULL, 0, take_opening, out);
}

enum cg_err
cg_danger_check(const struct cg_openings *o, unsigned allowed,
    enum cg_danger class, char why[CG_WHY_MAX])
{
	const char *name = cg_danger_name(class);

	if (class == CG_SAFE)
		return CG_OK;
	if ((allowed & 1u << class) == 0) {
		(void)snprintf(why, CG_WHY_MAX, "commands of the class %s are "
		    "not allowed: write %s = yes in [commands] of clockgate.ini, "
		    "and restart the programs", name, name);
		return CG_DENIED;
	}
	if (o->of[class].until[0] == '\0') {
		(void)snprintf(why, CG_WHY_MAX, "the class %s is not open: type "
		    "clockgate allow %s --minutes 30 --reason TEXT, and queue "
		    "the command again", name, name);
		return CG_DENIED;
	}
	return CG_OK;
}

static enum cg_err
change(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell, size_t n,
    const struct cg_audit *a)
{
	enum cg_err e;

	if ((e = cg_db_meet(db, q, cell, n)) == CG_OK &&
	    (e = cg_audit_put(db, a)) == CG_OK)
		e = cg_db_commit(db);
	if (e != CG_OK)
		cg_db_rollback(db);
	return e;
}

enum cg_err
cg_danger_open(struct cg_db *db, enum cg_danger class, unsigned minutes,
    struct cg_str who, struct cg_str reason)
{
	struct cg_cell cell[] = {
		cg_cell_text(cg_str_of(cg_danger_name(class))),
		cg_cell_int(minutes),
		cg_cell_text(who),
		cg_cell_text(reason),
	};
	struct cg_audit a = { .action = CG_AUDIT_OPENED, .class = class,
	    .who = who, .why = reason };
	char what[64];

	(void)snprintf(what, sizeof(what), "for %u minutes", minutes);
	a.what = cg_str_of(what);
	return change(db, CG_Q_DANGER_OPEN, cell, CG_LEN(cell), &a);
}

enum cg_err
cg_danger_close(struct cg_db *db, enum cg_danger class, struct cg_str who)
{
	struct cg_cell cell[] = {
		cg_cell_text(cg_str_of(cg_danger_name(class)))
	};
	struct cg_audit a = { .action = CG_AUDIT_CLOSED, .class = class,
	    .who = who };

	return change(db, CG_Q_DANGER_CLOSE, cell, CG_LEN(cell), &a);
}
