/*
 * The table of the configuration, and what can be asked of it.  The man page
 * clockgate.ini(5) and the sample are held against it by tests/lint/conf.t.
 */
#include "config.h"

#include "conf_priv.h"

#include <string.h>

#define AT(field)	offsetof(struct cg_conf, field)

/* clang-format off */
const struct cg_conf_key cg_conf_keys[] = {
	{ "database", "host", CG_CONF_HOSTS, AT(db.host), 0, 900, "", NULL,
	  "host name or address of the database server; empty: this "
	  "machine, through its socket; or several, as db1, db2:3307, "
	  "/run/mysqld/mysqld.sock: when one fails the next is used, and the "
	  "first again when it is back" },
	{ "database", "host_retry", CG_CONF_UINT,
	  AT(db.host_retry), 1, 86400, "60", NULL,
	  "seconds until it is seen whether the first of several hosts is back" },
	{ "database", "port", CG_CONF_UINT, AT(db.port), 0, 65535, "0", NULL,
	  "TCP port of database servers that are given without one; 0: the "
	  "usual one, 3306" },
	{ "database", "socket", CG_CONF_PATH, AT(db.socket), 0, 107, "", NULL,
	  "Unix socket of a database server on this machine, in place of "
	  "host; empty: the usual one" },
	{ "database", "name", CG_CONF_TEXT,
	  AT(db.name), 1, 64, "clockgate", NULL,
	  "name of the database" },
	{ "database", "user", CG_CONF_TEXT,
	  AT(user), 1, 128, "clockgate", NULL,
	  "user that the programs log in as; with an account for each, %p "
	  "stands for the program: cdata, getrequest, devicecmd, clockgate or "
	  "migrate" },
	{ "database", "password", CG_CONF_SECRET, AT(password), 0, 255, "", NULL,
	  "password of that user; a file that holds one must not be "
	  "readable by others; the environment's CLOCKGATE_DB_PASSWORD "
	  "overrides it" },
	{ "database", "password_file", CG_CONF_PATH,
	  AT(password_file), 0, 255, "", NULL,
	  "file that holds the password and nothing else, in place of "
	  "password; %p as in user" },
	{ "database", "plugin_dir", CG_CONF_PATH,
	  AT(db.plugin_dir), 0, 255, "", NULL,
	  "directory of the client library's plugins, for accounts that log in "
	  "by a method that is not built in; empty: the library's own" },
	{ "database", "connect_timeout", CG_CONF_UINT,
	  AT(db.connect_timeout), 1, 300, "3", NULL,
	  "seconds to wait for a connection" },
	{ "database", "read_timeout", CG_CONF_UINT,
	  AT(db.read_timeout), 1, 3600, "20", NULL,
	  "seconds to wait for an answer of the database server, also "
	  "when writing to it" },
	{ "database", "lock_wait_timeout", CG_CONF_UINT,
	  AT(db.lock_wait_timeout), 1, 3600, "5", NULL,
	  "seconds to wait for rows that another process has locked" },
	{ "server", "admission", CG_CONF_CHOICE,
	  AT(admission), 0, 0, "approve", "approve open",
	  "what becomes of a clock that is not known: approve lets it "
	  "wait until an operator admits it, open admits it at once" },
	{ "server", "pending_max", CG_CONF_UINT,
	  AT(pending_max), 1, 100000, "100", NULL,
	  "clocks that may wait for approval; of more, the one unseen for "
	  "longest is forgotten" },
	{ "server", "body_max", CG_CONF_UINT,
	  AT(body_max), 1024, 67108864, "16777216", NULL,
	  "bytes of one upload at most; a larger one is refused" },
	{ "server", "gather", CG_CONF_UINT, AT(gather), 1, 64, "64", NULL,
	  "waiting requests that may share one transaction; 1 behind a web "
	  "server that streams bodies, such as Apache's mod_proxy_fcgi" },
	{ "server", "requests_max", CG_CONF_UINT,
	  AT(requests_max), 0, 1000000000, "0", NULL,
	  "requests after which a program ends, so that the web server "
	  "starts it anew; 0: never" },
	{ "admission", "networks", CG_CONF_NETWORKS,
	  AT(networks), 0, 64, "", NULL,
	  "networks that clocks may come from, as 10.0.0.0/8, fd00::/8; what "
	  "comes from elsewhere gets 403; empty: they may come from anywhere" },
	{ "admission", "comm_key", CG_CONF_CHOICE,
	  AT(key_policy), 0, 0, "optional", "optional required off",
	  "who must show its communication key: optional: a clock that a key "
	  "is set for, required: every clock, off: none; or the setting "
	  "comm_key of the clock" },
	{ "web", "trusted_proxies", CG_CONF_NETWORKS,
	  AT(proxies), 0, 64, "", NULL,
	  "proxies that the requests of clocks come through, as 192.0.2.7: only "
	  "of these X-Forwarded-For is believed" },
	{ "web", "check_token", CG_CONF_TOKEN, AT(check_token), 16, 64, "", NULL,
	  "word that opens getrequest?check=WORD to a browser, which then "
	  "tells what is wrong with the set-up; empty: nobody can ask" },
	{ "limits", "serial_rate", CG_CONF_UINT,
	  AT(serial_pace.rate), 0, 100000, "100", NULL,
	  "requests a second that one clock may make for long, from one "
	  "address and in one process; more get 503 without a look at the "
	  "database; 0: no limit" },
	{ "limits", "serial_burst", CG_CONF_UINT,
	  AT(serial_pace.burst), 1, 1000000, "2000", NULL,
	  "requests that it may make at once, as after an outage" },
	{ "limits", "address_rate", CG_CONF_UINT,
	  AT(address_pace.rate), 0, 100000, "1000", NULL,
	  "the same for one address, which may be that of many clocks, or for "
	  "one /64 of IPv6; 0: no limit" },
	{ "limits", "address_burst", CG_CONF_UINT,
	  AT(address_pace.burst), 1, 1000000, "20000", NULL,
	  "requests that may come from it at once" },
	{ "log", "sink", CG_CONF_CHOICE,
	  AT(log_sink), 0, 0, "stderr", "stderr syslog",
	  "where the log goes: stderr is the error log of the web server, "
	  "syslog that of the system" },
	{ "log", "level", CG_CONF_CHOICE,
	  AT(log_level), 0, 0, "info", "error warn info debug",
	  "what is logged: this and what is graver; each request is one "
	  "line of level info" },
	{ "clock", "zone", CG_CONF_ZONE, AT(zone), 1, CG_ZONE_MAX, "UTC", NULL,
	  "time zone of the clocks that have none of their own, as "
	  "Europe/Berlin" },
	{ "clock", "charset", CG_CONF_CHARSET,
	  AT(charset), 1, CG_CHARSET_MAX, "UTF-8", NULL,
	  "character set of the clocks that have none of their own, as "
	  "GB18030 or CP1252" },
	{ "privacy", "mode", CG_CONF_CHOICE,
	  AT(privacy), 0, 0, "relay", "relay none vault",
	  "what becomes of templates, photos and passwords: relay keeps them as "
	  "they came, none does not ask for them and throws them away, vault "
	  "keeps them sealed with the key of key_file; the setting privacy of a "
	  "clock overrides it" },
	{ "privacy", "key_file", CG_CONF_PATH, AT(key_file), 0, 255, "", NULL,
	  "file that holds the keys of the vault, which clockgate key new makes; "
	  "outside of the database and of what the web server offers; empty: "
	  "there is no vault" },
	{ "commands", "limit", CG_CONF_UINT,
	  AT(commands.limit), CG_LIMIT_MIN, CG_LIMIT_MAX, "200", NULL,
	  "commands that a clock gets in one answer, unless its setting "
	  "CommandLimit says otherwise" },
	{ "commands", "bytes", CG_CONF_UINT,
	  AT(commands.bytes), CG_BYTES_MIN, CG_BYTES_MAX, "40960", NULL,
	  "bytes of one answer, or the setting CommandBytes of the clock; 10240 "
	  "suits a modem; a command that is larger is sent alone" },
	{ "commands", "timeout", CG_CONF_UINT,
	  AT(commands.timeout), CG_TIMEOUT_MIN, CG_TIMEOUT_MAX, "180", NULL,
	  "seconds until a command without a result is sent again, or the "
	  "setting CommandTimeout of the clock" },
	{ "commands", "attempts", CG_CONF_UINT,
	  AT(commands.attempts), CG_ATTEMPTS_MIN, CG_ATTEMPTS_MAX, "5", NULL,
	  "how often a command without a result is sent, or the setting "
	  "CommandAttempts of the clock; those that must not run twice are "
	  "sent once" },
	{ "commands", "shell", CG_CONF_CHOICE,
	  AT(allow[CG_DANGER_SHELL]), 0, 0, "no", "no yes",
	  "whether SHELL is sent, which runs anything on the clock, and lines "
	  "whose verb is not known" },
	{ "commands", "files", CG_CONF_CHOICE,
	  AT(allow[CG_DANGER_FILES]), 0, 0, "no", "no yes",
	  "whether commands are sent that read or write files of the clock or "
	  "replace its firmware" },
	{ "commands", "wipe", CG_CONF_CHOICE,
	  AT(allow[CG_DANGER_WIPE]), 0, 0, "no", "no yes",
	  "whether commands are sent that delete everything of a kind" },
	{ "commands", "network", CG_CONF_CHOICE,
	  AT(allow[CG_DANGER_NETWORK]), 0, 0, "no", "no yes",
	  "whether options are set that are not known as harmless, as those of "
	  "the network: a clock may be lost by it" },
	{ "commands", "key", CG_CONF_CHOICE,
	  AT(allow[CG_DANGER_KEY]), 0, 0, "no", "no yes",
	  "whether options that hold keys and passwords are set" },
	{ "commands", "udp_notice", CG_CONF_CHOICE,
	  AT(udp_notice), 0, 0, "no", "no yes",
	  "tell a clock by UDP, at the address that it reported, of a command "
	  "that was queued by clockgate; for old clocks on the same network "
	  "that have no setting of their own" },
	{ "files", "dir", CG_CONF_PATH, AT(files_dir), 0, 255, "", NULL,
	  "directory of the files that clocks may fetch, which the web server "
	  "offers at /iclock/file/; empty: none" },
	{ "files", "url", CG_CONF_TEXT, AT(files_url), 0, 255, "", NULL,
	  "where clocks reach that directory, as "
	  "http://192.0.2.1:8081/iclock/file/" },
};
/* clang-format on */

