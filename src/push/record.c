/*
 * The reader of rows: by place and by name, whatever the table.
 */
#include "config.h"

#include "record.h"

#include <stdio.h>
#include <string.h>

struct columns {
	struct cg_str	 col[CG_COLUMNS_MAX];
	size_t		 n;
	struct cg_str	 more;		/* the line behind them, or absent */
};

enum cg_err
cg_why_syntax(struct cg_why *why, const char *text, const char *field)
{
	*why = (struct cg_why){ text, field };
	return CG_SYNTAX;
}

enum cg_err
cg_why_limit(struct cg_why *why, const char *text, const char *field)
{
	*why = (struct cg_why){ text, field };
	return CG_LIMIT;
}

static enum cg_err
why_nomem(struct cg_why *why)
{
	*why = (struct cg_why){ "out of memory for this request", NULL };
	return CG_NOMEM;
}

static void *
at(void *base, size_t offset)
{
	return (char *)base + offset;
}

static enum cg_err
text_set(const struct cg_field *f, struct cg_str v, void *to,
    struct cg_why *why)
{
	if (v.n > (size_t)f->max)
		return cg_why_limit(why, "field is too long", f->name);
	*(struct cg_str *)to = v;
	return CG_OK;
}

static enum cg_err
pin_set(const struct cg_field *f, struct cg_str v, void *to,
    struct cg_why *why)
{
	v = cg_str_trim(v);
	if (v.n == 0)
		return cg_why_syntax(why, "field is empty", f->name);
	if (cg_str_chr(v, '=') < v.n)
		return cg_why_syntax(why, "fields are not separated by TAB", f->name);
	return text_set(f, v, to, why);
}

static enum cg_err
body_set(const struct cg_field *f, struct cg_str v, void *to,
    struct cg_why *why)
{
	if (v.n == 0)
		return cg_why_syntax(why, "field is empty", f->name);
	*(struct cg_str *)to = v;
	return CG_OK;
}

static enum cg_err
int_set(const struct cg_field *f, struct cg_str v, void *to,
    struct cg_why *why)
{
	int32_t got = f->none;

	v = cg_str_trim(v);
	if (v.n == 0 && f->required)
		return cg_why_syntax(why, "field is empty", f->name);
	if (v.n > 0)
		switch (cg_str_i32(v, f->min, f->max, &got)) {
		case CG_OK:
			break;
		case CG_LIMIT:
			return cg_why_syntax(why, "number is out of range",
			    f->name);
		default:
			return cg_why_syntax(why, "field is not a number",
			    f->name);
		}
	*(int32_t *)to = got;
	return CG_OK;
}

static enum cg_err
time_set(const struct cg_field *f, struct cg_str v, void *to,
    struct cg_why *why)
{
	struct cg_moment *m = to;

	m->text = cg_str_trim(v);
	if (cg_time_parse(m->text, &m->time, &m->possible) != CG_OK)
		return cg_why_syntax(why, "time can't be read", f->name);
	return CG_OK;
}

enum cg_err
cg_field_set(const struct cg_field *f, struct cg_str v, void *base,
    struct cg_why *why)
{
	void *to = at(base, f->offset);

	switch (f->type) {
	case CG_FIELD_TEXT:
		return text_set(f, v, to, why);
	case CG_FIELD_PIN:
		return pin_set(f, v, to, why);
	case CG_FIELD_BODY:
		return body_set(f, v, to, why);
	case CG_FIELD_INT:
		return int_set(f, v, to, why);
	case CG_FIELD_TIME:
		return time_set(f, v, to, why);
	case CG_FIELD_EXTRA:
		break;
	}
	return CG_OK;
}

static void
spare_bytes(struct cg_spare *s, struct cg_str bytes)
{
	if (s->p != NULL && bytes.n > 0)
		memcpy(s->p + s->n, bytes.p, bytes.n);
	s->n += bytes.n;
}

void
cg_spare_piece(struct cg_spare *s, struct cg_str piece)
{
	if (piece.n == 0)
		return;
	if (s->n > 0)
		spare_bytes(s, cg_lit("\t"));
	spare_bytes(s, piece);
}

void
cg_spare_pair(struct cg_spare *s, struct cg_str name, struct cg_str value)
{
	if (value.n == 0)
		return;
	cg_spare_piece(s, name);
	spare_bytes(s, cg_lit("="));
	spare_bytes(s, value);
}

/* Columns without a name are called by their place. */
static void
spare_column(struct cg_spare *s, size_t place, struct cg_str value)
{
	char name[32];

	if (value.n == 0)
		return;
	(void)snprintf(name, sizeof(name), "column%zu", place);
	cg_spare_pair(s, cg_str_of(name), value);
}

