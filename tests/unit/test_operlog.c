/*
 * push: OPERLOG and the other tables of lines (spec III.2.4.3, notes 1.6, 1.7).
 */
#include "config.h"

#include "push_case.h"

#define T	"2030-01-05 08:00:00"
#define AT	" at=2030-01-05_08:00:00"
#define X32	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X64	X32 X32

static void
test_oplog(void **state)
{
	static const struct push_case rows[] = {
		{ "OPLOG 4\t0\t" T "\t0\t0\t0\t0",
		    "operation code=4 admin=0" AT " o1=0 o2=0 o3=0 o4=0\n" },
		{ "oplog 30\t0\t" T "\t00a7_1\t" X64,
		    "operation code=30 admin=0" AT " o1=00a7_1 o2=" X64 "\n" },
		{ "OPLOG\t126\t\t" T "\t1\t2\t3\t4\t\t",
		    "operation code=126 admin=''" AT " o1=1 o2=2 o3=3 o4=4\n" },
		{ "OPLOG 4\t0\t" T,
		    "operation code=4 admin=0" AT "\n" },
		{ "OPLOG 4\t0\t" T "\t1\t2\t3\t4\t5\t\t6",
		    "operation code=4 admin=0" AT " o1=1 o2=2 o3=3 o4=4 "
		    "extra=column8=5|column10=6\n" },
		{ "OPLOG 4\t0\t2030-01-05 25:00:00\t0\t0\t0\t0",
		    "operation code=4 admin=0 at=2030-01-05_23:00:00 "
		    "text=2030-01-05 25:00:00 o1=0 o2=0 o3=0 o4=0\n" },
		{ "OPLOG", "!syntax: too few columns: 1\n" },
		{ "OPLOG 4\t0", "!syntax: too few columns: 2\n" },
		{ "OPLOG \t0\t" T, "!syntax Code: field is empty\n" },
		{ "OPLOG x\t0\t" T, "!syntax Code: field is not a number\n" },
		{ "OPLOG 32768\t0\t" T,
		    "!syntax Code: number is out of range\n" },
		{ "OPLOG 4\t0\tnever", "!syntax Time: time can't be read\n" },
		{ "OPLOG 4\tx" X32 "\t" T, "!limit Admin: field is too long\n" },
		{ "OPLOG 4\t0\t" T "\t0\t0\t0\tx" X64,
		    "!limit Object4: field is too long\n" },
	};

	(void)state;
	expect_cases("OPERLOG", rows, CG_LEN(rows));
}

