/*
 * Several hosts of a database.  One server has three names here: symbolic
 * links to its socket.
 */
#include "config.h"

#include "fixture.h"

#include "db.h"

#include <time.h>
#include <unistd.h>

#define HOSTS	3
#define RETRY	1		/* host_retry, seconds */

struct names {
	char	 link[HOSTS][CG_DB_HOST_MAX + 1];
	char	 list[HOSTS * (CG_DB_HOST_MAX + 3)];
};

/* ---- how they are written ---- */

static const struct {
	const char	*list;
	size_t		 n;
	const char	*name;		/* of the last */
	unsigned	 port;
} good[] = {
	{ "", 1, "", 0 },
	{ "  ", 1, "", 0 },
	{ "localhost", 1, "localhost", 0 },
	{ "db.example", 1, "db.example", 0 },
	{ "db.example:3307", 1, "db.example", 3307 },
	{ "192.0.2.1", 1, "192.0.2.1", 0 },
	{ "192.0.2.1:65535", 1, "192.0.2.1", 65535 },
	{ "fd00::1", 1, "fd00::1", 0 },
	{ "::1", 1, "::1", 0 },
	{ "[fd00::1]", 1, "fd00::1", 0 },
	{ "[fd00::1]:1", 1, "fd00::1", 1 },
	{ "/run/a:b.sock", 1, "/run/a:b.sock", 0 },
	{ "a,b", 2, "b", 0 },
	{ " a , b:2 ,\tfd00::3 ", 3, "fd00::3", 0 },
	{ "a,b,c,d,e,f,g,h,i:9", 9, "i", 9 },
};

static void
test_good(void **state)
{
	struct cg_db_host host[CG_DB_HOSTS_MAX];
	char why[CG_WHY_MAX];
	size_t i, n;

	(void)state;
	for (i = 0; i < CG_LEN(good); i++) {
		if (cg_db_hosts_parse(good[i].list, host, &n, why) != CG_OK)
			fail_msg("%s: %s", good[i].list, why);
		assert_int_equal(n, good[i].n);
		assert_string_equal(host[n - 1].name, good[i].name);
		assert_int_equal(host[n - 1].port, good[i].port);
		assert_int_equal(cg_db_hosts_check(good[i].list, why), CG_OK);
	}
}

static const struct {
	const char	*list;
	const char	*why;
} bad[] = {
	{ ",", "\"\" names no host" },
	{ "a,", "\"\" names no host" },
	{ "a, ,b", "\"\" names no host" },
	{ ":3306", "\":3306\" names no host" },
	{ "[]:3306", "\"[]:3306\" names no host" },
	{ "a:", "\"a:\" has no port from 1 to 65535 behind its :" },
	{ "a:0", "\"a:0\" has no port from 1 to 65535 behind its :" },
	{ "a:65536", "\"a:65536\" has no port from 1 to 65535 behind its :" },
	{ "a:b", "\"a:b\" has no port from 1 to 65535 behind its :" },
	{ "[::1]3306", "\"[::1]3306\" has no port from 1 to 65535 behind its :" },
	{ "[::1", "\"[::1\" has no ]" },
	{ "[", "\"[\" has no ]" },
	{ "a,b,c,d,e,f,g,h,i,j", "at most 9 hosts are possible" },
};

static void
test_bad(void **state)
{
	char why[CG_WHY_MAX], list[CG_DB_HOST_MAX + 3];
	struct cg_db_conf conf = { .host = list };
	struct cg_db *db = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < CG_LEN(bad); i++) {
		assert_int_equal(cg_db_hosts_check(bad[i].list, why), CG_SYNTAX);
		assert_string_equal(why, bad[i].why);
	}
	memset(list, 'a', sizeof(list));
	list[CG_DB_HOST_MAX] = '\0';
	assert_int_equal(cg_db_hosts_check(list, why), CG_OK);
	list[CG_DB_HOST_MAX] = 'a';
	list[CG_DB_HOST_MAX + 1] = '\0';
	assert_int_equal(cg_db_hosts_check(list, why), CG_SYNTAX);
	assert_int_equal(cg_db_new(&conf, &db), CG_SYNTAX);
	list[0] = '/';
	list[107] = '\0';
	assert_int_equal(cg_db_hosts_check(list, why), CG_OK);
	list[107] = 'a';
	list[108] = '\0';
	assert_int_equal(cg_db_hosts_check(list, why), CG_SYNTAX);
}

