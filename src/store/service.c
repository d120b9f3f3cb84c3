/*
 * What people may ask for at a clock: services, and their last punches.
 */
#include "config.h"

#include "db.h"

#define LIST_MAX	100		/* services of a menu, punches of an answer */

static const struct cg_str sources[CG_SERVICE__MAX] = {
	[CG_SERVICE_FIXED] = CG_STR("fixed"),
	[CG_SERVICE_PUNCHES] = CG_STR("punches"),
	[CG_SERVICE_TEXT] = CG_STR("text"),
};

static enum cg_service_source
source_of(struct cg_str s)
{
	size_t i = cg_str_index(sources, CG_LEN(sources), s);

	return i < CG_LEN(sources) ? (enum cg_service_source)i :
	    CG_SERVICE_FIXED;
}

/* ---- services ---- */

struct services {
	struct cg_arena		*arena;
	struct cg_service	*service;
	size_t			 n;
};

/* Columns: number, name, style, text_from, text. */
static enum cg_err
take_service(void *arg, const struct cg_row *row)
{
	struct services *list = arg;
	struct cg_service *s = &list->service[list->n];

	if (list->n == LIST_MAX ||
	    cg_str_i32(row->value[0], 1, INT32_MAX, &s->number) != CG_OK ||
	    cg_str_i32(row->value[2], 0, INT32_MAX, &s->style) != CG_OK)
		return CG_OK;
	s->source = source_of(row->value[3]);
	if (!cg_arena_keep(list->arena, row->value[1], &s->name) ||
	    !cg_arena_keep(list->arena, row->value[4], &s->text))
		return CG_NOMEM;
	list->n++;
	return CG_OK;
}

enum cg_err
cg_services_load(struct cg_db *db, struct cg_arena *arena,
    const struct cg_service **service, size_t *n)
{
	struct services s = { .arena = arena };
	enum cg_err e;

	s.service = cg_arena_get(arena, (LIST_MAX + 1) * sizeof(*s.service));
	if (s.service == NULL)
		return CG_NOMEM;
	e = cg_db_ask(db, CG_Q_SERVICES, NULL, 0, take_service, &s);
	if (e == CG_OK) {
		*service = s.service;
		*n = s.n;
	}
	return e;
}

struct text {
	struct cg_arena	*arena;
	struct cg_str	*out;
	bool		 found;
};

static enum cg_err
take_text(void *arg, const struct cg_row *row)
{
	struct text *t = arg;

	t->found = true;
	return cg_arena_keep(t->arena, row->value[0], t->out) ? CG_OK : CG_NOMEM;
}

enum cg_err
cg_service_text(struct cg_db *db, int32_t service, struct cg_str pin,
    struct cg_arena *arena, struct cg_str *text)
{
	struct cg_cell cell[] = { cg_cell_int(service), cg_cell_text(pin) };
	struct cg_str found;
	struct text t = { arena, &found, false };
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_SERVICE_TEXT, cell, CG_LEN(cell), take_text, &t);
	if (e == CG_OK && !t.found)
		e = CG_UNKNOWN;
	if (e == CG_OK)
		*text = found;
	return e;
}

/* ---- last punches ---- */

struct punches {
	struct cg_arena		*arena;
	struct cg_last_punch	*punch;
	size_t			 n;
	size_t			 max;
};

/* Columns: name, punched_at, state, its name, work_code. */
static enum cg_err
take_punch(void *arg, const struct cg_row *row)
{
	struct punches *list = arg;
	struct cg_last_punch *p = &list->punch[list->n];

	if (list->n == list->max)
		return CG_OK;
	if (!cg_arena_keep(list->arena, row->value[0], &p->name) ||
	    !cg_arena_keep(list->arena, row->value[1], &p->at) ||
	    !cg_arena_keep(list->arena, row->value[2], &p->state) ||
	    !cg_arena_keep(list->arena, row->value[3], &p->state_name) ||
	    !cg_arena_keep(list->arena, row->value[4], &p->work_code))
		return CG_NOMEM;
	list->n++;
	return CG_OK;
}

enum cg_err
cg_last_punches(struct cg_db *db, uint32_t device, struct cg_str pin,
    unsigned max, struct cg_arena *arena, const struct cg_last_punch **punch,
    size_t *n)
{
	struct punches p = { .arena = arena, .max = max };
	struct cg_cell cell[] = {
		cg_cell_int(device), cg_cell_text(pin), cg_cell_int(0),
		cg_cell_int(max)
	};
	enum cg_err e;

	if ((p.punch = cg_arena_get(arena, (max + 1) * sizeof(*p.punch))) ==
	    NULL)
		return CG_NOMEM;
	e = cg_db_ask(db, CG_Q_LAST_PUNCHES, cell, CG_LEN(cell), take_punch, &p);
	if (e == CG_OK && p.n == 0) {	/* better one with an odd time than none */
		cell[2] = cg_cell_int(1);
		e = cg_db_ask(db, CG_Q_LAST_PUNCHES, cell, CG_LEN(cell),
		    take_punch, &p);
	}
	if (e == CG_OK) {
		*punch = p.punch;
		*n = p.n;
	}
	return e;
}
