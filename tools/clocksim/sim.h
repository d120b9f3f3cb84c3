/*
 * clocksim: a clock in software, many of them in one process.  Reads and
 * writes the protocol by itself: nothing of the server is used but base.
 */
#ifndef CLOCKSIM_H
#define CLOCKSIM_H

#include "cg_base.h"

#include <curl/curl.h>
#include <stdio.h>
#include <sys/types.h>

#define PIN_MAX		32
#define ID_MAX		20		/* of a command, as firmware keeps it */
#define ANSWER_MAX	((size_t)16 * 1024 * 1024)

/* ---- text.c: bytes that grow, fields, base64, chance ---- */

struct text {
	char	*p;		/* NUL-terminated once something was put */
	size_t	 n;
	size_t	 cap;
};

void		 fatal(const char *, ...) CG_PRINTF(1, 2)
		    __attribute__((noreturn));
/* Never NULL: without memory the program ends. */
void		*grow(void *, size_t count, size_t size);
char		*copy(struct cg_str);
void		 text_put(struct text *, struct cg_str);
void		 text_putz(struct text *, const char *);
void		 text_putf(struct text *, const char *, ...) CG_PRINTF(2, 3);
void		 text_clear(struct text *);
void		 text_free(struct text *);
struct cg_str	 text_str(const struct text *);
/* The value of "name=" among fields cut by sep; absent when there is none. */
struct cg_str	 field(struct cg_str fields, char sep, const char *name);
/* An integer in front, as atoi reads it. */
long		 leading_int(struct cg_str);
void		 base64_put(struct text *, const void *, size_t);
bool		 base64_get(struct cg_str, struct text *);
bool		 base64_ok(struct cg_str);
/* A number below n, n > 0; the state goes on. */
uint32_t	 chance(uint64_t *state, uint32_t n);
/* What stands in a query: letters, digits and -_.~ as they are. */
void		 query_put(struct text *, struct cg_str);

/* ---- what the command line asked for ---- */

enum dialect { OLD, ATT, TFT, DIALECT__MAX };

struct plan {
	const char	*server;
	const char	*sn;
	enum dialect	 dialect;
	bool		 aspx;
	const char	*comm_key;
	const char	*firmware;
	const char	*ip;		/* that it tells the server */
	bool		 udp;
	uint32_t	 fleet;
	uint32_t	 connections;
	uint32_t	 punches;
	double		 rate;
	uint32_t	 photos;
	uint32_t	 staff;
	uint32_t	 enrolments;
	uint32_t	 pictures;
	uint32_t	 items;
	bool		 day;
	const char	*punch_file;
	double		 faults;
	uint32_t	 seconds;	/* 0: no end */
	double		 speed;
	int32_t		 skew;
	uint32_t	 seed;
	int32_t		 enrol_outcome;
	bool		 once;
	bool		 quiet;
	const char	*dump;
	const char	*ledger;
	const char	*last_punch;
	const char	*self_service;
	const char	*verify;
	const char	*config;
	const char	*csv;
	const char	*clockgate;
};

/* ---- ledger.c ---- */

struct ledger {
	int	 fd;		/* -1: none is kept */
	off_t	 end;
};

void		 ledger_open(struct ledger *, const char *file);
/* Append a record that is about to be sent for the first time: its place. */
off_t		 ledger_sent(struct ledger *, const char *sn, const char *table,
		    struct cg_str record);
void		 ledger_acknowledged(struct ledger *, off_t);

/* ---- clock.c: one clock ---- */

/* Tables that a clock holds; those of the clock's own making come last. */
enum table_id {
	USERINFO, USEREXTINFO, FINGERTMP, FACE, BIODATA, BIOPHOTO, USERPIC, SMS,
	USER_SMS, WORKCODE, JOBCODEGROUP, JOBCODE, TIPCODE, TIMEZONE, ACCGROUP,
	BELL, FUNCTIONKEY, ATTSTATE, SHORTKEY, SELFSERVICEINFO, TABLE__MAX
};

struct row {
	struct row	*next;
	char		*fields;
};

/* What a clock records and uploads by itself. */
enum log_id { ATTLOG, OPERLOG, ATTPHOTO, LOG__MAX };

