/*
 * What must hold of every record, and of every piece that is none.
 */
#ifndef FUZZ_RECORD_H
#define FUZZ_RECORD_H

#include "cg_push.h"
#include "fuzz.h"

#define TEXT_MAX	65535	/* of columns of the type TEXT */

/* What a record holds: parts of the piece, numbers, and the rest. */
struct told {
	struct cg_str	 piece;
	struct cg_str	 text[40];
	size_t		 ntext;
	int32_t		 number[8];
	size_t		 nnumber;
	struct cg_str	 extra;
};

static inline void
told_text(struct told *t, struct cg_str s)
{
	REQUIRE(t->ntext < CG_LEN(t->text));
	t->text[t->ntext++] = s;
}

static inline void
number(int32_t n, struct told *t)
{
	REQUIRE(t->nnumber < CG_LEN(t->number));
	t->number[t->nnumber++] = n;
}

/* At most max bytes; part of the piece, or put together in the arena. */
static inline void
text(struct cg_str s, struct told *t, size_t max)
{
	REQUIRE(s.p != NULL || s.n == 0);
	REQUIRE(s.n <= max);
	REQUIRE(s.n == 0 || fuzz_inside(s, t->piece));
	fuzz_touch(s);
	told_text(t, s);
}

static inline void
extra(struct cg_str s, struct told *t)
{
	REQUIRE(s.p == NULL || (s.n > 0 && s.n <= TEXT_MAX));
	REQUIRE(s.n == 0 || (s.p[0] != '\t' && s.p[s.n - 1] != '\t'));
	fuzz_touch(s);
	t->extra = s;
}

static inline void
pin(struct cg_str s, struct told *t)
{
	text(s, t, 32);
	REQUIRE(s.n > 0);
	REQUIRE(cg_str_trim(s).n == s.n);
}

/* Up to max digits, behind what is none. */
static inline int
digits_next(struct cg_str *s, size_t max)
{
	int v = 0;

	while (s->n > 0 && (s->p[0] < '0' || s->p[0] > '9'))
		*s = cg_str_from(*s, 1);
	for (; max > 0 && s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9'; max--) {
		v = v * 10 + s->p[0] - '0';
		*s = cg_str_from(*s, 1);
	}
	return v;
}

/* The digits say so. */
static inline bool
time_is(const struct cg_time *t, struct cg_str text)
{
	return digits_next(&text, 4) == t->year &&
	    digits_next(&text, 2) == t->month &&
	    digits_next(&text, 2) == t->day &&
	    digits_next(&text, 2) == t->hour &&
	    digits_next(&text, 2) == t->minute &&
	    digits_next(&text, 2) == t->second && text.n == 0;
}

/* There is such a time, and the text is as short as its column. */
static inline void
wall_time(const struct cg_moment *m, struct told *t)
{
	const struct cg_time *at = &m->time;
	struct cg_time again;

	text(m->text, t, 32);
	REQUIRE(m->text.n >= 13);
	cg_time_from_seconds(cg_time_seconds(at), &again);
	REQUIRE(at->year == again.year && at->month == again.month);
	REQUIRE(at->day == again.day && at->hour == again.hour);
	REQUIRE(at->minute == again.minute && at->second == again.second);
	REQUIRE(!m->possible || time_is(at, m->text));
}

static inline void
small(int32_t n, struct told *t)
{
	REQUIRE(n >= 0 && n <= 32767);
	number(n, t);
}

static inline void
punch(const struct cg_punch *p, struct told *t)
{
	pin(p->pin, t);
	wall_time(&p->at, t);
	small(p->state, t);
	small(p->verify, t);
	text(p->work_code, t, 32);
	for (size_t i = 0; i < CG_LEN(p->reserved); i++)
		text(p->reserved[i], t, 32);
	for (size_t i = 0; i < CG_LEN(p->job_code); i++)
		text(p->job_code[i], t, 32);
	for (size_t i = 0; i < CG_LEN(p->tip_code); i++)
		text(p->tip_code[i], t, 32);
	extra(p->extra, t);
}

static inline void
operation(const struct cg_operation *o, struct told *t)
{
	small(o->code, t);
	text(o->admin_pin, t, 32);
	wall_time(&o->at, t);
	for (size_t i = 0; i < CG_LEN(o->object); i++)
		text(o->object[i], t, 64);
	extra(o->extra, t);
}

static inline void
user(const struct cg_user *u, struct told *t)
{
	pin(u->pin, t);
	text(u->name, t, 96);
	text(u->password, t, 32);
	text(u->card, t, 32);
	text(u->time_zones, t, 64);
	text(u->vice_card, t, 32);
	number(u->privilege, t);
	number(u->group_no, t);
	number(u->verify, t);
	extra(u->extra, t);
}

static inline void
template(const struct cg_template *f, struct told *t)
{
	pin(f->pin, t);
	small(f->type, t);
	small(f->no, t);
	small(f->index, t);
	text(f->format, t, 16);
	text(f->major_version, t, 16);
	text(f->minor_version, t, 16);
	text(f->body, t, t->piece.n);
	REQUIRE(f->body.n > 0);
	number(f->valid, t);
	number(f->duress, t);
	number(f->size, t);
	extra(f->extra, t);
}

