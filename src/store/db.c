/*
 * The connection: to come by it, to lose it, and its transactions.
 */
#include "config.h"

#include "db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RETRY_MS	250		/* from a failure to the next attempt */
#define IDLE_MS		10000		/* unused for so long: ask whether it lives */
#define SCRAP_MAX	((size_t)128 * 1024 * 1024)	/* the largest body, sealed */
#define REASONS_MAX	((size_t)CG_BULK_ROWS * 1024)	/* one is shorter */
#define AUDITS_MAX	((size_t)64 * 1024 * 1024)	/* some 100,000 rows */
#define ROW_KEEP	((size_t)64 * 1024)
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

static int64_t
now_ms(void)
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

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

enum cg_err
cg_db_new(const struct cg_db_conf *conf, struct cg_db **out)
{
	struct cg_db *db = calloc(1, sizeof(*db));
	char why[CG_WHY_MAX];

	if (db == NULL)
		return CG_NOMEM;
	if (cg_db_hosts_parse(or_empty(or_null(conf->socket) != NULL ?
	    conf->socket : conf->host), db->host, &db->nhost, why) != CG_OK) {
		free(db);
		return CG_SYNTAX;
	}
	if (cg_arena_new(SCRAP_MAX, &db->scrap) != CG_OK ||
	    cg_arena_new(REASONS_MAX, &db->reasons) != CG_OK ||
	    cg_arena_new(AUDITS_MAX, &db->audits) != CG_OK) {
		cg_arena_free(db->reasons);
		cg_arena_free(db->scrap);
		free(db);
		return CG_NOMEM;
	}
	db->conf = *conf;
	db->retry_at = INT64_MIN;
	db->as_of = CG_NO_UTC;
	db->audit_last = &db->audit;
	*out = db;
	return CG_OK;
}

static void
disconnect(struct cg_db *db)
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

/* This host failed: the next one, from its beginning. */
static void
next_host(struct cg_db *db)
{
	disconnect(db);
	if (db->at == 0)
		db->left_at = now_ms();
	db->at = (db->at + 1) % db->nhost;
}

void
cg_db_free(struct cg_db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	cg_bulk_free(db);
	cg_arena_free(db->scrap);
	cg_arena_free(db->reasons);
	cg_arena_free(db->audits);
	free(db->bind);
	free(db->time);
	free(db->row);
	free(db->query);
	free(db);
}

/* One line: what stands in a message may come from a clock. */
static void
make_one_line(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = ' ';
		else if (*s == '"')	/* the log puts it between such */
			*s = '\'';
}

const char *
cg_db_why(const struct cg_db *db)
{
	return db->why;
}

enum cg_err
cg_db_say(struct cg_db *db, enum cg_err e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(db->why, sizeof(db->why), fmt, ap);
	va_end(ap);
	make_one_line(db->why);
	db->number = 0;
	return e;
}

enum cg_err
cg_db_fail(struct cg_db *db, unsigned number, const char *text)
{
	unsigned is = cg_fault_number(number);
	bool lost;
	enum cg_err e = cg_db_class(is, &lost);

	if (lost)
		db->lost = true;
	if (e != CG_DATA)
		db->failed = e;
	(void)cg_db_say(db, e, "MySQL %u: %s", is, text);
	db->number = is;
	return e;
}

static enum cg_err
fail_my(struct cg_db *db)
{
	return cg_db_fail(db, mysql_errno(db->my), mysql_error(db->my));
}

enum cg_err
cg_db_ready(struct cg_db *db)
{
	if (db->failed != CG_OK)
		return db->failed;
	if (db->my == NULL || db->lost)
		return cg_db_say(db, CG_BUSY, "no connection to the database");
	if (db->ended) {
		db->ended = false;
		db->refused = 0;
	}
	return CG_OK;
}

/* Send a constant text; its result is thrown away. */
static enum cg_err
send_text(struct cg_db *db, const char *sql)
{
	MYSQL_RES *res;

	db->dirty = true;
	if (CG_SPEAK(mysql_real_query(db->my, sql, strlen(sql))) != 0)
		return fail_my(db);
	if ((res = mysql_store_result(db->my)) != NULL)
		mysql_free_result(res);
	return CG_OK;
}

