/*
 * Results of commands (spec III.2.4.5, notes 2).
 *
 * One rule covers every form.  A result is a run of lines; a line is a run
 * of pieces KEY=value with '&' or TAB between (mostly one, or all of them).
 *
 * - ID, SN, Return and CMD are the keys of a result, in any case and order;
 *   the first of each counts.  FILENAME belongs to it too.
 * - "Content=" takes everything that follows in the body, whatever it is.
 * - A line that begins with such a key starts the next result when the one
 *   at hand was whole on its first line (it had an ID and Return or CMD), or
 *   when the line repeats a key that the one at hand already has.  Behind a
 *   whole result there must be an ID for that, on the line or on the lines
 *   of keys below it.
 * - A line that begins with anything else is payload, once CMD and Return
 *   are known (INFO: once CMD is); payload goes on until a line begins with
 *   one of the four keys and has an ID.
 * - The options of INFO may be called SN or ID, too: what follows its head is
 *   payload until a line is a whole head, ID with Return or CMD.
 * - What follows on the line behind the keys is payload as well (VERIFY SUM).
 *
 * A body that begins with neither is one result without an id.
 */
#include "config.h"

#include "cg_push.h"

enum key {
	KEY_ID,
	KEY_SN,
	KEY_RETURN,
	KEY_CMD,
	KEY_FILENAME,
	KEY_CONTENT,
	KEY_OTHER
};

#define BIT(key)	(1u << (key))
#define OPENERS		(BIT(KEY_ID) | BIT(KEY_SN) | BIT(KEY_RETURN) | \
			    BIT(KEY_CMD))

struct scan {
	struct cg_result	*r;
	unsigned		 seen;		/* keys */
	bool			 whole;		/* on its first line */
	bool			 in_payload;	/* lines that are not read */
	bool			 to_end;	/* Content */
	const char		*payload;
};

static enum key
key_of(struct cg_str piece)
{
	static const struct cg_str names[KEY_OTHER] = {
		[KEY_ID]	= CG_STR("ID"),
		[KEY_SN]	= CG_STR("SN"),
		[KEY_RETURN]	= CG_STR("Return"),
		[KEY_CMD]	= CG_STR("CMD"),
		[KEY_FILENAME]	= CG_STR("FILENAME"),
		[KEY_CONTENT]	= CG_STR("Content"),
	};
	size_t eq = cg_str_chr(piece, '=');
	struct cg_str name = cg_str_trim(cg_str_head(piece, eq));

	for (unsigned k = 0; k < KEY_OTHER && eq < piece.n; k++)
		if (cg_str_ieq(name, names[k]))
			return (enum key)k;
	return KEY_OTHER;
}

static bool
piece_next(struct cg_str *rest, struct cg_str *piece)
{
	size_t n = 0;

	if (rest->p == NULL)
		return false;
	while (n < rest->n && rest->p[n] != '&' && rest->p[n] != '\t')
		n++;
	*piece = cg_str_head(*rest, n);
	*rest = n < rest->n ? cg_str_from(*rest, n + 1) :
	    (struct cg_str){ NULL, 0 };
	return true;
}

static enum key
first_key(struct cg_str line)
{
	struct cg_str piece = { NULL, 0 };

	return piece_next(&line, &piece) ? key_of(piece) : KEY_OTHER;
}

/* The keys of a line, up to its Content. */
static unsigned
keys_of(struct cg_str line)
{
	struct cg_str piece;
	unsigned keys = 0;

	while ((keys & BIT(KEY_CONTENT)) == 0 && piece_next(&line, &piece))
		keys |= BIT(key_of(piece));
	return keys;
}

static void
set(struct scan *s, enum key key, struct cg_str value)
{
	struct cg_result *r = s->r;
	struct cg_str blank = cg_str_head(value, 0);

	value = cg_str_trim(value);
	switch (key) {
	case KEY_ID:
		if (value.n > 0)
			r->id = value;
		break;
	case KEY_SN:
		if (value.n > 0)
			r->sn = value;
		break;
	case KEY_RETURN:
		if (cg_str_i32(value, -INT32_MAX, INT32_MAX, &r->code) != CG_OK)
			r->code = CG_NONE;
		break;
	case KEY_CMD:
		r->cmd = value.n > 0 ? value : blank;
		break;
	case KEY_FILENAME:
	case KEY_CONTENT:
	case KEY_OTHER:
		break;
	}
}

/* Read the pieces of a line; next is the body behind it. */
static void
take_pieces(struct scan *s, struct cg_str line, struct cg_str next)
{
	struct cg_str piece;

	while (!s->to_end && piece_next(&line, &piece)) {
		enum key key = key_of(piece);
		struct cg_str value =
		    cg_str_from(piece, cg_str_chr(piece, '='));

		if (key == KEY_OTHER) {
			if (s->payload == NULL && cg_str_trim(piece).n > 0)
				s->payload = piece.p;
			continue;
		}
		value = cg_str_from(value, 1);
		if (key == KEY_CONTENT) {
			s->to_end = true;
			s->payload = value.p;
			s->r->payload = (struct cg_str){ value.p,
			    (size_t)(next.p + next.n - value.p) };
		} else if ((s->seen & BIT(key)) == 0)
			set(s, key, value);
		s->seen |= BIT(key);
	}
}

