/*
 * The audit: what is written when, and what is found when somebody changed
 * it.
 */
#include "config.h"

#include "fixture.h"

#define ALL_ALLOWED	(~0u)

static const struct cg_terms usual = {
	.limit = 200, .timeout = 180, .attempts = 5, .allowed = ALL_ALLOWED
};

static enum cg_err
hand(void *arg, int64_t id, struct cg_str body, char why[CG_WHY_MAX])
{
	(void)arg;
	(void)id;
	(void)body;
	(void)why;
	return CG_OK;
}

static void
claim(struct fixture *f, const struct cg_terms *terms)
{
	assert_ok(f, cg_command_claim(f->db, str(SN), terms, f->arena, hand,
	    NULL));
	assert_ok(f, cg_db_commit(f->db));
}

static void
open_class(struct fixture *f, enum cg_danger class)
{
	assert_ok(f, cg_danger_open(f->db, class, 30, str("ann"),
	    str("moved to Zoë's")));
}

/* As clockgate does it. */
static int64_t
queue(struct fixture *f, const char *body)
{
	int64_t id = 0;

	assert_ok(f, cg_command_queue(f->db, &(struct cg_order){ .sn = str(SN),
	    .body = str(body), .created_by = str("bob"),
	    .expires_utc = CG_NO_UTC, .why = str("moved") }, &id));
	assert_ok(f, cg_db_commit(f->db));
	return id;
}

/* As a page in PHP does it. */
static void
plain(struct fixture *f, const char *body)
{
	sql(f, "INSERT INTO command (device_sn, body) VALUES ('" SN "', '%s')",
	    body);
}

static void
settle(struct fixture *f, const char *id, int32_t code)
{
	struct cg_result r = { .id = str(id), .code = code, .raw = str("ID") };
	struct cg_settled settled;

	assert_ok(f, cg_command_settle(f->db, str(SN), &r, CG_PRIVACY_RELAY,
	    f->arena, &settled));
	assert_ok(f, cg_db_commit(f->db));
}

