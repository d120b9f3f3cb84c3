#include "config.h"

#include <sodium.h>
#include <stdlib.h>

#include "bucket.h"

#define SETS		512	/* a power of two */
#define WAYS		8	/* keys of one set */
#define SECOND		INT64_C(1000000)

/*
 * What was taken is given back bit by bit: all that need be known of a key is
 * when it will have everything again.
 */
struct bucket {
	uint64_t	 key;		/* its hash; 0: nobody's */
	int64_t		 full_at;	/* microseconds */
};

struct cg_buckets {
	unsigned char	 seed[crypto_shorthash_KEYBYTES];
	int64_t		 step;		/* microseconds that one request costs; 0: nothing */
	int64_t		 depth;		/* and that may be owed */
	struct bucket	 set[SETS][WAYS];
};

_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "the hash is a key");

enum cg_err
cg_buckets_new(unsigned rate, unsigned burst, struct cg_buckets **out)
{
	struct cg_buckets *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return CG_NOMEM;
	/* nobody can choose serials that fall into one set */
	randombytes_buf(b->seed, sizeof(b->seed));
	if (rate > 0)
		b->step = rate < SECOND ? SECOND / rate : 1;
	b->depth = b->step * burst;
	*out = b;
	return CG_OK;
}

void
cg_buckets_free(struct cg_buckets *b)
{
	free(b);
}

/* The bucket of that key, or else the one in its set that owes the least. */
static struct bucket *
find(struct cg_buckets *b, uint64_t key)
{
	struct bucket *set = b->set[key % SETS], *least = set;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].full_at < least->full_at)
			least = &set[i];
	}
	*least = (struct bucket){ .key = key, .full_at = 0 };
	return least;
}

bool
cg_buckets_take(struct cg_buckets *b, struct cg_str key, int64_t now)
{
	struct bucket *mine;
	uint64_t hash;

	if (b->step == 0)
		return true;
	now *= SECOND;
	(void)crypto_shorthash((unsigned char *)&hash,
	    (const unsigned char *)key.p, key.n, b->seed);
	mine = find(b, hash);
	/* more than can be owed: the time of the system was set back */
	if (mine->full_at < now || mine->full_at > now + b->depth)
		mine->full_at = now;
	if (mine->full_at + b->step > now + b->depth)
		return false;
	mine->full_at += b->step;
	return true;
}
