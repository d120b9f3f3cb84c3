/*
 * push: table=ATTLOG (spec III.2.4.1, III.2.4.2, notes 1.4).
 */
#include "config.h"

#include "push_case.h"

#define T	"2030-01-05 08:00:07"
#define AT	" at=2030-01-05_08:00:07 "
#define SEVEN	"7\t" T "\t1\t4\t9001\ta\tb"
#define GOT	"punch pin=7" AT "1/4 work=9001 r1=a r2=b"
#define JOBS	"\t1\t2\t3\t4\t5\t6"
#define GOTJOBS	GOT " j1=1 j2=2 j3=3 j4=4 j5=5 j6=6"
#define X32	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void
test_widths(void **state)
{
	static const struct push_case rows[] = {
		{ "7\t" T "\t0\t1", "punch pin=7" AT "0/1\n" },
		{ "7\t" T "\t0\t1\t", "punch pin=7" AT "0/1 work=''\n" },
		{ "7\t" T "\t0\t1\t5", "punch pin=7" AT "0/1 work=5\n" },
		{ "7\t" T "\t0\t1\t5\t0",
		    "punch pin=7" AT "0/1 work=5 r1=0\n" },
		{ SEVEN, GOT "\n" },
		/* 8 pieces: a closing TAB, or a column that nobody knows */
		{ "1156\t" T "\t1\t1\t\t0\t0\t\n",
		    "punch pin=1156" AT "1/1 work='' r1=0 r2=0\n" },
		{ SEVEN "\tc", GOT " extra=column8=c\n" },
		/* 9: identity-card clocks */
		{ SEVEN "\t123\t1", GOT " extra=IDNum=123|Type=1\n" },
		{ SEVEN "\t\t1", GOT " extra=Type=1\n" },
		{ SEVEN "\t\t", GOT "\n" },
		/* 10, with or without a closing TAB */
		{ SEVEN "\t255\t0\t0",
		    GOT " extra=MaskFlag=255|Temperature=0|"
		    "ConvTemperature=0\n" },
		{ SEVEN "\t0\t36.5\t0\t",
		    GOT " extra=MaskFlag=0|Temperature=36.5|"
		    "ConvTemperature=0\n" },
		{ SEVEN "\t\t36.5\t", GOT " extra=Temperature=36.5\n" },
		{ SEVEN "\t\t\t", GOT "\n" },
		/* 11 that are not closed, and 12 */
		{ SEVEN "\t255\t0\t0\t+28800",
		    GOT " extra=MaskFlag=255|Temperature=0|ConvTemperature=0|"
		    "TimeOffset=+28800\n" },
		{ SEVEN "\t255\t0\t0\t+28800\teyJ4Ijox=",
		    GOT " extra=MaskFlag=255|Temperature=0|ConvTemperature=0|"
		    "TimeOffset=+28800|ExtendData=eyJ4Ijox=\n" },
		{ SEVEN "\t255\t0\t0\t\t",
		    GOT " extra=MaskFlag=255|Temperature=0|"
		    "ConvTemperature=0\n" },
		{ SEVEN "\t255\t0\t0\t+1\tx\t",
		    GOT " extra=MaskFlag=255|Temperature=0|ConvTemperature=0|"
		    "TimeOffset=+1|ExtendData=x\n" },
		/* 13 to 17: job and tip codes */
		{ SEVEN JOBS, GOTJOBS "\n" },
		{ SEVEN JOBS "\t1.0", GOTJOBS " t1=1.0\n" },
		{ SEVEN JOBS "\t1.0\t2.0\t3.0",
		    GOTJOBS " t1=1.0 t2=2.0 t3=3.0\n" },
		{ SEVEN JOBS "\t1.0\t2.0\t3.0\t",
		    GOTJOBS " t1=1.0 t2=2.0 t3=3.0\n" },
		{ SEVEN JOBS "\t1.0\t2.0\t2.5\t3.0",
		    GOTJOBS " t1=1.0 t2=2.0 t3=3.0 extra=column16=2.5\n" },
		/* more than anybody has described */
		{ SEVEN JOBS "\t1.0\t2.0\t2.5\t3.0\t",
		    GOTJOBS " t1=1.0 t2=2.0 t3=3.0 extra=column16=2.5\n" },
		{ SEVEN JOBS "\t1.0\t2.0\t\t3.0\ty\t\tz",
		    GOTJOBS " t1=1.0 t2=2.0 t3=3.0 "
		    "extra=column18=y|column20=z\n" },
	};

	(void)state;
	expect_cases("ATTLOG", rows, CG_LEN(rows));
}

