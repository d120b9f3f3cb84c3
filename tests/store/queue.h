/*
 * What tests of the queue of commands share: who queues, and who claims.
 */
#ifndef CG_TEST_STORE_QUEUE_H
#define CG_TEST_STORE_QUEUE_H

#include "fixture.h"

#define ALL_ALLOWED	(~0u)

struct taken {			/* an answer */
	char		 text[4096];	/* lines "id:body" */
	unsigned	 n;
	unsigned	 room;		/* commands that it takes; 0: enough */
	const char	*refuse;	/* a body that can't go out */
};

extern const struct cg_terms usual;

enum cg_err	 claim_on(struct fixture *, struct cg_db *, const struct cg_terms *,
		    struct taken *);
/* Claim, commit, and compare what came. */
void		 assert_claimed(struct fixture *, const struct cg_terms *,
		    const char *want);
/* Queue as a page in PHP does it. */
void		 plain(struct fixture *, const char *body);
/* As clockgate does it: the id. */
int64_t		 queue(struct fixture *, const char *name, const char *body);
/* What was sent had its time. */
void		 overdue(struct fixture *);
/* Settle, whatever it was before. */
enum cg_err	 take_result(struct fixture *, struct cg_str sn,
		    const struct cg_result *);
/* Open every class of dangerous commands. */
void		 open_all(struct fixture *);
/* The clock gets all that is queued, whatever it is. */
void		 hand_out(struct fixture *);

#define assert_state(f, id, text)					\
	assert_value((f), "SELECT CONCAT_WS('|', state, attempts,"	\
	    " COALESCE(name, '-'), COALESCE(reason, '-')) FROM command"	\
	    " WHERE id = " id, (text))

#endif