static void
test_user(void **state)
{
	static const struct push_case rows[] = {
		{ "USER PIN=1160\tName=Ann Example\tPri=0\tPasswd=\tCard=\t"
		    "Grp=1\tTZ=0000000100000000\tVerify=0\tViceCard=",
		    "user pin=1160 name=Ann Example pri=0 password='' card='' "
		    "group=1 tz=0000000100000000 verify=0 vice=''\n" },
		{ "USER PIN=7\tName=\tPri=14\tPasswd=1234\tCard=[15cd5b0700]\t"
		    "Grp=1\tTZ=0000000000000000\tVerify=-1\tViceCard=\t"
		    "StartDatetime=0\tEndDatetime=0",
		    "user pin=7 name='' pri=14 password=1234 "
		    "card=[15cd5b0700] group=1 tz=0000000000000000 verify=-1 "
		    "vice='' extra=StartDatetime=0|EndDatetime=0\n" },
		{ "USER PIN=982\tName=Richard\tPasswd=9822\tCard=13375590\t"
		    "Grp=1\tTZ=",
		    "user pin=982 name=Richard password=9822 card=13375590 "
		    "group=1 tz=''\n" },
		{ "USER PIN=1\tCard=[0000000000]",
		    "user pin=1 card=[0000000000]\n" },
		{ "USER PIN=1\tCard=[15cd5b07]", "user pin=1 card=[15cd5b07]\n" },
		/* a name in GB18030 */
		{ "USER PIN=1\tName=\xd5\xc5\xc8\xfd\x81\x30\x81\x30",
		    "user pin=1 name=\xd5\xc5\xc8\xfd\x81\x30\x81\x30\n" },
		/* any case, any order, odd blanks */
		{ "user  grp=2\tVERIFY=3\tpin= 5 \tNAME= x y ",
		    "user pin=5 name= x y  group=2 verify=3\n" },
		{ "USER Privilege=2\tPassword=p\tCardNo=9\tGroup=3\tPIN=1",
		    "user pin=1 pri=2 password=p card=9 group=3\n" },
		/* '=' in values, empty numbers, empty pieces */
		{ "USER PIN=1\tName=a=b==\tPri=\tGrp=\tVerify=\t\t",
		    "user pin=1 name=a=b==\n" },
		/* what has no field: kept, also what comes again */
		{ "USER New=1\tPIN=1\tjunk\tPIN=2\tName=a\tOther=\tName=b",
		    "user pin=1 name=a "
		    "extra=New=1|junk|PIN=2|Other=|Name=b\n" },
		{ "USER PIN=1\tPri=1\tPrivilege=2",
		    "user pin=1 pri=1 extra=Privilege=2\n" },
		{ "USER PIN=1\tName=" X64 X32, "user pin=1 name=" X64 X32 "\n" },
		{ "USER", "!syntax PIN: field is missing\n" },
		{ "USER Name=x", "!syntax PIN: field is missing\n" },
		{ "USER PIN=\tName=x", "!syntax PIN: field is empty\n" },
		{ "USER PIN=1\tPri=x", "!syntax Pri: field is not a number\n" },
		{ "USER PIN=1\tGrp=2147483648",
		    "!syntax Grp: number is out of range\n" },
		{ "USER PIN=1\tGrp=-2147483648",
		    "!syntax Grp: number is out of range\n" },
		{ "USER PIN=1\tVerify=1.5",
		    "!syntax Verify: field is not a number\n" },
		{ "USER PIN=x" X32, "!limit PIN: field is too long\n" },
		{ "USER PIN=1\tName=x" X64 X32,
		    "!limit Name: field is too long\n" },
		{ "USER PIN=1\tPasswd=x" X32,
		    "!limit Passwd: field is too long\n" },
		{ "USER PIN=1\tCard=x" X32, "!limit Card: field is too long\n" },
		{ "USER PIN=1\tTZ=x" X64, "!limit TZ: field is too long\n" },
		{ "USER PIN=1\tViceCard=x" X32,
		    "!limit ViceCard: field is too long\n" },
	};

	(void)state;
	expect_cases("OPERLOG", rows, CG_LEN(rows));
}

static void
test_template(void **state)
{
	static const struct push_case rows[] = {
		{ "FP PIN=1160\tFID=3\tSize=1608\tValid=1\tTMP=TWlzcw==",
		    "template pin=1160 type=1 no=3 index=0 valid=1 size=1608 "
		    "body=TWlzcw==\n" },
		{ "FACE PIN=1160\tFID=2\tSIZE=1648\tVALID=1\tTMP=TWlz",
		    "template pin=1160 type=2 no=2 index=0 valid=1 size=1648 "
		    "body=TWlz\n" },
		{ "FACE PIN=1002\tSize=3052\tValid=1\tTMP=TWlz",
		    "template pin=1002 type=2 no=0 index=0 valid=1 size=3052 "
		    "body=TWlz\n" },
		{ "FVEIN Pin=1160\tFID=1\tIndex=2\tSize=4\tValid=1\tTmp=TWlz",
		    "template pin=1160 type=7 no=1 index=2 valid=1 size=4 "
		    "body=TWlz\n" },
		{ "FP PIN=1\tTMP=x", "template pin=1 type=1 no=0 index=0 "
		    "body=x\n" },
		{ "FP PIN=1\tFID=\tSize=\tDuress=1\tTMP=x\tNew=y",
		    "template pin=1 type=1 no=0 index=0 duress=1 body=x "
		    "extra=New=y\n" },
		{ "BIODATA Pin=1160\tNo=1\tIndex=2\tValid=1\tDuress=0\tType=9\t"
		    "MajorVer=58\tMinorVer=12\tFormat=0\tTmp=TWlzcw==",
		    "template pin=1160 type=9 no=1 index=2 valid=1 duress=0 "
		    "format=0 major=58 minor=12 body=TWlzcw==\n" },
		{ "FP FID=1\tTMP=x", "!syntax PIN: field is missing\n" },
		{ "FP PIN=1\tFID=1", "!syntax TMP: field is missing\n" },
		{ "FP PIN=1\tFID=1\tTMP=", "!syntax TMP: field is empty\n" },
		{ "FP PIN=1\tFID=-1\tTMP=x",
		    "!syntax FID: number is out of range\n" },
		{ "FP PIN=1\tFID=a\tTMP=x",
		    "!syntax FID: field is not a number\n" },
		{ "BIODATA PIN=1\tTMP=x", "!syntax Type: field is missing\n" },
		{ "BIODATA PIN=1\tType=\tTMP=x",
		    "!syntax Type: field is empty\n" },
		{ "BIODATA PIN=1\tType=9\tFormat=x" X32 "\tTMP=x",
		    "!limit Format: field is too long\n" },
		{ "BIODATA PIN=1\tType=9\tMajorVer=x" X32 "\tTMP=x",
		    "!limit MajorVer: field is too long\n" },
		{ "BIODATA PIN=1\tType=9\tMinorVer=x" X32 "\tTMP=x",
		    "!limit MinorVer: field is too long\n" },
	};

	(void)state;
	expect_cases("OPERLOG", rows, CG_LEN(rows));
}

