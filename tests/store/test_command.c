/*
 * The queue of commands: claims, time-outs, expiry, results, and rows that
 * others wrote.
 */
#include "config.h"

#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#define ALL_ALLOWED	(~0u)
#define PROCESSES	6
#define RACED		300

/* ---- an answer, as lines "id:body" ---- */

struct taken {
	char		 text[4096];
	unsigned	 n;
	unsigned	 room;		/* commands that it takes */
	const char	*refuse;	/* a body that can't go out */
};

static enum cg_err
hand(void *arg, int64_t id, struct cg_str body, char why[CG_WHY_MAX])
{
	struct taken *t = arg;
	size_t used = strlen(t->text);

	if (body.p == NULL)
		body = cg_str_of(why);
	if (t->n == t->room)
		return CG_LIMIT;
	if (cg_str_eq(body, cg_str_of(t->refuse))) {
		(void)snprintf(why, CG_WHY_MAX, "no such letter");
		return CG_SYNTAX;
	}
	(void)snprintf(t->text + used, sizeof(t->text) - used, "%lld:%.*s\n",
	    (long long)id, (int)(body.n < 60 ? body.n : 60), body.p);
	t->n++;
	return CG_OK;
}

static const struct cg_terms usual = {
	.limit = 200, .timeout = 180, .attempts = 5
};

static enum cg_err
claim_on(struct fixture *f, struct cg_db *db, const struct cg_terms *terms,
    struct taken *t)
{
	t->text[0] = '\0';
	t->n = 0;
	if (t->room == 0)
		t->room = 1000;
	return cg_command_claim(db, str(SN), terms, f->arena, hand, t);
}

