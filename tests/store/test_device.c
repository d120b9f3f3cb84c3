/*
 * Clocks: finding, adding, what they tell, their settings, results of
 * commands, and the operator's lists.
 */
#include "config.h"

#include "fixture.h"

#define HASH	"0123456789abcdef0123456789abcdef"

/* ---- finding and adding ---- */

static void
test_find(void **state)
{
	struct fixture *f = *state;
	struct cg_device d = { .id = 77 };

	assert_int_equal(cg_device_find(f->db, str("NOBODY"), &d), CG_UNKNOWN);
	assert_int_equal(d.id, 77);
	assert_int_equal(cg_device_find(f->db, str("tst0000000001"), &d),
	    CG_UNKNOWN);
	assert_ok(f, cg_device_find(f->db, str(SN), &d));
	assert_int_equal(d.id, f->clock.id);
	assert_int_equal(d.status, CG_DEVICE_ACTIVE);
	assert_string_equal(d.sn, SN);
	assert_string_equal(d.zone, "");
	assert_string_equal(d.charset, "");
}

static void
test_add_twice(void **state)
{
	struct fixture *f = *state;
	struct cg_device a, b;

	assert_ok(f, cg_device_add(f->db, str("A"), CG_DEVICE_PENDING, 5, &a));
	assert_ok(f, cg_device_add(f->db, str("A"), CG_DEVICE_ACTIVE, 5, &b));
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(a.id, b.id);
	assert_int_equal(b.status, CG_DEVICE_PENDING);
	assert_number(f, "SELECT COUNT(*) FROM device WHERE sn = 'A' AND"
	    " status = 'pending' AND ABS(TIMESTAMPDIFF(SECOND,"
	    " first_seen_utc, UTC_TIMESTAMP())) < 60", 1);
}

static void
add_pending(struct fixture *f, const char *sn, unsigned max, int64_t seen)
{
	struct cg_device d;

	sql(f, "UPDATE device SET first_seen_utc = '2020-01-01'");
	assert_ok(f, cg_device_add(f->db, str(sn), CG_DEVICE_PENDING, max, &d));
	assert_ok(f, cg_seen_put(f->db, d.id, seen, str("192.0.2.1")));
	assert_ok(f, cg_db_commit(f->db));
}

static void
test_pending_cap(void **state)
{
	static const char query[] = "SELECT GROUP_CONCAT(sn ORDER BY sn)"
	    " FROM device";
	struct fixture *f = *state;
	struct cg_device d;

	add_pending(f, "P1", 3, 4000000300);
	add_pending(f, "P2", 3, 4000000100);
	add_pending(f, "P3", 3, 4000000200);
	assert_value(f, query, "P1,P2,P3," SN);
	add_pending(f, "P4", 3, 4000000400);
	assert_value(f, query, "P1,P3,P4," SN);
	assert_number(f, "SELECT COUNT(*) FROM device_state", 3);
	/* those that are there stay; an active one needs no room */
	add_pending(f, "P3", 3, 4000000500);
	assert_ok(f, cg_device_add(f->db, str("A1"), CG_DEVICE_ACTIVE, 3, &d));
	assert_value(f, query, "P1,P3,P4," SN);
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "A1,P1,P3,P4," SN);
	/* a lower maximum: all that are too many go */
	add_pending(f, "P5", 2, 4000000600);
	assert_value(f, query, "A1,P3,P5," SN);
	sql(f, "INSERT INTO device_setting SELECT id, 'zone', 'UTC', '2030-01-01'"
	    " FROM device WHERE sn = 'P3'");
	add_pending(f, "P6", 2, 4000000700);
	assert_value(f, query, "A1,P3,P6," SN);
	sql(f, "INSERT INTO device_setting SELECT id, 'zone', 'UTC', '2030-01-01'"
	    " FROM device WHERE sn = 'P6'");
	assert_int_equal(cg_device_add(f->db, str("P7"), CG_DEVICE_PENDING, 2,
	    &d), CG_DENIED);
	assert_value(f, query, "A1,P3,P6," SN);
	assert_int_equal(cg_device_add(f->db, str("P8"), CG_DEVICE_PENDING, 0,
	    &d), CG_LIMIT);
}

