/*
 * store: MySQL.  The only room with SQL in it.  Knows nothing of HTTP or of
 * configuration files, and logs nothing: cg_db_why tells what went wrong.
 *
 * One struct cg_db is one connection with one transaction at a time.  Every
 * statement belongs to the current transaction.  The _put functions only
 * stage a row: rows of one kind go to the server together, in multi-row
 * statements, when enough have gathered and at the latest in
 * cg_db_commit.  The slices that they are given must live until then.
 *
 * Classes of error, the same everywhere:
 *   CG_BUSY  the transaction is lost, and may be repeated as a whole:
 *            deadlock, lock wait, connection lost, server shutting down or
 *            read-only, cluster node not ready, disk full
 *   CG_DB    the transaction is lost, and repeating it would not help
 * A value that MySQL refuses (1264, 1292, 1366, 1406 ...) is neither: the row
 * goes to the table rejected, verbatim and with MySQL's reason, in the same
 * transaction, and the call that staged it has long said CG_OK.  A row that no
 * packet can carry (max_allowed_packet) is CG_LIMIT at once.
 */
#ifndef CG_STORE_H
#define CG_STORE_H

#include "cg_base.h"
#include "cg_push.h"

struct cg_db;

struct cg_db_conf {		/* strings outlive the connection; NULL or "" = default */
	const char	*host;			/* cg_db_hosts_check; the first is preferred */
	unsigned	 port;			/* of hosts that are given without */
	const char	*socket;		/* then host is passed over */
	const char	*user;
	const char	*password;
	const char	*name;
	const char	*plugin_dir;		/* of the client's ways to log in */
	unsigned	 connect_timeout;	/* seconds */
	unsigned	 read_timeout;		/* seconds, also for writing */
	unsigned	 lock_wait_timeout;	/* seconds */
	unsigned	 host_retry;		/* seconds, see cg_db_open */
};

#define CG_DB_HOSTS_MAX	9
/*
 * Is this a list of hosts?  A comma between two; each a name or address, also
 * with a port as in db:3307 and [fd00::1]:3307, or the path of a socket.
 * CG_SYNTAX with the reason.
 */
enum cg_err	 cg_db_hosts_check(const char *list, char why[CG_WHY_MAX]) CG_MUST_USE;

/* The schema versions that these programs can work with. */
#define CG_SCHEMA_MIN	9
#define CG_SCHEMA_MAX	9

/* Nothing is connected yet.  CG_SYNTAX: host is no list of hosts. */
enum cg_err	 cg_db_new(const struct cg_db_conf *, struct cg_db **) CG_MUST_USE;
void		 cg_db_free(struct cg_db *);
/*
 * Be connected: at once when we are; else connect, set up the session (strict
 * mode, READ COMMITTED, UTC, utf8mb4, no autocommit) and check the schema.
 * After a failure the next try is made a quarter of a second later at the
 * earliest: until then CG_BUSY at once.  CG_SYS: the schema is not one of ours.
 *
 * Of several hosts the first is taken that can be reached and has the schema.
 * When it is lost, or takes no changes, the next one is tried, and after the
 * last the first.  Every host_retry seconds, between two transactions, it is
 * seen whether the first is back.
 */
enum cg_err	 cg_db_open(struct cg_db *) CG_MUST_USE;
/* The host that is used now, when it is another than at the last call; else NULL. */
const char	*cg_db_moved(struct cg_db *);
/*
 * How many hosts there are, and how many can't be reached now: the last of
 * these with the reason in cg_db_why.
 */
size_t		 cg_db_hosts(const struct cg_db *);
size_t		 cg_db_hosts_down(struct cg_db *);
/* As cg_db_open, without the check of the schema: for cg_schema_migrate. */
enum cg_err	 cg_db_open_any(struct cg_db *) CG_MUST_USE;
/* What went wrong last, one line with MySQL's number; "" for nothing. */
const char	*cg_db_why(const struct cg_db *);
/* What to do about the last error of MySQL; "" when that is not plain. */
const char	*cg_db_cure(const struct cg_db *);
/*
 * Prepare every statement of cdata, getrequest, devicecmd or clockgate: finds
 * what its account may not do.
 */
enum cg_err	 cg_db_check(struct cg_db *, const char *program) CG_MUST_USE;

struct cg_db_state {		/* of the server */
	char		 version[64];
	int64_t		 packet_max;	/* bytes of one statement */
	int64_t		 utc;		/* seconds, by its clock */
	bool		 durable;	/* what is committed survives a power cut */
};

