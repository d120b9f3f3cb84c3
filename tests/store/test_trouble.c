/*
 * What goes wrong with a database, and the schema that is not ours.
 */
#include "config.h"

#include "fixture.h"

#include "db.h"
#include "schema.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void
wait_ms(long ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL);
}

static void
assert_why(struct cg_db *db, const char *part)
{
	if (strstr(cg_db_why(db), part) == NULL)
		fail_msg("\"%s\" has no \"%s\"", cg_db_why(db), part);
	assert_null(strchr(cg_db_why(db), '\n'));
}

static enum cg_err
put_and_commit(struct fixture *f)
{
	const struct cg_punch p = punch("1", 0);
	enum cg_err e = put_punch(f, &p);

	return e == CG_OK ? cg_db_commit(f->db) : e;
}

/* After trouble: nothing was stored; then it works as before. */
static void
assert_recovers(struct fixture *f)
{
	cg_db_rollback(f->db);
	assert_number(f, "SELECT COUNT(*) FROM punch", 0);
	assert_ok(f, cg_db_open(f->db));
	assert_ok(f, put_and_commit(f));
	assert_number(f, "SELECT COUNT(*) FROM punch", 1);
}

/* ---- classes ---- */

static const struct {
	unsigned	 number;
	enum cg_err	 err;
	bool		 lost;
} classes[] = {
	{ 1213, CG_BUSY, false }, { 1205, CG_BUSY, false },
	{ 1047, CG_BUSY, true }, { 2006, CG_BUSY, true },
	{ 2013, CG_BUSY, true }, { 2002, CG_BUSY, true },
	{ 2003, CG_BUSY, true }, { 1290, CG_BUSY, true },
	{ 1792, CG_BUSY, false }, { 1836, CG_BUSY, true },
	{ 1021, CG_BUSY, false }, { 1114, CG_BUSY, false },
	{ 1053, CG_BUSY, true }, { 1927, CG_BUSY, true },
	{ 1264, CG_DATA, false }, { 1292, CG_DATA, false },
	{ 1366, CG_DATA, false }, { 1406, CG_DATA, false },
	{ 1048, CG_DATA, false }, { 1146, CG_DB, false },
	{ 1142, CG_DB, false }, { 1064, CG_DB, false },
	{ 1045, CG_DB, false }, { 0, CG_DB, false },
};

static void
test_classes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < CG_LEN(classes); i++) {
		bool lost = !classes[i].lost;
		enum cg_err e = cg_db_class(classes[i].number, &lost);

		if (e != classes[i].err || lost != classes[i].lost)
			fail_msg("%u: %s, %d", classes[i].number,
			    cg_err_text(e), lost);
	}
}

/* ---- locks ---- */

static void
test_lock_wait(void **state)
{
	struct fixture *f = *state;

	sql(f, "BEGIN");
	sql(f, "INSERT INTO punch (device_id, pin, punched_at, state, verify,"
	    " received_at_utc) VALUES (%u, '1', '2026-01-01', 0, 0,"
	    " UTC_TIMESTAMP())", f->clock.id);
	assert_int_equal(put_and_commit(f), CG_BUSY);
	assert_why(f->db, "MySQL 1205: ");
	sql(f, "ROLLBACK");
	/* the rest of the transaction can't be committed by mistake */
	assert_int_equal(cg_db_commit(f->db), CG_BUSY);
	assert_int_equal(put_and_commit(f), CG_BUSY);
	assert_recovers(f);
}

/* Another process that locks B, then wants A; too heavy to be the victim. */
static void
lock_the_other_way(int ready, unsigned a, unsigned b)
{
	static const char begin[] = "BEGIN";
	static const char heavy[] = "INSERT INTO operation (device_id, code,"
	    " happened_at, received_at_utc) SELECT 1, seq, '2026-01-01',"
	    " '2026-01-01' FROM seq_1_to_200";
	char text[100];
	struct cg_db_conf conf = conf_of("root");
	MYSQL *my = mysql_init(NULL);
	unsigned id[2] = { b, a };
	size_t i;

	if (mysql_real_connect(my, NULL, conf.user, "", conf.name, 0,
	    conf.socket, 0) == NULL ||
	    mysql_real_query(my, begin, strlen(begin)) != 0 ||
	    mysql_real_query(my, heavy, strlen(heavy)) != 0)
		_exit(1);
	for (i = 0; i < 2; i++) {
		(void)snprintf(text, sizeof(text), "UPDATE device SET name ="
		    " 'other' WHERE id = %u", id[i]);
		if (mysql_real_query(my, text, strlen(text)) != 0)
			_exit(2);
		if (write(ready, "x", 1) != 1)
			_exit(3);
	}
	(void)mysql_rollback(my);
	_exit(0);
}