/* Whichever process asks: by when those came that wait. */
static void
test_pending_pace(void **state)
{
	struct fixture *f = *state;
	struct cg_device d;

	/* one has come in this second, also when the test is slow */
	sql(f, "INSERT INTO device (sn, status, first_seen_utc) SELECT"
	    " CONCAT('P', seq), 'pending', UTC_TIMESTAMP() + INTERVAL seq SECOND"
	    " FROM seq_0_to_99");
	assert_int_equal(cg_device_add(f->db, str("N"), CG_DEVICE_PENDING, 100,
	    &d), CG_DENIED);
	assert_ok(f, cg_device_add(f->db, str("N"), CG_DEVICE_PENDING, 101, &d));
	cg_db_rollback(f->db);
	sql(f, "UPDATE device SET first_seen_utc = '2020-01-01'");
	add_pending(f, "N1", 100, 4000000000);
	assert_number(f, "SELECT COUNT(*) FROM device WHERE status = 'pending'",
	    100);
}

/* However many are asked for, twice or not, and whichever is not active. */
static void
test_active(void **state)
{
	struct fixture *f = *state;
	uint32_t id[CG_ACTIVE_MAX];
	bool active[CG_ACTIVE_MAX];
	struct cg_device d;
	char sn[16];
	size_t i, n;

	for (i = 0; i < CG_ACTIVE_MAX / 2; i++) {
		snprintf(sn, sizeof(sn), "A%zu", i);
		assert_ok(f, cg_device_add(f->db, str(sn), CG_DEVICE_ACTIVE, 1, &d));
		id[i] = id[CG_ACTIVE_MAX - 1 - i] = d.id;
	}
	assert_ok(f, cg_db_commit(f->db));
	for (n = 1; n <= CG_ACTIVE_MAX; n++) {
		assert_ok(f, cg_device_active(f->db, id, active, n));
		for (i = 0; i < n; i++)
			assert_true(active[i]);
	}
	assert_ok(f, cg_device_set_status(f->db, str("A3"), CG_DEVICE_DISABLED));
	id[7] = 4000000000u;
	for (n = 1; n <= CG_ACTIVE_MAX; n++) {
		assert_ok(f, cg_device_active(f->db, id, active, n));
		for (i = 0; i < n; i++)
			assert_int_equal(active[i], i != 3 && i != 7 &&
			    i != CG_ACTIVE_MAX - 1 - 3);
	}
}

/* ---- what a clock tells ---- */

static const char announced[] = "SELECT CONCAT_WS('|', push_version,"
    " device_type, language, options_flag, COALESCE(key_hash, 'none'),"
    " time_zone) FROM device";

static void
test_announce(void **state)
{
	struct fixture *f = *state;
	const struct cg_announcement all = {
		str("2.4.1"), str("att"), str("69"), str("1"),
		(const unsigned char *)HASH, str("Europe/Berlin")
	};
	const struct cg_announcement little = { .time_zone = str("UTC") };

	assert_ok(f, cg_device_announce(f->db, f->clock.id, &all));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, announced, "2.4.1|att|69|1|" HASH "|Europe/Berlin");
	assert_ok(f, cg_device_announce(f->db, f->clock.id, &little));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, announced, "||||none|UTC");
}

/* A handshake must not fail because of what nobody can store. */
static void
test_announce_nonsense(void **state)
{
	struct fixture *f = *state;
	char lng[100];
	const struct cg_announcement a = {
		{ lng, sizeof(lng) }, str("\xc3("), str("\xe4\xb8\xad\xff"),
		str("\xed\xa0\x80\xf5"), NULL, str("")
	};

	memset(lng, 'v', sizeof(lng));
	assert_ok(f, cg_device_announce(f->db, f->clock.id, &a));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, announced, "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv|?(|"
	    "?" "?" "?" "?|?" "?" "?" "?|none|");
}

static const char told[] = "SELECT CONCAT_WS('|', firmware, reported_ip,"
    " fingerprint_version, face_version, support, COALESCE(user_count, '-'),"
    " COALESCE(fingerprint_count, '-'), COALESCE(punch_count, '-'),"
    " COALESCE(faces_per_user, '-'), COALESCE(face_count, '-'),"
    " COALESCE(card_count, '-'), COALESCE(user_photo_count, '-'),"
    " COALESCE(punch_photo_count, '-')) FROM device_state";

