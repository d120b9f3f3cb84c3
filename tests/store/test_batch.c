/*
 * Rows of many requests together: statements of many rows, and what becomes of
 * a row among them that MySQL refuses.
 */
#include "config.h"

#include "db.h"
#include "fixture.h"

/* ---- what MySQL refuses ---- */

static const struct {
	const char	*what;
	const char	*pin;
	const char	*work_code;
	int32_t		 state;
	uint16_t	 year;
	uint8_t		 month;
	const char	*reason;
} refused[] = {
	{ "too long", "123456789012345678901234567890123", "", 0, 2026, 1,
	    "MySQL 1406: %" },
	{ "no UTF-8", "\xc7\xeb", "", 0, 2026, 1, "MySQL 1366: %" },
	{ "out of range", "1", "", 70000, 2026, 1, "MySQL 1264: %" },
	{ "no date", "1", "", 0, 2026, 13, "MySQL 1292: %" },
	{ "no month", "1", "", 0, 2026, 0, "MySQL 1292: %" },
};

static void
put_refused(struct fixture *f, size_t i)
{
	struct cg_punch p = punch(refused[i].pin, 0);
	const struct cg_when when = { CG_NO_UTC, CG_SUSPECT_NOT };

	p.work_code = str(refused[i].work_code);
	p.state = refused[i].state;
	p.at.time.year = refused[i].year;
	p.at.time.month = refused[i].month;
	f->from.line = str(refused[i].what);
	assert_ok(f, cg_punch_put(f->db, &f->from, &p, &when));
}

static void
test_refused_rows(void **state)
{
	struct fixture *f = *state;
	char query[256];
	size_t i;

	for (i = 0; i < CG_LEN(refused); i++)
		put_refused(f, i);
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), CG_LEN(refused));
	assert_number(f, "SELECT COUNT(*) FROM punch", 0);
	for (i = 0; i < CG_LEN(refused); i++) {
		(void)snprintf(query, sizeof(query), "SELECT COUNT(*) FROM"
		    " rejected WHERE endpoint = 'cdata' AND table_name ="
		    " 'ATTLOG' AND line = '%s' AND reason LIKE '%s'",
		    refused[i].what, refused[i].reason);
		if (number(f, query) != 1)
			fail_msg("%s: %s", refused[i].what, value(f,
			    "SELECT GROUP_CONCAT(reason) FROM rejected"));
	}
}

/* Bad rows here and there among 1,000: the good ones are kept. */
static void
test_refused_among_good(void **state)
{
	static const size_t bad[] = { 0, 1, 255, 256, 300, 301, 302, 777, 999 };
	struct fixture *f = *state;
	size_t i, k = 0;

	for (i = 0; i < 1000; i++) {
		struct cg_punch p = punch("12", (int64_t)i);

		f->from.line = str("good");
		if (k < CG_LEN(bad) && bad[k] == i) {
			p.state = 40000;
			f->from.line = str("bad");
			f->from.line.n = 3;
			k++;
		}
		assert_ok(f, put_punch(f, &p));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), CG_LEN(bad));
	assert_number(f, "SELECT COUNT(*) FROM punch", 1000 - CG_LEN(bad));
	assert_number(f, "SELECT COUNT(*) FROM punch WHERE punched_at ="
	    " '2026-01-01 00:12:57'", 0);	/* 777 */
	assert_value(f, "SELECT CONCAT(COUNT(*), line) FROM rejected", "1bad");
	/* the count starts anew with the next statement */
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("1")));
	assert_int_equal(cg_db_refused(f->db), 0);
}

/* Rows of all kinds that do not fit: none is lost, none holds others back. */
static void
test_refused_kinds(void **state)
{
	struct fixture *f = *state;
	char lng[200];
	struct cg_user u = { .pin = str("1"), .privilege = 0 };
	const struct cg_event ev = { str("ERRORLOG"), str("fine") };

	memset(lng, 'n', sizeof(lng) - 1);
	lng[sizeof(lng) - 1] = '\0';
	u.name = str(lng);
	f->from.table = str("OPERLOG");
	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	assert_ok(f, cg_event_put(f->db, &f->from, &ev));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str(lng)));
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), 2);
	assert_number(f, "SELECT COUNT(*) FROM device_event", 1);
	assert_number(f, "SELECT COUNT(*) FROM rejected WHERE table_name ="
	    " 'OPERLOG' AND line = 'the line\tas sent' AND reason LIKE"
	    " 'MySQL 1406: %name%'", 1);
	assert_number(f, "SELECT COUNT(*) FROM rejected WHERE table_name ="
	    " 'ATTLOG' AND LENGTH(line) = 199", 1);
}

