/*
 * push: the protocol, pure.  Bytes in, structs out, and back: no SQL, no
 * FastCGI, no I/O, no clock, no environment.
 *
 * "spec" is the PUSH SDK HTTP protocol V3.2.0; "notes" are the project's
 * field notes on how clocks differ from it.
 */
#ifndef CG_PUSH_H
#define CG_PUSH_H

#include "cg_base.h"

/* ---- requests: path, query string, serial (spec III.2.2, notes 1.1, 4) ---- */

#define CG_SERIAL_MAX	32
#define CG_STAMP_MAX	64
#define CG_QUERY_MAX	48	/* parameters; what follows is not read */

struct cg_pair {
	struct cg_str	 name;
	struct cg_str	 value;
};

struct cg_query {
	struct cg_pair	 pair[CG_QUERY_MAX];
	size_t		 n;
};

/*
 * Cut a query string at '&' and '=', %XX decoded ('+' is not a blank: no
 * clock encodes forms).  A broken escape stays as it is.  The values point
 * into raw or into the arena.
 */
enum cg_err	 cg_query_parse(struct cg_str raw, struct cg_arena *,
		    struct cg_query *) CG_MUST_USE;
/* The first parameter of that name, in any case; absent when there is none. */
struct cg_str	 cg_query_get(const struct cg_query *, const char *name);
/*
 * The endpoint that a request path means: its last segment in lower case,
 * without query, ".aspx" or ".php".  "//iclock/CDATA.aspx?x" gives "cdata";
 * "" for none; "file" for a name below that.  The result lives in the arena;
 * absent without memory.
 */
struct cg_str	 cg_path_endpoint(struct cg_str path, struct cg_arena *);
/* 1 to 32 of letters, digits, '-', '_'. */
bool		 cg_serial_ok(struct cg_str);
/* At most 64 printable ASCII bytes, at least one: it is echoed to the clock. */
bool		 cg_stamp_ok(struct cg_str);
/*
 * Compare "2.4.1"-like versions part by part: < 0, 0, > 0.  A second part of
 * two digits without a third is the old numbering: 2.31 counts as 2.3.1.
 * Missing parts are 0; an unreadable version is lower than any.
 */
int		 cg_version_cmp(struct cg_str, struct cg_str);

/* ---- a clock's wall time (spec III.2.4, notes 1.4) ---- */

struct cg_time {
	uint16_t year;		/* 0-9999 */
	uint8_t	 month;		/* 1-12 */
	uint8_t	 day;
	uint8_t	 hour;
	uint8_t	 minute;
	uint8_t	 second;
};

/* A time of a record. */
struct cg_moment {
	struct cg_str	 text;		/* as sent */
	struct cg_time	 time;
	bool		 possible;	/* else time is the nearest that there is */
};

/*
 * "YYYY-MM-DD hh:mm:ss", with ' ' or 'T' between.  CG_SYNTAX when the digits
 * are not where they should be.  *possible tells whether there is such a
 * date and time; when not, *t is moved to the nearest one that there is,
 * field by field (30 February becomes the 28th or 29th).
 */
enum cg_err	 cg_time_parse(struct cg_str, struct cg_time *t, bool *possible)
		    CG_MUST_USE;
/* "YYYYMMDDhhmmss", as photos have it; otherwise as above. */
enum cg_err	 cg_time_parse_compact(struct cg_str, struct cg_time *,
		    bool *possible) CG_MUST_USE;
/* Seconds since 1970-01-01 00:00:00 of the same wall clock, and back. */
int64_t		 cg_time_seconds(const struct cg_time *);
void		 cg_time_from_seconds(int64_t, struct cg_time *);

/* ---- uploads: what a line of a table becomes ---- */

#define CG_NONE		INT32_MIN	/* a number that was not sent */

