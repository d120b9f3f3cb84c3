/*
 * The configuration: what an ini may say, what is refused and with which
 * words, and that what is printed is read back as the same.
 */
#include "config.h"

#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conf_place.h"

/* ---- what is refused ---- */

static const struct {
	const char *text, *message;
} bad[] = {
	{ "[databse]\n",
	  ":1: [databse]: there is no such section; did you mean \"database\"?" },
	{ "[quux]\n",
	  ":1: [quux]: there is no such section; see clockgate.ini(5)" },
	{ "[ser\rver]\n", ":1: the name holds a control character" },
	{ "[log]\nle\rvel = info\n", ":2: the key holds a control character" },
	{ "\n# a\n[server]\nadmision = open\n",
	  ":4: [server] admision: there is no such key; did you mean \"admission\"?" },
	{ "[server]\nxyzzy = 1\n",
	  ":2: [server] xyzzy: there is no such key; see clockgate.ini(5)" },
	{ "[options]\nErorDelay = 5\n",
	  ":2: [options] ErorDelay: there is no such key; did you mean \"ErrorDelay\"?" },
	{ "[server]\ngather = 3x\n",
	  ":2: [server] gather: must be a whole number, 1 to 64" },
	{ "[server]\ngather = 0\n",
	  ":2: [server] gather: must be a whole number, 1 to 64" },
	{ "[server]\ngather = 65\n",
	  ":2: [server] gather: must be a whole number, 1 to 64" },
	{ "[server]\ngather = -1\n",
	  ":2: [server] gather: must be a whole number, 1 to 64" },
	{ "[server]\ngather =\n",
	  ":2: [server] gather: must be a whole number, 1 to 64" },
	{ "[admission]\nnetworks = 10.0.0.0/8, 11.0.0.0\n[web]\n"
	  "trusted_proxies = 192.0.3.0/23\n",
	  ":4: [web] trusted_proxies: \"192.0.3.0/23\" has bits behind those "
	  "that count: they must be 0" },
	{ "[admission]\nnetworks = fd00::/7\n",
	  ":2: [admission] networks: \"fd00::/7\" has bits behind those that "
	  "count: they must be 0" },
	{ "[limits]\nserial_rate = -1\n",
	  ":2: [limits] serial_rate: must be a whole number, 0 to 100000" },
	{ "[limits]\naddress_burst = 0\n",
	  ":2: [limits] address_burst: must be a whole number, 1 to 1000000" },
	{ "[database]\nport = 99999999999\n",
	  ":2: [database] port: must be a whole number, 0 to 65535" },
	{ "[server]\nadmission = maybe\n",
	  ":2: [server] admission: must be one of: approve open" },
	{ "[database]\nname =\n",
	  ":2: [database] name: 1 to 64 bytes are possible, not 0" },
	{ "[database]\nsocket = here/sock\n",
	  ":2: [database] socket: the path must begin with /" },
	{ "[clock]\nzone = Europe/Nowhere\n",
	  ":2: [clock] zone: there is no such time zone on this machine; use an "
	  "IANA name such as Europe/Berlin (package tzdata)" },
	{ "[clock]\ncharset = UTF-99\n",
	  ":2: [clock] charset: there is no such character set on this machine; "
	  "iconv --list shows those that there are" },
	{ "[options]\nDelay = 10\nTransTimes = 00:00;14:05\n",
	  ":3: [options] TransTimes: a value with ; or # needs quotes: "
	  "key = \"value\"" },
	{ "[database]\npassword = #secret\n",
	  ":2: [database] password: a value with ; or # needs quotes: "
	  "key = \"value\"" },
	{ "[database]\npassword = \"secret\n",
	  ":2: [database] password: the quotes do not match; write "
	  "key = \"value\", or 'value' when it holds a \"" },
	{ "[database]\npassword = \"sec\"ret\"\n",
	  ":2: [database] password: the quotes do not match; write "
	  "key = \"value\", or 'value' when it holds a \"" },
	{ "[database]\npassword = a\"b'c\n",
	  ":2: [database] password: holds both kinds of quotes, which an ini "
	  "can't give back" },
	{ "[database]\npassword = a\001b\n",
	  ":2: [database] password: holds a control character" },
	{ "[server]\ngather = 3\n[log]\nlevel = warn\n[server]\nGATHER = 4\n",
	  ":6: [server] GATHER: already set in line 2; keep one of the two" },
	{ "gather = 3\n",
	  ":1: gather: a key before the first [section]" },
	{ "\xEF\xBB\xBF[server]\ngather = 3\n",
	  ":1: the file begins with a byte order mark (BOM); save it as UTF-8 "
	  "without one" },
	{ "[server]\ngather\n",
	  ":2: neither [section] nor key = value; a comment begins with # or ;" },
	{ "[server]\n= 4\n",
	  ":2: neither [section] nor key = value; a comment begins with # or ;" },
	{ "[server] gather = 4\n", ":1: a section is a line of its own: [name]" },
	{ "[server\n", ":1: a section is a line of its own: [name]" },
	{ "[database]\nname = a\\\nb\n",
	  ":2: the line ends in a backslash; lines can't be joined here, a value "
	  "that ends so needs quotes" },
	{ "[options]\nEncrypt = 1\n",
	  ":2: [options] Encrypt: must be 0: the protocol publishes no algorithm "
	  "for encryption, so uploads could not be read" },
	{ "[options]\nDelay = 0\n",
	  ":2: [options] Delay: must be a number from 1 to 86400" },
	{ "[web]\ncheck_token = 0123456789abcde\n",
	  ":2: [web] check_token: must be empty, or 16 to 64 letters, digits, - "
	  "and _" },
	{ "[web]\ncheck_token = 0123456789abcde/\n",
	  ":2: [web] check_token: must be empty, or 16 to 64 letters, digits, - "
	  "and _" },
	{ "[web]\ncheck_token = 0123456789abcdef0123456789abcdef"
	  "0123456789abcdef0123456789abcdef0\n",
	  ":2: [web] check_token: must be empty, or 16 to 64 letters, digits, - "
	  "and _" },
	{ "[database]\npassword = a\npassword_file = /nowhere\n",
	  ": [database] password_file: password is set, too; keep one of the two" },
};

