/* Zones: the turn to summer time and back, and zones that never turn. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cg_app.h"

static const struct {
	const char	*zone;
	const char	*wall;
	int64_t		 utc;
	bool		 gap;
} walls[] = {
	{ "UTC",		 "1970-01-01 00:00:00", 0, false },
	{ "Asia/Shanghai",	 "2030-01-07 08:00:00", 1893974400, false },
	{ "Asia/Kathmandu",	 "2030-01-07 05:45:00", 1893974400, false },
	{ "America/St_Johns",	 "2030-01-06 20:30:00", 1893974400, false },
	/* Berlin goes from +1 to +2 on 2030-03-31 at 01:00 UTC ... */
	{ "Europe/Berlin",	 "2030-03-31 01:59:59", 1901149199, false },
	{ "Europe/Berlin",	 "2030-03-31 03:00:00", 1901149200, false },
	{ "Europe/Berlin",	 "2030-03-31 02:30:00", 1901151000, true },
	/* ... and back on 2030-10-27 at 01:00 UTC: 02:00-03:00 comes twice */
	{ "Europe/Berlin",	 "2030-10-27 01:59:59", 1919289599, false },
	{ "Europe/Berlin",	 "2030-10-27 02:30:00", 1919291400, false },
	{ "Europe/Berlin",	 "2030-10-27 03:00:00", 1919296800, false },
	/* New York: 2030-03-10 at 07:00 UTC, and back 2030-11-03 at 06:00 UTC */
	{ "America/New_York",	 "2030-03-10 02:15:00", 1899357300, true },
	{ "America/New_York",	 "2030-03-10 03:15:00", 1899357300, false },
	{ "America/New_York",	 "2030-11-03 01:30:00", 1919914200, false },
	/* the southern half of the world turns the other way round */
	{ "Australia/Sydney",	 "2030-04-07 02:30:00", 1901719800, false },
	{ "Australia/Sydney",	 "2030-10-06 02:30:00", 1917448200, true },
	/* half an hour only */
	{ "Australia/Lord_Howe", "2030-10-06 02:15:00", 1917445500, true },
	{ "Europe/Berlin",	 "1969-12-31 23:00:00", -7200, false },
};

static void
test_walls(void **state)
{
	struct cg_zones z;
	struct cg_time t;
	bool possible, gap;
	size_t i;

	(void)state;
	cg_zones_init(&z);
	for (i = 0; i < CG_LEN(walls); i++) {
		assert_int_equal(cg_time_parse(cg_str_of(walls[i].wall), &t,
		    &possible), CG_OK);
		if (cg_zone_utc(&z, walls[i].zone, &t, &gap) != walls[i].utc ||
		    gap != walls[i].gap)
			fail_msg("%s in %s: %lld%s, not %lld", walls[i].wall,
			    walls[i].zone,
			    (long long)cg_zone_utc(&z, walls[i].zone, &t, &gap),
			    gap ? " (gap)" : "", (long long)walls[i].utc);
	}
}

/* Every hour of three years, there and back: the memory of a day never lies. */
static void
test_round_trip(void **state)
{
	static const char *const zones[] = { "Europe/Berlin", "America/New_York",
	    "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca" };
	int64_t utc, back, start = 1893456000;	/* 2030-01-01 */
	struct cg_zones z;
	struct cg_time t;
	size_t i;
	bool gap;

	(void)state;
	cg_zones_init(&z);
	for (i = 0; i < CG_LEN(zones); i++)
		for (utc = start; utc < start + 3 * 365 * 86400; utc += 1800) {
			int32_t offset = cg_zone_offset(&z, zones[i], utc);

			cg_time_from_seconds(utc + offset, &t);
			back = cg_zone_utc(&z, zones[i], &t, &gap);
			assert_false(gap);
			/* in an hour that comes twice the first one is meant */
			assert_true(back == utc || (back < utc &&
			    cg_zone_offset(&z, zones[i], back) > offset));
		}
}

static void
test_offset(void **state)
{
	struct cg_zones z;

	(void)state;
	cg_zones_init(&z);
	assert_int_equal(cg_zone_offset(&z, "Europe/Berlin", 1901149199), 3600);
	assert_int_equal(cg_zone_offset(&z, "Europe/Berlin", 1901149200), 7200);
	assert_int_equal(cg_zone_offset(&z, "Asia/Kathmandu", 1901149200), 20700);
	assert_int_equal(cg_zone_offset(&z, "America/St_Johns", 1893974400), -12600);
	assert_int_equal(cg_zone_offset(&z, "UTC", 1901149200), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walls),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