static void
test_deadlock(void **state)
{
	static const struct cg_announcement a = { .language = CG_STR("69") };
	struct fixture *f = *state;
	struct cg_device d;
	int pipes[2], status, i;
	char c;
	pid_t child;

	assert_ok(f, cg_device_add(f->db, str("B"), CG_DEVICE_ACTIVE, 1, &d));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, cg_device_announce(f->db, f->clock.id, &a));
	assert_int_equal(pipe(pipes), 0);
	if ((child = fork()) == 0)
		lock_the_other_way(pipes[1], f->clock.id, d.id);
	assert_true(child > 0);
	assert_int_equal(read(pipes[0], &c, 1), 1);
	for (i = 0; i < 500 && number(f, "SELECT COUNT(*) FROM"
	    " information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'") ==
	    0; i++)
		wait_ms(10);
	assert_int_equal(cg_device_announce(f->db, d.id, &a), CG_BUSY);
	assert_why(f->db, "MySQL 1213: ");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	assert_recovers(f);
	assert_value(f, "SELECT language FROM device WHERE sn = '" SN "'", "");
}

/* ---- a cluster whose nodes give one id twice ---- */

static void
test_id_given_twice(void **state)
{
	const struct cg_punch p = punch("2", 1);
	struct fixture *f = *state;
	char text[64];

	assert_ok(f, put_and_commit(f));
	(void)snprintf(text, sizeof(text), "SET insert_id = %lld",
	    number(f, "SELECT id FROM punch"));
	assert_int_equal(mysql_query(f->db->my, text), 0);
	assert_ok(f, put_punch(f, &p));
	assert_int_equal(cg_db_commit(f->db), CG_BUSY);
	assert_why(f->db, "MySQL 1690: ");
	cg_db_rollback(f->db);
	assert_number(f, "SELECT COUNT(*) FROM punch", 1);
	assert_ok(f, put_punch(f, &p));
	assert_ok(f, put_and_commit(f));
	assert_number(f, "SELECT COUNT(*) FROM punch", 2);
	assert_number(f, "SELECT COUNT(*) FROM punch WHERE pin = '1'", 1);
}

static void
test_clock_given_twice(void **state)
{
	struct fixture *f = *state;
	struct cg_device d;
	char text[64];

	(void)snprintf(text, sizeof(text), "SET insert_id = %u", f->clock.id);
	assert_int_equal(mysql_query(f->db->my, text), 0);
	assert_int_equal(cg_device_add(f->db, str("B"), CG_DEVICE_ACTIVE, 1, &d),
	    CG_BUSY);
	cg_db_rollback(f->db);
	assert_ok(f, cg_device_add(f->db, str("B"), CG_DEVICE_ACTIVE, 1, &d));
	assert_ok(f, cg_db_commit(f->db));
	assert_int_not_equal(d.id, f->clock.id);
}

/* ---- connections ---- */

static void
kill_it(struct fixture *f)
{
	sql(f, "KILL %lld", number(f, "SELECT id FROM"
	    " information_schema.processlist WHERE user = 'clockgate'"));
	while (number(f, "SELECT COUNT(*) FROM information_schema.processlist"
	    " WHERE user = 'clockgate'") > 0)
		wait_ms(5);
}

static void
test_killed(void **state)
{
	struct fixture *f = *state;

	assert_ok(f, put_and_commit(f));	/* statements are prepared */
	sql(f, "TRUNCATE TABLE punch");
	kill_it(f);
	assert_int_equal(put_and_commit(f), CG_BUSY);
	assert_why(f->db, "MySQL ");
	assert_int_equal(put_and_commit(f), CG_BUSY);
	assert_recovers(f);
}

