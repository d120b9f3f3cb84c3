/*
 * The values of commands: what each type may be, and how it goes on the wire.
 */
#include "config.h"

#include "command.h"

#include <stdio.h>
#include <string.h>

#define SCHEDULE_MAX	50	/* spec VI.7.15.1 */
#define SCHEDULES	3	/* of a user or a group: spec VI.7.2, VI.7.15.4 */
#define LETTERS		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS		"0123456789"

/* Every byte is one of the set. */
static bool
only(struct cg_str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(set, s.p[i]) == NULL)
			return false;
	return true;
}

static bool
within(const struct cg_arg *a, size_t n)
{
	return n >= (size_t)a->min && n <= (size_t)a->max;
}

/* A number that stands for "all", "0" in many clocks, is a number here. */
static bool
put_int(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	int32_t v;

	if (s.n == 0 || s.p[0] == '+' ||
	    cg_str_i32(s, a->min, a->max, &v) != CG_OK)
		return false;
	cg_buf_put(out, s);
	return true;
}

static bool
put_choice(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	struct cg_str rest = cg_str_of(a->words), word;

	while (cg_str_cut(&rest, ' ', &word))
		if (cg_str_eq(word, s)) {
			cg_buf_put(out, s);
			return true;
		}
	return false;
}

static bool
put_text(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	return within(a, s.n);
}

/* Bytes that begin a character. */
static size_t
characters(struct cg_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0U) != 0x80U;
	return n;
}

static bool
put_label(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	return within(a, characters(s));
}

static bool
put_pin(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	return within(a, s.n) && cg_str_chr(s, ' ') == s.n;
}

static bool
put_hex(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	return within(a, s.n) && only(s, DIGITS "abcdefABCDEF");
}

/* With its '=' at the end, or without them as some write it. */
static bool
put_base64(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	struct cg_str text = s;

	cg_buf_put(out, s);
	while (text.n > 0 && s.n - text.n < 2 && text.p[text.n - 1] == '=')
		text.n--;
	return within(a, text.n) && text.n % 4 != 1 &&
	    (text.n == s.n || s.n % 4 == 0) &&
	    only(text, LETTERS DIGITS "+/");
}

/* "2030-01-31": its first second, or its last. */
static bool
date_read(struct cg_str s, bool end, struct cg_time *t)
{
	char text[32];
	bool possible;

	if (cg_str_chr(s, ' ') == s.n && cg_str_chr(s, 'T') == s.n &&
	    s.n <= 10) {
		snprintf(text, sizeof(text), "%.*s %s", (int)s.n, s.p,
		    end ? "23:59:59" : "00:00:00");
		s = cg_str_of(text);
	}
	return cg_time_parse(s, t, &possible) == CG_OK && possible;
}

static bool
put_date(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	bool t_form = a->min == 1;
	struct cg_time t;

	if (t_form && cg_str_eq(s, cg_lit("0"))) {
		cg_buf_put(out, s);
		return true;
	}
	if (!date_read(s, a->max == 1, &t))
		return false;
	t_form = t_form || cg_str_chr(s, 'T') < s.n;
	cg_buf_putf(out, "%04u-%02u-%02u%c%02u:%02u:%02u", t.year, t.month,
	    t.day, t_form ? 'T' : ' ', t.hour, t.minute, t.second);
	return true;
}

static bool
put_clock(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	unsigned hour, minute;

	(void)a;
	if (!cg_clock_read(s, &hour, &minute))
		return false;
	cg_buf_putf(out, "%02u:%02u", hour, minute);
	return true;
}

/* spec VI.5, AutoPowerOff and those below it */
static bool
put_powertime(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	unsigned hour, minute;
	uint32_t v;

	(void)a;
	if (cg_clock_read(s, &hour, &minute))
		v = hour * 256 + minute;
	else if (cg_str_u32(s, 23 * 256 + 59, &v) != CG_OK || v % 256 > 59)
		return false;
	cg_buf_putf(out, "%u", (unsigned)v);
	return true;
}

static bool
put_week(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	(void)a;
	return cg_week_spans(s, out);
}

static bool
put_weektimes(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	(void)a;
	return cg_week_times(s, out);
}

static unsigned
hex_digit(char c)
{
	const char *digits = DIGITS "ABCDEF";
	const char *at = strchr(digits, c >= 'a' ? c - 'a' + 'A' : c);

	return (unsigned)(at - digits);
}

/* Groups of four hex digits, each a schedule. */
static bool
schedules_hex(struct cg_str s)
{
	for (; s.n >= 4; s = cg_str_from(s, 4)) {
		unsigned v = 0;

		for (size_t i = 0; i < 4; i++)
			v = v * 16 + hex_digit(s.p[i]);
		if (v > SCHEDULE_MAX)
			return false;
	}
	return true;
}

