/*
 * The connection, for the files of this room: values that are bound, single
 * statements (sql.c) and rows that are gathered (bulk.c).
 */
#ifndef CG_STORE_DB_H
#define CG_STORE_DB_H

#include <mysql.h>

#include "cg_base.h"
#include "cg_push.h"
#include "cg_store.h"

/* ---- a value on its way into a statement ---- */

enum cg_cell_type {
	CG_CELL_NULL, CG_CELL_TEXT, CG_CELL_BYTES, CG_CELL_INT, CG_CELL_TIME
};

struct cg_cell {
	union {
		const char	*p;	/* TEXT, BYTES: somebody else's */
		int64_t		 i;
		struct cg_time	 t;
	} u;
	uint32_t		 n;
	uint8_t			 type;	/* enum cg_cell_type */
};

/* An absent slice becomes '' ... */
struct cg_cell	 cg_cell_text(struct cg_str);
struct cg_cell	 cg_cell_bytes(struct cg_str);
/* ... and here NULL, as does CG_NONE, a NULL time and CG_NO_UTC. */
struct cg_cell	 cg_cell_maybe(struct cg_str);
struct cg_cell	 cg_cell_int(int64_t);
struct cg_cell	 cg_cell_number(int32_t);
/* A part of a key, where CG_NONE, a number that was not sent, is 0. */
struct cg_cell	 cg_cell_key(int32_t);
struct cg_cell	 cg_cell_time(const struct cg_time *);
/* The text of a moment that is not possible; '' otherwise. */
struct cg_cell	 cg_cell_odd_time(const struct cg_moment *);
struct cg_cell	 cg_cell_utc(int64_t);
/*
 * A name or a reason, which MySQL must not refuse: the first max bytes,
 * printable ASCII as it is, others as '?'.  NULL when absent.  A changed copy
 * lives in the arena; without memory it ends before the first of the others.
 */
struct cg_cell	 cg_cell_plain(struct cg_arena *, struct cg_str s, size_t max);

/* A call that speaks to the server: not 0 when it failed. */
#define CG_SPEAK(call)	\
	(cg_fault(CG_FAULT_STORE) ? 1 : cg_fault_done(call))

/* ---- single statements ---- */

