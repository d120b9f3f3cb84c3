/*
 * queue: the commands of a clock as the answer to its heartbeat.
 */
#ifndef CG_QUEUE_H
#define CG_QUEUE_H

#include "admission.h"

/*
 * Claim what this clock is to do now, if anything, and write it as the answer
 * (spec VI): *body stays as it is when there is nothing.
 */
enum cg_err	 cg_queue_answer(struct cg_app *, const struct cg_device *,
		    struct cg_arena *, struct cg_str *body) CG_MUST_USE;

#endif