enum cg_err	 cg_db_state(struct cg_db *, struct cg_db_state *) CG_MUST_USE;

/*
 * From now on what is staged was told at utc (seconds), or CG_NO_UTC: now.  Of
 * users, templates, options and items that is when they changed last, of what is
 * rejected when it came.  Nothing may be staged.
 */
void		 cg_db_as_of(struct cg_db *, int64_t utc);
/* Send what is staged, to learn what MySQL refuses of it: cg_db_refused. */
enum cg_err	 cg_db_send(struct cg_db *) CG_MUST_USE;
/* Send what is staged, then COMMIT.  Without any statement since the last: nothing. */
enum cg_err	 cg_db_commit(struct cg_db *) CG_MUST_USE;
/* Has anything been staged or changed since the last commit or rollback? */
bool		 cg_db_wrote(const struct cg_db *);
/* Forget what is staged, ROLLBACK.  Harmless at any time. */
void		 cg_db_rollback(struct cg_db *);
/* Rows that MySQL refused in this transaction, or in the one just committed. */
unsigned	 cg_db_refused(const struct cg_db *);

/* ---- privacy: what becomes of templates, photos and passwords ---- */

enum cg_privacy {
	CG_PRIVACY_RELAY,	/* kept as they came */
	CG_PRIVACY_NONE,	/* not kept: only counted */
	CG_PRIVACY_VAULT,	/* kept sealed */
	CG_PRIVACY__MAX		/* of a clock: as the configuration says */
};

/* "relay", "none", "vault", in any case; CG_PRIVACY__MAX for any other word. */
enum cg_privacy	 cg_privacy_find(struct cg_str);

#define CG_KEY_BYTES	32
#define CG_KEYS_MAX	64

/* The keys that seal and open.  The caller frees it. */
struct cg_vault;

enum cg_err	 cg_vault_new(struct cg_vault **) CG_MUST_USE;
void		 cg_vault_free(struct cg_vault *);
/* One more key, of an id from 1; what is sealed now is sealed with the current one. */
enum cg_err	 cg_vault_add(struct cg_vault *, uint32_t id,
		    const unsigned char secret[CG_KEY_BYTES], bool current)
		    CG_MUST_USE;
/* The id of the current key; 0: there is none. */
uint32_t	 cg_vault_current(const struct cg_vault *);
/*
 * The keys of this connection from now on, or NULL; they must outlive it or
 * the next call.  Whatever needs a key that is not there is CG_SYS, and
 * nothing of it is stored.
 */
void		 cg_db_vault(struct cg_db *, const struct cg_vault *);

struct cg_rotation {		/* what was done */
	uint64_t	 rows;		/* sealed, now or again */
	uint64_t	 failed;	/* not opened, or too long when sealed: they stay */
};

#define CG_ROTATE_TRIES	100	/* of a batch, while the database is busy */

/*
 * Once through all rows: seal with the current key what is sealed with
 * another, and what is clear of clocks whose privacy, usual unless they have
 * their own, is vault.  Commits by itself, a batch of rows at a time.
 */
enum cg_err	 cg_vault_rotate(struct cg_db *, enum cg_privacy usual,
		    struct cg_rotation *) CG_MUST_USE;
/* Call fn with each key that rows are sealed with, and how many. */
typedef void	 cg_key_fn(void *arg, uint32_t id, uint64_t rows);
enum cg_err	 cg_vault_uses(struct cg_db *, cg_key_fn *, void *arg) CG_MUST_USE;

/* ---- devices ---- */

enum cg_device_status {
	CG_DEVICE_PENDING, CG_DEVICE_ACTIVE, CG_DEVICE_DISABLED, CG_DEVICE__MAX
};

/* Bytes. */
#define CG_ZONE_MAX	63
#define CG_CHARSET_MAX	31
#define CG_SETTING_MAX	255	/* of any setting */
#define CG_IP_MAX	45
#define CG_COMM_KEY_HASH	32
#define CG_COMM_KEY_ADDRESS	16

struct cg_comm_key {			/* of the communication key */
	bool		 set;
	unsigned char	 hash[CG_COMM_KEY_HASH];
};

