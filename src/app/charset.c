#include "config.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cg_app.h"

#define REPLACEMENT	"\xEF\xBF\xBD"	/* U+FFFD */
#define ROOM_FIRST	4096
#define ROOM_LEAST	32		/* for a character, one held back, a replacement */
#define ROOM_KEPT	((size_t)64 * 1024)	/* a larger one is given back */

void
cg_charsets_close(struct cg_charsets *c)
{
	if (c->conversion != NULL)
		iconv_close(c->conversion);
	free(c->room);
	*c = (struct cg_charsets){ .conversion = NULL };
}

static bool
open_conversion(struct cg_charsets *c, const char *charset, bool out)
{
	iconv_t cd;

	if (c->conversion != NULL && c->out == out &&
	    strcmp(c->name, charset) == 0)
		return true;
	cd = out ? iconv_open(charset, "UTF-8") : iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return false;
	if (c->conversion != NULL)
		iconv_close(c->conversion);
	c->conversion = cd;
	c->out = out;
	snprintf(c->name, sizeof(c->name), "%s", charset);
	return true;
}

static bool
more_room(struct cg_charsets *c)
{
	size_t n = c->nroom == 0 ? ROOM_FIRST : 2 * c->nroom;
	char *p = realloc(c->room, n);

	if (p == NULL)
		return false;
	c->room = p;
	c->nroom = n;
	return true;
}

/* What iconv still has to take, and where it has got to in c->room. */
struct work {
	char	*from;
	size_t	 left;
	size_t	 done;
	bool	 ended;
};

/* One call; at the end one more, for a character that waits for its accent. */
static bool
step(struct cg_charsets *c, struct work *w)
{
	char *to = c->room + w->done;
	size_t room = c->nroom - w->done, r;

	if (w->left > 0) {
		r = iconv(c->conversion, &w->from, &w->left, &to, &room);
	} else {
		r = iconv(c->conversion, NULL, NULL, &to, &room);
		w->ended = r != (size_t)-1 || errno != E2BIG;
	}
	w->done = c->nroom - room;
	return r != (size_t)-1;
}

/* The bytes of the UTF-8 character that s begins with. */
static size_t
character(const char *s, size_t n)
{
	size_t i = 1;

	while (i < n && ((unsigned char)s[i] & 0xc0) == 0x80)
		i++;
	return i;
}

/*
 * Put U+FFFD in place of a byte that is no character, behind what was held
 * back; on the way out '?' in place of a character that the charset lacks.
 */
static bool
replace(struct cg_charsets *c, struct work *w)
{
	char mark[] = "?", *from = mark, *to;
	size_t one = 1, skip = 1, room;

	if (c->nroom - w->done < ROOM_LEAST && !more_room(c))
		return false;
	to = c->room + w->done;
	room = c->nroom - w->done;
	if (c->out) {
		skip = character(w->from, w->left);
		(void)iconv(c->conversion, &from, &one, &to, &room);
	} else {
		(void)iconv(c->conversion, NULL, NULL, &to, &room);
		memcpy(to, REPLACEMENT, sizeof(REPLACEMENT) - 1);
		room -= sizeof(REPLACEMENT) - 1;
	}
	w->done = c->nroom - room;
	w->from += skip;
	w->left -= skip;
	return true;
}

static enum cg_err
convert(struct cg_charsets *c, struct cg_str in, size_t *n, bool *clean)
{
	/* iconv wants its input writable, though it does not write */
	struct work w = { (char *)(uintptr_t)in.p, in.n, 0, false };

	(void)iconv(c->conversion, NULL, NULL, NULL, NULL);
	while (!w.ended) {
		if (c->nroom - w.done < ROOM_LEAST ||
		    (!step(c, &w) && errno == E2BIG)) {
			if (!more_room(c))
				return CG_NOMEM;
		} else if (w.left > 0) {
			*clean = false;
			if (!replace(c, &w))
				return CG_NOMEM;
		}
	}
	*n = w.done;
	return CG_OK;
}

static enum cg_err
text(struct cg_charsets *c, const char *charset, bool to_clock, struct cg_str in,
    struct cg_arena *arena, struct cg_str *out, bool *clean)
{
	enum cg_err e;
	size_t n = 0;

	*clean = true;
	*out = in;
	if (cg_str_ascii(in))
		return CG_OK;
	if (!open_conversion(c, charset, to_clock) &&
	    !open_conversion(c, "UTF-8", to_clock))
		return CG_SYS;
	if ((e = convert(c, in, &n, clean)) == CG_OK &&
	    !cg_str_eq(in, (struct cg_str){ c->room, n })) {
		*out = (struct cg_str){ cg_arena_dup(arena,
		    (struct cg_str){ c->room, n }), n };
		e = out->p != NULL ? CG_OK : CG_NOMEM;
	}
	if (c->nroom > ROOM_KEPT) {
		free(c->room);
		c->room = NULL;
		c->nroom = 0;
	}
	return e;
}

enum cg_err
cg_text_utf8(struct cg_charsets *c, const char *charset, struct cg_str in,
    struct cg_arena *arena, struct cg_str *out, bool *clean)
{
	return text(c, charset, false, in, arena, out, clean);
}

enum cg_err
cg_text_clock(struct cg_charsets *c, const char *charset, struct cg_str in,
    struct cg_arena *arena, struct cg_str *out, bool *clean)
{
	return text(c, charset, true, in, arena, out, clean);
}
