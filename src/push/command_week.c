/*
 * Times of a week as a person writes them: "MON-FRI 08:00-17:30, SAT
 * 09:00-12:00" (spec VI.7.15.1, VI.7.16.1, VI.7.17.3).  The week begins on
 * Sunday.
 */
#include "config.h"

#include "command.h"

#include <stdio.h>
#include <string.h>

#define DAYS	7
#define ALL	0x7FU
#define SEPS	" ,;"
#define SHORT	3		/* letters that name a day */

/* One day of a week, as sent; ended by NUL. */
struct day {
	char	 text[12];
};

struct form {
	bool		(*read)(struct cg_str, struct day *);
	const char	*other;		/* for a day that is not named */
};

static bool
day_read(struct cg_str word, unsigned *day)
{
	static const char *const name[DAYS] = { "SUNDAY", "MONDAY", "TUESDAY",
		"WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY" };

	for (*day = 0; word.n >= SHORT && *day < DAYS; (*day)++)
		if (cg_str_istarts(cg_str_of(name[*day]), word))
			return true;
	return false;
}

/* "MON", "MON-FRI", "FRI-MON", "daily". */
static bool
days_take(struct cg_str word, unsigned *days)
{
	size_t n = cg_str_chr(word, '-');
	unsigned first, last;

	if (cg_str_ieq(word, cg_lit("daily"))) {
		*days |= ALL;
		return true;
	}
	if (!day_read(cg_str_head(word, n), &first))
		return false;
	last = first;
	if (n < word.n && !day_read(cg_str_from(word, n + 1), &last))
		return false;
	*days |= 1U << last;
	for (; first != last; first = (first + 1) % DAYS)
		*days |= 1U << first;
	return true;
}

bool
cg_week_days(struct cg_str s, unsigned *days)
{
	struct cg_str word;

	*days = 0;
	if (cg_str_ieq(s, cg_lit("none")))
		return true;
	while (cg_word_next(&s, SEPS, &word))
		if (!days_take(word, days))
			return false;
	return *days != 0;
}

bool
cg_clock_read(struct cg_str s, unsigned *hour, unsigned *minute)
{
	size_t n = cg_str_chr(s, ':');
	uint32_t h, m;

	if (n > 2 || s.n != n + 3 ||
	    cg_str_u32(cg_str_head(s, n), 23, &h) != CG_OK ||
	    cg_str_u32(cg_str_from(s, n + 1), 59, &m) != CG_OK)
		return false;
	*hour = h;
	*minute = m;
	return true;
}

/* The end of a day may be written as 24:00. */
static bool
end_read(struct cg_str s, unsigned *hour, unsigned *minute)
{
	if (!cg_str_eq(s, cg_lit("24:00")))
		return cg_clock_read(s, hour, minute);
	*hour = 23;
	*minute = 59;
	return true;
}

/* Both of its ends are times of day. */
static bool
ends_early(struct cg_str s)
{
	size_t n = cg_str_chr(s, '-');
	unsigned h[2], m[2];

	return n < s.n && cg_clock_read(cg_str_head(s, n), &h[0], &m[0]) &&
	    end_read(cg_str_from(s, n + 1), &h[1], &m[1]) &&
	    h[0] * 60 + m[0] > h[1] * 60 + m[1];
}

bool
cg_week_backwards(struct cg_str s)
{
	struct cg_str word;

	while (cg_word_next(&s, SEPS, &word))
		if (ends_early(word))
			return true;
	return false;
}

/*
 * "08:00-17:30".  An end before its start would close the day, so it is
 * refused: who wants that writes "closed".
 */
static bool
span_read(struct cg_str s, struct day *d)
{
	size_t n = cg_str_chr(s, '-');
	unsigned h[2], m[2];

	if (cg_str_ieq(s, cg_lit("closed")))
		h[0] = 23, m[0] = 57, h[1] = 23, m[1] = 56;
	else if (cg_str_ieq(s, cg_lit("open")))
		h[0] = 0, m[0] = 0, h[1] = 23, m[1] = 59;
	else if (n == s.n || !cg_clock_read(cg_str_head(s, n), &h[0], &m[0]) ||
	    !end_read(cg_str_from(s, n + 1), &h[1], &m[1]) || ends_early(s))
		return false;
	snprintf(d->text, sizeof(d->text), "%02u%02u%02u%02u", h[0] % 24,
	    m[0] % 60, h[1] % 24, m[1] % 60);
	return true;
}

static bool
time_read(struct cg_str s, struct day *d)
{
	unsigned hour, minute;

	if (!cg_clock_read(s, &hour, &minute))
		return false;
	snprintf(d->text, sizeof(d->text), "%02u:%02u;", hour % 24,
	    minute % 60);
	return true;
}

/* Give the days their time; each has one at most. */
static bool
days_set(struct day week[DAYS], unsigned days, const struct day *d)
{
	for (unsigned i = 0; i < DAYS; i++) {
		if ((days >> i & 1U) == 0)
			continue;
		if (week[i].text[0] != '\0')
			return false;
		week[i] = *d;
	}
	return true;
}

/* Days, then their time, again and again; a time alone is for all days. */
static bool
week_read(struct cg_str s, const struct form *form, struct day week[DAYS])
{
	unsigned days = 0;
	struct cg_str word;
	struct day d;
	bool any = false;

	memset(week, 0, DAYS * sizeof(*week));
	while (cg_word_next(&s, SEPS, &word)) {
		if (days_take(word, &days))
			continue;
		if (!form->read(word, &d) || (any && days == 0) ||
		    !days_set(week, days != 0 ? days : ALL, &d))
			return false;
		any = true;
		days = 0;
	}
	return any && days == 0;
}

static bool
week_write(struct cg_str s, const struct form *form, struct cg_buf *out)
{
	struct day week[DAYS];

	if (!week_read(s, form, week))
		return false;
	for (size_t i = 0; i < DAYS; i++)
		cg_buf_putz(out, week[i].text[0] != '\0' ? week[i].text :
		    form->other);
	return true;
}

/* The form of the wire: 14 times of day, four digits each. */
static bool
spans_wire(struct cg_str s)
{
	uint32_t v;

	for (; s.n > 0; s = cg_str_from(s, 4))
		if (cg_str_u32(cg_str_head(s, 4), 2359, &v) != CG_OK ||
		    v % 100 > 59)
			return false;
	return true;
}

bool
cg_week_spans(struct cg_str s, struct cg_buf *out)
{
	static const struct form form = { span_read, "23572356" };

	if (s.n != (size_t)DAYS * 8 || cg_str_chr(s, ':') < s.n)
		return week_write(s, &form, out);
	cg_buf_put(out, s);
	return spans_wire(s);
}

/* The form of the wire: a time for each day, in their order. */
static bool
times_wire(struct cg_str s, struct day week[DAYS])
{
	struct cg_str word;
	size_t n = 0;

	while (cg_word_next(&s, SEPS, &word))
		if (n == DAYS || !time_read(word, &week[n++]))
			return false;
	return n == DAYS;
}

bool
cg_week_times(struct cg_str s, struct cg_buf *out)
{
	static const struct form form = { time_read, "00:00;" };
	struct day week[DAYS];

	if (!times_wire(s, week))
		return week_write(s, &form, out);
	for (size_t i = 0; i < DAYS; i++)
		cg_buf_putz(out, week[i].text);
	return true;
}