struct cg_device {
	uint32_t		 id;
	enum cg_device_status	 status;
	char			 sn[CG_SERIAL_MAX + 1];
	char			 zone[CG_ZONE_MAX + 1];		/* "": the configuration's */
	char			 charset[CG_CHARSET_MAX + 1];	/* "": the configuration's */
	char			 networks[CG_SETTING_MAX + 1];	/* "": from anywhere */
	char			 ip[CG_IP_MAX + 1];	/* of its last request; "": none yet */
	enum cg_privacy		 privacy;
	char			 key_policy[16];	/* "": the configuration's */
	struct cg_comm_key	 key;			/* that it must show */
	struct cg_comm_key	 next_key;		/* that it was told to use */
	bool			 key_remembered;	/* key_address is one */
	unsigned char		 key_address[CG_COMM_KEY_ADDRESS];
	int64_t			 unseen;		/* seconds; INT64_MAX: never seen */
	bool			 announced;		/* its protocol version is known */
};

/* CG_UNKNOWN when there is none of that serial. */
enum cg_err	 cg_device_find(struct cg_db *, struct cg_str sn, struct cg_device *)
		    CG_MUST_USE;

struct cg_device_count {
	uint32_t	 pending;
	uint32_t	 active;
};

enum cg_err	 cg_device_count(struct cg_db *, struct cg_device_count *) CG_MUST_USE;
/*
 * Add a clock, or find it when another process was faster.  Of pending ones
 * at most max_pending are kept: the one unseen for longest goes, but none that
 * has settings, and one in a second.  CG_DENIED: none may go.
 */
enum cg_err	 cg_device_add(struct cg_db *, struct cg_str sn,
		    enum cg_device_status, unsigned max_pending, struct cg_device *)
		    CG_MUST_USE;

struct cg_announcement {		/* of a handshake; absent: not said */
	struct cg_str	 push_version;
	struct cg_str	 device_type;
	struct cg_str	 language;
	struct cg_str	 options_flag;
	const unsigned char *key_hash;	/* CG_COMM_KEY_HASH bytes, or NULL */
	struct cg_str	 time_zone;	/* the one that we answer with */
};

/* Replaces the announcement before: what was not said now is empty. */
enum cg_err	 cg_device_announce(struct cg_db *, uint32_t device,
		    const struct cg_announcement *) CG_MUST_USE;
/*
 * This clock comes from this address: an event, when the last one that was
 * written for it is another.
 */
enum cg_err	 cg_device_moved(struct cg_db *, uint32_t device, struct cg_str ip)
		    CG_MUST_USE;
/*
 * What INFO told replaces what was known; what it did not tell stays.  Another
 * firmware is an event.
 */
enum cg_err	 cg_device_info(struct cg_db *, uint32_t device,
		    const struct cg_info *) CG_MUST_USE;
/* Stage: this clock was here at utc (seconds), from this address. */
enum cg_err	 cg_seen_put(struct cg_db *, uint32_t device, int64_t utc,
		    struct cg_str ip) CG_MUST_USE;
/* Call fn with the serial of each clock that was changed in the last seconds. */
typedef void	 cg_serial_fn(void *arg, struct cg_str sn);
enum cg_err	 cg_device_changed(struct cg_db *, int64_t seconds, cg_serial_fn *,
		    void *arg) CG_MUST_USE;

#define CG_ACTIVE_MAX	64
/*
 * Which of n clocks, 1 to CG_ACTIVE_MAX, are active at this moment: for who is
 * about to store what they sent.
 */
enum cg_err	 cg_device_active(struct cg_db *, const uint32_t *device, bool *active,
		    size_t n) CG_MUST_USE;
/* These n clocks were here again at utc (seconds), from where the database has them. */
enum cg_err	 cg_seen_again(struct cg_db *, int64_t utc, const uint32_t *device,
		    size_t n) CG_MUST_USE;
/* The options of device_setting; the others are left as they are. */
enum cg_err	 cg_settings_load(struct cg_db *, uint32_t device, struct cg_arena *,
		    struct cg_str option[CG_OPTION_COUNT]) CG_MUST_USE;

/*
 * By the operator, as part of the current transaction.  CG_UNKNOWN: no such
 * serial.
 */
enum cg_err	 cg_device_set_status(struct cg_db *, struct cg_str sn,
		    enum cg_device_status) CG_MUST_USE;
/* Make it active; the key that it showed last, if any, is its key from now on. */
enum cg_err	 cg_device_approve(struct cg_db *, struct cg_str sn) CG_MUST_USE;
/* These two belong to the current transaction. */
enum cg_err	 cg_device_set_name(struct cg_db *, struct cg_str sn,
		    struct cg_str name) CG_MUST_USE;
/* An absent value removes the setting. */
enum cg_err	 cg_device_set(struct cg_db *, struct cg_str sn, struct cg_str name,
		    struct cg_str value) CG_MUST_USE;
