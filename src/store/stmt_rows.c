/*
 * One execution for many rows: MariaDB takes the values of all of them at once,
 * MySQL does not.
 */
#include "config.h"

#include "db.h"

#include <string.h>

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
			cg_cell_bind(&bind[i], &cell[i], &time);
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
	if ((e = cg_stmt_bind(db, cell, r->width)) != CG_OK)
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
		e = cg_stmt_fail(db, stmt);
	(void)take_arrays(stmt, NULL, 0);
	return e;
}

enum cg_err
cg_stmt_execute_rows(struct cg_db *db, MYSQL_STMT *stmt, const struct cg_cell *cell,
    size_t width, size_t n)
{
	return n > 1 ? execute_array(db, stmt, cell, width, n) :
	    cg_stmt_execute(db, stmt, cell, width);
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

enum cg_err
cg_stmt_execute_rows(struct cg_db *db, MYSQL_STMT *stmt, const struct cg_cell *cell,
    size_t width, size_t n)
{
	(void)n;
	return cg_stmt_execute(db, stmt, cell, width);
}
#endif
