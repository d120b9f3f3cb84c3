/*
 * The queue of commands: claims, time-outs, expiry, and rows that others wrote.
 */
#include "config.h"

#include <sys/wait.h>
#include <unistd.h>

#include "queue.h"

#define PROCESSES	6
#define RACED		300

/* ---- queueing ---- */

static void
test_queue(void **state)
{
	struct fixture *f = *state;
	struct cg_order o = {
		.sn = str(SN), .name = str("check"), .body = str("CHECK"),
		.created_by = str("root"), .expires_utc = 4000000000
	};
	struct cg_progress p;
	int64_t a = 0, b = 0;

	assert_ok(f, cg_command_queue(f->db, &o, &a));
	o = (struct cg_order){ .sn = str(SN), .body = str("INFO"),
	    .expires_utc = CG_NO_UTC };
	assert_ok(f, cg_command_queue(f->db, &o, &b));
	assert_number(f, "SELECT COUNT(*) FROM command", 0);
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(b, a + 1);
	assert_value(f, "SELECT GROUP_CONCAT(CONCAT_WS('|', device_sn,"
	    " COALESCE(name, '-'), body, state, created_by,"
	    " COALESCE(expires_at_utc, '-')) ORDER BY id) FROM command",
	    SN "|check|CHECK|queued|root|2096-10-02 07:06:40,"
	    SN "|-|INFO|queued||-");
	assert_ok(f, cg_command_progress(f->db, a, &p));
	assert_int_equal(p.state, CG_COMMAND_QUEUED);
	assert_int_equal(p.code, CG_NONE);
	assert_string_equal(p.reason, "");
	assert_int_equal(cg_command_progress(f->db, b + 1, &p), CG_UNKNOWN);
	sql(f, "UPDATE command SET expires_at_utc = '2020-01-01'");
	assert_ok(f, cg_command_progress(f->db, a, &p));
	assert_int_equal(p.state, CG_COMMAND_EXPIRED);
}

static void
test_first_in_first_out(void **state)
{
	struct fixture *f = *state;
	struct cg_terms three = usual;

	three.limit = 3;
	plain(f, "CHECK");
	plain(f, "INFO");
	sql(f, "INSERT INTO command (device_sn, body) VALUES ('OTHER', 'LOG')");
	plain(f, "DATA UPDATE USERINFO PIN=7\\tName=Zoë");
	plain(f, "LOG");
	assert_claimed(f, &three, "1:CHECK\n2:INFO\n"
	    "4:DATA UPDATE USERINFO PIN=7\tName=Zoë\n");
	assert_state(f, "4", "sent|1|user-update|-");
	assert_number(f, "SELECT TIMESTAMPDIFF(SECOND, sent_at_utc, due_at_utc)"
	    " FROM command WHERE id = 4", 180);
	assert_claimed(f, &three, "5:LOG\n");
	assert_claimed(f, &three, "");
	assert_state(f, "3", "queued|0|-|-");
}

/* ---- time ---- */

static void
test_timeout(void **state)
{
	struct fixture *f = *state;
	struct cg_terms terms = usual;

	terms.attempts = 3;
	plain(f, "CHECK");
	assert_claimed(f, &terms, "1:CHECK\n");
	overdue(f);
	plain(f, "INFO");
	assert_claimed(f, &terms, "1:CHECK\n2:INFO\n");
	assert_state(f, "1", "sent|2|check|-");
	overdue(f);
	assert_claimed(f, &terms, "1:CHECK\n2:INFO\n");
	overdue(f);
	/* the stuck one does not block the one behind it */
	assert_claimed(f, &terms, "2:INFO\n");
	assert_state(f, "1", "failed|3|check|no result came; it was sent 3 times");
	assert_number(f, "SELECT done_at_utc IS NOT NULL AND due_at_utc IS NULL"
	    " FROM command WHERE id = 1", 1);
}

