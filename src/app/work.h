/*
 * work: the clocks that there is something in the queue for, so that a
 * heartbeat of any other needs no SQL.
 */
#ifndef CG_WORK_H
#define CG_WORK_H

#include "cg_app.h"

/*
 * May there be something for this clock?  The list is renewed at most once a
 * second.  The very first request of a program has none: it asks for itself,
 * and as plain CGI there is no second.
 */
enum cg_err	 cg_work_for(struct cg_app *, const struct cg_device *, bool *any)
		    CG_MUST_USE;
/* Renew the list, if there is one and it is not of this second. */
enum cg_err	 cg_work_renew(struct cg_app *) CG_MUST_USE;
void		 cg_work_free(struct cg_work *);

#endif