enum cg_stmt {
	CG_Q_SCHEMA_VERSION,
	CG_Q_STATE,
	CG_Q_DEVICE_FIND,
	CG_Q_DEVICE_ADD,
	CG_Q_DEVICE_PENDING,
	CG_Q_DEVICE_OLDEST,
	CG_Q_DEVICE_COUNT,
	CG_Q_DEVICE_DROP,
	CG_Q_DEVICE_DROP_STATE,
	CG_Q_DEVICE_ANNOUNCE,
	CG_Q_DEVICE_INFO,
	CG_Q_DEVICE_MOVED,
	CG_Q_DEVICE_FLASHED,
	CG_Q_DEVICE_CHANGED,
	CG_Q_DEVICE_ACTIVE,
	CG_Q_DEVICE_ACTIVE_4,
	CG_Q_DEVICE_ACTIVE_8,
	CG_Q_DEVICE_ACTIVE_16,
	CG_Q_DEVICE_ACTIVE_32,
	CG_Q_DEVICE_ACTIVE_64,
	CG_Q_DEVICE_STATUS,
	CG_Q_DEVICE_APPROVE,
	CG_Q_KEY_REMEMBER,
	CG_Q_KEY_ANNOUNCED,
	CG_Q_KEY_CHANGED,
	CG_Q_KEY_SET,
	CG_Q_KEY_NEXT,
	CG_Q_REFUSALS_ADD,
	CG_Q_DEVICE_NAME,
	CG_Q_DEVICE_TOUCH,
	CG_Q_SETTING_LOAD,
	CG_Q_SETTING_SET,
	CG_Q_SETTING_UNSET,
	CG_Q_STAMP_LOAD,
	CG_Q_STAMP_RESET,
	CG_Q_STAMP_ORDER,
	CG_Q_STAMP_TOLD,
	CG_Q_PUNCH_NEWEST,
	CG_Q_REJECTED_NEXT,
	CG_Q_SINCE_USER,
	CG_Q_SINCE_TEMPLATE,
	CG_Q_SINCE_OPTION,
	CG_Q_SINCE_ITEM,
	CG_Q_REJECTED_DROP,
	CG_Q_REJECTED_COUNT,
	CG_Q_REJECTED_DROP_ALL,
	CG_Q_COMMAND_QUEUE,
	CG_Q_COMMAND_SEAL,
	CG_Q_COMMAND_CANCEL,
	CG_Q_COMMAND_PROGRESS,
	CG_Q_COMMAND_WAITING,
	CG_Q_COMMAND_HIDE,
	CG_Q_COMMAND_CLOCK,
	CG_Q_COMMAND_DUE,
	CG_Q_COMMAND_NEXT,
	CG_Q_COMMAND_SENT,
	CG_Q_COMMAND_END,
	CG_Q_COMMAND_JUDGED,
	CG_Q_COMMAND_OPEN,
	CG_Q_COMMAND_SETTLE,
	CG_Q_COMMAND_BODY,
	CG_Q_COMMAND_KNOWN,
	CG_Q_COMMAND_SILENT,
	CG_Q_COMMAND_LOOK,
	CG_Q_QUERY_OPEN,
	CG_Q_QUERY_ROWS,
	CG_Q_GONE_USER,
	CG_Q_GONE_TEMPLATE,
	CG_Q_GONE_UNIFIED,
	CG_Q_GONE_PICTURE,
	CG_Q_GONE_ITEM,
	CG_Q_DANGER_LOAD,
	CG_Q_DANGER_OPEN,
	CG_Q_DANGER_CLOSE,
	CG_Q_AUDIT_HEAD,
	CG_Q_AUDIT_PUT,
	CG_Q_AUDIT_MOVE,
	CG_Q_AUDIT_END,
	CG_Q_AUDIT_ALL,
	CG_Q_SERVICES,
	CG_Q_SERVICE_TEXT,
	CG_Q_LAST_PUNCHES,
	CG_Q_LAST_ELSEWHERE,
	CG_Q_DEVICE_OTHERS,
	CG_Q_PERSON_USERS,
	CG_Q_PERSON_TEMPLATES,
	CG_Q_PERSON_PHOTOS,
	CG_Q_PERSON_ITEMS,
	CG_Q_PERSON_TEXTS,
	CG_Q_PERSON_PUNCHES,
	CG_Q_PERSON_PUNCHES_KEPT,
	CG_Q_PERSON_OPERATIONS,
	CG_Q_PERSON_OPERATIONS_KEPT,
	CG_Q_PERSON_COMMANDS,
	CG_Q_PERSON_UNDERWAY,
	CG_Q_PERSON_COMMAND,
	CG_Q_PERSON_REJECTED,
	CG_Q_PERSON_EVENTS,
	CG_Q_PERSON_HOLDERS,
	CG_Q_KEYS_USED,
	CG_Q_SEAL_TEMPLATE,
	CG_Q_SEALED_TEMPLATE,
	CG_Q_SEAL_USER,
	CG_Q_SEALED_USER,
	CG_Q_SEAL_ITEM,
	CG_Q_SEALED_ITEM,
	CG_Q_SEAL_PHOTO,
	CG_Q_SEALED_PHOTO,
	CG_Q_SEALED_PHOTO_TWICE,
	CG_Q_SEAL_EVENT,
	CG_Q_SEALED_EVENT,
	CG_Q_SEALED_EVENT_TWICE,
	CG_Q_SEAL_REJECTED,
	CG_Q_SEALED_REJECTED,
	CG_Q_SEAL_COMMAND,
	CG_Q_SEALED_COMMAND,
	CG_Q_REPORT_DEVICES,
	CG_Q_REPORT_DEVICE,
	CG_Q_REPORT_SETTINGS,
	CG_Q_REPORT_OPTIONS,
	CG_Q_REPORT_STAMPS,
	CG_Q_REPORT_PUNCHES,
	CG_Q_REPORT_REJECTED,
	CG_Q_REPORT_COMMANDS,
	CG_Q_REPORT_COMMAND,
	CG_Q_REPORT_AUDIT,
	CG_Q_REPORT_REJECTED_ONE,
	CG_Q_REPORT_DISCARDED,
	CG_Q_REPORT_USERS,
	CG_Q_REPORT_PASSWORDS,
	CG_Q_REPORT_OPERATIONS,
	CG_Q_REPORT_PHOTOS,
	CG_Q_REPORT_TEMPLATES,
	CG_Q_REPORT_ITEMS,
	CG_Q_REPORT_PHOTO_BYTES,
	CG_Q_REPORT_TEMPLATE_BYTES,
	CG_Q_REPORT_PUNCHES_NEW,
	CG_Q__CHECKED,			/* what follows is for migrate alone */
	CG_Q_STEP_LOCK = CG_Q__CHECKED,
	CG_Q_STEP_UNLOCK,
	CG_Q_STEP_LIST,
	CG_Q_STEP_HASH,
	CG_Q_STEP_RECORD,
	CG_Q__MAX
};