static void
test_info(void **state)
{
	struct fixture *f = *state;
	const struct cg_info some = {
		.firmware = str("Ver 8.0.4"), .user_count = 3,
		.fingerprint_count = 4, .punch_count = 5, .ip = str("10.0.0.9"),
		.faces_per_user = CG_NONE, .face_count = CG_NONE,
		.card_count = CG_NONE, .user_photo_count = CG_NONE,
		.punch_photo_count = CG_NONE,
	};
	const struct cg_info others = {
		.user_count = 6, .fingerprint_count = CG_NONE,
		.punch_count = CG_NONE, .fingerprint_version = str("10"),
		.face_version = str("7"), .faces_per_user = 12,
		.face_count = 1, .support = str("11010"), .card_count = 2,
		.user_photo_count = 8, .punch_photo_count = 9,
	};

	assert_ok(f, cg_device_info(f->db, f->clock.id, &some));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, told, "Ver 8.0.4|10.0.0.9||||3|4|5|-|-|-|-|-");
	assert_ok(f, cg_device_info(f->db, f->clock.id, &others));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, told, "Ver 8.0.4|10.0.0.9|10|7|11010|6|4|5|12|1|2|8|9");
}

/* The key: from what was announced to the next one. */
static void
test_key(void **state)
{
	static const unsigned char one[CG_COMM_KEY_HASH] = "one", two[CG_COMM_KEY_HASH] = "two",
	    here[CG_COMM_KEY_ADDRESS] = "here", there[CG_COMM_KEY_ADDRESS] = "there";
	struct fixture *f = *state;
	struct cg_device d;

	assert_ok(f, cg_device_add(f->db, str("K"), CG_DEVICE_PENDING, 5, &d));
	assert_false(d.key.set || d.next_key.set || d.key_remembered);
	assert_ok(f, cg_comm_key_announced(f->db, d.id, one));
	assert_ok(f, cg_comm_key_remember(f->db, d.id, here));
	assert_ok(f, cg_device_approve(f->db, str("K")));
	assert_ok(f, cg_device_find(f->db, str("K"), &d));
	assert_int_equal(d.status, CG_DEVICE_ACTIVE);
	assert_true(d.key.set && d.key_remembered && !d.next_key.set);
	assert_memory_equal(d.key.hash, one, CG_COMM_KEY_HASH);
	assert_memory_equal(d.key_address, here, CG_COMM_KEY_ADDRESS);
	/* both, then the next one alone, unless it is another by now */
	assert_ok(f, cg_comm_key_next(f->db, str("K"), two));
	assert_ok(f, cg_comm_key_changed(f->db, d.id, one, there));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_device_find(f->db, str("K"), &d));
	assert_true(d.key.set && d.next_key.set);
	assert_memory_equal(d.key.hash, one, CG_COMM_KEY_HASH);
	assert_ok(f, cg_comm_key_changed(f->db, d.id, two, NULL));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_device_find(f->db, str("K"), &d));
	assert_true(d.key.set && !d.next_key.set && !d.key_remembered);
	assert_memory_equal(d.key.hash, two, CG_COMM_KEY_HASH);
	/* approved again: with what it shows now, and not remembered for that */
	assert_ok(f, cg_comm_key_remember(f->db, d.id, here));
	assert_ok(f, cg_device_approve(f->db, str("K")));
	assert_ok(f, cg_device_find(f->db, str("K"), &d));
	assert_memory_equal(d.key.hash, one, CG_COMM_KEY_HASH);
	assert_false(d.key_remembered);
	assert_ok(f, cg_comm_key_set(f->db, str("K"), NULL));
	assert_ok(f, cg_device_find(f->db, str("K"), &d));
	assert_false(d.key.set);
	assert_int_equal(cg_comm_key_set(f->db, str("X"), one), CG_UNKNOWN);
	assert_int_equal(cg_device_approve(f->db, str("X")), CG_UNKNOWN);
}

static void
test_refusals(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, cg_refusals_add(f->db, f->clock.id, 2, 0));
	assert_ok(f, cg_refusals_add(f->db, f->clock.id, 3, 7));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT(key_refusals, ' ', network_refusals)"
	    " FROM v1_device", "5 7");
}

static const char events[] = "SELECT COALESCE(GROUP_CONCAT(kind, ' ',"
    " REPLACE(SUBSTRING_INDEX(fields, '\tday=', 1), '\t', ' ')"
    " ORDER BY id SEPARATOR '|'), '') FROM device_event";

