/*
 * Results of commands: which command each of them is of, and what it makes of it.
 */
#include "config.h"

#include "queue.h"

static const struct {
	const char	*id;
	const char	*sn;
	int32_t		 code;
	const char	*payload;
	enum cg_err	 err;
	const char	*row;		/* of the command afterwards */
} settles[] = {
	{ "1", SN, 0, NULL, CG_OK, "done|0|ID=1" },
	{ "1", SN, 3, "A=b", CG_OK, "done|3|A=b" },
	{ "1", SN, -1002, NULL, CG_OK, "failed|-1002|ID=1" },
	{ "1", SN, CG_NONE, NULL, CG_OK, "failed|none|ID=1" },
	{ "2", SN, 0, NULL, CG_OK, "done|0|ID=1" },
	{ "3", SN, 0, NULL, CG_UNKNOWN, "done|none|old" },
	{ "4", SN, 0, NULL, CG_UNKNOWN, "expired|none|old" },
	{ "1", "OTHER", 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "9", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "1x", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "+1", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ " 1", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "-1", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "1.0", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "99999999999999999999", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ "", SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
	{ NULL, SN, 0, NULL, CG_UNKNOWN, "queued|none|old" },
};

static void
settle_one(struct fixture *f, size_t i)
{
	const char *id = settles[i].id != NULL ? settles[i].id : "absent";
	const struct cg_result r = {
		.id = str(settles[i].id), .code = settles[i].code,
		.payload = str(settles[i].payload), .raw = str("ID=1"),
	};
	char query[200];
	enum cg_err e;

	sql(f, "TRUNCATE TABLE command");
	sql(f, "INSERT INTO command (device_sn, name, body, state, reply) VALUES"
	    " ('" SN "', 'query-users', 'DATA QUERY USERINFO', 'queued', 'old'),"
	    " ('" SN "', 'check', 'CHECK', 'sent', 'old'),"
	    " ('" SN "', 'check', 'CHECK', 'done', 'old'),"
	    " ('" SN "', 'check', 'CHECK', 'expired', 'old')");
	e = take_result(f, str(settles[i].sn), &r);
	if (e != settles[i].err)
		fail_msg("%s: %s", id, cg_err_text(e));
	assert_ok(f, cg_db_commit(f->db));
	(void)snprintf(query, sizeof(query), "SELECT CONCAT_WS('|', state,"
	    " COALESCE(return_code, 'none'), reply) FROM command"
	    " WHERE id = %s", strlen(id) == 1 && *id < '9' ? id : "1");
	assert_value(f, query, settles[i].row);
	assert_number(f, "SELECT COUNT(*) FROM command WHERE done_at_utc >"
	    " '2020-01-01'", e == CG_OK);
}

static void
test_settle(void **state)
{
	size_t i;

	for (i = 0; i < CG_LEN(settles); i++)
		settle_one(*state, i);
}

static void
test_settle_twice(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .raw = str("first") };

	sql(f, "INSERT INTO command (device_sn, body, state) VALUES"
	    " ('" SN "', 'x', 'sent')");
	assert_ok(f, take_result(f, str(SN), &r));
	r.code = -1;
	r.raw = str("second");
	assert_int_equal(take_result(f, str(SN), &r), CG_UNKNOWN);
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT(state, reply) FROM command", "donefirst");
}

/* ---- in words ---- */

static const struct {
	const char	*body;
	int32_t		 code;
	const char	*want;
	const char	*reason;	/* a part of it */
} results[] = {
	{ "CHECK", 0, "done", "" },
	{ "CHECK", -1002, "failed", "support" },
	{ "DATA QUERY USERINFO", 12, "done", "12 records" },
	{ "ENROLL_FP PIN=7\\tFID=0\\tRETRY=3\\tOVERWRITE=1", 4, "failed", "quality" },
	{ "ENROLL_FP PIN=7\\tFID=0\\tRETRY=3\\tOVERWRITE=1", 0, "done", "" },
	{ "DATA UPDATE USERINFO PIN=7", -10, "failed", "no such user" },
	{ "CHECK", -77777, "failed", "nobody" },
	{ "CHECK", CG_NONE, "failed", "no code" },
};

static void
test_results_in_words(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < CG_LEN(results); i++) {
		struct cg_result r = {
			.id = str("1"), .code = results[i].code,
			.raw = str("ID=1")
		};

		sql(f, "TRUNCATE TABLE command");
		plain(f, results[i].body);
		hand_out(f);
		assert_ok(f, take_result(f, str(SN), &r));
		assert_ok(f, cg_db_commit(f->db));
		assert_value(f, "SELECT state FROM command", results[i].want);
		assert_number(f, "SELECT LENGTH(reason) > 1 FROM command", 1);
		if (strstr(value(f, "SELECT reason FROM command"),
		    results[i].reason) == NULL)
			fail_msg("%s", value(f, "SELECT reason FROM command"));
	}
	assert_value(f, "SELECT return_code FROM command", "NULL");
}