/* Call fn with every setting of a clock, whatever its name. */
typedef void	 cg_setting_fn(void *arg, struct cg_str name, struct cg_str value);
enum cg_err	 cg_settings_each(struct cg_db *, uint32_t device, cg_setting_fn *,
		    void *arg) CG_MUST_USE;

/* ---- the communication key (comm_key.c) ---- */

/* Its last handshake showed the right key at this address; NULL: nowhere. */
enum cg_err	 cg_comm_key_remember(struct cg_db *, uint32_t device,
		    const unsigned char address[CG_COMM_KEY_ADDRESS]) CG_MUST_USE;
/* It shows this key, which is not its own, at a handshake. */
enum cg_err	 cg_comm_key_announced(struct cg_db *, uint32_t device,
		    const unsigned char hash[CG_COMM_KEY_HASH]) CG_MUST_USE;
/* It uses the next key: from now on only that one counts; address as above. */
enum cg_err	 cg_comm_key_changed(struct cg_db *, uint32_t device,
		    const unsigned char next[CG_COMM_KEY_HASH],
		    const unsigned char address[CG_COMM_KEY_ADDRESS]) CG_MUST_USE;
/* By the operator: its key, NULL for none.  Commits by itself.  CG_UNKNOWN: no such serial. */
enum cg_err	 cg_comm_key_set(struct cg_db *, struct cg_str sn,
		    const unsigned char hash[CG_COMM_KEY_HASH]) CG_MUST_USE;
/* By the operator: the key that it is about to be told to use. */
enum cg_err	 cg_comm_key_next(struct cg_db *, struct cg_str sn,
		    const unsigned char hash[CG_COMM_KEY_HASH]) CG_MUST_USE;
/* So many requests in its name were refused. */
enum cg_err	 cg_refusals_add(struct cg_db *, uint32_t device, unsigned key,
		    unsigned network) CG_MUST_USE;

/* ---- what clocks upload ---- */

struct cg_origin {		/* where a row comes from, should MySQL refuse it */
	uint32_t	 device;
	struct cg_str	 endpoint;
	struct cg_str	 table;
	struct cg_str	 line;
	enum cg_privacy	 privacy;	/* of its clock: never CG_PRIVACY__MAX */
};

enum cg_suspect {		/* suspect_reason.code */
	CG_SUSPECT_NOT,
	CG_SUSPECT_IMPOSSIBLE,	/* no such date or time */
	CG_SUSPECT_OLD,		/* before 2001: the clock had lost its time */
	CG_SUSPECT_FUTURE,	/* more than a day ahead */
	CG_SUSPECT_GAP		/* skipped by the turn to summer time */
};

#define CG_NO_UTC	INT64_MIN

struct cg_when {
	int64_t		 utc;		/* seconds, or CG_NO_UTC */
	enum cg_suspect	 suspect;
};

/* Stage one record.  What privacy keeps from being stored is counted instead. */
enum cg_err	 cg_punch_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_punch *, const struct cg_when *) CG_MUST_USE;
enum cg_err	 cg_operation_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_operation *) CG_MUST_USE;
enum cg_err	 cg_user_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_user *) CG_MUST_USE;
enum cg_err	 cg_template_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_template *) CG_MUST_USE;

struct cg_image {
	enum cg_photo_kind kind;
	struct cg_str	 pin;
	const struct cg_moment *at;	/* NULL: a picture of a user has no time */
	struct cg_str	 bytes;
	struct cg_str	 extra;
};

enum cg_err	 cg_image_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_image *) CG_MUST_USE;
enum cg_err	 cg_device_option_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_device_option *) CG_MUST_USE;
enum cg_err	 cg_item_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_item *) CG_MUST_USE;
enum cg_err	 cg_event_put(struct cg_db *, const struct cg_origin *,
		    const struct cg_event *) CG_MUST_USE;
/*
 * origin->line, verbatim; in several rows when it is larger than the database
 * takes at once.  The reason is copied, and cut at 255 bytes.
 */
enum cg_err	 cg_rejected_put(struct cg_db *, const struct cg_origin *,
		    struct cg_str reason) CG_MUST_USE;

/* One upload that was kept verbatim; all in the arena. */
struct cg_rejected {
	int64_t		 id;
	struct cg_str	 sn;
	struct cg_str	 endpoint;
	struct cg_str	 table;
	struct cg_str	 line;
	int64_t		 received_utc;	/* seconds */
};

/*
 * Is there a newer state of what the record tells, a user, a template, an option
 * or the like, than that of this moment (seconds UTC)?
 */
enum cg_err	 cg_told_since(struct cg_db *, uint32_t device, const struct cg_record *,
		    int64_t utc, bool *newer) CG_MUST_USE;
