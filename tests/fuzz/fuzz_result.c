/*
 * Results of commands: in order, and together the whole body.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

#include <string.h>

static bool
parts_inside(const struct cg_result *r)
{
	return fuzz_inside(r->id, r->raw) && fuzz_inside(r->sn, r->raw) &&
	    fuzz_inside(r->cmd, r->raw) && fuzz_inside(r->payload, r->raw);
}

enum { ID, SN, RETURN, CMD, CONTENT, KEYS };

/* What the keys of a line say; the first of each counts, Content is the last. */
static void
keys_of(struct cg_str line, struct cg_str value[KEYS])
{
	static const char *const name[KEYS] = { "ID", "SN", "Return", "CMD",
		"Content" };

	for (size_t k = 0; k < KEYS; k++)
		value[k] = (struct cg_str){ NULL, 0 };
	while (line.p != NULL && value[CONTENT].p == NULL) {
		size_t and = cg_str_chr(line, '&'), tab = cg_str_chr(line, '\t');
		struct cg_str piece = cg_str_head(line, and < tab ? and : tab);
		size_t eq = cg_str_chr(piece, '=');

		for (size_t k = 0; k < KEYS && eq < piece.n; k++)
			if (value[k].p == NULL && cg_str_ieq(cg_str_of(name[k]),
			    cg_str_trim(cg_str_head(piece, eq))))
				value[k] = cg_str_from(piece, eq + 1);
		line = piece.n < line.n ? cg_str_from(line, piece.n + 1) :
		    (struct cg_str){ NULL, 0 };
	}
}

static void
is_text(struct cg_str got, struct cg_str told)
{
	told = cg_str_trim(told);
	if (told.p != NULL)
		REQUIRE(told.n > 0 ? cg_str_eq(got, told) : got.n == 0);
}

static void
is_number(int32_t got, struct cg_str told)
{
	int32_t n;

	if (told.p == NULL)
		return;
	if (cg_str_i32(cg_str_trim(told), -INT32_MAX, INT32_MAX, &n) != CG_OK)
		n = CG_NONE;
	REQUIRE(got == n);
}

static bool
is_whole(const struct cg_str value[KEYS])
{
	return value[ID].p != NULL &&
	    (value[RETURN].p != NULL || value[CMD].p != NULL);
}

static bool
begins_with_key(struct cg_str line)
{
	static const char *const name[] = { "ID=", "SN=", "Return=", "CMD=" };

	for (size_t i = 0; i < CG_LEN(name); i++)
		if (cg_str_istarts(line, cg_str_of(name[i])))
			return true;
	return false;
}

/* What the first line tells is there; what is whole is no part of another. */
static void
told(const struct cg_result *r)
{
	struct cg_str rest = r->raw, line, first[KEYS], more[KEYS];

	REQUIRE(cg_str_line(&rest, &line));
	keys_of(line, first);
	is_text(r->id, first[ID]);
	is_text(r->sn, first[SN]);
	is_text(r->cmd, first[CMD]);
	is_number(r->code, first[RETURN]);
	if (first[CONTENT].p != NULL && is_whole(first))
		REQUIRE(r->payload.p == first[CONTENT].p);
	if (r->payload.p != NULL)
		REQUIRE(r->payload.p + r->payload.n == r->raw.p + r->raw.n);
	memcpy(more, first, sizeof(more));
	while (is_whole(first) && more[CONTENT].p == NULL &&
	    cg_str_line(&rest, &line)) {
		keys_of(line, more);
		REQUIRE(!begins_with_key(line) || !is_whole(more));
	}
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
		told(&r);
		gap(at, r.raw.p);
		at = r.raw.p + r.raw.n;
		REQUIRE(rest.p >= at);
	}
	gap(at, body.p + body.n);
	REQUIRE(rest.n == 0);
	return 0;
}
