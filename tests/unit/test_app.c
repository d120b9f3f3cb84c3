/* Small parts of the app room: the roster, character sets, the log's escapes. */
#include "config.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../src/app/roster.h"

static struct cg_device
device(unsigned i)
{
	struct cg_device d = { .id = i, .status = CG_DEVICE_ACTIVE };

	snprintf(d.sn, sizeof(d.sn), "SN%06u", i);
	return d;
}

static void
test_roster_holds_many(void **state)
{
	struct cg_roster *r = NULL;
	struct cg_known *k;
	struct cg_device d;
	unsigned i;

	(void)state;
	assert_int_equal(cg_roster_new(&r), CG_OK);
	assert_null(cg_roster_find(r, cg_lit("SN000001")));
	for (i = 1; i <= 5000; i++) {
		d = device(i);
		assert_non_null(cg_roster_put(r, &d, 7));
	}
	assert_int_equal(cg_roster_count(r), 5000);
	for (i = 1; i <= 5000; i++) {
		d = device(i);
		k = cg_roster_find(r, cg_str_of(d.sn));
		assert_non_null(k);
		assert_int_equal(k->device.id, i);
		assert_int_equal(k->loaded, 7);
	}
	assert_null(cg_roster_find(r, cg_lit("SN00000")));
	assert_null(cg_roster_find(r, cg_lit("sn000001")));
	d = device(1);
	d.status = CG_DEVICE_DISABLED;
	k = cg_roster_put(r, &d, 9);
	assert_int_equal(k->device.status, CG_DEVICE_DISABLED);
	assert_int_equal(cg_roster_count(r), 5000);
	cg_roster_stale(r, cg_lit("SN000001"));
	assert_true(k->loaded == INT64_MIN);
	cg_roster_stale(r, cg_lit("nobody"));
	cg_roster_free(r);
}

/* Serials that anybody can make up do not stay; those that are served do. */
static void
test_roster_sweep(void **state)
{
	struct cg_roster *r = NULL;
	struct cg_known *seen;
	struct cg_device d;
	unsigned i;

	(void)state;
	assert_int_equal(cg_roster_new(&r), CG_OK);
	for (i = 1; i <= 3000; i++) {
		d = device(i);
		d.status = i % 3 == 0 ? CG_DEVICE_ACTIVE : CG_DEVICE_PENDING;
		seen = cg_roster_put(r, &d, 1);
	}
	d = device(2999);
	seen = cg_roster_find(r, cg_str_of(d.sn));
	cg_roster_seen(r, seen, 1, cg_lit("192.0.2.1"));
	cg_roster_sweep(r);
	assert_int_equal(cg_roster_count(r), 1001);
	for (i = 3; i <= 3000; i += 3) {
		d = device(i);
		assert_non_null(cg_roster_find(r, cg_str_of(d.sn)));
	}
	assert_ptr_equal(cg_roster_find(r, cg_lit("SN002999")), seen);
	assert_null(cg_roster_find(r, cg_lit("SN000001")));
	cg_roster_sweep(r);
	assert_int_equal(cg_roster_count(r), 1001);
	cg_roster_stale_all(r);
	assert_true(seen->loaded == INT64_MIN);
	cg_roster_free(r);
}

static void
test_roster_presence(void **state)
{
	struct cg_roster *r = NULL;
	struct cg_known *a, *b;
	struct cg_device d1 = device(1), d2 = device(2);
	unsigned n = 0;
	char longer[100];

	(void)state;
	memset(longer, '1', sizeof(longer));
	assert_int_equal(cg_roster_new(&r), CG_OK);
	a = cg_roster_put(r, &d1, 0);
	b = cg_roster_put(r, &d2, 0);
	assert_null(cg_roster_dirty(r));
	cg_roster_seen(r, a, 100, cg_lit("192.0.2.1"));
	cg_roster_seen(r, b, 100, cg_lit("192.0.2.2"));
	cg_roster_seen(r, a, 101, cg_lit("192.0.2.3"));
	for (struct cg_known *k = cg_roster_dirty(r); k != NULL; k = k->next_dirty)
		assert_int_equal(k->device.id, ++n);	/* by their ids */
	assert_int_equal(n, 2);
	assert_int_equal(a->seen, 101);
	assert_string_equal(a->ip, "192.0.2.3");
	cg_roster_clean(r);
	assert_null(cg_roster_dirty(r));
	cg_roster_seen(r, a, 102, (struct cg_str){ longer, sizeof(longer) });
	assert_int_equal(strlen(a->ip), CG_IP_MAX);
	assert_ptr_equal(cg_roster_dirty(r), a);
	cg_roster_free(r);
}