/* The rows from that one on, a line each. */
#define assert_audit(f, from, text)					\
	assert_value((f), "SELECT COALESCE(GROUP_CONCAT(CONCAT_WS('|',"	\
	    " action, class, who, why, device_sn, COALESCE(command_id, '-'),"	\
	    " what, result) ORDER BY id SEPARATOR '\\n'), '') FROM v1_audit"	\
	    " WHERE id >= " #from, (text))

/* ---- what is written ---- */

static void
test_life(void **state)
{
	struct fixture *f = *state;

	open_class(f, CG_DANGER_SHELL);
	queue(f, "SHELL ls /");
	queue(f, "CHECK");
	claim(f, &usual);
	settle(f, "1", 0);
	settle(f, "2", 0);
	assert_ok(f, cg_danger_close(f->db, CG_DANGER_SHELL, str("eve")));
	assert_audit(f, 1,
	    "opened|shell|ann|moved to Zoë's||-|for 30 minutes|\n"
	    "queued|shell|bob|moved|" SN "|1|SHELL ls /|\n"
	    "sent|shell|bob|moved to Zoë's|" SN "|1|SHELL ls /|\n"
	    "done|shell|bob||" SN "|1|shell|done\n"
	    "closed|shell|eve|||-||");
}

static void
test_ends(void **state)
{
	struct fixture *f = *state;

	open_class(f, CG_DANGER_WIPE);
	queue(f, "CLEAR DATA");		/* fails at the clock */
	queue(f, "CLEAR DATA");		/* no result comes */
	queue(f, "CLEAR DATA");		/* is cancelled */
	queue(f, "CLEAR DATA");		/* comes too late */
	assert_ok(f, cg_command_cancel(f->db, 3, str("eve")));
	sql(f, "UPDATE command SET expires_at_utc = '2020-01-01' WHERE id = 4");
	claim(f, &usual);
	settle(f, "1", -1);
	sql(f, "UPDATE command SET due_at_utc = '2020-01-01' WHERE id = 2");
	claim(f, &usual);
	assert_value(f, "SELECT GROUP_CONCAT(CONCAT_WS(' ', action, command_id,"
	    " who) ORDER BY id) FROM audit WHERE id > 5", "cancelled 3 eve,"
	    "sent 1 bob,sent 2 bob,expired 4 bob,failed 1 bob,failed 2 bob");
	assert_number(f, "SELECT COUNT(*) FROM audit WHERE id > 5 AND"
	    " action <> 'sent' AND result = ''", 0);
}

/* Rows of others are refused, or sent, with what they are. */
static void
test_rows_of_others(void **state)
{
	struct fixture *f = *state;
	struct cg_terms none = usual;

	none.allowed = 0;
	plain(f, "SHELL ls");
	claim(f, &none);
	plain(f, "SHELL ls");
	claim(f, &usual);
	plain(f, "CHECK");
	claim(f, &usual);
	plain(f, "CLEAR DATA");
	assert_ok(f, cg_command_cancel(f->db, 4, str("eve")));
	assert_audit(f, 1,
	    "refused|shell|||" SN "|1|SHELL ls|commands of the class shell are "
	    "not allowed: write shell = yes in [commands] of clockgate.ini, and restart"
	    " the programs\n"
	    "refused|shell|||" SN "|2|SHELL ls|the class shell is not open: type "
	    "clockgate allow shell --minutes 30 --reason TEXT, and queue the "
	    "command again\n"
	    "cancelled|wipe|eve||" SN "|4|CLEAR DATA|cancelled");
}

/*
 * What is secret is no matter of those who read the audit, and what was done is;
 * long texts are cut.
 */
static void
test_what_is_kept(void **state)
{
	struct fixture *f = *state;

	queue(f, "SET OPTION CardKey=31415926");
	queue(f, "SET OPTION IPAddress=192.0.2.9");
	queue(f, "FOO 31415926 PIN=7\tKey=31415926");
	sql(f, "INSERT INTO command (device_sn, body) VALUES ('" SN "',"
	    " CONCAT('SHELL ', REPEAT('ö', 2000)))");
	claim(f, &usual);
	assert_number(f, "SELECT COUNT(*) FROM audit WHERE CONCAT_WS('|', what,"
	    " result) LIKE '%31415926%'", 0);
	assert_number(f, "SELECT COUNT(*) FROM audit WHERE what ="
	    " 'SET OPTION CardKey='", 2);
	assert_number(f, "SELECT COUNT(*) FROM audit WHERE what ="
	    " 'SET OPTION IPAddress=192.0.2.9'", 2);
	assert_number(f, "SELECT COUNT(*) FROM audit WHERE what ="
	    " 'FOO ... PIN=7 Key='", 2);
	assert_number(f, "SELECT LENGTH(what) FROM audit WHERE class = 'shell'"
	    " AND what LIKE 'SHELL%'", 1000);
}

/* The hash is what the documentation says. */
static void
test_formula(void **state)
{
	struct fixture *f = *state;

	open_class(f, CG_DANGER_WIPE);
	queue(f, "CLEAR DATA");
	claim(f, &usual);
#define NET(v)	"LENGTH(" v "), ':', " v ", ',', "
	assert_value(f, "SELECT GROUP_CONCAT(CAST(a.hash AS CHAR) = SHA2(CONCAT("
	    NET("COALESCE(CAST(b.hash AS CHAR), REPEAT('0', 64))") NET("a.id") NET("a.at_utc")
	    NET("a.action") NET("a.class") NET("a.who") NET("a.why")
	    NET("a.device_sn") NET("COALESCE(a.command_id, '')") NET("a.what")
	    NET("a.result") "''), 256) ORDER BY a.id)"
	    " FROM audit a LEFT JOIN audit b ON b.id = a.id - 1", "1,1,1");
	assert_number(f, "SELECT COUNT(*) FROM audit_head h JOIN audit a"
	    " ON a.id = h.id AND a.hash = h.hash WHERE h.id = 3", 1);
}

/* A row belongs to what it tells of: undone, both are gone. */
static void
test_rollback(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	assert_ok(f, cg_command_queue(f->db, &(struct cg_order){ .sn = str(SN),
	    .body = str("CLEAR DATA"), .expires_utc = CG_NO_UTC }, &id));
	assert_true(cg_db_wrote(f->db));
	cg_db_rollback(f->db);
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM audit", 0);
	assert_number(f, "SELECT COUNT(*) FROM command", 0);
}

/* Nothing dangerous without its row. */
static void
test_not_without(void **state)
{
	struct fixture *f = *state;

	open_class(f, CG_DANGER_WIPE);
	queue(f, "CLEAR DATA");
	sql(f, "DELETE FROM audit_head");
	assert_ok(f, cg_command_claim(f->db, str(SN), &usual, f->arena, hand,
	    NULL));
	assert_int_equal(cg_db_commit(f->db), CG_DB);
	assert_non_null(strstr(cg_db_why(f->db), "clockgate audit verify"));
	cg_db_rollback(f->db);
	sql(f, "INSERT INTO audit_head SELECT 1, id, hash FROM audit WHERE id = 2");
	/* somebody was there before */
	sql(f, "INSERT INTO audit SELECT 3, at_utc, action, class, who, why,"
	    " device_sn, command_id, what, result, hash FROM audit WHERE id = 2");
	assert_ok(f, cg_command_claim(f->db, str(SN), &usual, f->arena, hand,
	    NULL));
	assert_int_equal(cg_db_commit(f->db), CG_DB);
	cg_db_rollback(f->db);
	assert_value(f, "SELECT state FROM command", "queued");
	sql(f, "DELETE FROM audit WHERE id = 3");
	claim(f, &usual);
	assert_value(f, "SELECT state FROM command", "sent");
}

/* Two writers: the second waits for the first, and follows it. */
static void
test_two_writers(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("clockgate");
	struct cg_audit a = { .action = CG_AUDIT_REFUSED,
	    .class = CG_DANGER_SHELL, .who = cg_lit("ann") };
	struct cg_db *other;

	assert_ok(f, cg_db_new(&conf, &other));
	assert_ok(f, cg_db_open(other));
	assert_ok(f, cg_audit_put(f->db, &a));
	assert_ok(f, cg_audit_put(other, &a));
	assert_ok(f, cg_audit_put(f->db, &a));
	sql(f, "BEGIN");
	sql(f, "SELECT id FROM audit_head FOR UPDATE");
	assert_int_equal(cg_db_commit(other), CG_BUSY);	/* it waited in vain */
	cg_db_rollback(other);
	sql(f, "ROLLBACK");
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_audit_put(other, &a));
	assert_ok(f, cg_db_commit(other));
	cg_db_free(other);
	assert_value(f, "SELECT GROUP_CONCAT(id ORDER BY id) FROM audit",
	    "1,2,3");
}