_Static_assert(CG_LEN(cg_conf_keys) == CONF_KEYS, "CONF_KEYS is wrong");
const size_t cg_conf_nkeys = CG_LEN(cg_conf_keys);

const char *
conf_section(size_t slot)
{
	return slot < CONF_KEYS ? cg_conf_keys[slot].section : CONF_OPTIONS;
}

const char *
conf_key(size_t slot)
{
	return slot < CONF_KEYS ? cg_conf_keys[slot].key :
	    cg_options[slot - CONF_KEYS].name;
}

const char *
conf_default(size_t slot)
{
	return slot < CONF_KEYS ? cg_conf_keys[slot].value :
	    cg_options[slot - CONF_KEYS].value;
}

const char *
conf_doc(size_t slot)
{
	return slot < CONF_KEYS ? cg_conf_keys[slot].doc :
	    cg_options[slot - CONF_KEYS].doc;
}

bool
conf_is_secret(size_t slot)
{
	if (slot >= CONF_KEYS)
		return cg_item_secret(cg_str_of(conf_key(slot)));
	return cg_conf_keys[slot].type == CG_CONF_SECRET ||
	    cg_conf_keys[slot].type == CG_CONF_TOKEN;
}

static void
key_limits(const struct cg_conf_key *k, char *out, size_t max)
{
	switch (k->type) {
	case CG_CONF_TEXT:
	case CG_CONF_SECRET:
		snprintf(out, max, "%u to %u bytes", k->min, k->max);
		break;
	case CG_CONF_TOKEN:
		snprintf(out, max, "empty, or %u to %u letters, digits, - and _",
		    k->min, k->max);
		break;
	case CG_CONF_PATH:
		snprintf(out, max, "empty or a path that begins with /");
		break;
	case CG_CONF_UINT:
		snprintf(out, max, "%u to %u", k->min, k->max);
		break;
	case CG_CONF_CHOICE:
		snprintf(out, max, "one of: %s", k->choices);
		break;
	case CG_CONF_ZONE:
		snprintf(out, max, "an IANA time zone");
		break;
	case CG_CONF_CHARSET:
		snprintf(out, max, "a character set that iconv knows");
		break;
	case CG_CONF_HOSTS:
		snprintf(out, max, "up to %d hosts with , between", CG_DB_HOSTS_MAX);
		break;
	case CG_CONF_NETWORKS:
		snprintf(out, max, "up to %u addresses or networks with , between",
		    k->max);
		break;
	}
}