static void
test_picture(void **state)
{
	static const struct push_case rows[] = {
		{ "USERPIC PIN=1160\tFileName=1160.jpg\tSize=8\t"
		    "Content=/9j/4AA=",
		    "picture pin=1160 kind=2 file=1160.jpg size=8 "
		    "content=/9j/4AA=\n" },
		{ "BIOPHOTO PIN=1160\tFileName=1160.jpg\tNo=0\tIndex=1\tType=9\t"
		    "Size=8\tContent=/9j/4AA=\tFormat=0",
		    "picture pin=1160 kind=3 file=1160.jpg type=9 no=0 index=1 "
		    "size=8 content=/9j/4AA= extra=Format=0\n" },
		{ "USERPIC PIN=1", "!syntax Content: field is missing\n" },
		{ "USERPIC PIN=1\tSize=-1\tContent=x",
		    "!syntax Size: number is out of range\n" },
	};

	(void)state;
	expect_cases("OPERLOG", rows, CG_LEN(rows));
}

static void
test_item(void **state)
{
	static const struct push_case rows[] = {
		{ "SMS MSG=hello all\tTAG=253\tUID=3\tMIN=0",
		    "item kind=SMS key=3 fields=MSG=hello all|TAG=253|UID=3|"
		    "MIN=0\n" },
		{ "user_sms UID=3\tPIN=7",
		    "item kind=USER_SMS key=7|3 fields=UID=3|PIN=7\n" },
		{ "WORKCODE CODE=5\tName=Paint",
		    "item kind=WORKCODE key=5 fields=CODE=5|Name=Paint\n" },
		{ "WORKCODE PIN=1\tCODE=5\tNAME=Paint",
		    "item kind=WORKCODE key=1|5 fields=PIN=1|CODE=5|"
		    "NAME=Paint\n" },
		{ "IDCARD PIN=7\tSNNum=12\tIDNum=34",
		    "item kind=IDCARD key=7|12 fields=PIN=7|SNNum=12|"
		    "IDNum=34\n" },
		{ "IDCARD PIN=7", "item kind=IDCARD key=7 fields=PIN=7\n" },
		{ "SMS MSG=x", "!syntax UID: field is missing\n" },
		{ "SMS UID=", "!syntax: no key field has a value\n" },
		{ "SMS UID=x" X64, "!limit UID: field is too long\n" },
		{ "USER_SMS PIN=7", "!syntax UID: field is missing\n" },
		{ "WORKCODE PIN=7", "!syntax CODE: field is missing\n" },
		{ "IDCARD IDNum=34", "!syntax: no key field has a value\n" },
		{ "IDCARD PIN=\tSNNum=", "!syntax: no key field has a value\n" },
		{ "ERRORLOG ErrCode=D01E0001\tErrMsg=\tCmdId=12",
		    "event kind=ERRORLOG fields=ErrCode=D01E0001|ErrMsg=|"
		    "CmdId=12\n" },
		{ "ERRORLOG", "!syntax: nothing behind the tag\n" },
		{ "ERRORLOG  \t", "!syntax: nothing behind the tag\n" },
	};

	(void)state;
	expect_cases("OPERLOG", rows, CG_LEN(rows));
}