/* The one with the least id beyond after, of this clock or, "", of any; CG_UNKNOWN: none. */
enum cg_err	 cg_rejected_next(struct cg_db *, struct cg_str sn, int64_t after,
		    struct cg_arena *, struct cg_rejected *) CG_MUST_USE;
/*
 * This row goes, or all of a clock up to that id: *rows tells how many.  They
 * belong to the current transaction.  CG_UNKNOWN: none of that id.
 */
enum cg_err	 cg_rejected_drop(struct cg_db *, int64_t id) CG_MUST_USE;
enum cg_err	 cg_rejected_drop_all(struct cg_db *, uint32_t device, int64_t last,
		    uint64_t *rows) CG_MUST_USE;
/* How many there are of a clock, and the largest id of them, or 0. */
enum cg_err	 cg_rejected_count(struct cg_db *, uint32_t device, int64_t *rows,
		    int64_t *last) CG_MUST_USE;

/* Stage the stamp of an upload, which is cg_stamp_ok. */
enum cg_err	 cg_stamp_put(struct cg_db *, uint32_t device, struct cg_str table,
		    struct cg_str stamp) CG_MUST_USE;
/*
 * Have the clock send that table again, "" for all that have a stamp: they
 * become 0, and stay so until the clock was told, whatever it uploads before.
 */
enum cg_err	 cg_stamps_reset(struct cg_db *, uint32_t device, struct cg_str table)
		    CG_MUST_USE;
/*
 * These stamps go to the clock now: what orders 0 among them is carried out,
 * and the row of the clock is touched, for running programs to notice.
 */
enum cg_err	 cg_stamps_told(struct cg_db *, const struct cg_device *,
		    const struct cg_stamp *, size_t n) CG_MUST_USE;
/* The largest id of any punch that is committed; 0 for none. */
enum cg_err	 cg_punch_newest(struct cg_db *, int64_t *id) CG_MUST_USE;
/* All stamps of a clock, in the arena. */
enum cg_err	 cg_stamps_load(struct cg_db *, uint32_t device, struct cg_arena *,
		    const struct cg_stamp **, size_t *n) CG_MUST_USE;

/* ---- commands: the queue of each clock ---- */

#define CG_NAME_MAX	64	/* bytes of a command's name, and of who sent it */

struct cg_order {		/* a command to be queued */
	struct cg_str	 sn;
	struct cg_str	 name;		/* of the catalogue; absent: found at hand-out */
	struct cg_str	 body;		/* without "C:id:" */
	struct cg_str	 created_by;	/* absent: nobody said */
	int64_t		 expires_utc;	/* seconds, or CG_NO_UTC: never */
	struct cg_str	 why;		/* for the audit, when it is dangerous */
	enum cg_privacy	 privacy;	/* of the clock: never CG_PRIVACY__MAX */
};

/*
 * Queue a command; *id is its id on the wire.  It belongs to the current
 * transaction, and is handed out once that is committed.  One that is
 * dangerous is audited here and wherever it goes.
 */
enum cg_err	 cg_command_queue(struct cg_db *, const struct cg_order *, int64_t *id)
		    CG_MUST_USE;
/*
 * Cancel what was not settled yet, queued or sent; of one that was sent the
 * clock may have heard.  CG_UNKNOWN: there is none of that id, or it is
 * settled.  Commits by itself.
 */
enum cg_err	 cg_command_cancel(struct cg_db *, int64_t id, struct cg_str who)
		    CG_MUST_USE;

enum cg_command_state {		/* as command.state */
	CG_COMMAND_QUEUED, CG_COMMAND_SENT, CG_COMMAND_DONE, CG_COMMAND_FAILED,
	CG_COMMAND_EXPIRED, CG_COMMAND_CANCELLED, CG_COMMAND__MAX
};

/* "queued", "sent" ... */
const char	*cg_command_state_name(enum cg_command_state);

struct cg_progress {		/* what became of a command */
	enum cg_command_state state;
	unsigned	 attempts;
	int32_t		 code;		/* Return=, or CG_NONE */
	uint64_t	 rows;		/* that came for a query */
	char		 reason[CG_WHY_MAX];	/* result or failure in words; "" for none */
};

/* As it is now, whatever was read before.  CG_UNKNOWN: none of that id. */
enum cg_err	 cg_command_progress(struct cg_db *, int64_t id, struct cg_progress *)
		    CG_MUST_USE;

enum cg_verbs {			/* of commands (notes 7) */
	CG_VERBS_AUTO,		/* by what the clock announced */
	CG_VERBS_OLD, CG_VERBS_NEW
};

