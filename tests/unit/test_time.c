/*
 * push: the wall time of a clock.
 */
#include "config.h"

#include "push_case.h"

struct time_case {
	const char	*text;
	const char	*want;		/* NULL: can't be read */
	bool		 possible;
};

static void
expect_time(const struct time_case *row,
    enum cg_err (*parse)(struct cg_str, struct cg_time *, bool *))
{
	struct cg_time t = { 1, 2, 3, 4, 5, 6 };
	bool possible = true;
	char got[64];
	enum cg_err e = parse(cg_str_of(row->text), &t, &possible);

	if (row->want == NULL) {
		assert_int_equal(CG_SYNTAX, e);
		assert_int_equal(1, t.year);	/* nothing was written */
		return;
	}
	assert_int_equal(CG_OK, e);
	(void)snprintf(got, sizeof(got), "%04d-%02d-%02d %02d:%02d:%02d",
	    t.year, t.month, t.day, t.hour, t.minute, t.second);
	assert_string_equal(row->want, got);
	assert_int_equal(row->possible, possible);
}

static void
test_parse(void **state)
{
	static const struct time_case rows[] = {
		{ "2030-01-05 08:00:07", "2030-01-05 08:00:07", true },
		{ "2030-01-05T08:00:07", "2030-01-05 08:00:07", true },
		{ "2030-1-5 8:0:7", "2030-01-05 08:00:07", true },
		{ "0000-01-01 00:00:00", "0000-01-01 00:00:00", true },
		{ "9999-12-31 23:59:59", "9999-12-31 23:59:59", true },
		{ "2028-02-29 00:00:00", "2028-02-29 00:00:00", true },
		{ "2000-02-29 00:00:00", "2000-02-29 00:00:00", true },
		{ "2030-02-30 08:00:00", "2030-02-28 08:00:00", false },
		{ "2028-02-30 08:00:00", "2028-02-29 08:00:00", false },
		{ "2100-02-29 08:00:00", "2100-02-28 08:00:00", false },
		{ "2030-04-31 08:00:00", "2030-04-30 08:00:00", false },
		{ "2030-00-00 00:00:00", "2030-01-01 00:00:00", false },
		{ "0000-00-00 00:00:00", "0000-01-01 00:00:00", false },
		{ "2030-13-32 24:60:60", "2030-12-31 23:59:59", false },
		{ "2030-12-31 23:59:60", "2030-12-31 23:59:59", false },
		{ "2030-12-31 24:00:00", "2030-12-31 23:00:00", false },
		{ "2030-12-31 00:99:00", "2030-12-31 00:59:00", false },
		{ "", NULL, false },
		{ NULL, NULL, false },
		{ "2030-01-05", NULL, false },
		{ "2030-01-05 08:00", NULL, false },
		{ "2030-01-05 08:00:", NULL, false },
		{ "2030-01-05 08:00:07Z", NULL, false },
		{ "2030-01-05 08:00:07 ", NULL, false },
		{ " 2030-01-05 08:00:07", NULL, false },
		{ "2030-01-05  08:00:07", NULL, false },
		{ "2030/01/05 08:00:07", NULL, false },
		{ "230-01-05 08:00:07", NULL, false },
		{ "20300-01-05 08:00:07", NULL, false },
		{ "2030-001-05 08:00:07", NULL, false },
		{ "2030-01-05 08:00:+7", NULL, false },
		{ "2030-01-05t08:00:07", NULL, false },
		{ "20300105080007", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		expect_time(&rows[i], cg_time_parse);
}

static void
test_parse_compact(void **state)
{
	static const struct time_case rows[] = {
		{ "20300105080007", "2030-01-05 08:00:07", true },
		{ "20300230256199", "2030-02-28 23:59:59", false },
		{ "2030010508000", NULL, false },
		{ "203001050800070", NULL, false },
		{ "2030010508000x", NULL, false },
		{ "", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		expect_time(&rows[i], cg_time_parse_compact);
}

static void
test_seconds(void **state)
{
	static const struct {
		struct cg_time	t;
		int64_t		seconds;
	} rows[] = {
		{ { 1970, 1, 1, 0, 0, 0 }, 0 },
		{ { 1970, 1, 1, 0, 0, 1 }, 1 },
		{ { 1969, 12, 31, 23, 59, 59 }, -1 },
		{ { 2000, 2, 29, 12, 0, 0 }, 951825600 },
		{ { 2000, 3, 1, 0, 0, 0 }, 951868800 },
		{ { 2030, 1, 5, 8, 0, 7 }, 1893830407 },
		{ { 2038, 1, 19, 3, 14, 8 }, INT64_C(2147483648) },
		{ { 0, 1, 1, 0, 0, 0 }, INT64_C(-62167219200) },
		{ { 0, 12, 31, 0, 0, 0 }, INT64_C(-62135683200) },
		{ { 1, 1, 1, 0, 0, 0 }, INT64_C(-62135596800) },
		{ { 9999, 12, 31, 23, 59, 59 }, INT64_C(253402300799) },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_time t;

		assert_true(cg_time_seconds(&rows[i].t) == rows[i].seconds);
		memset(&t, 0, sizeof(t));
		cg_time_from_seconds(rows[i].seconds, &t);
		assert_int_equal(rows[i].t.year, t.year);
		assert_int_equal(rows[i].t.month, t.month);
		assert_int_equal(rows[i].t.day, t.day);
		assert_int_equal(rows[i].t.hour, t.hour);
		assert_int_equal(rows[i].t.minute, t.minute);
		assert_int_equal(rows[i].t.second, t.second);
	}
}

/* Every day of ten thousand years is one day after the day before. */
static void
test_every_day(void **state)
{
	const int64_t first = INT64_C(-62167219200);
	struct cg_time t;

	(void)state;
	for (int64_t day = 0; day < 3652425; day++) {
		cg_time_from_seconds(first + day * 86400, &t);
		if (cg_time_seconds(&t) != first + day * 86400)
			fail_msg("%d-%d-%d", t.year, t.month, t.day);
	}
	assert_int_equal(9999, t.year);
	assert_int_equal(12, t.month);
	assert_int_equal(31, t.day);
}

static void
test_outside(void **state)
{
	struct cg_time t;

	(void)state;
	cg_time_from_seconds(INT64_MIN, &t);
	assert_true(cg_time_seconds(&t) == INT64_C(-62167219200));
	cg_time_from_seconds(INT64_MAX, &t);
	assert_true(cg_time_seconds(&t) == INT64_C(253402300799));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_compact),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
