/*
 * The steps of the schema: which there are, and applying what is missing.
 */
#include "config.h"

#include "db.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#define LOCK_TRIES	60		/* a second each */
#define SHA_TEXT	64
#define ER_EMPTY_QUERY	1065		/* nothing but a comment at the end */
#define ER_NO_SUCH_TABLE 1146

/* No table of steps: an empty database, and nothing is lost. */
static bool
no_steps(struct cg_db *db, enum cg_err e)
{
	if (e != CG_DB || db->number != ER_NO_SUCH_TABLE)
		return false;
	db->failed = CG_OK;
	db->number = 0;
	db->why[0] = '\0';
	return true;
}

enum cg_err
cg_schema_version(struct cg_db *db, unsigned *out)
{
	uint32_t v = 0;
	enum cg_err e;

	db->number = 0;
	e = cg_db_ask_u32(db, CG_Q_SCHEMA_VERSION, NULL, 0, &v);
	if (no_steps(db, e))
		e = CG_OK;
	if (e == CG_OK)
		*out = v;
	return e;
}

/* ---- what was applied ---- */

struct applied {
	unsigned	 version;
	char		 name[65];
	char		 sha256[SHA_TEXT + 1];
};

struct history {
	struct applied	*step;
	size_t		 n;
	size_t		 max;
	uint32_t	 newest;
};

static enum cg_err
take_step(void *arg, const struct cg_row *row)
{
	struct history *h = arg;
	struct applied *a;
	uint32_t v;

	if (cg_str_u32(row->value[0], UINT32_MAX, &v) != CG_OK)
		return CG_DB;
	h->newest = v;
	if (h->n == h->max)
		return CG_OK;
	a = &h->step[h->n++];
	a->version = v;
	cg_copy(a->name, sizeof(a->name), row->value[1]);
	cg_copy(a->sha256, sizeof(a->sha256), row->value[2]);
	return CG_OK;
}

static enum cg_err
check_step(struct cg_db *db, const struct applied *a, const struct cg_step *s)
{
	struct cg_cell text = cg_cell_bytes(cg_str_of(s->sql));
	char sha256[SHA_TEXT + 1];
	enum cg_err e;

	if (a->version != s->version || strcmp(a->name, s->name) != 0)
		return cg_db_say(db, CG_SYS, "step %u of the database is %s, "
		    "the one of this program is %u, %s: another program made "
		    "this database; use that one, or another database",
		    a->version, a->name, s->version, s->name);
	e = cg_db_ask_text(db, CG_Q_STEP_HASH, &text, 1, sha256,
	    sizeof(sha256));
	if (e == CG_OK && strcmp(sha256, a->sha256) != 0)
		e = cg_db_say(db, CG_SYS, "step %u (%s) was applied with "
		    "another text than this program has: another program made "
		    "this database; use that one, or another database",
		    a->version, a->name);
	return e;
}

static enum cg_err
check_history(struct cg_db *db, const struct history *h)
{
	enum cg_err e = CG_OK;
	size_t i;

	if (h->newest > cg_steps[cg_nsteps - 1].version)
		return cg_db_say(db, CG_SYS, "the database has schema %u, this "
		    "program knows no more than %u: install the newer program",
		    h->newest, cg_steps[cg_nsteps - 1].version);
	for (i = 0; e == CG_OK && i < h->n; i++)
		e = check_step(db, &h->step[i], &cg_steps[i]);
	return e;
}

/* *applied: how many of our steps the database has. */
static enum cg_err
read_history(struct cg_db *db, size_t *applied)
{
	struct history h = { .max = cg_nsteps };
	enum cg_err e;

	if ((h.step = calloc(h.max, sizeof(*h.step))) == NULL)
		return CG_NOMEM;
	e = cg_db_ask(db, CG_Q_STEP_LIST, NULL, 0, take_step, &h);
	if (no_steps(db, e))
		e = CG_OK;
	if (e == CG_OK)
		e = check_history(db, &h);
	free(h.step);
	*applied = h.n;
	return e;
}