/* At most one event of a change, whoever sees it. */
static void
test_moved(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, cg_device_moved(f->db, f->clock.id, str("a")));
	assert_ok(f, cg_seen_put(f->db, f->clock.id, 1772326798, str("a")));
	assert_ok(f, cg_device_moved(f->db, f->clock.id, str("a")));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_device_moved(f->db, f->clock.id, str("a")));
	assert_ok(f, cg_device_moved(f->db, f->clock.id, (struct cg_str){ NULL, 0 }));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, events, "");
	assert_ok(f, cg_device_moved(f->db, f->clock.id, str("b\xff")));
	assert_ok(f, cg_device_moved(f->db, f->clock.id, str("b\xff")));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, events, "address-changed old=a new=b?");
	/* the same change on another day is another one */
	sql(f, "UPDATE device_event SET fields = REPLACE(fields, UTC_DATE(),"
	    " '2020-01-01')");
	assert_ok(f, cg_device_moved(f->db, f->clock.id, str("b?")));
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM device_event", 2);
}

static void
test_flashed(void **state)
{
	static const char *const versions[] = { "V1", "V1", "V2", "", "V2", "V1" };
	struct fixture *f = *state;
	struct cg_info info;

	for (size_t i = 0; i < CG_LEN(versions); i++) {
		cg_info_parse(str(versions[i]), &info);
		assert_ok(f, cg_device_info(f->db, f->clock.id, &info));
		assert_ok(f, cg_db_commit(f->db));
	}
	assert_value(f, events, "firmware-changed old=V1 new=V2|"
	    "firmware-changed old=V2 new=V1");
}

static void
test_seen(void **state)
{
	static const char query[] = "SELECT CONCAT_WS('|', COUNT(*),"
	    " last_seen_utc, peer_ip) FROM device_state";
	struct fixture *f = *state;
	const struct cg_info info = { .firmware = str("V"), .user_count = 1 };

	assert_ok(f, cg_device_info(f->db, f->clock.id, &info));
	assert_ok(f, cg_seen_put(f->db, f->clock.id, 1772326798, str("a")));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "1|2026-03-01 00:59:58|a");
	/* written late by another process: the later one stays */
	assert_ok(f, cg_seen_put(f->db, f->clock.id, 1772326799, str("b")));
	assert_ok(f, cg_seen_put(f->db, f->clock.id, 1772326797, str("c")));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "1|2026-03-01 00:59:59|b");
	assert_value(f, "SELECT firmware FROM device_state", "V");
	/* and the address, of who only came again */
	assert_ok(f, cg_seen_again(f->db, 1772326798, &f->clock.id, 1));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "1|2026-03-01 00:59:59|b");
	assert_ok(f, cg_seen_again(f->db, 1772326860, &f->clock.id, 1));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, query, "1|2026-03-01 01:01:00|b");
}

/* More than one statement takes. */
static void
test_seen_by_thousands(void **state)
{
	enum { N = 40500 };
	struct fixture *f = *state;
	uint32_t *id = calloc(N, sizeof(*id));
	size_t i;

	assert_non_null(id);
	for (i = 0; i < N; i++) {
		id[i] = 1000 + (uint32_t)i;
		assert_ok(f, cg_seen_put(f->db, id[i], 1772326798, str("a")));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_seen_again(f->db, 1772326799, id, N));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT(COUNT(*), ' ', MIN(last_seen_utc), ' ',"
	    " MAX(last_seen_utc)) FROM device_state", "40500 2026-03-01 00:59:59"
	    " 2026-03-01 00:59:59");
	free(id);
}

/* ---- watching and changing them ---- */

static void
note_serial(void *arg, struct cg_str sn)
{
	char *seen = arg;
	size_t n = strlen(seen);

	(void)snprintf(seen + n, 100 - n, "%.*s,", (int)sn.n, sn.p);
}

static void
test_changed(void **state)
{
	struct fixture *f = *state;
	char seen[100] = "";

	sql(f, "UPDATE device SET changed_at = '2020-01-01'");
	assert_ok(f, cg_device_changed(f->db, 10, note_serial, seen));
	assert_string_equal(seen, "");
	assert_ok(f, cg_device_set_status(f->db, str(SN), CG_DEVICE_DISABLED));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_device_changed(f->db, 10, note_serial, seen));
	assert_string_equal(seen, SN ",");
	seen[0] = '\0';
	sql(f, "UPDATE device SET changed_at = changed_at - INTERVAL 1 MINUTE");
	assert_ok(f, cg_device_changed(f->db, 10, note_serial, seen));
	assert_string_equal(seen, "");
	assert_ok(f, cg_device_changed(f->db, 100, note_serial, seen));
	assert_string_equal(seen, SN ",");
}

