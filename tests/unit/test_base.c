/*
 * base: slices, strict numbers, buffers, the arena, error texts.
 */
#include "config.h"

#include "cg_base.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assert_str.h"

#define ABSENT	((struct cg_str){ NULL, 0 })

/* Back to a mark: what stood before it stays, what came after is free. */
static void
test_arena_mark(void **state)
{
	struct cg_arena *a = NULL;
	struct cg_mark m;
	char *kept, *again;
	size_t used;
	int i;

	(void)state;
	assert_int_equal(cg_arena_new((size_t)4 << 20, &a), CG_OK);
	kept = cg_arena_dup(a, cg_lit("kept"));
	used = cg_arena_used(a);
	m = cg_arena_mark(a);
	again = cg_arena_get(a, 100);
	for (i = 0; i < 50; i++) {
		/* more than there is room for, were it not given back */
		assert_non_null(cg_arena_get(a, (size_t)1 << 20));
		assert_non_null(cg_arena_get(a, (size_t)1 << 20));
		assert_non_null(cg_arena_get(a, 10000));
		cg_arena_back(a, m);
		assert_int_equal(cg_arena_used(a), used);
		assert_string_equal(kept, "kept");
		assert_ptr_equal(cg_arena_get(a, 100), again);
		cg_arena_back(a, m);
	}
	cg_arena_reset(a);
	assert_int_equal(cg_arena_used(a), 0);
	cg_arena_free(a);
}

static void
test_index(void **state)
{
	static const struct cg_str list[] = {
		CG_STR("one"), CG_STR(""), CG_STR("two"), CG_STR("one")
	};

	(void)state;
	assert_int_equal(cg_str_index(list, CG_LEN(list), cg_lit("one")), 0);
	assert_int_equal(cg_str_index(list, CG_LEN(list), cg_lit("two")), 2);
	assert_int_equal(cg_str_index(list, CG_LEN(list), cg_lit("")), 1);
	assert_int_equal(cg_str_index(list, CG_LEN(list), ABSENT), CG_LEN(list));
	assert_int_equal(cg_str_index(list, CG_LEN(list), cg_lit("Two")),
	    CG_LEN(list));
	assert_int_equal(cg_str_index(list, 2, cg_lit("two")), 2);
	assert_int_equal(cg_str_index(NULL, 0, cg_lit("one")), 0);
}

static void
test_compare(void **state)
{
	static const struct {
		const char *a, *b;
		bool eq, ieq, starts, istarts, ascii;	/* the last of a alone */
	} rows[] = {
		{ "", "", true, true, true, true, true },
		{ NULL, NULL, true, true, true, true, true },
		{ NULL, "", false, false, true, true, true },
		{ "", NULL, false, false, true, true, true },
		{ "abc", "abc", true, true, true, true, true },
		{ "ABC", "abc", false, true, false, true, true },
		{ "abcd", "aBc", false, false, false, true, true },
		{ "ab", "abc", false, false, false, false, true },
		{ "abc", "abd", false, false, false, false, true },
		{ "a[", "a{", false, false, false, false, true },
		{ "\xC4", "\xE4", false, false, false, false, false },
		{ "\x7f", "a", false, false, false, false, true },
		{ "a\x80", "a", false, false, true, true, false },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_str a = cg_str_of(rows[i].a);
		struct cg_str b = cg_str_of(rows[i].b);

		assert_int_equal(cg_str_eq(a, b), rows[i].eq);
		assert_int_equal(cg_str_ieq(a, b), rows[i].ieq);
		assert_int_equal(cg_str_starts(a, b), rows[i].starts);
		assert_int_equal(cg_str_istarts(a, b), rows[i].istarts);
		assert_int_equal(cg_str_ascii(a), rows[i].ascii);
	}
}

static void
test_parts(void **state)
{
	struct cg_str s = cg_lit("a=b=c");

	(void)state;
	assert_int_equal(cg_str_chr(s, '='), 1);
	assert_int_equal(cg_str_chr(s, 'x'), 5);
	assert_int_equal(cg_str_chr(ABSENT, 'x'), 0);
	assert_str(cg_str_from(s, 2), "b=c");
	assert_str(cg_str_from(s, 5), "");
	assert_str(cg_str_from(ABSENT, 0), NULL);
	assert_str(cg_str_head(s, 1), "a");
	assert_str(cg_str_of(NULL), NULL);
}

