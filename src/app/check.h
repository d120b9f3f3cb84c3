/*
 * What a program looks at when it starts, and "check" reports.
 */
#ifndef CG_CHECK_H
#define CG_CHECK_H

#include "cg_app.h"

/* The directory of [files]: is it there, and closed to other users? */
enum cg_verdict	 cg_check_files(const struct cg_conf *, struct cg_finding *);
/* Is this the check_token, which is set? */
bool		 cg_check_allowed(const struct cg_conf *, struct cg_str token);

#endif