/* A setting lies in another table, and must be noticed as well. */
static void
test_changed_setting(void **state)
{
	struct fixture *f = *state;
	char seen[100] = "";

	sql(f, "UPDATE device SET changed_at = '2020-01-01'");
	assert_ok(f, cg_device_set(f->db, str(SN), str("Delay"), str("10")));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_device_changed(f->db, 10, note_serial, seen));
	assert_string_equal(seen, SN ",");
}

static void
test_operator(void **state)
{
	struct fixture *f = *state;
	struct cg_device d;
	char name[80];

	memset(name, 'n', sizeof(name));
	assert_ok(f, cg_device_set_name(f->db, str(SN), str("Gate")));
	assert_ok(f, cg_device_set_name(f->db, str(SN), str("Gate")));
	assert_ok(f, cg_device_set_status(f->db, str(SN), CG_DEVICE_PENDING));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT(name, status) FROM device",
	    "Gatepending");
	assert_ok(f, cg_device_find(f->db, str(SN), &d));
	assert_int_equal(d.status, CG_DEVICE_PENDING);
	assert_int_equal(cg_device_set_name(f->db, str("X"), str("Gate")),
	    CG_UNKNOWN);
	assert_int_equal(cg_device_set_status(f->db, str("X"),
	    CG_DEVICE_ACTIVE), CG_UNKNOWN);
	assert_int_equal(cg_device_set_name(f->db, str(SN),
	    (struct cg_str){ name, sizeof(name) }), CG_DATA);
	assert_non_null(strstr(cg_db_why(f->db), "1406"));
	assert_ok(f, cg_device_set_name(f->db, str(SN), str("Door")));
	cg_db_rollback(f->db);
	assert_value(f, "SELECT name FROM device", "Gate");
}

static void
test_settings(void **state)
{
	struct fixture *f = *state;
	struct cg_str option[CG_OPTION_COUNT];
	const struct cg_option *delay = cg_option_find(str("Delay"));
	struct cg_device d;
	size_t i;

	assert_non_null(delay);
	for (i = 0; i < CG_OPTION_COUNT; i++)
		option[i] = cg_lit("mine");
	assert_int_equal(cg_device_set(f->db, str("X"), str("zone"),
	    str("UTC")), CG_UNKNOWN);
	assert_ok(f, cg_device_set(f->db, str(SN), str("zone"), str("UTC")));
	assert_ok(f, cg_device_set(f->db, str(SN), str("zone"),
	    str("Asia/Kolkata")));
	assert_ok(f, cg_device_set(f->db, str(SN), str("charset"),
	    str("GB18030")));
	assert_ok(f, cg_device_set(f->db, str(SN), str("delay"), str("33")));
	assert_ok(f, cg_device_find(f->db, str(SN), &d));
	assert_string_equal(d.zone, "Asia/Kolkata");
	assert_string_equal(d.charset, "GB18030");
	assert_ok(f, cg_settings_load(f->db, d.id, f->arena, option));
	for (i = 0; i < CG_OPTION_COUNT; i++)
		assert_true(cg_str_eq(option[i],
		    str(&cg_options[i] == delay ? "33" : "mine")));
	assert_ok(f, cg_device_set(f->db, str(SN), str("ZONE"),
	    (struct cg_str){ NULL, 0 }));
	assert_ok(f, cg_device_find(f->db, str(SN), &d));
	assert_string_equal(d.zone, "");
	assert_number(f, "SELECT COUNT(*) FROM device_setting", 0);
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM device_setting", 2);
}

/* ---- the operator's lists ---- */

struct listing {
	char	 names[512];
	char	 values[4096];
	size_t	 rows;
};

static void
add_text(char *to, size_t max, struct cg_str s, char end)
{
	size_t n = strlen(to);

	if (s.p == NULL)
		s = cg_lit("NULL");
	(void)snprintf(to + n, max - n, "%.*s%c", (int)s.n, s.p, end);
}

static void
take_row(void *arg, const char *const *name, const struct cg_str *value_,
    size_t n)
{
	struct listing *l = arg;
	size_t i;

	if (value_ == NULL) {		/* the names come first, and once */
		assert_int_equal(l->rows + strlen(l->names), 0);
		for (i = 0; i < n; i++)
			add_text(l->names, sizeof(l->names), str(name[i]), ' ');
		return;
	}
	l->rows++;
	for (i = 0; i < n; i++)
		add_text(l->values, sizeof(l->values), value_[i],
		    i + 1 < n ? '|' : '\n');
}

