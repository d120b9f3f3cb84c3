#include "config.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "cg_app.h"

#define REPLACEMENT	"\xEF\xBF\xBD"	/* U+FFFD */
#define GROWTH		4		/* no byte becomes more than this */
#define FLUSH_ROOM	16		/* to end in the first state of a character set */

void
cg_charsets_close(struct cg_charsets *c)
{
	if (c->conversion != NULL)
		iconv_close(c->conversion);
	c->conversion = NULL;
	c->name[0] = '\0';
}

static bool
open_conversion(struct cg_charsets *c, const char *charset, bool out)
{
	iconv_t cd;

	if (c->conversion != NULL && c->out == out &&
	    strcmp(c->name, charset) == 0)
		return true;
	cg_charsets_close(c);
	cd = out ? iconv_open(charset, "UTF-8") : iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return false;
	c->conversion = cd;
	c->out = out;
	snprintf(c->name, sizeof(c->name), "%s", charset);
	return true;
}

static bool
is_ascii(struct cg_str s)
{
	unsigned char seen = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		seen |= (unsigned char)s.p[i];
	return seen < 0x80;
}

enum cg_err
cg_text_utf8(struct cg_charsets *c, const char *charset, struct cg_str in,
    struct cg_arena *arena, struct cg_str *out, bool *clean)
{
	char *from, *start, *to;
	size_t left = in.n, room = in.n * GROWTH;

	*clean = true;
	if (is_ascii(in)) {
		*out = in;
		return CG_OK;
	}
	if (!open_conversion(c, charset, false) &&
	    !open_conversion(c, "UTF-8", false))
		return CG_SYS;
	/* iconv wants its input writable, though it does not write */
	if ((from = cg_arena_dup(arena, in)) == NULL ||
	    (start = to = cg_arena_get(arena, room)) == NULL)
		return CG_NOMEM;
	iconv(c->conversion, NULL, NULL, NULL, NULL);
	while (left > 0 &&
	    iconv(c->conversion, &from, &left, &to, &room) == (size_t)-1) {
		if (room < sizeof(REPLACEMENT))
			return CG_NOMEM;
		memcpy(to, REPLACEMENT, sizeof(REPLACEMENT) - 1);
		to += sizeof(REPLACEMENT) - 1;
		room -= sizeof(REPLACEMENT) - 1;
		from++, left--;
		*clean = false;
	}
	*out = (struct cg_str){ start, (size_t)(to - start) };
	return CG_OK;
}

/* Behind the character that s begins with. */
static size_t
character(const char *s, size_t n)
{
	size_t i = 1;

	while (i < n && ((unsigned char)s[i] & 0xc0) == 0x80)
		i++;
	return i;
}

static enum cg_err
convert_out(struct cg_charsets *c, struct cg_str in, char *from, char **to,
    size_t *room, bool *clean)
{
	size_t left = in.n, step;

	iconv(c->conversion, NULL, NULL, NULL, NULL);
	while (left > 0 && iconv(c->conversion, &from, &left, to, room) ==
	    (size_t)-1) {
		char mark = '?', *p = &mark;
		size_t n = 1;

		step = character(from, left);
		from += step;
		left -= step;
		*clean = false;
		if (iconv(c->conversion, &p, &n, to, room) == (size_t)-1)
			return CG_NOMEM;
	}
	if (iconv(c->conversion, NULL, NULL, to, room) == (size_t)-1)
		return CG_NOMEM;
	return CG_OK;
}

enum cg_err
cg_text_clock(struct cg_charsets *c, const char *charset, struct cg_str in,
    struct cg_arena *arena, struct cg_str *out, bool *clean)
{
	size_t room = in.n * GROWTH + FLUSH_ROOM;
	char *from, *start, *to;
	enum cg_err e;

	*clean = true;
	if (is_ascii(in)) {
		*out = in;
		return CG_OK;
	}
	if (!open_conversion(c, charset, true) &&
	    !open_conversion(c, "UTF-8", true))
		return CG_SYS;
	if ((from = cg_arena_dup(arena, in)) == NULL ||
	    (start = to = cg_arena_get(arena, room)) == NULL)
		return CG_NOMEM;
	if ((e = convert_out(c, in, from, &to, &room, clean)) != CG_OK)
		return e;
	*out = (struct cg_str){ start, (size_t)(to - start) };
	return CG_OK;
}
