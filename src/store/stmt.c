/*
 * Prepared statements: bind, execute, and rows as text.
 */
#include "config.h"

#include "db.h"

#include <stdlib.h>
#include <string.h>

/* ---- prepare ---- */

static enum cg_err
fail_stmt(struct cg_db *db, MYSQL_STMT *stmt)
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
		e = fail_stmt(db, stmt);
		cg_stmt_close(&stmt);
		return e == CG_DATA ? (db->failed = CG_DB) : e;
	}
	*slot = stmt;
	return CG_OK;
}

/* ---- bind ---- */

/* Grow an array to n elements of this size. */
static enum cg_err
grow(struct cg_db *db, void **array, size_t *have, size_t n, size_t size)
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
static void
bind_cell(MYSQL_BIND *b, const struct cg_cell *c, MYSQL_TIME **time)
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

static enum cg_err
bind_all(struct cg_db *db, const struct cg_cell *cell, size_t n)
{
	void *bind = db->bind, *times = db->time;
	enum cg_err e;
	MYSQL_TIME *time;
	size_t i;

	e = grow(db, &bind, &db->nbind, n, sizeof(*db->bind));
	db->bind = bind;
	if (e == CG_OK)
		e = grow(db, &times, &db->ntime, count_times(cell, n),
		    sizeof(*db->time));
	db->time = times;
	if (e != CG_OK)
		return e;
	memset(db->bind, 0, n * sizeof(*db->bind));
	time = db->time;
	for (i = 0; i < n; i++)
		bind_cell(&db->bind[i], &cell[i], &time);
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
		if ((e = bind_all(db, cell, n)) != CG_OK)
			return e;
		if (mysql_stmt_bind_param(stmt, db->bind) != 0)
			return fail_stmt(db, stmt);
	}
	db->dirty = true;
	if (CG_SPEAK(mysql_stmt_execute(stmt)) != 0)
		return fail_stmt(db, stmt);
	return CG_OK;
}

/* ---- execute for many rows ---- */

#ifdef MARIADB_BASE_VERSION
#define WIDTH_MAX	24		/* no row has more values */

/* The type of each column in these rows: of the first value that is not NULL. */
static size_t
note_types(const struct cg_cell *cell, size_t width, size_t n, uint8_t *type)
{
	size_t row, i;

	memset(type, CG_CELL_NULL, width);
	for (row = 0; row < n; row++)
		for (i = 0; i < width; i++, cell++) {
			if (type[i] == CG_CELL_NULL)
				type[i] = cell->type;
			else if (cell->type != type[i] &&
			    cell->type != CG_CELL_NULL)
				return row;
		}
	return n;
}

bool
cg_stmt_arrays(MYSQL *my)
{
	unsigned long has = 0;

	return mariadb_connection(my) &&
	    mariadb_get_infov(my, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES,
	    &has) == 0 && (has & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)) != 0;
}

size_t
cg_stmt_rows(const struct cg_db *db, const struct cg_cell *cell, size_t width,
    size_t n)
{
	uint8_t type[WIDTH_MAX];

	return db->arrays && width <= WIDTH_MAX ?
	    note_types(cell, width, n, type) : 1;
}

/* Rows on their way: the library asks for one after the other. */
struct rows {
	const struct cg_cell *cell;
	size_t		 width;
	MYSQL_TIME	*time;
	char		 state[WIDTH_MAX];	/* of each value: NULL or not */
};

static my_bool
bind_row(void *arg, MYSQL_BIND *bind, unsigned row)
{
	struct rows *r = arg;
	const struct cg_cell *cell = r->cell + row * r->width;
	MYSQL_TIME *time = r->time;
	size_t i;

	for (i = 0; i < r->width; i++) {
		r->state[i] = cell[i].type == CG_CELL_NULL ?
		    STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
		if (cell[i].type != CG_CELL_NULL)
			bind_cell(&bind[i], &cell[i], &time);
	}
	return 0;
}

/* What is bound first tells the server the types. */
static enum cg_err
bind_types(struct cg_db *db, struct rows *r, size_t n)
{
	uint8_t type[WIDTH_MAX];
	struct cg_cell cell[WIDTH_MAX] = { 0 };
	enum cg_err e;
	size_t i;

	(void)note_types(r->cell, r->width, n, type);
	for (i = 0; i < r->width; i++)
		cell[i].type = type[i] != CG_CELL_NULL ? type[i] : CG_CELL_TEXT;
	if ((e = bind_all(db, cell, r->width)) != CG_OK)
		return e;
	for (i = 0; i < r->width; i++)
		db->bind[i].u.indicator = &r->state[i];
	r->time = db->time;
	return CG_OK;
}

/* The library takes a function as void *: as in POSIX, they are of one size. */
static bool
take_arrays(MYSQL_STMT *stmt, struct rows *r, unsigned n)
{
	union {
		ps_param_callback	 fn;
		void			*p;
	} ask = { n > 0 ? bind_row : NULL };

	return mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &n) == 0 &&
	    mysql_stmt_attr_set(stmt, STMT_ATTR_CB_USER_DATA, r) == 0 &&
	    mysql_stmt_attr_set(stmt, STMT_ATTR_CB_PARAM, ask.p) == 0;
}

static enum cg_err
execute_array(struct cg_db *db, MYSQL_STMT *stmt, const struct cg_cell *cell,
    size_t width, size_t n)
{
	struct rows r = { .cell = cell, .width = width };
	enum cg_err e;

	if ((e = bind_types(db, &r, n)) != CG_OK)
		return e;
	db->dirty = true;
	if (!take_arrays(stmt, &r, (unsigned)n) ||
	    mysql_stmt_bind_param(stmt, db->bind) != 0 ||
	    CG_SPEAK(mysql_stmt_execute(stmt)) != 0)
		e = fail_stmt(db, stmt);
	(void)take_arrays(stmt, NULL, 0);
	return e;
}
#else
bool
cg_stmt_arrays(MYSQL *my)
{
	(void)my;
	return false;
}

size_t
cg_stmt_rows(const struct cg_db *db, const struct cg_cell *cell, size_t width,
    size_t n)
{
	(void)db, (void)cell, (void)width, (void)n;
	return 1;
}
#endif

enum cg_err
cg_stmt_execute_rows(struct cg_db *db, MYSQL_STMT *stmt, const struct cg_cell *cell,
    size_t width, size_t n)
{
#ifdef MARIADB_BASE_VERSION
	if (n > 1)
		return execute_array(db, stmt, cell, width, n);
#endif
	(void)n;
	return cg_stmt_execute(db, stmt, cell, width);
}

/* ---- single statements ---- */

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
		return fail_stmt(db, r->stmt);
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
		return fail_stmt(db, r->stmt);
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
	e = grow(db, &row, &db->nrow, n, 1);
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
			return fail_stmt(db, r->stmt);
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
			return fail_stmt(db, r->stmt);
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
