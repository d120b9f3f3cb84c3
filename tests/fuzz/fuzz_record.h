/*
 * What must hold of every record, and of every piece that is none.
 */
#ifndef FUZZ_RECORD_H
#define FUZZ_RECORD_H

#include "cg_push.h"
#include "fuzz.h"

#define TEXT_MAX	65535	/* of columns of the type TEXT */

/* At most max bytes; part of the piece, or put together in the arena. */
static inline void
text(struct cg_str s, struct cg_str piece, size_t max)
{
	REQUIRE(s.p != NULL || s.n == 0);
	REQUIRE(s.n <= max);
	REQUIRE(s.n == 0 || fuzz_inside(s, piece));
	fuzz_touch(s);
}

static inline void
extra(struct cg_str s)
{
	REQUIRE(s.p == NULL || (s.n > 0 && s.n <= TEXT_MAX));
	REQUIRE(s.n == 0 || (s.p[0] != '\t' && s.p[s.n - 1] != '\t'));
	fuzz_touch(s);
}

static inline void
pin(struct cg_str s, struct cg_str piece)
{
	text(s, piece, 32);
	REQUIRE(s.n > 0);
	REQUIRE(cg_str_trim(s).n == s.n);
}

/* There is such a time, and the text is as short as its column. */
static inline void
wall_time(const struct cg_moment *m, struct cg_str piece)
{
	const struct cg_time *t = &m->time;
	struct cg_time again;

	text(m->text, piece, 32);
	REQUIRE(m->text.n >= 13);
	cg_time_from_seconds(cg_time_seconds(t), &again);
	REQUIRE(t->year == again.year && t->month == again.month);
	REQUIRE(t->day == again.day && t->hour == again.hour);
	REQUIRE(t->minute == again.minute && t->second == again.second);
}

static inline void
small(int32_t n)
{
	REQUIRE(n >= 0 && n <= 32767);
}

static inline void
punch(const struct cg_punch *p, struct cg_str piece)
{
	pin(p->pin, piece);
	wall_time(&p->at, piece);
	small(p->state);
	small(p->verify);
	text(p->work_code, piece, 32);
	for (size_t i = 0; i < CG_LEN(p->reserved); i++)
		text(p->reserved[i], piece, 32);
	for (size_t i = 0; i < CG_LEN(p->job_code); i++)
		text(p->job_code[i], piece, 32);
	for (size_t i = 0; i < CG_LEN(p->tip_code); i++)
		text(p->tip_code[i], piece, 32);
	extra(p->extra);
}

static inline void
operation(const struct cg_operation *o, struct cg_str piece)
{
	small(o->code);
	text(o->admin_pin, piece, 32);
	wall_time(&o->at, piece);
	for (size_t i = 0; i < CG_LEN(o->object); i++)
		text(o->object[i], piece, 64);
	extra(o->extra);
}

static inline void
user(const struct cg_user *u, struct cg_str piece)
{
	pin(u->pin, piece);
	text(u->name, piece, 96);
	text(u->password, piece, 32);
	text(u->card, piece, 32);
	text(u->time_zones, piece, 64);
	text(u->vice_card, piece, 32);
	extra(u->extra);
}

static inline void
template(const struct cg_template *t, struct cg_str piece)
{
	pin(t->pin, piece);
	small(t->type);
	small(t->no);
	small(t->index);
	text(t->format, piece, 16);
	text(t->major_version, piece, 16);
	text(t->minor_version, piece, 16);
	text(t->body, piece, piece.n);
	REQUIRE(t->body.n > 0);
	extra(t->extra);
}

static inline void
picture(const struct cg_picture *p, struct cg_str piece)
{
	pin(p->pin, piece);
	REQUIRE(p->kind == CG_PHOTO_USER || p->kind == CG_PHOTO_BIO);
	text(p->file_name, piece, 255);
	text(p->content, piece, piece.n);
	REQUIRE(p->content.n > 0);
	extra(p->extra);
}

static inline void
item(const struct cg_item *i, struct cg_str piece)
{
	REQUIRE(i->kind.n > 0 && i->kind.n <= 16);
	REQUIRE(i->key.n > 0 && i->key.n <= 128);
	fuzz_touch(i->key);
	text(i->fields, piece, TEXT_MAX);
}

static inline void
event(const struct cg_event *e, struct cg_str piece)
{
	REQUIRE(e->kind.n > 0 && e->kind.n <= 32);
	text(e->fields, piece, TEXT_MAX);
	REQUIRE(e->fields.n > 0);
}

/* Records of tables of lines; photos and options have targets of their own. */
static inline void
record(const struct cg_record *r, struct cg_str piece)
{
	switch (r->kind) {
	case CG_REC_PUNCH:
		punch(&r->u.punch, piece);
		return;
	case CG_REC_OPERATION:
		operation(&r->u.operation, piece);
		return;
	case CG_REC_USER:
		user(&r->u.user, piece);
		return;
	case CG_REC_TEMPLATE:
		template(&r->u.template, piece);
		return;
	case CG_REC_PICTURE:
		picture(&r->u.picture, piece);
		return;
	case CG_REC_ITEM:
		item(&r->u.item, piece);
		return;
	case CG_REC_EVENT:
		event(&r->u.event, piece);
		return;
	case CG_REC_PHOTO:
	case CG_REC_OPTION:
	case CG_REC__MAX:
		break;
	}
	REQUIRE(!"a record of lines");
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
			record(&rec, piece);
		else
			refusal(e, &why);
	}
	passed_over(at, body.p + body.n);
	REQUIRE(n == lines_count(body));
	cg_arena_free(arena);
}

#endif
