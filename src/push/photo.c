/*
 * table=ATTPHOTO: a header, a NUL, an image (spec III.2.4.4, notes 1.8).
 */
#include "config.h"

#include "push.h"
#include "record.h"

#include <string.h>

#define STAMP_LENGTH	14	/* YYYYMMDDhhmmss */
#define HEADER_SEPS	" \t\r\n"	/* printed in lines, in the spec with blanks */

struct header {
	struct cg_str	 pin;		/* the name of the photo */
	struct cg_str	 sn;
	struct cg_str	 size;
	struct cg_str	 cmd;
};

/* What the name of a photo says. */
struct title {
	struct cg_str	 at_text;
	struct cg_str	 type;		/* clocks for identity cards */
	struct cg_str	 pin;
	struct cg_str	 id_number;
};

struct word {
	const char	*name;
	size_t		 offset;
};

static const struct word words[] = {
	{ "PIN", offsetof(struct header, pin) },
	{ "SN", offsetof(struct header, sn) },
	{ "size", offsetof(struct header, size) },
	{ "CMD", offsetof(struct header, cmd) }
};

static const struct cg_field size_field = {
	"size", CG_FIELD_INT, false, offsetof(struct cg_photo, size),
	0, INT32_MAX, CG_NONE
};

static const struct cg_field pin_field = {
	"PIN", CG_FIELD_TEXT, false, offsetof(struct cg_photo, pin),
	0, CG_PIN_MAX, 0
};

/* The value of the word at the front of s, or absent. */
static struct cg_str
word_value(const struct word *w, struct cg_str s)
{
	struct cg_str name = cg_str_of(w->name);

	if (!cg_str_istarts(s, name) || s.n == name.n ||
	    s.p[name.n] != '=')
		return (struct cg_str){ NULL, 0 };
	return cg_str_from(s, name.n + 1);
}

static const struct word *
word_find(struct cg_str s)
{
	for (size_t i = 0; i < CG_LEN(words); i++)
		if (word_value(&words[i], s).p != NULL)
			return &words[i];
	return NULL;
}

/* Where a JPEG begins, or s.n. */
static size_t
jpeg_find(struct cg_str s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (memcmp(s.p + i, "\xff\xd8", 2) == 0)
			return i;
	return s.n;
}

/* The first NUL ends the header; some clocks leave it out (notes 1.8). */
static void
body_cut(struct cg_str body, struct cg_str *head, struct cg_str *image)
{
	const struct cg_str nul_jpeg = CG_STR("\0\xff\xd8");
	size_t end;

	if (word_find(body) == NULL) {
		*head = cg_str_head(body, 0);
		*image = cg_str_from(body, cg_str_starts(body, nul_jpeg));
		return;
	}
	end = cg_str_chr(body, '\0');
	*head = cg_str_head(body, jpeg_find(cg_str_head(body, end)));
	*image = cg_str_from(body, head->n);
	if (head->n == end && end < body.n)
		*image = cg_str_from(body, end + 1);
}

static void
header_read(struct cg_str head, struct header *h)
{
	const struct word *w;
	struct cg_str piece;

	while (cg_word_next(&head, HEADER_SEPS, &piece))
		if ((w = word_find(piece)) != NULL)
			*(struct cg_str *)(void *)((char *)h + w->offset) =
			    word_value(w, piece);
}