struct cg_terms {		/* on which commands are handed out */
	unsigned	 limit;		/* commands of one answer */
	unsigned	 timeout;	/* seconds until one without a result is due again */
	unsigned	 attempts;	/* then it has failed */
	unsigned	 allowed;	/* bits 1 << enum cg_danger */
	enum cg_verbs	 verbs;
	enum cg_privacy	 privacy;	/* of the clock: never CG_PRIVACY__MAX */
};

/*
 * Takes a command for the answer.  CG_OK: it is in.  CG_LIMIT: no more room,
 * it and those behind it stay.  CG_SYNTAX: it can't go out, and fails for
 * the reason in why.  Anything else ends the claim.  An absent body: the command
 * can't be opened here and stays for the reason that is in why already.
 */
typedef enum cg_err cg_hand_fn(void *arg, int64_t id, struct cg_str body,
    char why[CG_WHY_MAX]);
/*
 * Claim what this clock is to do now, oldest first, and mark it as sent: the
 * answer may go out once that is committed.  What is overdue, expired,
 * broken or not allowed is settled on the way; when there is much of it, the
 * next claim goes on.  Clocks of before 2.0 get the verbs of old, unless the
 * terms say otherwise.  Nothing follows a REBOOT.  CG_UNKNOWN: there is no
 * active clock of that serial.  A dangerous command goes out only while its
 * class is open, too.
 */
enum cg_err	 cg_command_claim(struct cg_db *, struct cg_str sn,
		    const struct cg_terms *, struct cg_arena *, cg_hand_fn *, void *arg)
		    CG_MUST_USE;
/*
 * Take keys and passwords out of the commands of this clock that have ended:
 * for its heartbeat, which is the one program that may write them.
 */
enum cg_err	 cg_command_hide(struct cg_db *, struct cg_str sn) CG_MUST_USE;
/* Call fn with the serial of each clock that there is something for. */
enum cg_err	 cg_command_waiting(struct cg_db *, cg_serial_fn *, void *arg)
		    CG_MUST_USE;
struct cg_settled {		/* what a result changed */
	bool		 now;		/* the command had none */
	struct cg_told	 given;		/* what the clock holds from now on, in the arena;
					   its command NULL: nothing new */
};

/*
 * Keep a result with the command of that id and clock.  It may have ended
 * without one before.  One that has this very result already is left as it
 * is.  CG_UNKNOWN, and nothing is changed: there is none, or it was settled
 * otherwise, or it was never handed out and is dangerous, must not run twice,
 * or was queued by another program, so that nobody has looked at it yet.  What
 * is known as harmless may have reached the clock by other ways.
 *
 * What the clock was to delete, and says in time that it has, goes from the
 * tables of what it holds; what it was given is for the caller to keep.  With
 * no arena neither is looked at.
 */
enum cg_err	 cg_command_settle(struct cg_db *, struct cg_str sn,
		    const struct cg_result *, enum cg_privacy, struct cg_arena *,
		    struct cg_settled *) CG_MUST_USE;
/* Whether any clock has a command of that id. */
enum cg_err	 cg_command_known(struct cg_db *, struct cg_str id, bool *known)
		    CG_MUST_USE;
/* The clock says hello: the REBOOT that was sent before is done. */
enum cg_err	 cg_command_hello(struct cg_db *, struct cg_str sn) CG_MUST_USE;
/* The clock told its state with a heartbeat: the INFO that was sent before is done. */
enum cg_err	 cg_command_told(struct cg_db *, struct cg_str sn) CG_MUST_USE;
/*
 * The clock uploaded this record: the first of its open queries that asked for
 * such a one counts it.  Costs nothing but a look while no query is open.
 */
enum cg_err	 cg_answer_note(struct cg_db *, struct cg_str sn, const struct cg_record *)
		    CG_MUST_USE;
/* Keep what was counted since the last, in this transaction. */
enum cg_err	 cg_answer_keep(struct cg_db *) CG_MUST_USE;

/* ---- dangerous commands: open for a while, and audited ---- */

#define CG_REASON_MAX	255	/* bytes of what a class is opened for */
#define CG_UTC_MAX	32

struct cg_opening {			/* of one class */
	char		 until[CG_UTC_MAX];	/* UTC; "": it is closed */
	char		 by[4 * CG_NAME_MAX + 1];
	char		 reason[4 * CG_REASON_MAX + 1];
};

struct cg_openings {
	struct cg_opening of[CG_DANGER__MAX];
};