static void
test_result_late_or_twice(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = {
		.id = str("1"), .code = 5, .raw = str("ID=1"),
		.payload = { "\0\xff\n\r\n", 5 }
	};
	struct cg_progress p;

	sql(f, "INSERT INTO command (device_sn, body, state, attempts, name)"
	    " VALUES ('" SN "', 'GetFile /mnt/x', 'sent', 1, 'file-get')");
	assert_int_equal(take_result(f, str("OTHER"), &r), CG_UNKNOWN);
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT_WS('|', state, return_code, HEX(reply))"
	    " FROM command", "done|5|00FF0A0D0A");
	/* the same again is known, another changes nothing */
	assert_ok(f, take_result(f, str(SN), &r));
	r.code = -1;
	assert_int_equal(take_result(f, str(SN), &r), CG_UNKNOWN);
	r.code = 5;
	r.payload = (struct cg_str){ "other", 5 };
	assert_int_equal(take_result(f, str(SN), &r), CG_UNKNOWN);
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT CONCAT_WS('|', state, return_code, HEX(reply))"
	    " FROM command", "done|5|00FF0A0D0A");
	assert_ok(f, cg_command_progress(f->db, 1, &p));
	assert_int_equal(p.state, CG_COMMAND_DONE);
	assert_int_equal(p.code, 5);
	/* never sent, or given up by the operator */
	sql(f, "UPDATE command SET state = 'failed', return_code = NULL,"
	    " reply = NULL, attempts = 0");
	assert_int_equal(take_result(f, str(SN), &r), CG_UNKNOWN);
	cg_db_rollback(f->db);
	sql(f, "UPDATE command SET state = 'cancelled', attempts = 1");
	assert_int_equal(take_result(f, str(SN), &r), CG_UNKNOWN);
}

/* It had ended without one: only then a late result counts, once. */
static void
test_result_after_the_end(void **state)
{
	static const struct {
		const char	*state;
		int32_t		 code;
		const char	*want;
	} rows[] = {
		{ "failed", 0, "done|0|done; the result came late" },
		{ "expired", 12, "done|12|12 records; the result came late" },
		{ "failed", -1, "failed|-1|a parameter is wrong, or there is "
		  "nothing to send; the result came late" },
		{ "done", 0, "done|0|done" },
		{ "done", -1002, "failed|-1002|the clock does not support this" },
	};
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .raw = str("ID=1") };
	struct cg_settled s;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		sql(f, "TRUNCATE TABLE command");
		sql(f, "INSERT INTO command (device_sn, body, state, attempts,"
		    " name, reason) VALUES ('" SN "', 'DATA QUERY USERINFO',"
		    " '%s', 1, 'query-users', 'no result came')", rows[i].state);
		r.code = rows[i].code;
		assert_ok(f, cg_command_settle(f->db, str(SN), &r,
		    CG_PRIVACY_RELAY, f->arena, &s));
		assert_true(s.now);
		assert_ok(f, cg_db_commit(f->db));
		assert_value(f, "SELECT CONCAT_WS('|', state, return_code,"
		    " reason) FROM command", rows[i].want);
		assert_ok(f, cg_command_settle(f->db, str(SN), &r,
		    CG_PRIVACY_RELAY, f->arena, &s));
		assert_false(s.now);
		r.code = 77;
		assert_int_equal(cg_command_settle(f->db, str(SN), &r,
		    CG_PRIVACY_RELAY, f->arena, &s), CG_UNKNOWN);
		assert_false(s.now);
		cg_db_rollback(f->db);
	}
}

/* CLEAR LOG may run for minutes, and say nothing. */
static void
test_silent(void **state)
{
	struct fixture *f = *state;
	struct cg_terms terms = usual;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };

	terms.allowed = 1u << CG_DANGER_WIPE;
	open_all(f);
	plain(f, "CLEAR LOG");
	assert_claimed(f, &terms, "1:CLEAR LOG\n");
	assert_ok(f, cg_command_hello(f->db, str(SN)));
	assert_ok(f, cg_db_commit(f->db));
	assert_state(f, "1", "sent|1|clear-log|-");
	overdue(f);
	assert_claimed(f, &usual, "");
	assert_state(f, "1", "done|1|clear-log|sent; no result is known to come "
	    "of this command, and none came");
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	assert_state(f, "1", "done|1|clear-log|done");
}