/* ---- applying ---- */

/* Read the results of all statements; the first error ends it. */
static unsigned
drain(MYSQL *my)
{
	MYSQL_RES *res;
	int more;

	do {
		if ((res = mysql_store_result(my)) != NULL)
			mysql_free_result(res);
		more = mysql_next_result(my);
	} while (more == 0);
	return more > 0 ? mysql_errno(my) : 0;
}

/* The one text of several statements that is ever sent. */
static unsigned
send_text(MYSQL *my, const char *sql)
{
	unsigned number;

	if (mysql_set_server_option(my, MYSQL_OPTION_MULTI_STATEMENTS_ON) != 0)
		return mysql_errno(my);
	if (mysql_real_query(my, sql, strlen(sql)) != 0)
		number = mysql_errno(my);
	else
		number = drain(my);
	return number == ER_EMPTY_QUERY ? 0 : number;
}

static enum cg_err
fail_step(struct cg_db *db, const struct cg_step *s, unsigned number)
{
	char text[256];
	enum cg_err e;

	cg_copy(text, sizeof(text), cg_str_of(mysql_error(db->my)));
	e = cg_db_fail(db, number, text);
	return cg_db_say(db, e == CG_DATA ? (db->failed = CG_DB) : e,
	    "step %u (%s) failed and may be half done: MySQL %u: %s; "
	    "put that right and run \"clockgate migrate\" again",
	    s->version, s->name, number, text);
}

static enum cg_err
apply(struct cg_db *db, const struct cg_step *s)
{
	struct cg_cell record[] = {
		cg_cell_int(s->version),
		cg_cell_text(cg_str_of(s->name)),
		cg_cell_bytes(cg_str_of(s->sql)),
	};
	unsigned number;
	enum cg_err e;

	db->dirty = true;
	if ((number = send_text(db->my, s->sql)) != 0)
		return fail_step(db, s, number);
	if (mysql_set_server_option(db->my,
	    MYSQL_OPTION_MULTI_STATEMENTS_OFF) != 0)
		return fail_step(db, s, mysql_errno(db->my));
	e = cg_db_run(db, CG_Q_STEP_RECORD, record, CG_LEN(record), NULL);
	return e == CG_OK ? cg_db_commit(db) : e;
}

static enum cg_err
apply_missing(struct cg_db *db, cg_step_fn *fn, void *arg)
{
	size_t i = 0;
	enum cg_err e;

	if ((e = read_history(db, &i)) != CG_OK)
		return e;
	for (; e == CG_OK && i < cg_nsteps; i++) {
		e = apply(db, &cg_steps[i]);
		if (e == CG_OK && fn != NULL)
			fn(arg, cg_steps[i].version, cg_steps[i].name);
	}
	return e;
}

static enum cg_err
take_lock(struct cg_db *db)
{
	uint32_t got = 0;
	enum cg_err e = CG_OK;
	int i;

	for (i = 0; e == CG_OK && got != 1 && i < LOCK_TRIES; i++)
		e = cg_db_ask_u32(db, CG_Q_STEP_LOCK, NULL, 0, &got);
	if (e == CG_OK && got != 1)
		e = cg_db_say(db, CG_BUSY,
		    "another process changes the schema of this database");
	return e;
}

enum cg_err
cg_schema_migrate(struct cg_db *db, cg_step_fn *fn, void *arg)
{
	char why[CG_DB_WHY_MAX];
	uint32_t released;
	enum cg_err e, last;

	if ((e = take_lock(db)) != CG_OK)
		return e;
	e = apply_missing(db, fn, arg);
	memcpy(why, db->why, sizeof(why));
	cg_db_rollback(db);
	last = cg_db_ask_u32(db, CG_Q_STEP_UNLOCK, NULL, 0, &released);
	cg_db_rollback(db);
	if (e == CG_OK)
		return last;
	memcpy(db->why, why, sizeof(why));
	return e;
}