/* What each type of option may be; those with numbers are in option_limits. */
static const char *const option_type[] = {
	[CG_OPT_TIMES] = "0, or up to ten times hh:mm with ; between",
	[CG_OPT_TRANSFLAG] = "names of record types, or a bitmap of 0 and 1",
	[CG_OPT_TRANSFORM] = "one of: string bitmap",
	[CG_OPT_ZONE] = "one of: auto hhmm hours minutes omit",
	[CG_OPT_DIALECT] = "one of: auto old new",
	[CG_OPT_ENCRYPT] = "only 0 (or None)",
	[CG_OPT_VERSION] = "numbers with dots between",
};

static void
option_limits(const struct cg_option *o, char *out, size_t max)
{
	if (o->type == CG_OPT_INT && o->min == o->max)
		snprintf(out, max, "only %d", o->min);
	else if (o->type == CG_OPT_INT)
		snprintf(out, max, "%d to %d", o->min, o->max);
	else if (o->type == CG_OPT_FLAGS)
		snprintf(out, max, "%d to %d flags 0 or 1 with : between", o->min,
		    o->max);
	else if (o->type == CG_OPT_TEXT)
		snprintf(out, max, "printable ASCII, at most %d bytes", o->max);
	else
		snprintf(out, max, "%s", option_type[o->type]);
}

