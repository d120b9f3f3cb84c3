/*
 * push: which table, how it is acknowledged, which pieces (notes 1.7).
 */
#include "config.h"

#include "push_case.h"

static void
test_find(void **state)
{
	static const struct {
		const char	*name, *want;
		enum cg_form	 form;
		enum cg_ack	 ack;
		bool		 dialect;
		enum cg_text	 text;
	} rows[] = {
		{ "ATTLOG", "ATTLOG", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ " attlog", "ATTLOG", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "OperLog", "OPERLOG", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "ATTPHOTO", "ATTPHOTO", CG_FORM_WHOLE, CG_ACK_PLAIN, 0, CG_TEXT_NONE },
		{ "options", "OPTIONS", CG_FORM_PAIRS, CG_ACK_PLAIN, 0, CG_TEXT_CHARSET },
		{ "ERRORLOG", "ERRORLOG", CG_FORM_LINES, CG_ACK_PLAIN, 0, CG_TEXT_CHARSET },
		{ "USERINFO", "USERINFO", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "user", "USER", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "FINGERTMP", "FINGERTMP", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "templatev10", "TEMPLATEV10", CG_FORM_LINES, CG_ACK_COUNT,
		    0, CG_TEXT_CHARSET },
		{ "FACETMP", "FACETMP", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "FACE", "FACE", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "facetmpv10", "FACETMPV10", CG_FORM_LINES, CG_ACK_COUNT,
		    0, CG_TEXT_CHARSET },
		{ "FVEIN", "FVEIN", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "BIODATA", "BIODATA", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "USERPIC", "USERPIC", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "BIOPHOTO", "BIOPHOTO", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "SMS", "SMS", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "USER_SMS", "USER_SMS", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "WORKCODE", "WORKCODE", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_CHARSET },
		{ "IDCARD", "IDCARD", CG_FORM_LINES, CG_ACK_COUNT, 0, CG_TEXT_UTF8 },
		{ "rtlog", "rtlog", CG_FORM_RAW, CG_ACK_PLAIN, 1, CG_TEXT_NONE },
		{ "rtstate", "rtstate", CG_FORM_RAW, CG_ACK_PLAIN, 1, CG_TEXT_NONE },
		{ "tabledata", "tabledata", CG_FORM_RAW, CG_ACK_TABLE, 1, CG_TEXT_NONE },
		{ "NEWTABLE", "", CG_FORM_RAW, CG_ACK_COUNT, 0, CG_TEXT_NONE },
		{ "ATTLOGS", "", CG_FORM_RAW, CG_ACK_COUNT, 0, CG_TEXT_NONE },
		{ "", "", CG_FORM_RAW, CG_ACK_COUNT, 0, CG_TEXT_NONE },
		{ NULL, "", CG_FORM_RAW, CG_ACK_COUNT, 0, CG_TEXT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct cg_upload *u =
		    cg_upload_find(cg_str_of(rows[i].name));

		assert_true(cg_str_eq(u->table, cg_str_of(rows[i].want)));
		assert_int_equal(rows[i].form, u->form);
		assert_int_equal(rows[i].ack, u->ack);
		assert_int_equal(rows[i].dialect, u->dialect);
		assert_int_equal(rows[i].text, u->text);
	}
}

static void
test_classify(void **state)
{
#define T	"2030-01-05 08:00:07"
	static const struct {
		const char *body, *want;	/* NULL: results */
	} rows[] = {
		{ "7\t" T "\t0\t1\n", "ATTLOG" },
		{ "\r\n\n7\t" T "\t0\t1\t\t0\t0\t\n", "ATTLOG" },
		{ "OPLOG 4\t0\t" T "\t0\t0\t0\t0", "OPERLOG" },
		{ "user PIN=1\tName=a", "OPERLOG" },
		{ "BIODATA Pin=1\tNo=0", "OPERLOG" },
		{ "PIN=20300105080007-7.jpg\nSN=x\nsize=1\nCMD=uploadphoto",
		    "ATTPHOTO" },
		{ "PIN=20300105080007 SN=x size=1 CMD=uploadphoto",
		    "ATTPHOTO" },
		{ "~DeviceName=X,MAC=00:17", "OPTIONS" },
		{ "ID=101&Return=0&CMD=DATA\nID=102&Return=-10&CMD=DATA\n",
		    NULL },
		{ "\nid=101&return=0", NULL },
		{ "ID=1\tReturn=-1004\tCMD=DATA", NULL },
		{ "SN=TST0000000001\nID=104\nReturn=0\nCMD=Shell", NULL },
		{ "FILENAME=shellout.txt\nID=104", NULL },
		{ "Return=0&ID=5", NULL },
		{ "CMD=INFO&ID=5", NULL },
		{ "PIN=1\tFID=0\tTMP=x", "" },
		{ "PIN=2030010508000x", "" },
		{ "7\t" T "\t0", "" },
		{ "7\tyesterday\t0\t1", "" },
		{ "<html>", "" },
		{ "IDX=1", "" },
		{ "\n \t\r\n", "" },
		{ "", "" },
		{ NULL, "" },
	};
#undef T

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct cg_upload *u =
		    cg_upload_classify(cg_str_of(rows[i].body));

		if (rows[i].want == NULL)
			assert_null(u);
		else if (u == NULL ||
		    !cg_str_eq(u->table, cg_str_of(rows[i].want)))
			fail_msg("%s", rows[i].body);
	}
}