/* ---- what is found ---- */

struct found {
	char	 text[1024];
};

static void
add_fault(void *arg, const char *what)
{
	struct found *found = arg;
	size_t n = strlen(found->text);

	(void)snprintf(found->text + n, sizeof(found->text) - n, "%s%s",
	    n > 0 ? "\n" : "", what);
}

static void
verify(struct fixture *f, const struct cg_audit_end *noted, const char *want)
{
	struct found found = { "" };
	struct cg_audit_end end;

	assert_ok(f, cg_audit_verify(f->db, noted, add_fault, &found, &end));
	cg_db_rollback(f->db);		/* else its lock stays */
	assert_string_equal(found.text, want);
}

/* Eight rows, and the end of the sixth in *noted. */
static void
write_eight(struct fixture *f, struct cg_audit_end *noted)
{
	int i;

	for (i = 0; i < 6; i++)
		open_class(f, CG_DANGER_WIPE);
	assert_ok(f, cg_audit_verify(f->db, NULL, add_fault, &(struct found){
	    "" }, noted));
	cg_db_rollback(f->db);
	assert_int_equal(noted->id, 6);
	for (i = 0; i < 2; i++)
		open_class(f, CG_DANGER_SHELL);
}

/* As write_eight, but by hand: the hash of row n of its own values. */
#define REHASH(n)							\
	"UPDATE audit a JOIN audit b ON b.id = a.id - 1 SET a.hash ="	\
	" SHA2(CONCAT(" NET("b.hash") NET("a.id") NET("a.at_utc")	\
	NET("a.action") NET("a.class") NET("a.who") NET("a.why")		\
	NET("a.device_sn") NET("COALESCE(a.command_id, '')")		\
	NET("a.what") NET("a.result") "''), 256) WHERE a.id = " #n

