/*
 * Results of commands (spec III.2.4.5, notes 2, 10 vector 11).
 */
#include "config.h"

#include "cg_push.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "assert_str.h"

#define NONE	CG_NONE
#define RESULTS	4

struct want {
	const char *id, *sn, *cmd;
	int32_t code;
	const char *payload;
};

struct row {
	const char *body;
	struct want want[RESULTS];
	size_t n;
};

static const struct row simple[] = {
	{ "ID=101&Return=0&CMD=DATA\nID=102&Return=-10&CMD=DATA\n"
	  "ID=info8487&Return=-1002&CMD=CHECK\n", {
	    { "101", NULL, "DATA", 0, NULL },
	    { "102", NULL, "DATA", -10, NULL },
	    { "info8487", NULL, "CHECK", -1002, NULL } }, 3 },
	{ "ID=101&Return=0&CMD=DATA\r\nID=102&Return=0&CMD=DATA", {
	    { "101", NULL, "DATA", 0, NULL },
	    { "102", NULL, "DATA", 0, NULL } }, 2 },
	{ "\r\n \nID=1&Return=0&CMD=DATA\n\n\r\nID=2&Return=0&CMD=X\n\n", {
	    { "1", NULL, "DATA", 0, NULL },
	    { "2", NULL, "X", 0, NULL } }, 2 },
	{ "ID=101&SN=TST1&Return=0&CMD=CHECK", {
	    { "101", "TST1", "CHECK", 0, NULL } }, 1 },
	{ "SN=T1&ID=1&Return=0&CMD=A\nSN=T1&ID=2&Return=0&CMD=B\n", {
	    { "1", "T1", "A", 0, NULL },
	    { "2", "T1", "B", 0, NULL } }, 2 },
	{ "id=101&RETURN=+7&cmd=SET OPTION", {
	    { "101", NULL, "SET OPTION", 7, NULL } }, 1 },
	{ "CMD=DATA&Return=0&ID=9\nCMD=LOG&ID=10&Return=0", {
	    { "9", NULL, "DATA", 0, NULL },
	    { "10", NULL, "LOG", 0, NULL } }, 2 },
	/* the tab form */
	{ "ID=1\tReturn=-1004\tCMD=DATA\nID=2\tReturn=0\tCMD=DATA\n", {
	    { "1", NULL, "DATA", -1004, NULL },
	    { "2", NULL, "DATA", 0, NULL } }, 2 },
	/* with one '&' only, and with one piece missing */
	{ "ID=101&Return=0\nID=102&Return=-1\n", {
	    { "101", NULL, NULL, 0, NULL },
	    { "102", NULL, NULL, -1, NULL } }, 2 },
	{ "ID=101&CMD=DATA\nID=102&CMD=DATA", {
	    { "101", NULL, "DATA", NONE, NULL },
	    { "102", NULL, "DATA", NONE, NULL } }, 2 },
	{ "ID=101\nID=102", {
	    { "101", NULL, NULL, NONE, NULL },
	    { "102", NULL, NULL, NONE, NULL } }, 2 },
	{ "Return=0&CMD=DATA\nID=2&Return=0&CMD=DATA", {
	    { NULL, NULL, "DATA", 0, NULL },
	    { "2", NULL, "DATA", 0, NULL } }, 2 },
	{ "ID=&SN=&Return=&CMD=\nID=2&Return=x&CMD=DATA", {
	    { NULL, NULL, "", NONE, NULL },
	    { "2", NULL, "DATA", NONE, NULL } }, 2 },
	{ "ID=1&ID=2&Return=0&Return=5&CMD=A&CMD=B", {
	    { "1", NULL, "A", 0, NULL } }, 1 },
	{ "ID=1&Return=2147483648&CMD=A\n", {
	    { "1", NULL, "A", NONE, NULL } }, 1 },
	{ "ID = 1 & Return = 0 &CMD = A ", {
	    { "1", NULL, "A", 0, NULL } }, 1 },
};

static const struct row verify[] = {
	{ "ID=5&Return=0&CMD=VERIFY SUM ATTLOG&StartTime=2030-01-01 00:00:00"
	  "&EndTime=2030-01-31 23:59:59&AttlogCount=12\n"
	  "ID=6&Return=0&CMD=DATA\n", {
	    { "5", NULL, "VERIFY SUM ATTLOG", 0,
	      "StartTime=2030-01-01 00:00:00&EndTime=2030-01-31 23:59:59"
	      "&AttlogCount=12" },
	    { "6", NULL, "DATA", 0, NULL } }, 2 },
	{ "ID=5&CMD=VERIFY SUM ATTLOG&AttlogSum=3&Return=0", {
	    { "5", NULL, "VERIFY SUM ATTLOG", 0, "AttlogSum=3&Return=0" } },
	  1 },
	{ "ID=1&Return=0&&CMD=A&\r\r\n", {
	    { "1", NULL, "A", 0, NULL } }, 1 },
	{ "X=1&ID=5&Return=0&CMD=A", {
	    { "5", NULL, "A", 0, "X=1&ID=5&Return=0&CMD=A" } }, 1 },
};

