/*
 * Slices and strict numbers.
 */
#include "config.h"

#include "cg_base.h"

#include <string.h>

/* By hand, since tolower() asks the locale. */
static unsigned char
lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u + ('a' - 'A')) : u;
}

static bool
same(const char *a, const char *b, size_t n)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): of n bytes */
	return n == 0 || memcmp(a, b, n) == 0;
}

static bool
same_any_case(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

struct cg_str
cg_str_of(const char *z)
{
	return (struct cg_str){ z, z != NULL ? strlen(z) : 0 };
}

bool
cg_str_eq(struct cg_str a, struct cg_str b)
{
	return (a.p == NULL) == (b.p == NULL) && a.n == b.n &&
	    same(a.p, b.p, a.n);
}

bool
cg_str_ieq(struct cg_str a, struct cg_str b)
{
	return (a.p == NULL) == (b.p == NULL) && a.n == b.n &&
	    same_any_case(a.p, b.p, a.n);
}

bool
cg_str_starts(struct cg_str s, struct cg_str prefix)
{
	return s.n >= prefix.n && same(s.p, prefix.p, prefix.n);
}

bool
cg_str_istarts(struct cg_str s, struct cg_str prefix)
{
	return s.n >= prefix.n && same_any_case(s.p, prefix.p, prefix.n);
}

/* Without a way out: most are short, and compilers make it wide. */
bool
cg_str_ascii(struct cg_str s)
{
	unsigned char seen = 0;

	for (size_t i = 0; i < s.n; i++)
		seen |= (unsigned char)s.p[i];
	return seen < 0x80;
}

size_t
cg_str_index(const struct cg_str *list, size_t n, struct cg_str s)
{
	size_t i = 0;

	while (i < n && !cg_str_eq(list[i], s))
		i++;
	return i;
}

size_t
cg_str_chr(struct cg_str s, char c)
{
	const char *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

struct cg_str
cg_str_from(struct cg_str s, size_t n)
{
	if (n > 0) {
		s.p += n;
		s.n -= n;
	}
	return s;
}

struct cg_str
cg_str_head(struct cg_str s, size_t n)
{
	s.n = n;
	return s;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct cg_str
cg_str_trim(struct cg_str s)
{
	while (s.n > 0 && blank(s.p[0]))
		s = cg_str_from(s, 1);
	while (s.n > 0 && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
cg_str_cut(struct cg_str *rest, char sep, struct cg_str *piece)
{
	size_t n;

	if (rest->p == NULL)
		return false;
	n = cg_str_chr(*rest, sep);
	*piece = cg_str_head(*rest, n);
	if (n < rest->n)
		*rest = cg_str_from(*rest, n + 1);
	else
		*rest = (struct cg_str){ NULL, 0 };
	return true;
}

bool
cg_str_line(struct cg_str *rest, struct cg_str *line)
{
	size_t n;

	if (rest->n == 0)
		return false;
	n = cg_str_chr(*rest, '\n');
	*line = cg_str_head(*rest, n);
	if (n > 0 && line->p[n - 1] == '\r')
		line->n--;
	*rest = cg_str_from(*rest, n < rest->n ? n + 1 : n);
	return true;
}

/* Digits only.  Every digit is looked at even when the limit is passed. */
static enum cg_err
digits(struct cg_str s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	bool over = false;

	if (s.n == 0)
		return CG_SYNTAX;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned char)s.p[i] - (unsigned)'0';

		if (d > 9)
			return CG_SYNTAX;
		if (over || d > max || v > (max - d) / 10)
			over = true;
		else
			v = v * 10 + d;
	}
	if (over)
		return CG_LIMIT;
	*out = v;
	return CG_OK;
}

enum cg_err
cg_str_u32(struct cg_str s, uint32_t max, uint32_t *out)
{
	uint64_t v;
	enum cg_err e = digits(s, max, &v);

	if (e == CG_OK)
		*out = (uint32_t)v;
	return e;
}

enum cg_err
cg_str_i64(struct cg_str s, int64_t min, int64_t max, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t v;
	int64_t n;
	enum cg_err e;

	if (minus || (s.n > 0 && s.p[0] == '+'))
		s = cg_str_from(s, 1);
	e = digits(s, (uint64_t)INT64_MAX + (minus ? 1 : 0), &v);
	if (e != CG_OK)
		return e;
	if (!minus)
		n = (int64_t)v;
	else			/* in two steps: -INT64_MIN is no number */
		n = v == 0 ? 0 : -(int64_t)(v - 1) - 1;
	if (n < min || n > max)
		return CG_LIMIT;
	*out = n;
	return CG_OK;
}

enum cg_err
cg_str_i32(struct cg_str s, int32_t min, int32_t max, int32_t *out)
{
	int64_t n;
	enum cg_err e = cg_str_i64(s, min, max, &n);

	if (e == CG_OK)
		*out = (int32_t)n;
	return e;
}