/* ROLLBACK, but keep what is staged. */
static void
end(struct cg_db *db)
{
	if (db->my == NULL || db->lost || !db->dirty)
		return;
	if (CG_SPEAK(mysql_rollback(db->my)) != 0)
		db->lost = true;
	db->dirty = db->wrote = false;
}

/* ---- connecting ---- */

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
		return fail_my(db);
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
	end(db);
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
	db->used_at = now_ms();
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
		end(db);
	db->failed = failed;
	return e;
}

/* Unused for long, the server may have closed it. */
static bool
died_idle(struct cg_db *db)
{
	if (db->dirty || !cg_bulk_empty(db) ||
	    now_ms() - db->used_at < IDLE_MS)
		return false;
	db->used_at = now_ms();
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
	    now_ms() - db->left_at < (int64_t)db->conf.host_retry * 1000)
		return false;
	db->left_at = now_ms();
	return answers(db, &db->host[0]);
}

/* Leave a host that is of no use, or return to the first. */
static void
leave(struct cg_db *db)
{
	if (db->my == NULL)
		return;
	if (db->lost || died_idle(db)) {
		next_host(db);
	} else if (first_is_back(db)) {
		disconnect(db);
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
	if (db->my == NULL && now_ms() < db->retry_at)
		return CG_BUSY;
	for (i = 0; i < db->nhost; i++) {
		if ((db->my != NULL || (e = connect_host(db)) == CG_OK) &&
		    (!schema || (e = check_schema(db)) == CG_OK)) {
			db->checked = schema;
			return CG_OK;
		}
		name_host(db);
		next_host(db);
	}
	db->retry_at = now_ms() + RETRY_MS;
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

/* ---- transactions ---- */

enum cg_err
cg_db_send(struct cg_db *db)
{
	return cg_bulk_flush(db);
}

enum cg_err
cg_db_commit(struct cg_db *db)
{
	enum cg_err e;

	if (db->failed != CG_OK)
		return db->failed;
	if (!db->dirty && cg_bulk_empty(db) && db->audit == NULL)
		return CG_OK;
	if ((e = cg_db_ready(db)) != CG_OK || (e = cg_bulk_flush(db)) != CG_OK ||
	    (e = cg_audit_flush(db)) != CG_OK)
		return e;
	if (CG_SPEAK(mysql_commit(db->my)) != 0)
		return fail_my(db);
	db->dirty = db->wrote = false;
	db->ended = true;
	db->used_at = now_ms();
	db->why[0] = '\0';
	db->queries_known = false;
	cg_arena_reset(db->scrap);
	return CG_OK;
}

void
cg_db_rollback(struct cg_db *db)
{
	cg_bulk_forget(db);
	cg_audit_forget(db);
	db->queries_known = false;
	cg_arena_reset(db->scrap);
	cg_arena_reset(db->reasons);
	end(db);
	if (db->lost)
		next_host(db);
	db->failed = CG_OK;
	db->ended = false;
	db->refused = 0;
	if (db->nrow > ROW_KEEP) {
		free(db->row);
		db->row = NULL;
		db->nrow = 0;
	}
}

bool
cg_db_wrote(const struct cg_db *db)
{
	return db->wrote || !cg_bulk_empty(db) || db->audit != NULL;
}

unsigned
cg_db_refused(const struct cg_db *db)
{
	return db->refused;
}

enum cg_err
cg_db_check(struct cg_db *db, const char *program)
{
	enum cg_err e = cg_db_ready(db);
	size_t i;

	for (i = 0; e == CG_OK && i < CG_Q__CHECKED; i++)
		if (cg_stmt_of((enum cg_stmt)i, program))
			e = cg_stmt_prepare(db, cg_sql[i], strlen(cg_sql[i]),
			    &db->stmt[i]);
	if (e == CG_OK)
		e = cg_bulk_check(db, program);
	if (e != CG_OK)
		cg_db_rollback(db);
	return e;
}
