/*
 * What the tests of the upload parsers share: a body is parsed and every
 * piece printed as one line, which is compared with what the row wants.
 */
#ifndef CG_TEST_PUSH_CASE_H
#define CG_TEST_PUSH_CASE_H

#include "cg_push.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CASE_ROOM	65536

struct push_case {
	const char	*body;
	const char	*want;
};

/* TAB is shown as '|', an empty slice as "''", an absent one not at all. */
static inline void
print_str(struct cg_buf *out, const char *name, struct cg_str s)
{
	if (s.p == NULL)
		return;
	cg_buf_putf(out, " %s=", name);
	if (s.n == 0)
		cg_buf_putz(out, "''");
	for (size_t i = 0; i < s.n; i++)
		cg_buf_putf(out, "%c", s.p[i] == '\t' ? '|' : s.p[i]);
}

static inline void
print_int(struct cg_buf *out, const char *name, int32_t n)
{
	if (n != CG_NONE)
		cg_buf_putf(out, " %s=%ld", name, (long)n);
}

static inline void
print_time(struct cg_buf *out, const struct cg_moment *m)
{
	const struct cg_time *t = &m->time;

	cg_buf_putf(out, " at=%04d-%02d-%02d_%02d:%02d:%02d", t->year,
	    t->month, t->day, t->hour, t->minute, t->second);
	if (!m->possible)
		print_str(out, "text", m->text);
}

static inline void
print_punch(struct cg_buf *out, const struct cg_punch *p)
{
	static const char *const job[6] = { "j1", "j2", "j3", "j4", "j5", "j6" };
	static const char *const tip[3] = { "t1", "t2", "t3" };

	print_str(out, "pin", p->pin);
	print_time(out, &p->at);
	cg_buf_putf(out, " %ld/%ld", (long)p->state, (long)p->verify);
	print_str(out, "work", p->work_code);
	print_str(out, "r1", p->reserved[0]);
	print_str(out, "r2", p->reserved[1]);
	for (size_t i = 0; i < CG_LEN(job); i++)
		print_str(out, job[i], p->job_code[i]);
	for (size_t i = 0; i < CG_LEN(tip); i++)
		print_str(out, tip[i], p->tip_code[i]);
	print_str(out, "extra", p->extra);
}

static inline void
print_operation(struct cg_buf *out, const struct cg_operation *o)
{
	static const char *const object[4] = { "o1", "o2", "o3", "o4" };

	print_int(out, "code", o->code);
	print_str(out, "admin", o->admin_pin);
	print_time(out, &o->at);
	for (size_t i = 0; i < CG_LEN(object); i++)
		print_str(out, object[i], o->object[i]);
	print_str(out, "extra", o->extra);
}

static inline void
print_user(struct cg_buf *out, const struct cg_user *u)
{
	print_str(out, "pin", u->pin);
	print_str(out, "name", u->name);
	print_int(out, "pri", u->privilege);
	print_str(out, "password", u->password);
	print_str(out, "card", u->card);
	print_int(out, "group", u->group_no);
	print_str(out, "tz", u->time_zones);
	print_int(out, "verify", u->verify);
	print_str(out, "vice", u->vice_card);
	print_str(out, "extra", u->extra);
}

static inline void
print_template(struct cg_buf *out, const struct cg_template *t)
{
	print_str(out, "pin", t->pin);
	print_int(out, "type", t->type);
	print_int(out, "no", t->no);
	print_int(out, "index", t->index);
	print_int(out, "valid", t->valid);
	print_int(out, "duress", t->duress);
	print_str(out, "format", t->format);
	print_str(out, "major", t->major_version);
	print_str(out, "minor", t->minor_version);
	print_int(out, "size", t->size);
	print_str(out, "body", t->body);
	print_str(out, "extra", t->extra);
}

static inline void
print_picture(struct cg_buf *out, const struct cg_picture *p)
{
	print_str(out, "pin", p->pin);
	print_int(out, "kind", (int32_t)p->kind);
	print_str(out, "file", p->file_name);
	print_int(out, "type", p->type);
	print_int(out, "no", p->no);
	print_int(out, "index", p->index);
	print_int(out, "size", p->size);
	print_str(out, "content", p->content);
	print_str(out, "extra", p->extra);
}

static inline void
print_photo(struct cg_buf *out, const struct cg_photo *p)
{
	print_int(out, "kind", (int32_t)p->kind);
	print_str(out, "pin", p->pin);
	print_time(out, &p->at);
	print_int(out, "size", p->size);
	cg_buf_putf(out, " bytes=%zu", p->image.n);
	print_str(out, "extra", p->extra);
}