/* Claim, commit, and compare what came. */
static void
assert_claimed(struct fixture *f, const struct cg_terms *terms, const char *want)
{
	struct taken t = { .n = 0 };

	assert_ok(f, claim_on(f, f->db, terms, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_string_equal(t.text, want);
}

/* As a page in PHP does it. */
static void
plain(struct fixture *f, const char *body)
{
	sql(f, "INSERT INTO command (device_sn, body) VALUES ('" SN "', '%s')",
	    body);
}

/* As clockgate does it. */
static int64_t
queue(struct fixture *f, const char *name, const char *body)
{
	int64_t id = 0;

	assert_ok(f, cg_command_queue(f->db, &(struct cg_order){ .sn = str(SN),
	    .name = str(name), .body = str(body), .created_by = str("ann"),
	    .expires_utc = CG_NO_UTC, .why = str("a reason") }, &id));
	assert_ok(f, cg_db_commit(f->db));
	return id;
}

static void
overdue(struct fixture *f)
{
	sql(f, "UPDATE command SET due_at_utc ="
	    " UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE state = 'sent'");
}

/* Whatever it was before. */
static enum cg_err
take_result(struct fixture *f, struct cg_str sn, const struct cg_result *r)
{
	struct cg_settled settled;

	return cg_command_settle(f->db, sn, r, CG_PRIVACY_RELAY, f->arena,
	    &settled);
}

static void
open_all(struct fixture *f)
{
	sql(f, "REPLACE INTO danger_open SELECT class, UTC_TIMESTAMP(),"
	    " UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'ann', 'a new clock' FROM"
	    " (SELECT 'shell' AS class UNION SELECT 'files' UNION SELECT 'wipe'"
	    " UNION SELECT 'network' UNION SELECT 'key') AS classes");
}

/* The clock gets all that is queued, whatever it is. */
static void
hand_out(struct fixture *f)
{
	struct cg_terms terms = usual;
	struct taken t = { .n = 0 };

	open_all(f);
	terms.allowed = ALL_ALLOWED;
	assert_ok(f, claim_on(f, f->db, &terms, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_true(t.n > 0);
}

#define assert_state(f, id, text)					\
	assert_value((f), "SELECT CONCAT_WS('|', state, attempts,"	\
	    " COALESCE(name, '-'), COALESCE(reason, '-')) FROM command"	\
	    " WHERE id = " id, (text))

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

/* ---- results ---- */

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

/* ---- what a clock holds by what it was told ---- */

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
	static const char reads[] = "SELECT SUM(VARIABLE_VALUE) FROM"
	    " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
	    " ('Handler_read_next', 'Handler_read_rnd_next')";
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
	sql(f, "FLUSH STATUS");
	before = number(f, reads);
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	assert_true(number(f, reads) - before < 1000);
	assert_string_equal(held(f, true), "4999 4999 4999 0");
}

/* ---- what queries bring ---- */

/* A record of that kind and PIN, at a second of 2026 or of a number. */
static struct cg_record
record_of(enum cg_record_kind kind, const char *pin, int32_t number)
{
	struct cg_record r = { .kind = kind };

	switch (kind) {
	case CG_REC_USER:
		r.u.user.pin = str(pin);
		break;
	case CG_REC_PUNCH:
		r.u.punch = punch(pin, number);
		break;
	case CG_REC_PHOTO:
		r.u.photo.pin = str(pin);
		r.u.photo.at = punch(pin, number).at;
		break;
	case CG_REC_TEMPLATE:
		r.u.template.pin = str(pin);
		r.u.template.type = number / 100;
		r.u.template.no = number % 100;
		break;
	default:
		fail_msg("no such record here");
	}
	return r;
}

static void
met(struct fixture *f, const char *sn, const struct cg_record *r, unsigned n)
{
	while (n-- > 0)
		assert_ok(f, cg_answer_note(f->db, str(sn), r));
	assert_ok(f, cg_answer_keep(f->db));
	assert_ok(f, cg_db_commit(f->db));
}

static void
count(struct fixture *f, const char *sn, enum cg_record_kind kind, unsigned n)
{
	struct cg_record r = record_of(kind, "7", 109);

	met(f, sn, &r, n);
}

#define assert_rows(f, text)						\
	assert_value((f), "SELECT GROUP_CONCAT(rows_received ORDER BY id)"	\
	    " FROM command", (text))

/* A record is an answer only when it is what was asked for. */
static void
test_rows_that_were_asked_for(void **state)
{
	static const struct {
		const char	*body;
		enum cg_record_kind kind;
		const char	*pin;
		int32_t		 number;	/* seconds of 2026, or type * 100 + no */
		unsigned	 want;
	} rows[] = {
		{ "DATA QUERY USERINFO", CG_REC_USER, "8", 0, 1 },
		{ "DATA QUERY USERINFO PIN=7", CG_REC_USER, "7", 0, 1 },
		{ "DATA QUERY USERINFO PIN=7", CG_REC_USER, "8", 0, 0 },
		{ "DATA QUERY USERINFO PIN=7", CG_REC_USER, "77", 0, 0 },
		{ "data query userinfo pin=7", CG_REC_USER, "7", 0, 1 },
		{ "DATA QUERY USERINFO", CG_REC_TEMPLATE, "7", 100, 0 },
#define JANUARY_2	"DATA QUERY ATTLOG StartTime=2026-01-02 00:00:00"	\
	"\\tEndTime=2026-01-02T23:59:59"
		{ JANUARY_2, CG_REC_PUNCH, "7", 86399, 0 },
		{ JANUARY_2, CG_REC_PUNCH, "7", 86400, 1 },
		{ JANUARY_2, CG_REC_PUNCH, "7", 2 * 86400 - 1, 1 },
		{ JANUARY_2, CG_REC_PUNCH, "7", 2 * 86400, 0 },
		{ JANUARY_2, CG_REC_PHOTO, "7", 86400, 0 },
#define PHOTOS		"DATA QUERY ATTPHOTO StartTime=2026-01-01T00:00:00"	\
	"\\tEndTime=2026-01-01T12:00:00"
		{ PHOTOS, CG_REC_PHOTO, "7", 43200, 1 },
		{ PHOTOS, CG_REC_PHOTO, "7", 43201, 0 },
		{ PHOTOS, CG_REC_PUNCH, "7", 43200, 0 },
		{ "DATA QUERY FINGERTMP", CG_REC_TEMPLATE, "7", 103, 1 },
		{ "DATA QUERY FINGERTMP", CG_REC_TEMPLATE, "7", 900, 0 },
		{ "DATA QUERY FINGERTMP PIN=7", CG_REC_TEMPLATE, "7", 103, 1 },
		{ "DATA QUERY FINGERTMP PIN=7", CG_REC_TEMPLATE, "8", 103, 0 },
		{ "DATA QUERY FINGERTMP PIN=7\\tFID=3", CG_REC_TEMPLATE, "7",
		  103, 1 },
		{ "DATA QUERY FINGERTMP PIN=7\\tFID=3", CG_REC_TEMPLATE, "7",
		  104, 0 },
		{ "DATA QUERY BIODATA Type=9", CG_REC_TEMPLATE, "7", 900, 1 },
		{ "DATA QUERY BIODATA Type=9", CG_REC_TEMPLATE, "7", 800, 0 },
		{ "DATA QUERY BIODATA Type=9\\tPin=7\\tNo=1", CG_REC_TEMPLATE,
		  "7", 901, 1 },
		{ "DATA QUERY BIODATA Type=9\\tPin=7\\tNo=1", CG_REC_TEMPLATE,
		  "7", 900, 0 },
		{ "DATA QUERY BIODATA Type=9\\tPin=7\\tNo=1", CG_REC_TEMPLATE,
		  "8", 901, 0 },
	};
	struct fixture *f = *state;
	struct taken t = { .n = 0 };
	struct cg_record r;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		sql(f, "TRUNCATE TABLE command");
		plain(f, rows[i].body);
		assert_ok(f, claim_on(f, f->db, &usual, &t));
		assert_ok(f, cg_db_commit(f->db));
		assert_int_equal(t.n, 1);
		r = record_of(rows[i].kind, rows[i].pin, rows[i].number);
		met(f, SN, &r, 1);
		if (number(f, "SELECT rows_received FROM command") !=
		    rows[i].want)
			fail_msg("row %zu: %s", i, rows[i].body);
	}
}

static void
test_rows_of_queries(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };

	plain(f, "DATA QUERY USERINFO");
	count(f, SN, CG_REC_USER, 9);
	assert_rows(f, "0");
	plain(f, "DATA QUERY USERINFO PIN=7");
	assert_claimed(f, &usual, "1:DATA QUERY USERINFO\n"
	    "2:DATA QUERY USERINFO PIN=7\n");
	count(f, SN, CG_REC_USER, 5);
	count(f, SN, CG_REC_USER, 2);
	count(f, SN, CG_REC_PUNCH, 3);
	count(f, "OTHER", CG_REC_USER, 4);
	assert_rows(f, "7,0");
	assert_ok(f, take_result(f, str(SN), &r));
	count(f, SN, CG_REC_USER, 1);
	assert_rows(f, "7,1");
	r.id = str("2");
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	sql(f, "UPDATE command SET counts_until_utc = UTC_TIMESTAMP()"
	    " WHERE id = 1");
	/* what comes after the result still counts, for a minute */
	count(f, SN, CG_REC_USER, 10);
	assert_rows(f, "7,11");
	sql(f, "UPDATE command SET counts_until_utc = UTC_TIMESTAMP()");
	count(f, SN, CG_REC_USER, 10);
	assert_rows(f, "7,11");
}

/* However many other clocks are asked at the same time. */
static void
test_rows_of_many_queries(void **state)
{
	struct fixture *f = *state;

	sql(f, "INSERT INTO command (device_sn, body, asked, state, name,"
	    " counts_until_utc) SELECT CONCAT('Q', seq), 'DATA QUERY USERINFO',"
	    " 'DATA QUERY USERINFO', 'sent', 'query-users',"
	    " UTC_TIMESTAMP() + INTERVAL 1 HOUR"
	    " FROM seq_1_to_3000");
	count(f, "Q3000", CG_REC_USER, 4);
	count(f, "Q1", CG_REC_USER, 5);
	assert_number(f, "SELECT SUM(rows_received) FROM command", 9);
	assert_number(f, "SELECT rows_received FROM command WHERE device_sn ="
	    " 'Q3000'", 4);
}

/* A count belongs to its upload: without that it is gone. */
static void
test_rows_roll_back(void **state)
{
	struct fixture *f = *state;
	struct cg_record r = record_of(CG_REC_PUNCH, "7", 3);

	plain(f, "DATA QUERY ATTLOG StartTime=2026-01-01 00:00:00\\t"
	    "EndTime=2026-01-31 23:59:59");
	assert_claimed(f, &usual, "1:DATA QUERY ATTLOG StartTime=2026-01-01 "
	    "00:00:00\tEndTime=2026\n");
	assert_ok(f, cg_answer_note(f->db, str(SN), &r));
	assert_ok(f, cg_answer_keep(f->db));
	cg_db_rollback(f->db);
	assert_rows(f, "0");
	count(f, SN, CG_REC_PUNCH, 4);
	assert_rows(f, "4");
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
	sql(f, "FLUSH STATUS");
	before = number(f, "SELECT SUM(VARIABLE_VALUE) FROM"
	    " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
	    " ('Handler_read_next', 'Handler_read_rnd_next')");
	assert_claimed(f, &usual, "100000:CHECK\n");
	assert_true(number(f, "SELECT SUM(VARIABLE_VALUE) FROM"
	    " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
	    " ('Handler_read_next', 'Handler_read_rnd_next')") - before < 1000);
}

/* ---- self-service ---- */

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
	static const char reads[] = "SELECT SUM(VARIABLE_VALUE) FROM"
	    " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
	    " ('Handler_read_next', 'Handler_read_prev',"
	    " 'Handler_read_rnd_next')";
	long long before;

	more_clocks(f, 300);
	sql(f, "INSERT INTO punch (device_id, pin, punched_at, state, verify,"
	    " received_at_utc) SELECT %u, '8', '2026-01-01' + INTERVAL seq SECOND,"
	    " 0, 1, '2030-01-05' FROM seq_1_to_20000", f->clock.id + 1);
	at_clock(f, 0, "7", "2026-01-01 05:30:00", 0);
	at_clock(f, 1, "9", "2026-01-01 05:30:00", 0);
	sql(f, "FLUSH STATUS");
	before = number(f, reads);
	assert_string_equal(last_of(f, "7", 1), "2026-01-01 05:30:00|");
	/* 201 of clock 1 are newer; some rows more are the list of clocks */
	assert_true(number(f, reads) - before < 5000);
	sql(f, "FLUSH STATUS");
	before = number(f, reads);
	assert_string_equal(last_of(f, "9", 1), "2026-01-01 05:30:00|");
	assert_string_equal(last_of(f, "77", 1), "");
	assert_true(number(f, reads) - before < 12000);
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
		cmocka_unit_test_setup(test_open_for_a_while, test_up),
		cmocka_unit_test_setup(test_open_and_not_allowed, test_up),
		cmocka_unit_test_setup(test_room, test_up),
		cmocka_unit_test_setup(test_reboot_in_the_middle, test_up),
		cmocka_unit_test_setup(test_old_verbs, test_up),
		cmocka_unit_test_setup(test_looks_at_so_many, test_up),
		cmocka_unit_test_setup(test_not_active, test_up),
		cmocka_unit_test_setup(test_two_connections, test_up),
		cmocka_unit_test_setup(test_race, test_up),
		cmocka_unit_test_setup(test_results_in_words, test_up),
		cmocka_unit_test_setup(test_result_late_or_twice, test_up),
		cmocka_unit_test_setup(test_result_after_the_end, test_up),
		cmocka_unit_test_setup(test_silent, test_up),
		cmocka_unit_test_setup(test_told, test_up),
		cmocka_unit_test_setup(test_counts_beside_the_code, test_up),
		cmocka_unit_test_setup(test_known, test_up),
		cmocka_unit_test_setup(test_result_never_sent, test_up),
		cmocka_unit_test_setup(test_settled_is_not_sent_again, test_up),
		cmocka_unit_test_setup(test_effects, test_up),
		cmocka_unit_test_setup(test_no_effect, test_up),
		cmocka_unit_test_setup(test_effect_rolls_back, test_up),
		cmocka_unit_test_setup(test_effects_in_order, test_up),
		cmocka_unit_test_setup(test_given, test_up),
		cmocka_unit_test_setup(test_effect_index, test_up),
		cmocka_unit_test_setup(test_rows_that_were_asked_for, test_up),
		cmocka_unit_test_setup(test_rows_of_queries, test_up),
		cmocka_unit_test_setup(test_rows_of_many_queries, test_up),
		cmocka_unit_test_setup(test_rows_roll_back, test_up),
		cmocka_unit_test_setup(test_waiting, test_up),
		cmocka_unit_test_setup(test_index, test_up),
		cmocka_unit_test_setup(test_services, test_up),
		cmocka_unit_test_setup(test_last_punches, test_up),
		cmocka_unit_test_setup(test_last_punches_elsewhere, test_up),
		cmocka_unit_test_setup(test_last_punches_cost, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
