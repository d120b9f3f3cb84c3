/*
 * What clocks upload: every kind of row, and twice.
 */
#include "config.h"

#include "fixture.h"

#define AT	{ 2026, 2, 28, 23, 59, 58 }

static void
test_punch(void **state)
{
	struct fixture *f = *state;
	const struct cg_when when = { 1772326798, CG_SUSPECT_FUTURE };
	const struct cg_punch p = {
		.pin = str("4711"), .at = { str("2026-02-28 23:59:58"), AT, true }, .state = 255,
		.verify = 15, .work_code = str("w1"),
		.reserved = { str("r1"), str("r2") },
		.job_code = { str("j1"), str("j2"), str("j3"), str("j4"),
		    str("j5"), str("j6") },
		.tip_code = { str("t1"), str("t2"), str("t3") },
		.extra = str("MaskFlag=1\tTemperature=36.5"),
	};

	assert_ok(f, cg_punch_put(f->db, &f->from, &p, &when));
	assert_number(f, "SELECT COUNT(*) FROM punch", 0);
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT_WS('|', device_sn, pin, punched_at,"
	    " punched_at_utc, state, verify, work_code, reserved1, reserved2,"
	    " job_code1, job_code2, job_code3, job_code4, job_code5,"
	    " job_code6, tip_code1, tip_code2, tip_code3, extra, suspect,"
	    " suspect_reason)"
	    " FROM v1_punch", SN "|4711|2026-02-28 23:59:58|"
	    "2026-03-01 00:59:58|255|15|w1|r1|r2|j1|j2|j3|j4|j5|j6|t1|t2|t3|"
	    "MaskFlag=1\tTemperature=36.5|1|3");
	assert_value(f, "SELECT CONCAT(punched_text, '|', ABS(TIMESTAMPDIFF("
	    "SECOND, received_at_utc, UTC_TIMESTAMP())) < 60) FROM punch",
	    "|1");
}

static void
test_impossible_time(void **state)
{
	struct fixture *f = *state;
	const struct cg_when when = { CG_NO_UTC, CG_SUSPECT_IMPOSSIBLE };
	struct cg_punch p = punch("1", 0);

	p.at.possible = false;
	p.at.text = str("2026-02-30 25:61:00");
	assert_ok(f, cg_punch_put(f->db, &f->from, &p, &when));
	p.at.text = str("2026-02-30 25:62:00");
	assert_ok(f, cg_punch_put(f->db, &f->from, &p, &when));
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM punch WHERE punched_at_utc"
	    " IS NULL AND suspect = 1 AND extra IS NULL", 2);
	assert_value(f, "SELECT punched_text FROM punch ORDER BY id LIMIT 1",
	    "2026-02-30 25:61:00");
}

static void
test_operation(void **state)
{
	struct fixture *f = *state;
	const struct cg_operation o = {
		.code = 4, .admin_pin = str("0"), .at = { str("?"), AT, true },
		.object = { str("a"), str("b"), str("c"), str("d") },
	};
	int i;

	for (i = 0; i < 2; i++) {
		assert_ok(f, cg_operation_put(f->db, &f->from, &o));
		assert_ok(f, cg_db_commit(f->db));
	}
	assert_value(f, "SELECT CONCAT_WS('|', COUNT(*), code, admin_pin,"
	    " happened_at, happened_text, object1, object2, object3, object4,"
	    " extra IS NULL) FROM operation",
	    "1|4|0|2026-02-28 23:59:58||a|b|c|d|1");
}

static const char user_query[] = "SELECT CONCAT_WS('|', COUNT(*), pin, name,"
    " COALESCE(privilege, 'none'), password, card,"
    " COALESCE(group_no, 'none'), time_zones, COALESCE(verify, 'none'),"
    " vice_card, COALESCE(extra, 'none')) FROM v1_device_user";

static void
test_user(void **state)
{
	struct fixture *f = *state;
	struct cg_user u = {
		.pin = str("7"), .name = str("Zo\xc3\xab"), .privilege = 14,
		.password = str("1234"), .card = str("[0102030400]"),
		.group_no = 1, .time_zones = str("0000000100000000"),
		.verify = -1, .vice_card = str("9"), .extra = str("X=1"),
	};
	const struct cg_user part = {
		.pin = str("7"), .name = str(""), .privilege = CG_NONE,
		.group_no = 2, .verify = CG_NONE,
	};

	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, user_query, "1|7|Zo\xc3\xab|14|1234|[0102030400]|1|"
	    "0000000100000000|-1|9|X=1");
	assert_ok(f, cg_user_put(f->db, &f->from, &part));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, user_query, "1|7||14|1234|[0102030400]|2|"
	    "0000000100000000|-1|9|X=1");
	/* of two in one statement, the last wins */
	u.name = str("first");
	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	u.name = str("second");
	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT name FROM v1_device_user", "second");
}