static inline void
print_record(struct cg_buf *out, const struct cg_record *r)
{
	static const char *const name[CG_REC__MAX] = {
		"punch", "operation", "user", "template", "picture", "photo",
		"option", "item", "event"
	};

	cg_buf_putz(out, name[r->kind]);
	switch (r->kind) {
	case CG_REC_PUNCH:
		print_punch(out, &r->u.punch);
		break;
	case CG_REC_OPERATION:
		print_operation(out, &r->u.operation);
		break;
	case CG_REC_USER:
		print_user(out, &r->u.user);
		break;
	case CG_REC_TEMPLATE:
		print_template(out, &r->u.template);
		break;
	case CG_REC_PICTURE:
		print_picture(out, &r->u.picture);
		break;
	case CG_REC_PHOTO:
		print_photo(out, &r->u.photo);
		break;
	case CG_REC_OPTION:
		print_str(out, "name", r->u.option.name);
		print_str(out, "value", r->u.option.value);
		break;
	case CG_REC_ITEM:
		print_str(out, "kind", r->u.item.kind);
		print_str(out, "key", r->u.item.key);
		print_str(out, "fields", r->u.item.fields);
		break;
	case CG_REC_EVENT:
		print_str(out, "kind", r->u.event.kind);
		print_str(out, "fields", r->u.event.fields);
		break;
	case CG_REC__MAX:
		fail();
	}
	cg_buf_putz(out, "\n");
}

static inline void
print_refusal(struct cg_buf *out, enum cg_err e, const struct cg_why *why)
{
	cg_buf_putz(out, e == CG_SYNTAX ? "!syntax" :
	    e == CG_LIMIT ? "!limit" : "!nomem");
	if (why->field != NULL)
		cg_buf_putf(out, " %s", why->field);
	cg_buf_putf(out, ": %s\n", why->text);
}

/* Every piece of the body on a line of its own, in the arena. */
static inline struct cg_str
print_body(const struct cg_upload *u, struct cg_str body,
    const char *query_text, struct cg_arena *arena)
{
	struct cg_str piece;
	struct cg_query query;
	struct cg_record rec;
	struct cg_why why;
	struct cg_buf out;
	enum cg_err e;

	assert_int_equal(CG_OK, cg_query_parse(cg_str_of(query_text), arena,
	    &query));
	cg_buf_init(&out, arena, CASE_ROOM);
	while (cg_upload_cut(u, &body, &piece)) {
		assert_true(piece.n > 0);
		e = cg_upload_parse(u, piece, &query, arena, &rec, &why);
		if (e == CG_OK)
			print_record(&out, &rec);
		else
			print_refusal(&out, e, &why);
	}
	assert_false(out.full);
	return cg_buf_str(&out);
}

/* The body in memory of its exact size, so that a sanitizer sees its end. */
static inline void
expect_bytes(const char *table, struct cg_str body, const char *query,
    const char *want)
{
	const struct cg_upload *u = cg_upload_find(cg_str_of(table));
	char *copy = malloc(body.n > 0 ? body.n : 1);
	struct cg_arena *arena;
	struct cg_str got;

	assert_non_null(copy);
	if (body.n > 0)
		memcpy(copy, body.p, body.n);
	assert_int_equal(CG_OK, cg_arena_new(4 * CASE_ROOM, &arena));
	got = print_body(u, (struct cg_str){ copy, body.n }, query, arena);
	if (got.n != strlen(want) || memcmp(got.p, want, got.n) != 0)
		fail_msg("%s\ngot:  %.*swant: %s", body.p, (int)got.n, got.p,
		    want);
	cg_arena_free(arena);
	free(copy);
}

static inline void
expect_cases(const char *table, const struct push_case *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_bytes(table, cg_str_of(rows[i].body), "", rows[i].want);
}

/* The body of a capture; the caller frees it. */
static inline char *
capture_body(const char *name, struct cg_str *body)
{
	const char *top = getenv("top_srcdir");
	char path[4096];
	char *bytes = malloc(CASE_ROOM);
	char *blank;
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/tests/captures/%s",
	    top != NULL ? top : ".", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_non_null(bytes);
	n = fread(bytes, 1, CASE_ROOM - 1, f);
	assert_int_equal(0, fclose(f));
	bytes[n] = '\0';
	blank = strstr(bytes, "\r\n\r\n");
	assert_non_null(blank);
	blank += 4;
	*body = (struct cg_str){ blank, n - (size_t)(blank - bytes) };
	return bytes;
}

static inline void
expect_capture(const char *table, const char *name, const char *want)
{
	struct cg_str body;
	char *bytes = capture_body(name, &body);

	expect_bytes(table, body, "", want);
	free(bytes);
}

#endif
