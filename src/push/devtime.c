/*
 * The wall time of a clock: read, made possible, counted in seconds.
 */
#include "config.h"

#include "cg_push.h"

#define DAY_SECONDS	86400
#define DAYS_0000_TO_1970	719528
#define DAYS_0000_TO_10000	3652425

/* Cumulative days before each month of a year that is no leap year. */
static const uint16_t days_before[13] = {
	0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
};

static bool
leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned
month_days(unsigned year, unsigned month)
{
	return days_before[month] - days_before[month - 1] +
	    (month == 2 && leap(year) ? 1U : 0U);
}

/* Days from 1 January 0000 to 1 January of the year. */
static int64_t
year_days(unsigned year)
{
	unsigned before = year > 0 ? year - 1 : 0;

	return (int64_t)year * 365 +
	    (year > 0 ? before / 4 - before / 100 + before / 400 + 1 : 0);
}

/* Move *field into its range; false when it was outside. */
static bool
nearest(uint8_t *field, unsigned min, unsigned max)
{
	if (*field >= min && *field <= max)
		return true;
	*field = (uint8_t)(*field < min ? min : max);
	return false;
}

static bool
make_possible(struct cg_time *t)
{
	bool was = nearest(&t->month, 1, 12);

	was = nearest(&t->day, 1, month_days(t->year, t->month)) && was;
	was = nearest(&t->hour, 0, 23) && was;
	was = nearest(&t->minute, 0, 59) && was;
	return nearest(&t->second, 0, 59) && was;
}

/* Between min and max digits off the front of *s. */
static bool
digits_take(struct cg_str *s, size_t min, size_t max, unsigned *out)
{
	unsigned v = 0;
	size_t n;

	for (n = 0; n < max && n < s->n; n++) {
		unsigned d = (unsigned char)s->p[n] - (unsigned)'0';

		if (d > 9)
			break;
		v = v * 10 + d;
	}
	if (n < min)
		return false;
	*s = cg_str_from(*s, n);
	*out = v;
	return true;
}

static bool
char_take(struct cg_str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = cg_str_from(*s, 1);
	return true;
}

/* Five fields after the year; before each the sign of between, if any. */
static bool
fields_take(struct cg_str s, const char *between, size_t min, struct cg_time *t)
{
	uint8_t *const field[] = {
		&t->month, &t->day, &t->hour, &t->minute, &t->second
	};
	unsigned v;

	if (!digits_take(&s, 4, 4, &v))
		return false;
	t->year = (uint16_t)v;
	for (size_t i = 0; i < CG_LEN(field); i++) {
		if (between != NULL && !char_take(&s, between[i]))
			return false;
		if (!digits_take(&s, min, 2, &v))
			return false;
		*field[i] = (uint8_t)v;
	}
	return s.n == 0;
}

enum cg_err
cg_time_parse(struct cg_str s, struct cg_time *t, bool *possible)
{
	struct cg_time got;

	if (!fields_take(s, "-- ::", 1, &got) &&
	    !fields_take(s, "--T::", 1, &got))
		return CG_SYNTAX;
	*possible = make_possible(&got);
	*t = got;
	return CG_OK;
}

enum cg_err
cg_time_parse_compact(struct cg_str s, struct cg_time *t, bool *possible)
{
	struct cg_time got;

	if (!fields_take(s, NULL, 2, &got))
		return CG_SYNTAX;
	*possible = make_possible(&got);
	*t = got;
	return CG_OK;
}

int64_t
cg_time_seconds(const struct cg_time *t)
{
	int64_t days = year_days(t->year) + days_before[t->month - 1] +
	    (t->month > 2 && leap(t->year) ? 1 : 0) + t->day - 1;

	return (days - DAYS_0000_TO_1970) * DAY_SECONDS +
	    (int64_t)t->hour * 3600 + (int64_t)t->minute * 60 + t->second;
}

static void
date_from_days(int64_t days, struct cg_time *t)
{
	unsigned year = (unsigned)(days * 400 / 146097);
	unsigned month = 1;

	while (year_days(year + 1) <= days)
		year++;
	while (year_days(year) > days)
		year--;
	days -= year_days(year);
	while (days >= month_days(year, month))
		days -= month_days(year, month++);
	t->year = (uint16_t)year;
	t->month = (uint8_t)month;
	t->day = (uint8_t)(days + 1);
}

/* A moment outside the years 0 to 9999 gives the first or the last of them. */
void
cg_time_from_seconds(int64_t seconds, struct cg_time *t)
{
	const int64_t first = (int64_t)-DAYS_0000_TO_1970 * DAY_SECONDS;
	const int64_t past = (int64_t)DAYS_0000_TO_10000 * DAY_SECONDS + first;
	int64_t left;

	if (seconds < first)
		seconds = first;
	if (seconds >= past)
		seconds = past - 1;
	left = seconds - first;
	date_from_days(left / DAY_SECONDS, t);
	left %= DAY_SECONDS;
	t->hour = (uint8_t)(left / 3600);
	t->minute = (uint8_t)(left / 60 % 60);
	t->second = (uint8_t)(left % 60);
}