static void
test_new_partial_user(void **state)
{
	struct fixture *f = *state;
	const struct cg_user u = {
		.pin = str("8"), .privilege = CG_NONE, .group_no = CG_NONE,
		.verify = CG_NONE,
	};

	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, user_query, "1|8||none|||none||none||none");
}

/* A second sending changes nothing, not even the time of the last change. */
static const struct {
	const char	*table;
	const char	*column;	/* that the third sending changes */
} updates[] = {
	{ "device_user", "name" },
	{ "template", "template" },
	{ "device_option", "value" },
	{ "device_item", "fields" },
	{ "device_stamp", "stamp" },
};

static void
put_updates(struct fixture *f, const char *text)
{
	const struct cg_user u = { .pin = str("7"), .name = str(text),
	    .privilege = 0, .group_no = CG_NONE, .verify = CG_NONE };
	const struct cg_template t = { .pin = str("7"), .type = 1,
	    .valid = CG_NONE, .body = str(text) };
	const struct cg_device_option o = { str("MAC"), str(text) };
	const struct cg_item it = { str("SMS"), str("1"), str(text) };

	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	assert_ok(f, cg_template_put(f->db, &f->from, &t));
	assert_ok(f, cg_device_option_put(f->db, &f->from, &o));
	assert_ok(f, cg_item_put(f->db, &f->from, &it));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("A"), str(text)));
	assert_ok(f, cg_db_commit(f->db));
}

/* The value of the only row, and whether its time is the old one. */
static void
assert_updates(struct fixture *f, const char *want)
{
	char query[200];
	size_t i;

	for (i = 0; i < CG_LEN(updates); i++) {
		(void)snprintf(query, sizeof(query), "SELECT CONCAT_WS('|',"
		    " COUNT(*), %s, updated_at_utc = '2001-02-03') FROM %s",
		    updates[i].column, updates[i].table);
		if (strcmp(value(f, query), want) != 0)
			fail_msg("%s: %s", updates[i].table, value(f, query));
	}
}

static void
test_updated_at(void **state)
{
	struct fixture *f = *state;
	size_t i;

	put_updates(f, "A");
	assert_updates(f, "1|A|0");
	for (i = 0; i < CG_LEN(updates); i++)
		sql(f, "UPDATE %s SET updated_at_utc = '2001-02-03'",
		    updates[i].table);
	put_updates(f, "A");
	assert_updates(f, "1|A|1");
	put_updates(f, "B");
	assert_updates(f, "1|B|0");
}

