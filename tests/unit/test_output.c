/* Rows that are written when they come: each is, however many there are. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../tools/cli.h"

#define LARGE	((size_t)1024 * 1024)
#define ROWS	100		/* together more than a table may have */

static size_t
lines(FILE *f)
{
	size_t n = 0;
	int c;

	rewind(f);
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	return n;
}

/* The column extra is none of those that a table shows when it is followed. */
static void
stream(enum cli_format format)
{
	static const char *const name[] = { "id", "extra" };
	char *text = malloc(LARGE);
	struct cg_str row[] = { cg_lit("7"), { text, LARGE } };
	FILE *f = tmpfile();
	struct out *out = out_new(format, f);

	assert_non_null(text);
	assert_non_null(f);
	assert_non_null(out);
	memset(text, 'x', LARGE);
	out_stream(out);
	for (int i = 0; i < ROWS; i++) {
		out_row(out, name, row, CG_LEN(row));
		assert_true(out_flush(out));
	}
	assert_int_equal(lines(f), format == CLI_JSON ? ROWS : ROWS + 1);
	out_drop(out);
	fclose(f);
	free(text);
}

static void
test_table(void **state)
{
	(void)state;
	stream(CLI_TABLE);
}

static void
test_json(void **state)
{
	(void)state;
	stream(CLI_JSON);
}

static void
test_full_disk(void **state)
{
	static const char *const name[] = { "id" };
	struct cg_str row = cg_lit("7");
	FILE *f = fopen("/dev/full", "w");
	struct out *out = out_new(CLI_CSV, f);

	(void)state;
	assert_non_null(f);
	assert_non_null(out);
	out_stream(out);
	out_row(out, name, &row, 1);
	assert_false(out_flush(out));
	out_drop(out);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
