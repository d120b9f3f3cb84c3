/*
 * bucket: how many requests somebody may make.  Of fixed size, whoever comes:
 * strangers only push out those who used the least of what they may.
 */
#ifndef CG_BUCKET_H
#define CG_BUCKET_H

#include "cg_base.h"

struct cg_buckets;

/*
 * Each key may have burst requests at once, and rate a second from then on;
 * a rate of 0 is no limit.  The caller frees it.
 */
enum cg_err	 cg_buckets_new(unsigned rate, unsigned burst, struct cg_buckets **)
		    CG_MUST_USE;
void		 cg_buckets_free(struct cg_buckets *);
/* One request of this key now (seconds); false: it is too many. */
bool		 cg_buckets_take(struct cg_buckets *, struct cg_str key, int64_t now);

#endif
