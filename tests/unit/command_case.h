/*
 * What the tests of the commands share: fields as text, and a body made of
 * them.
 */
#ifndef CG_TEST_COMMAND_CASE_H
#define CG_TEST_COMMAND_CASE_H

#include "cg_push.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CASE_ROOM	((size_t)24 << 20)

struct command_case {
	const char	*name;
	const char	*fields;	/* NAME=VALUE, '|' between */
	const char	*want;		/* the body, or why there is none */
};

static inline size_t
cut_fields(const char *fields, struct cg_pair *pair, size_t max)
{
	struct cg_str rest = cg_str_of(fields), piece;
	size_t n = 0, eq;

	if (rest.n == 0)
		return 0;
	while (cg_str_cut(&rest, '|', &piece)) {
		assert_true(n < max);
		eq = cg_str_chr(piece, '=');
		assert_true(eq < piece.n);
		pair[n].name = cg_str_head(piece, eq);
		pair[n++].value = cg_str_from(piece, eq + 1);
	}
	return n;
}

static inline const struct cg_command *
command_of(const char *name)
{
	const struct cg_command *c = cg_command_find(cg_str_of(name));

	if (c == NULL)
		fail_msg("no command %s", name);
	return c;
}

static inline enum cg_err
encode(const char *name, const char *fields, struct cg_arena *a,
    struct cg_str *body, char why[CG_WHY_MAX])
{
	struct cg_pair pair[CG_ARG_MAX + 2];
	size_t n = cut_fields(fields, pair, CG_LEN(pair));

	return cg_command_encode(command_of(name), pair, n, a, body, why);
}

#endif
