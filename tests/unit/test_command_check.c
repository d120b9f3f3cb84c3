/*
 * push: bodies read back, whoever wrote them.  No spelling of a body gets
 * around the classes of danger.
 */
#include "config.h"

#include "assert_str.h"
#include "command_case.h"

struct body_case {
	const char	*body;
	const char	*command;
	const char	*danger;
};

/* clang-format off */
static const struct body_case bodies[] = {
	/* what rows of the queue hold as a rule */
	{ "CHECK", "check", "" },
	{ "DATA UPDATE USERINFO PIN=7\tName=Ann Lee\tPri=0", "user-update", "" },
	{ "DATA UPDATE USERINFO PIN=7\tName=\tGrp=\tTZ=", "user-update", "" },
	{ "DATA UPDATE USERINFO PIN=7\tPrivilege=14\t", "user-update", "" },
	{ "DATA UPDATE USERINFO PIN=7\tName=\xb0\xa2", "user-update", "" },
	{ "DATA USER PIN=7\tName=Ann", "user-update", "" },
	{ "DATA FP PIN=7\tFID=0\tValid=1\tTMP=QUJD", "fingerprint-update", "" },
	{ "DATA UPDATE BIODATA Pin=7\tType=9\tMajorVer=58\tMinorVer=12\tTmp=QUJD",
	  "biodata-update", "" },
	{ "DATA UPDATE BIOPHOTO PIN=7\tType=9\tFormat=1\tUrl=a.jpg\t"
	  "PostBackTmpFlag=1", "biophoto-update", "" },
	{ "DATA UPDATE USERINFO PIN=7\tTZ=000000010002000f", "user-update", "" },
	{ "DATA QUERY USERINFO", "query-users", "" },
	{ "data query userinfo", "query-users", "" },
	{ "  INFO\t ", "info", "" },
	{ "DATA UPDATE IDCARD PIN=7\tSNNum=1", "raw", "" },
	{ "DATA QUERY tablename=user,fielddesc=*,filter=*", "raw", "" },
	{ "data update  user Pin=7\tPassword=1", "raw", "" },
	{ "GET OPTIONS ~SerialNumber,IPAddress", "raw", "" },
	{ "VERIFY SUM ACCOUNT", "raw", "" },

	/* verbs that nobody knows */
	{ "LOGOUT", "raw", "shell" },
	{ "RESTORE", "raw", "shell" },
	{ "FORMAT /mnt/mtdblock", "raw", "shell" },
	{ "INITIALIZE", "raw", "shell" },
	{ "CONTROL DEVICE 01010105", "raw", "shell" },
	{ "USER ADD PIN=7", "raw", "shell" },
	{ "DATA", "raw", "shell" },
	{ "DATA UPDATE", "raw", "shell" },
	{ "DATA UPDATE PROGRAM a=1", "raw", "shell" },
	{ "DATA UPDATE IDCARDS PIN=7", "raw", "shell" },
	{ "DATA QUERYING", "raw", "shell" },
	{ "SET", "raw", "shell" },
	{ "SETOPTION CardKey=1", "raw", "shell" },
	{ "GET  OPTIONS;ls", "raw", "shell" },

	/* SHELL */
	{ "SHELL ls", "shell", "shell" },
	{ "Shell ls", "shell", "shell" },
	{ "sHeLl\tls", "shell", "shell" },
	{ " SHELL ls", "shell", "shell" },
	{ "\tSHELL ls", "shell", "shell" },
	{ "SHELL  ls", "shell", "shell" },
	{ "SHELL", NULL, "text: must be given" },
	{ "SHELL;ls", "raw", "shell" },
	{ "SHELLls", "raw", "shell" },

	/* files */
	{ "PutFile http://server/a.tgz /mnt", "file-put", "files" },
	{ "putfile\thttp://server/a.tgz\t/mnt", "file-put", "files" },
	{ "PutFile  http://server/a.tgz  /mnt\tAction=SyncData\tTableName=user",
	  "file-put", "files" },
	{ "GETFILE a.dat", "file-get", "files" },
	{ "GetFile:a.dat", "raw", "files" },
	{ "PutFiles a", "raw", "files" },
	{ "UPGRADE checksum=00112233445566778899aabbccddeeff,url=a,size=1,"
	  "supportsubcontracting=1", "upgrade", "files" },
	{ "upgrade_now", "raw", "files" },

	/* wiping */
	{ "CLEAR LOG", "clear-log", "wipe" },
	{ "clear   log", "clear-log", "wipe" },
	{ "CLEAR PHOTO", "clear-photo", "wipe" },
	{ "CLEAR ALL BELL", "clear-bells", "" },
	{ "CLEAR ALL USERINFO", "clear-users", "wipe" },
	{ "CLEAR BIODATA", "clear-biodata", "wipe" },
	{ "RESET ALL FUNCKEYS", "reset-function-keys", "" },
	{ "CLEAR\tDATA", "clear-data", "wipe" },
	{ "CLEAR_LOG", "raw", "wipe" },
	{ "CLEAR ALL", "raw", "wipe" },
	{ "CLEAR EVERYTHING", "raw", "wipe" },
	{ "RESET ALL TIMEZONE", "reset-time-zones", "" },
	{ "RESET ALL", "raw", "wipe" },
	{ "DATA DELETE USERINFO", "users-delete-all", "wipe" },
	{ "DATA DELETE USERINFO\t", "users-delete-all", "wipe" },
	{ "data  delete\tuserinfo", "users-delete-all", "wipe" },
	{ "DATA DELETE USERINFO Foo=1", "users-delete-all", "wipe" },
	{ "DATA DELETE FINGERTMP FID=0", "fingerprints-delete-all", "wipe" },
	{ "DATA DELETE FACE", "raw", "wipe" },
	{ "DATA DELETE BIODATA Type=9", "raw", "wipe" },
	{ "DATA DELETE SMS", "sms-delete", "wipe" },
	{ "DATA DELETE TIMEZONE", "time-zone-delete", "wipe" },
	{ "DATA DELETE BELL", "bell-delete", "wipe" },
	{ "DATA DELETE WORKCODE Name=a", "work-code-delete", "wipe" },
	{ "DATA DEL_USER", "users-delete-all", "wipe" },
	{ "DATA DEL_FP FID=0", "fingerprints-delete-all", "wipe" },
	{ "DATA DELETE user uid=1", "raw", "wipe" },
	{ "DATA DELETE user", "raw", "wipe" },
	{ "DATA DEL USERINFO", "raw", "wipe" },
	{ "DATA DELETL TIMEZONE TZID=1", "raw", "wipe" },
	{ "DATA CLEAR USERINFO", "raw", "wipe" },
	{ "DEL_USER PIN=1", "raw", "wipe" },

	/* a key that is spelled to the letter, and others */
	{ "DATA DELETE USERINFO PIN=7", "user-delete", "" },
	{ "DATA DEL_USER PIN=7", "user-delete", "" },
	{ "DATA DELETE FINGERTMP PIN=7\tFID=0", "fingerprint-delete", "" },
	{ "DATA DELETE BELL BellID=1", "bell-delete", "" },
	{ "DATA DELETE USERINFO pin=7", "user-delete", "wipe" },
	{ "data delete userinfo PIN=7", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO  PIN=7", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO\tPIN=7", "user-delete", "wipe" },
	{ "DATA  DELETE USERINFO PIN=7", "user-delete", "wipe" },
	{ " DATA DELETE USERINFO PIN=7", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO Foo=1\tPIN=7", "user-delete", "wipe" },
	{ "DATA DELETE FINGERTMP FID=0\tPIN=7", "fingerprint-delete", "wipe" },

	/* a key that may be more than one */
	{ "DATA DELETE USERINFO PIN=*", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO PIN=%", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO PIN=7,8", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO PIN=7;8", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO PIN=1-9999", "user-delete", "wipe" },
	{ "DATA DELETE FINGERTMP PIN=*\tFID=0", "fingerprint-delete", "wipe" },
	{ "DATA DELETE BIODATA Pin=7,8\tType=9", "biodata-delete", "wipe" },
	{ "DATA DEL_USER PIN=*", "user-delete", "wipe" },
	{ "DATA DELETE USERINFO PIN=A_7", "user-delete", "" },

	/* options */
	{ "SET OPTION VOLUME=67", "set-option", "" },
	{ "SET OPTION DateTime=812345678", "set-option", "" },
	{ "SET OPTION TimeZone=+05:30", "set-option", "" },
	{ "SET OPTION LockOn=5", "set-option", "" },
	{ "SET OPTION AutoAlarm7=2048", "set-option", "" },
	{ "SET OPTION KeyPadBeep=1", "set-option", "" },
	{ "SET OPTION DUPWD=1", "set-option", "" },
	{ "SET OPTION Unheard=of", "set-option", "network" },
	{ "SET OPTION AutoAlarm51=2048", "set-option", "network" },
	{ "SET OPTION WebServerURL=https://192.0.2.7/", "set-option", "network" },
	{ "SET OPTION DNS=192.0.2.7", "set-option", "network" },
	{ "SET OPTION ServerAddr=192.0.2.7", "set-option", "network" },
	{ "SET OPTION NetworkOn=0", "set-option", "network" },
	{ "SET OPTION GATEIPAddress=192.0.2.7", "set-option", "network" },
	{ "SET OPTION ICLOCKSVRURL=https://192.0.2.7", "set-option", "network" },
	{ "SET OPTION DateTime=1,WebServerURL=x", "set-option", "network" },
	{ "SET OPTION IPAddress=192.0.2.7", "set-option", "network" },
	{ "set  option\tipaddress=192.0.2.7", "set-option", "network" },
	{ "SET OPTION IPAddress =192.0.2.7", "set-option", "network" },
	{ "SET OPTION ~IPAddress=192.0.2.7", "set-option", "network" },
	{ "SET OPTION wifidhcp=1", "set-option", "network" },
	{ "SET OPTION PushComKey=12345678", "set-option", "key" },
	{ "SET OPTION pushcommkey=12345678", "set-option", "key" },
	{ "SET OPTION ComPwd=1", "set-option", "key" },
	{ "SET OPTION ~compwd=1", "set-option", "key" },
	{ "SET OPTION Passwd=1", "set-option", "key" },
	{ "SET OPTION COMKey=1", "set-option", "key" },
	{ "SET OPTION CommKey=1", "set-option", "key" },
	{ "SET OPTION WIFIPassword=1", "set-option", "key" },
	{ "SET OPTIONS VOLUME=1,IPAddress=192.0.2.7", "raw", "network" },
	{ "SET OPTIONS VOLUME=1,LockOn=2", "raw", "network" },
	{ "SET OPTIONS", "raw", "network" },
	{ "GET OPTION FROM PushComKey", "get-option", "" },
};

static const struct body_case broken[] = {
	{ "", NULL, "an empty line is no command" },
	{ " \t ", NULL, "an empty line is no command" },
	{ "CHECK\n", NULL,
	  "CR, LF, NUL and other control characters can't be sent" },
	{ "CHECK\nC:2:SHELL ls", NULL,
	  "CR, LF, NUL and other control characters can't be sent" },
	{ "CHECK\rC:2:SHELL ls", NULL,
	  "CR, LF, NUL and other control characters can't be sent" },
	{ "\x0bSHELL ls", NULL,
	  "CR, LF, NUL and other control characters can't be sent" },
	{ "\x1b[2J", NULL,
	  "CR, LF, NUL and other control characters can't be sent" },
	{ "C:1:CHECK", NULL,
	  "C:id: begins a second command; a body has one command, without it" },
	{ "CHECK C:2:SHELL ls", NULL,
	  "C:id: begins a second command; a body has one command, without it" },
	{ "DATA UPDATE USERINFO PIN=7\tc:a1:SHELL ls", NULL,
	  "C:id: begins a second command; a body has one command, without it" },
	{ "FOO C::SHELL ls", NULL,
	  "C:id: begins a second command; a body has one command, without it" },
	{ "UPDATE USERINFO PIN=7", NULL, "DATA must stand before UPDATE" },
	{ "delete userinfo", NULL, "DATA must stand before DELETE" },
	{ " QUERY ATTLOG", NULL, "DATA must stand before QUERY" },
	{ "CHECK SHELL ls", NULL, "takes no fields" },
	{ "CLEAR LOG DATA", NULL, "takes no fields" },
	{ "DATA UPDATE USERINFO", NULL, "PIN: must be given" },
	{ "DATA UPDATE USERINFO Name=Ann", NULL, "PIN: must be given" },
	{ "DATA UPDATE USERINFO PIN=7 Name=Ann", NULL, "PIN: holds the field Name "
	  "behind a blank; fields have TAB between" },
	{ "DATA UPDATE USERINFO PIN=7\tName=Ann Pri=14", NULL, "Name: holds the "
	  "field Pri behind a blank; fields have TAB between" },
	{ "DATA DELETE FINGERTMP PIN=7 FID=0", NULL, "PIN: holds the field FID "
	  "behind a blank; fields have TAB between" },
	{ "DATA UPDATE USERINFO PIN=7 Foo=1", NULL,
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "DATA UPDATE USERINFO 7", NULL,
	  "fields must be NAME=VALUE with TAB between" },
	{ "DATA UPDATE USERINFO PIN=7\tName", NULL,
	  "fields must be NAME=VALUE with TAB between" },
	{ "DATA UPDATE USERINFO =7", NULL,
	  "fields must be NAME=VALUE with TAB between" },
	{ "DATA UPDATE USERINFO Foo PIN=7", NULL,
	  "fields must be NAME=VALUE with TAB between" },
	{ "UPGRADE now", NULL, "fields must be NAME=VALUE with ',' between" },
	{ "DATA UPDATE USERINFO PIN=7\tPIN=8", NULL, "PIN: given twice" },
	{ "DATA DELETE USERINFO PIN=7\tpin=", NULL, "PIN: given twice" },
	{ "DATA DELETE USERINFO PIN=", NULL,
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "DATA DELETE USERINFO PIN= ", NULL,
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "DATA DELETE SMS UID=", NULL, "UID: must be a number, 0 to 2147483647" },
	{ "DATA UPDATE FINGERTMP PIN=7\tFID=0\tSize=9\tTMP=QUJD", NULL,
	  "Size: must be 4, the length of the base64 text" },
	{ "DATA UPDATE BIOPHOTO PIN=7\tType=9", NULL,
	  "Url or Content: must be given" },
	{ "DATA UPDATE TIMEZONE TZID=1\tTIME=open", NULL, "TIME: must be sent as "
	  "00002359000023590000235900002359000023590000235900002359" },
	{ "DATA UPDATE BELL BellID=1\tTime=8:00\tMusicID=1\tDAYS=daily", NULL,
	  "Time: must be sent as 08:00" },
	{ "DATA UPDATE BELL BellID=1\tTime=08:00\tMusicID=1\tDAYS=daily", NULL,
	  "SUN: must be given, or DAYS=MON-FRI for all" },
	{ "DATA UPDATE USERINFO PIN=7\tTZ=1", NULL,
	  "TZ: must be sent as 0000000100000000" },
	{ "SET OPTION IPAddress", NULL, "must be ITEM=VALUE" },
	{ "SET OPTION DateTime=1,PushComKey=2", NULL,
	  "value: sets a second option" },
	{ "SET OPTION", NULL, "must be ITEM=VALUE" },
	{ "SET OPTION VOLUME=loud", NULL, "VOLUME: must be a number, 0 to 100" },
	{ "SET OPTION AutoPowerOn=8:00", NULL, "AutoPowerOn: must be sent as 2048" },
	{ "SET OPTION VOLUME=5,IPAddress=192.0.2.7", NULL,
	  "value: sets a second option" },
	{ "SET OPTION Foo=1\tPushComKey=1", NULL, "value: sets a second option" },
	{ "SET OPTION PushComKey=1 IPAddress =2", NULL,
	  "value: sets a second option" },
	{ "SET OPTION Foo=1\tBar=1", NULL, "value: TAB, CR, LF, NUL and other "
	  "control characters can't be sent" },
	{ "SET OPTIONS PushComKey=1,IPAddress=192.0.2.7", NULL,
	  "more than one dangerous thing in a line" },
	{ "GetFile a;reboot", NULL, "path: must be a path of letters, digits and "
	  "/._-+@%,: without .., 1 to 255 bytes" },
	{ "DATA QUERY ATTLOG StartTime=2030-01-02 00:00:00\tEndTime=2030-01-01 "
	  "23:59:59", NULL, "EndTime: is before StartTime" },
	{ "GetFile a b", NULL, "path: must be a path of letters, digits and "
	  "/._-+@%,: without .., 1 to 255 bytes" },
	{ "PutFile http://server/a /mnt `reboot`", NULL,
	  "more fields than it has" },
	{ "PutFile a.tgz", NULL, "url: must be a URL without blanks, quotes or "
	  "other marks of a shell, with http:// or https://" },
};
/* clang-format on */

/* In memory of its exact size, so that a sanitizer sees its end. */
static enum cg_err
check(const char *body, const struct cg_command **c, enum cg_danger *danger,
    char why[CG_WHY_MAX])
{
	size_t n = strlen(body);
	char *copy = malloc(n > 0 ? n : 1);
	enum cg_err e;

	assert_non_null(copy);
	memcpy(copy, body, n);
	e = cg_command_check((struct cg_str){ copy, n }, c, danger, why);
	free(copy);
	return e;
}

static void
expect(const struct body_case *row)
{
	const struct cg_command *c = NULL;
	enum cg_danger danger = CG_SAFE;
	char why[CG_WHY_MAX];
	enum cg_err e = check(row->body, &c, &danger, why);

	if (row->command == NULL) {
		if (e != CG_SYNTAX || strcmp(why, row->danger) != 0)
			fail_msg("%s: %s '%s'", row->body, cg_err_text(e),
			    why);
		assert_null(c);
		return;
	}
	if (e != CG_OK)
		fail_msg("%s: %s", row->body, why);
	assert_string_equal("", why);
	if (strcmp(row->command, c->name) != 0 ||
	    strcmp(row->danger, cg_danger_name(danger)) != 0)
		fail_msg("%s: %s '%s'", row->body, c->name,
		    cg_danger_name(danger));
}

static void
test_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < CG_LEN(bodies); i++)
		expect(&bodies[i]);
}

