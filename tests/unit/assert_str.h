/*
 * What tests of slices share.
 */
#ifndef CG_TEST_ASSERT_STR_H
#define CG_TEST_ASSERT_STR_H

#include "cg_base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* These bytes; NULL: absent. */
static inline void
assert_str(struct cg_str got, const char *want)
{
	if (want == NULL) {
		assert_null(got.p);
		return;
	}
	assert_non_null(got.p);
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

#endif