extern const char *const cg_sql[CG_Q__MAX];

/*
 * What ON DUPLICATE KEY UPDATE does to a row that is there already: nothing.
 * While a node of a cluster comes or goes, the id that a new row was given may
 * be that of a row of another node (MDEV-7129): then the new one would be passed
 * over.  So this fails with 1690 (an unsigned number below 0), and the transaction is
 * repeated.
 */
#define CG_SAME_ROW(of)	\
	"id = IF(" of "id = VALUES(id), " of "id - " of "id - 1, " of "id)"

/* ---- gathered rows ---- */

enum cg_bulk {
	CG_BULK_PUNCH,
	CG_BULK_OPERATION,
	CG_BULK_USER,
	CG_BULK_TEMPLATE,
	CG_BULK_PHOTO,
	CG_BULK_OPTION,
	CG_BULK_ITEM,
	CG_BULK_EVENT,
	CG_BULK_STAMP,
	CG_BULK_SEEN,
	CG_BULK_DISCARD,
	CG_BULK_REJECTED,		/* last: what the others refuse comes here */
	CG_BULK__MAX
};

#define CG_BULK_ROWS	256		/* are sent at once: more is hardly faster */

struct cg_stage {			/* the rows of one kind that wait */
	struct cg_cell	*cell;
	struct cg_origin *origin;
	size_t		 n;
	size_t		 cap;
	size_t		 bytes;
	MYSQL_STMT	*insert;
	MYSQL_STMT	*sweep;
};

/* ---- the connection ---- */

#define CG_DB_WHY_MAX	512

#define CG_DB_HOST_MAX	255

struct cg_db_host {			/* one of [database] host */
	char		 name[CG_DB_HOST_MAX + 1];	/* a / first: a socket; "": the usual */
	unsigned	 port;		/* 0: the one of the configuration */
};

/* An empty list is one host: the library's own.  CG_SYNTAX with the reason. */
enum cg_err	 cg_db_hosts_parse(const char *list, struct cg_db_host[CG_DB_HOSTS_MAX],
		    size_t *n, char why[CG_WHY_MAX]) CG_MUST_USE;

struct cg_query_kind;			/* in query.c */

struct cg_open_query {			/* a command whose answer is still counted */
	int64_t		 id;
	const struct cg_query_kind *kind;
	char		 sn[CG_SERIAL_MAX + 1];
	struct cg_str	 body;		/* in the scrap */
	unsigned	 met;		/* records, not kept yet */
};

