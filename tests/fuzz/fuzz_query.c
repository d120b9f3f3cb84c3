/*
 * Query strings, and what is read from them: serial, stamp, version, path.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

#include <string.h>

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

/* What an escape means, or -1. */
static int
escape(struct cg_str s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *high, *low;

	if (s.n < 3 || s.p[0] != '%' || s.p[1] == '\0' || s.p[2] == '\0' ||
	    (high = strchr(digits, s.p[1])) == NULL ||
	    (low = strchr(digits, s.p[2])) == NULL)
		return -1;
	return (int)(high - digits) % 16 * 16 + (int)(low - digits) % 16;
}

/* got is s, each escape one byte, and nothing else changed. */
static void
decoded(struct cg_str got, struct cg_str s)
{
	REQUIRE(got.p != NULL);
	for (size_t i = 0; i < got.n; i++) {
		int c = escape(s);

		REQUIRE(s.n > 0);
		REQUIRE(got.p[i] == (c >= 0 ? (char)c : s.p[0]));
		s = cg_str_from(s, c >= 0 ? 3 : 1);
	}
	REQUIRE(s.n == 0);
}

/* Every piece is a pair, in the same order. */
static void
whole(const struct cg_query *q, struct cg_str raw)
{
	struct cg_str piece;
	size_t n = 0, eq;

	while (n < CG_QUERY_MAX && cg_str_cut(&raw, '&', &piece)) {
		if (piece.n == 0)
			continue;
		REQUIRE(n < q->n);
		eq = cg_str_chr(piece, '=');
		decoded(q->pair[n].name, cg_str_head(piece, eq));
		decoded(q->pair[n++].value, cg_str_from(piece,
		    eq < piece.n ? eq + 1 : eq));
	}
	REQUIRE(n == q->n);
}

static void
pairs(const struct cg_query *q, struct cg_str raw)
{
	struct cg_str stamp = cg_stamp_of(q);

	whole(q, raw);
	REQUIRE(stamp.p == NULL || cg_stamp_ok(stamp));
	if (q->n > 1) {
		struct cg_str a = q->pair[0].value, b = q->pair[1].value;

		REQUIRE(sign(cg_version_cmp(a, b)) ==
		    -sign(cg_version_cmp(b, a)));
	}
}

static void
path(struct cg_str raw, struct cg_arena *a)
{
	struct cg_str end = cg_path_endpoint(raw, a);

	REQUIRE(end.p != NULL);
	REQUIRE(end.n <= raw.n);
	REQUIRE(cg_str_chr(end, '/') == end.n);
	REQUIRE(cg_str_chr(end, '?') == end.n);
	REQUIRE(!cg_serial_ok(raw) || raw.n <= CG_SERIAL_MAX);
	REQUIRE(cg_version_cmp(raw, raw) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str raw = fuzz_input(p, n);
	struct cg_arena *a;
	struct cg_query q;

	if (cg_arena_new(4 * n + 65536, &a) != CG_OK)
		return 0;
	REQUIRE(cg_query_parse(raw, a, &q) == CG_OK);
	pairs(&q, raw);
	path(raw, a);
	cg_arena_free(a);
	/* With no memory to spare there is an error, and nothing else. */
	if (cg_arena_new(64, &a) != CG_OK)
		return 0;
	if (cg_query_parse(raw, a, &q) == CG_OK)
		pairs(&q, raw);
	cg_arena_free(a);
	return 0;
}
