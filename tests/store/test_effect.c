/*
 * What a clock holds, or not any more, by what it was told.
 */
#include "config.h"

#include "queue.h"

/* Two people, of this clock and of another, with all that there is. */
static void
hold(struct fixture *f)
{
	static const char *const tables[] = { "device_user", "template",
		"photo", "device_item", "punch", "operation", "command" };
	size_t i;

	for (i = 0; i < CG_LEN(tables); i++)
		sql(f, "DELETE FROM %s", tables[i]);
	sql(f, "ALTER TABLE command AUTO_INCREMENT = 1");
	sql(f, "INSERT INTO device_user (device_id, pin, updated_at_utc)"
	    " SELECT d, p, '2030-01-05' FROM (SELECT %u AS d UNION SELECT %u) a,"
	    " (SELECT '7' AS p UNION SELECT '8') b", f->clock.id,
	    f->clock.id + 1);
	sql(f, "INSERT INTO template (device_id, pin, type, no, major_version,"
	    " template, updated_at_utc) SELECT device_id, pin, t, n, v, 'x',"
	    " updated_at_utc FROM device_user, (SELECT 1 AS t, 0 AS n, '' AS v"
	    " UNION SELECT 1, 3, '' UNION SELECT 2, 0, '' UNION SELECT 9, 0,"
	    " '58' UNION SELECT 9, 1, '58') b");
	sql(f, "INSERT INTO photo (device_id, kind, pin, taken_at, size, image,"
	    " received_at_utc) SELECT device_id, k, pin, t, 1, 'x',"
	    " updated_at_utc FROM device_user, (SELECT 'user' AS k, NULL AS t"
	    " UNION SELECT 'bio', NULL UNION SELECT 'punch',"
	    " '2030-01-05 08:00:00' UNION SELECT 'failed',"
	    " '2030-01-05 09:00:00') b");
	sql(f, "INSERT INTO device_item (device_id, kind, item_key, fields,"
	    " updated_at_utc) SELECT DISTINCT device_id, k, i, 'x',"
	    " updated_at_utc FROM device_user, (SELECT 'SMS' AS k, '1' AS i UNION"
	    " SELECT 'SMS', '2' UNION SELECT 'USER_SMS', '7\t1' UNION"
	    " SELECT 'USER_SMS', '8\t2' UNION SELECT 'WORKCODE', '1' UNION"
	    " SELECT 'WORKCODE', '7\t2') b");
	sql(f, "INSERT INTO punch (device_id, pin, punched_at, state, verify,"
	    " received_at_utc) SELECT device_id, pin, updated_at_utc, 0, 1,"
	    " updated_at_utc FROM device_user");
	sql(f, "INSERT INTO operation (device_id, code, happened_at,"
	    " received_at_utc) SELECT DISTINCT device_id, 4, updated_at_utc,"
	    " updated_at_utc FROM device_user");
}

/* The rows of each of the tables: users, templates, pictures, items. */
static const char *
held(struct fixture *f, bool ours)
{
	static char text[2][100];
	char query[600];

	(void)snprintf(query, sizeof(query), "SELECT CONCAT_WS(' ',"
	    " (SELECT COUNT(*) FROM device_user WHERE device_id = %u),"
	    " (SELECT COUNT(*) FROM template WHERE device_id = %u),"
	    " (SELECT COUNT(*) FROM photo WHERE device_id = %u AND kind IN"
	    " ('user', 'bio')), (SELECT COUNT(*) FROM device_item WHERE"
	    " device_id = %u))", f->clock.id + !ours, f->clock.id + !ours,
	    f->clock.id + !ours, f->clock.id + !ours);
	(void)snprintf(text[ours], sizeof(text[ours]), "%s", value(f, query));
	return text[ours];
}

#define ALL_HELD	"2 10 4 6"

/* A result of the first command, whatever state that was in. */
static void
result_of(struct fixture *f, const char *sn, const char *code,
    struct cg_settled *s)
{
	struct cg_result r = { .id = str("1"), .raw = str(code) };
	enum cg_err e;

	assert_int_equal(cg_str_i32(str(code), -99999, 99999, &r.code), CG_OK);
	e = cg_command_settle(f->db, str(sn), &r, CG_PRIVACY_RELAY, f->arena, s);
	if (e != CG_UNKNOWN)
		assert_ok(f, e);
	assert_ok(f, cg_db_commit(f->db));
}

static void
assert_nothing_recorded_is_gone(struct fixture *f, const char *body)
{
	if (number(f, "SELECT (SELECT COUNT(*) FROM punch) = 4 AND"
	    " (SELECT COUNT(*) FROM operation) = 2 AND"
	    " (SELECT COUNT(*) FROM photo WHERE kind IN ('punch', 'failed'))"
	    " = 8") != 1)
		fail_msg("%s: took what was recorded", body);
}

