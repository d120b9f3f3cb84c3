/*
 * The connection: to come by it, to lose it, and then the next host.
 */
#include "config.h"

#include "db.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define RETRY_MS	250		/* from a failure to the next attempt */
#define IDLE_MS		10000		/* unused for so long: ask whether it lives */
#define PLUGIN_MISSING	2059		/* CR_AUTH_PLUGIN_CANNOT_LOAD */
#define PACKET_LEAST	INT64_C(16384)	/* what we count on */

/*
 * Strict: a value that does not fit is an error, never silently another
 * value.
 */
static const char session[] =
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
    "time_zone = '+00:00', autocommit = 0";
static const char isolation[] =
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

int64_t
cg_db_now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *
or_null(const char *s)
{
	return s != NULL && *s != '\0' ? s : NULL;
}

void
cg_db_disconnect(struct cg_db *db)
{
	size_t i;

	for (i = 0; i < CG_Q__MAX; i++)
		cg_stmt_close(&db->stmt[i]);
	cg_bulk_close(db);
	if (db->my != NULL)
		mysql_close(db->my);
	db->my = NULL;
	db->checked = db->lost = false;
	if (db->failed == CG_OK && (db->dirty || cg_db_wrote(db)))
		db->failed = CG_BUSY;
	db->dirty = db->wrote = false;
}

void
cg_db_next_host(struct cg_db *db)
{
	cg_db_disconnect(db);
	if (db->at == 0)
		db->left_at = cg_db_now_ms();
	db->at = (db->at + 1) % db->nhost;
}

/* Send a constant text; its result is thrown away. */
static enum cg_err
send_text(struct cg_db *db, const char *sql)
{
	MYSQL_RES *res;

	db->dirty = true;
	if (CG_SPEAK(mysql_real_query(db->my, sql, strlen(sql))) != 0)
		return cg_db_fail_my(db);
	if ((res = mysql_store_result(db->my)) != NULL)
		mysql_free_result(res);
	return CG_OK;
}

