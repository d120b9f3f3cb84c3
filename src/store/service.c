/*
 * What people may ask for at a clock: services, and their last punches.
 */
#include "config.h"

#include "db.h"

#include <string.h>

#define LIST_MAX	100		/* services of a menu */
#define OTHERS_MAX	1000		/* clocks where a person is looked for */
#define LOOKED_MAX	200000		/* punches that are looked at there, of all ... */
#define LOOKED_LEAST	1000		/* ... and at any of them */

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

/* The newest, newest first. */
struct punches {
	struct cg_db		*db;
	struct cg_arena		*arena;
	uint32_t		 device;	/* where they are asked for */
	struct cg_str		 pin;
	bool			 odd;		/* with such as have an odd time */
	struct cg_last_punch	*punch;
	size_t			 n;
	size_t			 max;
	uint32_t		*other;		/* clocks */
	size_t			 nother;
};

/* MySQL writes each with as many digits. */
static bool
is_before(struct cg_str a, struct cg_str b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) < 0;
}

/* After those of the same time: this clock comes first. */
static struct cg_last_punch *
place_for(struct punches *list, struct cg_str at)
{
	size_t i = list->n;

	while (i > 0 && is_before(list->punch[i - 1].at, at))
		i--;
	if (i == list->max)
		return NULL;
	if (list->n < list->max)
		list->n++;
	memmove(&list->punch[i + 1], &list->punch[i],
	    (list->n - i - 1) * sizeof(list->punch[i]));
	return &list->punch[i];
}

/* Columns: name, punched_at, state, its name, work_code. */
static enum cg_err
take_punch(void *arg, const struct cg_row *row)
{
	struct punches *list = arg;
	struct cg_last_punch *p = place_for(list, row->value[1]);

	if (p == NULL)
		return CG_OK;
	if (!cg_arena_keep(list->arena, row->value[0], &p->name) ||
	    !cg_arena_keep(list->arena, row->value[1], &p->at) ||
	    !cg_arena_keep(list->arena, row->value[2], &p->state) ||
	    !cg_arena_keep(list->arena, row->value[3], &p->state_name) ||
	    !cg_arena_keep(list->arena, row->value[4], &p->work_code))
		return CG_NOMEM;
	return CG_OK;
}

/* At the clock that asks, however long ago: it ends at the first ones. */
static enum cg_err
look_here(struct punches *list)
{
	struct cg_cell cell[] = {
		cg_cell_int(list->device), cg_cell_text(list->pin),
		cg_cell_int(list->odd), cg_cell_int((int64_t)list->max)
	};

	return cg_db_ask(list->db, CG_Q_LAST_PUNCHES, cell, CG_LEN(cell),
	    take_punch, list);
}

/* At another, not before the ones that are known, nor further than so many. */
static enum cg_err
look_there(struct punches *list, uint32_t device)
{
	struct cg_str since = list->n < list->max ?
	    cg_lit("1000-01-01 00:00:00") : list->punch[list->n - 1].at;
	size_t looked = LOOKED_MAX / list->nother;
	struct cg_cell cell[] = {
		cg_cell_int(device), cg_cell_text(since),
		cg_cell_int((int64_t)(looked > LOOKED_LEAST ? looked :
		    LOOKED_LEAST)),
		cg_cell_int(list->device), cg_cell_text(list->pin),
		cg_cell_int(list->odd), cg_cell_int((int64_t)list->max)
	};

	return cg_db_ask(list->db, CG_Q_LAST_ELSEWHERE, cell, CG_LEN(cell),
	    take_punch, list);
}

/* Columns: id. */
static enum cg_err
take_other(void *arg, const struct cg_row *row)
{
	struct punches *list = arg;

	if (list->nother == OTHERS_MAX || cg_str_u32(row->value[0], UINT32_MAX,
	    &list->other[list->nother]) != CG_OK)
		return CG_DB;
	list->nother++;
	return CG_OK;
}

static enum cg_err
find_others(struct punches *list)
{
	struct cg_cell cell[] = {
		cg_cell_int(list->device), cg_cell_int(OTHERS_MAX)
	};

	return cg_db_ask(list->db, CG_Q_DEVICE_OTHERS, cell, CG_LEN(cell),
	    take_other, list);
}

static enum cg_err
look(struct punches *list, bool odd)
{
	enum cg_err e;
	size_t i;

	list->odd = odd;
	e = look_here(list);
	for (i = 0; e == CG_OK && i < list->nother; i++)
		e = look_there(list, list->other[i]);
	return e;
}

enum cg_err
cg_last_punches(struct cg_db *db, uint32_t device, struct cg_str pin,
    unsigned max, struct cg_arena *arena, const struct cg_last_punch **punch,
    size_t *n)
{
	struct punches p = {
		.db = db, .arena = arena, .device = device, .pin = pin,
		.max = max
	};
	enum cg_err e;

	p.punch = cg_arena_get(arena, (max + 1) * sizeof(*p.punch));
	p.other = cg_arena_get(arena, OTHERS_MAX * sizeof(*p.other));
	if (p.punch == NULL || p.other == NULL)
		return CG_NOMEM;
	e = find_others(&p);
	if (e == CG_OK)
		e = look(&p, false);
	if (e == CG_OK && p.n == 0)	/* better one with an odd time than none */
		e = look(&p, true);
	if (e == CG_OK) {
		*punch = p.punch;
		*n = p.n;
	}
	return e;
}