struct cg_db {
	struct cg_db_conf conf;
	struct cg_db_host host[CG_DB_HOSTS_MAX];
	size_t		 nhost;
	size_t		 at;		/* of host: connected, or to be tried next */
	size_t		 told;		/* by cg_db_moved */
	int64_t		 left_at;	/* ms: when the first was found to fail */
	MYSQL		*my;		/* NULL: not connected */
	MYSQL_STMT	*stmt[CG_Q__MAX];
	struct cg_stage	 stage[CG_BULK__MAX];
	int64_t		 as_of;		/* of what is sent; CG_NO_UTC: now */
	const struct cg_vault *vault;	/* NULL: there are no keys */
	struct cg_arena	*scrap;		/* until the transaction ends */
	struct cg_arena	*reasons;	/* until staged rejected rows are sent */
	struct cg_arena	*audits;	/* of the rows below */
	struct cg_audit_row *audit;	/* staged, in their order; NULL: none */
	struct cg_audit_row **audit_last;	/* where the next one goes */
	MYSQL_BIND	*bind;		/* of one execution */
	MYSQL_TIME	*time;
	size_t		 nbind;
	size_t		 ntime;
	char		*row;		/* of one result row */
	size_t		 nrow;
	struct cg_open_query *query;	/* as this transaction found them */
	size_t		 nquery;
	size_t		 query_room;
	bool		 queries_known;
	uint64_t	 packet_max;
	bool		 arrays;	/* the server executes for many rows at once */
	int64_t		 retry_at;	/* ms: no attempt to connect before */
	int64_t		 used_at;	/* ms: the last sign of life */
	bool		 checked;	/* the schema is one of ours */
	bool		 lost;		/* the connection is of no use any more */
	bool		 dirty;		/* a statement was run since the last commit */
	bool		 wrote;		/* one that changes something */
	bool		 ended;		/* refused counts the transaction before */
	enum cg_err	 failed;	/* CG_OK, or why this transaction is lost */
	unsigned	 refused;
	unsigned	 number;	/* MySQL's, of the last error; 0: it was none of its */
	char		 why[CG_DB_WHY_MAX];
};

/* CG_OK when a statement may be run now. */
enum cg_err	 cg_db_ready(struct cg_db *) CG_MUST_USE;
/* Keep MySQL's number and message; its class is the answer. */
enum cg_err	 cg_db_fail(struct cg_db *, unsigned number, const char *text);
/* Keep a reason of our own for err, which is the answer. */
enum cg_err	 cg_db_say(struct cg_db *, enum cg_err, const char *fmt, ...)
		    CG_PRINTF(3, 4);
/* Keep what MySQL says of the connection; the class of that is the answer. */
enum cg_err	 cg_db_fail_my(struct cg_db *);
/* ROLLBACK, but keep what is staged. */
void		 cg_db_end(struct cg_db *);
/* The class of one of MySQL's error numbers; *lost: the connection is gone. */
enum cg_err	 cg_db_class(unsigned number, bool *lost);

/* ---- the host it is connected to (connect.c) ---- */

int64_t		 cg_db_now_ms(void);
/* What was not committed is lost with it: then the transaction has failed. */
void		 cg_db_disconnect(struct cg_db *);
/* This host failed: the next one, from its beginning. */
void		 cg_db_next_host(struct cg_db *);

/* ---- a statement (stmt.c, stmt_rows.c) ---- */

/* Keep what MySQL says of it; the class of that is the answer. */
enum cg_err	 cg_stmt_fail(struct cg_db *, MYSQL_STMT *);
/* Prepare once and keep in *slot. */
enum cg_err	 cg_stmt_prepare(struct cg_db *, const char *sql, size_t n,
		    MYSQL_STMT **slot) CG_MUST_USE;
/* Room for n elements of this size in *array, which has *have of them. */
enum cg_err	 cg_db_grow(struct cg_db *, void **array, size_t *have, size_t n,
		    size_t size) CG_MUST_USE;
/* Bind one cell, which must stay where it is; a time goes to **time, the next behind it. */
void		 cg_cell_bind(MYSQL_BIND *, const struct cg_cell *, MYSQL_TIME **time);
/* Bind n cells, as db->bind. */
enum cg_err	 cg_stmt_bind(struct cg_db *, const struct cg_cell *, size_t n) CG_MUST_USE;
/* The same, and execute. */
enum cg_err	 cg_stmt_execute(struct cg_db *, MYSQL_STMT *, const struct cg_cell *,
		    size_t n) CG_MUST_USE;
/* Does the server execute a statement for many rows at once? */
bool		 cg_stmt_arrays(MYSQL *);
/*
 * How many of the n rows of so many cells one execution may take: neighbours
 * with values of the same types, and one alone where the server does not take
 * arrays, as MySQL.
 */
size_t		 cg_stmt_rows(const struct cg_db *, const struct cg_cell *, size_t width,
		    size_t n);
/* Execute for each of these rows; if it fails for one, for none. */
enum cg_err	 cg_stmt_execute_rows(struct cg_db *, MYSQL_STMT *, const struct cg_cell *,
		    size_t width, size_t n) CG_MUST_USE;
