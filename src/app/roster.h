/*
 * roster: the clocks that this process knows, so that a request needs no
 * SELECT, and when each was last here, so that it needs no UPDATE either.
 */
#ifndef CG_ROSTER_H
#define CG_ROSTER_H

#include "cg_app.h"

enum cg_refused { CG_REFUSED_KEY, CG_REFUSED_NETWORK, CG_REFUSED__MAX };

struct cg_known {
	struct cg_device	 device;
	int64_t			 loaded;	/* when it was read from the database */
	struct cg_address	 from;		/* for whom that was good */
	unsigned		 refused[CG_REFUSED__MAX];	/* not in the database yet */
	int64_t			 refused_at;	/* when it was written */
	int64_t			 seen;		/* last request; 0: none yet */
	char			 ip[CG_IP_MAX + 1];
	uint64_t		 stamp;		/* cg_stamp_mark of the last one stored; 0: none */
	int64_t			 stamped;	/* when */
	bool			 moved;		/* nor is ip, maybe */
	bool			 dirty;		/* seen is not in the database yet */
	struct cg_known		*next_dirty;
};

struct cg_roster;

enum cg_err	 cg_roster_new(struct cg_roster **) CG_MUST_USE;
void		 cg_roster_free(struct cg_roster *);
/* NULL when it is not known. */
struct cg_known	*cg_roster_find(const struct cg_roster *, struct cg_str sn);
/* Remember a clock, or renew what is known of it; NULL without memory. */
struct cg_known	*cg_roster_put(struct cg_roster *, const struct cg_device *,
		    int64_t now);
/* Read this clock, or all of them, anew at the next request. */
void		 cg_roster_stale(struct cg_roster *, struct cg_str sn);
void		 cg_roster_stale_all(struct cg_roster *);
/*
 * Forget clocks that are not active, when many have come: anybody can make up
 * serials.  Pointers to active ones stay good until cg_roster_free.
 */
void		 cg_roster_sweep(struct cg_roster *);
size_t		 cg_roster_count(const struct cg_roster *);
void		 cg_roster_seen(struct cg_roster *, struct cg_known *, int64_t now,
		    struct cg_str ip);
/*
 * A stamp of a table in few bytes, never 0.  Most clocks send the same one all
 * their lives (notes 3.2), which needs no writing when it was written a moment
 * ago: cg_stamp_fresh.
 */
uint64_t	 cg_stamp_mark(struct cg_str table, struct cg_str stamp);
bool		 cg_stamp_fresh(const struct cg_known *, uint64_t mark, int64_t now);
/*
 * The list of those whose presence is to be written, by their ids: two
 * processes that write the same rows must not meet half-way.  NULL for none.
 */
struct cg_known	*cg_roster_dirty(struct cg_roster *);
size_t		 cg_roster_ndirty(const struct cg_roster *);
void		 cg_roster_clean(struct cg_roster *);

#endif
