/*
 * The option block, its options and the time (spec III.2.2, III.2.3,
 * notes 3.2, 10 vectors 1, 8, 14).
 */
#include "config.h"

#include "cg_push.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define EAST8	(8 * 3600)

static struct cg_arena *
arena(void)
{
	struct cg_arena *a = NULL;

	assert_int_equal(cg_arena_new(1024 * 1024, &a), CG_OK);
	return a;
}

static struct cg_hello
hello(const char *pushver, const char *type)
{
	return (struct cg_hello){
		.sn = cg_lit("TST0000000001"),
		.pushver = cg_str_of(pushver),
		.device_type = cg_str_of(type),
		.utc_offset = EAST8,
	};
}

static void
option(struct cg_hello *h, const char *name, const char *value)
{
	const struct cg_option *o = cg_option_find(cg_str_of(name));

	assert_non_null(o);
	h->option[o - cg_options] = cg_str_of(value);
}

static const char *
block(struct cg_arena *a, const struct cg_hello *h)
{
	struct cg_buf b;
	char *z;

	cg_buf_init(&b, a, CG_BLOCK_MAX);
	cg_block_write(h, &b);
	assert_false(b.full);
	assert_true(b.n > 0);
	assert_int_equal(b.p[b.n - 1], '\n');
	z = cg_arena_dup(a, cg_buf_str(&b));
	assert_non_null(z);
	return z;
}

/* The line "key=..." of a block without its key; NULL when there is none. */
static const char *
value(struct cg_arena *a, const char *text, const char *key)
{
	struct cg_str rest = cg_str_of(text), line;
	size_t n = strlen(key);

	while (cg_str_line(&rest, &line))
		if (cg_str_starts(line, cg_str_of(key)) && line.n > n &&
		    line.p[n] == '=')
			return cg_arena_dup(a, cg_str_from(line, n + 1));
	return NULL;
}

static void
assert_value(struct cg_arena *a, const char *text, const char *key,
    const char *want)
{
	const char *got = value(a, text, key);

	if (want == NULL) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_string_equal(got, want);
}

#define HEAD	"GET OPTION FROM: TST0000000001\n"
#define OLD_STAMPS "Stamp=0\nOpStamp=0\nPhotoStamp=0\n"
#define COMMON \
	"ErrorDelay=60\nDelay=10\nTransTimes=00:00;12:00\nTransInterval=1\n" \
	"TransFlag=TransData AttLog\tOpLog\tAttPhoto\tEnrollUser\tChgUser\t" \
	"EnrollFP\tChgFP\tFACE\tUserPic\tBioPhoto\nTimeZone=+08:00\n" \
	"Realtime=1\nEncrypt=0\nTimeout=60\nSyncTime=3600\n"

static void
test_whole(void **state)
{
	struct cg_arena *a = arena();
	struct cg_hello h = hello("2.4.1", "att");

	(void)state;
	assert_string_equal(block(a, &h), HEAD OLD_STAMPS
	    "ATTLOGStamp=0\nOPERLOGStamp=0\nATTPHOTOStamp=0\n"
	    "BIODATAStamp=0\n" COMMON
	    "ServerVer=2.4.1\nPushProtVer=2.4.1\nPushOptionsFlag=1\n"
	    "SupportPing=1\n");
	h = hello(NULL, NULL);
	assert_string_equal(block(a, &h), HEAD OLD_STAMPS COMMON);
	cg_arena_free(a);
}

