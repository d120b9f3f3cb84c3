/* How many requests somebody may make, and that strangers change nothing of it. */
#include "config.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/app/bucket.h"

#define NOW	INT64_C(1767225600)

/* How many of n requests at this moment are let in. */
static unsigned
let_in(struct cg_buckets *b, const char *key, unsigned n, int64_t now)
{
	unsigned got = 0;

	while (n-- > 0)
		got += cg_buckets_take(b, cg_str_of(key), now);
	return got;
}

static struct cg_buckets *
buckets(unsigned rate, unsigned burst)
{
	struct cg_buckets *b = NULL;

	assert_int_equal(cg_buckets_new(rate, burst, &b), CG_OK);
	return b;
}

static void
test_rate_and_burst(void **state)
{
	struct cg_buckets *b = buckets(10, 50);

	(void)state;
	assert_int_equal(let_in(b, "one", 1000, NOW), 50);
	assert_int_equal(let_in(b, "two", 1000, NOW), 50);
	assert_int_equal(let_in(b, "one", 1000, NOW + 1), 10);
	assert_int_equal(let_in(b, "one", 1000, NOW + 3), 20);
	assert_int_equal(let_in(b, "two", 7, NOW + 3), 7);
	assert_int_equal(let_in(b, "one", 1000, NOW + 3600), 50);
	assert_int_equal(let_in(b, "", 1000, NOW), 50);
	cg_buckets_free(b);
}

static void
test_smallest(void **state)
{
	struct cg_buckets *b = buckets(1, 1);

	(void)state;
	assert_int_equal(let_in(b, "one", 5, NOW), 1);
	assert_int_equal(let_in(b, "one", 5, NOW + 1), 1);
	assert_int_equal(let_in(b, "one", 5, NOW + 3), 1);
	cg_buckets_free(b);
	b = buckets(100000, 1000000);
	assert_int_equal(let_in(b, "one", 1000001, NOW), 1000000);
	assert_int_equal(let_in(b, "one", 200000, NOW + 1), 100000);
	cg_buckets_free(b);
}

static void
test_no_limit(void **state)
{
	struct cg_buckets *b = buckets(0, 1);

	(void)state;
	assert_int_equal(let_in(b, "one", 100000, NOW), 100000);
	cg_buckets_free(b);
}

/* A machine whose time was wrong, and is set right. */
static void
test_time_set_back(void **state)
{
	struct cg_buckets *b = buckets(10, 50);

	(void)state;
	assert_int_equal(let_in(b, "one", 1000, NOW + 86400), 50);
	assert_int_equal(let_in(b, "one", 1000, NOW), 50);
	assert_int_equal(let_in(b, "one", 1000, NOW + 1), 10);
	cg_buckets_free(b);
}

/* Nobody gets new requests because a million others came by. */
static void
test_flood_of_keys(void **state)
{
	struct cg_buckets *b = buckets(10, 50);
	char key[32];
	unsigned i;

	(void)state;
	assert_int_equal(let_in(b, "mad", 1000, NOW), 50);
	for (i = 0; i < 1000000; i++) {
		snprintf(key, sizeof(key), "stranger %u", i);
		assert_true(cg_buckets_take(b, cg_str_of(key), NOW));
	}
	assert_int_equal(let_in(b, "mad", 1000, NOW), 0);
	assert_int_equal(let_in(b, "good", 50, NOW), 50);
	cg_buckets_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_and_burst),
		cmocka_unit_test(test_smallest),
		cmocka_unit_test(test_no_limit),
		cmocka_unit_test(test_time_set_back),
		cmocka_unit_test(test_flood_of_keys),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name("bucket", tests, NULL, NULL);
}