enum cg_record_kind {
	CG_REC_PUNCH,		/* ATTLOG */
	CG_REC_OPERATION,	/* OPLOG */
	CG_REC_USER,		/* USER */
	CG_REC_TEMPLATE,	/* FP, FACE, FVEIN, BIODATA */
	CG_REC_PICTURE,		/* USERPIC, BIOPHOTO: base64 */
	CG_REC_PHOTO,		/* ATTPHOTO: bytes */
	CG_REC_OPTION,		/* options */
	CG_REC_ITEM,		/* SMS, USER_SMS, WORKCODE, IDCARD: keyed, kept as sent */
	CG_REC_EVENT,		/* ERRORLOG */
	CG_REC__MAX
};

/*
 * All slices point into the line or the arena.  "extra" holds what has no
 * field here, as Name=value pairs separated by TAB, as sent; a column
 * without a name is called by its place ("column9=...", counted from 1).
 * It is absent when there is nothing.
 */
struct cg_punch {
	struct cg_str	 pin;
	struct cg_moment at;
	int32_t		 state;		/* 0 when the column is missing or empty */
	int32_t		 verify;
	struct cg_str	 work_code;
	struct cg_str	 reserved[2];
	struct cg_str	 job_code[6];
	struct cg_str	 tip_code[3];
	struct cg_str	 extra;
};

struct cg_operation {
	int32_t		 code;
	struct cg_str	 admin_pin;
	struct cg_moment at;
	struct cg_str	 object[4];
	struct cg_str	 extra;
};

struct cg_user {
	struct cg_str	 pin;
	struct cg_str	 name;
	int32_t		 privilege;
	struct cg_str	 password;
	struct cg_str	 card;
	int32_t		 group_no;
	struct cg_str	 time_zones;
	int32_t		 verify;
	struct cg_str	 vice_card;
	struct cg_str	 extra;
};

enum cg_bio {			/* BIODATA Type (notes 1.7) */
	CG_BIO_FINGER = 1,
	CG_BIO_FACE_NIR = 2,
	CG_BIO_FINGER_VEIN = 7,
	CG_BIO_FACE_VISIBLE = 9
};

struct cg_template {
	struct cg_str	 pin;
	int32_t		 type;		/* enum cg_bio, or a newer one */
	int32_t		 no;		/* which finger, eye, palm */
	int32_t		 index;		/* which of its templates */
	int32_t		 valid;
	int32_t		 duress;
	struct cg_str	 format;
	struct cg_str	 major_version;
	struct cg_str	 minor_version;
	int32_t		 size;		/* as sent */
	struct cg_str	 body;		/* as sent: base64 */
	struct cg_str	 extra;
};

enum cg_photo_kind {
	CG_PHOTO_PUNCH,		/* taken at a punch that passed */
	CG_PHOTO_FAILED,	/* taken at a check that failed */
	CG_PHOTO_USER,		/* USERPIC */
	CG_PHOTO_BIO,		/* BIOPHOTO */
	CG_PHOTO__MAX
};

struct cg_picture {
	struct cg_str	 pin;
	enum cg_photo_kind kind;	/* CG_PHOTO_USER or CG_PHOTO_BIO */
	struct cg_str	 file_name;
	int32_t		 type;
	int32_t		 no;
	int32_t		 index;
	int32_t		 size;		/* as sent: of the base64 text */
	struct cg_str	 content;	/* base64 */
	struct cg_str	 extra;
};

struct cg_photo {
	enum cg_photo_kind kind;	/* CG_PHOTO_PUNCH or CG_PHOTO_FAILED */
	struct cg_str	 pin;		/* empty when the check failed */
	struct cg_moment at;
	int32_t		 size;		/* as sent, or CG_NONE */
	struct cg_str	 image;		/* every byte after the NUL */
	struct cg_str	 extra;
};

struct cg_device_option {
	struct cg_str	 name;		/* without '~' */
	struct cg_str	 value;
};

struct cg_item {
	struct cg_str	 kind;		/* the tag: "SMS", "WORKCODE" */
	struct cg_str	 key;		/* values of its key fields, TAB between */
	struct cg_str	 fields;	/* all Name=value pairs, as sent */
};

struct cg_event {
	struct cg_str	 kind;		/* "ERRORLOG" */
	struct cg_str	 fields;	/* as sent */
};

