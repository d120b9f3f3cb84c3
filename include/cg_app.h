/*
 * app: the use cases, from a request to a reply, and what they need: the
 * configuration, the log, admission, time zones, character sets.  Knows
 * neither FastCGI nor mysql.h; tests call it with no web server.
 */
#ifndef CG_APP_H
#define CG_APP_H

#include <stdio.h>
#include <time.h>

#include "cg_base.h"
#include "cg_push.h"
#include "cg_store.h"

/* ---- addresses (address.c) ---- */

struct cg_address {		/* IPv6, or IPv4 as ::ffff:a.b.c.d */
	unsigned char	 byte[16];
};

/* "192.0.2.1" or "2001:db8::1"; CG_SYNTAX for anything else. */
enum cg_err	 cg_address_parse(struct cg_str, struct cg_address *) CG_MUST_USE;
bool		 cg_address_is_v4(const struct cg_address *);
bool		 cg_address_eq(const struct cg_address *, const struct cg_address *);

struct cg_network {
	struct cg_address address;
	unsigned char	 bits;		/* of it that count, 0 to 128 */
};

/*
 * A list such as "10.0.0.0/8, fd00::/8", which may be empty: *n of at most max
 * networks.  An address without /BITS is a network of its own.  CG_SYNTAX and
 * CG_LIMIT with the reason in why.
 */
enum cg_err	 cg_networks_parse(struct cg_str list, struct cg_network *, size_t max,
		    size_t *n, char why[CG_WHY_MAX]) CG_MUST_USE;
/* Is this address in one of n networks? */
bool		 cg_networks_hold(const struct cg_network *, size_t n,
		    const struct cg_address *);

#define CG_DEVICE_NETWORKS	16	/* of the setting "networks" of one clock */

struct cg_networks {		/* of the ini; in the configuration's arena */
	const char	*text;
	const struct cg_network *net;
	size_t		 n;
};

/*
 * Whom a request comes from.  *ip and *from are the other end of the
 * connection; when that is a trusted proxy, it tells in the header
 * X-Forwarded-For whom it got it from, and so on up to the first that is not
 * trusted.  Of anybody else the header counts for nothing.
 */
void		 cg_address_forwarded(const struct cg_networks *trusted,
		    struct cg_str header, struct cg_str *ip, struct cg_address *from);

/* ---- configuration: one ini, described by one table (conf.c) ---- */

enum cg_admission { CG_ADMIT_APPROVE, CG_ADMIT_OPEN };
enum cg_key_policy { CG_KEY_OPTIONAL, CG_KEY_REQUIRED, CG_KEY_OFF };
enum cg_log_sink { CG_LOG_STDERR, CG_LOG_SYSLOG };
enum cg_log_level { CG_LOG_ERROR, CG_LOG_WARN, CG_LOG_INFO, CG_LOG_DEBUG };

#define CG_GATHER_MAX	64

struct cg_limits {		/* of the answers to one clock: [commands] */
	unsigned	 limit;		/* commands of one answer */
	unsigned	 bytes;		/* of one answer; one command may be larger */
	unsigned	 timeout;	/* seconds until one without a result is due again */
	unsigned	 attempts;	/* how often it is handed out */
};

struct cg_pace {			/* [limits]: how often somebody may come */
	unsigned	 rate;		/* requests a second; 0: no limit */
	unsigned	 burst;		/* at once, after a pause */
};

struct cg_conf {		/* all strings live in its arena */
	struct cg_arena	*arena;
	struct cg_db_conf db;		/* user: of this program; password: from wherever it came */
	const char	*user;		/* as the ini has it */
	const char	*password;	/* as the ini has it */
	const char	*password_file;
	int		 admission;	/* enum cg_admission */
	unsigned	 pending_max;	/* clocks that wait for approval */
	int		 key_policy;	/* enum cg_key_policy */
	struct cg_networks networks;	/* clocks come from there; none: from anywhere */
	struct cg_networks proxies;	/* that tell truly whom they got a request from */
	unsigned	 body_max;	/* bytes of one request */
	unsigned	 gather;	/* requests in one transaction, at most CG_GATHER_MAX */
	unsigned	 requests_max;	/* then the program ends; 0: never */
	const char	*check_token;	/* opens the check by browser; "": nobody does */
	struct cg_pace	 serial_pace;	/* of one serial from one address */
	struct cg_pace	 address_pace;
	int		 log_sink;	/* enum cg_log_sink */
	int		 log_level;	/* enum cg_log_level */
	const char	*zone;		/* IANA name */
	const char	*charset;	/* a name that iconv knows */
	int		 privacy;	/* enum cg_privacy, of clocks without one of their own */
	const char	*key_file;	/* "": there is none */
	struct cg_limits commands;	/* of clocks without settings of their own */
	int		 allow[CG_DANGER__MAX];	/* 1: commands of that class are sent */
	int		 udp_notice;	/* tell clocks of new commands: 0 or 1 */
	const char	*files_dir;	/* what the web server offers to clocks; "": nothing */
	const char	*files_url;	/* where clocks reach it, with / at its end */
	struct cg_str	 option[CG_OPTION_COUNT];	/* never absent */
	const char	*file;		/* where it was read from; NULL: defaults */
};

