/*
 * table=options.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

static void
option(const struct cg_device_option *o, struct cg_str piece)
{
	struct cg_str name = cg_str_trim(cg_str_head(piece,
	    cg_str_chr(piece, '=')));

	REQUIRE(fuzz_inside(o->name, piece) && fuzz_inside(o->value, piece));
	REQUIRE(o->name.n > 0 && o->name.n <= 64);
	REQUIRE(o->value.p != NULL && o->value.n <= 2048);
	REQUIRE(cg_str_chr(o->name, '=') == o->name.n);
	REQUIRE(cg_str_chr(o->value, '\t') == o->value.n);
	REQUIRE(cg_str_chr(o->value, '\n') == o->value.n);
	REQUIRE(o->value.p + o->value.n == piece.p + piece.n);
	REQUIRE(cg_str_eq(o->name,
	    cg_str_from(name, cg_str_starts(name, cg_lit("~")))));
	REQUIRE(o->value.p[-1] == '=');
}

/* Only separators and blanks may stand between two pieces. */
static void
between(const char *from, const char *to)
{
	for (; from < to; from++)
		REQUIRE(cg_str_chr(cg_lit(" \t\r\n,&"), *from) < 6);
}

/* No secret is left, and nothing else is gone. */
static void
hidden(const struct cg_upload *u, struct cg_str body, struct cg_arena *a)
{
	struct cg_str out, piece, was;

	REQUIRE(cg_items_hide(body, a, &out));
	while (cg_upload_cut(u, &body, &was)) {
		size_t eq = cg_str_chr(was, '=');

		REQUIRE(cg_upload_cut(u, &out, &piece));
		if (eq < was.n && cg_item_secret(
		    cg_str_trim(cg_str_head(was, eq))))
			was.n = eq + 1;
		REQUIRE(cg_str_eq(piece, was));
	}
	REQUIRE(!cg_upload_cut(u, &out, &piece));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct cg_upload *u = cg_upload_find(cg_lit("options"));
	struct cg_str rest = fuzz_input(p, n);
	struct cg_str body = rest;
	struct cg_query query = { .n = 0 };
	const char *end = body.p;
	struct cg_record rec;
	struct cg_str piece;
	struct cg_why why;
	struct cg_arena *a;
	enum cg_err e;

	REQUIRE(cg_arena_new(2 * n + 4096, &a) == CG_OK);
	hidden(u, body, a);
	cg_arena_free(a);
	while (cg_upload_cut(u, &rest, &piece)) {
		REQUIRE(piece.n > 0 && fuzz_inside(piece, body));
		between(end, piece.p);
		end = piece.p + piece.n;
		why = (struct cg_why){ NULL, NULL };
		e = cg_upload_parse(u, piece, &query, NULL, &rec, &why);
		REQUIRE(e == CG_OK || e == CG_SYNTAX || e == CG_LIMIT);
		if (e == CG_OK)
			option(&rec.u.option, piece);
		else
			REQUIRE(why.text != NULL);
	}
	between(end, body.p + body.n);
	return 0;
}