static const struct {
	const char	*sql[8];
	const char	*want;
	const char	*noted;		/* more with --expect */
} forged[] = {
	{ { NULL }, "", "" },
	{ { "UPDATE audit SET who = 'bob' WHERE id = 4" },
	  "row 4 was altered, or the hash of the row before it", "" },
	{ { "UPDATE audit SET at_utc = at_utc + INTERVAL 1 SECOND WHERE id = 1" },
	  "row 1 was altered, or the hash of the row before it", "" },
	{ { "UPDATE audit SET what = '', result = what WHERE id = 8" },
	  "row 8 was altered, or the hash of the row before it", "" },
	{ { "UPDATE audit SET who = 'bob' WHERE id = 4", REHASH(4) },
	  "row 5 was altered, or the hash of the row before it", "" },
	{ { "DELETE FROM audit WHERE id = 4" }, "row 4 is missing", "" },
	{ { "DELETE FROM audit WHERE id IN (1, 3, 4, 5)" },
	  "row 1 is missing\nrows 3 to 5 are missing", "" },
	{ { "DELETE FROM audit WHERE id > 6" }, "rows 7 to 8 are missing", "" },
	{ { "DELETE FROM audit" }, "rows 1 to 8 are missing",
	  "\nrow 6, which was noted, is missing" },
	/* moved down into the gap */
	{ { "DELETE FROM audit WHERE id = 4", "UPDATE audit SET id = id - 1"
	  " WHERE id > 4 ORDER BY id" },
	  "row 4 was altered, or the hash of the row before it\n"
	  "row 5 was altered, or the hash of the row before it\n"
	  "row 6 was altered, or the hash of the row before it\n"
	  "row 7 was altered, or the hash of the row before it\n"
	  "row 8 is missing",
	  NULL },
	{ { "INSERT INTO audit SELECT 9, at_utc, action, class, who, why,"
	  " device_sn, command_id, what, result, hash FROM audit WHERE id = 8",
	  REHASH(9) }, "audit_head ends at row 8, and there are more", "" },
	{ { "INSERT INTO audit SELECT 0, at_utc, action, class, who, why,"
	  " device_sn, command_id, what, result, hash FROM audit WHERE id = 8" },
	  "row 0 was written by somebody else", "" },
	{ { "INSERT INTO audit SELECT 18446744073709551615, at_utc, action, class,"
	  " who, why, device_sn, command_id, what, result, hash FROM audit"
	  " WHERE id = 8" },
	  "row 18446744073709551615 was written by somebody else", "" },
	{ { "DELETE FROM audit_head" }, "audit_head has lost its row; to go on, "
	  "put one there with 1, the id and the hash of the last row of audit",
	  "" },
	{ { "UPDATE audit_head SET hash = REPEAT('a', 64)" },
	  "audit_head has another hash than row 8", "" },
	/* by somebody who may write everything: a note is what finds it */
	{ { "DELETE FROM audit WHERE id > 5", "UPDATE audit_head SET id = 5, hash"
	  " = (SELECT hash FROM audit WHERE id = 5)" }, "",
	  "row 6, which was noted, is missing" },
	{ { "UPDATE audit SET who = 'bob' WHERE id = 4", REHASH(4), REHASH(5),
	  REHASH(6), REHASH(7), REHASH(8), "UPDATE audit_head SET hash ="
	  " (SELECT hash FROM audit WHERE id = 8)" }, "",
	  "row 6, or one before it, is not what it was when its hash was noted" },
};

static void
test_forged(void **state)
{
	struct fixture *f = *state;
	struct cg_audit_end noted;
	char both[1024];
	size_t i, k;

	for (i = 0; i < CG_LEN(forged); i++) {
		sql(f, "TRUNCATE TABLE audit");
		sql(f, "REPLACE INTO audit_head VALUES (1, 0, REPEAT('0', 64))");
		write_eight(f, &noted);
		verify(f, &noted, "");
		for (k = 0; forged[i].sql[k] != NULL; k++)
			sql(f, "%s", forged[i].sql[k]);
		verify(f, NULL, forged[i].want);
		(void)snprintf(both, sizeof(both), "%s%s", forged[i].want,
		    forged[i].noted != NULL ? forged[i].noted : "");
		if (forged[i].noted != NULL)
			verify(f, &noted, both);
	}
}

static void
test_empty(void **state)
{
	struct fixture *f = *state;
	const struct cg_audit_end noted = { .id = 1 };

	verify(f, NULL, "");
	verify(f, &noted, "row 1, which was noted, is missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_life, test_up),
		cmocka_unit_test_setup(test_ends, test_up),
		cmocka_unit_test_setup(test_rows_of_others, test_up),
		cmocka_unit_test_setup(test_what_is_kept, test_up),
		cmocka_unit_test_setup(test_formula, test_up),
		cmocka_unit_test_setup(test_rollback, test_up),
		cmocka_unit_test_setup(test_not_without, test_up),
		cmocka_unit_test_setup(test_two_writers, test_up),
		cmocka_unit_test_setup(test_forged, test_up),
		cmocka_unit_test_setup(test_empty, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