/* One row of the table: "section.key", what it may be, what it is for. */
enum cg_conf_type {
	CG_CONF_TEXT,		/* at most max bytes */
	CG_CONF_SECRET,		/* as a text, in a file that others can't read */
	CG_CONF_TOKEN,		/* a secret that may stand in a URL */
	CG_CONF_PATH,		/* empty, or from the root */
	CG_CONF_UINT,		/* min to max */
	CG_CONF_CHOICE,		/* one of choices; kept as its place there */
	CG_CONF_ZONE,		/* cg_zone_check */
	CG_CONF_CHARSET,	/* cg_charset_check */
	CG_CONF_NETWORKS,	/* cg_networks_parse, at most max of them */
	CG_CONF_HOSTS		/* cg_db_hosts_check */
};

struct cg_conf_key {
	const char		*section;
	const char		*key;
	enum cg_conf_type	 type;
	size_t			 offset;	/* into struct cg_conf */
	uint32_t		 min;
	uint32_t		 max;
	const char		*value;		/* default */
	const char		*choices;	/* "approve open"; of CG_CONF_CHOICE */
	const char		*doc;
};

extern const struct cg_conf_key cg_conf_keys[];
extern const size_t cg_conf_nkeys;

/* Room for a message that names file, section and key. */
#define CG_MSG_MAX	512

/*
 * Read the ini for a program, whose name stands for %p in user and
 * password_file: the file named, else $CLOCKGATE_CONFIG, else the first that
 * is there of the compiled-in path, /etc/clockgate/clockgate.ini and
 * clockgate/clockgate.ini in the home of the user that we run as; none of
 * them: the defaults.  Then apply the nset overrides "SECTION.KEY=VALUE".
 * CG_SYS with msg filled: an unknown key (with the nearest one), a bad value,
 * a file with a secret that other users can read, or one that they can write
 * or replace.  The password comes from password, password_file or the
 * environment's CLOCKGATE_DB_PASSWORD, which overrides both.  The caller
 * calls cg_conf_free, whatever came back.
 */
enum cg_err	 cg_conf_load(struct cg_conf *, const char *program, const char *file,
		    const char *const *set, size_t nset, char msg[CG_MSG_MAX])
		    CG_MUST_USE;
void		 cg_conf_free(struct cg_conf *);
/*
 * Print the configuration as an ini with every key, its default and its
 * documentation; conf == NULL prints the defaults, all commented out.
 */
void		 cg_conf_print(const struct cg_conf *, FILE *);
/* The name among n that is nearest to word, or NULL when none is near. */
const char	*cg_nearest(struct cg_str word, const char *const *name, size_t n);
/* "; did you mean \"...\"?" with that name, or ""; the text is in out. */
const char	*cg_nearest_text(struct cg_str word, const char *const *name, size_t n,
		    char out[CG_WHY_MAX]);
/* May this be a zone or a character set of a clock?  CG_SYNTAX with the reason. */
enum cg_err	 cg_zone_check(const char *zone, char why[CG_WHY_MAX]) CG_MUST_USE;
enum cg_err	 cg_charset_check(const char *charset, char why[CG_WHY_MAX])
		    CG_MUST_USE;
/* The setting of one clock as the documentation spells it; absent: there is none. */
struct cg_str	 cg_setting_name(struct cg_str);
/*
 * One setting of one clock: zone, charset, udp_notice, networks, comm_key,
 * privacy, CommandLimit, CommandBytes, CommandTimeout, CommandAttempts, or any
 * name of cg_options.  CG_UNKNOWN: no such name; CG_SYNTAX: a bad value; both
 * with the reason.
 */