/* Some clocks answer INFO with their next heartbeat. */
static void
test_told(void **state)
{
	struct fixture *f = *state;

	plain(f, "INFO");
	plain(f, "CHECK");
	assert_ok(f, cg_command_told(f->db, str(SN)));
	assert_claimed(f, &usual, "1:INFO\n2:CHECK\n");
	assert_ok(f, cg_command_told(f->db, str("OTHER")));
	assert_state(f, "1", "sent|1|info|-");
	assert_ok(f, cg_command_told(f->db, str(SN)));
	assert_ok(f, cg_db_commit(f->db));
	assert_state(f, "1", "done|1|info|no result, but the clock told it with "
	    "a heartbeat");
	assert_state(f, "2", "sent|1|check|-");
}

static void
test_counts_beside_the_code(void **state)
{
	static const struct {
		const char	*body;
		const char	*payload;
		const char	*reason;
	} rows[] = {
		{ "VERIFY SUM ATTLOG StartTime=2030-01-01 00:00:00\\t"
		  "EndTime=2030-01-02 00:00:00", "StartTime=x&AttlogCount=42",
		  "42 records" },
		{ "VERIFY SUM ATTLOG StartTime=2030-01-01 00:00:00\\t"
		  "EndTime=2030-01-02 00:00:00", "A=1\nAttlogSum=0", "0 records" },
		{ "VERIFY SUM ATTLOG StartTime=2030-01-01 00:00:00\\t"
		  "EndTime=2030-01-02 00:00:00", "AttlogSum=x", "done" },
		{ "CHECK", "AttlogCount=42", "done" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		struct cg_result r = { .id = str("1"), .raw = str("ID=1"),
		    .payload = str(rows[i].payload) };

		sql(f, "TRUNCATE TABLE command");
		plain(f, rows[i].body);
		hand_out(f);
		assert_ok(f, take_result(f, str(SN), &r));
		assert_ok(f, cg_db_commit(f->db));
		assert_value(f, "SELECT reason FROM command WHERE state ="
		    " 'done'", rows[i].reason);
	}
}

static void
test_known(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char	*id;
		bool		 known;
	} rows[] = { { "1", true }, { "2", false }, { "info8487", false },
		{ "", false } };
	bool known;
	size_t i;

	plain(f, "CHECK");
	for (i = 0; i < CG_LEN(rows); i++) {
		assert_ok(f, cg_command_known(f->db, str(rows[i].id), &known));
		assert_int_equal(known, rows[i].known);
	}
}

/* Of what was never handed out only the harmless can be done. */
static const struct {
	const char	*name;
	const char	*body;
	const char	*want;
} never_sent[] = {
	{ "check", "CHECK", "done" },
	{ "user-update", "DATA UPDATE USERINFO PIN=7", "done" },
	{ "set-option", "SET OPTION VOLUME=3", "done" },
	{ "reboot", "REBOOT", "queued" },
	{ "clear-data", "CLEAR DATA", "queued" },
	{ "shell", "SHELL ls", "queued" },
	{ "unlock", "AC_UNLOCK", "queued" },
	{ "sms-delete", "DATA DELETE SMS", "queued" },
	{ "set-option", "SET OPTION IPAddress=192.0.2.9", "queued" },
	/* by another program: nobody has looked at it yet */
	{ NULL, "CHECK", "queued" },
};

static void
test_result_never_sent(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };
	size_t i;

	for (i = 0; i < CG_LEN(never_sent); i++) {
		bool done = strcmp(never_sent[i].want, "done") == 0;

		sql(f, "TRUNCATE TABLE command");
		queue(f, never_sent[i].name, never_sent[i].body);
		assert_int_equal(take_result(f, str(SN), &r),
		    done ? CG_OK : CG_UNKNOWN);
		assert_ok(f, cg_db_commit(f->db));
		assert_value(f, "SELECT state FROM command", never_sent[i].want);
		assert_number(f, "SELECT return_code IS NOT NULL FROM command",
		    done);
		/* once it is sent, each takes its result */
		if (!done)
			hand_out(f);
		assert_ok(f, take_result(f, str(SN), &r));
		assert_ok(f, cg_db_commit(f->db));
		assert_value(f, "SELECT state FROM command", "done");
	}
}

static void
test_settled_is_not_sent_again(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };

	plain(f, "CHECK");
	assert_claimed(f, &usual, "1:CHECK\n");
	overdue(f);
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	assert_claimed(f, &usual, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_settle, test_up),
		cmocka_unit_test_setup(test_settle_twice, test_up),
		cmocka_unit_test_setup(test_results_in_words, test_up),
		cmocka_unit_test_setup(test_result_late_or_twice, test_up),
		cmocka_unit_test_setup(test_result_after_the_end, test_up),
		cmocka_unit_test_setup(test_silent, test_up),
		cmocka_unit_test_setup(test_told, test_up),
		cmocka_unit_test_setup(test_counts_beside_the_code, test_up),
		cmocka_unit_test_setup(test_known, test_up),
		cmocka_unit_test_setup(test_result_never_sent, test_up),
		cmocka_unit_test_setup(test_settled_is_not_sent_again, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