/* Keys that say which command it is about, and something of it. */
static bool
is_whole(unsigned keys)
{
	return (keys & BIT(KEY_ID)) != 0 &&
	    (keys & (BIT(KEY_RETURN) | BIT(KEY_CMD))) != 0;
}

static bool
is_info(const struct scan *s)
{
	return (s->seen & BIT(KEY_CMD)) != 0 &&
	    cg_str_ieq(s->r->cmd, cg_lit("INFO"));
}

static void
take_first(struct scan *s, struct cg_str line, struct cg_str next)
{
	if (first_key(line) == KEY_OTHER && (keys_of(line) & OPENERS) == 0) {
		s->in_payload = true;
		s->payload = line.p;
		return;
	}
	take_pieces(s, line, next);
	s->whole = is_whole(s->seen);
}

/* Whether the lines of keys below have an ID before one of them repeats. */
static bool
id_follows(unsigned keys, struct cg_str next)
{
	struct cg_str line;
	unsigned more;

	while ((keys & BIT(KEY_ID)) == 0) {
		if (!cg_str_line(&next, &line) ||
		    (BIT(first_key(line)) & OPENERS) == 0)
			return false;
		more = keys_of(line);
		if ((more & keys & OPENERS) != 0)
			return false;
		keys |= more;
	}
	return true;
}

static bool
starts_next(const struct scan *s, struct cg_str line, struct cg_str next)
{
	unsigned keys;

	if ((BIT(first_key(line)) & OPENERS) == 0)
		return false;
	keys = keys_of(line);
	if (is_info(s) && (s->in_payload || (s->seen & BIT(KEY_ID)) != 0))
		return is_whole(keys);
	if (s->in_payload)
		return (keys & BIT(KEY_ID)) != 0;
	if (is_whole(s->seen) && !id_follows(keys, next))
		return false;
	return s->whole || (keys & s->seen & OPENERS) != 0;
}

static bool
head_complete(const struct scan *s)
{
	if (s->whole)
		return true;
	if ((s->seen & BIT(KEY_CMD)) == 0)
		return false;
	return (s->seen & BIT(KEY_RETURN)) != 0 || is_info(s);
}

/* Behind the head of INFO, keys are names of options. */
static bool
in_head(const struct scan *s, struct cg_str line)
{
	unsigned key = BIT(first_key(line));

	if (is_info(s))
		return !s->whole && (key & OPENERS & ~s->seen) != 0;
	return key != BIT(KEY_OTHER);
}

static void
take_line(struct scan *s, struct cg_str line, struct cg_str next)
{
	if (s->in_payload || cg_str_trim(line).n == 0)
		return;
	if (in_head(s, line)) {
		take_pieces(s, line, next);
	} else if (head_complete(s)) {
		s->in_payload = true;
		if (s->payload == NULL)
			s->payload = line.p;
	}
}

/* "AttlogCount=12" of a line. */
static bool
line_count(struct cg_str line, int32_t *count)
{
	static const struct cg_str names[] = { CG_STR("AttlogCount"),
		CG_STR("AttlogSum") };
	struct cg_str piece;

	while (piece_next(&line, &piece)) {
		size_t eq = cg_str_chr(piece, '=');
		struct cg_str name = cg_str_trim(cg_str_head(piece, eq));

		for (size_t i = 0; i < CG_LEN(names); i++)
			if (cg_str_ieq(name, names[i]))
				return cg_str_i32(cg_str_trim(cg_str_from(piece,
				    eq + 1)), 0, INT32_MAX, count) == CG_OK;
	}
	return false;
}

bool
cg_result_count(const struct cg_result *r, int32_t *count)
{
	struct cg_str rest = r->payload, line;

	while (cg_str_line(&rest, &line))
		if (line_count(line, count))
			return true;
	return false;
}

/* Take the lines of the result that begins with line; gives what is left. */
static struct cg_str
take_lines(struct scan *s, struct cg_str line, struct cg_str rest)
{
	struct cg_str next = rest;

	take_first(s, line, rest);
	while (!s->to_end && cg_str_line(&next, &line) &&
	    !starts_next(s, line, next)) {
		take_line(s, line, next);
		rest = next;
	}
	return s->to_end ? cg_str_from(rest, rest.n) : rest;
}

/* The bytes of the result, without the line ends behind it. */
static struct cg_str
extent(const struct scan *s, const char *from, const char *to)
{
	struct cg_str raw = { from, (size_t)(to - from) };

	while (!s->to_end && raw.n > 0 &&	/* of a file they are content */
	    (raw.p[raw.n - 1] == '\n' || raw.p[raw.n - 1] == '\r'))
		raw.n--;
	return raw;
}

bool
cg_result_next(struct cg_str *rest, struct cg_result *r)
{
	struct scan s = { .r = r };
	struct cg_str line, end;

	do {
		if (!cg_str_line(rest, &line))
			return false;
	} while (cg_str_trim(line).n == 0);
	*r = (struct cg_result){ .code = CG_NONE };
	end = take_lines(&s, line, *rest);
	r->raw = extent(&s, line.p, end.p);
	if (!s.to_end && s.payload != NULL)
		r->payload = (struct cg_str){ s.payload,
		    (size_t)(r->raw.p + r->raw.n - s.payload) };
	*rest = end;
	return true;
}
