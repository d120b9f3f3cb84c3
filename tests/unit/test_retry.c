/* Uploads that are read again, and what ends that: the store is made up. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/app/retry.c"

static const struct row {
	const char	*sn;
	enum cg_err	 find;		/* of its clock */
	unsigned	 records;
	unsigned	 raw;		/* of them */
	unsigned	 refused;	/* of them, by MySQL */
} rows[] = {
	{ "A", CG_OK, 1, 0, 0 },
	{ "GONE", CG_UNKNOWN, 1, 0, 0 },
	{ "A", CG_OK, 1, 1, 0 },
	{ "A", CG_OK, 1, 0, 1 },
	{ "A", CG_OK, 5, 2, 1 },
	{ "A", CG_OK, 0, 0, 0 },
	{ "A", CG_OK, 1, 0, 0 },
};

static const struct row *asked;
static unsigned commits, rollbacks, refused;
static int64_t as_of;
static enum cg_err fault;		/* of the last row's clock */

enum cg_err
cg_rejected_next(struct cg_db *db, struct cg_str sn, int64_t after,
    struct cg_arena *arena, struct cg_rejected *out)
{
	(void)db;
	(void)sn;
	(void)arena;
	if (after >= (int64_t)CG_LEN(rows))
		return CG_UNKNOWN;
	asked = &rows[after];
	*out = (struct cg_rejected){ after + 1, cg_str_of(asked->sn),
	    cg_lit("cdata"), cg_lit("ATTLOG"), cg_lit("x") };
	return CG_OK;
}

enum cg_err
cg_device_find(struct cg_db *db, struct cg_str sn, struct cg_device *out)
{
	(void)db;
	(void)sn;
	*out = (struct cg_device){ .id = 1 };
	return asked == &rows[CG_LEN(rows) - 1] ? fault : asked->find;
}

enum cg_err
cg_keeper_init(struct cg_keeper *k, struct cg_app *app,
    const struct cg_device *d, const struct cg_req *req, struct cg_res *res,
    struct cg_str table)
{
	*k = (struct cg_keeper){ app, d, req, res, table };
	return CG_OK;
}

enum cg_err
cg_keep(const struct cg_keeper *k, const struct cg_upload *u, struct cg_str body)
{
	(void)u;
	(void)body;
	k->res->rows = asked->records;
	k->res->raw = asked->raw;
	return CG_OK;
}

void
cg_db_as_of(struct cg_db *db, int64_t utc)
{
	(void)db;
	as_of = utc;
}

enum cg_err
cg_db_send(struct cg_db *db)
{
	(void)db;
	refused += asked->refused;
	return CG_OK;
}

unsigned
cg_db_refused(const struct cg_db *db)
{
	(void)db;
	return refused;
}

enum cg_err
cg_rejected_drop(struct cg_db *db, int64_t id)
{
	(void)db;
	(void)id;
	return CG_OK;
}

enum cg_err
cg_db_commit(struct cg_db *db)
{
	(void)db;
	commits++;
	return CG_OK;
}

void
cg_db_rollback(struct cg_db *db)
{
	(void)db;
	rollbacks++;
}

static int
begin(void **state)
{
	(void)state;
	commits = rollbacks = 0;
	fault = CG_OK;
	return 0;
}

static void
test_gone_clock_is_passed_over(void **state)
{
	struct cg_app app = { 0 };
	struct cg_retried count;

	(void)state;
	assert_int_equal(cg_retry(&app, cg_lit(""), &count), CG_OK);
	assert_int_equal(count.tried, CG_LEN(rows));
	assert_int_equal(count.stored, 3);
	assert_int_equal(commits, 1);
	assert_int_equal(rollbacks, 0);
	assert_true(as_of == CG_NO_UTC);
}

static void
test_fault_ends_it(void **state)
{
	struct cg_app app = { 0 };
	struct cg_retried count;

	(void)state;
	fault = CG_DB;
	assert_int_equal(cg_retry(&app, cg_lit(""), &count), CG_DB);
	assert_int_equal(count.stored, 0);
	assert_int_equal(commits, 0);
	assert_int_equal(rollbacks, 1);
}

static void
test_one(void **state)
{
	static const struct {
		int64_t		 id;
		enum cg_err	 e;
		unsigned	 tried;
		unsigned	 stored;
	} cases[] = {
		{ 1, CG_OK, 1, 1 }, { 2, CG_OK, 1, 0 }, { 3, CG_OK, 1, 0 },
		{ 4, CG_OK, 1, 0 },
		{ 5, CG_OK, 4, 1 },	/* it, and the three that it left */
		{ 6, CG_OK, 1, 0 },
		{ CG_LEN(rows) + 1, CG_UNKNOWN, 0, 0 },
	};
	struct cg_app app = { 0 };
	struct cg_retried count;

	(void)state;
	for (size_t i = 0; i < CG_LEN(cases); i++) {
		count = (struct cg_retried){ 0, 0 };
		assert_int_equal(cg_retry_one(&app, cases[i].id, &count),
		    cases[i].e);
		assert_int_equal(count.tried, cases[i].tried);
		assert_int_equal(count.stored, cases[i].stored);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_gone_clock_is_passed_over, begin),
		cmocka_unit_test_setup(test_fault_ends_it, begin),
		cmocka_unit_test_setup(test_one, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
