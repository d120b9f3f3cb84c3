/*
 * Results of commands: in order, and together the whole body.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

static bool
parts_inside(const struct cg_result *r)
{
	return fuzz_inside(r->id, r->raw) && fuzz_inside(r->sn, r->raw) &&
	    fuzz_inside(r->cmd, r->raw) && fuzz_inside(r->payload, r->raw);
}

/* Between results there is nothing but blanks. */
static void
gap(const char *from, const char *to)
{
	struct cg_str s = { from, (size_t)(to - from) };

	REQUIRE(from <= to);
	REQUIRE(cg_str_trim(s).n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str body = fuzz_input(p, n), rest = body;
	const char *at = body.p;
	struct cg_result r;

	while (cg_result_next(&rest, &r)) {
		REQUIRE(r.raw.n > 0);
		REQUIRE(fuzz_inside(r.raw, body));
		REQUIRE(parts_inside(&r));
		REQUIRE(r.id.p == NULL || r.id.n > 0);
		gap(at, r.raw.p);
		at = r.raw.p + r.raw.n;
		REQUIRE(rest.p >= at);
	}
	gap(at, body.p + body.n);
	REQUIRE(rest.n == 0);
	return 0;
}
