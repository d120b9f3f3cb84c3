/*
 * Values on their way into a statement.
 */
#include "config.h"

#include "db.h"

#include <string.h>

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

/* ---- UTF-8 ---- */

/* Sequences by their first two bytes: overlong and surrogates are not there. */
/* clang-format off */
static const struct {
	unsigned char first[2];		/* from, to */
	unsigned char second[2];
	unsigned char length;
} sequences[] = {
	{ { 0x00, 0x7f }, { 0x00, 0xff }, 1 },
	{ { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
	{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 },
	{ { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
	{ { 0xed, 0xed }, { 0x80, 0x9f }, 3 },
	{ { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
	{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 },
	{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
	{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
};
/* clang-format on */

static bool
within(unsigned char c, const unsigned char range[2])
{
	return c >= range[0] && c <= range[1];
}

/* The length of the character that s begins with, 0 when it is none. */
static size_t
character(struct cg_str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i, k;

	for (i = 0; i < CG_LEN(sequences); i++)
		if (within(p[0], sequences[i].first))
			break;
	if (i == CG_LEN(sequences) || sequences[i].length > s.n)
		return 0;
	if (sequences[i].length > 1 && !within(p[1], sequences[i].second))
		return 0;
	for (k = 2; k < sequences[i].length; k++)
		if ((p[k] & 0xc0) != 0x80)
			return 0;
	return sequences[i].length;
}

/* How many bytes at the start of s are whole characters within max. */
static size_t
whole(struct cg_str s, size_t max)
{
	size_t n = 0, k;

	while (n < s.n && (k = character(cg_str_from(s, n))) > 0 && n + k <= max)
		n += k;
	return n;
}

static size_t
mend(struct cg_str s, char *out, size_t max)
{
	size_t from, k, n = 0;

	for (from = 0; from < s.n; from += k) {
		k = character(cg_str_from(s, from));
		if (n + (k > 0 ? k : 1) > max)
			break;
		if (k > 0) {
			memcpy(out + n, s.p + from, k);
			n += k;
		} else {
			out[n++] = '?';
			k = 1;
		}
	}
	return n;
}

struct cg_cell
cg_cell_safe(struct cg_db *db, struct cg_str s, size_t max)
{
	size_t n = whole(s, max);
	char *copy;

	if (s.p == NULL)
		return null();
	if (n == s.n || n + 4 > max ||
	    (copy = cg_arena_get(db->scrap, max)) == NULL)
		return cg_cell_text(cg_str_head(s, n));
	n = mend(s, copy, max);
	return cg_cell_text((struct cg_str){ copy, n });
}