static const struct {
	const char	*charset;
	struct cg_str	 in;
	struct cg_str	 out;
	bool		 clean;
} texts[] = {
	{ "UTF-8",	CG_STR("plain"), CG_STR("plain"), true },
	{ "UTF-8",	CG_STR(""), CG_STR(""), true },
	{ "UTF-8",	CG_STR("J\xc3\xbcrgen"), CG_STR("J\xc3\xbcrgen"), true },
	{ "UTF-8",	CG_STR("\xf0\x9f\x98\x80"), CG_STR("\xf0\x9f\x98\x80"), true },
	{ "UTF-8",	CG_STR("J\xfcrgen"), CG_STR("J\xef\xbf\xbdrgen"), false },
	{ "UTF-8",	CG_STR("cut \xe5\xbc"),
	    CG_STR("cut \xef\xbf\xbd\xef\xbf\xbd"), false },
	{ "UTF-8",	CG_STR("\xc0\xaf"), CG_STR("\xef\xbf\xbd\xef\xbf\xbd"), false },
	{ "GB18030",	CG_STR("\xd5\xc5\xc8\xfd"), CG_STR("\xe5\xbc\xa0\xe4\xb8\x89"), true },
	{ "WINDOWS-1252", CG_STR("J\xfcrgen \x80"),
	    CG_STR("J\xc3\xbcrgen \xe2\x82\xac"), true },
	{ "WINDOWS-1251", CG_STR("\xc8\xe2\xe0\xed"),
	    CG_STR("\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd"), true },
	/* the last letter waits for an accent that may follow */
	{ "CP1258",	CG_STR("Nguy\xea"), CG_STR("Nguy\xc3\xaa"), true },
	{ "CP1258",	CG_STR("B\xe1 Ha"), CG_STR("B\xc3\xa1 Ha"), true },
	{ "GB18030",	CG_STR("\xd5\xc5\xc8"),
	    CG_STR("\xe5\xbc\xa0\xef\xbf\xbd"), false },
	{ "no-such-set", CG_STR("J\xc3\xbc"), CG_STR("J\xc3\xbc"), true },
};

static void
test_charsets(void **state)
{
	struct cg_charsets c = { .conversion = NULL };
	struct cg_arena *arena = NULL;
	struct cg_str out;
	bool clean;
	size_t i;

	(void)state;
	assert_int_equal(cg_arena_new(1 << 16, &arena), CG_OK);
	for (i = 0; i < CG_LEN(texts); i++) {
		assert_int_equal(cg_text_utf8(&c, texts[i].charset, texts[i].in,
		    arena, &out, &clean), CG_OK);
		if (!cg_str_eq(out, texts[i].out) || clean != texts[i].clean)
			fail_msg("row %zu gives \"%.*s\"", i, (int)out.n, out.p);
	}
	cg_charsets_close(&c);
	cg_charsets_close(&c);
	cg_arena_free(arena);
}