static void
test_not_twice(void **state)
{
	struct fixture *f = *state;
	struct cg_terms terms = usual;

	terms.allowed = ALL_ALLOWED;
	open_all(f);
	plain(f, "AC_UNLOCK");
	plain(f, "SHELL ls");
	plain(f, "ENROLL_FP PIN=7\\tFID=0\\tRETRY=3\\tOVERWRITE=1");
	plain(f, "CLEAR DATA");
	plain(f, "REBOOT");
	assert_claimed(f, &terms, "1:AC_UNLOCK\n2:SHELL ls\n"
	    "3:ENROLL_FP PIN=7\tFID=0\tRETRY=3\tOVERWRITE=1\n4:CLEAR DATA\n"
	    "5:REBOOT\n");
	overdue(f);
	assert_claimed(f, &terms, "");
	assert_number(f, "SELECT COUNT(*) FROM command WHERE state = 'failed'"
	    " AND reason = 'no result came; not sent again, because it must"
	    " not run twice' AND id <= 4", 4);
	assert_state(f, "5", "done|1|reboot|sent; no result is known to come of "
	    "this command, and none came");
}

static void
test_expiry(void **state)
{
	struct fixture *f = *state;

	plain(f, "CHECK");
	plain(f, "INFO");
	plain(f, "LOG");
	sql(f, "UPDATE command SET expires_at_utc = UTC_TIMESTAMP()"
	    " - INTERVAL 1 SECOND WHERE id = 1");
	sql(f, "UPDATE command SET expires_at_utc = UTC_TIMESTAMP()"
	    " + INTERVAL 1 HOUR WHERE id = 2");
	assert_claimed(f, &usual, "2:INFO\n3:LOG\n");
	assert_state(f, "1", "expired|0|check|"
	    "it expired before the clock asked for it");
	sql(f, "UPDATE command SET expires_at_utc = UTC_TIMESTAMP()"
	    " - INTERVAL 1 SECOND WHERE id = 2");
	overdue(f);
	assert_claimed(f, &usual, "3:LOG\n");
	assert_state(f, "2", "expired|1|info|"
	    "no result came before it expired");
}

static void
test_cancel(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("2"), .code = 0, .raw = str("ID=2") };

	plain(f, "CHECK");
	plain(f, "INFO");
	assert_ok(f, cg_command_cancel(f->db, 1, str("ann")));
	assert_claimed(f, &usual, "2:INFO\n");
	assert_ok(f, cg_command_cancel(f->db, 2, str("ann")));
	assert_state(f, "1", "cancelled|0|-|cancelled");
	assert_state(f, "2", "cancelled|1|info|cancelled");
	assert_int_equal(cg_command_cancel(f->db, 2, str("ann")), CG_UNKNOWN);
	assert_int_equal(cg_command_cancel(f->db, 3, str("ann")), CG_UNKNOWN);
	assert_int_equal(take_result(f, str(SN), &r), CG_UNKNOWN);
	overdue(f);
	assert_claimed(f, &usual, "");
}

/* ---- what can't go out ---- */

static const struct {
	const char	*body;		/* an SQL expression */
	const char	*reason;	/* a part of it */
} hostile[] = {
	{ "''", "" },
	{ "'CHECK\\nC:9:REBOOT'", "" },
	{ "'CHECK\\rX'", "" },
	{ "'DATA UPDATE USERINFO Name=Ann'", "PIN" },
	{ "'DATA UPDATE TIMEZONE TZID=99\\tTIME=1'", "TZID" },
	{ "CONCAT('DATA UPDATE USERINFO PIN=7', CHAR(0), 'x')", "" },
	{ "REPEAT('x', 4194305)", "longer" },
	{ "'SHELL rm -rf /'", "class shell" },
	{ "' shell ls'", "" },
	{ "'CLEAR DATA'", "class wipe" },
	{ "'CLEAR LOG'", "class wipe" },
	{ "'DATA DELETE USERINFO'", "class wipe" },
	{ "'PutFile http://192.0.2.1/x'", "class files" },
	{ "'SET OPTION IPAddress=192.0.2.9'", "class network" },
	{ "'SET OPTION CardKey=1'", "class key" },
	{ "'SET OPTION DNS=192.0.2.9'", "class network" },
	{ "'GetFile /mnt/mtdblock/options.cfg'", "class files" },
	{ "'DATA DELETE USERINFO PIN=*'", "class wipe" },
	{ "'RESTORE'", "class shell" },
};