static void
test_template(void **state)
{
	struct fixture *f = *state;
	struct cg_template t = {
		.pin = str("7"), .type = CG_BIO_FINGER, .no = 6,
		.index = CG_NONE, .valid = 1, .duress = CG_NONE,
		.format = str("ZK"), .major_version = str("10"),
		.minor_version = str("0"), .size = 4, .body = str("QUJD"),
		.extra = str("k=v"),
	};
	static const char query[] = "SELECT CONCAT_WS('|', COUNT(*), pin,"
	    " type, no, idx, valid, COALESCE(duress, 'none'), format,"
	    " major_version, minor_version, size, template, extra)"
	    " FROM v1_template";

	assert_ok(f, cg_template_put(f->db, &f->from, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "1|7|1|6|0|1|none|ZK|10|0|4|QUJD|k=v");
	t.body = str("REVG");
	t.duress = 1;
	assert_ok(f, cg_template_put(f->db, &f->from, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "1|7|1|6|0|1|1|ZK|10|0|4|REVG|k=v");
}

static void
test_image(void **state)
{
	static const char jpeg[] = "\xff\xd8\0'\\\"\n\x1a\xff\xd9";
	static const struct cg_moment at = { CG_STR("?"), AT, true };
	struct fixture *f = *state;
	struct cg_image i = {
		.kind = CG_PHOTO_FAILED, .pin = str(""), .at = &at,
		.bytes = { jpeg, sizeof(jpeg) - 1 },
	};
	const struct cg_image user = {
		.kind = CG_PHOTO_USER, .pin = str("7"),
		.bytes = { jpeg, 3 }, .extra = str("FileName=7.jpg"),
	};
	int k;

	for (k = 0; k < 2; k++) {
		assert_ok(f, cg_image_put(f->db, &f->from, &i));
		assert_ok(f, cg_image_put(f->db, &f->from, &user));
		assert_ok(f, cg_db_commit(f->db));
	}
	i.bytes.n--;			/* another picture of the same second */
	assert_ok(f, cg_image_put(f->db, &f->from, &i));
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM v1_photo", 3);
	assert_value(f, "SELECT CONCAT_WS('|', pin, taken_at, kind, size,"
	    " HEX(image)) FROM v1_photo WHERE kind = 'failed' ORDER BY id"
	    " LIMIT 1", "|2026-02-28 23:59:58|failed|10|"
	    "FFD800275C220A1AFFD9");
	assert_value(f, "SELECT CONCAT_WS('|', pin, COALESCE(taken_at, 'none'),"
	    " size, HEX(image), extra) FROM v1_photo WHERE kind = 'user'",
	    "7|none|3|FFD800|FileName=7.jpg");
}

static void
test_named_values(void **state)
{
	struct fixture *f = *state;
	struct cg_device_option o = { str("FWVersion"), str("1") };
	struct cg_item it = { str("WORKCODE"), str("5"), str("Code=5\tName=x") };
	const struct cg_event ev = { str("ERRORLOG"), str("ErrCode=D01E0001") };
	int i;

	for (i = 0; i < 2; i++) {
		assert_ok(f, cg_device_option_put(f->db, &f->from, &o));
		assert_ok(f, cg_item_put(f->db, &f->from, &it));
		assert_ok(f, cg_event_put(f->db, &f->from, &ev));
		o.value = str("2");
		it.fields = str("Code=5\tName=y");
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT_WS('|', COUNT(*), name, value)"
	    " FROM v1_device_option", "1|FWVersion|2");
	assert_value(f, "SELECT CONCAT_WS('|', COUNT(*), kind, item_key,"
	    " fields) FROM device_item", "1|WORKCODE|5|Code=5\tName=y");
	assert_value(f, "SELECT CONCAT_WS('|', COUNT(*), kind, fields)"
	    " FROM device_event", "1|ERRORLOG|ErrCode=D01E0001");
}

static void
test_rejected(void **state)
{
	static const char line[] = "no\0line\xff'";
	struct fixture *f = *state;
	char reason[400];
	int i;

	memset(reason, 'x', sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	memcpy(reason + 254, "\xc3\xab", 2);
	f->from.line = (struct cg_str){ line, sizeof(line) - 1 };
	f->from.table = str("\xff\xfeTABLE-OF-A-NAME-LONGER-THAN-32-BYTES");
	for (i = 0; i < 2; i++)
		assert_ok(f, cg_rejected_put(f->db, &f->from, str(reason)));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT_WS('|', COUNT(*), device_sn, endpoint,"
	    " table_name, HEX(line), LENGTH(reason)) FROM v1_rejected",
	    "1|" SN "|cdata|?" "?TABLE-OF-A-NAME-LONGER-THAN-32|"
	    "6E6F006C696E65FF27|255");
	assert_int_equal(cg_db_refused(f->db), 0);
}

/* What was changed to be stored outlives many rejected rows. */
static void
test_odd_names(void **state)
{
	struct fixture *f = *state;
	const struct cg_event ev = { str("K\xff" "1"), str("x") };
	char name[300][8];
	size_t i;

	assert_ok(f, cg_event_put(f->db, &f->from, &ev));
	assert_ok(f, cg_seen_put(f->db, f->clock.id, 0, str("a\xe9" "b")));
	for (i = 0; i < CG_LEN(name); i++) {
		(void)snprintf(name[i], sizeof(name[i]), "\xfe%zu", i);
		f->from.table = str(name[i]);
		assert_ok(f, cg_rejected_put(f->db, &f->from, str("r\xfc")));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT kind FROM device_event", "K?1");
	assert_value(f, "SELECT peer_ip FROM device_state", "a?b");
	assert_number(f, "SELECT COUNT(DISTINCT table_name) FROM rejected"
	    " WHERE table_name REGEXP '^[?][0-9]+$' AND reason = 'r?'",
	    CG_LEN(name));
}

static void
test_large_rejected(void **state)
{
	struct fixture *f = *state;
	size_t n = (size_t)1 << 20;
	char *line = malloc(n);
	int i;

	assert_non_null(line);
	memset(line, 'L', n);
	for (i = 0; i < 5; i++) {
		f->from.line = (struct cg_str){ line, n - (size_t)i };
		assert_ok(f, cg_rejected_put(f->db, &f->from, str("large")));
	}
	assert_ok(f, cg_db_commit(f->db));
	free(line);
	assert_number(f, "SELECT SUM(LENGTH(line)) FROM rejected",
	    5 * (1 << 20) - 10);
}

static void
test_stamp(void **state)
{
	struct fixture *f = *state;
	const struct cg_stamp *stamp = NULL;
	size_t n = 99;

	assert_ok(f, cg_stamps_load(f->db, f->clock.id, f->arena, &stamp, &n));
	assert_int_equal(n, 0);
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("OPERLOG"), str("5")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("9999")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("82983982")));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_stamps_load(f->db, f->clock.id, f->arena, &stamp, &n));
	assert_int_equal(n, 2);
	assert_true(cg_str_eq(stamp[0].table, str("ATTLOG")));
	assert_true(cg_str_eq(stamp[0].stamp, str("82983982")));
	assert_true(cg_str_eq(stamp[1].table, str("OPERLOG")));
	assert_true(cg_str_eq(stamp[1].stamp, str("5")));
}

/* An ordered 0 stays until it is told; one that the clock sent does not. */
static void
test_stamp_of_zero(void **state)
{
	struct fixture *f = *state;
	const struct cg_stamp *stamp = NULL;
	size_t n = 0;

	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("7")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("OPERLOG"), str("0")));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_stamps_reset(f->db, f->clock.id, str("ATTLOG")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("8")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("USERINFO"), str("9")));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_stamps_load(f->db, f->clock.id, f->arena, &stamp, &n));
	assert_int_equal(n, 3);
	assert_true(cg_str_eq(stamp[0].stamp, str("0")));
	assert_true(cg_str_eq(stamp[1].stamp, str("0")));
	assert_true(cg_str_eq(stamp[2].stamp, str("9")));
	/* an order that came after the clock was told is none of those told */
	assert_ok(f, cg_stamps_reset(f->db, f->clock.id, str("USERINFO")));
	assert_ok(f, cg_stamps_told(f->db, &f->clock, stamp, n));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("8")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("OPERLOG"), str("3")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("USERINFO"), str("9")));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT GROUP_CONCAT(table_name, stamp ORDER BY 1)"
	    " FROM device_stamp", "ATTLOG8,OPERLOG3,USERINFO0");
}

