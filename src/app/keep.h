/*
 * keep: what an upload becomes in the database.  Shared by the tables of
 * cdata and by results that carry options.
 */
#ifndef CG_KEEP_H
#define CG_KEEP_H

#include "admission.h"

struct cg_keeper {
	struct cg_app		*app;
	const struct cg_device	*device;
	const struct cg_req	*req;
	struct cg_res		*res;		/* rows and bad are counted here */
	struct cg_str		 table;		/* as rejected rows name it */
	int64_t			 told_utc;	/* of an old upload; CG_NO_UTC: of now */
};

/* A keeper for this request, naming its rejected rows after this table. */
enum cg_err	 cg_keeper_init(struct cg_keeper *, struct cg_app *,
		    const struct cg_device *, const struct cg_req *,
		    struct cg_res *, struct cg_str table) CG_MUST_USE;

/*
 * Store every piece of a body: as records, or verbatim in rejected.  CG_OK
 * also when not a single piece could be read.
 */
enum cg_err	 cg_keep(const struct cg_keeper *, const struct cg_upload *,
		    struct cg_str body) CG_MUST_USE;
/*
 * Store what a clock was given by a command, as if it had uploaded it; nothing
 * of what the command only points to.
 */
enum cg_err	 cg_keep_given(const struct cg_keeper *, const struct cg_told *)
		    CG_MUST_USE;
/* Keep bytes verbatim in rejected. */
enum cg_err	 cg_keep_raw(const struct cg_keeper *, struct cg_str bytes,
		    struct cg_str reason) CG_MUST_USE;
/* Keep bytes as an event of the clock; verbatim in rejected when they are no text. */
enum cg_err	 cg_keep_event(const struct cg_keeper *, struct cg_str kind,
		    struct cg_str bytes) CG_MUST_USE;

#endif