/* The objects of TransFlag (spec III.2.2, notes 3.2), as bits. */
enum flag {
	F_ATTLOG, F_OPLOG, F_ATTPHOTO, F_ENROLLUSER, F_CHGUSER, F_ENROLLFP,
	F_CHGFP, F_FPIMAG, F_FACE, F_USERPIC, F_WORKCODE, F_BIOPHOTO, FLAG__MAX
};

struct record {
	char		*p;
	uint32_t	 n;
	enum flag	 flag;
	int64_t		 at;		/* wall time, as seconds */
	off_t		 ledger;	/* -1: not sent yet */
};

struct log {
	struct record	*record;
	size_t		 n;
	size_t		 cap;
	size_t		 done;		/* so many are acknowledged */
	size_t		 batch;		/* at most so many at a time */
};

/* Something that is to be posted in its turn, until it is acknowledged. */
struct post {
	struct post	*next;
	bool		 result;	/* to devicecmd, else to cdata */
	bool		 alone;		/* nothing may be added */
	struct text	 query;		/* of an upload: "table=..." */
	struct text	 body;
};

/* A command that waits for a file. */
struct fetch {
	char		 id[ID_MAX + 1];
	char		*url;		/* NULL: no command waits */
	char		*to;		/* a path, or the fields of a table */
	const char	*echo;		/* CMD= of its result */
	enum table_id	 table;		/* of a picture by its address */
};

struct options {		/* that the server sent (spec III.2.2) */
	uint32_t	 delay;
	uint32_t	 error_delay;
	uint32_t	 timeout;
	uint32_t	 sync_time;
	uint32_t	 trans_interval;	/* minutes */
	char		 trans_times[64];
	bool		 realtime;
	unsigned	 flags;
	struct text	 block;		/* as it came */
};

enum purpose {
	ASK_HELLO, ASK_WORK, ASK_POST, ASK_LOG, ASK_OPTIONS, ASK_TIME, ASK_FETCH,
	ASK_LAST_PUNCH, ASK_SERVICE, ASK_WRONG
};

enum fault { SOUND, CUT, DEAF, REPEAT, SLOW, WRONG, FAULT__MAX };

/* One request of a clock. */
struct ask {
	enum purpose	 purpose;
	enum fault	 fault;
	bool		 post;
	struct text	 url;
	struct text	 body;
	enum log_id	 log;
	size_t		 first, end;	/* records of the log */
	size_t		 lines;		/* of them in the body */
	double		 began;
};

struct answer {
	bool		 arrived;	/* something came back, whole */
	const char	*why;		/* it did not */
	long		 status;
	struct cg_str	 head;
	struct cg_str	 body;
};

#define VERBS_MAX	32

struct clock {
	const struct plan *plan;
	struct fleet	*fleet;
	uint32_t	 number;	/* of the fleet */
	char		 sn[40];
	uint64_t	 chance;
	struct row	*row[TABLE__MAX];
	struct row	*file;		/* PutFile: "path\tsize" */
	struct row	*option;	/* "Name=value" */
	struct log	 log[LOG__MAX];
	struct options	 opt;
	struct post	*post, **post_end;
	struct text	 queue;		/* commands that came, not done yet */
	unsigned	 done[VERBS_MAX];	/* by it, of each verb */
	struct fetch	 fetch;
	double		 skew;		/* what its clock is wrong by, seconds */
	int32_t		 zone;		/* minutes east */
	double		 due;		/* when it wants to do something */
	double		 hold;		/* no request before, after a failure */
	double		 next_work, next_time, next_punch, next_trans;
	uint32_t	 fails;
	uint32_t	 punched;	/* live punches so far */
	int64_t		 last_at;
	uint32_t	 same_second;
	uint32_t	 burst;		/* polls since the last command */
	int		 last_minute;	/* of a TransTimes that was served */
	bool		 met;		/* has the options of the server */
	bool		 tell_info;	/* with the next heartbeat */
	bool		 tell_options;
	bool		 send_now;
	bool		 asked;		/* for commands, and has told nothing since */
	bool		 idle;		/* the last heartbeat brought nothing */
	bool		 keys_pressed;
	bool		 finished;	/* --once: all is done */
};

void		 clock_init(struct clock *, const struct plan *, struct fleet *,
		    uint32_t number);
void		 clock_free(struct clock *);
/* Write the next request; false when there is none before c->due. */
bool		 clock_next(struct clock *, double now, struct ask *);
/* What came back; the clock is due again at c->due. */
void		 clock_answer(struct clock *, double now, struct ask *,
		    const struct answer *);