/* Which classes are open at this moment, by the clock of the database. */
enum cg_err	 cg_dangers_load(struct cg_db *, struct cg_openings *) CG_MUST_USE;
/*
 * May a command of this class go out?  allowed are the classes of the
 * configuration, as bits.  CG_DENIED with the reason and its cure.
 */
enum cg_err	 cg_danger_check(const struct cg_openings *, unsigned allowed,
		    enum cg_danger, char why[CG_WHY_MAX]) CG_MUST_USE;
/*
 * Open a class from now on, or change how long it is open; close it.  Both
 * commit by themselves.  CG_UNKNOWN: it is not open.
 */
enum cg_err	 cg_danger_open(struct cg_db *, enum cg_danger, unsigned minutes,
		    struct cg_str who, struct cg_str reason) CG_MUST_USE;
enum cg_err	 cg_danger_close(struct cg_db *, enum cg_danger, struct cg_str who)
		    CG_MUST_USE;

enum cg_audit_action {		/* as audit.action */
	CG_AUDIT_OPENED, CG_AUDIT_CLOSED, CG_AUDIT_QUEUED, CG_AUDIT_SENT,
	CG_AUDIT_REFUSED, CG_AUDIT_DONE, CG_AUDIT_FAILED, CG_AUDIT_EXPIRED,
	CG_AUDIT_CANCELLED, CG_AUDIT__MAX
};

struct cg_audit {
	enum cg_audit_action action;
	enum cg_danger	 class;
	struct cg_str	 who;
	struct cg_str	 why;
	struct cg_str	 sn;
	int64_t		 command;	/* its id; 0: none */
	struct cg_str	 body;		/* of which cg_command_shown is kept; or absent */
	struct cg_str	 what;		/* in our words, without a body */
	struct cg_str	 result;
};

/*
 * Stage a row of the audit, which is copied: it is chained to the others and
 * written when the transaction is committed.
 */
enum cg_err	 cg_audit_put(struct cg_db *, const struct cg_audit *) CG_MUST_USE;

#define CG_AUDIT_HASH	64		/* hex digits */

struct cg_audit_end {			/* a row, and so all before it */
	int64_t		 id;		/* 0: no row */
	char		 hash[CG_AUDIT_HASH + 1];
};

/* What is wrong with the chain, in words: "row 7 was altered". */
typedef void	 cg_fault_fn(void *arg, const char *what);
/*
 * Read the chain from its first row on, and give fn what was altered or is
 * missing.  noted is an end that was noted before, or NULL: its row must
 * still be there.
 */
enum cg_err	 cg_audit_verify(struct cg_db *, const struct cg_audit_end *noted,
		    cg_fault_fn *, void *arg, struct cg_audit_end *) CG_MUST_USE;

/* ---- a person goes ---- */

enum cg_person {		/* what there may be of a person */
	CG_PERSON_USERS, CG_PERSON_TEMPLATES,
	CG_PERSON_PHOTOS,	/* taken at punches, and pictures */
	CG_PERSON_ITEMS,	/* identity cards, messages that were assigned */
	CG_PERSON_TEXTS,	/* of the self-service */
	CG_PERSON_COMMANDS,	/* but for those that delete something of the person */
	CG_PERSON_REJECTED, CG_PERSON_EVENTS,
	CG_PERSON_PUNCHES, CG_PERSON_OPERATIONS,
	CG_PERSON_REJECTED_KEPT, /* rows of several lines, of others perhaps: they stay */
	CG_PERSON_SEALED,	/* rows that nobody could look into */
	CG_PERSON__MAX
};

/* "users", "templates" ... */
const char	*cg_person_name(enum cg_person);
/*
 * Remove all that is here of the person with that PIN, of every clock: rows
 * tells how much.  Punches, and operations that name the person, stay and are
 * counted, unless punches is true.  It belongs to the current transaction.
 */
enum cg_err	 cg_person_purge(struct cg_db *, struct cg_str pin, bool punches,
		    uint64_t rows[CG_PERSON__MAX]) CG_MUST_USE;

struct cg_holder {		/* an active clock that holds a person */
	struct cg_str	 sn;
	bool		 underway;	/* a command about the person was sent, and has no result */
	bool		 fingers, faces, unified;	/* templates of these */
	bool		 pictures;
};

/*
 * Call fn with each clock that may hold the person: first those that commands
 * about the person are under way to, once for each command, then those that are
 * known to hold something.
 */
typedef void	 cg_holder_fn(void *arg, const struct cg_holder *);
enum cg_err	 cg_person_holders(struct cg_db *, struct cg_str pin, cg_holder_fn *,
		    void *arg) CG_MUST_USE;