static void
test_effects(void **state)
{
	static const struct {
		const char	*body;
		const char	*held;
		const char	*gone;	/* a condition that no row of ours meets */
	} rows[] = {
		{ "DATA DELETE USERINFO PIN=7", "1 5 2 5", "v1_device_user"
		  " WHERE pin = '7'" },
		{ "DATA DEL_USER PIN=7", "1 5 2 5", "v1_template"
		  " WHERE pin = '7'" },
		{ "DATA DELETE USERINFO PIN=77", ALL_HELD, NULL },
		{ "DATA DELETE USERINFO", "0 0 0 4", NULL },
		{ "CLEAR ALL USERINFO", "0 0 0 4", NULL },
		{ "CLEAR DATA", "0 0 0 0", NULL },
		{ "CLEAR BIODATA", "2 6 2 6", "v1_template WHERE type = 9" },
		{ "DATA DELETE FINGERTMP PIN=7\\tFID=3", "2 9 4 6",
		  "v1_template WHERE pin = '7' AND type = 1 AND no = 3" },
		{ "DATA DEL_FP PIN=7", "2 8 4 6", "v1_template"
		  " WHERE pin = '7' AND type = 1" },
		{ "DATA DELETE FINGERTMP", "2 6 4 6", "v1_template"
		  " WHERE type = 1" },
		{ "DATA DELETE FACE PIN=8", "2 9 4 6", "v1_template"
		  " WHERE pin = '8' AND type = 2" },
		{ "DATA DELETE BIODATA Pin=7\\tType=9\\tNo=1", "2 9 4 6",
		  "v1_template WHERE pin = '7' AND type = 9 AND no = 1" },
		{ "DATA DELETE BIODATA Pin=7\\tType=9", "2 8 4 6",
		  "v1_template WHERE pin = '7' AND type = 9" },
		{ "DATA DELETE BIODATA Pin=7", "2 5 4 6", "v1_template"
		  " WHERE pin = '7'" },
		{ "DATA DELETE USERPIC PIN=7", "2 10 3 6", "v1_photo"
		  " WHERE pin = '7' AND kind = 'user'" },
		{ "DATA DELETE SMS UID=1", "2 10 4 4", "v1_device_item"
		  " WHERE kind LIKE '%SMS' AND item_key LIKE '%1'" },
		{ "DATA DELETE SMS", "2 10 4 2", "v1_device_item"
		  " WHERE kind LIKE '%SMS'" },
		{ "DATA DELETE WORKCODE CODE=2", "2 10 4 5", "v1_device_item"
		  " WHERE kind = 'WORKCODE' AND item_key <> '1'" },
		{ "DATA DELETE WORKCODE", "2 10 4 4", "v1_device_item"
		  " WHERE kind = 'WORKCODE'" },
		{ "CLEAR LOG", ALL_HELD, NULL },
		{ "CLEAR PHOTO", ALL_HELD, NULL },
		{ "CLEAR ALL BELL", ALL_HELD, NULL },
		{ "DATA DELETE TIMEZONE", ALL_HELD, NULL },
		{ "REBOOT", ALL_HELD, NULL },
	};
	struct fixture *f = *state;
	struct cg_terms terms = usual;
	struct cg_settled s;
	char query[200];
	size_t i;

	terms.allowed = ALL_ALLOWED;
	open_all(f);
	for (i = 0; i < CG_LEN(rows); i++) {
		struct taken t = { .n = 0 };

		hold(f);
		plain(f, rows[i].body);
		assert_ok(f, claim_on(f, f->db, &terms, &t));
		assert_ok(f, cg_db_commit(f->db));
		assert_int_equal(t.n, 1);
		result_of(f, "OTHER", "0", &s);
		assert_string_equal(held(f, true), ALL_HELD);
		result_of(f, SN, "0", &s);
		if (strcmp(held(f, true), rows[i].held) != 0)
			fail_msg("%s: %s", rows[i].body, held(f, true));
		assert_string_equal(held(f, false), ALL_HELD);
		assert_nothing_recorded_is_gone(f, rows[i].body);
		assert_null(s.given.command);
		if (rows[i].gone == NULL)
			continue;
		(void)snprintf(query, sizeof(query), "SELECT COUNT(*) FROM %s"
		    " AND device_sn = '" SN "'", rows[i].gone);
		assert_number(f, query, 0);
	}
}

