/*
 * The transaction, and what went wrong with it.  Its connection: connect.c.
 */
#include "config.h"

#include "db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRAP_MAX	((size_t)128 * 1024 * 1024)	/* the largest body, sealed */
#define REASONS_MAX	((size_t)CG_BULK_ROWS * 1024)	/* one is shorter */
#define AUDITS_MAX	((size_t)64 * 1024 * 1024)	/* some 100,000 rows */
#define ROW_KEEP	((size_t)64 * 1024)

/* As the library has it, an empty text is none. */
static const char *
hosts(const struct cg_db_conf *conf)
{
	if (conf->socket != NULL && *conf->socket != '\0')
		return conf->socket;
	return conf->host != NULL ? conf->host : "";
}

enum cg_err
cg_db_new(const struct cg_db_conf *conf, struct cg_db **out)
{
	struct cg_db *db = calloc(1, sizeof(*db));
	char why[CG_WHY_MAX];

	if (db == NULL)
		return CG_NOMEM;
	if (cg_db_hosts_parse(hosts(conf), db->host, &db->nhost, why) != CG_OK) {
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

void
cg_db_free(struct cg_db *db)
{
	if (db == NULL)
		return;
	cg_db_disconnect(db);
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

enum cg_err
cg_db_fail_my(struct cg_db *db)
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

void
cg_db_end(struct cg_db *db)
{
	if (db->my == NULL || db->lost || !db->dirty)
		return;
	if (CG_SPEAK(mysql_rollback(db->my)) != 0)
		db->lost = true;
	db->dirty = db->wrote = false;
}

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
		return cg_db_fail_my(db);
	db->dirty = db->wrote = false;
	db->ended = true;
	db->used_at = cg_db_now_ms();
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
	cg_db_end(db);
	if (db->lost)
		cg_db_next_host(db);
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