/* ---- self-service and last punch ---- */

enum cg_service_source {	/* self_service.text_from */
	CG_SERVICE_FIXED,	/* its own text */
	CG_SERVICE_PUNCHES,	/* the last punches of the person */
	CG_SERVICE_TEXT,	/* self_service_text, by the person */
	CG_SERVICE__MAX
};

struct cg_service {
	int32_t		 number;
	struct cg_str	 name;
	int32_t		 style;
	enum cg_service_source source;
	struct cg_str	 text;
};

/* All services in the order of their numbers, in the arena. */
enum cg_err	 cg_services_load(struct cg_db *, struct cg_arena *,
		    const struct cg_service **, size_t *n) CG_MUST_USE;
/* The text of one person in one service; CG_UNKNOWN: there is none. */
enum cg_err	 cg_service_text(struct cg_db *, int32_t service, struct cg_str pin,
		    struct cg_arena *, struct cg_str *text) CG_MUST_USE;

struct cg_last_punch {		/* in the arena */
	struct cg_str	 name;		/* of the person, as a clock told it; "" */
	struct cg_str	 at;		/* YYYY-MM-DD hh:mm:ss */
	struct cg_str	 state;		/* the number */
	struct cg_str	 state_name;	/* in words */
	struct cg_str	 work_code;
};

/*
 * The newest punches of a person who asks at this clock, newest first, at most
 * max.  One PIN is one person at all clocks.  At the others only the newest
 * punches are looked at, 1000 or more of each.
 */
enum cg_err	 cg_last_punches(struct cg_db *, uint32_t device, struct cg_str pin,
		    unsigned max, struct cg_arena *, const struct cg_last_punch **, size_t *n)
		    CG_MUST_USE;

/* ---- the schema ---- */

typedef void	 cg_step_fn(void *arg, unsigned version, const char *name);
/*
 * Apply the steps that are missing, in their order, one process at a time;
 * fn is called after each.  Refuses a database whose recorded steps are not
 * ours, or newer.
 */
enum cg_err	 cg_schema_migrate(struct cg_db *, cg_step_fn *, void *arg)
		    CG_MUST_USE;
/* The newest step of the database; 0 for an empty one. */
enum cg_err	 cg_schema_version(struct cg_db *, unsigned *) CG_MUST_USE;

/* ---- lists for the operator ---- */

enum cg_report {		/* its parameters, all text; "" = any, limit in digits */
	CG_REPORT_DEVICES,	/* status */
	CG_REPORT_DEVICE,	/* sn */
	CG_REPORT_SETTINGS,	/* sn */
	CG_REPORT_OPTIONS,	/* sn */
	CG_REPORT_STAMPS,	/* sn */
	CG_REPORT_PUNCHES,	/* sn, pin, from, to, limit */
	CG_REPORT_REJECTED,	/* sn, limit */
	CG_REPORT_REJECTED_ONE,	/* id */
	CG_REPORT_USERS,	/* sn */
	CG_REPORT_PASSWORDS,	/* sn: users with all that is sealed of them */
	CG_REPORT_OPERATIONS,	/* sn, from, to, limit */
	CG_REPORT_PHOTOS,	/* sn, pin, from, to, limit */
	CG_REPORT_TEMPLATES,	/* sn, pin, limit */
	CG_REPORT_ITEMS,	/* sn, kind, limit */
	CG_REPORT_PHOTO_BYTES,	/* sn, pin: the images themselves */
	CG_REPORT_TEMPLATE_BYTES,	/* sn, pin */
	CG_REPORT_PUNCHES_NEW,	/* sn, pin, an id: those beyond it, oldest first */
	CG_REPORT_COMMANDS,	/* sn, state, limit; newest first */
	CG_REPORT_COMMAND,	/* id */
	CG_REPORT_AUDIT,	/* sn, limit; newest first */
	CG_REPORT_DISCARDED,	/* sn */
	CG_REPORT__MAX
};

#define CG_REPORT_COLUMNS	32

/*
 * One row: names and values of its n columns; NULL values are absent slices.
 * First of all it is called with value NULL: names alone, of a list that may
 * have no rows.  CG_SYS: all rows came, but a sealed value could not be opened,
 * and is absent.
 */
typedef void	 cg_row_fn(void *arg, const char *const *name,
		    const struct cg_str *value, size_t n);
enum cg_err	 cg_report_run(struct cg_db *, enum cg_report,
		    const struct cg_str *param, size_t nparam, cg_row_fn *, void *arg)
		    CG_MUST_USE;

#endif