void
conf_limits(size_t slot, char *out, size_t max)
{
	if (slot < CONF_KEYS)
		key_limits(&cg_conf_keys[slot], out, max);
	else
		option_limits(&cg_options[slot - CONF_KEYS], out, max);
}

struct cg_str
conf_choice(const char *choices, size_t n)
{
	struct cg_str rest = cg_str_of(choices), word = { NULL, 0 };

	do {
		if (!cg_str_cut(&rest, ' ', &word))
			return (struct cg_str){ NULL, 0 };
	} while (n-- > 0);
	return word;
}

bool
conf_section_known(struct cg_str section)
{
	for (size_t i = 0; i < CONF_SLOTS; i++)
		if (cg_str_ieq(section, cg_str_of(conf_section(i))))
			return true;
	return false;
}

/* Names that an unknown one may have been meant to be; returns how many. */
static size_t
candidates(struct cg_str section, const char *name[CONF_SLOTS])
{
	bool known = conf_section_known(section);
	size_t n = 0;

	for (size_t i = 0; i < CONF_SLOTS; i++)
		if (!known)
			name[n++] = conf_section(i);
		else if (cg_str_ieq(section, cg_str_of(conf_section(i))))
			name[n++] = conf_key(i);
	return n;
}

void
conf_unknown(struct cg_str section, struct cg_str key, char why[CG_WHY_MAX])
{
	bool known = conf_section_known(section);
	const char *name[CONF_SLOTS];
	char near[CG_WHY_MAX];
	size_t n = candidates(section, name);

	cg_nearest_text(known ? key : section, name, n, near);
	snprintf(why, CG_WHY_MAX, "there is no such %s%.100s",
	    known ? "key" : "section",
	    near[0] != '\0' ? near : "; see clockgate.ini(5)");
}

enum cg_err
conf_find(struct cg_str section, struct cg_str key, size_t *slot,
    char why[CG_WHY_MAX])
{
	for (size_t i = 0; i < CONF_SLOTS; i++)
		if (cg_str_ieq(section, cg_str_of(conf_section(i))) &&
		    cg_str_ieq(key, cg_str_of(conf_key(i)))) {
			*slot = i;
			return CG_OK;
		}
	conf_unknown(section, key, why);
	return CG_UNKNOWN;
}