static void
test_bad(void **state)
{
	const struct place *p = *state;

	for (size_t i = 0; i < CG_LEN(bad); i++) {
		put(p->ini, bad[i].text, strlen(bad[i].text), 0600);
		load_bad(p, bad[i].message);
	}
}

static void
test_bad_lines(void **state)
{
	const struct place *p = *state;
	char text[2048];

	memset(text, 'x', sizeof(text));
	memcpy(text, "[server]\n#", 10);
	put(p->ini, text, 9 + 1023, 0600);
	load_bad(p, ":2: the line is longer than 1,022 bytes");
	text[9 + 1023] = '\n';
	put(p->ini, text, sizeof(text), 0600);
	load_bad(p, ":2: the line is longer than 1,022 bytes");
	put(p->ini, "[log]\n#\0\n", 9, 0600);
	load_bad(p, ":2: the line holds a NUL byte");
}

static void
test_bad_files(void **state)
{
	const struct place *p = *state;

	load_bad(p, ": No such file or directory; name another ini with --config "
	    "FILE or CLOCKGATE_CONFIG");
	assert_int_equal(mkdir(p->ini, 0700), 0);
	load_bad(p, ": Is a directory; name another ini with --config FILE or "
	    "CLOCKGATE_CONFIG");
	assert_int_equal(rmdir(p->ini), 0);
}

/* Root may read everything: then as nobody. */
static void
test_unreadable(void **state)
{
	const struct place *p = *state;
	bool root = geteuid() == 0;
	char want[CG_MSG_MAX], msg[CG_MSG_MAX] = "";
	struct cg_keyring *ring;
	enum cg_err e;

	assert_int_equal(cg_keyring_new(&ring), CG_OK);
	put(p->ini, "", 0, 0000);
	assert_int_equal(root ? seteuid(65534) : 0, 0);
	assert_non_null(getpwuid(geteuid()));
	snprintf(want, sizeof(want), ": the user %s may not read it; let a group "
	    "of that user, type: chgrp GROUP and chmod g+r %s",
	    getpwuid(geteuid())->pw_name, p->ini);
	load_bad(p, want);
	e = cg_keyring_read(ring, p->ini, msg);
	assert_int_equal(root ? seteuid(0) : 0, 0);
	assert_int_equal(e, CG_SYS);
	assert_string_equal(msg + strlen(p->ini), want);
	cg_keyring_free(ring);
	assert_int_equal(chmod(p->ini, 0600), 0);
}