/* "1,2,15": one to three, the rest is 0. */
static bool
schedules_numbers(struct cg_str s, struct cg_buf *out)
{
	uint32_t v[SCHEDULES] = { 0 };
	struct cg_str word;
	size_t n = 0;

	while (cg_word_next(&s, " ,;", &word))
		if (n == SCHEDULES ||
		    cg_str_u32(word, SCHEDULE_MAX, &v[n++]) != CG_OK)
			return false;
	for (size_t i = 0; i < SCHEDULES; i++)
		cg_buf_putf(out, "%04X", (unsigned)v[i]);
	return n > 0;
}

static bool
put_schedules(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	(void)a;
	if (s.n != (size_t)4 * SCHEDULES || !only(s, DIGITS "abcdefABCDEF"))
		return schedules_numbers(s, out);
	cg_buf_put(out, s);
	return schedules_hex(s);
}

/* Four digits more in front: 0 for schedules of the user's own. */
static bool
put_usertz(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	(void)a;
	if (s.n == 4 * SCHEDULES + 4 && only(s, DIGITS "abcdefABCDEF")) {
		cg_buf_put(out, s);
		return schedules_hex(cg_str_from(s, 4));
	}
	if (cg_str_ieq(s, cg_lit("group"))) {
		cg_buf_putz(out, "0001000000000000");
		return true;
	}
	cg_buf_putz(out, "0000");
	return schedules_numbers(s, out);
}

