#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "roster.h"

#define FIRST_SLOTS	64	/* a power of two */

struct cg_roster {
	struct cg_known	**slot;		/* open addressing, at most half full */
	size_t		  nslot;
	size_t		  n;
	struct cg_known	 *dirty;
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

/* FNV-1a: serials are short, and only admitted ones and a bounded few others get in */
static size_t
hash(struct cg_str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ (h >> 32));
}

/* Where sn is, or where it would go. */
static struct cg_known **
place(struct cg_known **slot, size_t nslot, struct cg_str sn)
{
	size_t i = hash(sn) & (nslot - 1);

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
grow(struct cg_roster *r)
{
	size_t i, n = r->nslot * 2;
	struct cg_known **slot = calloc(n, sizeof(*slot));

	if (slot == NULL)
		return false;
	for (i = 0; i < r->nslot; i++)
		if (r->slot[i] != NULL)
			*place(slot, n, cg_str_of(r->slot[i]->device.sn)) =
			    r->slot[i];
	free(r->slot);
	r->slot = slot;
	r->nslot = n;
	return true;
}

struct cg_known *
cg_roster_put(struct cg_roster *r, const struct cg_device *d, int64_t now)
{
	struct cg_known *k, **at;

	if (2 * (r->n + 1) > r->nslot && !grow(r))
		return NULL;
	at = place(r->slot, r->nslot, cg_str_of(d->sn));
	if ((k = *at) == NULL) {
		if ((k = *at = calloc(1, sizeof(*k))) == NULL)
			return NULL;
		r->n++;
	}
	k->device = *d;
	k->loaded = now;
	return k;
}

void
cg_roster_stale(struct cg_roster *r, struct cg_str sn)
{
	struct cg_known *k = cg_roster_find(r, sn);

	if (k != NULL)
		k->loaded = INT64_MIN;
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
	size_t n = ip.n < CG_IP_MAX ? ip.n : CG_IP_MAX;

	if (n > 0)
		memcpy(k->ip, ip.p, n);
	k->ip[n] = '\0';
	k->seen = now;
	if (!k->dirty) {
		k->dirty = true;
		k->next_dirty = r->dirty;
		r->dirty = k;
	}
}

struct cg_known *
cg_roster_dirty(const struct cg_roster *r)
{
	return r->dirty;
}

void
cg_roster_clean(struct cg_roster *r)
{
	struct cg_known *k;

	for (k = r->dirty; k != NULL; k = k->next_dirty)
		k->dirty = false;
	r->dirty = NULL;
}