static void
test_values(void **state)
{
	static const struct push_case rows[] = {
		{ "00a7_1\t" T "\t255\t15", "punch pin=00a7_1" AT "255/15\n" },
		{ "271_14257\t" T "\t0\t1", "punch pin=271_14257" AT "0/1\n" },
		{ " 7 \t" T "\t0\t1", "punch pin=7" AT "0/1\n" },
		{ X32 "\t" T "\t0\t1", "punch pin=" X32 AT "0/1\n" },
		{ "7\t" T "\t\t", "punch pin=7" AT "0/0\n" },
		{ "7\t" T "\t32767\t32767",
		    "punch pin=7" AT "32767/32767\n" },
		{ "7\t2030-01-05T08:00:07\t0\t1",
		    "punch pin=7" AT "0/1\n" },
		{ "7\t" T " \t0\t1", "punch pin=7" AT "0/1\n" },
		{ "7\t2099-01-01 00:00:00\t0\t1",
		    "punch pin=7 at=2099-01-01_00:00:00 0/1\n" },
		{ "7\t2030-02-30 08:00:07\t0\t1",
		    "punch pin=7 at=2030-02-28_08:00:07 "
		    "text=2030-02-30 08:00:07 0/1\n" },
		{ "7\t" T "\t0\t1\t'; DROP TABLE punch\t<b>\t" X32,
		    "punch pin=7" AT "0/1 work='; DROP TABLE punch r1=<b> r2="
		    X32 "\n" },
	};

	(void)state;
	expect_cases("ATTLOG", rows, CG_LEN(rows));
}

static void
test_unreadable(void **state)
{
	static const struct push_case rows[] = {
		{ "x", "!syntax: too few columns: 1\n" },
		{ "7\t" T, "!syntax: too few columns: 2\n" },
		{ "7\t" T "\t0", "!syntax: too few columns: 3\n" },
		{ "7 " T " 0 1", "!syntax: too few columns: 1\n" },
		{ "\t" T "\t0\t1", "!syntax PIN: field is empty\n" },
		{ "  \t" T "\t0\t1", "!syntax PIN: field is empty\n" },
		{ "x" X32 "\t" T "\t0\t1", "!limit PIN: field is too long\n" },
		{ "7\t\t0\t1", "!syntax Time: time can't be read\n" },
		{ "7\t1893830407\t0\t1", "!syntax Time: time can't be read\n" },
		{ "7\t" T "\tin\t1", "!syntax State: field is not a number\n" },
		{ "7\t" T "\t-1\t1", "!syntax State: number is out of range\n" },
		{ "7\t" T "\t0\t0x1",
		    "!syntax Verify: field is not a number\n" },
		{ "7\t" T "\t0\t32768",
		    "!syntax Verify: number is out of range\n" },
		{ "7\t" T "\t0\t1\tx" X32,
		    "!limit WorkCode: field is too long\n" },
		{ "7\t" T "\t0\t1\t\tx" X32,
		    "!limit Reserved1: field is too long\n" },
		{ "7\t" T "\t0\t1\t\t\tx" X32,
		    "!limit Reserved2: field is too long\n" },
		{ SEVEN "\t\t\t\t\t\tx" X32,
		    "!limit JobCode6: field is too long\n" },
		{ SEVEN JOBS "\t\t\tx" X32,
		    "!limit TipCode3: field is too long\n" },
	};

	(void)state;
	expect_cases("ATTLOG", rows, CG_LEN(rows));
}