/* Reconnecting by the library stays off, as it is: it loses transactions. */
static void
set_options(MYSQL *my, const struct cg_db_conf *conf)
{
	unsigned no = 0;

	(void)mysql_options(my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	(void)mysql_options(my, MYSQL_OPT_LOCAL_INFILE, &no);
	if (or_null(conf->plugin_dir) != NULL)
		(void)mysql_options(my, MYSQL_PLUGIN_DIR, conf->plugin_dir);
	if (conf->connect_timeout > 0)
		(void)mysql_options(my, MYSQL_OPT_CONNECT_TIMEOUT,
		    &conf->connect_timeout);
	if (conf->read_timeout > 0) {
		(void)mysql_options(my, MYSQL_OPT_READ_TIMEOUT,
		    &conf->read_timeout);
		(void)mysql_options(my, MYSQL_OPT_WRITE_TIMEOUT,
		    &conf->read_timeout);
	}
}

/* The largest statement that the server takes. */
static enum cg_err
ask_packet_max(struct cg_db *db)
{
	static const char sql[] = "SELECT @@max_allowed_packet";
	MYSQL_RES *res;
	MYSQL_ROW row;
	int64_t max = PACKET_LEAST;

	if (CG_SPEAK(mysql_real_query(db->my, sql, sizeof(sql) - 1)) != 0 ||
	    (res = mysql_store_result(db->my)) == NULL)
		return cg_db_fail_my(db);
	if ((row = mysql_fetch_row(res)) == NULL ||
	    cg_str_i64(cg_str_of(row[0]), PACKET_LEAST, INT64_MAX, &max) != CG_OK)
		max = PACKET_LEAST;
	mysql_free_result(res);
	db->packet_max = (uint64_t)max;
	return CG_OK;
}

static enum cg_err
set_session(struct cg_db *db)
{
	char wait[128];
	enum cg_err e;

	if ((e = send_text(db, session)) != CG_OK ||
	    (e = send_text(db, isolation)) != CG_OK ||
	    (e = ask_packet_max(db)) != CG_OK)
		return e;
	if (db->conf.lock_wait_timeout == 0)
		return CG_OK;
	(void)snprintf(wait, sizeof(wait),
	    "SET SESSION innodb_lock_wait_timeout = %u, lock_wait_timeout = %u",
	    db->conf.lock_wait_timeout, db->conf.lock_wait_timeout);
	return send_text(db, wait);
}

/* MariaDB's client gives a missing plugin the number of a wrong password. */
static enum cg_err
fail_login(struct cg_db *db)
{
	const char *text = mysql_error(db->my);

	return cg_db_fail(db, strstr(text, "could not be loaded") != NULL ?
	    PLUGIN_MISSING : mysql_errno(db->my), text);
}

static bool
dial(const struct cg_db *db, MYSQL *my, const struct cg_db_host *h)
{
	const struct cg_db_conf *c = &db->conf;
	bool local = h->name[0] == '/';

	set_options(my, c);
	return CG_SPEAK(mysql_real_connect(my, local ? NULL : or_null(h->name),
	    or_null(c->user), c->password, or_null(c->name),
	    h->port != 0 ? h->port : c->port, local ? h->name : NULL,
	    CLIENT_FOUND_ROWS) == NULL) == 0;
}

static enum cg_err
do_connect(struct cg_db *db)
{
	enum cg_err e;

	if ((db->my = mysql_init(NULL)) == NULL)
		return cg_db_say(db, CG_NOMEM, "no memory for a connection");
	if (!dial(db, db->my, &db->host[db->at]))
		return fail_login(db);
	db->arrays = cg_stmt_arrays(db->my);
	if ((e = set_session(db)) != CG_OK)
		return e;
	cg_db_end(db);
	return db->lost ? CG_BUSY : CG_OK;
}

/* A failure here is not one of the transaction that waits, if any. */
static enum cg_err
connect_host(struct cg_db *db)
{
	enum cg_err e, failed = db->failed;

	e = do_connect(db);
	db->failed = failed;
	db->dirty = false;
	db->used_at = cg_db_now_ms();
	return e;
}

static enum cg_err
check_schema(struct cg_db *db)
{
	bool dirty = db->dirty;
	enum cg_err e, failed = db->failed;
	unsigned v = 0;

	db->failed = CG_OK;
	if ((e = cg_schema_version(db, &v)) == CG_OK && v < CG_SCHEMA_MIN)
		e = cg_db_say(db, CG_SYS, "the database has schema %u, this "
		    "program needs %u to %u: run \"clockgate migrate\"", v,
		    CG_SCHEMA_MIN, CG_SCHEMA_MAX);
	else if (e == CG_OK && v > CG_SCHEMA_MAX)
		e = cg_db_say(db, CG_SYS, "the database has schema %u, this "
		    "program knows %u to %u: install the newer program", v,
		    CG_SCHEMA_MIN, CG_SCHEMA_MAX);
	if (!dirty)
		cg_db_end(db);
	db->failed = failed;
	return e;
}

/* Unused for long, the server may have closed it. */
static bool
died_idle(struct cg_db *db)
{
	if (db->dirty || !cg_bulk_empty(db) ||
	    cg_db_now_ms() - db->used_at < IDLE_MS)
		return false;
	db->used_at = cg_db_now_ms();
	return CG_SPEAK(mysql_ping(db->my)) != 0;
}

/* A node of a cluster that is not ready lets us in, but to no table. */
static bool
answers(struct cg_db *db, const struct cg_db_host *h)
{
	const char *sql = cg_sql[CG_Q_SCHEMA_VERSION];
	MYSQL *my = mysql_init(NULL);
	bool good;

	if (my == NULL)
		return false;
	good = dial(db, my, h) &&
	    CG_SPEAK(mysql_real_query(my, sql, strlen(sql))) == 0;
	if (!good)
		(void)cg_db_say(db, CG_OK, "%s: MySQL %u: %s", h->name,
		    mysql_errno(my), mysql_error(my));
	mysql_close(my);
	return good;
}

/* The connection to another host stays until the first answers. */
static bool
first_is_back(struct cg_db *db)
{
	if (db->at == 0 || db->dirty || !cg_bulk_empty(db) ||
	    cg_db_now_ms() - db->left_at < (int64_t)db->conf.host_retry * 1000)
		return false;
	db->left_at = cg_db_now_ms();
	return answers(db, &db->host[0]);
}

/* Leave a host that is of no use, or return to the first. */
static void
leave(struct cg_db *db)
{
	if (db->my == NULL)
		return;
	if (db->lost || died_idle(db)) {
		cg_db_next_host(db);
	} else if (first_is_back(db)) {
		cg_db_disconnect(db);
		db->at = 0;
	}
}

/* Where there are several, whose failure it is. */
static void
name_host(struct cg_db *db)
{
	char why[CG_DB_WHY_MAX];
	unsigned number = db->number;

	if (db->nhost == 1)
		return;
	memcpy(why, db->why, sizeof(why));
	(void)cg_db_say(db, CG_OK, "%s: %s", db->host[db->at].name, why);
	db->number = number;
}

/* Every host once, from the one that is to be tried next. */
static enum cg_err
reach(struct cg_db *db, bool schema)
{
	enum cg_err e = CG_BUSY;
	size_t i;

	leave(db);
	if (db->my != NULL && (db->checked || !schema))
		return CG_OK;
	if (db->my == NULL && cg_db_now_ms() < db->retry_at)
		return CG_BUSY;
	for (i = 0; i < db->nhost; i++) {
		if ((db->my != NULL || (e = connect_host(db)) == CG_OK) &&
		    (!schema || (e = check_schema(db)) == CG_OK)) {
			db->checked = schema;
			return CG_OK;
		}
		name_host(db);
		cg_db_next_host(db);
	}
	db->retry_at = cg_db_now_ms() + RETRY_MS;
	return e;
}

enum cg_err
cg_db_open_any(struct cg_db *db)
{
	return reach(db, false);
}

enum cg_err
cg_db_open(struct cg_db *db)
{
	return reach(db, true);
}

const char *
cg_db_moved(struct cg_db *db)
{
	if (db->my == NULL || db->told == db->at)
		return NULL;
	db->told = db->at;
	return db->host[db->at].name;
}

size_t
cg_db_hosts(const struct cg_db *db)
{
	return db->nhost;
}

size_t
cg_db_hosts_down(struct cg_db *db)
{
	size_t i, down = 0;

	for (i = 0; i < db->nhost; i++)
		if (!answers(db, &db->host[i]))
			down++;
	return down;
}