static void
test_hostile_rows(void **state)
{
	struct fixture *f = *state;
	struct taken t = { .n = 0 };
	char query[300];
	size_t i;

	for (i = 0; i < CG_LEN(hostile); i++) {
		sql(f, "INSERT INTO command (device_sn, body) VALUES"
		    " ('" SN "', %s)", hostile[i].body);
		plain(f, "CHECK");
	}
	assert_ok(f, claim_on(f, f->db, &usual, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(t.n, CG_LEN(hostile));
	assert_number(f, "SELECT COUNT(*) FROM command WHERE state = 'sent'"
	    " AND body = 'CHECK'", CG_LEN(hostile));
	for (i = 0; i < CG_LEN(hostile); i++) {
		(void)snprintf(query, sizeof(query), "SELECT state = 'failed' AND"
		    " attempts = 0 AND LENGTH(reason) > 4 AND reason LIKE '%%%s%%'"
		    " AND (reason NOT LIKE '%%class%%' OR"
		    " reason LIKE CONCAT('%%class ', danger, ' %%'))"
		    " FROM command WHERE id = %zu", hostile[i].reason,
		    2 * i + 1);
		if (number(f, query) != 1)
			fail_msg("%s", hostile[i].body);
	}
}

static void
test_allowed_classes(void **state)
{
	struct fixture *f = *state;
	struct cg_terms terms = usual;

	open_all(f);
	terms.allowed = 1u << CG_DANGER_WIPE;
	plain(f, "SHELL ls");
	plain(f, "CLEAR DATA");
	assert_claimed(f, &terms, "2:CLEAR DATA\n");
	assert_state(f, "1", "failed|0|shell|commands of the class shell are "
	    "not allowed: write shell = yes in [commands] of clockgate.ini, and restart"
	    " the programs");
	assert_value(f, "SELECT GROUP_CONCAT(COALESCE(danger, '-')) FROM"
	    " command", "shell,wipe");
}

/* ---- sealed with a key that is not here ---- */

/* However many there are, and of whichever keys, the rest need not wait. */
static void
test_locked(void **state)
{
	struct fixture *f = *state;
	unsigned char secret[CG_KEY_BYTES] = { 7 };
	struct cg_vault *v;
	int64_t id = 0;

	assert_int_equal(cg_vault_new(&v), CG_OK);
	assert_int_equal(cg_vault_add(v, 7, secret, true), CG_OK);
	cg_db_vault(f->db, v);
	sql(f, "INSERT INTO command (id, device_sn, body) SELECT seq, '" SN "',"
	    " CONCAT('cg1:', TO_BASE64(CONCAT(UNHEX(IF(MOD(seq, 2) = 0, '000010FF',"
	    " 'FFFFFFFF')), REPEAT('x', 41)))) FROM seq_1_to_2500");
	assert_ok(f, cg_command_queue(f->db, &(struct cg_order){ .sn = str(SN),
	    .privacy = CG_PRIVACY_VAULT, .expires_utc = CG_NO_UTC,
	    .body = str("DATA UPDATE USERINFO PIN=7\tPasswd=1") }, &id));
	assert_ok(f, cg_db_commit(f->db));
	plain(f, "CHECK");
	assert_claimed(f, &usual, "1:sealed with key 4294967295, which is not "
	    "here: see key_file \n"
	    "2501:DATA UPDATE USERINFO PIN=7\tPasswd=1\n2502:CHECK\n");
	assert_number(f, "SELECT MAX(key_id) FROM command", 7);
	assert_number(f, "SELECT COUNT(*) FROM command WHERE state = 'queued'"
	    " AND attempts = 0", 2500);
	/* nor do those that were sent when the key was here still */
	sql(f, "UPDATE command SET state = 'sent' WHERE id < 2500");
	overdue(f);
	assert_claimed(f, &usual, "1:sealed with key 4294967295, which is not "
	    "here: see key_file \n"
	    "2501:DATA UPDATE USERINFO PIN=7\tPasswd=1\n2502:CHECK\n");
	cg_db_vault(f->db, NULL);
	cg_vault_free(v);
}

/* ---- open for a while ---- */

static void
test_open_for_a_while(void **state)
{
	struct fixture *f = *state;
	struct cg_openings open;
	struct cg_terms terms = usual;

	terms.allowed = 1u << CG_DANGER_WIPE;
	assert_int_equal(cg_danger_close(f->db, CG_DANGER_WIPE, str("ann")),
	    CG_UNKNOWN);
	assert_ok(f, cg_danger_open(f->db, CG_DANGER_WIPE, 30, str("ann"),
	    str("moved to Zoë's")));
	assert_ok(f, cg_dangers_load(f->db, &open));
	assert_string_equal(open.of[CG_DANGER_WIPE].by, "ann");
	assert_string_equal(open.of[CG_DANGER_WIPE].reason, "moved to Zoë's");
	assert_int_equal(strlen(open.of[CG_DANGER_WIPE].until), 19);
	assert_string_equal(open.of[CG_DANGER_SHELL].until, "");
	assert_number(f, "SELECT TIMESTAMPDIFF(MINUTE, opened_at_utc, until_utc)"
	    " FROM danger_open", 30);
	plain(f, "CLEAR DATA");
	assert_claimed(f, &terms, "1:CLEAR DATA\n");
	/* its time is over */
	sql(f, "UPDATE danger_open SET until_utc = UTC_TIMESTAMP()");
	plain(f, "CLEAR DATA");
	assert_claimed(f, &terms, "");
	assert_state(f, "2", "failed|0|clear-data|the class wipe is not open: "
	    "type clockgate allow wipe --minutes 30 --reason TEXT, and queue "
	    "the command again");
	assert_int_equal(cg_danger_close(f->db, CG_DANGER_WIPE, str("ann")),
	    CG_UNKNOWN);
	/* opened again, for longer, and closed */
	assert_ok(f, cg_danger_open(f->db, CG_DANGER_WIPE, 60, str("bob"),
	    str("again")));
	assert_number(f, "SELECT TIMESTAMPDIFF(MINUTE, opened_at_utc, until_utc)"
	    " FROM danger_open", 60);
	assert_ok(f, cg_danger_close(f->db, CG_DANGER_WIPE, str("bob")));
	plain(f, "CLEAR DATA");
	assert_claimed(f, &terms, "");
	assert_state(f, "3", "failed|0|clear-data|the class wipe is not open: "
	    "type clockgate allow wipe --minutes 30 --reason TEXT, and queue "
	    "the command again");
}

/* Open, but the configuration does not allow it. */
static void
test_open_and_not_allowed(void **state)
{
	struct fixture *f = *state;

	open_all(f);
	plain(f, "CLEAR DATA");
	assert_claimed(f, &usual, "");
	assert_number(f, "SELECT reason LIKE '%not allowed%' FROM command", 1);
}

static void
test_room(void **state)
{
	struct fixture *f = *state;
	struct taken t = { .room = 1, .refuse = "CHECK" };

	plain(f, "CHECK");
	plain(f, "INFO");
	plain(f, "LOG");
	assert_ok(f, claim_on(f, f->db, &usual, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_string_equal(t.text, "2:INFO\n");
	assert_state(f, "1", "failed|0|check|no such letter");
	assert_state(f, "3", "queued|0|-|-");
}

static void
test_reboot_in_the_middle(void **state)
{
	struct fixture *f = *state;

	plain(f, "CHECK");
	plain(f, " reboot ");
	plain(f, "REBOOT");
	plain(f, "INFO");
	sql(f, "DELETE FROM command WHERE id = 2");
	assert_claimed(f, &usual, "1:CHECK\n3:REBOOT\n");
	assert_ok(f, cg_command_hello(f->db, str("OTHER")));
	assert_state(f, "3", "sent|1|reboot|-");
	assert_ok(f, cg_command_hello(f->db, str(SN)));
	assert_ok(f, cg_db_commit(f->db));
	assert_state(f, "3", "done|1|reboot|no result, but the clock said "
	    "hello again");
	assert_state(f, "1", "sent|1|check|-");
	assert_state(f, "4", "queued|0|-|-");
	assert_claimed(f, &usual, "4:INFO\n");
}

static void
test_old_verbs(void **state)
{
	static const struct {
		const char	*version;
		const char	*zone;
		const char	*body;
	} rows[] = {
		{ "", "UTC", "1:DATA USER PIN=7\tName=Ann\n" },
		{ "1.0.9", "UTC", "1:DATA USER PIN=7\tName=Ann\n" },
		{ "2.0", "UTC", "1:DATA UPDATE USERINFO PIN=7\tName=Ann\n" },
		{ "2.31", "UTC", "1:DATA UPDATE USERINFO PIN=7\tName=Ann\n" },
		{ "", "", "1:DATA UPDATE USERINFO PIN=7\tName=Ann\n" },
	};
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		sql(f, "TRUNCATE TABLE command");
		sql(f, "UPDATE device SET push_version = '%s', time_zone = '%s'",
		    rows[i].version, rows[i].zone);
		plain(f, "DATA UPDATE USERINFO PIN=7\\tName=Ann");
		assert_claimed(f, &usual, rows[i].body);
		assert_value(f, "SELECT body FROM command",
		    "DATA UPDATE USERINFO PIN=7\tName=Ann");
	}
	for (i = 0; i < CG_LEN(rows); i++) {
		static const char *const set[] = { "",
			"1:DATA USER PIN=7\tName=Ann\n",
			"1:DATA UPDATE USERINFO PIN=7\tName=Ann\n" };
		struct cg_terms terms = usual;

		for (terms.verbs = CG_VERBS_OLD; terms.verbs <= CG_VERBS_NEW;
		    terms.verbs++) {
			sql(f, "TRUNCATE TABLE command");
			sql(f, "UPDATE device SET push_version = '%s',"
			    " time_zone = '%s'", rows[i].version, rows[i].zone);
			plain(f, "DATA UPDATE USERINFO PIN=7\\tName=Ann");
			assert_claimed(f, &terms, set[terms.verbs]);
		}
	}
}

/* Much that is no use does not keep the clock, or others, waiting. */
static void
test_looks_at_so_many(void **state)
{
	static const struct {
		unsigned	 limit;
		long long	 settled;
	} rows[] = { { 200, 1000 }, { 300, 1200 } };
	struct fixture *f = *state;
	struct cg_terms terms = usual;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		sql(f, "TRUNCATE TABLE command");
		sql(f, "INSERT INTO command (device_sn, body, expires_at_utc)"
		    " SELECT '" SN "', 'CHECK', '2020-01-01' FROM seq_1_to_1500");
		sql(f, "INSERT INTO command (id, device_sn, body)"
		    " VALUES (9000, '" SN "', 'INFO')");
		terms.limit = rows[i].limit;
		assert_claimed(f, &terms, "");
		assert_number(f, "SELECT COUNT(*) FROM command"
		    " WHERE state = 'expired'", rows[i].settled);
		assert_claimed(f, &terms, "9000:INFO\n");
	}
}

/* Whatever a program still believes of the clock. */
static void
test_not_active(void **state)
{
	struct fixture *f = *state;
	struct taken t = { .n = 0 };

	plain(f, "CHECK");
	sql(f, "UPDATE device SET status = 'disabled'");
	assert_int_equal(claim_on(f, f->db, &usual, &t), CG_UNKNOWN);
	assert_int_equal(t.n, 0);
	cg_db_rollback(f->db);
	assert_state(f, "1", "queued|0|-|-");
	sql(f, "UPDATE device SET status = 'active'");
	assert_claimed(f, &usual, "1:CHECK\n");
}

/* ---- several at once ---- */

static void
test_two_connections(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("clockgate");
	struct taken a = { .n = 0 }, b = { .n = 0 };
	struct cg_terms two = usual;
	struct cg_db *other;

	two.limit = 2;
	plain(f, "CHECK");
	plain(f, "INFO");
	plain(f, "LOG");
	assert_ok(f, cg_db_new(&conf, &other));
	assert_ok(f, cg_db_open(other));
	assert_ok(f, claim_on(f, f->db, &two, &a));
	/* it waits for the first, here until its patience ends */
	assert_int_equal(claim_on(f, other, &two, &b), CG_BUSY);
	cg_db_rollback(other);
	assert_string_equal(b.text, "");
	/* what was not committed was not sent */
	cg_db_rollback(f->db);
	assert_int_equal(claim_on(f, other, &two, &b), CG_OK);
	assert_int_equal(cg_db_commit(other), CG_OK);
	assert_string_equal(b.text, "1:CHECK\n2:INFO\n");
	assert_claimed(f, &two, "3:LOG\n");
	cg_db_free(other);
}

/* One process of many: claim until nothing is left, and tell the ids. */
static void
racer(int to)
{
	struct cg_db_conf conf = conf_of("clockgate");
	struct cg_terms terms = usual;
	struct fixture f = { 0 };
	int idle = 0;

	terms.limit = 7;
	conf.lock_wait_timeout = 20;
	if (cg_arena_new((size_t)1 << 20, &f.arena) != CG_OK ||
	    cg_db_new(&conf, &f.db) != CG_OK || cg_db_open(f.db) != CG_OK)
		_exit(2);
	while (idle < 3) {
		struct taken t = { .n = 0 };
		enum cg_err e = claim_on(&f, f.db, &terms, &t);

		if (e == CG_OK)
			e = cg_db_commit(f.db);
		if (e != CG_OK) {
			cg_db_rollback(f.db);
			if (e != CG_BUSY)
				_exit(3);
			continue;
		}
		idle = t.n == 0 ? idle + 1 : 0;
		if (write(to, t.text, strlen(t.text)) < 0)
			_exit(4);
	}
	_exit(0);
}

/* Lines "id:CHECK", each id once. */
static unsigned
count_once(FILE *from)
{
	static bool seen[RACED + 1];
	unsigned n = 0, twice = 0;
	char line[64];
	uint32_t id;

	while (fgets(line, sizeof(line), from) != NULL) {
		struct cg_str s = str(line);

		if (cg_str_u32(cg_str_head(s, cg_str_chr(s, ':')), RACED, &id) !=
		    CG_OK)
			fail_msg("%s", line);
		twice += seen[id];
		seen[id] = true;
		n++;
	}
	assert_int_equal(twice, 0);
	return n;
}

static void
test_race(void **state)
{
	struct fixture *f = *state;
	int ends[2], i, status;
	FILE *from;

	for (i = 0; i < RACED; i++)
		plain(f, "CHECK");
	assert_int_equal(pipe(ends), 0);
	for (i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			racer(ends[1]);
	}
	close(ends[1]);
	from = fdopen(ends[0], "r");
	assert_non_null(from);
	assert_int_equal(count_once(from), RACED);
	(void)fclose(from);
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_number(f, "SELECT COUNT(*) FROM command WHERE state = 'sent'"
	    " AND attempts = 1", RACED);
}

/* ---- who has work ---- */

static void
add_serial(void *arg, struct cg_str sn)
{
	char *list = arg;
	size_t n = strlen(list);

	(void)snprintf(list + n, 200 - n, "%.*s ", (int)sn.n, sn.p);
}

static void
test_waiting(void **state)
{
	struct fixture *f = *state;
	char list[200] = "";

	sql(f, "INSERT INTO command (device_sn, body, state, due_at_utc) VALUES"
	    " ('A', 'X', 'queued', NULL), ('A', 'X', 'queued', NULL),"
	    " ('B', 'X', 'sent', UTC_TIMESTAMP() + INTERVAL 1 MINUTE),"
	    " ('C', 'X', 'sent', UTC_TIMESTAMP() - INTERVAL 1 SECOND),"
	    " ('D', 'X', 'done', NULL), ('E', 'X', 'failed', NULL),"
	    " ('F', 'X', 'cancelled', NULL), ('G', 'X', 'expired', NULL)");
	assert_ok(f, cg_command_waiting(f->db, add_serial, list));
	assert_string_equal(list, "A C ");
}

/* The two reads that the index is paid for stay small beside many rows. */
static void
test_index(void **state)
{
	struct fixture *f = *state;
	long long before;

	sql(f, "INSERT INTO command (device_sn, body, state)"
	    " SELECT CONCAT('S', seq %% 50), 'CHECK', 'done' FROM seq_1_to_5000");
	sql(f, "INSERT INTO command (id, device_sn, body)"
	    " VALUES (100000, '" SN "', 'CHECK')");
	before = rows_read(f);
	assert_claimed(f, &usual, "100000:CHECK\n");
	assert_true(rows_read(f) - before < 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_queue, test_up),
		cmocka_unit_test_setup(test_first_in_first_out, test_up),
		cmocka_unit_test_setup(test_timeout, test_up),
		cmocka_unit_test_setup(test_not_twice, test_up),
		cmocka_unit_test_setup(test_expiry, test_up),
		cmocka_unit_test_setup(test_cancel, test_up),
		cmocka_unit_test_setup(test_hostile_rows, test_up),
		cmocka_unit_test_setup(test_allowed_classes, test_up),
		cmocka_unit_test_setup(test_locked, test_up),
		cmocka_unit_test_setup(test_open_for_a_while, test_up),
		cmocka_unit_test_setup(test_open_and_not_allowed, test_up),
		cmocka_unit_test_setup(test_room, test_up),
		cmocka_unit_test_setup(test_reboot_in_the_middle, test_up),
		cmocka_unit_test_setup(test_old_verbs, test_up),
		cmocka_unit_test_setup(test_looks_at_so_many, test_up),
		cmocka_unit_test_setup(test_not_active, test_up),
		cmocka_unit_test_setup(test_two_connections, test_up),
		cmocka_unit_test_setup(test_race, test_up),
		cmocka_unit_test_setup(test_waiting, test_up),
		cmocka_unit_test_setup(test_index, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