static inline void
picture(const struct cg_picture *p, struct told *t)
{
	pin(p->pin, t);
	REQUIRE(p->kind == CG_PHOTO_USER || p->kind == CG_PHOTO_BIO);
	text(p->file_name, t, 255);
	text(p->content, t, t->piece.n);
	REQUIRE(p->content.n > 0);
	number(p->type, t);
	number(p->no, t);
	number(p->index, t);
	number(p->size, t);
	extra(p->extra, t);
}

static inline void
item(const struct cg_item *i, struct told *t)
{
	REQUIRE(i->kind.n > 0 && i->kind.n <= 16);
	REQUIRE(i->key.n > 0 && i->key.n <= 128);
	fuzz_touch(i->key);
	text(i->fields, t, TEXT_MAX);
}

static inline void
event(const struct cg_event *e, struct told *t)
{
	REQUIRE(e->kind.n > 0 && e->kind.n <= 32);
	text(e->fields, t, TEXT_MAX);
	REQUIRE(e->fields.n > 0);
}

/* Records of tables of lines; photos and options have targets of their own. */
static inline void
record(const struct cg_record *r, struct told *t)
{
	switch (r->kind) {
	case CG_REC_PUNCH:
		punch(&r->u.punch, t);
		return;
	case CG_REC_OPERATION:
		operation(&r->u.operation, t);
		return;
	case CG_REC_USER:
		user(&r->u.user, t);
		return;
	case CG_REC_TEMPLATE:
		template(&r->u.template, t);
		return;
	case CG_REC_PICTURE:
		picture(&r->u.picture, t);
		return;
	case CG_REC_ITEM:
		item(&r->u.item, t);
		return;
	case CG_REC_EVENT:
		event(&r->u.event, t);
		return;
	case CG_REC_PHOTO:
	case CG_REC_OPTION:
	case CG_REC__MAX:
		break;
	}
	REQUIRE(!"a record of lines");
}

/* A column, or what stands behind the name of a pair, is told. */
static inline bool
is_told(const struct told *t, struct cg_str value)
{
	int32_t n;

	value = cg_str_trim(value);
	if (value.n == 0)
		return true;
	for (size_t i = 0; i < t->ntext; i++)
		if (t->text[i].n > 0 && fuzz_inside(value, t->text[i]))
			return true;
	for (size_t i = 0; i < t->nnumber; i++)
		if (cg_str_i32(value, -INT32_MAX, INT32_MAX, &n) == CG_OK &&
		    n == t->number[i])
			return true;
	return fuzz_within(value, t->extra);
}

/*
 * Of a line that is a record nothing is lost, but the tag that says which kind
 * it is: none in a punch.
 */
static inline void
all_told(const struct told *t, bool tagged)
{
	struct cg_str rest = t->piece, column;

	for (; cg_str_cut(&rest, '\t', &column); tagged = false) {
		size_t eq = cg_str_chr(column, '=');

		if (eq < column.n)
			REQUIRE(is_told(t, cg_str_from(column, eq + 1)));
		else if (tagged)
			REQUIRE(is_told(t, cg_str_from(column,
			    cg_str_chr(column, ' '))));
		else
			REQUIRE(is_told(t, column));
	}
}

static inline void
whole_record(const struct cg_record *r, struct cg_str piece)
{
	struct told t = { .piece = piece };

	record(r, &t);
	all_told(&t, r->kind != CG_REC_PUNCH);
}

static inline void
refusal(enum cg_err e, const struct cg_why *why)
{
	REQUIRE(e == CG_SYNTAX || e == CG_LIMIT || e == CG_NOMEM);
	REQUIRE(why->text != NULL);
}

/* Lines with anything but blanks in them. */
static inline size_t
lines_count(struct cg_str body)
{
	struct cg_str line;
	size_t n = 0;

	while (cg_str_line(&body, &line))
		n += cg_str_trim(line).n > 0;
	return n;
}

/* Nothing but blanks and ends of lines is passed over. */
static inline void
passed_over(const char *from, const char *to)
{
	struct cg_str s = { from, (size_t)(to - from) };

	REQUIRE(from <= to);
	REQUIRE(lines_count(s) == 0);
}

/* Each line of the body is a record, or has a reason, and no byte is of neither. */
static inline void
lines(const char *table, struct cg_str body, size_t room)
{
	const struct cg_upload *u = cg_upload_find(cg_str_of(table));
	struct cg_query query = { .n = 0 };
	struct cg_str rest = body;
	const char *at = body.p;
	struct cg_arena *arena;
	struct cg_record rec;
	struct cg_str piece;
	struct cg_why why;
	size_t n = 0;
	enum cg_err e;

	if (cg_arena_new(room, &arena) != CG_OK)
		return;
	for (; cg_upload_cut(u, &rest, &piece); n++) {
		REQUIRE(piece.n > 0 && fuzz_inside(piece, body));
		passed_over(at, piece.p);
		at = piece.p + piece.n;
		why = (struct cg_why){ NULL, NULL };
		e = cg_upload_parse(u, piece, &query, arena, &rec, &why);
		if (e == CG_OK)
			whole_record(&rec, piece);
		else
			refusal(e, &why);
	}
	passed_over(at, body.p + body.n);
	REQUIRE(n == lines_count(body));
	cg_arena_free(arena);
}

#endif
