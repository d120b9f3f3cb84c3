#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "roster.h"

#define FIRST_SLOTS	64	/* a power of two */
#define IDLE_MAX	1024	/* clocks that are not active, before they are swept out */
#define STAMP_FRESH	10	/* seconds: whoever changed it by hand waits no longer */
#define HASH_START	UINT64_C(0xcbf29ce484222325)

struct cg_roster {
	struct cg_known	**slot;		/* open addressing, at most half full */
	size_t		  nslot;
	size_t		  n;
	size_t		  nidle;	/* of them not active */
	struct cg_known	 *dirty;
	size_t		  ndirty;
};

enum cg_err
cg_roster_new(struct cg_roster **out)
{
	struct cg_roster *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->slot = calloc(FIRST_SLOTS, sizeof(*r->slot))) == NULL) {
		free(r);
		return CG_NOMEM;
	}
	r->nslot = FIRST_SLOTS;
	*out = r;
	return CG_OK;
}

void
cg_roster_free(struct cg_roster *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->nslot; i++)
		free(r->slot[i]);
	free(r->slot);
	free(r);
}

/* FNV-1a */
static uint64_t
hash(uint64_t h, struct cg_str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return h ^ (h >> 32);
}

/*
 * Where sn is, or where it would go.  Who wants to make us slow by serials
 * alone meets cg_roster_sweep.
 */
static struct cg_known **
place(struct cg_known **slot, size_t nslot, struct cg_str sn)
{
	size_t i = (size_t)hash(HASH_START, sn) & (nslot - 1);

	while (slot[i] != NULL && !cg_str_eq(cg_str_of(slot[i]->device.sn), sn))
		i = (i + 1) & (nslot - 1);
	return &slot[i];
}

struct cg_known *
cg_roster_find(const struct cg_roster *r, struct cg_str sn)
{
	return *place(r->slot, r->nslot, sn);
}

static bool
idle(const struct cg_known *k)
{
	return k->device.status != CG_DEVICE_ACTIVE && !k->dirty;
}

static void
forget(struct cg_roster *r, struct cg_known *k)
{
	free(k);
	r->n--;
	r->nidle--;
}

/* Move the clocks to n other slots, all or those that are not idle. */
static bool
rebuild(struct cg_roster *r, size_t n, bool all)
{
	struct cg_known **slot = calloc(n, sizeof(*slot)), *k;
	size_t i;

	if (slot == NULL)
		return false;
	for (i = 0; i < r->nslot; i++) {
		if ((k = r->slot[i]) == NULL)
			continue;
		if (all || !idle(k))
			*place(slot, n, cg_str_of(k->device.sn)) = k;
		else
			forget(r, k);
	}
	free(r->slot);
	r->slot = slot;
	r->nslot = n;
	return true;
}

struct cg_known *
cg_roster_put(struct cg_roster *r, const struct cg_device *d, int64_t now)
{
	struct cg_known *k, **at;

	if (2 * (r->n + 1) > r->nslot && !rebuild(r, 2 * r->nslot, true))
		return NULL;
	at = place(r->slot, r->nslot, cg_str_of(d->sn));
	if ((k = *at) == NULL) {
		if ((k = *at = calloc(1, sizeof(*k))) == NULL)
			return NULL;
		r->n++;
	} else {
		r->nidle -= k->device.status != CG_DEVICE_ACTIVE;
	}
	r->nidle += d->status != CG_DEVICE_ACTIVE;
	k->device = *d;
	k->loaded = now;
	k->stamp = 0;		/* others may have changed it, too */
	k->moved = true;	/* its row may be new */
	return k;
}

void
cg_roster_stale(struct cg_roster *r, struct cg_str sn)
{
	struct cg_known *k = cg_roster_find(r, sn);

	if (k != NULL)
		k->loaded = INT64_MIN;
}

void
cg_roster_stale_all(struct cg_roster *r)
{
	size_t i;

	for (i = 0; i < r->nslot; i++)
		if (r->slot[i] != NULL)
			r->slot[i]->loaded = INT64_MIN;
}

void
cg_roster_sweep(struct cg_roster *r)
{
	if (r->nidle > IDLE_MAX && !rebuild(r, r->nslot, false))
		cg_roster_stale_all(r);
}

size_t
cg_roster_count(const struct cg_roster *r)
{
	return r->n;
}

void
cg_roster_seen(struct cg_roster *r, struct cg_known *k, int64_t now,
    struct cg_str ip)
{
	if (ip.n > CG_IP_MAX)
		ip.n = CG_IP_MAX;
	if (!cg_str_eq(ip, cg_str_of(k->ip))) {
		if (ip.n > 0)
			memcpy(k->ip, ip.p, ip.n);
		k->ip[ip.n] = '\0';
		k->moved = true;
	}
	k->seen = now;
	if (!k->dirty) {
		k->dirty = true;
		k->next_dirty = r->dirty;
		r->dirty = k;
		r->ndirty++;
	}
}

uint64_t
cg_stamp_mark(struct cg_str table, struct cg_str stamp)
{
	return hash(hash(HASH_START, table), stamp) | 1;
}

bool
cg_stamp_fresh(const struct cg_known *k, uint64_t mark, int64_t now)
{
	return k->stamp == mark && now - k->stamped < STAMP_FRESH;
}

size_t
cg_roster_ndirty(const struct cg_roster *r)
{
	return r->ndirty;
}

static int
by_id(const void *a, const void *b)
{
	const struct cg_known *const *x = a, *const *y = b;

	return ((*x)->device.id > (*y)->device.id) -
	    ((*x)->device.id < (*y)->device.id);
}

struct cg_known *
cg_roster_dirty(struct cg_roster *r)
{
	struct cg_known **list = calloc(r->ndirty + 1, sizeof(*list)), *k;
	size_t i, n = 0;

	if (list == NULL)
		return r->dirty;	/* in any order: slower at worst */
	for (k = r->dirty; k != NULL; k = k->next_dirty)
		list[n++] = k;
	qsort(list, n, sizeof(*list), by_id);
	for (i = 0; i < n; i++)
		list[i]->next_dirty = list[i + 1];
	r->dirty = list[0];
	free(list);
	return r->dirty;
}

void
cg_roster_clean(struct cg_roster *r)
{
	struct cg_known *k;

	for (k = r->dirty; k != NULL; k = k->next_dirty)
		k->dirty = k->moved = false;
	r->dirty = NULL;
	r->ndirty = 0;
}
