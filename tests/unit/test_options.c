/*
 * push: table=options (notes 1.7).
 */
#include "config.h"

#include "assert_str.h"
#include "push_case.h"

#define X64	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define O(name, value)	"option name=" name " value=" value "\n"

static void
test_pairs(void **state)
{
	static const struct push_case rows[] = {
		{ "", "" },
		{ "\r\n,\t&\n", "" },
		{ "A=1", O("A", "1") },
		{ "~A=1,B=2", O("A", "1") O("B", "2") },
		{ "A=1\nB=2\r\n~C=3\tD=4&E=5",
		    O("A", "1") O("B", "2") O("C", "3") O("D", "4")
		    O("E", "5") },
		{ "~OEMVendor=ZKTECO CO., LTD.,~Face_2=3",
		    O("OEMVendor", "ZKTECO CO., LTD.") O("Face_2", "3") },
		{ "A=a,b,c,B=", O("A", "a,b,c") O("B", "''") },
		{ "A=a & b&B=x", O("A", "a & b") O("B", "x") },
		{ "A=x=y==,B=2", O("A", "x=y==") O("B", "2") },
		{ "A=1,~=2", O("A", "1,~=2") },
		{ "A=1,=2", O("A", "1,=2") },
		{ "A=1,~~B=2", O("A", "1,~~B=2") },
		{ "A=1,B-C=2", O("A", "1,B-C=2") },
		{ "A=1,\r\nB=2,", O("A", "1") O("B", "2") },
		{ "A=1&", O("A", "1") },
		{ "\n\nA = 1 \n\n", O("A", " 1") },
		{ "A=1\nnonsense\nB=2",
		    O("A", "1") "!syntax: not of the form name=value\n"
		    O("B", "2") },
		{ "=1", "!syntax: option without a name\n" },
		{ "~=1", "!syntax: option without a name\n" },
		{ X64 "=1", O(X64, "1") },
		{ "x" X64 "=1",
		    "!limit: name of the option is too long\n" },
	};

	(void)state;
	expect_cases("options", rows, CG_LEN(rows));
	expect_cases("OPTIONS", rows, CG_LEN(rows));
}

static void
test_value_length(void **state)
{
	char body[2 + 2049];
	const struct cg_upload *u = cg_upload_find(cg_lit("options"));
	struct cg_query query = { .n = 0 };
	struct cg_record rec;
	struct cg_why why;

	(void)state;
	memset(body, 'v', sizeof(body));
	memcpy(body, "A=", 2);
	assert_int_equal(CG_OK, cg_upload_parse(u,
	    (struct cg_str){ body, sizeof(body) - 1 }, &query, NULL, &rec,
	    &why));
	assert_int_equal(2048, rec.u.option.value.n);
	assert_int_equal(CG_LIMIT, cg_upload_parse(u,
	    (struct cg_str){ body, sizeof(body) }, &query, NULL, &rec, &why));
	assert_string_equal("value of the option is too long", why.text);
}

static void
test_capture(void **state)
{
	(void)state;
	expect_capture("options", "06-speedface-options.http",
	    O("DeviceName", "SpeedFace")
	    O("MAC", "00:17:61:00:00:22")
	    O("TransactionCount", "1200")
	    O("OEMVendor", "EXAMPLE CO., LTD.")
	    O("FaceCount", "41")
	    O("SerialNumber", "SFV2030000022")
	    O("IPAddress", "192.0.2.42")
	    O("FaceFunOn", "1"));
}

static void
test_hide(void **state)
{
	static const struct {
		const char	*text;
		const char	*want;		/* NULL: the very same */
	} rows[] = {
		{ "", NULL },
		{ "nonsense", NULL },
		{ "A=1,DUPWD=1\nIsPushComKey=1", NULL },
		{ "ComPwd=8", "ComPwd=" },
		{ "~ComPwd = 8 ", "~ComPwd = " },
		{ "A=1,~ComPwd=8=9,x,B=2\r\n", "A=1,~ComPwd=,B=2\r\n" },
		{ "pushcommkey=1\r\ncomkey=2\nCardKey=3&Passwd=\tB=4",
		  "pushcommkey=\r\ncomkey=\nCardKey=&Passwd=\tB=4" },
		{ "ID=7&Return=0&CMD=INFO\nComPwd=8\n",
		  "ID=7&Return=0&CMD=INFO\nComPwd=\n" },
	};
	struct cg_arena *a;

	(void)state;
	assert_int_equal(CG_OK, cg_arena_new(4096, &a));
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_str text = cg_str_of(rows[i].text), out;

		assert_true(cg_items_hide(text, a, &out));
		assert_str(out, rows[i].want != NULL ? rows[i].want : rows[i].text);
		assert_int_equal(rows[i].want == NULL, out.p == text.p);
		assert_int_equal(rows[i].want != NULL, cg_items_secret(text));
	}
	assert_true(cg_items_hide((struct cg_str){ NULL, 0 }, a,
	    &(struct cg_str){ "x", 1 }));
	cg_arena_free(a);
}

static void
test_hide_without_memory(void **state)
{
	static char text[100000];
	struct cg_arena *a;
	struct cg_str out;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "ComPwd=8\n", 9);
	assert_int_equal(CG_OK, cg_arena_new(4096, &a));
	assert_false(cg_items_hide((struct cg_str){ text, sizeof(text) }, a,
	    &out));
	cg_arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_value_length),
		cmocka_unit_test(test_capture),
		cmocka_unit_test(test_hide),
		cmocka_unit_test(test_hide_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
