/*
 * push: what of a command is told to those who must not know its secrets.
 */
#include "config.h"

#include "assert_str.h"
#include "cg_push.h"

#define TEMPLATE	"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2"

/* clang-format off */
static const struct {
	const char	*body;
	const char	*want;		/* NULL: the same */
} rows[] = {
	/* what can carry no secret is shown */
	{ "CLEAR DATA", NULL },
	{ "SHELL ls -l /tmp; echo \"done\"", NULL },
	{ "SHELL a=1 b=2", NULL },
	{ "PutFile http://192.0.2.9/a?b=c /mnt/mtdblock/a", NULL },
	{ "GetFile /etc/passwd", NULL },
	{ "UPGRADE checksum=00,url=http://192.0.2.9/a,size=7", NULL },
	{ "DATA DELETE USERINFO PIN=*", NULL },
	{ " data  delete\tuserinfo", NULL },
	/* up to a name that tells otherwise */
	{ "SHELL set LogLevel=1 ComPwd=1234 Volume=3",
	  "SHELL set LogLevel=1 ComPwd=" },
	{ "DATA DELETE USERINFO\tPasswd=1234", "DATA DELETE USERINFO\tPasswd=" },

	/* an option: its value when it is known as harmless */
	{ "SET OPTION IPAddress=192.0.2.9", NULL },
	{ "SET OPTION ~DHCP=1", "SET OPTION DHCP=1" },
	{ "SET OPTION IsPushComKey=1", NULL },
	{ "SET OPTION ICLOCKSVRURL=http://192.0.2.9/", NULL },
	{ "SET OPTION DateTime=2030-01-05 08:00:00", NULL },
	{ "SET OPTION IPAddress=hunter2", "SET OPTION IPAddress=" },
	{ "SET OPTION CardKey=1234", "SET OPTION CardKey=" },
	{ "SET OPTION CardKey=", NULL },
	{ "SET OPTION WIFIPassword=a b,c=d\tIPAddress=192.0.2.9",
	  "SET OPTION WIFIPassword=" },
	{ "SET OPTION WebServerIP=192.0.2.9,ComKey=1234",
	  "SET OPTION WebServerIP=" },
	{ "set  option WebServerURL=http://192.0.2.9/",
	  "set option WebServerURL=" },
	{ "SET OPTION hunter2", "SET OPTION ..." },

	/* several */
	{ "SET OPTIONS PushComKey=1234,IPAddress=192.0.2.9,DHCP=no,Other=5",
	  "SET OPTIONS PushComKey= IPAddress=192.0.2.9 DHCP= Other=" },
	{ "SET OPTIONS a=1\tb=2&c=3;d=4", "SET OPTIONS a= b= c= d=" },
	{ "SET OPTIONS", NULL },

	/* fields */
	{ "DATA UPDATE USERINFO PIN=7\tName=Ann Lee\tPri=14\tPasswd=1\tCard=2",
	  "DATA UPDATE USERINFO PIN=7 Name= Pri=14 Passwd= Card=" },
	{ "DATA USER PIN=7\tName=Ann Lee\tGrp=999",
	  "DATA USER PIN=7 Name= Grp=" },
	{ "DATA UPDATE FINGERTMP PIN=7\tFID=1\tSize=4\tTMP=QUI=",
	  "DATA UPDATE FINGERTMP PIN=7 FID=1 Size=4 TMP=" },
	{ "DATA UPDATE USERINFO hunter2", "DATA UPDATE USERINFO ..." },

	/* verbs that nobody knows */
	{ "FOO", NULL },
	{ "FOO hunter2", "FOO ..." },
	{ "FOO hunter2 again PIN=7 and more Key=1",
	  "FOO ... PIN=7 ... Key=" },
	{ "RESET ALL NEWTHING", NULL },
	{ "CLEAR Key=1", "CLEAR Key=" },
	{ "DATA DELETE NEWTABLE PIN=*\tNo=3\tNick=x",
	  "DATA DELETE NEWTABLE PIN=* No=3 Nick=" },
	{ "DATA UPDATE FVEIN PIN=7\tTMP=QUI=\tValid=1",
	  "DATA UPDATE FVEIN PIN=7 TMP= Valid=1" },
	{ "FOO QUI= QUJDRA==", "FOO ..." },
	{ "FOO PIN=", NULL },
	{ "FOO =1", "FOO ..." },
	{ TEMPLATE "w", " ..." },
	{ "FOO " TEMPLATE "w=1", "FOO ..." },
	{ "hunter-2 FOO", " ..." },
	{ "", "" },
};
/* clang-format on */

static void
test_rows(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		struct cg_buf room = { text, 0, sizeof(text), false };
		struct cg_str body = cg_str_of(rows[i].body), got =
		    cg_command_shown(body, &room);

		if (!cg_str_eq(got, rows[i].want != NULL ?
		    cg_str_of(rows[i].want) : body))
			fail_msg("%s: %.*s", rows[i].body, (int)got.n, got.p);
	}
}

/* As much as fits, and nothing that is cut in the middle. */
static void
test_room(void **state)
{
	char text[24];
	struct cg_buf room = { text, 0, sizeof(text), false };

	(void)state;
	assert_str(cg_command_shown(cg_str_of("SET OPTIONS IPAddress="
	    "192.0.2.9 DHCP=1"), &room), "SET OPTIONS IPAddress=");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