static void
test_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < CG_LEN(broken); i++)
		expect(&broken[i]);
}

/* raw is no way around anything. */
static void
test_raw(void **state)
{
	struct cg_arena *a;
	char why[CG_WHY_MAX];

	(void)state;
	assert_int_equal(CG_OK, cg_arena_new(CASE_ROOM, &a));
	for (size_t i = 0; i < CG_LEN(broken); i++) {
		struct cg_pair pair = { cg_lit("text"),
		    cg_str_of(broken[i].body) };
		struct cg_str body = { NULL, 0 };

		assert_int_equal(CG_SYNTAX, cg_command_encode(
		    command_of("raw"), &pair, 1, a, &body, why));
		assert_string_equal(broken[i].danger, why);
		assert_null(body.p);
	}
	cg_arena_free(a);
}

static void
test_nul(void **state)
{
	const struct cg_command *c;
	enum cg_danger danger;
	char why[CG_WHY_MAX];

	(void)state;
	assert_int_equal(CG_SYNTAX, cg_command_check(
	    cg_lit("CHECK\0C:2:SHELL ls"), &c, &danger, why));
	assert_string_equal(
	    "CR, LF, NUL and other control characters can't be sent", why);
	assert_int_equal(CG_SYNTAX, cg_command_check(
	    (struct cg_str){ NULL, 0 }, &c, &danger, why));
}