static void
test_mixed(void **state)
{
	static const struct push_case rows[] = {
		{ "OPLOG 4\t0\t" T "\t0\t0\t0\t0\r\n\r\n"
		    "NEWTAG A=1\tB=2\r\nUSER PIN=1\tName=a\r\n",
		    "operation code=4 admin=0" AT " o1=0 o2=0 o3=0 o4=0\n"
		    "!syntax: unknown kind of line\n"
		    "user pin=1 name=a\n" },
		/* no tag, in a table that has more than one */
		{ "PIN=1\tName=a", "!syntax: unknown kind of line\n" },
		{ "USERS PIN=1", "!syntax: unknown kind of line\n" },
		{ "OPERLOG 4\t0\t" T, "!syntax: unknown kind of line\n" },
		{ " USER PIN=1", "!syntax: unknown kind of line\n" },
		{ "\tUSER PIN=1", "!syntax: unknown kind of line\n" },
	};

	(void)state;
	expect_cases("OPERLOG", rows, CG_LEN(rows));
}

/* The other tables: with their tag, with their own name, without, another's. */
static void
test_tables(void **state)
{
	static const struct {
		const char *table, *body, *want;
	} rows[] = {
		{ "USERINFO", "USER PIN=1\nUSERINFO PIN=2\nPIN=3\nName=a b\t"
		    "PIN=4\n",
		    "user pin=1\nuser pin=2\nuser pin=3\n"
		    "user pin=4 name=a b\n" },
		{ "user", "pin=1\tname=a", "user pin=1 name=a\n" },
		{ "FINGERTMP", "FP PIN=1\tTMP=x\nPIN=1\tFID=2\tTMP=x",
		    "template pin=1 type=1 no=0 index=0 body=x\n"
		    "template pin=1 type=1 no=2 index=0 body=x\n" },
		{ "templatev10", "PIN=1\tFingerID=4\tSize=1\tValid=1\t"
		    "Template=x",
		    "template pin=1 type=1 no=4 index=0 valid=1 size=1 "
		    "body=x\n" },
		{ "templatev10", "templatev10 PIN=1\tFID=4\tTMP=x",
		    "template pin=1 type=1 no=4 index=0 body=x\n" },
		{ "facetmpv10", "PIN=1\tFID=4\tTMP=x",
		    "template pin=1 type=2 no=4 index=0 body=x\n" },
		{ "FACETMP", "FACE PIN=1\tTMP=x",
		    "template pin=1 type=2 no=0 index=0 body=x\n" },
		{ "FACE", "PIN=1\tTMP=x",
		    "template pin=1 type=2 no=0 index=0 body=x\n" },
		{ "FVEIN", "PIN=1\tTMP=x",
		    "template pin=1 type=7 no=0 index=0 body=x\n" },
		{ "BIODATA", "Pin=1\tType=8\tTmp=x\nUSER PIN=9\nXYZ Pin=1",
		    "template pin=1 type=8 no=0 index=0 body=x\n"
		    "user pin=9\n!syntax: unknown kind of line\n" },
		{ "USERPIC", "PIN=1\tContent=x",
		    "picture pin=1 kind=2 content=x\n" },
		{ "BIOPHOTO", "PIN=1\tContent=x",
		    "picture pin=1 kind=3 content=x\n" },
		{ "SMS", "UID=1\tMSG=a", "item kind=SMS key=1 "
		    "fields=UID=1|MSG=a\n" },
		{ "USER_SMS", "PIN=1\tUID=2", "item kind=USER_SMS key=1|2 "
		    "fields=PIN=1|UID=2\n" },
		{ "WORKCODE", "CODE=1", "item kind=WORKCODE key=1 "
		    "fields=CODE=1\n" },
		{ "IDCARD", "IDCARD PIN=1", "item kind=IDCARD key=1 "
		    "fields=PIN=1\n" },
		{ "ERRORLOG", "ErrCode=1\tErrMsg=x", "event kind=ERRORLOG "
		    "fields=ErrCode=1|ErrMsg=x\n" },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		expect_bytes(rows[i].table, cg_str_of(rows[i].body), "",
		    rows[i].want);
}

static enum cg_err
parse_with_value(const char *table, const char *front, size_t n, size_t room)
{
	char *line = malloc(strlen(front) + n);
	struct cg_query query = { .n = 0 };
	struct cg_arena *arena;
	struct cg_record rec;
	struct cg_why why;
	enum cg_err e;

	assert_non_null(line);
	memcpy(line, front, strlen(front));
	memset(line + strlen(front), 'x', n);
	assert_int_equal(CG_OK, cg_arena_new(room, &arena));
	e = cg_upload_parse(cg_upload_find(cg_str_of(table)),
	    (struct cg_str){ line, strlen(front) + n }, &query, arena, &rec,
	    &why);
	cg_arena_free(arena);
	free(line);
	return e;
}

static void
test_room(void **state)
{
	static const struct {
		const char	*front;
		size_t		 n, room;
		enum cg_err	 want;
	} rows[] = {
		{ "FP PIN=1\tTMP=", 1000000, 64, CG_OK },
		{ "USERPIC PIN=1\tContent=", 1000000, 64, CG_OK },
		{ "USER PIN=1\tNew=", 65526, 1 << 20, CG_OK },
		{ "USER PIN=1\tNew=", 65527, 1 << 20, CG_LIMIT },
		{ "USER PIN=1\tNew=", 100, 64, CG_NOMEM },
		{ "SMS UID=1\tMSG=", 65525, 64, CG_OK },
		{ "SMS UID=1\tMSG=", 65526, 64, CG_LIMIT },
		{ "USER_SMS PIN=1\tUID=", 60, 32, CG_NOMEM },
		{ "ERRORLOG ", 65535, 64, CG_OK },
		{ "ERRORLOG ", 65536, 64, CG_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		assert_int_equal(rows[i].want, parse_with_value("OPERLOG",
		    rows[i].front, rows[i].n, rows[i].room));
}

static bool
holds(struct cg_str s, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= s.n; i++)
		if (memcmp(s.p + i, text, n) == 0)
			return true;
	return false;
}

static void
expect_in_capture(const char *table, const char *file,
    const char *const *want, size_t n, size_t lines)
{
	struct cg_str body, got;
	struct cg_arena *arena;
	char *bytes = capture_body(file, &body);
	size_t count = 0;

	assert_int_equal(CG_OK, cg_arena_new(4 * CASE_ROOM, &arena));
	got = print_body(cg_upload_find(cg_str_of(table)), body, "", arena);
	for (size_t i = 0; i < n; i++)
		if (!holds(got, want[i]))
			fail_msg("%s\nnot in: %.*s", want[i], (int)got.n,
			    got.p);
	for (size_t i = 0; i < got.n; i++)
		count += got.p[i] == '\n';
	assert_int_equal(lines, count);
	cg_arena_free(arena);
	free(bytes);
}

static void
test_captures(void **state)
{
	static const char *const operlog[] = {
		"operation code=4 admin=0 at=2030-01-07_07:40:00 "
		"o1=0 o2=0 o3=0 o4=0\n",
		"operation code=30 admin=0 at=2030-01-07_07:41:10 "
		"o1=1160 o2=0 o3=0 o4=0\n",
		"user pin=1160 name=Ann Example pri=0 password='' card='' "
		"group=1 tz=0000000100000000 verify=0 vice=''\n",
		"template pin=1160 type=1 no=0 index=0 valid=1 size=1608 "
		"body=ByZFZIOiweAEI0JhgJ++3QEg",
	};
	static const char *const biodata[] = {
		"template pin=900001 type=9 no=0 index=0 valid=1 duress=0 "
		"format=0 major=58 minor=12 body=BxQhLjtIVWJvfImWo7C9ytfk8Q",
	};

	(void)state;
	expect_in_capture("OPERLOG", "03-x100-operlog.http", operlog,
	    CG_LEN(operlog), 4);
	expect_in_capture("BIODATA", "08-speedface-biodata.http", biodata,
	    CG_LEN(biodata), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oplog),
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_picture),
		cmocka_unit_test(test_item),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_captures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
