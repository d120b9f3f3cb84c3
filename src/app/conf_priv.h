/*
 * The configuration from the inside.  A slot is the number of one thing that
 * can be set: first the rows of cg_conf_keys, then those of cg_options (the
 * section [options]).
 */
#ifndef CG_CONF_PRIV_H
#define CG_CONF_PRIV_H

#include "cg_app.h"

#define CONF_KEYS	43	/* rows of cg_conf_keys; asserted in conf_table.c */
#define CONF_SLOTS	(CONF_KEYS + CG_OPTION_COUNT)
#define CONF_OPTIONS	"options"	/* the section of cg_options */
#define CONF_LINE_MAX	1022	/* bytes of a line; more iniparser can't read */
#define CONF_VALUE_MAX	1000	/* bytes of any value */

/* What [commands] and the settings of one clock may be. */
#define CG_LIMIT_MIN	1
#define CG_LIMIT_MAX	10000
#define CG_BYTES_MIN	256
#define CG_BYTES_MAX	1048576
#define CG_TIMEOUT_MIN	1
#define CG_TIMEOUT_MAX	86400
#define CG_ATTEMPTS_MIN	1
#define CG_ATTEMPTS_MAX	100

/* A limit among the settings of one clock. */
struct conf_limit {
	const char	*name;
	uint32_t	 min;
	uint32_t	 max;
	size_t		 offset;	/* into struct cg_limits */
};

#define CONF_LIMITS	4
extern const struct conf_limit conf_limit[CONF_LIMITS];
/* CG_UNKNOWN: no limit has that name; CG_SYNTAX with the reason. */
enum cg_err	 conf_limit_check(struct cg_str name, struct cg_str value,
		    char why[CG_WHY_MAX]) CG_MUST_USE;

/* On which line each slot was set; 0: not in the file. */
struct conf_lines {
	unsigned line[CONF_SLOTS];
};

const char	*conf_section(size_t slot);
const char	*conf_key(size_t slot);
/* The default as it would stand in an ini. */
const char	*conf_default(size_t slot);
/* The documentation of a slot, and what it may be: "1 to 300". */
const char	*conf_doc(size_t slot);
void		 conf_limits(size_t slot, char *out, size_t max);
bool		 conf_section_known(struct cg_str);
/* CG_UNKNOWN with the reason and the nearest name. */
enum cg_err	 conf_find(struct cg_str section, struct cg_str key, size_t *slot,
		    char why[CG_WHY_MAX]) CG_MUST_USE;
/* Why there is no such section, or no such key in it. */
void		 conf_unknown(struct cg_str section, struct cg_str key,
		    char why[CG_WHY_MAX]);
/* Set one slot; CG_SYNTAX with the reason. */
enum cg_err	 conf_assign(struct cg_conf *, size_t slot, struct cg_str value,
		    char why[CG_WHY_MAX]) CG_MUST_USE;
/* The value of a slot as it would stand in an ini; number is room for digits. */
struct cg_str	 conf_value(const struct cg_conf *, size_t slot, char number[16]);
/* The n-th word of "one two three"; absent when there are fewer. */
struct cg_str	 conf_choice(const char *choices, size_t n);
/*
 * Read through the file for everything that iniparser would pass over in
 * silence: unknown and repeated keys, values that lack quotes, lines that
 * are too long.  CG_SYS with msg filled.
 */
enum cg_err	 conf_scan(const char *file, FILE *, struct conf_lines *,
		    char msg[CG_MSG_MAX]) CG_MUST_USE;

/* May no other user of this machine read it? */
bool		 conf_is_secret(size_t slot);
/*
 * Refuse a file that other users can write or replace and, when it holds a
 * secret (its name, else NULL), read.  CG_SYS with msg filled.
 */
enum cg_err	 conf_guard(const char *file, FILE *, const char *secret,
		    char msg[CG_MSG_MAX]) CG_MUST_USE;
/*
 * A file did not open, for the reason in errno: CG_SYS, with msg filled.  what is
 * "" or "[section] key: "; the cure is another where the user may not read it.
 */
enum cg_err	 conf_not_opened(const char *file, const char *what,
		    const char *cure, char msg[CG_MSG_MAX]);

#endif