int64_t		 clock_wall(const struct clock *);
/* Say something about a clock, unless it is one of many or asked not to. */
void		 clock_say(const struct clock *, const char *, ...)
		    CG_PRINTF(2, 3);
/* "YYYY-MM-DD hh:mm:ss", with another character in the middle. */
void		 wall_text(int64_t wall, char between, char out[20]);
bool		 wall_read(struct cg_str, int64_t *wall);

/* ---- hello.c: what the server tells the clock ---- */

void		 options_default(struct options *);
bool		 hello_read(struct clock *, struct cg_str body);
/* Set the clock by "Time=" of an answer, or by its Date header. */
bool		 time_read(struct clock *, struct cg_str body);
void		 date_read(struct clock *, double took, struct cg_str head);

/* ---- records.c: punches, operations, photos ---- */

void		 record_add(struct clock *, enum log_id, enum flag, int64_t at,
		    struct cg_str);
/* Write the next batch of the log, records [a->first, a->end). */
bool		 log_batch(struct clock *, enum log_id, struct ask *);
void		 log_acknowledged(struct clock *, const struct ask *);
bool		 log_pending(const struct clock *, enum log_id);
/* Everything newer than the stamp is to be sent again; "0": all. */
void		 log_resend(struct clock *, enum log_id, struct cg_str stamp);
void		 log_clear(struct log *);
void		 punch_add(struct clock *, const char *pin, int64_t at, int state);
void		 photo_add(struct clock *, const char *pin, int64_t at);
void		 jpeg_put(struct clock *, struct text *);
void		 operation_add(struct clock *, int code, const char *object1,
		    const char *object2);
/* The name of the log as a table, and of its stamp in a query. */
extern const char *const log_name[LOG__MAX];

/* ---- staff.c: who works here and when they come and go ---- */

void		 staff_hire(struct clock *);
void		 staff_backlog(struct clock *);
void		 staff_punch_now(struct clock *);
void		 template_make(uint64_t *seed, size_t bytes, struct text *);
void		 enrol(struct clock *, struct cg_str pin, struct cg_str fid,
		    enum flag user, enum flag finger);
/* What else is known of a person: a card, a message, a work code. */
void		 items_enter(struct clock *, const char *pin, uint32_t number);
/* A picture of a person: USERPIC or BIOPHOTO. */
void		 picture_take(struct clock *, enum table_id, const char *pin,
		    enum flag);

/* ---- tables.c: what a clock keeps ---- */

enum rule_kind { KIND_INT, KIND_TEXT, KIND_PIN, KIND_BODY, KIND_DIGITS };

struct rule {
	const char	*name;
	enum rule_kind	 kind;
	int32_t		 min;		/* of a number, or of a length */
	int32_t		 max;
	bool		 required;
	const char	*value;		/* when it is not given; NULL: none */
};

struct table {
	const char	*name;		/* in commands */
	const char	*tag;		/* in uploads; NULL: never uploaded */
	const char	*key[4];
	const struct rule *rule;
	size_t		 nrule;
	bool		 person;	/* its PIN must be a user of the clock */
	bool		 has_parent;
	enum table_id	 parent;
	const char	*child_field, *parent_field;
	const char	*body;		/* the field that Size counts */
	int		 wrong_size;	/* the code when it does not */
	bool		 all;		/* DELETE without a key empties it */
	size_t		 max;		/* rows that there is room for */
};

extern const struct table tables[TABLE__MAX];

/* TABLE__MAX when there is none of that name. */
enum table_id	 table_find(struct cg_str name);
/* Codes of the specification (table 2.7, appendix 1). */
int		 table_update(struct clock *, enum table_id, struct cg_str);
int		 table_delete(struct clock *, enum table_id, struct cg_str);
void		 table_clear(struct clock *, enum table_id);
size_t		 table_count(const struct clock *, enum table_id);
/* Does the row have every key field that is given? */
bool		 row_matches(const struct row *, const struct table *,
		    struct cg_str fields);
struct row	*user_find(const struct clock *, struct cg_str pin);
void		 row_add(struct row **, struct cg_str fields);
void		 rows_free(struct row **);
/* Set "name=value" among options. */
void		 option_set(struct row **, struct cg_str name, struct cg_str value);
void		 table_line(const struct table *, const struct row *,
		    struct text *);

/* ---- command.c: what the server has clocks do ---- */