enum cg_err
cg_spare_room(struct cg_spare *s, struct cg_arena *arena, struct cg_why *why)
{
	if (s->n > CG_TEXT_MAX)
		return cg_why_limit(why, "further fields are too long", NULL);
	if ((s->p = cg_arena_get(arena, s->n)) == NULL)
		return why_nomem(why);
	s->n = 0;
	return CG_OK;
}

static void
columns_cut(struct cg_str line, uint32_t closing, struct columns *c)
{
	c->n = 0;
	while (c->n < CG_LEN(c->col) &&
	    cg_str_cut(&line, '\t', &c->col[c->n]))
		c->n++;
	c->more = line;
	if (line.p == NULL && (closing >> c->n & 1) != 0 &&
	    c->col[c->n - 1].n == 0)
		c->n--;
}

/* The tag's layout for n columns, or NULL when they are too few. */
static const struct cg_layout *
layout_find(const struct cg_tag *tag, size_t n)
{
	const struct cg_layout *found = NULL;

	for (size_t i = 0; i < tag->nlayout && n >= tag->layout[i].from; i++)
		found = &tag->layout[i];
	return found;
}

static enum cg_err
columns_too_few(size_t n, struct cg_why *why)
{
	static const char *const text[] = {
		"too few columns: 0", "too few columns: 1",
		"too few columns: 2", "too few columns: 3"
	};

	return cg_why_syntax(why, text[n], NULL);
}

static void
columns_spare(const struct cg_layout *l, const struct columns *c,
    struct cg_spare *spare)
{
	struct cg_str rest = c->more;
	struct cg_str piece;

	for (size_t i = 0; i < c->n; i++)
		if (i >= l->nfield)
			spare_column(spare, i + 1, c->col[i]);
		else if (l->field[i].type == CG_FIELD_EXTRA)
			cg_spare_pair(spare, cg_str_of(l->field[i].name),
			    c->col[i]);
	for (size_t i = c->n; spare->n <= CG_TEXT_MAX &&
	    cg_str_cut(&rest, '\t', &piece); i++)
		spare_column(spare, i + 1, piece);
}

static enum cg_err
columns_extra(const struct cg_layout *l, const struct columns *c,
    struct cg_arena *arena, struct cg_str *extra, struct cg_why *why)
{
	struct cg_spare spare = { NULL, 0 };
	enum cg_err e;

	columns_spare(l, c, &spare);
	if (spare.n == 0)
		return CG_OK;
	if ((e = cg_spare_room(&spare, arena, why)) != CG_OK)
		return e;
	columns_spare(l, c, &spare);
	*extra = (struct cg_str){ spare.p, spare.n };
	return CG_OK;
}

static enum cg_err
columns_read(const struct cg_tag *tag, struct cg_str line,
    struct cg_arena *arena, void *base, struct cg_why *why)
{
	const struct cg_layout *l;
	struct columns c;
	enum cg_err e;

	columns_cut(line, tag->closing, &c);
	if ((l = layout_find(tag, c.n)) == NULL)
		return columns_too_few(c.n, why);
	for (size_t i = 0; i < c.n && i < l->nfield; i++)
		if ((e = cg_field_set(&l->field[i], c.col[i], base, why)) !=
		    CG_OK)
			return e;
	return columns_extra(l, &c, arena, at(base, tag->extra), why);
}

static const struct cg_field *
field_find(const struct cg_tag *tag, struct cg_str name)
{
	for (size_t i = 0; i < tag->nfield; i++)
		if (cg_str_ieq(cg_str_of(tag->field[i].name), name))
			return &tag->field[i];
	return NULL;
}

/* A bit for each row of the same field: its other names count as well. */
static uint32_t
field_bits(const struct cg_tag *tag, const struct cg_field *f)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < tag->nfield; i++)
		if (tag->field[i].offset == f->offset)
			bits |= UINT32_C(1) << i;
	return bits;
}

static enum cg_err
pairs_complete(const struct cg_tag *tag, uint32_t seen, struct cg_why *why)
{
	for (size_t i = 0; i < tag->nfield; i++)
		if (tag->field[i].required && (seen >> i & 1) == 0)
			return cg_why_syntax(why, "field is missing",
			    tag->field[i].name);
	return CG_OK;
}

/* A name that comes again is kept like one that nobody knows. */
static enum cg_err
pairs_read(const struct cg_tag *tag, struct cg_str line, void *base,
    struct cg_spare *spare, struct cg_why *why)
{
	const struct cg_field *f;
	struct cg_str piece;
	uint32_t seen = 0;
	enum cg_err e;
	size_t eq;