static void
test_all_refused(void **state)
{
	struct fixture *f = *state;
	char line[600][8];
	size_t i;

	for (i = 0; i < CG_LEN(line); i++) {
		struct cg_punch p = punch("12", (int64_t)i);

		(void)snprintf(line[i], sizeof(line[i]), "%zu", i);
		p.verify = -40000;
		f->from.line = str(line[i]);
		assert_ok(f, put_punch(f, &p));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), CG_LEN(line));
	assert_number(f, "SELECT COUNT(DISTINCT line) FROM rejected WHERE"
	    " reason LIKE 'MySQL 1264: %verify%'", CG_LEN(line));
}

/* ---- batches ---- */

static void
put_batch(struct fixture *f, size_t n, char (*pin)[12])
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct cg_punch p;

		(void)snprintf(pin[i], sizeof(pin[i]), "%zu", i % 997);
		p = punch(pin[i], (int64_t)i);
		assert_ok(f, put_punch(f, &p));
	}
	assert_ok(f, cg_db_commit(f->db));
}

static void
test_batches(void **state)
{
	static const size_t count[] = { 1, 2, 3, 255, 256, 257, 300, 1000, 40000 };
	struct fixture *f = *state;
	char (*pin)[12] = calloc(40000, sizeof(*pin));
	size_t i;

	assert_non_null(pin);
	for (i = 0; i < CG_LEN(count); i++) {
		sql(f, "TRUNCATE TABLE punch");
		put_batch(f, count[i], pin);
		assert_number(f, "SELECT COUNT(*) FROM punch", count[i]);
		assert_number(f, "SELECT MIN(TIMESTAMPDIFF(SECOND,"
		    " '2026-01-01', punched_at) % 997 = pin) FROM punch", 1);
	}
	put_batch(f, 40000, pin);	/* again: adds nothing */
	assert_number(f, "SELECT COUNT(*) FROM punch", 40000);
	free(pin);
}

static long long
executions(struct fixture *f)
{
	return number(f, "SELECT VARIABLE_VALUE FROM"
	    " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME ="
	    " 'COM_STMT_EXECUTE'");
}

static void
test_rows_together(void **state)
{
	struct fixture *f = *state;
	char (*pin)[12] = calloc(1024, sizeof(*pin));
	long long before = executions(f);

	assert_non_null(pin);
	put_batch(f, 1024, pin);
	assert_in_range(executions(f) - before, 4, 5);
	free(pin);
}

/* As with a server that takes no arrays: the same, in more statements. */
static void
test_rows_one_by_one(void **state)
{
	struct fixture *f = *state;
	struct cg_punch bad = punch("12", 5000);
	long long before = executions(f);
	char pin[300][12];

	bad.state = 40000;
	assert_ok(f, cg_db_open(f->db));
	f->db->arrays = false;
	assert_ok(f, put_punch(f, &bad));
	put_batch(f, CG_LEN(pin), pin);
	assert_int_equal(cg_db_refused(f->db), 1);
	assert_number(f, "SELECT COUNT(*) FROM punch", CG_LEN(pin));
	assert_number(f, "SELECT COUNT(*) FROM rejected", 1);
	assert_in_range(executions(f) - before, 302, 303);
	f->db->arrays = true;
}

static enum cg_err
put_discard(struct fixture *f, const char *kind, int64_t n)
{
	const struct cg_cell cell[] = {
		cg_cell_int(f->clock.id), cg_cell_text(str(kind)), cg_cell_int(n)
	};

	return cg_bulk_put(f->db, CG_BULK_DISCARD, &f->from, cell, CG_LEN(cell));
}

/* Of rows that fail together nothing stays: these would count twice. */
static void
test_failed_together(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, put_discard(f, "photo", 1));
	assert_ok(f, put_discard(f, "line", 2));
	assert_ok(f, put_discard(f, "card", -1));
	assert_ok(f, put_discard(f, "photo", 4));
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), 1);
	assert_value(f, "SELECT GROUP_CONCAT(kind, discarded ORDER BY kind)"
	    " FROM v1_discarded", "line2,photo5");
}

