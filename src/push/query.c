/*
 * Query strings (spec III.2.2, notes 1.1).
 */
#include "config.h"

#include "cg_push.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The byte that an escape at the start of s means, or -1. */
static int
escaped(struct cg_str s)
{
	if (s.n < 3 || s.p[0] != '%' || hex(s.p[1]) < 0 || hex(s.p[2]) < 0)
		return -1;
	return hex(s.p[1]) * 16 + hex(s.p[2]);
}

/* s itself when it holds no '%', else a decoded copy. */
static enum cg_err
decode(struct cg_str s, struct cg_arena *a, struct cg_str *out)
{
	size_t n = 0;
	char *p;

	if (cg_str_chr(s, '%') == s.n) {
		*out = s;
		return CG_OK;
	}
	if ((p = cg_arena_get(a, s.n)) == NULL)
		return CG_NOMEM;
	while (s.n > 0) {
		int c = escaped(s);

		p[n++] = c >= 0 ? (char)c : s.p[0];
		s = cg_str_from(s, c >= 0 ? 3 : 1);
	}
	*out = (struct cg_str){ p, n };
	return CG_OK;
}

enum cg_err
cg_query_parse(struct cg_str raw, struct cg_arena *a, struct cg_query *q)
{
	struct cg_str piece;

	q->n = 0;
	while (q->n < CG_QUERY_MAX && cg_str_cut(&raw, '&', &piece)) {
		size_t eq = cg_str_chr(piece, '=');
		struct cg_pair *pair = &q->pair[q->n];
		enum cg_err e;

		if (piece.n == 0)
			continue;
		if ((e = decode(cg_str_head(piece, eq), a, &pair->name)) != CG_OK)
			return e;
		piece = cg_str_from(piece, eq < piece.n ? eq + 1 : eq);
		if ((e = decode(piece, a, &pair->value)) != CG_OK)
			return e;
		q->n++;
	}
	return CG_OK;
}

struct cg_str
cg_query_get(const struct cg_query *q, const char *name)
{
	struct cg_str want = cg_str_of(name);

	for (size_t i = 0; i < q->n; i++)
		if (cg_str_ieq(q->pair[i].name, want))
			return q->pair[i].value;
	return (struct cg_str){ NULL, 0 };
}
