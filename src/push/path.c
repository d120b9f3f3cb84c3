/*
 * Request paths, serials and stamps: what is let in (notes 1.2, 1.5, 4).
 */
#include "config.h"

#include "push.h"

/* What follows the last slash; slashes at the end are no segment. */
static struct cg_str
last_segment(struct cg_str path)
{
	size_t i;

	path = cg_str_head(path, cg_str_chr(path, '?'));
	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	for (i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		;
	return cg_str_from(path, i);
}

/* eSSL firmware asks for cdata.aspx (notes 4). */
static struct cg_str
without_suffix(struct cg_str s)
{
	static const struct cg_str suffix[] = { CG_STR(".aspx"), CG_STR(".php") };

	for (size_t i = 0; i < CG_LEN(suffix); i++) {
		size_t n = suffix[i].n;

		if (s.n >= n && cg_str_ieq(cg_str_from(s, s.n - n), suffix[i]))
			return cg_str_head(s, s.n - n);
	}
	return s;
}

/* Whatever lies below file/ is one. */
static struct cg_str
segment(struct cg_str path)
{
	struct cg_str last = last_segment(path);
	struct cg_str above = cg_str_head(path, (size_t)(last.p - path.p));

	above = last_segment(above);
	return cg_str_ieq(above, cg_lit("file")) ? above : without_suffix(last);
}

struct cg_str
cg_path_endpoint(struct cg_str path, struct cg_arena *a)
{
	struct cg_str s = segment(path);
	char *p = cg_arena_dup(a, s);

	if (p == NULL)
		return (struct cg_str){ NULL, 0 };
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + ('a' - 'A'));
	return (struct cg_str){ p, s.n };
}

bool
cg_serial_ok(struct cg_str s)
{
	if (s.n == 0 || s.n > CG_SERIAL_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!cg_name_char(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

bool
cg_stamp_ok(struct cg_str s)
{
	if (s.n == 0 || s.n > CG_STAMP_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}