/* As a line and a sealed one that wait together. */
static void
test_mixed_types(void **state)
{
	static const char *const line[] = { "a", "b", "c", "d", "e" };
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < CG_LEN(line); i++) {
		const struct cg_cell cell[] = {
			cg_cell_int(f->clock.id), cg_cell_text(str("mixed")),
			i % 3 == 0 ? cg_cell_bytes(str(line[i])) :
			    cg_cell_text(str(line[i])), cg_cell_int(0)
		};

		assert_ok(f, cg_bulk_put(f->db, CG_BULK_EVENT, &f->from, cell,
		    CG_LEN(cell)));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), 0);
	assert_value(f, "SELECT GROUP_CONCAT(fields ORDER BY fields)"
	    " FROM device_event WHERE kind = 'mixed'", "a,b,c,d,e");
}

static void
test_null_among_values(void **state)
{
	struct fixture *f = *state;
	static const char *const card[] = { NULL, "7", NULL, "8", NULL };
	char pin[CG_LEN(card)][8];
	size_t i;

	for (i = 0; i < CG_LEN(card); i++) {
		struct cg_user u = { .privilege = i % 2 != 0 ? (int32_t)i : CG_NONE,
		    .card = { card[i], card[i] != NULL } };

		(void)snprintf(pin[i], sizeof(pin[i]), "%zu", i);
		u.pin = str(pin[i]);
		assert_ok(f, cg_user_put(f->db, &f->from, &u));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), 0);
	assert_value(f, "SELECT GROUP_CONCAT(pin, '=', COALESCE(card, '-'), '/',"
	    " COALESCE(privilege, '-') ORDER BY pin) FROM device_user",
	    "0=-/-,1=7/1,2=-/-,3=8/3,4=-/-");
}

static void
test_rollback(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 600; i++) {	/* some sent already, some only staged */
		struct cg_punch p = punch("1", (int64_t)i);

		assert_ok(f, put_punch(f, &p));
	}
	cg_db_rollback(f->db);
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM punch", 0);
	cg_db_rollback(f->db);
	cg_db_rollback(f->db);
}

/* The line of a refused row need not fit into one packet. */
static void
test_refused_with_large_line(void **state)
{
	struct fixture *f = *state;
	size_t n = (size_t)number(f, "SELECT @@max_allowed_packet");
	struct cg_punch p = punch("1", 0);
	char *line = malloc(n);
	size_t i;

	assert_non_null(line);
	for (i = 0; i < n; i++)
		line[i] = (char)('0' + (i >> 22));
	p.state = 40000;
	f->from.line = (struct cg_str){ line, n };
	assert_ok(f, put_punch(f, &p));
	assert_ok(f, cg_db_commit(f->db));
	free(line);
	assert_int_equal(cg_db_refused(f->db), 1);
	assert_number(f, "SELECT SUM(LENGTH(line)) FROM rejected", n);
}

/* A value that no packet can carry is refused at once. */
static void
test_larger_than_a_packet(void **state)
{
	struct fixture *f = *state;
	long long max = number(f, "SELECT @@max_allowed_packet");
	struct cg_punch p = punch("1", 0);
	struct cg_image i = { .kind = CG_PHOTO_BIO, .pin = str("1") };
	char *bytes = malloc((size_t)max);

	assert_non_null(bytes);
	i.bytes = (struct cg_str){ bytes, (size_t)max };
	assert_ok(f, put_punch(f, &p));
	assert_int_equal(cg_image_put(f->db, &f->from, &i), CG_LIMIT);
	assert_ok(f, cg_db_commit(f->db));
	free(bytes);
	assert_number(f, "SELECT COUNT(*) FROM punch", 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_refused_rows, test_up),
		cmocka_unit_test_setup(test_refused_among_good, test_up),
		cmocka_unit_test_setup(test_refused_kinds, test_up),
		cmocka_unit_test_setup(test_all_refused, test_up),
		cmocka_unit_test_setup(test_batches, test_up),
		cmocka_unit_test_setup(test_rows_together, test_up),
		cmocka_unit_test_setup(test_rows_one_by_one, test_up),
		cmocka_unit_test_setup(test_failed_together, test_up),
		cmocka_unit_test_setup(test_mixed_types, test_up),
		cmocka_unit_test_setup(test_null_among_values, test_up),
		cmocka_unit_test_setup(test_rollback, test_up),
		cmocka_unit_test_setup(test_refused_with_large_line, test_up),
		cmocka_unit_test_setup(test_larger_than_a_packet, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