	while (cg_str_cut(&line, '\t', &piece)) {
		eq = cg_str_chr(piece, '=');
		f = eq == piece.n ? NULL :
		    field_find(tag, cg_str_trim(cg_str_head(piece, eq)));
		if (f == NULL || (seen & field_bits(tag, f)) != 0) {
			cg_spare_piece(spare, piece);
			continue;
		}
		seen |= field_bits(tag, f);
		e = cg_field_set(f, cg_str_from(piece, eq + 1), base, why);
		if (e != CG_OK)
			return e;
	}
	return pairs_complete(tag, seen, why);
}

static void
numbers_clear(const struct cg_tag *tag, void *base)
{
	for (size_t i = 0; i < tag->nfield; i++)
		if (tag->field[i].type == CG_FIELD_INT)
			*(int32_t *)at(base, tag->field[i].offset) =
			    tag->field[i].none;
	if (tag->fixed != CG_NONE)
		*(int32_t *)at(base, tag->fixed_at) = tag->fixed;
}

/* Most lines have nothing to spare; the others are gone through again. */
static enum cg_err
keyed_read(const struct cg_tag *tag, struct cg_str line,
    struct cg_arena *arena, void *base, struct cg_why *why)
{
	struct cg_spare spare = { NULL, 0 };
	enum cg_err e;

	numbers_clear(tag, base);
	if ((e = pairs_read(tag, line, base, &spare, why)) != CG_OK ||
	    spare.n == 0)
		return e;
	if ((e = cg_spare_room(&spare, arena, why)) != CG_OK ||
	    (e = pairs_read(tag, line, base, &spare, why)) != CG_OK)
		return e;
	*(struct cg_str *)at(base, tag->extra) =
	    (struct cg_str){ spare.p, spare.n };
	return CG_OK;
}

static enum cg_err
key_join(const struct cg_item_keys *keys, struct cg_arena *arena,
    struct cg_str *out, struct cg_why *why)
{
	const struct cg_str *a = &keys->key[0];
	const struct cg_str *b = &keys->key[1];
	struct cg_spare joined = { NULL, 0 };

	if (a->n == 0 && b->n == 0)
		return cg_why_syntax(why, "no key field has a value", NULL);
	if (a->p == NULL || b->p == NULL) {
		*out = a->p == NULL ? *b : *a;
		return CG_OK;
	}
	joined.p = cg_arena_get(arena, a->n + 1 + b->n);
	if (joined.p == NULL)
		return why_nomem(why);
	spare_bytes(&joined, *a);
	spare_bytes(&joined, cg_lit("\t"));
	spare_bytes(&joined, *b);
	*out = (struct cg_str){ joined.p, joined.n };
	return CG_OK;
}

static enum cg_err
item_read(const struct cg_tag *tag, struct cg_str line,
    struct cg_arena *arena, struct cg_item *item, struct cg_why *why)
{
	struct cg_item_keys keys = { { { NULL, 0 }, { NULL, 0 } } };
	struct cg_spare other = { NULL, 0 };
	enum cg_err e;

	if (line.n > CG_TEXT_MAX)
		return cg_why_limit(why, "line is too long", NULL);
	if ((e = pairs_read(tag, line, &keys, &other, why)) != CG_OK)
		return e;
	item->kind = tag->name;
	item->fields = line;
	return key_join(&keys, arena, &item->key, why);
}

static enum cg_err
event_read(const struct cg_tag *tag, struct cg_str line,
    struct cg_event *event, struct cg_why *why)
{
	if (line.n > CG_TEXT_MAX)
		return cg_why_limit(why, "line is too long", NULL);
	if (cg_str_trim(line).n == 0)
		return cg_why_syntax(why, "nothing behind the tag", NULL);
	event->kind = tag->name;
	event->fields = line;
	return CG_OK;
}

enum cg_err
cg_record_read(const struct cg_tag *tag, struct cg_str line,
    struct cg_arena *arena, struct cg_record *rec, struct cg_why *why)
{
	rec->kind = tag->kind;
	switch (tag->shape) {
	case CG_SHAPE_COLUMNS:
		return columns_read(tag, line, arena, &rec->u, why);
	case CG_SHAPE_KEYED:
		return keyed_read(tag, line, arena, &rec->u, why);
	case CG_SHAPE_ITEM:
		return item_read(tag, line, arena, &rec->u.item, why);
	case CG_SHAPE_EVENT:
		break;
	}
	return event_read(tag, line, &rec->u.event, why);
}