/* ---- what is read ---- */

static void
test_defaults(void **state)
{
	const struct place *p = *state;
	struct cg_conf c;

	put(p->ini, "", 0, 0644);
	load_ok(&c, p->ini);
	assert_string_equal(c.db.host, "");
	assert_int_equal(c.db.port, 0);
	assert_string_equal(c.db.name, "clockgate");
	assert_string_equal(c.db.user, "clockgate");
	assert_string_equal(c.db.password, "");
	assert_int_equal(c.db.connect_timeout, 3);
	assert_int_equal(c.db.read_timeout, 20);
	assert_int_equal(c.db.lock_wait_timeout, 5);
	assert_int_equal(c.admission, CG_ADMIT_APPROVE);
	assert_int_equal(c.pending_max, 100);
	assert_int_equal(c.body_max, 16777216);
	assert_int_equal(c.gather, 64);
	assert_int_equal(c.requests_max, 0);
	assert_int_equal(c.key_policy, CG_KEY_OPTIONAL);
	assert_string_equal(c.networks.text, "");
	assert_int_equal(c.networks.n, 0);
	assert_int_equal(c.proxies.n, 0);
	assert_int_equal(c.serial_pace.rate, 100);
	assert_int_equal(c.serial_pace.burst, 2000);
	assert_int_equal(c.address_pace.rate, 1000);
	assert_int_equal(c.address_pace.burst, 20000);
	assert_int_equal(c.log_sink, CG_LOG_STDERR);
	assert_int_equal(c.log_level, CG_LOG_INFO);
	assert_string_equal(c.zone, "UTC");
	assert_string_equal(c.charset, "UTF-8");
	for (size_t i = 0; i < CG_OPTION_COUNT; i++)
		assert_string_equal(c.option[i].p, cg_options[i].value);
	assert_string_equal(c.file, p->ini);
	cg_conf_free(&c);
}

static struct cg_str
option(const struct cg_conf *c, const char *name)
{
	const struct cg_option *o = cg_option_find(cg_str_of(name));

	assert_non_null(o);
	return c->option[o - cg_options];
}

static void
test_read(void **state)
{
	static const char text[] =
	    "; a comment\r\n"
	    "  [DataBase]\r\n"
	    "HOST = db.example  ; the big one\r\n"
	    "port=3307\n"
	    "name = 'a b' # and a comment\n"
	    "password = \"  a;b#c'd\\\" ; comment\n"
	    "socket = \"\" ; none\n"
	    "\n[server]\nadmission = OPEN\ngather =\t1\n"
	    "[log]\nsink=syslog\nlevel=debug\n"
	    "[admission]\nnetworks = 10.0.0.0/8, fd00::/8 ; home\n"
	    "[clock]\nzone = Europe/Berlin\ncharset = GB18030\n"
	    "[options]\ntranstimes = \"00:00;14:05\"\nDELAY = 30";
	const struct place *p = *state;
	struct cg_conf c;

	put(p->ini, text, sizeof(text) - 1, 0640);
	load_ok(&c, p->ini);
	assert_string_equal(c.db.host, "db.example");
	assert_int_equal(c.db.port, 3307);
	assert_string_equal(c.db.name, "a b");
	assert_string_equal(c.db.password, "  a;b#c'd\\");
	assert_string_equal(c.db.socket, "");
	assert_int_equal(c.admission, CG_ADMIT_OPEN);
	assert_int_equal(c.gather, 1);
	assert_int_equal(c.log_sink, CG_LOG_SYSLOG);
	assert_int_equal(c.log_level, CG_LOG_DEBUG);
	assert_string_equal(c.networks.text, "10.0.0.0/8, fd00::/8");
	assert_int_equal(c.networks.n, 2);
	assert_string_equal(c.zone, "Europe/Berlin");
	assert_string_equal(c.charset, "GB18030");
	assert_string_equal(option(&c, "TransTimes").p, "00:00;14:05");
	assert_string_equal(option(&c, "Delay").p, "30");
	cg_conf_free(&c);
}