static void
test_length(void **state)
{
	const struct cg_command *c;
	enum cg_danger danger;
	char why[CG_WHY_MAX];
	size_t n = CG_COMMAND_MAX + 1;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, 'A', n);
	assert_int_equal(CG_LIMIT, cg_command_check(
	    (struct cg_str){ text, n }, &c, &danger, why));
	assert_string_equal("longer than 4194304 bytes", why);
	assert_int_equal(CG_OK, cg_command_check(
	    (struct cg_str){ text, n - 1 }, &c, &danger, why));
	assert_string_equal("raw", c->name);
	memset(text, ' ', n - 1);
	assert_int_equal(CG_SYNTAX, cg_command_check(
	    (struct cg_str){ text, n - 1 }, &c, &danger, why));
	assert_string_equal("an empty line is no command", why);
	/* blanks as far as the eye can see, and a '=': no time to lose */
	memcpy(text, "DATA UPDATE SMS MSG=", 20);
	text[n - 2] = '=';
	assert_int_equal(CG_SYNTAX, cg_command_check(
	    (struct cg_str){ text, n - 1 }, &c, &danger, why));
	assert_string_equal("MSG: must be text, 1 to 1024 bytes", why);
	free(text);
}

static void
test_danger_names(void **state)
{
	static const char *const name[CG_DANGER__MAX] = { "", "shell", "files",
		"wipe", "network", "key" };

	(void)state;
	for (size_t i = 0; i < CG_DANGER__MAX; i++)
		assert_string_equal(name[i],
		    cg_danger_name((enum cg_danger)i));
}