static const struct {
	const char	*charset;
	struct cg_str	 in;
	struct cg_str	 out;
	bool		 clean;
} to_clock[] = {
	{ "UTF-8",	CG_STR("plain"), CG_STR("plain"), true },
	{ "GB18030",	CG_STR(""), CG_STR(""), true },
	{ "UTF-8",	CG_STR("J\xc3\xbc"), CG_STR("J\xc3\xbc"), true },
	{ "GB18030",	CG_STR("\xe5\xbc\xa0\xe4\xb8\x89"), CG_STR("\xd5\xc5\xc8\xfd"), true },
	{ "GB18030",	CG_STR("\xf0\x9f\x98\x80"), CG_STR("\x94\x39\xfc\x36"), true },
	{ "WINDOWS-1252", CG_STR("\xe2\x82\xac J\xc3\xbc"), CG_STR("\x80 J\xfc"), true },
	{ "WINDOWS-1252", CG_STR("a\xe5\xbc\xa0\xe4\xb8\x89z"), CG_STR("a??z"), false },
	{ "WINDOWS-1251", CG_STR("\xf0\x9f\x98\x80"), CG_STR("?"), false },
	/* one that must be left in its first state */
	{ "ISO-2022-JP", CG_STR("\xe5\x90\x8d"), CG_STR("\x1b$BL>\x1b(B"), true },
	{ "ISO-2022-JP", CG_STR("\xe5\x90\x8d\xc3\xbc"), CG_STR("\x1b$BL>\x1b(B?"), false },
	{ "no-such-set", CG_STR("J\xc3\xbc"), CG_STR("J\xc3\xbc"), true },
};

static void
test_charsets_out(void **state)
{
	struct cg_charsets c = { .conversion = NULL };
	struct cg_arena *arena = NULL;
	struct cg_str out, back;
	bool clean;
	size_t i;

	(void)state;
	assert_int_equal(cg_arena_new(1 << 16, &arena), CG_OK);
	for (i = 0; i < CG_LEN(to_clock); i++) {
		assert_int_equal(cg_text_clock(&c, to_clock[i].charset,
		    to_clock[i].in, arena, &out, &clean), CG_OK);
		if (!cg_str_eq(out, to_clock[i].out) || clean != to_clock[i].clean)
			fail_msg("row %zu gives \"%.*s\"", i, (int)out.n, out.p);
	}
	/* one conversion after the other, there and back */
	assert_int_equal(cg_text_clock(&c, "GB18030", cg_lit("\xe5\xbc\xa0"),
	    arena, &out, &clean), CG_OK);
	assert_int_equal(cg_text_utf8(&c, "GB18030", out, arena, &back, &clean),
	    CG_OK);
	assert_true(cg_str_eq(back, cg_lit("\xe5\xbc\xa0")));
	cg_charsets_close(&c);
	cg_arena_free(arena);
}

/* Longer than any room that is there at first, with faults all over. */
static void
test_charset_long(void **state)
{
	static char in[100000];
	struct cg_charsets c = { .conversion = NULL };
	struct cg_arena *arena = NULL;
	struct cg_str out;
	size_t i, faults = 0;
	bool clean;

	(void)state;
	for (i = 0; i < sizeof(in); i++)
		in[i] = i % 7 == 0 ? '\xff' : (char)('a' + i % 26);
	assert_int_equal(cg_arena_new(1 << 20, &arena), CG_OK);
	assert_int_equal(cg_text_utf8(&c, "UTF-8", (struct cg_str){ in, sizeof(in) },
	    arena, &out, &clean), CG_OK);
	assert_false(clean);
	for (i = 0; i + 2 < out.n; i++)
		faults += memcmp(out.p + i, "\xef\xbf\xbd", 3) == 0;
	assert_int_equal(faults, (sizeof(in) + 6) / 7);
	assert_int_equal(out.n, sizeof(in) + 2 * faults);
	cg_charsets_close(&c);
	cg_arena_free(arena);
}

static void
test_charset_without_memory(void **state)
{
	struct cg_charsets c = { .conversion = NULL };
	struct cg_arena *arena = NULL;
	struct cg_str out;
	bool clean;

	(void)state;
	assert_int_equal(cg_arena_new(4, &arena), CG_OK);
	assert_int_equal(cg_text_utf8(&c, "WINDOWS-1252", cg_lit("J\xfcrgen"),
	    arena, &out, &clean), CG_NOMEM);
	assert_int_equal(cg_text_utf8(&c, "UTF-8", cg_lit("J\xc3\xbcrgen"),
	    arena, &out, &clean), CG_OK);
	cg_charsets_close(&c);
	cg_arena_free(arena);
}

