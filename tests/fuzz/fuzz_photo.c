/*
 * table=ATTPHOTO: header in the body, in the query, in neither.
 */
#include "config.h"

#include "fuzz_record.h"

/* Blanks separate words; an image begins behind NUL, or as a JPEG does. */
static struct cg_str
header(const struct cg_photo *p, struct cg_str body)
{
	struct cg_str head = cg_str_head(body, (size_t)(p->image.p - body.p));
	size_t end = cg_str_chr(head, '\0');

	REQUIRE(!cg_str_istarts(body, cg_lit("PIN=")) || head.n > 0);
	if (head.n > 0 && end + 1 == head.n)
		return cg_str_head(head, end);
	REQUIRE(end == head.n);
	REQUIRE(head.n == 0 || cg_str_starts(p->image, cg_lit("\xff\xd8")));
	return head;
}

static void
size_word(const struct cg_photo *p, struct cg_str value)
{
	int32_t n;

	REQUIRE(cg_str_trim(value).n == 0 ? p->size == CG_NONE :
	    cg_str_i32(cg_str_trim(value), 0, INT32_MAX, &n) == CG_OK && n == p->size);
}

/* The name is all told: its time, its PIN, and what else stands between. */
static void
name_word(const struct cg_photo *p, struct cg_str value)
{
	size_t n = p->at.text.n;

	if (value.n > 4 && cg_str_ieq(cg_str_from(value, value.n - 4),
	    cg_lit(".jpg")))
		value.n -= 4;
	REQUIRE(cg_str_eq(cg_str_head(value, n), p->at.text));
	value = cg_str_from(value, n < value.n ? n + 1 : n);
	if (cg_str_eq(value, p->pin))
		return;
	REQUIRE(value.n > 2 && fuzz_within(cg_str_head(value, 1), p->extra));
	value = cg_str_from(value, 2);
	REQUIRE(cg_str_starts(value, p->pin));
	REQUIRE(value.n <= p->pin.n + 1 ||
	    fuzz_within(cg_str_from(value, p->pin.n + 1), p->extra));
}

static bool
word_next(struct cg_str *rest, struct cg_str *word)
{
	size_t n = 0;

	*rest = cg_str_trim(*rest);
	while (n < rest->n && cg_str_trim(cg_str_from(*rest, n)).p == rest->p + n)
		n++;
	*word = cg_str_head(*rest, n);
	*rest = cg_str_from(*rest, n);
	return n > 0;
}

/* Nothing of the header is lost, but what comes again: the last one counts. */
static void
words(const struct cg_photo *p, struct cg_str head)
{
	struct cg_str word, value, name = { NULL, 0 }, size = { NULL, 0 };

	while (word_next(&head, &word)) {
		value = cg_str_from(word, cg_str_chr(word, '='));
		value = cg_str_from(value, value.n > 0);
		if (cg_str_istarts(word, cg_lit("PIN=")))
			name = value;
		else if (cg_str_istarts(word, cg_lit("size=")))
			size = value;
		else if (!cg_str_istarts(word, cg_lit("SN=")) &&
		    !cg_str_ieq(word, cg_lit("CMD=uploadphoto")))
			REQUIRE(fuzz_within(word, p->extra) ||
			    cg_str_istarts(word, cg_lit("CMD=")));
	}
	if (name.p != NULL)
		name_word(p, name);
	if (size.p != NULL)
		size_word(p, size);
}

static void
photo(const struct cg_photo *p, struct cg_str body)
{
	struct told t = { .piece = p->at.text };

	REQUIRE(p->kind == CG_PHOTO_PUNCH || p->kind == CG_PHOTO_FAILED);
	REQUIRE((p->kind == CG_PHOTO_FAILED) == (p->pin.n == 0));
	REQUIRE(p->pin.p != NULL && p->pin.n <= 32);
	REQUIRE(p->size == CG_NONE || p->size >= 0);
	REQUIRE(p->image.n > 0 && fuzz_inside(p->image, body));
	REQUIRE(p->image.p + p->image.n == body.p + body.n);
	wall_time(&p->at, &t);
	fuzz_touch(p->pin);
	extra(p->extra, &t);
	words(p, header(p, body));
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