/* What was sent before the connection went is not half there after. */
static void
test_killed_half_way(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 300; i++) {
		struct cg_punch p = punch("1", (int64_t)i);

		assert_ok(f, put_punch(f, &p));
	}
	kill_it(f);
	assert_int_equal(cg_db_commit(f->db), CG_BUSY);
	/* connected anew, but the transaction stays lost until it is ended */
	assert_ok(f, cg_db_open(f->db));
	assert_int_equal(cg_db_commit(f->db), CG_BUSY);
	assert_recovers(f);
}

static void
test_killed_while_idle(void **state)
{
	struct fixture *f = *state;

	f->db->used_at -= 3600 * 1000;
	kill_it(f);
	assert_ok(f, cg_db_open(f->db));
	assert_ok(f, put_and_commit(f));
}

static void
test_read_only(void **state)
{
	struct fixture *f = *state;
	enum cg_err e;

	sql(f, "SET GLOBAL read_only = 1");
	e = put_and_commit(f);
	sql(f, "SET GLOBAL read_only = 0");
	assert_int_equal(e, CG_BUSY);
	assert_why(f->db, "MySQL 1290: ");
	assert_recovers(f);
}

static void
test_other_fault(void **state)
{
	struct fixture *f = *state;
	enum cg_err e;

	sql(f, "RENAME TABLE punch TO elsewhere");
	e = put_and_commit(f);
	sql(f, "RENAME TABLE elsewhere TO punch");
	assert_int_equal(e, CG_DB);
	assert_why(f->db, "MySQL 1146: ");
	assert_recovers(f);
}

static void
test_not_connected(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("clockgate");
	struct cg_device d;
	struct cg_db *db;

	assert_ok(f, cg_db_new(&conf, &db));
	assert_string_equal(cg_db_why(db), "");
	assert_ok(f, cg_db_commit(db));
	cg_db_rollback(db);
	assert_int_equal(cg_device_find(db, str(SN), &d), CG_BUSY);
	assert_int_equal(cg_seen_put(db, 1, 0, str("")), CG_BUSY);
	cg_db_free(db);
	cg_db_free(NULL);
}

/* The server comes up later: a try a second, not one a request. */
static void
test_back_off(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("clockgate");
	char path[200];
	struct cg_db *db;

	(void)snprintf(path, sizeof(path), "%s.later", conf.socket);
	(void)unlink(path);
	assert_ok(f, cg_db_new(&(struct cg_db_conf){ .socket = path,
	    .user = "clockgate", .name = "clockgate" }, &db));
	assert_int_equal(cg_db_open(db), CG_BUSY);
	assert_why(db, "MySQL 2002: ");
	assert_int_equal(symlink(conf.socket, path), 0);
	assert_int_equal(cg_db_open(db), CG_BUSY);
	assert_why(db, "MySQL 2002: ");
	wait_ms(1050);
	assert_int_equal(cg_db_open(db), CG_OK);
	assert_int_equal(unlink(path), 0);
	cg_db_free(db);
}

static void
test_bad_account(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("nobody-we-know");
	struct cg_db *db;

	conf.password = "secret-sesame";
	assert_ok(f, cg_db_new(&conf, &db));
	assert_int_equal(cg_db_open(db), CG_DB);
	assert_why(db, "denied");
	assert_null(strstr(cg_db_why(db), conf.password));
	cg_db_free(db);
	conf = conf_of("root");
	conf.name = "no-such-database";
	assert_ok(f, cg_db_new(&conf, &db));
	assert_int_equal(cg_db_open(db), CG_DB);
	assert_why(db, "1049");
	cg_db_free(db);
}

/* The session that every connection has. */
static void
test_session(void **state)
{
	struct fixture *f = *state;
	static const char q[] = "SELECT CONCAT_WS('|', @@time_zone,"
	    " @@autocommit + 0, @@tx_isolation, @@character_set_connection,"
	    " @@innodb_lock_wait_timeout, @@sql_mode LIKE '%STRICT_ALL%')";
	MYSQL_RES *res;

	assert_int_equal(mysql_real_query(f->db->my, q, strlen(q)), 0);
	res = mysql_store_result(f->db->my);
	assert_non_null(res);
	assert_string_equal(mysql_fetch_row(res)[0],
	    "+00:00|0|READ-COMMITTED|utf8mb4|1|1");
	mysql_free_result(res);
}

