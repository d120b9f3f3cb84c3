/*
 * The statements of sql.c: run one, and read its rows as text.
 */
#include "config.h"

#include "db.h"

#include <string.h>

/* ---- run ---- */

/* Larger than the server takes: it would hang up instead of an answer. */
static enum cg_err
check_size(struct cg_db *db, const struct cg_cell *cell, size_t n)
{
	uint64_t size = 1024;
	size_t i;

	for (i = 0; i < n; i++)
		size += 16 + cell[i].n;
	if (size < db->packet_max)
		return CG_OK;
	return cg_db_say(db, CG_LIMIT, "larger than the database takes "
	    "(max_allowed_packet)");
}

static enum cg_err
start(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell, size_t n)
{
	enum cg_err e;

	if ((e = cg_db_ready(db)) != CG_OK ||
	    (e = check_size(db, cell, n)) != CG_OK ||
	    (e = cg_stmt_prepare(db, cg_sql[q], strlen(cg_sql[q]),
	    &db->stmt[q])) != CG_OK)
		return e;
	return cg_stmt_execute(db, db->stmt[q], cell, n);
}

enum cg_err
cg_db_run(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n, uint64_t *rows)
{
	enum cg_err e;

	db->wrote = true;
	if ((e = start(db, q, cell, n)) == CG_OK && rows != NULL)
		*rows = mysql_stmt_affected_rows(db->stmt[q]);
	return e;
}

enum cg_err
cg_db_meet(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n)
{
	uint64_t rows = 0;
	enum cg_err e = cg_db_run(db, q, cell, n, &rows);

	return e == CG_OK && rows == 0 ? CG_UNKNOWN : e;
}

enum cg_err
cg_db_change(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n)
{
	enum cg_err e = cg_db_meet(db, q, cell, n);

	if (e == CG_OK)
		e = cg_db_commit(db);
	if (e != CG_OK)
		cg_db_rollback(db);
	return e;
}

/* ---- results ---- */

struct result {
	MYSQL_STMT	*stmt;
	MYSQL_RES	*meta;
	MYSQL_BIND	 bind[CG_REPORT_COLUMNS];
	unsigned long	 length[CG_REPORT_COLUMNS];
	char		 null[CG_REPORT_COLUMNS];
	struct cg_row	 row;
};

/* The columns, bound to no room at all: their lengths come first. */
static enum cg_err
open_result(struct cg_db *db, struct result *r)
{
	MYSQL_FIELD *field;
	size_t i;

	if ((r->meta = mysql_stmt_result_metadata(r->stmt)) == NULL)
		return cg_stmt_fail(db, r->stmt);
	r->row.n = mysql_num_fields(r->meta);
	if (r->row.n > CG_REPORT_COLUMNS)
		return cg_db_say(db, db->failed = CG_DB, "too many columns");
	field = mysql_fetch_fields(r->meta);
	for (i = 0; i < r->row.n; i++) {
		r->row.name[i] = field[i].name;
		r->bind[i].buffer_type = MYSQL_TYPE_STRING;
		r->bind[i].length = &r->length[i];
		/* my_bool of MariaDB, bool of MySQL: one byte in both */
		r->bind[i].is_null = (void *)&r->null[i];
	}
	if (mysql_stmt_bind_result(r->stmt, r->bind) != 0)
		return cg_stmt_fail(db, r->stmt);
	return CG_OK;
}

static enum cg_err
make_room(struct cg_db *db, const struct result *r)
{
	void *row = db->row;
	size_t i, n = 1;
	enum cg_err e;

	for (i = 0; i < r->row.n; i++)
		n += r->null[i] ? 0 : r->length[i] + 1;
	e = cg_db_grow(db, &row, &db->nrow, n, 1);
	db->row = row;
	return e;
}

