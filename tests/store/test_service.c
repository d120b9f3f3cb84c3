/*
 * Self-service, and the last punches of a person.
 */
#include "config.h"

#include "fixture.h"

static void
test_services(void **state)
{
	struct fixture *f = *state;
	const struct cg_service *s;
	struct cg_str text;
	size_t n;

	assert_ok(f, cg_services_load(f->db, f->arena, &s, &n));
	assert_int_equal(n, 0);
	sql(f, "INSERT INTO self_service (number, name, style, text_from, text)"
	    " VALUES (4, 'Schedules', 1, 'text', NULL), (0, 'menu', 2, 'fixed',"
	    " 'x'), (1, 'Vacation', 0, 'fixed', '12 days'),"
	    " (2, 'Punches', 1, 'punches', 'none')");
	sql(f, "INSERT INTO self_service_text VALUES (4, '1999', 'Monday'),"
	    " (1, '1999', 'no')");
	cg_db_rollback(f->db);
	assert_ok(f, cg_services_load(f->db, f->arena, &s, &n));
	assert_int_equal(n, 3);
	assert_int_equal(s[0].number, 1);
	assert_int_equal(s[0].source, CG_SERVICE_FIXED);
	assert_true(cg_str_eq(s[0].text, str("12 days")));
	assert_int_equal(s[1].source, CG_SERVICE_PUNCHES);
	assert_int_equal(s[2].number, 4);
	assert_int_equal(s[2].style, 1);
	assert_int_equal(s[2].source, CG_SERVICE_TEXT);
	assert_true(cg_str_eq(s[2].name, str("Schedules")));
	assert_ok(f, cg_service_text(f->db, 4, str("1999"), f->arena, &text));
	assert_true(cg_str_eq(text, str("Monday")));
	assert_int_equal(cg_service_text(f->db, 4, str("2000"), f->arena, &text),
	    CG_UNKNOWN);
}

static void
test_last_punches(void **state)
{
	struct fixture *f = *state;
	const struct cg_last_punch *p;
	size_t n;

	sql(f, "INSERT INTO punch (device_id, pin, punched_at, state, verify,"
	    " work_code, suspect, received_at_utc) VALUES"
	    " (%u, '7', '2030-01-05 08:00:00', 0, 1, '', 0, '2030-01-05'),"
	    " (%u, '7', '2030-01-05 17:00:00', 1, 1, '12', 0, '2030-01-05'),"
	    " (%u, '7', '2099-01-01 00:00:00', 0, 1, '', 3, '2030-01-05'),"
	    " (%u, '8', '2030-01-06 08:00:00', 0, 1, '', 0, '2030-01-05'),"
	    " (%u, '7', '2030-01-07 08:00:00', 0, 1, '', 0, '2030-01-05')",
	    f->clock.id, f->clock.id, f->clock.id, f->clock.id,
	    f->clock.id + 1);
	sql(f, "INSERT INTO device_user (device_id, pin, name, updated_at_utc)"
	    " VALUES (%u, '7', 'Ann Example', '2030-01-05')", f->clock.id);
	assert_ok(f, cg_last_punches(f->db, f->clock.id, str("7"), 5, f->arena,
	    &p, &n));
	assert_int_equal(n, 2);
	assert_true(cg_str_eq(p[0].at, str("2030-01-05 17:00:00")));
	assert_true(cg_str_eq(p[1].at, str("2030-01-05 08:00:00")));
	assert_true(cg_str_eq(p[0].name, str("Ann Example")));
	assert_true(cg_str_eq(p[0].state, str("1")));
	assert_true(cg_str_eq(p[0].state_name, str("check out")));
	assert_true(cg_str_eq(p[0].work_code, str("12")));
	assert_ok(f, cg_last_punches(f->db, f->clock.id, str("7"), 1, f->arena,
	    &p, &n));
	assert_int_equal(n, 1);
	assert_ok(f, cg_last_punches(f->db, f->clock.id, str("9"), 1, f->arena,
	    &p, &n));
	assert_int_equal(n, 0);
}

/* Clocks 2 to n + 1, admitted. */
static void
more_clocks(struct fixture *f, unsigned n)
{
	sql(f, "INSERT INTO device (id, sn, status, first_seen_utc)"
	    " SELECT %u + seq, CONCAT('MORE', seq), 'active', '2030-01-05'"
	    " FROM seq_1_to_%u", f->clock.id, n);
}

static void
at_clock(struct fixture *f, unsigned clock, const char *pin, const char *at,
    int suspect)
{
	sql(f, "INSERT INTO punch (device_id, pin, punched_at, state, verify,"
	    " suspect, received_at_utc) VALUES (%u, '%s', '%s', 0, 1, %d,"
	    " '2030-01-05')", f->clock.id + clock, pin, at, suspect);
}