struct cg_record {
	enum cg_record_kind kind;
	union {
		struct cg_punch		 punch;
		struct cg_operation	 operation;
		struct cg_user		 user;
		struct cg_template	 template;
		struct cg_picture	 picture;
		struct cg_photo		 photo;
		struct cg_device_option	 option;
		struct cg_item		 item;
		struct cg_event		 event;
	} u;
};

/* How a body falls into pieces, one record each. */
enum cg_form {
	CG_FORM_LINES,		/* one record a line */
	CG_FORM_PAIRS,		/* options: name=value, by comma, TAB, & or line */
	CG_FORM_WHOLE,		/* the body is one record (a photo) */
	CG_FORM_RAW		/* lines that nobody reads: kept as they are */
};

enum cg_ack { CG_ACK_COUNT, CG_ACK_PLAIN, CG_ACK_TABLE };	/* "OK: n", "OK", "user=n" */

enum cg_text {
	CG_TEXT_CHARSET,	/* in the charset of the clock */
	CG_TEXT_UTF8,		/* in UTF-8, whatever that is (notes 1.1: IDCARD) */
	CG_TEXT_NONE		/* bytes */
};

struct cg_tag;				/* a row of the record tables, in tables.c */

struct cg_upload {
	struct cg_str		 table;
	enum cg_form		 form;
	const struct cg_tag	*tag;	/* what its lines may be */
	size_t			 ntag;
	enum cg_ack		 ack;
	bool			 dialect;	/* of access-control clocks: kept, not served */
	enum cg_text		 text;
	size_t			 max;	/* bytes of a body that is worth reading */
};

#define CG_RECORDS_MAX	100000	/* of one body */

/*
 * The table of that name, in any case; for any other name the row of
 * unknown tables (form CG_FORM_RAW), never NULL.
 */
const struct cg_upload	*cg_upload_find(struct cg_str table);
/*
 * May this line, of a table of that name, hold a template, a photo or a
 * password?  Of what nobody reads it may.
 */
bool		 cg_upload_secret(struct cg_str table, struct cg_str line);
/*
 * What a body without a table name is, by its first line (notes 1.7).
 * NULL means results of commands.
 */
const struct cg_upload	*cg_upload_classify(struct cg_str body);
/*
 * Take the next piece off *rest; pieces that are empty are passed over.
 * False when none is left.
 */
bool		 cg_upload_cut(const struct cg_upload *, struct cg_str *rest,
		    struct cg_str *piece);

#define CG_WHY_MAX	160

/* Why a piece is no record: a static text and, where one is at fault, a field. */
struct cg_why {
	const char	*text;
	const char	*field;		/* NULL for none */
};

/*
 * Read one piece.  query is the request's (photos may carry their header
 * there, notes 1.8).  CG_SYNTAX with *why filled when the piece can't be
 * read, CG_LIMIT when a field is too long, CG_NOMEM when the arena is full.
 */
enum cg_err	 cg_upload_parse(const struct cg_upload *, struct cg_str piece,
		    const struct cg_query *query, struct cg_arena *,
		    struct cg_record *, struct cg_why *why) CG_MUST_USE;

/* ---- the option block (spec III.2.2, notes 3.2) ---- */

enum cg_option_type {
	CG_OPT_INT,		/* min to max */
	CG_OPT_TIMES,		/* up to ten hh:mm, ';' between; or 0 */
	CG_OPT_TRANSFLAG,	/* names, or a bitmap of 0 and 1 */
	CG_OPT_TRANSFORM,	/* string or bitmap: not sent itself */
	CG_OPT_ZONE,		/* auto, hhmm, hours, minutes, omit */
	CG_OPT_DIALECT,		/* auto, old, new: not sent itself */
	CG_OPT_ENCRYPT,		/* 0 (None where it has room): no algorithm is published */
	CG_OPT_VERSION,		/* dotted number; the lower of ours and the clock's is sent */
	CG_OPT_FLAGS,		/* min to max of 0 and 1, ':' between */
	CG_OPT_TEXT		/* printable ASCII, at most max bytes */
};