/* A line of just the longest length, with and without its end. */
static void
test_longest_line(void **state)
{
	const struct place *p = *state;
	char text[1100];
	struct cg_conf c;
	size_t head = 7;

	memset(text, 'x', sizeof(text));
	memcpy(text, "[log]\n#", head);
	put(p->ini, text, head - 1 + 1022, 0600);
	load_ok(&c, p->ini);
	cg_conf_free(&c);
	memcpy(text + head - 1 + 1022, "\nlevel=warn\n", 12);
	put(p->ini, text, head - 1 + 1022 + 12, 0600);
	load_ok(&c, p->ini);
	assert_int_equal(c.log_level, CG_LOG_WARN);
	cg_conf_free(&c);
}

static void
test_environment_names_file(void **state)
{
	const struct place *p = *state;
	struct cg_conf c;

	put(p->ini, "[server]\ngather = 7\n", 20, 0600);
	assert_int_equal(setenv("CLOCKGATE_CONFIG", p->ini, 1), 0);
	load_ok(&c, NULL);
	assert_int_equal(c.gather, 7);
	cg_conf_free(&c);
	unsetenv("CLOCKGATE_CONFIG");
}

/* ---- overrides ---- */

static void
test_set(void **state)
{
	static const char *const set[] = {
		"server.gather=9", "Options.delay=44", "server.gather=10",
		"database.password=a=b;c"
	};
	const struct place *p = *state;
	char msg[CG_MSG_MAX];
	struct cg_conf c;

	put(p->ini, "[server]\ngather = 7\n", 20, 0644);
	assert_int_equal(cg_conf_load(&c, "cdata", p->ini, set, CG_LEN(set), msg), CG_OK);
	assert_int_equal(c.gather, 10);
	assert_string_equal(option(&c, "Delay").p, "44");
	assert_string_equal(c.db.password, "a=b;c");
	cg_conf_free(&c);
}

static const struct {
	const char *set, *message;
} bad_set[] = {
	{ "server.gather", "--set server.gather: write --set SECTION.KEY=VALUE" },
	{ "gather=3", "--set gather=3: write --set SECTION.KEY=VALUE" },
	{ "", "--set : write --set SECTION.KEY=VALUE" },
	{ "server.gathre=3",
	  "--set server.gathre: there is no such key; did you mean \"gather\"?" },
	{ "sever.gather=3",
	  "--set sever.gather: there is no such section; did you mean \"server\"?" },
	{ "server.gather=x",
	  "--set server.gather: must be a whole number, 1 to 64" },
	{ "options.Encrypt=1", "--set options.Encrypt: must be 0: the protocol "
	  "publishes no algorithm for encryption, so uploads could not be read" },
};

static void
test_bad_set(void **state)
{
	const struct place *p = *state;
	char msg[CG_MSG_MAX];
	struct cg_conf c;

	put(p->ini, "", 0, 0600);
	for (size_t i = 0; i < CG_LEN(bad_set); i++) {
		assert_int_equal(cg_conf_load(&c, "cdata", p->ini, &bad_set[i].set, 1, msg),
		    CG_SYS);
		assert_string_equal(msg, bad_set[i].message);
		cg_conf_free(&c);
	}
}

static void
test_set_too_long(void **state)
{
	const struct place *p = *state;
	char text[4096] = "clock.zone=", msg[CG_MSG_MAX];
	const char *set = text;
	struct cg_conf c;

	put(p->ini, "", 0, 0600);
	memset(text + 11, 'x', sizeof(text) - 12);
	assert_int_equal(cg_conf_load(&c, "cdata", p->ini, &set, 1, msg), CG_SYS);
	assert_string_equal(msg, "--set clock.zone: is too long");
	cg_conf_free(&c);
}

/* ---- printing ---- */

static void
print(const struct cg_conf *c, const char *file)
{
	FILE *f;

	unlink(file);
	assert_non_null(f = fopen(file, "w"));
	cg_conf_print(c, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(file, 0600), 0);
}

