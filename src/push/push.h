/*
 * What the files of this room share and nobody else sees.
 */
#ifndef PUSH_H
#define PUSH_H

#include "cg_push.h"

/*
 * Take the next run of bytes that are not in seps off *rest.  False when
 * only such bytes are left.
 */
bool	 cg_word_next(struct cg_str *rest, const char *seps,
	    struct cg_str *word);
/* A letter, a digit or '_', as names of fields and options have them. */
bool	 cg_name_char(char);

/* A version as numbers; missing parts are 0. */
#define CG_VERSION_PARTS	4

struct cg_version {
	uint32_t part[CG_VERSION_PARTS];
};

/* 1 to 4 numbers of at most 5 digits, '.' between: short enough to echo. */
bool	 cg_version_parse(struct cg_str, struct cg_version *);

/* TransFlag of the operator: names, or a bitmap (spec III.2.2, notes 3.2). */
#define CG_TRANSFLAG_SEPS	" ,\t"
#define CG_TIMES_SEPS		" ,;"

enum cg_err cg_transflag_check(struct cg_str, char why[CG_WHY_MAX])
	    CG_MUST_USE;
/*
 * The value behind "TransFlag="; s has passed the check.  Impersonal: without
 * what brings templates and photos.
 */
void	 cg_transflag_write(struct cg_buf *, struct cg_str s, bool bitmap,
	    bool impersonal);

#endif
