/*
 * What every store test has: a database with the schema in it, a clock, and
 * a second connection (root's) to look and to make trouble with.
 */
#ifndef CG_TEST_STORE_FIXTURE_H
#define CG_TEST_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <mysql.h>

#include "cg_base.h"
#include "cg_push.h"
#include "cg_store.h"

#define SN	"TST0000000001"

struct fixture {
	struct cg_db	*db;		/* as the programs do: user clockgate */
	MYSQL		*root;
	struct cg_arena	*arena;
	struct cg_device clock;		/* SN, active */
	struct cg_origin from;		/* a line of it */
};

/* For cmocka: a group, and a test that starts with empty tables. */
int		 group_up(void **state);
int		 group_down(void **state);
int		 test_up(void **state);

/* What CG_TEST_SOCKET names, as this user. */
struct cg_db_conf conf_of(const char *user);
/* Run a statement as root, which must succeed. */
void		 sql(struct fixture *, const char *fmt, ...) CG_PRINTF(2, 3);
/* The first value of a query, as text; "NULL" for NULL, "" for no row. */
const char	*value(struct fixture *, const char *query);
long long	 number(struct fixture *, const char *query);
/* Rows that the server has read one behind the other: of scans. */
long long	 rows_read(struct fixture *);
struct cg_str	 str(const char *);

#define assert_ok(f, e)							\
	do {								\
		enum cg_err e_ = (e);					\
		if (e_ != CG_OK)					\
			fail_msg("%s: %s", cg_err_text(e_),		\
			    cg_db_why((f)->db));			\
	} while (0)
#define assert_value(f, query, text)					\
	assert_string_equal(value((f), (query)), (text))
#define assert_number(f, query, n)					\
	assert_int_equal(number((f), (query)), (n))

/* A punch of that PIN, so many seconds into 2026. */
struct cg_punch	 punch(const char *pin, int64_t seconds);
enum cg_err	 put_punch(struct fixture *, const struct cg_punch *);

#endif