void		 cg_stmt_close(MYSQL_STMT **slot);

/* ---- a statement of sql.c (ask.c) ---- */

/* Run a statement that has no result; *rows (if not NULL): how many it met. */
enum cg_err	 cg_db_run(struct cg_db *, enum cg_stmt, const struct cg_cell *, size_t n,
		    uint64_t *rows) CG_MUST_USE;

/* Run it; CG_UNKNOWN when it met no row. */
enum cg_err	 cg_db_meet(struct cg_db *, enum cg_stmt, const struct cg_cell *, size_t n)
		    CG_MUST_USE;
/* The same, and commit.  Rolls back on a failure. */
enum cg_err	 cg_db_change(struct cg_db *, enum cg_stmt, const struct cg_cell *, size_t n)
		    CG_MUST_USE;

struct cg_row {
	size_t		 n;
	bool		 head;		/* names alone */
	const char	*name[CG_REPORT_COLUMNS];
	struct cg_str	 value[CG_REPORT_COLUMNS];	/* as text; NULL: absent */
};

/* What a row is given to; anything but CG_OK ends it and is the answer. */
typedef enum cg_err cg_ask_fn(void *arg, const struct cg_row *);
/*
 * Run a statement and give fn each row, which holds until fn returns.  fn
 * must not use the connection.
 */
enum cg_err	 cg_db_ask(struct cg_db *, enum cg_stmt, const struct cg_cell *, size_t n,
		    cg_ask_fn *, void *arg) CG_MUST_USE;
/* As above for rows of one serial. */
enum cg_err	 cg_db_ask_serials(struct cg_db *, enum cg_stmt, const struct cg_cell *,
		    size_t n, cg_serial_fn *, void *arg) CG_MUST_USE;
/* As cg_db_ask, but first fn is given the names of the columns: head is true. */
enum cg_err	 cg_db_list(struct cg_db *, enum cg_stmt, const struct cg_cell *, size_t n,
		    cg_ask_fn *, void *arg) CG_MUST_USE;
/* As above for at most one row with one text: copied into out, "" for none. */
enum cg_err	 cg_db_ask_text(struct cg_db *, enum cg_stmt, const struct cg_cell *,
		    size_t n, char *out, size_t max) CG_MUST_USE;
/* As above for a number; 0 for no row or NULL. */
enum cg_err	 cg_db_ask_u32(struct cg_db *, enum cg_stmt, const struct cg_cell *,
		    size_t n, uint32_t *out) CG_MUST_USE;
/* s as a C string in out of max bytes; what is longer is cut. */
void		 cg_copy(char *out, size_t max, struct cg_str s);

/*
 * Send the rows of that kind that wait if one more of so many bytes would be
 * too much: after that it will only be staged.
 */
enum cg_err	 cg_bulk_make_way(struct cg_db *, enum cg_bulk, size_t bytes) CG_MUST_USE;
/* Stage one row of that kind: n cells, as its columns are. */
enum cg_err	 cg_bulk_put(struct cg_db *, enum cg_bulk, const struct cg_origin *,
		    const struct cg_cell *, size_t n) CG_MUST_USE;
/* Send what is staged, of every kind. */
enum cg_err	 cg_bulk_flush(struct cg_db *) CG_MUST_USE;
/* Forget what is staged. */
void		 cg_bulk_forget(struct cg_db *);
bool		 cg_bulk_empty(const struct cg_db *);
/* Chain and write the staged rows of the audit: the last before a COMMIT. */
enum cg_err	 cg_audit_flush(struct cg_db *) CG_MUST_USE;
/* Forget them. */
void		 cg_audit_forget(struct cg_db *);

/* The connection ends: close its statements. */
void		 cg_bulk_close(struct cg_db *);
void		 cg_bulk_free(struct cg_db *);
/* Prepare each of the program with one row. */
enum cg_err	 cg_bulk_check(struct cg_db *, const char *program) CG_MUST_USE;

/* Does the program, or the command line, run this statement?  (right.c) */
bool		 cg_stmt_of(enum cg_stmt, const char *program);
bool		 cg_bulk_of(enum cg_bulk, const char *program);

#endif