static bool
all_digits(struct cg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* "type-pin-idno" of clocks for identity cards; a PIN may hold '-' too. */
static bool
identity_read(struct cg_str s, struct title *t)
{
	struct cg_str part[3];
	size_t n = 0;

	while (n < CG_LEN(part) && cg_str_cut(&s, '-', &part[n]))
		n++;
	if (n < CG_LEN(part) || s.p != NULL || part[0].n != 1 ||
	    !all_digits(part[0]))
		return false;
	t->type = part[0];
	t->pin = part[1];
	t->id_number = part[2];
	return true;
}

/* "time", "time-pin", "time-type-pin-idno", mostly with ".jpg" behind. */
static bool
title_read(struct cg_str s, struct title *t)
{
	const struct cg_str suffix = CG_STR(".jpg");

	if (s.n >= suffix.n &&
	    cg_str_ieq(cg_str_from(s, s.n - suffix.n), suffix))
		s.n -= suffix.n;
	if (s.n < STAMP_LENGTH || cg_str_chr(s, '\t') < s.n)
		return false;	/* a TAB would cut what is kept in extra */
	t->at_text = cg_str_head(s, STAMP_LENGTH);
	s = cg_str_from(s, STAMP_LENGTH);
	if (s.n == 0)
		return true;
	if (s.p[0] != '-')
		return false;
	s = cg_str_from(s, 1);
	if (!identity_read(s, t))
		t->pin = s;
	return true;
}

static void
spare_collect(const struct header *h, const struct title *t,
    struct cg_str head, struct cg_spare *spare)
{
	struct cg_str piece;

	cg_spare_pair(spare, cg_lit("Type"), t->type);
	cg_spare_pair(spare, cg_lit("IDNum"), t->id_number);
	if (!cg_str_ieq(h->cmd, cg_lit("uploadphoto")))
		cg_spare_pair(spare, cg_lit("CMD"), h->cmd);
	while (cg_word_next(&head, HEADER_SEPS, &piece))
		if (word_find(piece) == NULL)
			cg_spare_piece(spare, piece);
}

static enum cg_err
extra_read(const struct header *h, const struct title *t, struct cg_str head,
    struct cg_arena *arena, struct cg_str *extra, struct cg_why *why)
{
	struct cg_spare spare = { NULL, 0 };
	enum cg_err e;

	spare_collect(h, t, head, &spare);
	if (spare.n == 0)
		return CG_OK;
	if ((e = cg_spare_room(&spare, arena, why)) != CG_OK)
		return e;
	spare_collect(h, t, head, &spare);
	*extra = (struct cg_str){ spare.p, spare.n };
	return CG_OK;
}

static enum cg_err
photo_fill(const struct header *h, struct title *t, struct cg_photo *photo,
    struct cg_why *why)
{
	struct cg_str name = cg_str_trim(h->pin);
	enum cg_err e;

	if (name.n == 0)
		return cg_why_syntax(why, "photo without a name", "PIN");
	if (!title_read(name, t) ||
	    cg_time_parse_compact(t->at_text, &photo->at.time,
	    &photo->at.possible) != CG_OK)
		return cg_why_syntax(why, "name of the photo can't be read",
		    "PIN");
	photo->at.text = t->at_text;
	photo->kind = t->pin.n > 0 ? CG_PHOTO_PUNCH : CG_PHOTO_FAILED;
	if ((e = cg_field_set(&pin_field, t->pin, photo, why)) != CG_OK)
		return e;
	return cg_field_set(&size_field, h->size, photo, why);
}

enum cg_err
cg_photo_read(struct cg_str body, const struct cg_query *query,
    struct cg_arena *arena, struct cg_record *rec, struct cg_why *why)
{
	struct cg_photo *photo = &rec->u.photo;
	struct header h = { .pin = { NULL, 0 } };
	struct title t = { .pin = CG_STR("") };
	struct cg_str head;
	enum cg_err e;

	body_cut(body, &head, &photo->image);
	header_read(head, &h);
	if (h.pin.p == NULL)
		h.pin = cg_query_get(query, "PIN");
	if (h.size.p == NULL)
		h.size = cg_query_get(query, "size");
	if (photo->image.n == 0)
		return cg_why_syntax(why, "photo without an image", NULL);
	if ((e = photo_fill(&h, &t, photo, why)) != CG_OK)
		return e;
	rec->kind = CG_REC_PHOTO;
	return extra_read(&h, &t, head, arena, &photo->extra, why);
}

bool
cg_photo_begins(struct cg_str line)
{
	struct cg_str name = word_value(&words[0], line);

	return name.n >= STAMP_LENGTH &&
	    all_digits(cg_str_head(name, STAMP_LENGTH));
}