static void
slurp(const char *file, char *out, size_t max)
{
	FILE *f;
	size_t n;

	assert_non_null(f = fopen(file, "r"));
	n = fread(out, 1, max - 1, f);
	assert_true(n < max - 1);
	out[n] = '\0';
	fclose(f);
}

#define PRINT_MAX	32768

/* Printed, read, printed again: the same bytes. */
static void
round_trip(const struct place *p, const struct cg_conf *c)
{
	char *first = malloc(PRINT_MAX), *again = malloc(PRINT_MAX);
	struct cg_conf back;

	assert_non_null(first);
	assert_non_null(again);
	print(c, p->other);
	slurp(p->other, first, PRINT_MAX);
	load_ok(&back, p->other);
	print(&back, p->other);
	slurp(p->other, again, PRINT_MAX);
	assert_string_equal(first, again);
	assert_string_equal(c->db.user, back.db.user);
	assert_string_equal(c->password, back.password);
	assert_string_equal(c->zone, back.zone);
	for (size_t i = 0; i < CG_OPTION_COUNT; i++)
		assert_true(cg_str_eq(c->option[i], back.option[i]));
	cg_conf_free(&back);
	free(first);
	free(again);
}

static const char *const odd[] = {
	"plain", "", " blank ", "a;b", "#a", "it's", "\"quoted\"", "say \"x\"; y",
	"end\\", "a = b", "\ttab\t", "'", "\"", "\"\"", "[x]", "\xc3\xa4#",
};

static void
test_print(void **state)
{
	const struct place *p = *state;
	char set[128], msg[CG_MSG_MAX];
	const char *sets[] = { set, "options.TransTimes=00:00;14:05",
	    "clock.zone=Europe/Berlin", "log.level=debug" };
	struct cg_conf c;

	put(p->ini, "", 0, 0600);
	for (size_t i = 0; i < CG_LEN(odd); i++) {
		snprintf(set, sizeof(set), "database.password=%s", odd[i]);
		assert_int_equal(cg_conf_load(&c, "cdata", p->ini, sets, CG_LEN(sets), msg),
		    CG_OK);
		round_trip(p, &c);
		cg_conf_free(&c);
	}
}

/* A password from elsewhere is not printed. */
static void
test_print_no_secret(void **state)
{
	const struct place *p = *state;
	char *text = malloc(PRINT_MAX);
	struct cg_conf c;

	assert_non_null(text);
	put(p->ini, "", 0, 0600);
	assert_int_equal(setenv(PASSWORD_ENV, "hush-hush", 1), 0);
	load_ok(&c, p->ini);
	print(&c, p->other);
	slurp(p->other, text, PRINT_MAX);
	assert_null(strstr(text, "hush-hush"));
	assert_non_null(strstr(text, "\npassword =\n"));
	cg_conf_free(&c);
	unsetenv(PASSWORD_ENV);
	free(text);
}

/* The sample sets nothing; without its marks it sets every default. */
static void
test_sample(void **state)
{
	const struct place *p = *state;
	char *text = malloc(PRINT_MAX), *at;
	struct cg_conf c, d;

	assert_non_null(text);
	print(NULL, p->ini);
	load_ok(&c, p->ini);
	slurp(p->ini, text, PRINT_MAX);
	for (at = text; (at = strstr(at, "\n;")) != NULL; at++)
		at[1] = ' ';
	put(p->ini, text, strlen(text), 0600);
	load_ok(&d, p->ini);
	assert_int_equal(c.body_max, d.body_max);
	assert_string_equal(c.zone, d.zone);
	for (size_t i = 0; i < CG_OPTION_COUNT; i++)
		assert_true(cg_str_eq(c.option[i], d.option[i]));
	for (size_t i = 0; i < cg_conf_nkeys; i++)
		assert_non_null(strstr(text, cg_conf_keys[i].key));
	cg_conf_free(&c);
	cg_conf_free(&d);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bad), TEST(test_bad_lines), TEST(test_bad_files),
		TEST(test_unreadable),
		TEST(test_defaults), TEST(test_read), TEST(test_longest_line),
		TEST(test_environment_names_file),
		TEST(test_set), TEST(test_bad_set), TEST(test_set_too_long),
		TEST(test_print), TEST(test_print_no_secret), TEST(test_sample),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
