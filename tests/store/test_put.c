/*
 * What clocks upload: every kind of row, twice, refused, in batches.
 */
#include "config.h"

#include "db.h"
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
