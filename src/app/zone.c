#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cg_app.h"

#define DAY	86400

void
cg_zones_init(struct cg_zones *z)
{
	memset(z, 0, sizeof(*z));
	z->day = INT64_MIN;
}

/* Let the C library work in this zone. */
static void
enter(struct cg_zones *z, const char *zone)
{
	char tz[sizeof(z->current) + 1];

	if (strcmp(z->current, zone) == 0)
		return;
	snprintf(z->current, sizeof(z->current), "%s", zone);
	z->day = INT64_MIN;
	snprintf(tz, sizeof(tz), ":%s", z->current);
	setenv("TZ", tz, 1);
	tzset();
}

static int32_t
offset_at(int64_t utc)
{
	time_t t = (time_t)utc;
	struct tm tm;

	return localtime_r(&t, &tm) != NULL ? (int32_t)tm.tm_gmtoff : 0;
}

int32_t
cg_zone_offset(struct cg_zones *z, const char *zone, int64_t utc)
{
	enter(z, zone);
	return offset_at(utc);
}

static int64_t
day_of(int64_t seconds)
{
	return seconds >= 0 ? seconds / DAY : (seconds - DAY + 1) / DAY;
}

/*
 * On a day near a turn: the offset that held before it and the one after
 * give one candidate each, and a candidate counts when its own offset is the
 * one that it was made with.
 */
static int64_t
near_turn(int64_t local, int64_t day, bool *gap)
{
	int32_t before = offset_at((day - 1) * DAY);
	int32_t after = offset_at((day + 2) * DAY);
	int64_t early = local - before, late = local - after;
	bool early_ok = offset_at(early) == before;
	bool late_ok = offset_at(late) == after;

	*gap = !early_ok && !late_ok;
	if (early_ok && late_ok)
		return early < late ? early : late;
	return late_ok ? late : early;
}

int64_t
cg_zone_utc(struct cg_zones *z, const char *zone, const struct cg_time *t,
    bool *gap)
{
	int64_t local = cg_time_seconds(t), day = day_of(local);

	enter(z, zone);
	*gap = false;
	if (day != z->day) {
		z->day = day;
		z->offset = offset_at((day - 1) * DAY);
		z->steady = z->offset == offset_at((day + 2) * DAY);
	}
	return z->steady ? local - z->offset : near_turn(local, day, gap);
}
