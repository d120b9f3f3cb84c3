#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "work.h"

#define FIRST_ROOM	64

typedef char serial[CG_SERIAL_MAX + 1];

struct cg_work {
	serial		*sn;		/* sorted */
	size_t		 n;
	size_t		 cap;
	int64_t		 renewed;	/* in this turn; INT64_MIN: never */
	bool		 full;		/* no memory for more */
};

void
cg_work_free(struct cg_work *w)
{
	if (w == NULL)
		return;
	free(w->sn);
	free(w);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool
grow(struct cg_work *w)
{
	size_t cap = w->cap == 0 ? FIRST_ROOM : 2 * w->cap;
	serial *p = realloc(w->sn, cap * sizeof(*p));

	if (p == NULL)
		return false;
	w->sn = p;
	w->cap = cap;
	return true;
}

/* Rows of others may name what is no serial: no clock asks for those. */
static void
add(void *arg, struct cg_str sn)
{
	struct cg_work *w = arg;

	if (!cg_serial_ok(sn) || w->full)
		return;
	if (w->n == w->cap && !grow(w)) {
		w->full = true;
		return;
	}
	memcpy(w->sn[w->n], sn.p, sn.n);
	w->sn[w->n++][sn.n] = '\0';
}

enum cg_err
cg_work_renew(struct cg_app *app)
{
	struct cg_work *w = app->work;
	enum cg_err e;

	if (w == NULL || w->renewed == app->turn)
		return CG_OK;
	w->n = 0;
	w->full = false;
	w->renewed = INT64_MIN;
	if ((e = cg_db_open(app->db)) != CG_OK ||
	    (e = cg_command_waiting(app->db, add, w)) != CG_OK)
		return e;
	if (w->full)
		return CG_NOMEM;
	if (w->n > 0)
		qsort(w->sn, w->n, sizeof(*w->sn), compare);
	w->renewed = app->turn;
	return CG_OK;
}

enum cg_err
cg_work_for(struct cg_app *app, const struct cg_device *d, bool *any)
{
	struct cg_work *w = app->work;
	enum cg_err e;

	*any = true;
	if (w == NULL) {
		if ((w = app->work = calloc(1, sizeof(*w))) == NULL)
			return CG_NOMEM;
		w->renewed = INT64_MIN;
		return CG_OK;
	}
	if ((e = cg_work_renew(app)) != CG_OK)
		return e;
	*any = w->n > 0 &&
	    bsearch(d->sn, w->sn, w->n, sizeof(*w->sn), compare) != NULL;
	return CG_OK;
}