enum cg_err	 cg_setting_check(struct cg_str name, struct cg_str value,
		    char why[CG_MSG_MAX]) CG_MUST_USE;

/* What becomes of its templates, photos and passwords; never CG_PRIVACY__MAX. */
enum cg_privacy	 cg_privacy_of(const struct cg_conf *, const struct cg_device *);

/* The limits of one clock among its settings; any other name changes nothing. */
void		 cg_limits_set(struct cg_limits *, struct cg_str name,
		    struct cg_str value);

/* ---- is the set-up good? (check.c) ---- */

enum cg_verdict {
	CG_CHECK_OK,
	CG_CHECK_NOTE,		/* works, and somebody should know */
	CG_CHECK_WRONG,
	CG_CHECK_SKIPPED,	/* what it needs was wrong, or is not there */
	CG_CHECK__MAX
};

struct cg_finding {
	const char	*check;		/* what was looked at, static */
	enum cg_verdict	 verdict;
	char		 detail[CG_MSG_MAX];	/* what was found */
	char		 cure[CG_MSG_MAX];	/* what to do; "" unless NOTE or WRONG */
};

typedef void	 cg_finding_fn(void *arg, const struct cg_finding *);
/*
 * Read the configuration as cg_conf_load does, reach the database on a
 * connection of our own, and call fn with what each check found.  No
 * finding holds a secret.  True: nothing is wrong.
 */
bool		 cg_check(const char *program, const char *file, const char *const *set,
		    size_t nset, cg_finding_fn *, void *arg) CG_MUST_USE;
/* "ok", "note", "wrong", "-" */
const char	*cg_verdict_name(enum cg_verdict);
/* A finding as one line or two; n: room in out, CG_FINDING_MAX for all of it. */
#define CG_FINDING_MAX	(2 * CG_MSG_MAX + 64)
void		 cg_finding_text(const struct cg_finding *, char *out, size_t n);

/* ---- the log: key=value lines, control bytes escaped (log.c) ---- */

#define CG_LOG_HELD	4096	/* what one write to a pipe takes as a whole */

struct cg_log {
	enum cg_log_sink	 sink;
	enum cg_log_level	 level;
	const char		*ident;
	bool			 hold;
	size_t			 nheld;
	char			 held[CG_LOG_HELD];
};

void		 cg_log(struct cg_log *, enum cg_log_level, const char *fmt, ...)
		    CG_PRINTF(3, 4);
/* The same with a text that is ready. */
void		 cg_log_put(struct cg_log *, enum cg_log_level, struct cg_str text);
/* Lines of a batch cost one write: until the release they may wait. */
void		 cg_log_hold(struct cg_log *);
void		 cg_log_release(struct cg_log *);
/* s as it may stand in a log line: at most max bytes, others as \xHH; NUL-terminated. */
const char	*cg_log_safe(struct cg_str s, char *out, size_t max);

/* ---- time zones (zone.c) ---- */

/*
 * The state of zone conversion: which zone the C library is set to, and the
 * offsets of the day that was asked for last.
 */
struct cg_zones {
	char	 current[CG_ZONE_MAX + 1];
	int64_t	 day;			/* local day number; INT64_MIN: none */
	int32_t	 offset;
	bool	 steady;		/* the offset holds for the whole day */
};

void		 cg_zones_init(struct cg_zones *);
/* Seconds east of UTC in this zone at this moment. */
int32_t		 cg_zone_offset(struct cg_zones *, const char *zone, int64_t utc);
/*
 * The moment that a wall clock in this zone meant.  Of the two moments of
 * an hour that is run through twice, the first.  In a gap *gap is set and the
 * time is taken as if the clock had not been put forward yet.
 */
int64_t		 cg_zone_utc(struct cg_zones *, const char *zone,
		    const struct cg_time *, bool *gap);

/* ---- character sets (charset.c) ---- */

/* The conversion that was used last, kept open: it is dear to set up. */
struct cg_charsets {
	char	 name[CG_CHARSET_MAX + 1];
	bool	 out;			/* from UTF-8, not to it */
	void	*conversion;		/* iconv_t, or NULL */
	char	*room;			/* what was converted last */
	size_t	 nroom;
};

void		 cg_charsets_close(struct cg_charsets *);
/*
 * in as UTF-8.  What is UTF-8 already comes back as it is, else *out lives in
 * the arena.  Bytes that do not convert become U+FFFD and *clean false.
 * CG_NOMEM: the arena is full.
 */