static void
test_many_stamps(void **state)
{
	struct fixture *f = *state;
	const struct cg_stamp *stamp = NULL;
	char name[40][8];
	size_t i, n = 0;

	for (i = 0; i < CG_LEN(name); i++) {
		(void)snprintf(name[i], sizeof(name[i]), "T%02zu", i);
		assert_ok(f, cg_stamp_put(f->db, f->clock.id, str(name[i]),
		    str(name[i])));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_stamps_load(f->db, f->clock.id, f->arena, &stamp, &n));
	assert_int_equal(n, CG_LEN(name));
	for (i = 0; i < n; i++)
		assert_true(cg_str_eq(stamp[i].stamp, str(name[i])));
}

static void
test_hostile_text(void **state)
{
	struct fixture *f = *state;
	struct cg_punch p = punch("1'); DROP TABLE punch; --", 0);

	p.work_code = str("<b>\"\\\x01%s\n\t");
	p.extra = (struct cg_str){ "a\0b", 3 };
	assert_ok(f, put_punch(f, &p));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT(pin, '|', work_code, '|', HEX(extra))"
	    " FROM punch", "1'); DROP TABLE punch; --|<b>\"\\\x01%s\n\t|610062");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_punch, test_up),
		cmocka_unit_test_setup(test_impossible_time, test_up),
		cmocka_unit_test_setup(test_operation, test_up),
		cmocka_unit_test_setup(test_user, test_up),
		cmocka_unit_test_setup(test_new_partial_user, test_up),
		cmocka_unit_test_setup(test_updated_at, test_up),
		cmocka_unit_test_setup(test_template, test_up),
		cmocka_unit_test_setup(test_image, test_up),
		cmocka_unit_test_setup(test_named_values, test_up),
		cmocka_unit_test_setup(test_rejected, test_up),
		cmocka_unit_test_setup(test_odd_names, test_up),
		cmocka_unit_test_setup(test_large_rejected, test_up),
		cmocka_unit_test_setup(test_stamp, test_up),
		cmocka_unit_test_setup(test_stamp_of_zero, test_up),
		cmocka_unit_test_setup(test_many_stamps, test_up),
		cmocka_unit_test_setup(test_hostile_text, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