#define DEVICE	"~DeviceName=LX35\nMAC=00:17:61:00:00:11\nTransactionCount=3"

static const struct row info[] = {
	{ "ID=103&Return=0&CMD=INFO\n" DEVICE "\n", {
	    { "103", NULL, "INFO", 0, DEVICE } }, 1 },
	{ "ID=102&Return=0&CMD=DATA\nID=103&Return=0&CMD=INFO\n" DEVICE
	  "\nID=104&Return=0&CMD=DATA\n", {
	    { "102", NULL, "DATA", 0, NULL },
	    { "103", NULL, "INFO", 0, DEVICE },
	    { "104", NULL, "DATA", 0, NULL } }, 3 },
	{ "ID=103\nSN=T1\nReturn=0\nCMD=INFO\n" DEVICE, {
	    { "103", "T1", "INFO", 0, DEVICE } }, 1 },
	{ "ID=103\nCMD=INFO\n" DEVICE "\n\n", {
	    { "103", NULL, "INFO", NONE, DEVICE } }, 1 },
	{ "ID=103&Return=0&CMD=INFO\nA=1\n\nReturn=7\nSN=x\nB=2&ID=9\n"
	  "SN=T1&ID=5&Return=0&CMD=A\n", {
	    { "103", NULL, "INFO", 0, "A=1\n\nReturn=7\nSN=x\nB=2&ID=9" },
	    { "5", "T1", "A", 0, NULL } }, 2 },
	/* options that are called as the keys of a result */
	{ "ID=1580&Return=0&CMD=INFO\nSN=K1\n~DeviceName=ZZ\nUserCount=9", {
	    { "1580", NULL, "INFO", 0,
	      "SN=K1\n~DeviceName=ZZ\nUserCount=9" } }, 1 },
	{ "ID=1580&Return=0&CMD=INFO\n~DeviceName=ZZ\nID=22\nUserCount=9", {
	    { "1580", NULL, "INFO", 0,
	      "~DeviceName=ZZ\nID=22\nUserCount=9" } }, 1 },
	{ "ID=1580&Return=0&CMD=INFO\nID=22\nContent=9\nID=23&CMD=LOG", {
	    { "1580", NULL, "INFO", 0, "ID=22\nContent=9" },
	    { "23", NULL, "LOG", NONE, NULL } }, 2 },
	{ "ID=103\nSN=T1\nReturn=0\nCMD=INFO\nSN=K1\nA=1\nID=22", {
	    { "103", "T1", "INFO", 0, "SN=K1\nA=1\nID=22" } }, 1 },
	{ "CMD=INFO\nReturn=0\nID=103\nA=1", {
	    { "103", NULL, "INFO", 0, "A=1" } }, 1 },
};

static const struct row lines[] = {
	{ "ID=104\nSN=T1\nReturn=0\nCMD=Shell\nFILENAME=shellout.txt\n"
	  "Content=total 4\nID=9&Return=0&CMD=X\n", {
	    { "104", "T1", "Shell", 0, "total 4\nID=9&Return=0&CMD=X\n" } },
	  1 },
	{ "CMD=Shell\r\n\r\nReturn=-1\r\nID=104\r\nContent=\r\n", {
	    { "104", NULL, "Shell", -1, "\r\n" } }, 1 },
	{ "ID=104\nReturn=0\nCMD=Shell\nFILENAME=shell.out\nContent=", {
	    { "104", NULL, "Shell", 0, "" } }, 1 },
	{ "ID=104&Return=0&CMD=Shell&FILENAME=a&Content=x&y\nz", {
	    { "104", NULL, "Shell", 0, "x&y\nz" } }, 1 },
	{ "ID=104&Return=0&CMD=Shell\nFILENAME=a\nContent=x\n", {
	    { "104", NULL, "Shell", 0, "x\n" } }, 1 },
	{ "ID=104\nExtra=1\nReturn=0\nCMD=Shell\nContent=x", {
	    { "104", NULL, "Shell", 0, "x" } }, 1 },
	{ "ID=106\nReturn=4096\nCMD=PutFile\nID=107\nReturn=0\nCMD=PutFile\n",
	  { { "106", NULL, "PutFile", 4096, NULL },
	    { "107", NULL, "PutFile", 0, NULL } }, 2 },
	{ "SN=T1\nID=106\nReturn=1\nCMD=PutFile\nSN=T1\nID=107\nReturn=2\n"
	  "CMD=PutFile\nID=108&Return=0&CMD=DATA", {
	    { "106", "T1", "PutFile", 1, NULL },
	    { "107", "T1", "PutFile", 2, NULL },
	    { "108", NULL, "DATA", 0, NULL } }, 3 },
	{ "ID=108&Return=0&CMD=DATA\nSN=T1\nID=106\nReturn=1\nCMD=PutFile", {
	    { "108", NULL, "DATA", 0, NULL },
	    { "106", "T1", "PutFile", 1, NULL } }, 2 },
	/* behind a whole one, nothing begins without an ID */
	{ "ID=108&Return=0&CMD=DATA\nReturn=5\nSN=T1\nCMD=X", {
	    { "108", "T1", "DATA", 0, NULL } }, 1 },
	{ "ID=106\nReturn=1\nCMD=PutFile\nReturn=5\nCMD=X\nReturn=6\nID=9", {
	    { "106", NULL, "PutFile", 1, NULL },
	    { "9", NULL, "X", 6, NULL } }, 2 },
	{ "ID=7\nReturn=0\nCMD=VERIFY SUM ATTLOG\nAttlogCount=3\nX=1", {
	    { "7", NULL, "VERIFY SUM ATTLOG", 0, "AttlogCount=3\nX=1" } },
	  1 },
};

