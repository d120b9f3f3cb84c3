/*
 * Query strings, paths, serials, stamps, versions (notes 1.1, 1.2, 1.5, 4).
 */
#include "config.h"

#include "cg_push.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "assert_str.h"

static struct cg_arena *
arena(void)
{
	struct cg_arena *a = NULL;

	assert_int_equal(cg_arena_new(65536, &a), CG_OK);
	return a;
}

static void
test_get(void **state)
{
	static const struct {
		const char *raw, *name, *value;
	} rows[] = {
		/* vector 1: the shapes of a first contact */
		{ "SN=T1&options=all&language=69&pushver=2.4.1&DeviceType=att"
		  "&PushOptionsFlag=1", "DeviceType", "att" },
		{ "SN=T1&options=all&pushver=2.31&language=83&pushcommkey=0f",
		  "pushver", "2.31" },
		{ "SN=T1&options=all", "pushver", NULL },
		{ "SN=T1&DeviceType=middle%20east", "devicetype",
		  "middle east" },
		{ "sn=T1&options=all", "SN", "T1" },
		{ "SN=T1&OPTIONS=ALL", "options", "ALL" },
		/* cutting */
		{ NULL, "SN", NULL },
		{ "", "SN", NULL },
		{ "&&", "", NULL },
		{ "SN", "SN", "" },
		{ "SN=", "SN", "" },
		{ "=x", "", "x" },
		{ "SN=a&SN=b", "SN", "a" },
		{ "a=1&SN=x=y", "SN", "x=y" },
		{ "SNX=1", "SN", NULL },
		/* escapes */
		{ "a=%41%4a%4A%c3%BC", "a", "AJJ\xC3\xBC" },
		{ "a=x+y", "a", "x+y" },
		{ "a=100%", "a", "100%" },
		{ "a=%4", "a", "%4" },
		{ "a=%4g%g4%%41", "a", "%4g%g4%A" },
		{ "a=%zz%26b=c", "a", "%zz&b=c" },
		{ "%53N=1", "sn", "1" },
		{ "INFO=Ver%206.8(b),%202", "INFO", "Ver 6.8(b), 2" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_query q;

		assert_int_equal(cg_query_parse(cg_str_of(rows[i].raw), a, &q),
		    CG_OK);
		assert_str(cg_query_get(&q, rows[i].name), rows[i].value);
	}
	cg_arena_free(a);
}

static void
test_many(void **state)
{
	struct cg_arena *a = arena();
	struct cg_query q;
	char raw[400] = "";

	(void)state;
	for (size_t i = 0; i < 60; i++)
		snprintf(raw + strlen(raw), sizeof(raw) - strlen(raw),
		    "p%zu=%zu&", i, i);
	assert_int_equal(cg_query_parse(cg_str_of(raw), a, &q), CG_OK);
	assert_int_equal(q.n, CG_QUERY_MAX);
	assert_str(cg_query_get(&q, "p47"), "47");
	assert_str(cg_query_get(&q, "p48"), NULL);
	cg_arena_free(a);
}

static void
test_nul(void **state)
{
	struct cg_arena *a = arena();
	struct cg_query q;
	struct cg_str v;

	(void)state;
	assert_int_equal(cg_query_parse(cg_lit("a=x%00y"), a, &q), CG_OK);
	v = cg_query_get(&q, "a");
	assert_int_equal(v.n, 3);
	assert_memory_equal(v.p, "x\0y", 3);
	cg_arena_free(a);
}

static void
test_no_memory(void **state)
{
	struct cg_arena *a = NULL;
	struct cg_query q;

	(void)state;
	assert_int_equal(cg_arena_new(32, &a), CG_OK);
	assert_int_equal(cg_query_parse(cg_lit(
	    "%41234567890123456789012345678901234=1"), a, &q), CG_NOMEM);
	assert_int_equal(cg_query_parse(cg_lit(
	    "a=%41234567890123456789012345678901234"), a, &q), CG_NOMEM);
	assert_str(cg_path_endpoint(cg_lit(
	    "/12345678901234567890123456789012345"), a), NULL);
	cg_arena_free(a);
}

static void
test_endpoint(void **state)
{
	static const struct {
		const char *path, *endpoint;
	} rows[] = {
		{ "/iclock/cdata", "cdata" },
		{ "/iclock/cdata?SN=1", "cdata" },
		{ "//iclock/CDATA.aspx?x", "cdata" },
		{ "/iclock/iclock/cdata", "cdata" },
		{ "/company/secret/iclock/devicecmd.php", "devicecmd" },
		{ "http://192.0.2.1:8081/iclock/getrequest?SN=1/2",
		  "getrequest" },
		{ "/iclock/cdata/", "cdata" },
		{ "/iclock/file?SN=1&url=/cdata", "file" },
		{ "/iclock/File/cdata", "file" },
		{ "/iclock/file//main.tgz.php/", "file" },
		{ "/iclock/files/main.tgz", "main.tgz" },
		{ "/iclock//cdata//", "cdata" },
		{ "cdata", "cdata" },
		{ "/iclock/cdata.aspx.aspx", "cdata.aspx" },
		{ "/iclock/.aspx", "" },
		{ "/iclock/x.asp", "x.asp" },
		{ "/", "" },
		{ "", "" },
		{ "?/cdata", "" },
		{ "/ZZ[@", "zz[@" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		assert_str(cg_path_endpoint(cg_str_of(rows[i].path), a),
		    rows[i].endpoint);
	cg_arena_free(a);
}

static void
test_serial(void **state)
{
	static const struct {
		const char *sn;
		bool ok;
	} rows[] = {
		{ "0", true }, { "TST0000000001", true }, { "a-Z_9", true },
		{ "12345678901234567890123456789012", true },
		{ "123456789012345678901234567890123", false },
		{ NULL, false }, { "", false }, { "a b", false },
		{ "a'b", false }, { "a\n", false }, { "\xC3\xA4", false },
		{ "a.b", false }, { "a/b", false }, { "@", false },
		{ "[", false }, { "`", false }, { "{", false }, { ":", false },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		assert_int_equal(cg_serial_ok(cg_str_of(rows[i].sn)),
		    rows[i].ok);
	assert_false(cg_serial_ok((struct cg_str){ "a\0b", 3 }));
}

static void
test_stamp(void **state)
{
	static const struct {
		const char *stamp;
		bool ok;
	} rows[] = {
		{ "9999", true }, { "2030-01-05T08:00:07", true },
		{ "2030-01-05 08:00:07", true }, { "None", true },
		{ "1234567890123456789012345678901234567890"
		  "123456789012345678901234", true },
		{ "1234567890123456789012345678901234567890"
		  "1234567890123456789012345", false },
		{ NULL, false }, { "", false }, { "1\n2", false },
		{ "1\t", false }, { "\x7F", false }, { "\xE4", false },
		{ "~", true },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		assert_int_equal(cg_stamp_ok(cg_str_of(rows[i].stamp)),
		    rows[i].ok);
}

static void
test_stamp_of(void **state)
{
	static const struct {
		const char *query, *stamp;
	} rows[] = {
		{ "table=ATTLOG&Stamp=9999", "9999" },
		{ "table=ATTLOG&stamp=9999&OpStamp=1", "9999" },
		{ "table=OPERLOG&OpStamp=77", "77" },
		{ "table=operlog&Stamp=1&OPSTAMP=77", "77" },
		{ "table=OPERLOG&Stamp=2030-01-05T08:00:07",
		  "2030-01-05T08:00:07" },
		{ "table=OPERLOG&OpStamp=&Stamp=5", "5" },
		{ "table=ATTPHOTO&PhotoStamp=5&Stamp=6", "5" },
		{ "table=ATTPHOTO&Stamp=6", "6" },
		{ "table=BIODATA&Stamp=8", "8" },
		{ "PIN=20081119172119-4.jpg&PhotoStamp=285528079",
		  "285528079" },
		{ "OpStamp=3", "3" },
		{ "table=ATTLOG&Stamp=", NULL },
		{ "table=ATTLOG&Stamp=1%0A2", NULL },
		{ "table=ATTLOG", NULL },
		{ "", NULL },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_query q;

		assert_int_equal(cg_query_parse(cg_str_of(rows[i].query), a,
		    &q), CG_OK);
		assert_str(cg_stamp_of(&q), rows[i].stamp);
	}
	cg_arena_free(a);
}

static void
test_version(void **state)
{
	static const struct {
		const char *a, *b;
		int cmp;
	} rows[] = {
		{ "2.4.1", "2.4.1", 0 }, { "2.4.0", "2.4.1", -1 },
		{ "3.0.1", "2.4.1", 1 }, { "2.2.14", "2.4.1", -1 },
		{ "2.2.14", "2.2.9", 1 }, { "2.4", "2.4.0", 0 },
		{ "2", "2.0.0", 0 }, { "2.31", "2.3.1", 0 },
		{ "2.32", "2.4.1", -1 }, { "2.32", "2.31", 1 },
		{ "2.31", "2.2.14", 1 }, { "2.31.0", "2.4.1", 1 },
		{ "2.4.1.7", "2.4.1", 1 }, { "02.4.1", "2.4.1", 0 },
		{ "2.123", "2.4", 1 },
		{ "x", "0", -1 }, { "0", "x", 1 }, { "x", "y", 0 },
		{ NULL, "0", -1 }, { "", NULL, 0 }, { "2..1", "0", -1 },
		{ "2.4.1 ", "0", -1 }, { "2.4.1.0.0", "0", -1 },
		{ "2.100000", "0", -1 }, { "2.4.1\n", "0", -1 },
		{ "-2", "0", -1 }, { "2.", "0", -1 },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		int c = cg_version_cmp(cg_str_of(rows[i].a),
		    cg_str_of(rows[i].b));

		assert_int_equal((c > 0) - (c < 0), rows[i].cmp);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_endpoint),
		cmocka_unit_test(test_serial),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_stamp_of),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