static void
test_log_escapes(void **state)
{
	char out[16];

	(void)state;
	assert_string_equal(cg_log_safe(cg_lit("SN_1-a"), out, sizeof(out)), "SN_1-a");
	assert_string_equal(cg_log_safe(cg_lit("a\nb"), out, sizeof(out)), "a\\x0ab");
	assert_string_equal(cg_log_safe(cg_lit("a b\"\\"), out, sizeof(out)),
	    "a\\x20b\\x22\\x5c");
	assert_string_equal(cg_log_safe(cg_lit(""), out, sizeof(out)), "-");
	assert_string_equal(cg_log_safe(cg_lit("0123456789abcdefgh"), out, sizeof(out)),
	    "0123456789ab");
}

/* What has been written to the descriptor since, NUL-terminated. */
static const char *
written(int fd, char *out, size_t max)
{
	ssize_t n = read(fd, out, max - 1);

	out[n > 0 ? n : 0] = '\0';
	return out;
}

static void
test_log_holds(void **state)
{
	struct cg_log log = { .sink = CG_LOG_STDERR, .level = CG_LOG_INFO,
	    .ident = "me" };
	int before = dup(STDERR_FILENO), end[2];
	char text[3 * CG_LOG_HELD], seen[3][sizeof(text)];
	size_t i;

	(void)state;
	assert_int_equal(pipe2(end, O_NONBLOCK), 0);
	dup2(end[1], STDERR_FILENO);
	cg_log(&log, CG_LOG_WARN, "n=%d", 1);
	written(end[0], text, sizeof(text));
	cg_log_hold(&log);
	cg_log(&log, CG_LOG_INFO, "n=%d", 2);
	cg_log(&log, CG_LOG_DEBUG, "not at this level");
	cg_log_put(&log, CG_LOG_INFO, cg_lit("n=3\r"));
	written(end[0], seen[0], sizeof(seen[0]));
	for (i = 0; i < 3; i++)
		cg_log(&log, CG_LOG_INFO, "%01500d", 0);
	written(end[0], seen[1], sizeof(seen[1]));
	cg_log_release(&log);
	written(end[0], seen[2], sizeof(seen[2]));
	cg_log_release(&log);
	dup2(before, STDERR_FILENO);
	close(before);
	assert_string_equal(text, "prog=me level=warn n=1\n");
	assert_string_equal(seen[0], "");
	assert_int_equal(strncmp(seen[1], "prog=me level=info n=2\n"
	    "prog=me level=info n=3?\nprog=me level=info 000", 69), 0);
	assert_int_equal(strlen(seen[1]), 23 + 24 + 2 * 1520);
	assert_int_equal(strlen(seen[2]), 1520);
	assert_int_equal(strncmp(seen[2], "prog=me level=info 000", 22), 0);
	assert_string_equal(written(end[0], text, sizeof(text)), "");
	close(end[0]);
	close(end[1]);
}

/* What is longer than a line is cut, and still ends one. */
static void
test_log_cuts(void **state)
{
	struct cg_log log = { .sink = CG_LOG_STDERR, .level = CG_LOG_INFO,
	    .ident = "me" };
	int before = dup(STDERR_FILENO), end[2];
	char text[CG_LOG_HELD];

	(void)state;
	assert_int_equal(pipe2(end, O_NONBLOCK), 0);
	dup2(end[1], STDERR_FILENO);
	cg_log(&log, CG_LOG_INFO, "%05000d", 0);
	dup2(before, STDERR_FILENO);
	close(before);
	written(end[0], text, sizeof(text));
	assert_int_equal(strlen(text), 2048);
	assert_int_equal(text[2047], '\n');
	close(end[0]);
	close(end[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roster_holds_many),
		cmocka_unit_test(test_roster_sweep),
		cmocka_unit_test(test_roster_presence),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_charsets_out),
		cmocka_unit_test(test_charset_long),
		cmocka_unit_test(test_charset_without_memory),
		cmocka_unit_test(test_log_escapes),
		cmocka_unit_test(test_log_holds),
		cmocka_unit_test(test_log_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