static enum cg_err
list(struct fixture *f, enum cg_report which, struct listing *l, const char *a,
    const char *b, const char *c, const char *d, const char *e)
{
	const struct cg_str param[] = { str(a), str(b), str(c), str(d), str(e) };

	memset(l, 0, sizeof(*l));
	return cg_report_run(f->db, which, param, CG_LEN(param), take_row, l);
}

static void
test_report_devices(void **state)
{
	struct fixture *f = *state;
	const struct cg_info info = {
		.firmware = str("V8"), .user_count = 3,
		.fingerprint_count = 4, .punch_count = 5, .face_count = 6,
		.ip = str("10.0.0.9"), .card_count = CG_NONE,
	};
	struct listing l;

	add_pending(f, "P1", 9, 1772326798);
	assert_ok(f, cg_device_info(f->db, f->clock.id, &info));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, list(f, CG_REPORT_DEVICES, &l, "", "", "", "", ""));
	assert_string_equal(l.names, "sn name status last_seen_utc ip firmware"
	    " push_version device_type time_zone user_count"
	    " fingerprint_count face_count punch_count ");
	assert_string_equal(l.values,
	    "P1||pending|2026-03-01 00:59:58|192.0.2.1|||||NULL|NULL|NULL|NULL\n"
	    SN "||active|NULL|10.0.0.9|V8||||3|4|6|5\n");
	assert_ok(f, list(f, CG_REPORT_DEVICES, &l, "pending", "", "", "", ""));
	assert_int_equal(l.rows, 1);
	assert_ok(f, list(f, CG_REPORT_DEVICES, &l, "disabled", "", "", "", ""));
	assert_int_equal(l.rows, 0);
	assert_memory_equal(l.names, "sn name status ", 15);
}

static void
test_stamps_reset(void **state)
{
	struct fixture *f = *state;
	const struct { const char *table, *left; } reset[] = {
		{ "OPERLOG", "ATTLOG|7|OPERLOG|0|" },
		{ "BIODATA", "ATTLOG|7|BIODATA|0|OPERLOG|0|" },
		{ "", "ATTLOG|0|BIODATA|0|OPERLOG|0|" },
	};
	struct cg_arena *arena;
	const struct cg_stamp *stamp;
	char text[128];
	size_t n;

	assert_ok(f, cg_arena_new(65536, &arena));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("7")));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("OPERLOG"), str("8")));
	assert_ok(f, cg_db_commit(f->db));
	for (size_t i = 0; i < CG_LEN(reset); i++) {
		assert_ok(f, cg_stamps_reset(f->db, f->clock.id,
		    str(reset[i].table)));
		assert_ok(f, cg_stamps_load(f->db, f->clock.id, arena, &stamp, &n));
		text[0] = '\0';
		for (size_t k = 0; k < n; k++) {
			add_text(text, sizeof(text), stamp[k].table, '|');
			add_text(text, sizeof(text), stamp[k].stamp, '|');
		}
		assert_string_equal(text, reset[i].left);
	}
	cg_arena_free(arena);
}

/* What MySQL refuses is known before the commit. */
static void
test_send(void **state)
{
	struct fixture *f = *state;
	const struct cg_device_option bad = { str("MAC"), str("\xFF") };

	assert_ok(f, cg_device_option_put(f->db, &f->from, &bad));
	assert_int_equal(cg_db_refused(f->db), 0);
	assert_ok(f, cg_db_send(f->db));
	assert_int_equal(cg_db_refused(f->db), 1);
	assert_number(f, "SELECT COUNT(*) FROM rejected", 0);
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM rejected", 1);
}