struct cg_option {
	const char		*name;	/* on the wire, in the ini's [options], in device_setting */
	enum cg_option_type	 type;
	int32_t			 min;
	int32_t			 max;
	const char		*value;	/* default; "" = the line is not sent */
	bool			 new_only;	/* not for clocks of the old dialect */
	const char		*doc;
};

#define CG_OPTION_COUNT	32	/* rows of cg_options; asserted in option.c */
extern const struct cg_option cg_options[CG_OPTION_COUNT];

/* The row of that name in any case, or NULL. */
const struct cg_option	*cg_option_find(struct cg_str name);
/* CG_OK, or CG_SYNTAX with the reason in why. */
enum cg_err	 cg_option_check(const struct cg_option *, struct cg_str value,
		    char why[CG_WHY_MAX]) CG_MUST_USE;

struct cg_stamp {
	struct cg_str	 table;		/* "ATTLOG" */
	struct cg_str	 stamp;
};

struct cg_hello {
	struct cg_str		 sn;
	struct cg_str		 pushver;	/* absent: old dialect */
	struct cg_str		 device_type;
	int32_t			 utc_offset;	/* seconds, east positive, now */
	bool			 impersonal;	/* ask for no templates and photos */
	struct cg_str		 option[CG_OPTION_COUNT];	/* absent: the default */
	const struct cg_stamp	*stamp;
	size_t			 nstamp;
};

/* Room that any option block fits into. */
#define CG_BLOCK_MAX	8192

/* Write the answer to options=all.  Tables without a stored stamp get 0. */
void		 cg_block_write(const struct cg_hello *, struct cg_buf *);
/* The body of the answer to type=time (spec III.2.3), LF-terminated. */
void		 cg_time_write(struct cg_buf *, const struct cg_time *local,
		    int32_t utc_offset);
/*
 * The stamp of an upload: Stamp, OpStamp or PhotoStamp of its query, in any
 * case (notes 1.5); absent when there is none that is cg_stamp_ok.
 */
struct cg_str	 cg_stamp_of(const struct cg_query *);

/* ---- INFO of a heartbeat (spec III.2.4.5, notes 1.3) ---- */

struct cg_info {			/* absent or CG_NONE: not told */
	struct cg_str	 firmware;
	int32_t		 user_count;
	int32_t		 fingerprint_count;
	int32_t		 punch_count;
	struct cg_str	 ip;
	struct cg_str	 fingerprint_version;
	struct cg_str	 face_version;
	int32_t		 faces_per_user;
	int32_t		 face_count;
	struct cg_str	 support;
	int32_t		 card_count;
	int32_t		 user_photo_count;
	int32_t		 punch_photo_count;
};

/* By position, any count of fields; what can't be read is left "not told". */
void		 cg_info_parse(struct cg_str, struct cg_info *);

/* ---- results of commands (spec III.2.4.5, notes 2) ---- */

struct cg_result {
	struct cg_str	 id;
	struct cg_str	 sn;		/* absent when only the query has it */
	struct cg_str	 cmd;
	int32_t		 code;		/* Return=; CG_NONE when missing */
	struct cg_str	 payload;	/* what follows: INFO's options, a file's bytes */
	struct cg_str	 raw;		/* the whole result, as sent */
};

/*
 * Take the next result off *rest, whatever its form.  A result without an ID
 * has an absent id.  False when none is left.
 */
bool		 cg_result_next(struct cg_str *rest, struct cg_result *);

/* ---- commands (spec VI, notes 7) ---- */

/* What may be done only where the configuration allows it. */
enum cg_danger {
	CG_SAFE, CG_DANGER_SHELL, CG_DANGER_FILES, CG_DANGER_WIPE,
	CG_DANGER_NETWORK, CG_DANGER_KEY, CG_DANGER__MAX
};

/* "shell", "files" ...; "" for CG_SAFE. */
const char	*cg_danger_name(enum cg_danger);