static void
test_classify_captures(void **state)
{
	static const struct {
		const char *file, *want;
	} rows[] = {
		{ "02-x100-attlog.http", "ATTLOG" },
		{ "03-x100-operlog.http", "OPERLOG" },
		{ "06-speedface-options.http", "OPTIONS" },
		{ "07-speedface-attlog.http", "ATTLOG" },
		{ "08-speedface-biodata.http", "OPERLOG" },
		{ "10-aspx-attlog-crlf.http", "ATTLOG" },
		{ "12-tft-attlog-jobcodes.http", "ATTLOG" },
		{ "15-old-attlog.http", "ATTLOG" },
		{ "16-photo.http", "ATTPHOTO" },
		{ "17-results.http", NULL },
		{ "18-result-info.http", NULL },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct cg_upload *u;
		struct cg_str body;
		char *bytes = capture_body(rows[i].file, &body);

		u = cg_upload_classify(body);
		assert_true((u == NULL) == (rows[i].want == NULL));
		if (u != NULL)
			assert_true(cg_str_eq(u->table,
			    cg_str_of(rows[i].want)));
		free(bytes);
	}
}

/* What nobody reads is cut into lines, each refused with its reason. */
static void
test_raw(void **state)
{
	static const struct push_case unknown[] = {
		{ "", "" },
		{ "a\n\n \nb\r\n",
		    "!syntax: unknown table\n!syntax: unknown table\n" },
	};
	static const struct push_case dialect[] = {
		{ "time=" "2030-01-05 08:00:07\tpin=1\tevent=0\n",
		    "!syntax: table of the access-control dialect\n" },
	};

	(void)state;
	expect_cases("NEWTABLE", unknown, CG_LEN(unknown));
	expect_cases("rtlog", dialect, CG_LEN(dialect));
	expect_cases("rtstate", dialect, CG_LEN(dialect));
	expect_cases("tabledata", dialect, CG_LEN(dialect));
}

static void
test_cut(void **state)
{
	const struct cg_upload *lines = cg_upload_find(cg_lit("ATTLOG"));
	const struct cg_upload *whole = cg_upload_find(cg_lit("ATTPHOTO"));
	struct cg_str rest = cg_lit("\n\t1\t\r\n\r\n2");
	struct cg_str piece;

	(void)state;
	assert_true(cg_upload_cut(lines, &rest, &piece));
	assert_true(cg_str_eq(piece, cg_lit("\t1\t")));
	assert_true(cg_upload_cut(lines, &rest, &piece));
	assert_true(cg_str_eq(piece, cg_lit("2")));
	assert_false(cg_upload_cut(lines, &rest, &piece));
	assert_false(cg_upload_cut(lines, &rest, &piece));

	rest = cg_lit("\n\0\n");
	assert_true(cg_upload_cut(whole, &rest, &piece));
	assert_int_equal(3, piece.n);
	assert_false(cg_upload_cut(whole, &rest, &piece));
	rest = (struct cg_str){ NULL, 0 };
	assert_false(cg_upload_cut(whole, &rest, &piece));
	assert_false(cg_upload_cut(lines, &rest, &piece));
}

/* Nothing is written when there is no record. */
static void
test_secret(void **state)
{
	static const struct {
		const char	*table;
		const char	*line;
		bool		 secret;
	} rows[] = {
		{ "ATTLOG", "7\tnonsense", false },
		{ "ATTLOG", "FP PIN=7\tTMP=QUJD", true },
		{ "ERRORLOG", "ERRORLOG x", false },
		{ "options", "~DeviceName=x", false },
		{ "SMS", "UID=", false },
		{ "OPERLOG", "OPLOG 4", false },
		{ "OPERLOG", "SMS UID=", false },
		{ "OPERLOG", "USER PIN=", true },
		{ "operlog", "biodata Pin=", true },
		{ "OPERLOG", "what is this?", true },
		{ "OPERLOG", "", true },
		{ "USERINFO", "PIN=", true },
		{ "FINGERTMP", "PIN=", true },
		{ "IDCARD", "PIN=", true },
		{ "WORKCODE", "CODE=", false },
		{ "ATTPHOTO", "\xff\xd8", true },
		{ "rtlog", "x", true },
		{ "tabledata", "user uid=1", true },
		{ "", "x", true },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		if (cg_upload_secret(cg_str_of(rows[i].table),
		    cg_str_of(rows[i].line)) != rows[i].secret)
			fail_msg("%s: %s", rows[i].table, rows[i].line);
}

static void
test_written_on_success_only(void **state)
{
	struct cg_query query = { .n = 0 };
	struct cg_record rec, before;
	struct cg_arena *arena;
	struct cg_why why;

	(void)state;
	memset(&rec, 0x5a, sizeof(rec));
	before = rec;
	assert_int_equal(CG_OK, cg_arena_new(1024, &arena));
	assert_int_equal(CG_SYNTAX, cg_upload_parse(
	    cg_upload_find(cg_lit("USERINFO")), cg_lit("PIN=1\tPri=x"),
	    &query, arena, &rec, &why));
	assert_memory_equal(&before, &rec, sizeof(rec));
	cg_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_classify),
		cmocka_unit_test(test_classify_captures),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_written_on_success_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