static void
test_rejected_drop(void **state)
{
	struct fixture *f = *state;
	struct cg_arena *arena;
	struct cg_rejected r;
	int64_t n, last;
	uint64_t rows;

	assert_ok(f, cg_arena_new(65536, &arena));
	sql(f, "INSERT INTO rejected (id, device_id, received_at_utc, endpoint,"
	    " table_name, line, reason) SELECT seq, IF(seq < 4, %u, %u),"
	    " '2030-01-05', 'cdata', 'ATTLOG', seq, 'why' FROM seq_1_to_4",
	    f->clock.id, f->clock.id + 1);
	assert_ok(f, cg_rejected_next(f->db, str(SN), 1, arena, &r));
	assert_int_equal(r.id, 2);
	assert_int_equal(cg_rejected_next(f->db, str("X"), 0, arena, &r), CG_UNKNOWN);
	assert_int_equal(cg_rejected_next(f->db, str(""), 3, arena, &r), CG_UNKNOWN);
	assert_ok(f, cg_rejected_drop(f->db, 2));
	assert_int_equal(cg_rejected_drop(f->db, 2), CG_UNKNOWN);
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT GROUP_CONCAT(id ORDER BY id) FROM rejected", "1,3,4");
	assert_ok(f, cg_rejected_count(f->db, f->clock.id, &n, &last));
	assert_int_equal(n, 2);
	assert_int_equal(last, 3);
	assert_ok(f, cg_rejected_drop_all(f->db, f->clock.id, 2, &rows));
	assert_int_equal(rows, 1);
	assert_ok(f, cg_rejected_drop_all(f->db, f->clock.id, 4, &rows));
	assert_int_equal(rows, 1);
	assert_ok(f, cg_rejected_count(f->db, f->clock.id, &n, &last));
	assert_int_equal(n, 0);
	assert_int_equal(last, 0);
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT GROUP_CONCAT(id) FROM rejected", "4");
	cg_arena_free(arena);
}

static void
test_report_one_device(void **state)
{
	struct fixture *f = *state;
	struct listing l;
	const struct cg_device_option o = { str("MAC"), str("00:11") };

	assert_ok(f, cg_device_set(f->db, str(SN), str("zone"), str("UTC")));
	assert_ok(f, cg_device_option_put(f->db, &f->from, &o));
	assert_ok(f, cg_stamp_put(f->db, f->clock.id, str("ATTLOG"), str("7")));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, list(f, CG_REPORT_DEVICE, &l, SN, "", "", "", ""));
	assert_int_equal(l.rows, 1);
	assert_non_null(strstr(l.names, "sn name status first_seen_utc "));
	assert_ok(f, list(f, CG_REPORT_DEVICE, &l, "X", "", "", "", ""));
	assert_int_equal(l.rows, 0);
	assert_ok(f, list(f, CG_REPORT_SETTINGS, &l, SN, "", "", "", ""));
	assert_string_equal(l.names, "name value updated_at_utc ");
	assert_memory_equal(l.values, "zone|UTC|20", 11);
	assert_ok(f, list(f, CG_REPORT_OPTIONS, &l, SN, "", "", "", ""));
	assert_memory_equal(l.values, "MAC|00:11|20", 12);
	assert_ok(f, list(f, CG_REPORT_STAMPS, &l, SN, "", "", "", ""));
	assert_string_equal(l.names, "table_name stamp updated_at_utc ");
	assert_memory_equal(l.values, "ATTLOG|7|20", 11);
}

static const struct {
	const char	*sn, *pin, *from, *to, *limit;
	const char	*pins;		/* newest first; NULL: CG_SYNTAX */
} lists[] = {
	{ "", "", "", "", "", "5|4|3|2|1|" },
	{ SN, "", "", "", "", "5|4|3|2|1|" },
	{ "X", "", "", "", "", "" },
	{ "", "3", "", "", "", "3|" },
	{ "", "", "", "", "2", "5|4|" },
	{ "", "", "", "", "0", "" },
	{ "", "", "2026-01-03", "", "", "5|4|3|" },
	{ "", "", "", "2026-01-03", "", "3|2|1|" },
	{ "", "", "2026-01-02", "2026-01-02", "", "2|" },
	{ "", "", "2026-01-02 12:00:00", "2026-01-03 12:00:00", "", "3|2|" },
	{ "", "", "2026-01-02 12:00:01", "2026-01-03 11:59:59", "", "" },
	{ SN, "2", "2026-01-01", "2026-01-05", "9", "2|" },
	{ "", "", "yesterday", "", "", NULL },
	{ "", "", "2026-02-30", "", "", NULL },
	{ "", "", "", "2026-01", "", NULL },
	{ "", "", "", "", "x", NULL },
	{ "", "", "", "", "-1", NULL },
};