static const struct row odd[] = {
	{ .body = NULL },
	{ .body = "" },
	{ .body = "\r\n \n\t\n" },
	{ "what is this\nand this\nID=1&Return=0&CMD=A", {
	    { NULL, NULL, NULL, NONE, "what is this\nand this" },
	    { "1", NULL, "A", 0, NULL } }, 2 },
	{ "IDX=1\nIDENT\nID", {
	    { NULL, NULL, NULL, NONE, "IDX=1\nIDENT\nID" } }, 1 },
	{ "Content=ID=1&Return=0", {
	    { NULL, NULL, NULL, NONE, "ID=1&Return=0" } }, 1 },
};

static void
assert_row(const struct row *row)
{
	struct cg_str rest = cg_str_of(row->body);
	struct cg_result r;
	size_t n = 0;

	while (cg_result_next(&rest, &r)) {
		const struct want *w = &row->want[n];

		assert_true(n++ < row->n);
		assert_str(r.id, w->id);
		assert_str(r.sn, w->sn);
		assert_str(r.cmd, w->cmd);
		assert_int_equal(r.code, w->code);
		assert_str(r.payload, w->payload);
		assert_non_null(r.raw.p);
		assert_true(r.raw.n > 0);
	}
	assert_int_equal(n, row->n);
	assert_int_equal(rest.n, 0);
}

static void
assert_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_row(&rows[i]);
}

static void
test_simple(void **state)
{
	(void)state;
	assert_rows(simple, CG_LEN(simple));
}

static void
test_verify(void **state)
{
	(void)state;
	assert_rows(verify, CG_LEN(verify));
}

static void
test_info(void **state)
{
	(void)state;
	assert_rows(info, CG_LEN(info));
}

static void
test_lines(void **state)
{
	(void)state;
	assert_rows(lines, CG_LEN(lines));
}

static void
test_odd(void **state)
{
	(void)state;
	assert_rows(odd, CG_LEN(odd));
}

/* GetFile: every byte of the file, whatever it looks like. */
static void
test_binary(void **state)
{
	static const char body[] =
	    "ID=105\nSN=T1\nFILENAME=photo.jpg\nCMD=GetFile\nReturn=33\n"
	    "Content=\xFF\xD8\0\nID=9&Return=0&CMD=X\r\n\0\t\xFF\xD9\n";
	static const char file[] =
	    "\xFF\xD8\0\nID=9&Return=0&CMD=X\r\n\0\t\xFF\xD9\n";
	struct cg_str rest = CG_STR(body);
	struct cg_result r;

	(void)state;
	assert_true(cg_result_next(&rest, &r));
	assert_str(r.id, "105");
	assert_str(r.cmd, "GetFile");
	assert_int_equal(r.code, 33);
	assert_int_equal(r.payload.n, sizeof(file) - 1);
	assert_memory_equal(r.payload.p, file, sizeof(file) - 1);
	assert_int_equal(r.raw.n, sizeof(body) - 1);
	assert_false(cg_result_next(&rest, &r));
}

static void
test_raw(void **state)
{
	struct cg_str rest =
	    cg_lit("\nID=1&Return=0&CMD=A\r\n\nID=2\nReturn=0\n\nCMD=B\n\n");
	struct cg_result r;

	(void)state;
	assert_true(cg_result_next(&rest, &r));
	assert_str(r.raw, "ID=1&Return=0&CMD=A");
	assert_true(cg_result_next(&rest, &r));
	assert_str(r.raw, "ID=2\nReturn=0\n\nCMD=B");
	assert_false(cg_result_next(&rest, &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_simple),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_binary),
		cmocka_unit_test(test_raw),
	};

	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
