/*
 * The secrets of the configuration: where they may stand, and who else can get
 * at the files.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conf_place.h"

/* ---- passwords ---- */

static void
test_password_open(void **state)
{
	static const char text[] = "[database]\npassword = secret\n";
	const struct place *p = *state;
	char what[CG_MSG_MAX];
	struct cg_conf c;

	put(p->ini, text, sizeof(text) - 1, 0644);
	snprintf(what, sizeof(what), ": [database] password: other users of this "
	    "machine can read it; type: chmod o= %s", p->ini);
	load_bad(p, what);
	put(p->ini, text, sizeof(text) - 1, 0640);
	load_ok(&c, p->ini);
	assert_string_equal(c.db.password, "secret");
	cg_conf_free(&c);
}

static void
name_password_file(const struct place *p)
{
	char text[256];

	snprintf(text, sizeof(text), "[database]\npassword_file = %s\n", p->other);
	put(p->ini, text, strlen(text), 0644);
}

static void
password_file_is(const struct place *p, const char *text, const char *want)
{
	struct cg_conf c;

	put(p->other, text, strlen(text), 0600);
	load_ok(&c, p->ini);
	assert_string_equal(c.db.password, want);
	assert_string_equal(c.password, "");
	cg_conf_free(&c);
}

static void
password_file_bad(const struct place *p, const char *what)
{
	char msg[CG_MSG_MAX], want[CG_MSG_MAX];
	struct cg_conf c;

	assert_int_equal(cg_conf_load(&c, "cdata", p->ini, NULL, 0, msg), CG_SYS);
	snprintf(want, sizeof(want), "%s: [database] password_file: %s", p->other,
	    what);
	assert_string_equal(msg, want);
	cg_conf_free(&c);
}

static void
test_password_file(void **state)
{
	static const char one_line[] =
	    "must hold the password alone, one line of 1 to 255 bytes";
	const struct place *p = *state;
	char text[512], what[256];

	name_password_file(p);
	password_file_bad(p, "No such file or directory; write the password "
	    "into it, or name another");
	password_file_is(p, "secret", "secret");
	password_file_is(p, "secret\n", "secret");
	password_file_is(p, "secret\r\n", "secret");
	password_file_is(p, " a \"b' \n", " a \"b' ");
	put(p->other, "", 0, 0600);
	password_file_bad(p, one_line);
	put(p->other, "\n", 1, 0600);
	password_file_bad(p, one_line);
	put(p->other, "a\nb\n", 4, 0600);
	password_file_bad(p, one_line);
	put(p->other, "a\0b\n", 4, 0600);
	password_file_bad(p, one_line);
	memset(text, 'x', sizeof(text));
	put(p->other, text, 256, 0600);
	password_file_bad(p, one_line);
	text[255] = '\0';
	password_file_is(p, text, text);
	put(p->other, "secret", 6, 0604);
	snprintf(what, sizeof(what), "other users of this machine can read it; "
	    "type: chmod o= %s", p->other);
	password_file_bad(p, what);
}

/* ---- who else can get at the files ---- */

static void
test_token_open(void **state)
{
	static const char text[] = "[web]\ncheck_token = 0123456789abcdef\n";
	static const char none[] = "[web]\ncheck_token =\n[options]\nDelay = 5\n";
	static const char qr[] = "[options]\nQRCodeDecryptKey = abc\n";
	const struct place *p = *state;
	char what[CG_MSG_MAX];
	struct cg_conf c;

	put(p->ini, text, sizeof(text) - 1, 0644);
	snprintf(what, sizeof(what), ": [web] check_token: other users of this "
	    "machine can read it; type: chmod o= %s", p->ini);
	load_bad(p, what);
	put(p->ini, text, sizeof(text) - 1, 0600);
	load_ok(&c, p->ini);
	assert_string_equal(c.check_token, "0123456789abcdef");
	cg_conf_free(&c);
	put(p->ini, qr, sizeof(qr) - 1, 0644);
	snprintf(what, sizeof(what), ": [options] QRCodeDecryptKey: other users of "
	    "this machine can read it; type: chmod o= %s", p->ini);
	load_bad(p, what);
	put(p->ini, none, sizeof(none) - 1, 0644);
	load_ok(&c, p->ini);
	cg_conf_free(&c);
}

/* An account for each program, and a password for each. */
static void
test_program(void **state)
{
	static const char *const programs[] = { "b", "cdata" };
	const struct place *p = *state;
	char text[400], want[64], msg[CG_MSG_MAX];
	struct cg_conf c;
	size_t i;

	/* p->other is DIR/b */
	snprintf(text, sizeof(text), "[database]\nuser = cg_%%p_%%p%%\n"
	    "password_file = %s/%%p\n", p->dir);
	put(p->ini, text, strlen(text), 0600);
	put(p->other, "secret", 6, 0600);
	for (i = 0; i < CG_LEN(programs); i++) {
		bool b = strcmp(programs[i], "b") == 0;
		enum cg_err e = cg_conf_load(&c, programs[i], p->ini, NULL, 0,
		    msg);

		assert_int_equal(e, b ? CG_OK : CG_SYS);
		snprintf(want, sizeof(want), "cg_%s_%s%%", programs[i],
		    programs[i]);
		assert_string_equal(c.db.user, want);
		assert_string_equal(c.user, "cg_%p_%p%");
		if (b)
			assert_string_equal(c.db.password, "secret");
		else
			assert_non_null(strstr(msg, "/cdata: [database] "
			    "password_file: No such file or directory; write "
			    "the password into it, or name another"));
		cg_conf_free(&c);
	}
}

static void
test_writable(void **state)
{
	const struct place *p = *state;
	char what[CG_MSG_MAX];
	struct cg_conf c;

	put(p->ini, "", 0, 0602);
	snprintf(what, sizeof(what), ": other users of this machine can write it; "
	    "type: chmod o-w %s", p->ini);
	load_bad(p, what);
	put(p->ini, "", 0, 0664);
	load_ok(&c, p->ini);
	cg_conf_free(&c);
	name_password_file(p);
	put(p->other, "secret", 6, 0602);
	assert_int_equal(cg_conf_load(&c, "cdata", p->ini, NULL, 0, what), CG_SYS);
	assert_non_null(strstr(what, "/b: other users of this machine can write it; "
	    "type: chmod o-w "));
	cg_conf_free(&c);
}

static void
test_replaceable(void **state)
{
	const struct place *p = *state;
	char what[CG_MSG_MAX];
	struct cg_conf c;

	put(p->ini, "", 0, 0600);
	assert_int_equal(chmod(p->dir, 0707), 0);
	snprintf(what, sizeof(what), ": other users of this machine can replace "
	    "it; type: chmod o-w %s", p->dir);
	load_bad(p, what);
	assert_int_equal(chmod(p->dir, 01707), 0);
	load_ok(&c, p->ini);
	cg_conf_free(&c);
}

static void
test_password_environment(void **state)
{
	const struct place *p = *state;
	struct cg_conf c;

	name_password_file(p);
	put(p->other, "file", 4, 0600);
	assert_int_equal(setenv(PASSWORD_ENV, "from env", 1), 0);
	load_ok(&c, p->ini);
	assert_string_equal(c.db.password, "from env");
	cg_conf_free(&c);
	unsetenv(PASSWORD_ENV);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_password_open), TEST(test_password_file),
		TEST(test_password_environment), TEST(test_token_open),
		TEST(test_program), TEST(test_writable), TEST(test_replaceable),
	};

	return cmocka_run_group_tests_name("conf_secret", tests, NULL, NULL);
}