static void
test_check(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("reader");
	enum cg_err e;
	struct cg_db *db;

	assert_ok(f, cg_db_check(f->db, "clockgate"));
	sql(f, "CREATE OR REPLACE USER reader@localhost");
	sql(f, "GRANT SELECT, INSERT, UPDATE, DELETE ON clockgate.*"
	    " TO reader@localhost");
	assert_ok(f, cg_db_new(&conf, &db));
	assert_int_equal(cg_db_open(db), CG_OK);
	assert_int_equal(cg_db_check(db, "cdata"), CG_OK);
	cg_db_free(db);
	sql(f, "REVOKE INSERT ON clockgate.* FROM reader@localhost");
	assert_ok(f, cg_db_new(&conf, &db));
	assert_int_equal(cg_db_open(db), CG_OK);
	e = cg_db_check(db, "cdata");
	assert_why(db, "MySQL 1142: INSERT");
	cg_db_free(db);
	sql(f, "DROP USER reader@localhost");
	assert_int_equal(e, CG_DB);
}

/* ---- the schema ---- */

static void
count_step(void *arg, unsigned version, const char *name)
{
	unsigned *last = arg;

	assert_int_equal(version, *last + 1);
	assert_string_equal(name, cg_steps[*last].name);
	*last = version;
}

static struct cg_db *
other_database(struct fixture *f)
{
	struct cg_db_conf conf = conf_of("root");
	struct cg_db *db;

	sql(f, "CREATE OR REPLACE DATABASE other");
	conf.name = "other";
	assert_ok(f, cg_db_new(&conf, &db));
	assert_int_equal(cg_db_open_any(db), CG_OK);
	return db;
}

static void
test_migrate(void **state)
{
	struct fixture *f = *state;
	struct cg_db *db = other_database(f);
	unsigned version = 99, last = 0;

	assert_int_equal(cg_schema_version(db, &version), CG_OK);
	assert_int_equal(version, 0);
	assert_string_equal(cg_db_why(db), "");
	assert_int_equal(cg_db_open(db), CG_SYS);
	assert_why(db, "schema 0");
	assert_why(db, "clockgate migrate");
	wait_ms(1050);
	assert_int_equal(cg_db_open_any(db), CG_OK);
	if (cg_schema_migrate(db, count_step, &last) != CG_OK)
		fail_msg("%s", cg_db_why(db));
	assert_int_equal(last, CG_SCHEMA_MAX);
	assert_int_equal(cg_schema_version(db, &version), CG_OK);
	assert_int_equal(version, CG_SCHEMA_MAX);
	assert_int_equal(cg_db_open(db), CG_OK);
	assert_number(f, "SELECT COUNT(*) FROM other.schema_version WHERE"
	    " LENGTH(sha256) = 64 AND applied_at_utc > '2020-01-01'",
	    CG_SCHEMA_MAX);
	/* again: nothing to do */
	assert_int_equal(cg_schema_migrate(db, count_step, NULL), CG_OK);
	/* a step that was done, but not recorded, is done again */
	sql(f, "DELETE FROM other.schema_version WHERE version > 1");
	last = 1;
	assert_int_equal(cg_schema_migrate(db, count_step, &last), CG_OK);
	assert_int_equal(last, CG_SCHEMA_MAX);
	cg_db_free(db);
	sql(f, "DROP DATABASE other");
}

static void
test_step_fails(void **state)
{
	struct fixture *f = *state;
	struct cg_db *db = other_database(f);
	unsigned version = 99, last = 0;

	sql(f, "CREATE TABLE other.v1_device (in_the_way INT PRIMARY KEY)");
	assert_int_equal(cg_schema_migrate(db, count_step, &last), CG_DB);
	assert_int_equal(last, 2);
	assert_why(db, "step 3 (0003-");
	assert_why(db, "MySQL 1347: ");
	assert_why(db, "clockgate migrate");
	assert_int_equal(cg_schema_version(db, &version), CG_OK);
	assert_int_equal(version, 2);
	sql(f, "DROP TABLE other.v1_device");
	assert_int_equal(cg_schema_migrate(db, count_step, &last), CG_OK);
	assert_int_equal(last, CG_SCHEMA_MAX);
	cg_db_free(db);
	sql(f, "DROP DATABASE other");
}