static enum cg_err
fetch_values(struct cg_db *db, struct result *r)
{
	char *to = db->row;
	unsigned i;

	for (i = 0; i < r->row.n; i++) {
		unsigned long n = r->length[i];
		MYSQL_BIND b = { .buffer_type = MYSQL_TYPE_STRING };

		r->row.value[i] = (struct cg_str){ NULL, 0 };
		if (r->null[i])
			continue;
		b.buffer = to;
		b.buffer_length = n + 1;
		b.length = &n;
		if (n > 0 && mysql_stmt_fetch_column(r->stmt, &b, i, 0) != 0)
			return cg_stmt_fail(db, r->stmt);
		r->row.value[i] = (struct cg_str){ to, r->length[i] };
		to += r->length[i] + 1;
	}
	return CG_OK;
}

static enum cg_err
each_row(struct cg_db *db, struct result *r, cg_ask_fn *fn, void *arg)
{
	enum cg_err e;
	int got;

	while ((got = CG_SPEAK(mysql_stmt_fetch(r->stmt))) != MYSQL_NO_DATA) {
		if (got != 0 && got != MYSQL_DATA_TRUNCATED)
			return cg_stmt_fail(db, r->stmt);
		if ((e = make_room(db, r)) != CG_OK ||
		    (e = fetch_values(db, r)) != CG_OK ||
		    (e = fn(arg, &r->row)) != CG_OK)
			return e;
	}
	return CG_OK;
}

/* The names of the columns; the values are all absent. */
static enum cg_err
head_row(const struct result *r, cg_ask_fn *fn, void *arg)
{
	struct cg_row row = r->row;

	row.head = true;
	return fn(arg, &row);
}

static enum cg_err
ask(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell, size_t n,
    bool head, cg_ask_fn *fn, void *arg)
{
	struct result r = { 0 };
	enum cg_err e;

	if ((e = start(db, q, cell, n)) != CG_OK)
		return e;
	r.stmt = db->stmt[q];
	e = open_result(db, &r);
	if (e == CG_OK && head)
		e = head_row(&r, fn, arg);
	if (e == CG_OK)
		e = each_row(db, &r, fn, arg);
	if (r.meta != NULL)
		mysql_free_result(r.meta);
	(void)mysql_stmt_free_result(r.stmt);
	return e;
}

enum cg_err
cg_db_ask(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n, cg_ask_fn *fn, void *arg)
{
	return ask(db, q, cell, n, false, fn, arg);
}

enum cg_err
cg_db_list(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n, cg_ask_fn *fn, void *arg)
{
	return ask(db, q, cell, n, true, fn, arg);
}

struct serials {
	cg_serial_fn	*fn;
	void		*arg;
};

static enum cg_err
take_serial(void *arg, const struct cg_row *row)
{
	const struct serials *s = arg;

	s->fn(s->arg, row->value[0]);
	return CG_OK;
}

enum cg_err
cg_db_ask_serials(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n, cg_serial_fn *fn, void *arg)
{
	struct serials s = { fn, arg };

	return cg_db_ask(db, q, cell, n, take_serial, &s);
}

void
cg_copy(char *out, size_t max, struct cg_str s)
{
	size_t n = s.n < max ? s.n : max - 1;

	if (n > 0)
		memcpy(out, s.p, n);
	out[n] = '\0';
}

struct text {
	char	*out;
	size_t	 max;
};

static enum cg_err
take_text(void *arg, const struct cg_row *row)
{
	struct text *t = arg;

	cg_copy(t->out, t->max, row->value[0]);
	return CG_OK;
}

enum cg_err
cg_db_ask_text(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n, char *out, size_t max)
{
	struct text t = { out, max };

	out[0] = '\0';
	return cg_db_ask(db, q, cell, n, take_text, &t);
}

enum cg_err
cg_db_ask_u32(struct cg_db *db, enum cg_stmt q, const struct cg_cell *cell,
    size_t n, uint32_t *out)
{
	char text[16];
	enum cg_err e;

	if ((e = cg_db_ask_text(db, q, cell, n, text, sizeof(text))) != CG_OK)
		return e;
	*out = 0;
	if (text[0] != '\0' &&
	    cg_str_u32(cg_str_of(text), UINT32_MAX, out) != CG_OK)
		return cg_db_say(db, db->failed = CG_DB, "%s is no number", text);
	return CG_OK;
}
