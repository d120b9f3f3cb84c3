/*
 * Values on their way into a statement.
 */
#include "config.h"

#include "db.h"

static struct cg_cell
slice(enum cg_cell_type type, struct cg_str s)
{
	struct cg_cell c = { .type = (uint8_t)type };

	c.u.p = s.n > 0 ? s.p : "";
	c.n = s.n < UINT32_MAX ? (uint32_t)s.n : UINT32_MAX;
	return c;
}

static struct cg_cell
null(void)
{
	return (struct cg_cell){ .type = CG_CELL_NULL };
}

struct cg_cell
cg_cell_text(struct cg_str s)
{
	return slice(CG_CELL_TEXT, s);
}

struct cg_cell
cg_cell_bytes(struct cg_str s)
{
	return slice(CG_CELL_BYTES, s);
}

struct cg_cell
cg_cell_maybe(struct cg_str s)
{
	return s.p != NULL ? slice(CG_CELL_TEXT, s) : null();
}

struct cg_cell
cg_cell_int(int64_t i)
{
	return (struct cg_cell){ .type = CG_CELL_INT, .u.i = i };
}

struct cg_cell
cg_cell_number(int32_t i)
{
	return i != CG_NONE ? cg_cell_int(i) : null();
}

struct cg_cell
cg_cell_key(int32_t i)
{
	return cg_cell_int(i != CG_NONE ? i : 0);
}

struct cg_cell
cg_cell_time(const struct cg_time *t)
{
	if (t == NULL)
		return null();
	return (struct cg_cell){ .type = CG_CELL_TIME, .u.t = *t };
}

struct cg_cell
cg_cell_odd_time(const struct cg_moment *m)
{
	return cg_cell_text(m == NULL || m->possible ? cg_lit("") : m->text);
}

struct cg_cell
cg_cell_utc(int64_t utc)
{
	struct cg_cell c = { .type = CG_CELL_TIME };

	if (utc == CG_NO_UTC)
		return null();
	cg_time_from_seconds(utc, &c.u.t);
	return c;
}

static bool
plain(char c)
{
	return c >= ' ' && c < 0x7f;
}

struct cg_cell
cg_cell_plain(struct cg_arena *arena, struct cg_str s, size_t max)
{
	size_t n = s.n < max ? s.n : max, i = 0;
	char *copy;

	if (s.p == NULL)
		return null();
	while (i < n && plain(s.p[i]))
		i++;
	if (i == n || (copy = cg_arena_get(arena, n)) == NULL)
		return cg_cell_text(cg_str_head(s, i));
	for (i = 0; i < n; i++)
		copy[i] = plain(s.p[i]) ? s.p[i] : '?';
	return cg_cell_text((struct cg_str){ copy, n });
}