#define QUOTE(n)	#n
#define DIGITS(n)	QUOTE(n)
#define NEWEST		DIGITS(CG_SCHEMA_MAX)
#define RANGE		DIGITS(CG_SCHEMA_MIN) " to " DIGITS(CG_SCHEMA_MAX)

/* What is done to schema_version, and what is said to it. */
static const struct {
	const char	*change;
	enum cg_err	 open;
	enum cg_err	 migrate;
	const char	*part[3];
} schemas[] = {
	{ "INSERT INTO schema_version VALUES (99, '0099-x.sql', 'x', NOW())",
	    CG_SYS, CG_SYS, { "schema 99", NEWEST, "install the newer" } },
	{ "UPDATE schema_version SET sha256 = REPEAT('0', 64)"
	    " WHERE version = 2", CG_OK, CG_SYS,
	    { "step 2 (0002-", "another text", "another database" } },
	{ "UPDATE schema_version SET name = '0002-mine.sql'"
	    " WHERE version = 2", CG_OK, CG_SYS,
	    { "0002-mine.sql", "0002-codes.sql", "another database" } },
	{ "DELETE FROM schema_version WHERE version >= 3", CG_SYS, CG_OK,
	    { "schema 2", RANGE, "clockgate migrate" } },
};

static void
try_schema(struct fixture *f, size_t i)
{
	struct cg_db_conf conf = conf_of("clockgate");
	struct cg_db *open, *migrate;
	enum cg_err e;

	sql(f, "%s", schemas[i].change);
	assert_ok(f, cg_db_new(&conf, &open));
	assert_ok(f, cg_db_new(&conf, &migrate));
	assert_int_equal(cg_db_open_any(migrate), CG_OK);
	assert_int_equal(cg_db_open(open), schemas[i].open);
	e = cg_schema_migrate(migrate, NULL, NULL);
	sql(f, "DELETE FROM schema_version WHERE version <> 1");
	assert_int_equal(cg_schema_migrate(f->db, NULL, NULL), CG_OK);
	assert_int_equal(e, schemas[i].migrate);
	for (size_t k = 0; k < CG_LEN(schemas[i].part); k++)
		assert_why(schemas[i].migrate != CG_OK ? migrate : open,
		    schemas[i].part[k]);
	cg_db_free(open);
	cg_db_free(migrate);
}

static void
test_schema_not_ours(void **state)
{
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < CG_LEN(schemas); i++)
		try_schema(f, i);
	assert_ok(f, cg_db_open(f->db));
}

static void
test_schema_too_new(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("clockgate");
	enum cg_err e;
	struct cg_db *db;

	sql(f, "INSERT INTO schema_version VALUES (99, 'x', 'x', NOW())");
	assert_ok(f, cg_db_new(&conf, &db));
	e = cg_db_open(db);
	sql(f, "DELETE FROM schema_version WHERE version = 99");
	assert_int_equal(e, CG_SYS);
	assert_why(db, "schema 99");
	assert_why(db, RANGE);
	assert_why(db, "install the newer program");
	wait_ms(1050);
	assert_int_equal(cg_db_open(db), CG_OK);
	cg_db_free(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test_setup(test_lock_wait, test_up),
		cmocka_unit_test_setup(test_deadlock, test_up),
		cmocka_unit_test_setup(test_id_given_twice, test_up),
		cmocka_unit_test_setup(test_clock_given_twice, test_up),
		cmocka_unit_test_setup(test_killed, test_up),
		cmocka_unit_test_setup(test_killed_half_way, test_up),
		cmocka_unit_test_setup(test_killed_while_idle, test_up),
		cmocka_unit_test_setup(test_read_only, test_up),
		cmocka_unit_test_setup(test_other_fault, test_up),
		cmocka_unit_test_setup(test_not_connected, test_up),
		cmocka_unit_test_setup(test_back_off, test_up),
		cmocka_unit_test_setup(test_bad_account, test_up),
		cmocka_unit_test_setup(test_session, test_up),
		cmocka_unit_test_setup(test_check, test_up),
		cmocka_unit_test_setup(test_migrate, test_up),
		cmocka_unit_test_setup(test_step_fails, test_up),
		cmocka_unit_test_setup(test_schema_not_ours, test_up),
		cmocka_unit_test_setup(test_schema_too_new, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