enum cg_err	 cg_text_utf8(struct cg_charsets *, const char *charset,
		    struct cg_str in, struct cg_arena *, struct cg_str *out,
		    bool *clean) CG_MUST_USE;

/* As above, from UTF-8 to the charset; characters it lacks become '?'. */
enum cg_err	 cg_text_clock(struct cg_charsets *, const char *charset,
		    struct cg_str in, struct cg_arena *, struct cg_str *out,
		    bool *clean) CG_MUST_USE;

/* ---- the key file (keys.c) ---- */

struct cg_key {
	uint32_t	 id;		/* from 1 */
	int64_t		 made;		/* seconds UTC */
	bool		 current;	/* of one alone */
	unsigned char	 secret[CG_KEY_BYTES];
};

/* What a key file holds, in locked memory. */
struct cg_keyring {
	size_t		 n;
	struct cg_key	 key[CG_KEYS_MAX];
};

/* The caller frees it. */
enum cg_err	 cg_keyring_new(struct cg_keyring **) CG_MUST_USE;
void		 cg_keyring_free(struct cg_keyring *);
/*
 * CG_SYS with msg filled: no such file, one that others may read or write, or
 * something else than keys in it.  CG_UNKNOWN: there is none.
 */
enum cg_err	 cg_keyring_read(struct cg_keyring *, const char *file,
		    char msg[CG_MSG_MAX]) CG_MUST_USE;
/* In place of the file, all at once; a new one is for its owner alone. */
enum cg_err	 cg_keyring_write(const struct cg_keyring *, const char *file,
		    char msg[CG_MSG_MAX]) CG_MUST_USE;
/* A new key with the next id, not current; CG_LIMIT: there are too many. */
enum cg_err	 cg_keyring_add(struct cg_keyring *, int64_t now) CG_MUST_USE;

/* A key file that is in use, read anew when it has changed. */
struct cg_keys;

/* Read the file of the configuration; NULL in *out when it names none. */
enum cg_err	 cg_keys_open(const struct cg_conf *, struct cg_keys **out,
		    char msg[CG_MSG_MAX]) CG_MUST_USE;
void		 cg_keys_close(struct cg_keys *);
/*
 * Give the database the keys that the file has by now.  What can't be read
 * leaves those that were there before; the reason is in msg.
 */
enum cg_err	 cg_keys_use(struct cg_keys *, struct cg_db *, char msg[CG_MSG_MAX])
		    CG_MUST_USE;

/* ---- requests and replies ---- */

struct cg_req {				/* lives in the batch's arena */
	struct cg_str	 method;
	struct cg_str	 endpoint;	/* cg_path_endpoint of the path */
	struct cg_str	 path;
	struct cg_query	 query;
	struct cg_str	 ip;		/* of the clock, as it was written */
	struct cg_address from;		/* the same; :: when that is no address */
	struct cg_str	 body;
	struct cg_arena	*arena;
	enum cg_err	 fault;		/* the request could not be read: nothing else counts */
};

struct cg_res {
	struct cg_str	 body;		/* with err CG_OK */
	enum cg_err	 err;		/* decides the HTTP status */
	uint64_t	 stamp;		/* that was staged: cg_stamp_mark; 0: none */
	/* for the log line */
	struct cg_str	 sn;
	struct cg_str	 table;
	unsigned	 rows;		/* records received */
	unsigned	 bad;		/* of them unreadable */
	unsigned	 raw;		/* pieces that were kept verbatim */
	const char	*note;		/* static, or in the arena */
};

struct cg_app;
/*
 * A use case: stages its rows and fills the reply, which is sent only after
 * the commit.  What it comes back with becomes res->err; with CG_NOMEM,
 * CG_LIMIT, CG_BUSY, CG_DATA, CG_DB or CG_SYS all that it staged is undone.
 */
typedef enum cg_err cg_handler(struct cg_app *, const struct cg_device *,
    const struct cg_req *, struct cg_res *);

enum cg_need {
	CG_NEED_TOKEN,		/* key's value is check_token, else the row does not fit; */
				/* answered without device and database */
	CG_NEED_ADMITTED,	/* a good serial of an admitted clock */
	CG_NEED_NOTHING		/* answered whoever asks; the device may be NULL */
};

/* Which request goes where.  The first row that fits is taken. */
struct cg_route {
	const char	*method;	/* NULL: any */
	const char	*endpoint;	/* NULL: any */
	const char	*key;		/* a query parameter that must be there; NULL: none */
	const char	*value;		/* and its value in any case; NULL: any */
	enum cg_need	 need;
	cg_handler	*run;
};