/* Where two forms are named, the second is what a person may write. */
enum cg_arg_type {
	CG_ARG_PIN,		/* min to max bytes, no blanks */
	CG_ARG_INT,		/* min to max */
	CG_ARG_CHOICE,		/* one of the numbers in words, blanks between */
	CG_ARG_TEXT,		/* min to max bytes */
	CG_ARG_LABEL,		/* min to max characters of UTF-8 */
	CG_ARG_HEX,		/* min to max hex digits */
	CG_ARG_BASE64,		/* base64 text; the Size beside it is filled in */
	CG_ARG_SIZE,		/* length of the base64 text beside it */
	CG_ARG_DATE,		/* YYYY-MM-DD hh:mm:ss, ' ' or 'T'; min 1: always 'T',
				   0 for none; max 1: a day alone means its end */
	CG_ARG_CLOCK,		/* hh:mm */
	CG_ARG_DAY,		/* 0 or 1; DAYS=MON-FRI,SUN stands for all seven */
	CG_ARG_WEEK,		/* 56 digits; MON-FRI 08:00-17:30, SAT 09:00-12:00 */
	CG_ARG_WEEKTIMES,	/* seven hh:mm, ';' after each; MON-FRI 09:00 */
	CG_ARG_SCHEDULES,	/* 12 hex digits; up to three numbers: 1,2,16 */
	CG_ARG_USERTZ,		/* 16 hex digits; the same, or "group" */
	CG_ARG_FLAGS,		/* max flags 0 or 1, ':' between; 1,3 or none */
	CG_ARG_POWERTIME,	/* hours * 256 + minutes; hh:mm (spec VI.5) */
	CG_ARG_IP,		/* a.b.c.d */
	CG_ARG_MAC,		/* six hex pairs, ':' between */
	CG_ARG_ITEM,		/* name of an option */
	CG_ARG_PATH,		/* no shell metacharacters, no ".." */
	CG_ARG_URL,		/* min 1: with http:// or https:// */
	CG_ARG__MAX
};

struct cg_arg {
	const char		*name;		/* on the wire */
	enum cg_arg_type	 type;
	int32_t			 min;
	int32_t			 max;
	bool			 required;
	const char		*value;		/* sent when not given; NULL: left out */
	const char		*words;
	unsigned		 set;		/* not 0: fields of one such number, and of no
						   other, must be given */
};

#define CG_ARG_MAX	20
#define CG_COMMAND_MAX	((size_t)4 << 20)	/* bytes of a body */

/* What the codes of its results mean: spec table 2.7, appendix 1, notes 2. */
enum cg_outcome {
	CG_OUTCOME_PLAIN,
	CG_OUTCOME_ENROLL,	/* positive ones are reasons too */
	CG_OUTCOME_PICTURE,	/* spec VI.7.9 */
	CG_OUTCOME_PHOTO,	/* BIOPHOTO: -1 of one that came inline */
	CG_OUTCOME_BYTES,	/* positive: bytes of a file */
	CG_OUTCOME_ROWS,	/* positive: a count */
	CG_OUTCOME__MAX
};

struct cg_command {
	const char	*name;		/* "user-update" */
	const char	*verb;		/* "DATA UPDATE USERINFO"; "" for raw */
	const char	*old_verb;	/* for clocks before 2.0: "DATA USER"; NULL: the same */
	enum cg_danger	 danger;	/* of every such command; cg_command_check knows more */
	bool		 once;		/* must not run twice */
	bool		 secret;	/* may carry a template, a photo, a password or a key */
	bool		 silent;	/* no result may come, which is no failure */
	char		 separator;	/* between fields: TAB; ',' (UPGRADE), '=' (SET OPTION) */
	bool		 bare;		/* values without their names: SHELL, PutFile, SET OPTION */
	enum cg_outcome	 outcome;
	const struct cg_arg *arg;
	size_t		 narg;
	const char	*doc;
};

extern const struct cg_command cg_commands[];
extern const size_t cg_ncommands;

const struct cg_command	*cg_command_find(struct cg_str name);
/*
 * Write the body of a command, without "C:id:", from name=value pairs whose
 * names are compared in any case.  SET OPTION takes item= and value=, or the
 * one pair itself.  The body lives in the arena, or is the value of raw.
 * CG_SYNTAX with the field and the reason in why: a value of the wrong type,
 * a missing or unknown field, TAB, CR, LF or NUL in a value; CG_LIMIT when
 * the body is longer than CG_COMMAND_MAX.
 */
