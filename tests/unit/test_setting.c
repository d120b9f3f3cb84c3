/*
 * Names that are near to each other, and what a clock may be set to: time
 * zones, character sets, options.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "conf_place.h"

static const struct {
	const char *word, *near;
} nearest[] = {
	{ "admission", "admission" }, { "ADMISSION", "admission" },
	{ "admision", "admission" }, { "damission", "admission" },
	{ "admissionx", "admission" }, { "gahter", "gather" }, { "gatter", "gather" },
	{ "lgo", "log" }, { "xyz", NULL }, { "", NULL }, { "g", NULL },
	{ "bodymax", "body_max" }, { "somethingelse", NULL },
	{ "0123456789012345678901234567890123456789012345678901234567890123456789",
	  NULL },
};

static void
test_nearest(void **state)
{
	static const char *const name[] = {
		"admission", "gather", "body_max", "log", "requests_max"
	};
	const char *near;

	(void)state;
	for (size_t i = 0; i < CG_LEN(nearest); i++) {
		near = cg_nearest(cg_str_of(nearest[i].word), name, CG_LEN(name));
		if (nearest[i].near == NULL)
			assert_null(near);
		else {
			assert_non_null(near);
			assert_string_equal(near, nearest[i].near);
		}
	}
	assert_null(cg_nearest(cg_lit("gather"), name, 0));
}

static const struct {
	const char *name, *value;
	enum cg_err e;
	const char *why;
} settings[] = {
	{ "zone", "UTC", CG_OK, "" },
	{ "Zone", "Europe/Berlin", CG_OK, "" },
	{ "zone", "America/Argentina/Buenos_Aires", CG_OK, "" },
	{ "zone", "Etc/GMT+5", CG_OK, "" },
	{ "zone", "Europe", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "../../../etc/passwd", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "/usr/share/zoneinfo/UTC", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "zone.tab", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "tzdata.zi", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "Europe/Berlin;x", CG_SYNTAX, "there is no such time zone" },
	{ "zone", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  CG_SYNTAX, "at most 63 bytes" },
	{ "charset", "CP1252", CG_OK, "" },
	{ "charset", "GB18030", CG_OK, "" },
	{ "charset", "UTF-8//TRANSLIT", CG_SYNTAX, "there is no such character set" },
	{ "charset", "", CG_SYNTAX, "there is no such character set" },
	{ "charset", "klingon", CG_SYNTAX, "there is no such character set" },
	{ "charset", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", CG_SYNTAX, "at most 31 bytes" },
	{ "delay", "30", CG_OK, "" },
	{ "Delay", "thirty", CG_SYNTAX, "must be a number from 1 to 86400" },
	{ "Encrypt", "1", CG_SYNTAX, "must be 0" },
	{ "networks", "10.0.0.0/8, fd00::/8", CG_OK, "" },
	{ "Networks", "192.0.2.7", CG_OK, "" },
	{ "networks", "10.0.0.1/8", CG_SYNTAX, "\"10.0.0.1/8\" has bits behind" },
	{ "comm_key", "required", CG_OK, "" },
	{ "Comm_Key", "off", CG_OK, "" },
	{ "comm_key", "Off", CG_SYNTAX, "optional, required or off" },
	{ "networks", "home", CG_SYNTAX, "\"home\" is no network" },
	{ "networks", "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,"
	  "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1",
	  CG_SYNTAX, "at most 16 networks" },
	{ "CommandLimit", "200", CG_OK, "" },
	{ "commandbytes", "10240", CG_OK, "" },
	{ "CommandTimeout", "1", CG_OK, "" },
	{ "CommandAttempts", "100", CG_OK, "" },
	{ "CommandLimit", "0", CG_SYNTAX, "must be a whole number, 1 to 10000" },
	{ "CommandBytes", "255", CG_SYNTAX,
	  "must be a whole number, 256 to 1048576" },
	{ "CommandTimeout", "1m", CG_SYNTAX,
	  "must be a whole number, 1 to 86400" },
	{ "CommandAttempts", "", CG_SYNTAX, "must be a whole number, 1 to 100" },
	{ "CommandLimits", "2", CG_UNKNOWN,
	  "there is no setting of that name; did you mean \"CommandLimit\"?" },
	{ "Delai", "30", CG_UNKNOWN,
	  "there is no setting of that name; did you mean \"Delay\"?" },
	{ "zones", "UTC", CG_UNKNOWN,
	  "there is no setting of that name; did you mean \"zone\"?" },
	{ "xyzzy", "", CG_UNKNOWN,
	  "there is no setting of that name; see clockgate.ini(5), [options]" },
	{ "", "", CG_UNKNOWN,
	  "there is no setting of that name; see clockgate.ini(5), [options]" },
};

static void
test_setting(void **state)
{
	char why[CG_MSG_MAX];

	(void)state;
	for (size_t i = 0; i < CG_LEN(settings); i++) {
		why[0] = '\0';
		assert_int_equal(cg_setting_check(cg_str_of(settings[i].name),
		    cg_str_of(settings[i].value), why), settings[i].e);
		assert_memory_equal(why, settings[i].why, strlen(settings[i].why));
		assert_int_equal(why[0] == '\0', settings[i].e == CG_OK);
	}
	assert_int_equal(cg_setting_check(cg_str_of("zone"),
	    (struct cg_str){ "UTC\0x", 5 }, why), CG_SYNTAX);
	assert_int_equal(cg_setting_check(cg_str_of("zone"),
	    (struct cg_str){ NULL, 0 }, why), CG_SYNTAX);
}

static void
test_setting_too_long(void **state)
{
	char value[256], why[CG_MSG_MAX];

	(void)state;
	memset(value, 'x', sizeof(value));
	assert_int_equal(cg_setting_check(cg_str_of("ICLOCKSVRURL"),
	    (struct cg_str){ value, 255 }, why), CG_OK);
	assert_int_equal(cg_setting_check(cg_str_of("ICLOCKSVRURL"),
	    (struct cg_str){ value, 256 }, why), CG_SYNTAX);
	assert_string_equal(why, "at most 255 bytes");
}

/* The zones of another place, and none at all: UTC there always is. */
static void
test_zone_directory(void **state)
{
	const struct place *p = *state;
	char why[CG_WHY_MAX];

	put(p->ini, "TZif2", 5, 0600);
	put(p->other, "TZi", 3, 0600);
	assert_int_equal(setenv("TZDIR", p->dir, 1), 0);
	assert_int_equal(cg_zone_check("b", why), CG_SYNTAX);
	assert_int_equal(cg_zone_check("Europe/Berlin", why), CG_SYNTAX);
	assert_int_equal(cg_zone_check("UTC", why), CG_OK);
	assert_int_equal(rename(p->ini, p->other), 0);
	assert_int_equal(cg_zone_check("b", why), CG_OK);
	unsetenv("TZDIR");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nearest), TEST(test_setting), TEST(test_setting_too_long),
		TEST(test_zone_directory),
	};

	return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