/* "1:0:1" as it is. */
static bool
flags_wire(size_t max, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	if (s.n != 2 * max - 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (strchr(i % 2 == 0 ? "01" : ":", s.p[i]) == NULL ||
		    s.p[i] == '\0')
			return false;
	return true;
}

/* "1,3": which of them are set. */
static bool
put_flags(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	uint32_t max = (uint32_t)a->max, v;
	unsigned set = 0;
	struct cg_str word;

	if (cg_str_chr(s, ':') < s.n)
		return flags_wire(max, s, out);
	if (s.n == 0)
		return false;
	if (cg_str_ieq(s, cg_lit("none")))
		s.n = 0;
	while (cg_word_next(&s, " ,;", &word)) {
		if (cg_str_u32(word, max, &v) != CG_OK || v == 0)
			return false;
		set |= 1U << v;
	}
	for (v = 1; v <= max; v++)
		cg_buf_putf(out, "%s%u", v > 1 ? ":" : "", set >> v & 1U);
	return true;
}

static bool
put_ip(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	struct cg_str part;
	uint32_t v;
	size_t n = 0;

	(void)a;
	cg_buf_put(out, s);
	while (cg_str_cut(&s, '.', &part)) {
		if (part.n > 3 || cg_str_u32(part, 255, &v) != CG_OK)
			return false;
		n++;
	}
	return n == 4;
}

static bool
put_mac(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	struct cg_str part;
	size_t n = 0;

	(void)a;
	cg_buf_put(out, s);
	while (cg_str_cut(&s, ':', &part)) {
		if (part.n != 2 || !only(part, DIGITS "abcdefABCDEF"))
			return false;
		n++;
	}
	return n == 6;
}

static bool
put_item(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	if (!within(a, s.n))
		return false;
	if (s.p[0] == '~')
		s = cg_str_from(s, 1);
	return s.n > 0 && only(s, LETTERS DIGITS "_");
}

/* A shell of the clock may see it: spec VI.10, notes 7. */
static bool
put_path(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	struct cg_str rest = s, part;

	cg_buf_put(out, s);
	while (cg_str_cut(&rest, '/', &part))
		if (cg_str_eq(part, cg_lit("..")) ||
		    (part.n > 0 && part.p[0] == '-'))
			return false;
	return within(a, s.n) && only(s, LETTERS DIGITS "/._-+@%,:");
}

static bool
put_url(const struct cg_arg *a, struct cg_str s, struct cg_buf *out)
{
	cg_buf_put(out, s);
	if (s.n == 0 || s.n > (size_t)a->max || s.p[0] == '-')
		return false;
	if (a->min == 1 && !cg_str_istarts(s, cg_lit("http://")) &&
	    !cg_str_istarts(s, cg_lit("https://")))
		return false;
	return only(s, LETTERS DIGITS "/._-+@%:?&=~#[]");
}

struct type {
	bool		(*put)(const struct cg_arg *, struct cg_str,
			    struct cg_buf *);
	const char	*must;
	const char	*unit;		/* of min and max, where they are told */
};

/* clang-format off */
static const struct type types[CG_ARG__MAX] = {
	[CG_ARG_PIN] = { put_pin, "must be a PIN without blanks", "bytes" },
	[CG_ARG_INT] = { put_int, "must be a number", "" },
	[CG_ARG_CHOICE] = { put_choice, "must be one of", NULL },
	[CG_ARG_TEXT] = { put_text, "must be text", "bytes" },
	[CG_ARG_LABEL] = { put_label, "must be text", "characters" },
	[CG_ARG_HEX] = { put_hex, "must be hexadecimal", "digits" },
	[CG_ARG_BASE64] = { put_base64, "must be base64", NULL },
	[CG_ARG_SIZE] = { put_int, "must be a number", "" },
	[CG_ARG_DATE] = { put_date,
	    "must be a date and time as 2030-01-31 08:00:00", NULL },
	[CG_ARG_CLOCK] = { put_clock, "must be a time as 08:00", NULL },
	[CG_ARG_DAY] = { put_int, "must be 0 or 1", NULL },
	[CG_ARG_WEEK] = { put_week, "must be 56 digits, or times of a week "
	    "as MON-FRI 08:00-17:30, SAT 09:00-12:00", NULL },
	[CG_ARG_WEEKTIMES] = { put_weektimes, "must be seven times hh:mm "
	    "with ';' after each, or as MON-FRI 09:00", NULL },
	[CG_ARG_SCHEDULES] = { put_schedules, "must be up to three numbers "
	    "of schedules from 0 to 50, or 12 hex digits", NULL },
	[CG_ARG_USERTZ] = { put_usertz, "must be up to three numbers "
	    "of schedules from 0 to 50, group, or 16 hex digits", NULL },
	[CG_ARG_FLAGS] = { put_flags, "must be flags 0 or 1 with ':' "
	    "between, numbers as 1,3, or none", NULL },
	[CG_ARG_POWERTIME] = { put_powertime,
	    "must be a time as 08:00, or hours * 256 + minutes", NULL },
	[CG_ARG_IP] = { put_ip, "must be an address as 192.0.2.1", NULL },
	[CG_ARG_MAC] = { put_mac,
	    "must be an address as 00:17:61:00:00:22", NULL },
	[CG_ARG_ITEM] = { put_item, "must be the name of an option", NULL },
	[CG_ARG_PATH] = { put_path, "must be a path of letters, digits and "
	    "/._-+@%,: without ..", "bytes" },
	[CG_ARG_URL] = { put_url, "must be a URL without blanks, quotes or "
	    "other marks of a shell", NULL },
};
/* clang-format on */

static enum cg_err
refuse(const struct cg_arg *a, struct cg_str s, char why[CG_WHY_MAX])
{
	const struct type *t = &types[a->type];

	if (a->type == CG_ARG_WEEK && cg_week_backwards(s))
		snprintf(why, CG_WHY_MAX, "%s: the end is before the start; "
		    "times must be of one day", a->name);
	else if (t->unit != NULL)
		snprintf(why, CG_WHY_MAX, "%s: %s, %ld to %ld%s%s", a->name,
		    t->must, (long)a->min, (long)a->max,
		    t->unit[0] != '\0' ? " " : "", t->unit);
	else if (a->type == CG_ARG_URL && a->min == 1)
		snprintf(why, CG_WHY_MAX, "%s: %s, with http:// or https://",
		    a->name, t->must);
	else
		snprintf(why, CG_WHY_MAX, "%s: %s%s%s", a->name, t->must,
		    a->words != NULL ? " " : "",
		    a->words != NULL ? a->words : "");
	return CG_SYNTAX;
}

enum cg_err
cg_line_check(struct cg_str s, bool tab, const char *name,
    char why[CG_WHY_MAX])
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && !(tab && c == '\t')) || c == 0x7f) {
			snprintf(why, CG_WHY_MAX, "%s%s%sCR, LF, NUL and other "
			    "control characters can't be sent", name,
			    name[0] != '\0' ? ": " : "", tab ? "" : "TAB, ");
			return CG_SYNTAX;
		}
	}
	return CG_OK;
}

enum cg_err
cg_value_write(const struct cg_arg *a, struct cg_str s, struct cg_buf *out,
    char why[CG_WHY_MAX])
{
	enum cg_err e = cg_line_check(s, false, a->name, why);

	if (e != CG_OK)
		return e;
	return types[a->type].put(a, s, out) ? CG_OK : refuse(a, s, why);
}

enum cg_err
cg_value_check(const struct cg_arg *a, struct cg_str s, char why[CG_WHY_MAX])
{
	char room[CG_VALUE_ROOM];
	struct cg_buf out = { room, 0, sizeof(room), false };
	enum cg_err e = cg_value_write(a, s, &out, why);

	if (e != CG_OK || out.full || cg_str_ieq(cg_buf_str(&out), s))
		return e;
	snprintf(why, CG_WHY_MAX, "%s: must be sent as %.*s", a->name,
	    (int)out.n, out.p);
	return CG_SYNTAX;
}