/* ---- which one is used ---- */

static void
raise_host(const struct names *t, size_t i)
{
	assert_int_equal(symlink(getenv("CG_TEST_SOCKET"), t->link[i]), 0);
}

static void
drop_host(const struct names *t, size_t i)
{
	assert_int_equal(unlink(t->link[i]), 0);
}

/* The names of the server, all there, and a connection by them. */
static struct cg_db *
several(struct names *t)
{
	struct cg_db_conf conf = conf_of("clockgate");
	struct cg_db *db;

	for (size_t i = 0, n = 0; i < HOSTS; i++) {
		assert_in_range(snprintf(t->link[i], sizeof(t->link[i]), "%s.%zu",
		    conf.socket, i), 1, 107);
		(void)unlink(t->link[i]);
		raise_host(t, i);
		n += (size_t)snprintf(t->list + n, sizeof(t->list) - n, "%s%s",
		    i > 0 ? ", " : "", t->link[i]);
	}
	conf.socket = NULL;
	conf.host = t->list;
	conf.host_retry = RETRY;
	assert_int_equal(cg_db_new(&conf, &db), CG_OK);
	assert_int_equal(cg_db_hosts(db), HOSTS);
	return db;
}

/* Opened again, it is at this one, and says so when that is another. */
static void
assert_at(struct cg_db *db, const struct names *t, size_t want, bool moved)
{
	const char *host;

	if (cg_db_open(db) != CG_OK)
		fail_msg("%s", cg_db_why(db));
	assert_string_equal(db->host[db->at].name, t->link[want]);
	host = cg_db_moved(db);
	if (!moved)
		assert_null(host);
	else
		assert_string_equal(host, t->link[want]);
	assert_null(cg_db_moved(db));
}

static void
cut(struct fixture *f, struct cg_db *db)
{
	sql(f, "KILL %lu", mysql_thread_id(db->my));
}

static void
wait_for_retry(void)
{
	(void)nanosleep(&(struct timespec){ .tv_sec = RETRY,
	    .tv_nsec = 100000000 }, NULL);
}

static enum cg_err
touch(struct cg_db *db)
{
	struct cg_device d;
	enum cg_err e = cg_device_find(db, str(SN), &d);

	cg_db_rollback(db);
	return e;
}

static void
test_first(void **state)
{
	struct fixture *f = *state;
	struct names t;
	struct cg_db *db = several(&t);

	(void)f;
	assert_null(cg_db_moved(db));
	assert_at(db, &t, 0, false);
	assert_int_equal(touch(db), CG_OK);
	wait_for_retry();
	assert_at(db, &t, 0, false);
	assert_int_equal(cg_db_hosts_down(db), 0);
	cg_db_free(db);
}

static void
test_not_there(void **state)
{
	struct names t;
	struct cg_db *db = several(&t);

	(void)state;
	drop_host(&t, 0);
	drop_host(&t, 1);
	assert_at(db, &t, 2, true);
	assert_int_equal(touch(db), CG_OK);
	assert_int_equal(cg_db_hosts_down(db), 2);
	assert_memory_equal(cg_db_why(db), t.link[1], strlen(t.link[1]));
	cg_db_free(db);
}

/* All are gone: whose failure it is, and one that returns is enough. */
static void
test_none(void **state)
{
	struct fixture *f = *state;
	struct names t;
	struct cg_db *db = several(&t);
	size_t i;

	assert_at(db, &t, 0, false);
	for (i = 0; i < HOSTS; i++)
		drop_host(&t, i);
	cut(f, db);
	assert_int_equal(touch(db), CG_BUSY);
	assert_int_equal(cg_db_open(db), CG_BUSY);
	assert_non_null(strstr(cg_db_why(db), "MySQL 2002: "));
	assert_memory_equal(cg_db_why(db), t.link[0], strlen(t.link[0]));
	assert_non_null(strstr(cg_db_cure(db), "does the server run?"));
	assert_int_equal(touch(db), CG_BUSY);	/* for a reason of ours */
	assert_string_equal(cg_db_cure(db), "");
	raise_host(&t, 1);
	assert_int_equal(cg_db_open(db), CG_BUSY);	/* at once: not tried */
	wait_for_retry();
	assert_at(db, &t, 1, true);
	cg_db_free(db);
}

