/*
 * comm_key: the communication key, by which a clock shows that it is the one that
 * was admitted.
 */
#ifndef CG_COMM_KEY_H
#define CG_COMM_KEY_H

#include "roster.h"

/* Has this request all that it needs, as far as this process knows? */
bool		 cg_comm_key_good(const struct cg_app *, const struct cg_known *,
		    const struct cg_req *);
/*
 * The same, as the database has it now; what follows from it is written.
 * CG_DENIED with the reason in *why.
 */
enum cg_err	 cg_comm_key_examine(struct cg_app *, struct cg_known *,
		    const struct cg_req *, const char **why) CG_MUST_USE;
/* The key that a request shows; absent or empty when it shows none. */
struct cg_str	 cg_comm_key_shown(const struct cg_query *);

#endif
