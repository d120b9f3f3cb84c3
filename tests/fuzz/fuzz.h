/*
 * What fuzz targets share: promises that must hold for any input.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "cg_base.h"

#include <stdio.h>
#include <stdlib.h>

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Not assert(): it must hold in every build. */
#define REQUIRE(promise) \
	do { \
		if (!(promise)) { \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, \
			    __LINE__, #promise); \
			abort(); \
		} \
	} while (0)

static inline struct cg_str
fuzz_input(const uint8_t *p, size_t n)
{
	return (struct cg_str){ (const char *)p, n };
}

/* s lies within whole, or is absent. */
static inline bool
fuzz_inside(struct cg_str s, struct cg_str whole)
{
	return s.p == NULL || ((uintptr_t)s.p >= (uintptr_t)whole.p &&
	    (uintptr_t)s.p + s.n <= (uintptr_t)whole.p + whole.n);
}

/* The bytes of s occur in whole. */
static inline bool
fuzz_within(struct cg_str s, struct cg_str whole)
{
	while (whole.n >= s.n && !cg_str_starts(whole, s))
		whole = cg_str_from(whole, 1);
	return whole.n >= s.n;
}

/* Read every byte, for the sanitizer to see. */
static inline size_t
fuzz_touch(struct cg_str s)
{
	volatile const char *p = s.p;
	size_t zeros = 0;

	for (size_t i = 0; i < s.n; i++)
		zeros += p[i] == '\0';
	return zeros;
}

#endif
