/*
 * What one clock can be set to: its zone, its character set, or any option
 * of the option block.
 */
#include "config.h"

#include "conf_priv.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ZONE_DIR	"/usr/share/zoneinfo"
#define SETTING_MAX	CG_SETTING_MAX

/* Without a dot in it, a name leads nowhere but into the directory. */
static bool
zone_spelt(const char *zone)
{
	size_t n = strlen(zone);

	return n > 0 && n <= CG_ZONE_MAX && zone[0] != '/' &&
	    strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_+-/") == n;
}

/* A zone is a file of the system's time zone database, "TZif..." */
static bool
zone_exists(const char *zone)
{
	const char *dir = getenv("TZDIR");
	char path[512], magic[4];
	bool ok = false;
	struct stat st;
	FILE *f;

	if (dir == NULL || dir[0] == '\0')
		dir = ZONE_DIR;
	if (snprintf(path, sizeof(path), "%s/%s", dir, zone) >= (int)sizeof(path))
		return false;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	if ((f = fopen(path, "re")) != NULL) {
		ok = fread(magic, 1, sizeof(magic), f) == sizeof(magic) &&
		    memcmp(magic, "TZif", 4) == 0;
		fclose(f);
	}
	return ok;
}

enum cg_err
cg_zone_check(const char *zone, char why[CG_WHY_MAX])
{
	if (strcmp(zone, "UTC") == 0 || (zone_spelt(zone) && zone_exists(zone)))
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "there is no such time zone on this machine; "
	    "use an IANA name such as Europe/Berlin (package tzdata)");
	return CG_SYNTAX;
}

enum cg_err
cg_charset_check(const char *charset, char why[CG_WHY_MAX])
{
	size_t n = strlen(charset);
	iconv_t cd;

	/* '/' would begin a suffix such as //TRANSLIT */
	if (n == 0 || n > CG_CHARSET_MAX || strchr(charset, '/') != NULL ||
	    (cd = iconv_open("UTF-8", charset)) == (iconv_t)-1) {
		snprintf(why, CG_WHY_MAX, "there is no such character set on this "
		    "machine; iconv --list shows those that there are");
		return CG_SYNTAX;
	}
	iconv_close(cd);
	return CG_OK;
}

typedef enum cg_err check_fn(const char *, char why[CG_WHY_MAX]);

static enum cg_err
yes_or_no(const char *value, char why[CG_WHY_MAX])
{
	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "yes or no");
	return CG_SYNTAX;
}

static enum cg_err
key_policy(const char *value, char why[CG_WHY_MAX])
{
	if (strcmp(value, "optional") == 0 || strcmp(value, "required") == 0 ||
	    strcmp(value, "off") == 0)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "optional, required or off");
	return CG_SYNTAX;
}

static enum cg_err
networks(const char *value, char why[CG_WHY_MAX])
{
	struct cg_network net[CG_DEVICE_NETWORKS];
	size_t n;

	return cg_networks_parse(cg_str_of(value), net, CG_LEN(net), &n, why) ==
	    CG_OK ? CG_OK : CG_SYNTAX;
}

static enum cg_err
privacy_word(const char *value, char why[CG_WHY_MAX])
{
	if (cg_privacy_find(cg_str_of(value)) != CG_PRIVACY__MAX)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "relay, none or vault");
	return CG_SYNTAX;
}

struct setting {
	const char	*name;
	size_t		 max;
	check_fn	*check;
};

static const struct setting settings[] = {
	{ "zone", CG_ZONE_MAX, cg_zone_check },
	{ "charset", CG_CHARSET_MAX, cg_charset_check },
	{ "udp_notice", 16, yes_or_no },
	{ "networks", SETTING_MAX, networks },
	{ "privacy", 16, privacy_word },
	{ "comm_key", 15, key_policy },
};

static enum cg_err
setting_run(const struct setting *s, struct cg_str value, char why[CG_WHY_MAX])
{
	char copy[SETTING_MAX + 1];

	if (value.n > s->max || (value.n > 0 && memchr(value.p, 0, value.n)) ||
	    value.n >= sizeof(copy)) {
		snprintf(why, CG_WHY_MAX, "at most %zu bytes", s->max);
		return CG_SYNTAX;
	}
	if (value.n > 0)
		memcpy(copy, value.p, value.n);
	copy[value.n] = '\0';
	return s->check(copy, why);
}

#define NAMES	(CG_LEN(settings) + CONF_LIMITS + CG_OPTION_COUNT)

static void
names(const char *name[NAMES])
{
	for (size_t i = 0; i < CG_LEN(settings); i++)
		*name++ = settings[i].name;
	for (size_t i = 0; i < CONF_LIMITS; i++)
		*name++ = conf_limit[i].name;
	for (size_t i = 0; i < CG_OPTION_COUNT; i++)
		*name++ = cg_options[i].name;
}

struct cg_str
cg_setting_name(struct cg_str name)
{
	const char *known[NAMES];

	names(known);
	for (size_t i = 0; i < CG_LEN(known); i++)
		if (cg_str_ieq(name, cg_str_of(known[i])))
			return cg_str_of(known[i]);
	return (struct cg_str){ NULL, 0 };
}

static enum cg_err
setting_unknown(struct cg_str name, char why[CG_MSG_MAX])
{
	const char *known[NAMES];
	char near[CG_WHY_MAX];

	names(known);
	cg_nearest_text(name, known, CG_LEN(known), near);
	snprintf(why, CG_MSG_MAX, "there is no setting of that name%s",
	    near[0] != '\0' ? near : "; see clockgate.ini(5), [options]");
	return CG_UNKNOWN;
}

enum cg_err
cg_setting_check(struct cg_str name, struct cg_str value, char why[CG_MSG_MAX])
{
	const struct cg_option *option;
	char reason[CG_WHY_MAX] = "";
	enum cg_err e = conf_limit_check(name, value, reason);

	for (size_t i = 0; i < CG_LEN(settings); i++)
		if (cg_str_ieq(name, cg_str_of(settings[i].name)))
			e = setting_run(&settings[i], value, reason);
	if (e == CG_UNKNOWN) {
		if ((option = cg_option_find(name)) == NULL)
			return setting_unknown(name, why);
		if (value.n > SETTING_MAX) {
			snprintf(why, CG_MSG_MAX, "at most %d bytes", SETTING_MAX);
			return CG_SYNTAX;
		}
		e = cg_option_check(option, value, reason);
	}
	if (e != CG_OK)
		snprintf(why, CG_MSG_MAX, "%s", reason);
	return e;
}
