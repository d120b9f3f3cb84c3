/*
 * table=ATTPHOTO: header in the body, in the query, in neither.
 */
#include "config.h"

#include "fuzz_record.h"

static void
photo(const struct cg_photo *p, struct cg_str body)
{
	REQUIRE(p->kind == CG_PHOTO_PUNCH || p->kind == CG_PHOTO_FAILED);
	REQUIRE((p->kind == CG_PHOTO_FAILED) == (p->pin.n == 0));
	REQUIRE(p->pin.p != NULL && p->pin.n <= 32);
	REQUIRE(p->size == CG_NONE || p->size >= 0);
	REQUIRE(p->image.n > 0 && fuzz_inside(p->image, body));
	REQUIRE(p->image.p + p->image.n == body.p + body.n);
	wall_time(&p->at, p->at.text);
	fuzz_touch(p->pin);
	extra(p->extra);
}

static void
body_try(struct cg_str body, struct cg_str query_text, size_t room)
{
	const struct cg_upload *u = cg_upload_find(cg_lit("ATTPHOTO"));
	struct cg_why why = { NULL, NULL };
	struct cg_str rest = body;
	struct cg_arena *arena;
	struct cg_record rec;
	struct cg_query query;
	struct cg_str piece;
	enum cg_err e;

	REQUIRE(cg_arena_new(room, &arena) == CG_OK);
	if (cg_query_parse(query_text, arena, &query) == CG_OK &&
	    cg_upload_cut(u, &rest, &piece)) {
		REQUIRE(piece.p == body.p && piece.n == body.n);
		e = cg_upload_parse(u, piece, &query, arena, &rec, &why);
		if (e == CG_OK)
			photo(&rec.u.photo, body);
		else
			refusal(e, &why);
	}
	REQUIRE(rest.n == 0 || room < 64);
	cg_arena_free(arena);
}

/* The first line may be a query and the rest the body. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str body = fuzz_input(p, n);
	size_t line = cg_str_chr(body, '\n');

	body_try(body, cg_lit(""), 4 * n + 65536);
	body_try(body, cg_lit(""), 16);
	body_try(body, cg_lit("PIN=20300105080007-7.jpg&size=3"), 4 * n + 65536);
	if (line < n)
		body_try(cg_str_from(body, line + 1), cg_str_head(body, line),
		    4 * n + 65536);
	return 0;
}