/* Lost: the next one, at once; and back when the first has returned. */
static void
test_lost(void **state)
{
	struct fixture *f = *state;
	struct names t;
	struct cg_db *db = several(&t);

	assert_at(db, &t, 0, false);
	assert_int_equal(touch(db), CG_OK);
	drop_host(&t, 0);
	cut(f, db);
	assert_int_equal(touch(db), CG_BUSY);
	assert_at(db, &t, 1, true);
	assert_int_equal(touch(db), CG_OK);
	wait_for_retry();
	assert_at(db, &t, 1, false);		/* not there yet: nothing changes */
	raise_host(&t, 0);
	assert_at(db, &t, 1, false);		/* not looked for yet */
	wait_for_retry();
	assert_at(db, &t, 0, true);
	assert_int_equal(touch(db), CG_OK);
	cg_db_free(db);
}

/* In the middle of a transaction nobody goes back. */
static void
test_not_in_between(void **state)
{
	struct fixture *f = *state;
	struct names t;
	struct cg_db *db = several(&t);
	struct cg_punch p = punch("1", 0);
	const struct cg_when when = { 0, CG_SUSPECT_NOT };

	drop_host(&t, 0);
	assert_at(db, &t, 1, true);
	raise_host(&t, 0);
	wait_for_retry();
	assert_int_equal(cg_punch_put(db, &f->from, &p, &when), CG_OK);
	assert_at(db, &t, 1, false);
	assert_int_equal(cg_db_commit(db), CG_OK);
	assert_at(db, &t, 0, true);
	assert_number(f, "SELECT COUNT(*) FROM punch", 1);
	cg_db_free(db);
}

/* A server that takes no changes is as good as none. */
static void
test_read_only(void **state)
{
	struct fixture *f = *state;
	struct names t;
	struct cg_db *db = several(&t);
	struct cg_punch p = punch("1", 0);
	const struct cg_when when = { 0, CG_SUSPECT_NOT };

	assert_at(db, &t, 0, false);
	sql(f, "SET GLOBAL read_only = 1");
	assert_int_equal(cg_punch_put(db, &f->from, &p, &when), CG_OK);
	assert_int_equal(cg_db_commit(db), CG_BUSY);
	sql(f, "SET GLOBAL read_only = 0");
	cg_db_rollback(db);
	assert_number(f, "SELECT COUNT(*) FROM punch", 0);
	assert_at(db, &t, 1, true);
	assert_int_equal(cg_punch_put(db, &f->from, &p, &when), CG_OK);
	assert_int_equal(cg_db_commit(db), CG_OK);
	assert_number(f, "SELECT COUNT(*) FROM punch", 1);
	cg_db_free(db);
}

/* A socket that is given by itself is the only one. */
static void
test_socket(void **state)
{
	struct cg_db_conf conf = conf_of("clockgate");
	struct cg_db *db;

	(void)state;
	conf.host = "192.0.2.1, 192.0.2.2";
	assert_int_equal(cg_db_new(&conf, &db), CG_OK);
	assert_int_equal(cg_db_hosts(db), 1);
	assert_int_equal(cg_db_open(db), CG_OK);
	cg_db_free(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test_setup(test_first, test_up),
		cmocka_unit_test_setup(test_not_there, test_up),
		cmocka_unit_test_setup(test_none, test_up),
		cmocka_unit_test_setup(test_lost, test_up),
		cmocka_unit_test_setup(test_not_in_between, test_up),
		cmocka_unit_test_setup(test_read_only, test_up),
		cmocka_unit_test_setup(test_socket, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
