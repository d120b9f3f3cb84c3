/*
 * Prepared statements: bind, and execute.
 */
#include "config.h"

#include "db.h"

#include <stdlib.h>
#include <string.h>

/* ---- prepare ---- */

enum cg_err
cg_stmt_fail(struct cg_db *db, MYSQL_STMT *stmt)
{
	return cg_db_fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt));
}

void
cg_stmt_close(MYSQL_STMT **slot)
{
	if (*slot != NULL)
		(void)mysql_stmt_close(*slot);
	*slot = NULL;
}

enum cg_err
cg_stmt_prepare(struct cg_db *db, const char *sql, size_t n, MYSQL_STMT **slot)
{
	MYSQL_STMT *stmt;
	enum cg_err e;

	if (*slot != NULL)
		return CG_OK;
	if ((stmt = mysql_stmt_init(db->my)) == NULL)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for a statement");
	if (CG_SPEAK(mysql_stmt_prepare(stmt, sql, n)) != 0) {
		e = cg_stmt_fail(db, stmt);
		cg_stmt_close(&stmt);
		return e == CG_DATA ? (db->failed = CG_DB) : e;
	}
	*slot = stmt;
	return CG_OK;
}

/* ---- bind ---- */

enum cg_err
cg_db_grow(struct cg_db *db, void **array, size_t *have, size_t n, size_t size)
{
	void *p;

	if (n <= *have)
		return CG_OK;
	if ((p = realloc(*array, n * size)) == NULL)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for a statement");
	*array = p;
	*have = n;
	return CG_OK;
}

static size_t
count_times(const struct cg_cell *cell, size_t n)
{
	size_t i, times = 0;

	for (i = 0; i < n; i++)
		times += cell[i].type == CG_CELL_TIME;
	return times;
}

static void
to_mysql_time(const struct cg_time *t, MYSQL_TIME *out)
{
	memset(out, 0, sizeof(*out));
	out->year = t->year;
	out->month = t->month;
	out->day = t->day;
	out->hour = t->hour;
	out->minute = t->minute;
	out->second = t->second;
	out->time_type = MYSQL_TIMESTAMP_DATETIME;
}

/* MySQL only reads what is bound here, though its struct says otherwise. */
void
cg_cell_bind(MYSQL_BIND *b, const struct cg_cell *c, MYSQL_TIME **time)
{
	switch ((enum cg_cell_type)c->type) {
	case CG_CELL_NULL:
		b->buffer_type = MYSQL_TYPE_NULL;
		break;
	case CG_CELL_TEXT:
	case CG_CELL_BYTES:
		b->buffer_type = c->type == CG_CELL_TEXT ? MYSQL_TYPE_STRING :
		    MYSQL_TYPE_BLOB;
		b->buffer = (void *)(uintptr_t)c->u.p;
		b->buffer_length = c->n;
		break;
	case CG_CELL_INT:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)(uintptr_t)&c->u.i;
		break;
	case CG_CELL_TIME:
		to_mysql_time(&c->u.t, *time);
		b->buffer_type = MYSQL_TYPE_DATETIME;
		b->buffer = (*time)++;
		break;
	}
}

enum cg_err
cg_stmt_bind(struct cg_db *db, const struct cg_cell *cell, size_t n)
{
	void *bind = db->bind, *times = db->time;
	enum cg_err e;
	MYSQL_TIME *time;
	size_t i;

	e = cg_db_grow(db, &bind, &db->nbind, n, sizeof(*db->bind));
	db->bind = bind;
	if (e == CG_OK)
		e = cg_db_grow(db, &times, &db->ntime, count_times(cell, n),
		    sizeof(*db->time));
	db->time = times;
	if (e != CG_OK)
		return e;
	memset(db->bind, 0, n * sizeof(*db->bind));
	time = db->time;
	for (i = 0; i < n; i++)
		cg_cell_bind(&db->bind[i], &cell[i], &time);
	return CG_OK;
}

/* ---- execute ---- */

enum cg_err
cg_stmt_execute(struct cg_db *db, MYSQL_STMT *stmt, const struct cg_cell *cell,
    size_t n)
{
	enum cg_err e;

	if (mysql_stmt_param_count(stmt) != n)
		return cg_db_say(db, db->failed = CG_DB,
		    "a statement has %lu parameters, not %zu",
		    mysql_stmt_param_count(stmt), n);
	if (n > 0) {
		if ((e = cg_stmt_bind(db, cell, n)) != CG_OK)
			return e;
		if (mysql_stmt_bind_param(stmt, db->bind) != 0)
			return cg_stmt_fail(db, stmt);
	}
	db->dirty = true;
	if (CG_SPEAK(mysql_stmt_execute(stmt)) != 0)
		return cg_stmt_fail(db, stmt);
	return CG_OK;
}