/* Codes; the positive ones are outcomes of an enrolment. */
enum code {
	DONE = 0, EXISTS = 2, BAD_FIELD = -1, BAD_PICTURE = -2, NO_ACCESS = -3,
	NO_MATCH = -4, NOT_VALID = -6, WRONG_SIZE = -9, NO_USER = -10,
	BAD_FORMAT = -11, BAD_TEMPLATE = -12, NO_COMMAND = -22, NO_ROOM = -1001,
	NOT_SUPPORTED = -1002, NO_TABLE = -1004, NOT_FETCHED = -1008
};

struct verb {
	const char	*name;		/* in any case; a blank or the end follows */
	const char	*echo;		/* CMD= of the result */
	int		(*run)(struct clock *, const char *id, struct cg_str args);
	unsigned	 tables;	/* 1 << enum table_id: cleared when done */
	unsigned	 logs;		/* 1 << enum log_id */
};

/* No result is sent for these: it comes later, or never. */
#define LATER	INT32_MIN

/* Take commands from the answer to a heartbeat; how many. */
unsigned	 commands_take(struct clock *, struct cg_str body);
/* Run those that wait, up to one that must fetch a file first. */
void		 commands_run(struct clock *);
/* How often each was done. */
void		 commands_dump(const struct clock *, FILE *);
void		 result_add(struct clock *, const char *id, int code,
		    const char *echo);
/* A result that is a body of its own. */
struct text	*result_alone(struct clock *);
/* A post to cdata; the caller fills it. */
struct post	*post_add(struct clock *, bool result);
void		 post_drop(struct clock *);
/* A file is there, or not: finish the command that wanted it. */
void		 fetch_done(struct clock *, const struct answer *);

/* ---- data.c, file.c, enrol.c: single commands ---- */

int		 data_run(struct clock *, const char *id, struct cg_str args);
int		 file_get(struct clock *, const char *id, struct cg_str args);
int		 file_put(struct clock *, const char *id, struct cg_str args);
int		 upgrade(struct clock *, const char *id, struct cg_str args);
int		 enroll_fp(struct clock *, const char *id, struct cg_str args);
int		 enroll_bio(struct clock *, const char *id, struct cg_str args);
int		 enroll_card(struct clock *, const char *id, struct cg_str args);
int		 verify_sum(struct clock *, const char *id, struct cg_str args);
void		 fetch_start(struct clock *, const char *id, struct cg_str url,
		    struct cg_str to, enum table_id, const char *echo);

/* ---- keys.c: what a person reads on the display ---- */

void		 last_punch_show(const struct clock *, struct cg_str body);
void		 service_show(struct clock *, struct cg_str body);

/* ---- dump.c ---- */

void		 dump(const struct clock *, FILE *);
/* The options that a clock tells of itself, each ended by sep. */
void		 facts_put(const struct clock *, struct text *, char sep);
void		 info_put(const struct clock *, struct text *);

/* ---- fleet.c: the loop ---- */

struct count {
	uint64_t	 requests, failures, punches, acknowledged, commands;
	uint64_t	 fault[FAULT__MAX];
};

struct fleet {
	const struct plan *plan;
	struct clock	*clock;
	struct clock	**heap;
	size_t		 nheap;
	struct slot	*slot;
	struct slot	*unused;
	CURLM		*multi;
	struct curl_slist *header;
	struct ledger	 ledger;
	struct count	 count;
	size_t		 unfinished;
	bool		 key_failed;
	int		 signal_fd;
	int		 notice_fd;	/* -1: no clock listens to notices */
};

int		 fleet_run(const struct plan *);

/* ---- http.c: requests under way ---- */

struct slot {
	struct slot	*next;		/* among those not in use */
	CURL		*curl;
	struct clock	*clock;		/* NULL: not in use */
	struct ask	 ask;
	struct text	 head, body;
	size_t		 sent;
	double		 resume;	/* when a paused body goes on; 0: is not */
	bool		 paused;
};

double		 now_mono(void);
void		 slot_init(struct slot *, struct fleet *);
void		 slot_free(struct slot *);
void		 slot_start(struct fleet *, struct slot *);
/* What came: valid until the next start. */
void		 slot_finish(struct slot *, CURLcode, struct answer *);
void		 slot_resume(struct slot *, double now);

/* ---- verify.c ---- */

int		 verify(const struct plan *);

#endif