/* One that failed, one that comes late, twice, or of what was never sent. */
static void
test_no_effect(void **state)
{
	static const struct {
		const char	*state;
		unsigned	 attempts;
		const char	*code;
	} rows[] = {
		{ "sent", 1, "-1" }, { "sent", 1, "-1002" },
		{ "failed", 5, "0" }, { "expired", 1, "0" },
		{ "cancelled", 1, "0" }, { "queued", 0, "0" },
	};
	struct fixture *f = *state;
	struct cg_settled s;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		hold(f);
		sql(f, "INSERT INTO command (device_sn, body, name, state,"
		    " attempts) VALUES ('" SN "', 'DATA DELETE USERINFO PIN=7',"
		    " 'user-delete', '%s', %u)", rows[i].state,
		    rows[i].attempts);
		result_of(f, SN, rows[i].code, &s);
		if (strcmp(held(f, true), ALL_HELD) != 0)
			fail_msg("%s: %s", rows[i].state, held(f, true));
	}
	/* the same again, after the person came back */
	hold(f);
	plain(f, "DATA DELETE USERINFO PIN=7");
	assert_claimed(f, &usual, "1:DATA DELETE USERINFO PIN=7\n");
	result_of(f, SN, "0", &s);
	sql(f, "INSERT INTO device_user (device_id, pin, updated_at_utc)"
	    " VALUES (%u, '7', '2030-01-05')", f->clock.id);
	result_of(f, SN, "0", &s);
	assert_false(s.now);
	assert_string_equal(held(f, true), "2 5 2 5");
}

/* A transaction that is lost takes the effect with it. */
static void
test_effect_rolls_back(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };

	hold(f);
	plain(f, "DATA DELETE USERINFO PIN=7");
	assert_claimed(f, &usual, "1:DATA DELETE USERINFO PIN=7\n");
	assert_ok(f, take_result(f, str(SN), &r));
	cg_db_rollback(f->db);
	assert_string_equal(held(f, true), ALL_HELD);
	assert_state(f, "1", "sent|1|user-delete|-");
}

/* What one transaction does is done in the order of the results. */
static void
test_effects_in_order(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };
	struct cg_user user = { .pin = str("9"), .privilege = CG_NONE,
	    .group_no = CG_NONE, .verify = CG_NONE };

	hold(f);
	plain(f, "DATA DELETE USERINFO PIN=9");
	assert_claimed(f, &usual, "1:DATA DELETE USERINFO PIN=9\n");
	assert_ok(f, cg_user_put(f->db, &f->from, &user));
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	assert_string_equal(held(f, true), ALL_HELD);
}

static void
test_given(void **state)
{
	static const struct {
		const char	*body;
		const char	*fields;	/* NULL: nothing to keep */
	} rows[] = {
		{ "DATA UPDATE USERINFO PIN=7\\tName=Ann", "PIN=7\tName=Ann" },
		{ "DATA USER PIN=7", "PIN=7" },
		{ "DATA UPDATE WORKCODE CODE=1\\tName=Paint",
		  "CODE=1\tName=Paint" },
		{ "DATA UPDATE JOBCODE Number=5\\tName=Tile\\tJobCodeGroupId=3",
		  NULL },
		{ "DATA QUERY USERINFO", NULL },
		{ "CHECK", NULL },
		{ "USER ADD PIN=9", NULL },
	};
	struct fixture *f = *state;
	struct cg_settled s;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		sql(f, "TRUNCATE TABLE command");
		plain(f, rows[i].body);
		hand_out(f);
		result_of(f, SN, "0", &s);
		assert_true(s.now);
		assert_int_equal(rows[i].fields != NULL,
		    s.given.command != NULL);
		if (rows[i].fields != NULL)
			assert_true(cg_str_eq(s.given.fields,
			    str(rows[i].fields)));
	}
}

/* One person of a clock with very many is found by the key. */
static void
test_effect_index(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };
	long long before;

	sql(f, "INSERT INTO device_user (device_id, pin, updated_at_utc)"
	    " SELECT %u, seq, '2030-01-05' FROM seq_1_to_5000", f->clock.id);
	sql(f, "INSERT INTO template (device_id, pin, type, template,"
	    " updated_at_utc) SELECT device_id, pin, 1, 'x', updated_at_utc"
	    " FROM device_user");
	sql(f, "INSERT INTO photo (device_id, kind, pin, size, image,"
	    " received_at_utc) SELECT device_id, 'user', pin, 1, 'x',"
	    " updated_at_utc FROM device_user");
	plain(f, "DATA DELETE USERINFO PIN=7");
	assert_claimed(f, &usual, "1:DATA DELETE USERINFO PIN=7\n");
	before = rows_read(f);
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	assert_true(rows_read(f) - before < 1000);
	assert_string_equal(held(f, true), "4999 4999 4999 0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_effects, test_up),
		cmocka_unit_test_setup(test_no_effect, test_up),
		cmocka_unit_test_setup(test_effect_rolls_back, test_up),
		cmocka_unit_test_setup(test_effects_in_order, test_up),
		cmocka_unit_test_setup(test_given, test_up),
		cmocka_unit_test_setup(test_effect_index, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
