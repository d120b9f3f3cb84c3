/*
 * The ledger against the database: what was acknowledged and is not there,
 * what is there twice, what is there otherwise.
 */
#include "config.h"

#include "verify.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN	20			/* of each sort, one by one */

enum fault_kind { LOST, DOUBLED, ALTERED, FAULT_KIND__MAX };

struct verdict {
	size_t	 recorded, acknowledged, stored, others;
	size_t	 fault[FAULT_KIND__MAX];
};

/* ---- the ledger's side ---- */

static bool
same_key(const struct entry *a, const struct entry *b)
{
	return entry_compare(a, a->key, b, b->key) == 0;
}

static int
by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = entry_compare(x, x->key, y, y->key);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static bool
is_stored(const struct entry *e, const struct list *stored)
{
	size_t low = 0, high = stored->n, mid;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		order = entry_compare(&stored->entry[mid], stored->entry[mid].n,
		    e, e->n);
		if (order == 0)
			return true;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/*
 * Of n records with one key the database has one.  Of a state it is one that
 * was sent after the last acknowledged one, or that itself; else any.
 */
static size_t
choose(const struct entry *e, size_t n, bool state, const struct list *stored)
{
	size_t last = 0;

	for (size_t i = 0; i < n; i++)
		if (e[i].acknowledged)
			last = i;
	for (size_t i = state ? last : 0; i < n; i++)
		if (is_stored(&e[i], stored))
			return i;
	return last;
}

static void
resolve(struct list *l, bool state, const struct list *stored)
{
	size_t to = 0, n, chosen;
	struct entry keep;

	if (l->n == 0)
		return;
	qsort(l->entry, l->n, sizeof(*l->entry), by_key);
	for (size_t i = 0; i < l->n; i += n) {
		for (n = 1; i + n < l->n; n++)
			if (!same_key(&l->entry[i], &l->entry[i + n]))
				break;
		chosen = i + choose(&l->entry[i], n, state, stored);
		keep = l->entry[chosen];
		for (size_t k = i; k < i + n; k++) {
			keep.acknowledged |= l->entry[k].acknowledged;
			if (k != chosen)
				free(l->entry[k].p);
		}
		l->entry[to++] = keep;
	}
	l->n = to;
	list_sort(l);
}

/*
 * Without the key of what is sealed the database gives no hash of a kind away:
 * then none is compared.  One alone that is not there is a fault of its record.
 */
static void
forget_hashes(struct list *a, struct list *b)
{
	size_t absent = 0;

	for (size_t i = 0; i < b->n; i++)
		absent += b->entry[i].hash + 1 == b->entry[i].n;
	if (absent == 0 || absent < b->n)
		return;
	for (size_t i = 0; i < a->n; i++)
		a->entry[i].n = a->entry[i].hash;
	for (size_t i = 0; i < b->n; i++)
		b->entry[i].n = b->entry[i].hash;
	list_sort(b);
}

/* ---- the comparison ---- */

static void
tell(struct verdict *v, enum fault_kind what, const struct kind *kind,
    const struct entry *e)
{
	static const char *const word[FAULT_KIND__MAX] = {
		"lost", "doubled", "altered"
	};

	if (++v->fault[what] > SHOWN)
		return;
	if (what == LOST)		/* as it was sent */
		printf("lost: %.*s\n", (int)e->line.n, e->line.p);
	else
		printf("%s: %s: %.*s\n", word[what], kind->name, (int)(e->n - 1),
		    e->p);
}

static void
find_doubled(const struct list *stored, const struct kind *kind,
    struct verdict *v)
{
	for (size_t i = 1; i < stored->n; i++)
		if (same_key(&stored->entry[i - 1], &stored->entry[i]))
			tell(v, DOUBLED, kind, &stored->entry[i]);
}

/* Sort what is only here and what is only there into two lists. */
static void
match(const struct list *ledger, const struct list *stored,
    struct list *missing, struct list *strange)
{
	const struct entry *a = ledger->entry, *b = stored->entry;
	size_t i = 0, j = 0;
	int order;

	missing->entry = grow(NULL, ledger->n, sizeof(*a));
	strange->entry = grow(NULL, stored->n, sizeof(*b));
	while (i < ledger->n || j < stored->n) {
		order = i == ledger->n ? 1 : j == stored->n ? -1 :
		    entry_compare(&a[i], a[i].n, &b[j], b[j].n);
		if (order < 0) {
			missing->entry[missing->n++] = a[i++];
			continue;
		}
		if (order > 0 && (j == 0 || !same_key(&b[j - 1], &b[j])))
			strange->entry[strange->n++] = b[j];
		i += order == 0;
		j++;
	}
}

/* The same person at the same second, but otherwise: altered. */
static void
judge(struct ledger_file *f, enum kind_id k, const struct list *missing,
    const struct list *strange, struct verdict *v)
{
	const struct entry *a = missing->entry, *b = strange->entry;
	size_t i = 0, j = 0;
	int order;

	while (i < missing->n || j < strange->n) {
		order = i == missing->n ? 1 : j == strange->n ? -1 :
		    entry_compare(&a[i], a[i].who, &b[j], b[j].who);
		if (order == 0)
			tell(v, ALTERED, &kinds[k], &b[j]);
		else if (order > 0)
			v->others++;
		else if (a[i].acknowledged && k != UNREADABLE)
			ledger_unreadable(f, &a[i]);
		else if (a[i].acknowledged)
			tell(v, LOST, &kinds[k], &a[i]);
		i += order <= 0;
		j += order >= 0;
	}
}

/* All of a kind; what is not there may be among what could not be read. */
static void
compare_kind(const struct plan *plan, struct ledger_file *f, enum kind_id k,
    struct verdict *v)
{
	struct list stored = { NULL, 0, 0 };
	struct list missing = { NULL, 0, 0 }, strange = { NULL, 0, 0 };
	struct list *ledger = &f->list[k];

	if (k == UNREADABLE && plan->csv != NULL)
		;				/* then there is no list of them */
	else
		stored_read(plan, k, f, &stored);
	if (kinds[k].hashed)
		forget_hashes(ledger, &stored);
	resolve(ledger, kinds[k].state, &stored);
	v->stored = stored.n;
	for (size_t i = 0; i < ledger->n; i++) {
		v->recorded += !ledger->entry[i].moved;
		v->acknowledged += !ledger->entry[i].moved &&
		    ledger->entry[i].acknowledged;
	}
	find_doubled(&stored, &kinds[k], v);
	match(ledger, &stored, &missing, &strange);
	judge(f, k, &missing, &strange, v);
	free(missing.entry);
	free(strange.entry);
	list_free(&stored);
}

static void
report_kind(const struct kind *kind, const struct verdict *v)
{
	printf("%s: recorded=%zu acknowledged=%zu stored=%zu others=%zu\n",
	    kind->name, v->recorded, v->acknowledged, v->stored, v->others);
}

static int
report(const struct plan *plan, const struct ledger_file *f,
    const struct verdict *all)
{
	size_t bad = 0;

	for (size_t i = 0; i < f->nskipped; i++)
		printf("not compared: %zu %s\n", f->skipped[i].n,
		    f->skipped[i].name);
	if (f->damaged > 0)
		printf("no lines of a ledger: %zu\n", f->damaged);
	if (all->recorded == 0) {
		fprintf(stderr, "clocksim: there is no record in %s that can be "
		    "compared\n", plan->verify);
		return 1;
	}
	printf("%zu lost, %zu doubled, %zu altered\n", all->fault[LOST],
	    all->fault[DOUBLED], all->fault[ALTERED]);
	for (int i = 0; i < FAULT_KIND__MAX; i++)
		bad += all->fault[i];
	return bad == 0 ? 0 : 1;
}

int
verify(const struct plan *plan)
{
	struct ledger_file f = { .nserial = 0 };
	struct verdict v, all = { 0 };
	int status;

	ledger_read(&f, plan->verify, plan->csv != NULL);
	for (int k = 0; k < KIND__MAX; k++) {	/* the unreadable ones last */
		if (f.list[k].n == 0)
			continue;
		v = (struct verdict){ 0 };
		compare_kind(plan, &f, (enum kind_id)k, &v);
		if (v.recorded > 0)
			report_kind(&kinds[k], &v);
		all.recorded += v.recorded;
		for (int i = 0; i < FAULT_KIND__MAX; i++)
			all.fault[i] += v.fault[i];
	}
	status = report(plan, &f, &all);
	ledger_free(&f);
	return status;
}