/* Vector 1: who is old, who is new. */
static void
test_dialect(void **state)
{
	static const struct {
		const char *pushver, *dialect, *version;
	} rows[] = {
		{ "2.4.1", NULL, "2.4.1" },
		{ "2.4.0", NULL, "2.4.0" },
		{ "3.1.2", NULL, "2.4.1" },
		{ "2.2.14", NULL, "2.2.14" },
		{ "2.31", NULL, "2.31" },
		{ "2.31", "auto", "2.31" },
		{ "2.31", "OLD", NULL },
		{ NULL, NULL, NULL },
		{ "", NULL, NULL },
		{ NULL, "new", "2.4.1" },
		{ NULL, "bad", NULL },
		{ "2.4.1\nX=1", NULL, "2.4.1" },
		{ "what", NULL, "2.4.1" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_hello h = hello(rows[i].pushver, NULL);
		const char *text;

		option(&h, "Dialect", rows[i].dialect);
		text = block(a, &h);
		assert_value(a, text, "ServerVer", rows[i].version);
		assert_value(a, text, "PushProtVer", rows[i].version);
		assert_value(a, text, "ATTLOGStamp",
		    rows[i].version != NULL ? "0" : NULL);
		assert_value(a, text, "SupportPing",
		    rows[i].version != NULL ? "1" : NULL);
		assert_value(a, text, "Stamp", "0");
		assert_value(a, text, "Dialect", NULL);
		assert_value(a, text, "TransFlagForm", NULL);
		assert_value(a, text, "X", NULL);
	}
	cg_arena_free(a);
}

/* Vector 8. */
static void
test_stamps(void **state)
{
	static const struct cg_stamp stamps[] = {
		{ CG_STR("ATTLOG"), CG_STR("2030-01-05T08:00:07") },
		{ CG_STR("OPERLOG"), CG_STR("77") },
		{ CG_STR("biodata"), CG_STR("9999") },
		{ CG_STR("USERINFO"), CG_STR("5") },
		{ CG_STR("ATTPHOTO"), CG_STR("1\nX=1") },
		{ CG_STR("SMS"), CG_STR("") },
		{ CG_STR("OTHER"), CG_STR("5") },
		{ CG_STR("WORKCODE"), CG_STR("6") },
	};
	struct cg_arena *a = arena();
	struct cg_hello h = hello("2.4.1", "att");
	const char *text;

	(void)state;
	h.stamp = stamps;
	h.nstamp = CG_LEN(stamps);
	text = block(a, &h);
	assert_value(a, text, "Stamp", "2030-01-05T08:00:07");
	assert_value(a, text, "ATTLOGStamp", "2030-01-05T08:00:07");
	assert_value(a, text, "OpStamp", "77");
	assert_value(a, text, "OPERLOGStamp", "77");
	assert_value(a, text, "PhotoStamp", "0");
	assert_value(a, text, "ATTPHOTOStamp", "0");
	assert_value(a, text, "BIODATAStamp", "9999");
	assert_value(a, text, "USERINFOStamp", "5");
	assert_value(a, text, "SMSStamp", NULL);
	assert_value(a, text, "WORKCODEStamp", "6");
	assert_value(a, text, "OTHERStamp", NULL);
	assert_value(a, text, "X", NULL);
	h.pushver = cg_str_of(NULL);
	text = block(a, &h);
	assert_value(a, text, "OpStamp", "77");
	assert_value(a, text, "OPERLOGStamp", NULL);
	assert_value(a, text, "BIODATAStamp", NULL);
	cg_arena_free(a);
}

/* Vector 14. */
static void
test_zone(void **state)
{
	static const struct {
		int minutes;
		const char *pushver, *type, *form, *want;
	} rows[] = {
		{ 480, "2.4.1", "att", NULL, "+08:00" },
		{ -300, "2.4.1", "att", NULL, "-05:00" },
		{ 0, "2.4.1", "att", NULL, "+00:00" },
		{ 480, NULL, NULL, NULL, "+08:00" },
		{ 330, "2.4.1", "att", NULL, "330" },
		{ 345, "2.4.1", "att", NULL, "345" },
		{ -210, "2.4.1", "att", NULL, "-210" },
		{ 330, "2.4.0", NULL, NULL, "330" },
		{ 330, "2.31", NULL, NULL, "330" },
		{ 330, "3.2.0", "att", "auto", "330" },
		{ 330, "3.2.0", NULL, NULL, "+05:30" },
		{ 330, "20.1", NULL, NULL, "+05:30" },
		{ -210, "3.2.0", NULL, NULL, "-03:30" },
		{ -30, "3.2.0", NULL, NULL, "-00:30" },
		{ 330, NULL, NULL, NULL, "+05:30" },
		{ 330, "2", NULL, NULL, "330" },
		{ 330, "2.x", NULL, NULL, "+05:30" },
		{ 330, "2.4.1", "att", "hhmm", "+05:30" },
		{ 330, "2.4.1", "att", "hours", "5" },
		{ -210, "2.4.1", "att", "hours", "-3" },
		{ -30, "2.4.1", "att", "hours", "0" },
		{ 480, "2.4.1", "att", "Hours", "8" },
		{ 480, "2.4.1", "att", "minutes", "480" },
		{ 330, NULL, NULL, "minutes", "330" },
		{ 840, NULL, NULL, NULL, "+14:00" },
		{ 480, "2.4.1", "att", "omit", NULL },
		{ 480, "2.4.1", "att", "nonsense", "+08:00" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_hello h = hello(rows[i].pushver, rows[i].type);

		h.utc_offset = rows[i].minutes * 60;
		option(&h, "TimeZone", rows[i].form);
		assert_value(a, block(a, &h), "TimeZone", rows[i].want);
	}
	cg_arena_free(a);
}

static void
test_transflag(void **state)
{
	static const struct {
		const char *flag, *form, *want;
	} rows[] = {
		{ "attlog, oplog", NULL, "TransData AttLog\tOpLog" },
		{ "OpLog\tAttLog", "string", "TransData OpLog\tAttLog" },
		{ "TransData AttLog\tattlog,ATTLOG FPImag", NULL,
		  "TransData AttLog\tFPImag" },
		{ "WORKCODE EnrollFACE ChgFACE", NULL,
		  "TransData WORKCODE\tEnrollFACE\tChgFACE" },
		{ "TransData", NULL, "TransData" },
		{ "1111000000", NULL, "1111000000" },
		{ "1111000000", "bitmap", "1111000000" },
		{ NULL, "bitmap", "111110111101" },
		{ "AttLog", "bitmap", "100000000000" },
		{ "OpLog", "bitmap", "010000000000" },
		{ "AttPhoto", "bitmap", "001000000000" },
		{ "EnrollFP", "bitmap", "000100000000" },
		{ "EnrollUser", "bitmap", "000010000000" },
		{ "FPImag", "bitmap", "000001000000" },
		{ "ChgUser", "bitmap", "000000100000" },
		{ "ChgFP", "bitmap", "000000010000" },
		{ "face", "bitmap", "000000001000" },
		{ "EnrollFACE", "bitmap", "000000001000" },
		{ "UserPic", "bitmap", "000000000100" },
		{ "workcode", "bitmap", "000000000010" },
		{ "BioPhoto", "BITMAP", "000000000001" },
		{ "TransData AttLog", "bitmap", "100000000000" },
		{ "AttLog", "no form", "TransData AttLog" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_hello h = hello("2.4.1", "att");
		const char *got;

		option(&h, "TransFlag", rows[i].flag);
		option(&h, "TransFlagForm", rows[i].form);
		got = value(a, block(a, &h), "TransFlag");
		assert_non_null(got);
		assert_string_equal(got, rows[i].want);
		assert_true(strlen(got) <= 255);
	}
	cg_arena_free(a);
}

/* Nothing that brings templates or photos. */
static void
test_impersonal(void **state)
{
	static const struct {
		const char	*flag;
		const char	*form;
		const char	*want;
	} rows[] = {
		{ NULL, NULL, "TransData AttLog\tOpLog\tEnrollUser\tChgUser" },
		{ "FACE BioPhoto UserPic FPImag WORKCODE", NULL,
		  "TransData WORKCODE" },
		{ "AttPhoto", NULL, "TransData" },
		{ "AttLog OpLog AttPhoto EnrollFP EnrollUser", "bitmap",
		  "110010000000" },
		{ "111111111111", NULL, "110010100010" },
		{ "1111", NULL, "1100" },
		{ "11111111111111111111", NULL, "11001010001000000000" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_hello h = hello("2.4.1", NULL);
		const char *got;

		h.impersonal = true;
		if (rows[i].flag != NULL)
			option(&h, "TransFlag", rows[i].flag);
		if (rows[i].form != NULL)
			option(&h, "TransFlagForm", rows[i].form);
		got = value(a, block(a, &h), "TransFlag");
		assert_string_equal(got, rows[i].want);
	}
	cg_arena_free(a);
}

static void
test_all_flags_fit(void **state)
{
	struct cg_arena *a = arena();
	struct cg_hello h = hello("2.4.1", "att");
	const char *got;

	(void)state;
	option(&h, "TransFlag", "AttLog OpLog AttPhoto EnrollUser ChgUser "
	    "EnrollFP ChgFP FPImag EnrollFACE ChgFACE FACE UserPic WORKCODE "
	    "BioPhoto");
	got = value(a, block(a, &h), "TransFlag");
	assert_non_null(got);
	assert_true(strlen(got) > 100 && strlen(got) <= 255);
	cg_arena_free(a);
}

/* What the operator sets is sent; what is wrong gives the default. */
static void
test_values(void **state)
{
	static const struct {
		const char *name, *set, *want;
	} rows[] = {
		{ "ErrorDelay", "30", "30" }, { "ErrorDelay", "0", "60" },
		{ "ErrorDelay", "", "60" }, { "Delay", "+007", "7" },
		{ "Delay", "5\nX=1", "10" },
		{ "TransTimes", "0", "0" },
		{ "TransTimes", "01:00, 02:30", "01:00;02:30" },
		{ "TransTimes", "24:00", "00:00;12:00" },
		{ "Realtime", "0", "0" }, { "Encrypt", "None", "None" },
		{ "Encrypt", "1", "0" }, { "SyncTime", "0", "0" },
		{ "ServerVer", "2.2.14", "2.2.14" },
		{ "ServerVer", "3.1.2", "2.4.1" },
		{ "PushProtVer", "2.31", "2.31" },
		{ "PushOptionsFlag", "0", "0" },
		{ "MultiBioDataSupport", NULL, NULL },
		{ "MultiBioDataSupport", "0:1:1:0:0:0:0:1:1:1:1",
		  "0:1:1:0:0:0:0:1:1:1:1" },
		{ "MultiBioPhotoSupport", "0:2", NULL },
		{ "BioDataFun", "1", "1" },
		{ "ICLOCKSVRURL", "http://192.0.2.1/", "http://192.0.2.1/" },
		{ "ICLOCKSVRURL", "a\rb", NULL },
		{ "RequestDelay", "3", "3" }, { "TransTables", "A B", "A B" },
		{ "MaxRecordCount", "100", "100" },
		{ "ATTPHOTOBase64", "0", "0" }, { "ATTPHOTOBase64", "1", NULL },
		{ "EncryptFlag", "0", "0" }, { "EncryptFlag", "None", NULL },
		{ "IRTempUnitTrans", "1", "1" },
		{ "QRCodeDecryptType", "2", "2" },
		{ "QRCodeDecryptKey", "k", "k" },
		{ "MaxPostSize", "1048576", "1048576" },
		{ "ResLogDay", "365", "365" }, { "ResLogCount", "0", "0" },
		{ "ResLogDelCount", "500", "500" },
	};
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_hello h = hello("2.4.1", "att");
		const char *text;

		option(&h, rows[i].name, rows[i].set);
		text = block(a, &h);
		assert_value(a, text, rows[i].name, rows[i].want);
		assert_value(a, text, "X", NULL);
	}
	cg_arena_free(a);
}

/* No option, however long, makes the block pass its limit. */
static void
test_largest(void **state)
{
	static const struct cg_str stamp = CG_STR(
	    "1234567890123456789012345678901234567890123456789012345678901234");
	static const char *const tables[] = { "ATTLOG", "OPERLOG", "ATTPHOTO",
	    "SMS", "USER_SMS", "USERINFO", "FINGERTMP", "FACETMP", "USERPIC",
	    "BIODATA" };
	struct cg_stamp stamps[CG_LEN(tables)];
	struct cg_arena *a = arena();
	struct cg_hello h = hello("2.4.1", "att");
	char text[256];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < CG_LEN(tables); i++)
		stamps[i] = (struct cg_stamp){ cg_str_of(tables[i]), stamp };
	h.stamp = stamps;
	h.nstamp = CG_LEN(stamps);
	for (size_t i = 0; i < CG_OPTION_COUNT; i++)
		if (cg_options[i].type == CG_OPT_TEXT)
			h.option[i] = cg_str_head(cg_str_of(text),
			    (size_t)cg_options[i].max);
	assert_true(strlen(block(a, &h)) < CG_BLOCK_MAX / 2);
	cg_arena_free(a);
}

static void
test_old_keys(void **state)
{
	struct cg_arena *a = arena();
	struct cg_hello h = hello(NULL, NULL);
	const char *text;

	(void)state;
	option(&h, "MultiBioDataSupport", "1:1");
	option(&h, "RequestDelay", "3");
	text = block(a, &h);
	assert_value(a, text, "MultiBioDataSupport", NULL);
	assert_value(a, text, "RequestDelay", "3");
	cg_arena_free(a);
}

static void
test_table(void **state)
{
	char why[CG_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < CG_OPTION_COUNT; i++) {
		const struct cg_option *o = &cg_options[i];

		assert_ptr_equal(cg_option_find(cg_str_of(o->name)), o);
		assert_non_null(o->doc);
		assert_true(strlen(o->doc) > 4);
		assert_int_equal(cg_option_check(o, cg_str_of(o->value), why),
		    CG_OK);
	}
	assert_ptr_equal(cg_option_find(cg_lit("errordelay")), cg_options);
	assert_null(cg_option_find(cg_lit("ErrorDelay ")));
	assert_null(cg_option_find(cg_str_of(NULL)));
}

static void
test_check(void **state)
{
	static const struct {
		const char *name, *value, *why;	/* part of it; NULL: right */
	} rows[] = {
		{ "Delay", "1", NULL }, { "Delay", "86400", NULL },
		{ "Delay", "0", "from 1 to 86400" },
		{ "Delay", "x", "from 1 to 86400" },
		{ "Delay", "", "empty" },
		{ "ATTPHOTOBase64", "1", "must be 0" },
		{ "ATTPHOTOBase64", "", NULL },
		{ "Realtime", "2", "from 0 to 1" },
		{ "TransTimes", "0", NULL },
		{ "TransTimes", "00:00;01:00;02:00;03:00;04:00;05:00;06:00;"
		  "07:00;08:00;23:59", NULL },
		{ "TransTimes", "00:00;01:00;02:00;03:00;04:00;05:00;06:00;"
		  "07:00;08:00;23:59;00:01", "hh:mm" },
		{ "TransTimes", "1:00", "hh:mm" },
		{ "TransTimes", "01.00", "hh:mm" },
		{ "TransTimes", "24:00", "hh:mm" },
		{ "TransTimes", "x;01:00", "hh:mm" },
		{ "TransTimes", "23:60", "hh:mm" },
		{ "TransTimes", ";", "hh:mm" },
		{ "TransFlag", "AttLog,OpLog\tFACE", NULL },
		{ "TransFlag", "AttLog Nope", "\"Nope\"" },
		{ "TransFlag", "AttLog TransData", "\"TransData\"" },
		{ "TransFlag", "AttLog\nOpLog", "no name" },
		{ "TransFlag", "0102", "\"0102\"" },
		{ "TransFlag", "11111111111111111111111111111111", NULL },
		{ "TransFlag", "111111111111111111111111111111111", "32" },
		{ "TransFlag", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		  "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"" },
		{ "TransFlagForm", "Bitmap", NULL },
		{ "TransFlagForm", "bits", "string, bitmap" },
		{ "TransFlagForm", "string, bitmap", "one of" },
		{ "TimeZone", "omit", NULL },
		{ "TimeZone", "+08:00", "hhmm" },
		{ "Dialect", "old", NULL }, { "Dialect", "acc", "auto, old" },
		{ "Encrypt", "0", NULL }, { "Encrypt", "none", NULL },
		{ "Encrypt", "1", "no algorithm" },
		{ "Encrypt", "00", "no algorithm" },
		{ "EncryptFlag", "0", NULL },
		{ "EncryptFlag", "None", "no algorithm" },
		{ "EncryptFlag", "1", "no algorithm" },
		{ "ServerVer", "2.31", NULL },
		{ "ServerVer", "3.4.1 20100607", "dotted" },
		{ "PushProtVer", "v2", "dotted" },
		{ "BioDataFun", "0:1", NULL },
		{ "BioDataFun", "0:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1", "flags" },
		{ "BioDataFun", "0:1:", "flags" },
		{ "BioDataFun", "01", "flags" },
		{ "BioDataFun", "2", "flags" },
		{ "TransTables", "User Transaction", NULL },
		{ "TransTables", "a\tb", "printable" },
		{ "TransTables", "\x7F", "printable" },
		{ "QRCodeDecryptKey",
		  "0123456789012345678901234567890123456789012345678901234567"
		  "0123456789012345678901234567890123456789012345678901234567"
		  "0123456789012", "at most 128" },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct cg_option *o =
		    cg_option_find(cg_str_of(rows[i].name));
		char why[CG_WHY_MAX];
		enum cg_err e;

		assert_non_null(o);
		e = cg_option_check(o, cg_str_of(rows[i].value), why);
		assert_int_equal(e, rows[i].why == NULL ? CG_OK : CG_SYNTAX);
		if (rows[i].why == NULL)
			assert_string_equal(why, "");
		else
			assert_non_null(strstr(why, rows[i].why));
	}
}

static void
test_full(void **state)
{
	struct cg_arena *a = arena();
	struct cg_hello h = hello("2.4.1", "att");
	struct cg_buf b;

	(void)state;
	cg_buf_init(&b, a, 40);
	cg_block_write(&h, &b);
	assert_true(b.full);
	cg_arena_free(a);
}

static void
test_time(void **state)
{
	static const struct {
		int32_t offset;
		const char *want;
	} rows[] = {
		{ -18000, "Time=2011-05-05T17:40:20-05:00\n" },
		{ 19800, "Time=2011-05-05T17:40:20+05:30\n" },
		{ 0, "Time=2011-05-05T17:40:20+00:00\n" },
		{ -12600, "Time=2011-05-05T17:40:20-03:30\n" },
	};
	const struct cg_time t = { 2011, 5, 5, 17, 40, 20 };
	struct cg_arena *a = arena();

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_buf b;

		cg_buf_init(&b, a, 64);
		cg_time_write(&b, &t, rows[i].offset);
		assert_false(b.full);
		assert_int_equal(b.n, strlen(rows[i].want));
		assert_memory_equal(b.p, rows[i].want, b.n);
	}
	cg_arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_dialect),
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_transflag),
		cmocka_unit_test(test_impersonal),
		cmocka_unit_test(test_all_flags_fit),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_old_keys),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