static void
test_lines(void **state)
{
	static const struct push_case rows[] = {
		{ "", "" },
		{ "\n", "" },
		{ "\r\n\r\n \t \n", "" },
		{ "7\t" T "\t0\t1\r\n8\t" T "\t0\t1\r\n",
		    "punch pin=7" AT "0/1\npunch pin=8" AT "0/1\n" },
		{ "7\t" T "\t0\t1\n\n8\t" T "\t0\t1",
		    "punch pin=7" AT "0/1\npunch pin=8" AT "0/1\n" },
		/* a bad line between good ones */
		{ "7\t" T "\t0\t1\ngarbage\n8\t2099-01-01 00:00:00\t0\t1\n",
		    "punch pin=7" AT "0/1\n!syntax: too few columns: 1\n"
		    "punch pin=8 at=2099-01-01_00:00:00 0/1\n" },
	};

	(void)state;
	expect_cases("ATTLOG", rows, CG_LEN(rows));
	expect_cases(" attlog", rows, CG_LEN(rows));
}

static void
test_captures(void **state)
{
#define D	" at=2030-01-07_"
#define CODES	"work=9001 r1=0 r2=0 j1=1 j2=2 j3=3 j4=4 j5=5 j6=6 " \
		"t1=1.0 t2=2.0 t3=3.0\n"
	static const struct {
		const char *file, *want;
	} rows[] = {
		{ "02-x100-attlog.http",
		    "punch pin=1156" D "07:58:41 0/1 work='' r1=0 r2=0\n"
		    "punch pin=1157" D "08:00:02 0/1 work='' r1=0 r2=0\n"
		    "punch pin=1156" D "17:03:12 1/1 work='' r1=0 r2=0\n" },
		{ "07-speedface-attlog.http",
		    "punch pin=900001" D "08:00:07 255/15 work=0 r1=0 r2=0 "
		    "extra=MaskFlag=255|Temperature=0|ConvTemperature=0\n"
		    "punch pin=900002" D "08:01:44 0/25 work=0 r1=0 r2=0 "
		    "extra=MaskFlag=0|Temperature=36.5|ConvTemperature=0\n" },
		{ "10-aspx-attlog-crlf.http",
		    "punch pin=7" D "08:05:00 0/1 work=0 r1=0\n"
		    "punch pin=8" D "08:05:30 0/4 work=0 r1=0\n" },
		{ "12-tft-attlog-jobcodes.http",
		    "punch pin=982" D "12:08:21 1/0 " CODES
		    "punch pin=982" D "13:18:22 1/0 " CODES },
		{ "15-old-attlog.http", "punch pin=4" D "08:00:00 0/1\n" },
	};
#undef D
#undef CODES

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		expect_capture("ATTLOG", rows[i].file, rows[i].want);
}

/* One line of n columns, all of them "x" from the eighth on. */
static struct cg_str
long_line(struct cg_buf *buf, size_t n)
{
	cg_buf_putz(buf, SEVEN);
	for (size_t i = 7; i < n; i++)
		cg_buf_putz(buf, "\tx");
	assert_false(buf->full);
	return cg_buf_str(buf);
}

static enum cg_err
parse_long(size_t columns, size_t room, struct cg_why *why)
{
	const struct cg_upload *u = cg_upload_find(cg_lit("ATTLOG"));
	struct cg_query query = { .n = 0 };
	struct cg_arena *big, *small;
	struct cg_record rec;
	struct cg_buf buf;
	enum cg_err e;

	assert_int_equal(CG_OK, cg_arena_new((size_t)1 << 20, &big));
	assert_int_equal(CG_OK, cg_arena_new(room, &small));
	cg_buf_init(&buf, big, (size_t)1 << 19);
	e = cg_upload_parse(u, long_line(&buf, columns), &query, small, &rec,
	    why);
	cg_arena_free(big);
	cg_arena_free(small);
	return e;
}

static void
test_room(void **state)
{
	struct cg_why why = { NULL, NULL };

	(void)state;
	assert_int_equal(CG_OK, parse_long(5000, 65536, &why));
	assert_int_equal(CG_LIMIT, parse_long(9000, 1 << 20, &why));
	assert_string_equal("further fields are too long", why.text);
	assert_int_equal(CG_NOMEM, parse_long(100, 16, &why));
	assert_string_equal("out of memory for this request", why.text);
	/* what is known needs no memory */
	assert_int_equal(CG_OK, parse_long(7, 16, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