/* The use cases. */
cg_handler	 cg_handshake;	/* GET cdata?options=all */
cg_handler	 cg_time_sync;	/* GET cdata?type=time */
cg_handler	 cg_last_punch;	/* GET cdata?type=LastPunch */
cg_handler	 cg_self_service;	/* GET cdata?table=SELFSERVICEDATA */
cg_handler	 cg_upload;	/* POST cdata?table=... */
cg_handler	 cg_photo;	/* POST fdata */
cg_handler	 cg_heartbeat;	/* GET getrequest */
cg_handler	 cg_check_page;	/* GET getrequest?check=TOKEN */
cg_handler	 cg_results;	/* POST devicecmd */
cg_handler	 cg_courtesy;	/* ping, event, exchange, whatever else: OK */
cg_handler	 cg_no_file;	/* file: there is none of that name */
cg_handler	 cg_foreign;	/* registry, push ...: recorded and refused */

/* ---- the communication key (comm_key.c) ---- */

/* What is stored of a key of the clock with this serial. */
void		 cg_comm_key_hash(const char *sn, struct cg_str key,
		    unsigned char hash[CG_COMM_KEY_HASH]);
#define CG_COMM_KEY_GENERATED	16
/* A new one, of digits: every clock takes those. */
void		 cg_comm_key_generate(char out[CG_COMM_KEY_GENERATED + 1]);

/* ---- rejected uploads, tried again (retry.c) ---- */

struct cg_retried {
	unsigned	 tried;
	unsigned	 stored;	/* and gone from rejected */
};

/*
 * Read what was kept verbatim again, as of the time when it came: all of this
 * clock, or, "", of all.  What the clock has told anew since is not undone.  A
 * row leaves rejected in the transaction that stores what it held; of one with
 * several records those that can't be read stay, as rows of their own, and count
 * as tried.  They commit by themselves.
 */
enum cg_err	 cg_retry(struct cg_app *, struct cg_str sn, struct cg_retried *)
		    CG_MUST_USE;
/* CG_UNKNOWN: none of that id. */
enum cg_err	 cg_retry_one(struct cg_app *, int64_t id, struct cg_retried *)
		    CG_MUST_USE;

/* ---- the program ---- */

struct cg_refusals {		/* of floods, since the log told of them */
	int64_t		 told;
	unsigned	 n;
};

struct cg_app {
	const char		*name;		/* of the program: "cdata" */
	const struct cg_route	*route;
	size_t			 nroute;
	struct cg_conf		 conf;
	struct cg_log		 log;
	struct cg_db		*db;
	struct cg_zones		 zones;
	struct cg_charsets	 charsets;
	struct cg_keys		*keys;		/* NULL: the configuration names no file */
	struct cg_roster	*roster;	/* clocks that this process knows */
	struct cg_buckets	*serials;	/* how often they came */
	struct cg_buckets	*addresses;
	struct cg_refusals	 refusals;
	int64_t			 crowded;	/* when no more clocks could wait, by now */
	struct cg_work		*work;		/* clocks that there are commands for */
	int64_t			 now;		/* seconds UTC, of this batch */
	int64_t			 turn;		/* the second by this process's own count */
	int64_t			 refreshed;	/* when the roster was compared last, by now ... */
	int64_t			 refreshed_turn;	/* ... and by turn */
	int64_t			 ticked;	/* the turn in which all was done that is due */
};

/* Read the configuration and set everything up; the database may be down. */
enum cg_err	 cg_app_open(struct cg_app *, const char *config, char msg[CG_MSG_MAX])
		    CG_MUST_USE;
/* Writes the presence that is still in memory. */
void		 cg_app_close(struct cg_app *);
/*
 * Handle n requests, at most CG_GATHER_MAX and all of one arena, in one
 * transaction; when that fails, each alone, so that none gets the fault of
 * another.  Every res is filled; where its err is CG_OK, what it stands for is
 * committed when this returns.  now: seconds UTC.
 */
void		 cg_app_run(struct cg_app *, const struct cg_req *, struct cg_res *,
		    size_t n, int64_t now);
/*
 * What is due without a request, and once a second while requests keep
 * coming: presence in memory goes to the database.  Returns the milliseconds
 * until the next call is due, -1 for none.
 */
int		 cg_app_idle(struct cg_app *, int64_t now);

#endif