static void
test_report_punches(void **state)
{
	struct fixture *f = *state;
	static const char *const pins[] = { "1", "2", "3", "4", "5" };
	struct listing l;
	char got[64];
	size_t i, k;

	for (i = 0; i < CG_LEN(pins); i++) {
		struct cg_punch p = punch(pins[i], (int64_t)i * 86400 + 43200);

		assert_ok(f, put_punch(f, &p));
	}
	assert_ok(f, cg_db_commit(f->db));
	for (i = 0; i < CG_LEN(lists); i++) {
		enum cg_err e = list(f, CG_REPORT_PUNCHES, &l, lists[i].sn,
		    lists[i].pin, lists[i].from, lists[i].to, lists[i].limit);
		struct cg_str rest = str(l.values), row, piece;

		assert_int_equal(e, lists[i].pins ? CG_OK : CG_SYNTAX);
		got[0] = '\0';
		while (cg_str_line(&rest, &row)) {
			for (k = 0; k < 3; k++)
				(void)cg_str_cut(&row, '|', &piece);
			add_text(got, sizeof(got), piece, '|');
		}
		if (lists[i].pins != NULL && strcmp(got, lists[i].pins) != 0)
			fail_msg("row %zu: %s", i, got);
	}
	assert_ok(f, list(f, CG_REPORT_PUNCHES, &l, "", "", "", "", "1"));
	assert_string_equal(l.names, "id device_sn pin punched_at"
	    " punched_at_utc state verify work_code suspect extra"
	    " received_at_utc punched_text reserved1 reserved2 job_code1"
	    " job_code2 job_code3 job_code4 job_code5 job_code6 tip_code1"
	    " tip_code2 tip_code3 ");
}

static void
test_report_rejected(void **state)
{
	struct fixture *f = *state;
	struct listing l;
	size_t n = (size_t)300 * 1024;
	char *line = malloc(n);

	assert_non_null(line);
	memset(line, 'z', n);
	assert_ok(f, cg_rejected_put(f->db, &f->from, str("why")));
	f->from.line = (struct cg_str){ line, n };
	assert_ok(f, cg_rejected_put(f->db, &f->from, str("long")));
	assert_ok(f, cg_db_commit(f->db));
	free(line);
	assert_ok(f, list(f, CG_REPORT_REJECTED, &l, SN, "", NULL, NULL, NULL));
	assert_int_equal(l.rows, 2);
	assert_string_equal(l.names, "id device_sn endpoint table_name reason"
	    " received_at_utc line sha256 ");
	assert_ok(f, list(f, CG_REPORT_REJECTED, &l, "X", "", NULL, NULL, NULL));
	assert_int_equal(l.rows, 0);
	sql(f, "DELETE FROM rejected WHERE reason = 'long'");
	cg_db_rollback(f->db);
	assert_ok(f, list(f, CG_REPORT_REJECTED, &l, "", "1", NULL, NULL, NULL));
	assert_non_null(strstr(l.values, "|cdata|ATTLOG|why|"));
	assert_non_null(strstr(l.values, "|the line\tas sent|"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_find, test_up),
		cmocka_unit_test_setup(test_add_twice, test_up),
		cmocka_unit_test_setup(test_pending_cap, test_up),
	cmocka_unit_test_setup(test_pending_pace, test_up),
		cmocka_unit_test_setup(test_active, test_up),
		cmocka_unit_test_setup(test_announce, test_up),
		cmocka_unit_test_setup(test_announce_nonsense, test_up),
		cmocka_unit_test_setup(test_info, test_up),
		cmocka_unit_test_setup(test_key, test_up),
		cmocka_unit_test_setup(test_refusals, test_up),
		cmocka_unit_test_setup(test_moved, test_up),
		cmocka_unit_test_setup(test_flashed, test_up),
		cmocka_unit_test_setup(test_seen, test_up),
		cmocka_unit_test_setup(test_seen_by_thousands, test_up),
		cmocka_unit_test_setup(test_changed, test_up),
		cmocka_unit_test_setup(test_changed_setting, test_up),
		cmocka_unit_test_setup(test_operator, test_up),
		cmocka_unit_test_setup(test_settings, test_up),
		cmocka_unit_test_setup(test_stamps_reset, test_up),
		cmocka_unit_test_setup(test_send, test_up),
		cmocka_unit_test_setup(test_rejected_drop, test_up),
		cmocka_unit_test_setup(test_report_devices, test_up),
		cmocka_unit_test_setup(test_report_one_device, test_up),
		cmocka_unit_test_setup(test_report_punches, test_up),
		cmocka_unit_test_setup(test_report_rejected, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