static void
test_trim(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ NULL, NULL }, { "", "" }, { " \t\r\n", "" }, { "a", "a" },
		{ "  a b\t\r\n", "a b" }, { "\na", "a" }, { "\va", "\va" },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		assert_str(cg_str_trim(cg_str_of(rows[i].in)), rows[i].out);
}

#define PIECES	4

static void
test_cut(void **state)
{
	static const struct {
		const char *in;
		const char *piece[PIECES];
	} rows[] = {
		{ NULL, { NULL } },
		{ "", { "" } },
		{ "a", { "a" } },
		{ "a,,b", { "a", "", "b" } },
		{ ",", { "", "" } },
		{ "a,", { "a", "" } },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_str rest = cg_str_of(rows[i].in), piece;
		size_t n = 0;

		while (cg_str_cut(&rest, ',', &piece)) {
			assert_true(n < PIECES);
			assert_str(piece, rows[i].piece[n++]);
		}
		assert_true(n == PIECES || rows[i].piece[n] == NULL);
		assert_null(rest.p);
	}
}

static void
test_line(void **state)
{
	static const struct {
		const char *in;
		const char *line[PIECES];
	} rows[] = {
		{ NULL, { NULL } },
		{ "", { NULL } },
		{ "a", { "a" } },
		{ "a\n", { "a" } },
		{ "a\r\nb\nc", { "a", "b", "c" } },
		{ "\n\r\n", { "", "" } },
		{ "a\r", { "a" } },
		{ "a\rb\r\r\n", { "a\rb\r" } },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_str rest = cg_str_of(rows[i].in), line;
		size_t n = 0;

		while (cg_str_line(&rest, &line)) {
			assert_true(n < PIECES);
			assert_str(line, rows[i].line[n++]);
		}
		assert_true(n == PIECES || rows[i].line[n] == NULL);
		assert_int_equal(rest.n, 0);
	}
}

