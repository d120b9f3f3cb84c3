/*
 * Query strings, and what is read from them: serial, stamp, version, path.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

/* A value is a part of the input, or a decoded copy: no longer than that. */
static void
part(struct cg_str s, struct cg_str raw)
{
	REQUIRE(s.p != NULL);
	if (!fuzz_inside(s, raw))
		REQUIRE(s.n <= raw.n);
	fuzz_touch(s);
}

static void
pairs(const struct cg_query *q, struct cg_str raw)
{
	struct cg_str stamp = cg_stamp_of(q);

	REQUIRE(q->n <= CG_QUERY_MAX);
	for (size_t i = 0; i < q->n; i++) {
		part(q->pair[i].name, raw);
		part(q->pair[i].value, raw);
	}
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