/* "FIELD=value" that a body says, in the order of the catalogue. */
static void
told_text(const struct cg_told *t, struct cg_buf *out)
{
	for (size_t i = 0; i < t->command->narg; i++) {
		const char *name = t->command->arg[i].name;
		struct cg_str value = cg_told_value(t, name);

		if (value.p == NULL)
			continue;
		cg_buf_putf(out, "%s=", name);
		cg_buf_put(out, value);
		cg_buf_putz(out, "|");
	}
}

static void
test_read(void **state)
{
	static const struct {
		const char	*body;
		const char	*name;		/* NULL: can't be read */
		const char	*fields;
		const char	*values;
	} rows[] = {
		{ "DATA UPDATE USERINFO PIN=7\tName=Ann B\tCard=",
		  "user-update", "PIN=7\tName=Ann B\tCard=",
		  "PIN=7|Name=Ann B|Card=|" },
		{ " data  user name=Ann\tpin=7\tColour=red", "user-update",
		  "name=Ann\tpin=7\tColour=red", "PIN=7|Name=Ann|" },
		{ "DATA DEL_FP PIN=7\tFID=3", "fingerprint-delete",
		  "PIN=7\tFID=3", "PIN=7|FID=3|" },
		{ "DATA DELETE USERINFO PIN=7", "user-delete", "PIN=7",
		  "PIN=7|" },
		{ "DATA DELETE USERINFO", "users-delete-all", "", "" },
		{ "DATA DELETE USERINFO Name=Ann", "users-delete-all",
		  "Name=Ann", "" },
		{ "DATA DELETE FINGERTMP FID=3", "fingerprints-delete-all",
		  "FID=3", "" },
		{ "DATA DELETE BIODATA Type=9", "raw", "Type=9", "" },
		{ "DATA DELETE SMS", "sms-delete", "", "" },
		{ "DATA QUERY USERINFO", "query-users", "", "" },
		{ "DATA QUERY ATTLOG StartTime=2030-01-01 00:00:00\t"
		  "EndTime=2030-01-31T23:59:59", "query-punches",
		  "StartTime=2030-01-01 00:00:00\tEndTime=2030-01-31T23:59:59",
		  "StartTime=2030-01-01 00:00:00|EndTime=2030-01-31T23:59:59|" },
		{ "SET OPTION Volume=67", "set-option", "Volume=67",
		  "item=Volume|value=67|" },
		{ "PutFile http://192.0.2.1/f\t/mnt/f", "file-put",
		  "http://192.0.2.1/f\t/mnt/f",
		  "url=http://192.0.2.1/f|path=/mnt/f|" },
		{ "SHELL ls  -l", "shell", "ls  -l", "text=ls  -l|" },
		{ "CHECK", "check", "", "" },
		{ "DATA UPDATE USERINFO PIN=7\tPIN=8", NULL, NULL, NULL },
		{ "DATA UPDATE USERINFO 7", NULL, NULL, NULL },
		{ "USER ADD PIN=9", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		char text[200];
		struct cg_buf out = { text, 0, sizeof(text), false };
		struct cg_told t;
		enum cg_err e = cg_command_read(cg_str_of(rows[i].body), &t);

		assert_int_equal(rows[i].name != NULL, e == CG_OK);
		if (e != CG_OK)
			continue;
		assert_string_equal(rows[i].name, t.command->name);
		assert_str(t.fields, rows[i].fields);
		told_text(&t, &out);
		assert_str(cg_buf_str(&out), rows[i].values);
		assert_null(cg_told_value(&t, "NoSuchField").p);
	}
}

/* What is given to clocks in the form of their own uploads. */
static void
test_upload_of_command(void **state)
{
	static const char *const same[] = { "user-update",
		"fingerprint-update", "face-update", "biodata-update",
		"biophoto-update", "picture-update", "sms-update",
		"sms-assign", "work-code-update" };
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < cg_ncommands; i++) {
		const struct cg_command *c = &cg_commands[i];

		if (cg_command_upload(c) == NULL)
			continue;
		assert_true(n < CG_LEN(same));
		assert_string_equal(same[n++], c->name);
	}
	assert_int_equal(CG_LEN(same), n);
}

static void
test_secret(void **state)
{
	static const struct {
		const char	*body;
		bool		 secret;
	} rows[] = {
		{ "REBOOT", false },
		{ "DATA DELETE USERINFO PIN=7", false },
		{ "DATA QUERY USERINFO PIN=7", false },
		{ "DATA UPDATE USERINFO PIN=7\tPasswd=1", true },
		{ "data  update fingertmp PIN=7\tFID=1\tSize=4\tTMP=QUJD", true },
		{ "DATA UPDATE FACE PIN=7\tFID=1\tSize=4\tTMP=QUJD", true },
		{ "DATA UPDATE BIOPHOTO PIN=7\tType=9\tContent=QUJD", true },
		{ "DATA UPDATE FINGERTMP PIN=7\tFID=1\tSize=1\tTMP=QUJD", true },
		{ "SET OPTION ComPwd=1", true },
		{ "GET OPTION FROM ComPwd", false },
		{ "whatever this is", true },
		{ "two\nlines", true },
		{ "", true },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		if (cg_command_secret(cg_str_of(rows[i].body)) != rows[i].secret)
			fail_msg("%s", rows[i].body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_danger_names),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_upload_of_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