/* Their times, newest first, as many as max. */
static const char *
last_of(struct fixture *f, const char *pin, unsigned max)
{
	static char text[400];
	const struct cg_last_punch *p;
	struct cg_buf out = { text, 0, sizeof(text) - 1, false };
	size_t n, i;

	assert_ok(f, cg_last_punches(f->db, f->clock.id, str(pin), max, f->arena,
	    &p, &n));
	for (i = 0; i < n; i++) {
		cg_buf_put(&out, p[i].at);
		cg_buf_putf(&out, "%s%.*s|", p[i].name.n > 0 ? " " : "",
		    (int)p[i].name.n, p[i].name.p);
	}
	text[out.n] = '\0';
	return text;
}

/* People punch where they are, and ask where they are. */
static void
test_last_punches_elsewhere(void **state)
{
	struct fixture *f = *state;

	more_clocks(f, 3);
	at_clock(f, 0, "7", "2026-03-02 08:00:00", 0);
	at_clock(f, 0, "7", "2026-03-04 08:00:00", 0);
	at_clock(f, 1, "7", "2026-03-03 08:00:00", 0);
	at_clock(f, 2, "7", "2026-03-05 08:00:00", 0);
	at_clock(f, 2, "8", "2026-03-06 08:00:00", 0);
	at_clock(f, 3, "9", "2001-01-01 08:00:00", 0);
	at_clock(f, 3, "10", "2099-01-01 08:00:00", 3);
	at_clock(f, 3, "7", "2099-01-01 08:00:00", 3);
	assert_string_equal(last_of(f, "7", 1), "2026-03-05 08:00:00|");
	assert_string_equal(last_of(f, "7", 2),
	    "2026-03-05 08:00:00|2026-03-04 08:00:00|");
	assert_string_equal(last_of(f, "7", 9), "2026-03-05 08:00:00|"
	    "2026-03-04 08:00:00|2026-03-03 08:00:00|2026-03-02 08:00:00|");
	assert_string_equal(last_of(f, "8", 1), "2026-03-06 08:00:00|");
	assert_string_equal(last_of(f, "9", 1), "2001-01-01 08:00:00|");
	assert_string_equal(last_of(f, "10", 1), "2099-01-01 08:00:00|");
	assert_string_equal(last_of(f, "77", 1), "");
	/* the name as this clock knows it, when that clock does not */
	sql(f, "INSERT INTO device_user (device_id, pin, name, updated_at_utc)"
	    " VALUES (%u, '8', 'Ann', '2030-01-05'), (%u, '8', 'Bob',"
	    " '2030-01-05')", f->clock.id, f->clock.id + 1);
	assert_string_equal(last_of(f, "8", 1), "2026-03-06 08:00:00 Ann|");
	/* who only waits to be admitted has nothing to say */
	sql(f, "UPDATE device SET status = 'pending' WHERE id = %u",
	    f->clock.id + 2);
	assert_string_equal(last_of(f, "8", 1), "");
	sql(f, "UPDATE device SET status = 'disabled' WHERE id = %u",
	    f->clock.id + 2);
	assert_string_equal(last_of(f, "8", 1), "2026-03-06 08:00:00 Ann|");
}

/* However much there is of others, at other clocks. */
static void
test_last_punches_cost(void **state)
{
	struct fixture *f = *state;
	long long before;

	more_clocks(f, 300);
	sql(f, "INSERT INTO punch (device_id, pin, punched_at, state, verify,"
	    " received_at_utc) SELECT %u, '8', '2026-01-01' + INTERVAL seq SECOND,"
	    " 0, 1, '2030-01-05' FROM seq_1_to_20000", f->clock.id + 1);
	at_clock(f, 0, "7", "2026-01-01 05:30:00", 0);
	at_clock(f, 1, "9", "2026-01-01 05:30:00", 0);
	before = rows_read(f);
	assert_string_equal(last_of(f, "7", 1), "2026-01-01 05:30:00|");
	/* 201 of clock 1 are newer; some rows more are the list of clocks */
	assert_true(rows_read(f) - before < 5000);
	before = rows_read(f);
	assert_string_equal(last_of(f, "9", 1), "2026-01-01 05:30:00|");
	assert_string_equal(last_of(f, "77", 1), "");
	assert_true(rows_read(f) - before < 12000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_services, test_up),
		cmocka_unit_test_setup(test_last_punches, test_up),
		cmocka_unit_test_setup(test_last_punches_elsewhere, test_up),
		cmocka_unit_test_setup(test_last_punches_cost, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
