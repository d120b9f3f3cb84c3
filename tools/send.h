/*
 * What command send gathers before anything is queued.
 */
#ifndef CG_SEND_H
#define CG_SEND_H

#include "cli.h"

struct order {			/* one command, for each of the clocks */
	const struct cg_command	*command;
	struct cg_str		 body;
	enum cg_danger		 danger;
};

struct job {			/* a command that is queued */
	int64_t			 id;
	const char		*sn;
	const struct order	*order;
	struct cg_progress	 now;
};

struct send {
	struct cli	*cli;
	struct cg_arena	*arena;		/* holds all of it */
	const char	**sn;
	size_t		 nsn;
	size_t		 capsn;
	struct order	*order;
	size_t		 norder;
	size_t		 cap;
	struct job	*job;
	size_t		 njob;
	unsigned char	*next_key;	/* stored with the commands; NULL: none */
	const char	*made_key;	/* told when it is stored; NULL: none was made */
	struct cg_openings open;	/* loaded when something is dangerous */
};

#define PAIRS_MAX	64		/* fields of one command */

/*
 * cmd_send.c: the clocks of the first word, what add gathers for them, and all
 * of it queued: the exit status.
 */
int		 send_run(struct cli *, int (*add)(struct send *));

/* send_args.c: fields as they were typed.  All return 0, or the exit status. */

/* Add the command of that name with these FIELD=VALUE; where begins a message. */
int		 send_add(struct send *, const char *where, const char *name,
		    const struct cg_pair *, size_t n);
int		 send_add_raw(struct send *, const char *text);
/*
 * All of a file, - is the standard input, in the arena; NULL, or what went
 * wrong.
 */
const char	*send_slurp(struct send *, const char *path, size_t max,
		    struct cg_str *);
/* Cut FIELD=VALUE; a command of one field takes the VALUE alone. */
int		 send_pair(const char *where, const char *command, const char *word,
		    struct cg_pair *);

/* send_file.c: the commands of --from. */
int		 send_read(struct send *, const char *file, const char *name,
		    const struct cg_pair *, size_t n);

/* send_wait.c */
/* Print what was queued. */
int		 send_print(struct send *, bool results);
/* Wait for the results, telling how they come, and print them. */
int		 send_wait(struct send *, uint32_t seconds);

/* size bytes for *array to hold one more than n; false: no memory. */
bool		 send_room(struct send *, void **array, size_t n, size_t *cap,
		    size_t size);

#endif