enum cg_err	 cg_command_encode(const struct cg_command *, const struct cg_pair *,
		    size_t n, struct cg_arena *, struct cg_str *body,
		    char why[CG_WHY_MAX]) CG_MUST_USE;
/*
 * Read a body back, whoever wrote it: which command it is (that of "raw" when
 * the verb is none of ours) and how dangerous.  The verb is known in any case
 * and with any blanks, as a lenient clock would.  Fields are checked by the
 * encoder's rules and must have the form of the wire; fields that the table
 * does not name pass.  SET OPTION of what is not known as harmless, a verb
 * that nobody knows, DELETE without one key that is spelled exactly: see
 * *danger.
 */
enum cg_err	 cg_command_check(struct cg_str body, const struct cg_command **,
		    enum cg_danger *, char why[CG_WHY_MAX]) CG_MUST_USE;
struct cg_told {			/* what a body says */
	const struct cg_command *command;
	struct cg_str	 fields;	/* all that stands behind the verb */
	struct cg_str	 value[CG_ARG_MAX];	/* by their places; absent: not given */
};

/*
 * Take apart a body that has passed the check, or could: slices of it.
 * CG_UNKNOWN: its verb is none of ours; CG_SYNTAX: its fields can't be read.
 */
enum cg_err	 cg_command_read(struct cg_str body, struct cg_told *) CG_MUST_USE;
/* The value of the field of that name; absent: not given, or no such field. */
struct cg_str	 cg_told_value(const struct cg_told *, const char *name);
/*
 * The upload table whose lines are as the fields of this command: what it
 * gives to a clock is what the clock would upload.  NULL: none is.
 */
const struct cg_upload	*cg_command_upload(const struct cg_command *);
/* May it carry a template, a photo, a password?  What can't be read may, too. */
bool		 cg_command_secret(struct cg_str body);
/*
 * What may be told of a body, whoever wrote it, to those who must not know
 * passwords, keys, templates and pictures.  Of what can carry none: all, up to
 * the value of an option that is secret.  Else the verb, the names, and the
 * values that some command or option has under that name and that are known as
 * harmless; "..." stands for words that are left out.  A slice of the body, or
 * of room: as much as fits into it.
 */
struct cg_str	 cg_command_shown(struct cg_str body, struct cg_buf *room);
/* The body as a clock of the old dialect wants it; body itself where equal. */
struct cg_str	 cg_command_old(const struct cg_command *, struct cg_str body,
		    struct cg_arena *);

/*
 * An option that SET OPTION knows (spec VI.5).  The values of others are sent
 * unchecked, and their class is network, or key when they sound secret.
 */
struct cg_item_rule {
	struct cg_arg	 arg;		/* its name, and what its value may be */
	unsigned	 numbered;	/* not 0: NAME1 to NAMEn */
	enum cg_danger	 danger;
};

extern const struct cg_item_rule cg_item_rules[];
extern const size_t cg_nitem_rules;

/* In any case and without its '~'; NULL for an option that is not listed. */
const struct cg_item_rule *cg_item_rule_find(struct cg_str item);
/* Whether its value lets somebody in, at the clock or as the clock. */
bool		 cg_item_secret(struct cg_str item);
/* Whether a text of options gives one of them. */
bool		 cg_items_secret(struct cg_str text);
/*
 * The text of options without the values of such: as it is, or a copy in the
 * arena.  False: no memory.
 */
bool		 cg_items_hide(struct cg_str text, struct cg_arena *,
		    struct cg_str *out) CG_MUST_USE;

/* Whether the code of a result says that the command was carried out. */
bool		 cg_result_ok(const struct cg_command *, int32_t code);
/*
 * What the code means, in words, never NULL; no command is as raw.  A count
 * of bytes or rows gives "bytes" or "records": the caller has the number.
 */
const char	*cg_result_text(const struct cg_command *, int32_t code);
/* The count that the result of VERIFY SUM tells beside its code (notes 2). */
bool		 cg_result_count(const struct cg_result *, int32_t *count);

#endif