static void
test_u32(void **state)
{
	static const struct {
		const char *in;
		uint32_t max;
		enum cg_err e;
		uint32_t v;
	} rows[] = {
		{ "0", 0, CG_OK, 0 },
		{ "1", 0, CG_LIMIT, 0 },
		{ "4", 3, CG_LIMIT, 0 },
		{ "007", 7, CG_OK, 7 },
		{ "4294967295", UINT32_MAX, CG_OK, UINT32_MAX },
		{ "4294967296", UINT32_MAX, CG_LIMIT, 0 },
		{ "99999999999999999999999", UINT32_MAX, CG_LIMIT, 0 },
		{ "9999999999999999999999x", UINT32_MAX, CG_SYNTAX, 0 },
		{ NULL, 9, CG_SYNTAX, 0 },
		{ "", 9, CG_SYNTAX, 0 },
		{ " 1", 9, CG_SYNTAX, 0 },
		{ "1 ", 9, CG_SYNTAX, 0 },
		{ "-1", 9, CG_SYNTAX, 0 },
		{ "+1", 9, CG_SYNTAX, 0 },
		{ "0x1", 99, CG_SYNTAX, 0 },
		{ "\xFF", 99, CG_SYNTAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		uint32_t v = 12345;
		enum cg_err e = cg_str_u32(cg_str_of(rows[i].in), rows[i].max, &v);

		assert_int_equal(e, rows[i].e);
		assert_int_equal(v, e == CG_OK ? rows[i].v : 12345);
	}
}

static void
test_signed(void **state)
{
	static const struct {
		const char *in;
		int64_t min, max;
		enum cg_err e;
		int64_t v;
	} rows[] = {
		{ "0", 0, 0, CG_OK, 0 },
		{ "-0", 0, 0, CG_OK, 0 },
		{ "+5", -9, 9, CG_OK, 5 },
		{ "-5", -9, 9, CG_OK, -5 },
		{ "-10", -9, 9, CG_LIMIT, 0 },
		{ "10", -9, 9, CG_LIMIT, 0 },
		{ "9223372036854775807", INT64_MIN, INT64_MAX, CG_OK, INT64_MAX },
		{ "-9223372036854775808", INT64_MIN, INT64_MAX, CG_OK, INT64_MIN },
		{ "9223372036854775808", INT64_MIN, INT64_MAX, CG_LIMIT, 0 },
		{ "-9223372036854775809", INT64_MIN, INT64_MAX, CG_LIMIT, 0 },
		{ "-", -9, 9, CG_SYNTAX, 0 },
		{ "", -9, 9, CG_SYNTAX, 0 },
		{ NULL, -9, 9, CG_SYNTAX, 0 },
		{ "--1", -9, 9, CG_SYNTAX, 0 },
		{ "1.0", -9, 9, CG_SYNTAX, 0 },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_str s = cg_str_of(rows[i].in);
		int64_t v = 12345;
		enum cg_err e = cg_str_i64(s, rows[i].min, rows[i].max, &v);

		assert_int_equal(e, rows[i].e);
		assert_true(v == (e == CG_OK ? rows[i].v : 12345));
	}
}

static void
test_i32(void **state)
{
	int32_t v = 7;

	(void)state;
	assert_int_equal(cg_str_i32(cg_lit("-2147483648"), INT32_MIN, INT32_MAX,
	    &v), CG_OK);
	assert_int_equal(v, INT32_MIN);
	assert_int_equal(cg_str_i32(cg_lit("2147483648"), INT32_MIN, INT32_MAX,
	    &v), CG_LIMIT);
	assert_int_equal(v, INT32_MIN);
}

static struct cg_arena *
arena(size_t max)
{
	struct cg_arena *a = NULL;

	assert_int_equal(cg_arena_new(max, &a), CG_OK);
	assert_non_null(a);
	return a;
}

static void
test_arena_pieces(void **state)
{
	struct cg_arena *a = arena(1024 * 1024);
	char *before = NULL;

	(void)state;
	assert_int_equal(cg_arena_used(a), 0);
	for (size_t n = 0; n < 300; n++) {
		char *p = cg_arena_get(a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		assert_ptr_not_equal(p, before);
		memset(p, 'x', n);
		before = p;
	}
	assert_true(cg_arena_used(a) >= 299 * 300 / 2);
	cg_arena_reset(a);
	assert_int_equal(cg_arena_used(a), 0);
	cg_arena_free(a);
	cg_arena_free(NULL);
}

static void
test_keep(void **state)
{
	struct cg_arena *a = arena(4096);
	struct cg_str in = { "a\0b", 3 }, out = ABSENT;

	(void)state;
	assert_true(cg_arena_keep(a, in, &out));
	assert_true(cg_str_eq(in, out));
	assert_ptr_not_equal(in.p, out.p);
	assert_int_equal(out.p[3], '\0');
	assert_false(cg_arena_keep(a, (struct cg_str){ "x", 8192 }, &out));
	assert_true(cg_str_eq(in, out));
	cg_arena_free(a);
}

static void
test_arena_cap(void **state)
{
	struct cg_arena *a = arena(1024 * 1024);
	size_t n = 0;

	(void)state;
	assert_null(cg_arena_get(a, 1024 * 1024 + 1));
	assert_null(cg_arena_get(a, SIZE_MAX));
	assert_non_null(cg_arena_get(a, 900 * 1024));
	assert_null(cg_arena_get(a, 100 * 1024));
	while (cg_arena_get(a, 1024) != NULL)
		assert_true(++n <= 124);
	assert_true(n >= 120);
	cg_arena_reset(a);
	assert_non_null(cg_arena_get(a, 900 * 1024));
	cg_arena_free(a);
}

static void
test_arena_limits(void **state)
{
	struct cg_arena *a = arena(100);

	(void)state;
	assert_non_null(cg_arena_get(a, 64));
	assert_null(cg_arena_get(a, 64));
	cg_arena_free(a);
	a = arena(SIZE_MAX);
	assert_null(cg_arena_get(a, SIZE_MAX));
	assert_non_null(cg_arena_get(a, 0));
	cg_arena_free(a);
}

/* What one block handed out must not move or change while another grows. */
static void
test_arena_keeps(void **state)
{
	struct cg_arena *a = arena(8 * 1024 * 1024);
	char *small = cg_arena_dup(a, cg_lit("small"));
	char *large = cg_arena_get(a, 3 * 1024 * 1024);

	(void)state;
	assert_non_null(small);
	assert_non_null(large);
	memset(large, 'L', 3 * 1024 * 1024);
	for (int i = 0; i < 200; i++) {
		char *p = cg_arena_get(a, 1000);

		assert_non_null(p);
		memset(p, 'p', 1000);
	}
	assert_string_equal(small, "small");
	assert_int_equal(large[3 * 1024 * 1024 - 1], 'L');
	cg_arena_reset(a);
	small = cg_arena_dup(a, cg_lit("again"));
	assert_non_null(small);
	assert_string_equal(small, "again");
	cg_arena_free(a);
}

static void
test_dup(void **state)
{
	struct cg_arena *a = arena(4096);
	const struct cg_str nul = { "a\0b", 3 };
	char *p;

	(void)state;
	p = cg_arena_dup(a, nul);
	assert_non_null(p);
	assert_memory_equal(p, "a\0b", 4);
	p = cg_arena_dup(a, ABSENT);
	assert_non_null(p);
	assert_string_equal(p, "");
	assert_null(cg_arena_dup(a, (struct cg_str){ "x", SIZE_MAX }));
	assert_null(cg_arena_dup(a, (struct cg_str){ "x", 8192 }));
	cg_arena_free(a);
}

static void
test_buf(void **state)
{
	struct cg_arena *a = arena(4096);
	struct cg_buf b;

	(void)state;
	cg_buf_init(&b, a, 8);
	cg_buf_put(&b, ABSENT);
	cg_buf_putz(&b, "ab");
	cg_buf_putf(&b, "%d", 42);
	assert_false(b.full);
	assert_str(cg_buf_str(&b), "ab42");
	cg_buf_put(&b, cg_lit("cdef"));
	assert_false(b.full);
	assert_str(cg_buf_str(&b), "ab42cdef");
	cg_buf_putf(&b, "%s", "");
	assert_true(b.full);
	cg_arena_free(a);
}

static void
test_buf_numbers(void **state)
{
	char text[32];
	struct cg_buf b = { text, 0, sizeof(text), false };

	(void)state;
	cg_buf_putu(&b, 0);
	cg_buf_putu(&b, 1203);
	cg_buf_putu(&b, UINT64_MAX);
	assert_str(cg_buf_str(&b), "0120318446744073709551615");
	assert_false(b.full);
	b.cap = b.n + 3;
	cg_buf_putu(&b, 1000);
	assert_true(b.full);
}

static void
test_buf_full(void **state)
{
	struct cg_arena *a = arena(4096);
	struct cg_buf b;

	(void)state;
	cg_buf_init(&b, a, 4);
	cg_buf_putz(&b, "abcde");
	assert_true(b.full);
	cg_buf_putz(&b, "a");
	cg_buf_putf(&b, "%d", 1);
	assert_int_equal(b.n, 0);
	cg_buf_init(&b, a, 4);
	cg_buf_putf(&b, "%d", 12345);
	assert_true(b.full);
	assert_int_equal(b.n, 0);
	cg_buf_init(&b, a, 5000);
	assert_true(b.full);
	cg_buf_putz(&b, "a");
	cg_buf_putf(&b, "%d", 1);
	assert_int_equal(cg_buf_str(&b).n, 0);
	cg_arena_free(a);
}

static void
test_err(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CG_ERR__MAX; i++) {
		assert_non_null(cg_err_text((enum cg_err)i));
		assert_string_not_equal(cg_err_text((enum cg_err)i), "");
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(cg_err_text((enum cg_err)i),
			    cg_err_text((enum cg_err)j));
	}
	assert_string_equal(cg_err_text(CG_ERR__MAX), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_mark),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_u32),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_i32),
		cmocka_unit_test(test_arena_pieces),
		cmocka_unit_test(test_arena_cap),
		cmocka_unit_test(test_arena_limits),
		cmocka_unit_test(test_arena_keeps),
		cmocka_unit_test(test_dup),
		cmocka_unit_test(test_buf_numbers),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_buf_full),
		cmocka_unit_test(test_err),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
