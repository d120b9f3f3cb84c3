/*
 * The command line from the inside: what main hands to a command, and what
 * the commands share.
 */
#ifndef CG_CLI_H
#define CG_CLI_H

#include <stdio.h>

#include "cg_app.h"

#define EXIT_FAULT	1	/* it did not work */
#define EXIT_USAGE	2	/* it was not understood */

enum cli_option {
	CLI_CONFIG, CLI_SET, CLI_FORMAT, CLI_HELP, CLI_VERSION, CLI_SAMPLE,
	CLI_STATUS, CLI_SN, CLI_PIN, CLI_FROM, CLI_TO, CLI_LIMIT, CLI_FOLLOW,
	CLI_ALL, CLI_FROM_FILE, CLI_WAIT, CLI_EXPIRES, CLI_YES, CLI_STATE,
	CLI_TABLE_NAME, CLI_FILE_NAME, CLI_REPLY, CLI_MINUTES, CLI_REASON,
	CLI_LIST, CLI_CLOSE, CLI_EXPECT, CLI_GENERATE, CLI_NONE, CLI_DIR,
	CLI_EVERYWHERE, CLI_PUNCHES, CLI_DRY_RUN, CLI_PASSWORDS, CLI_KIND, CLI__MAX
};

_Static_assert(CLI__MAX <= 64, "a bit for each");
#define CLI_BIT(o)	(UINT64_C(1) << (o))
#define CLI_GLOBAL	(CLI_BIT(CLI_CONFIG) | CLI_BIT(CLI_SET) | \
			CLI_BIT(CLI_FORMAT) | CLI_BIT(CLI_HELP) | \
			CLI_BIT(CLI_VERSION))

enum cli_need {
	CLI_NEED_NOTHING,
	CLI_NEED_CONF,		/* the configuration is read */
	CLI_NEED_DB		/* and the database open, with a schema of ours */
};

enum cli_format { CLI_TABLE, CLI_CSV, CLI_JSON };

struct cli;
typedef int	 cli_run(struct cli *);	/* returns the exit status */

struct cli_command {
	const char	*group;		/* "device" of "device list", "device user"; NULL: none */
	const char	*verb;
	const char	*args;		/* as the help shows them */
	const char	*help;
	size_t		 min;		/* arguments */
	size_t		 max;
	uint64_t	 options;	/* CLI_BIT of its own */
	enum cli_need	 need;
	cli_run		*run;
};

struct cli {
	const struct cli_command *command;
	const char	*group;		/* a group alone, with --help */
	const char	*option[CLI__MAX];	/* NULL: not given */
	const char	**set;
	size_t		 nset;
	const char	**words;	/* all that is no option */
	const char	**word;		/* of them: the arguments of the command */
	size_t		 nword;
	enum cli_format	 format;
	struct cg_conf	 conf;
	struct cg_db	*db;
	struct cg_keys	*keys;
};

/* The commands, in the order of the help. */
extern const struct cli_command cli_commands[];
extern const size_t cli_ncommands;

cli_run		 cli_migrate, cli_check, cli_config;
cli_run		 cli_device_list, cli_device_show, cli_device_approve;
cli_run		 cli_device_disable, cli_device_set;
cli_run		 cli_device_set_key, cli_device_rotate_key;
cli_run		 cli_device_resend, cli_device_user_list;
cli_run		 cli_punch_list, cli_punch_follow;
cli_run		 cli_operation_list, cli_photo_list, cli_template_list;
cli_run		 cli_item_list;
cli_run		 cli_rejected_list, cli_rejected_show, cli_rejected_retry;
cli_run		 cli_rejected_drop;
cli_run		 cli_command_catalogue, cli_command_send, cli_command_raw;
cli_run		 cli_command_list, cli_command_show, cli_command_cancel;
cli_run		 cli_file_add, cli_file_list, cli_file_remove;
cli_run		 cli_allow, cli_audit_list, cli_audit_verify;
cli_run		 cli_photo_export, cli_template_export, cli_user_purge;
cli_run		 cli_key_new, cli_key_list, cli_key_rotate, cli_key_drop;
cli_run		 cli_completion;

/* args.c: what was typed.  0, or the exit status after a message. */
int		 cli_parse(struct cli *, int argc, char **argv);
/*
 * args.c: what stands behind outer in the name of a group: "user" of "device
 * user" in "device", "" of itself; NULL: it is not within it, or is NULL.
 */
const char	*cli_within(const char *group, const char *outer);
/* help.c: the help of a command, of a group, or of all. */
void		 cli_help(const struct cli *, FILE *);
const char	*cli_option_name(enum cli_option);
const char	*cli_option_arg(enum cli_option);	/* NULL: it takes none */
bool		 cli_option_free(enum cli_option);	/* it may do without */

/* "clockgate: what is wrong; what to type" to stderr. */
void		 cli_complain(const char *fmt, ...) CG_PRINTF(1, 2);
/*
 * The same, and the exit status: macros, so that compilers and clang-tidy see
 * that it is not 0.
 */
#define cli_fail(...)	(cli_complain(__VA_ARGS__), EXIT_FAULT)
#define cli_misuse(...)	(cli_complain(__VA_ARGS__), EXIT_USAGE)
/* The ini, for messages that say what to write in it. */
const char	*cli_ini(const struct cli *);
/* Read the configuration, reach the database: 0, or 1 after a message. */
int		 cli_conf(struct cli *);
int		 cli_db(struct cli *, bool any_schema);
/*
 * Give the database the keys of the key file, as it is now: 0, or 1 after a
 * message.
 */
int		 cli_keys(struct cli *);
/* The same where there is much to do without them: no message. */
void		 cli_keys_try(struct cli *);
/* Ask on the terminal: y or yes; anything else is a no. */
bool		 cli_agreed(void);
/* What the database said, as the end of a command. */
int		 cli_db_fault(const struct cli *, const char *doing);
/* The clock of that serial: 0, or the exit status after a message. */
int		 cli_device(struct cli *, const char *sn, struct cg_device *);
/* An id of the database in digits: 0, or the exit status after a message. */
int		 cli_id(const char *word, int64_t *id);
/* Print its only row as one name and one value a line: the exit status. */
int		 cli_report_one(struct cli *, enum cg_report, struct cg_str param,
		    const char *what);
/* Write just the bytes of one column of it: the exit status. */
int		 cli_report_bytes(struct cli *, enum cg_report, const char *column,
		    const char *what);
/* What an option was given, or what holds without it. */
struct cg_str	 cli_given(const struct cli *, enum cli_option, const char *otherwise);
/* Is --limit a number?  0, or the exit status after a message. */
int		 cli_limit(const struct cli *);
/* The login name of whoever types; "" when it has none. */
const char	*cli_user(void);
/* Is this UTF-8 that can be shown, of at most max characters? */
bool		 cli_can_show(struct cg_str, size_t max);
/*
 * Which commands may be sent now; and whether one of this class may, named as
 * given: 0, or the exit status after a message with the cure.
 */
int		 cli_dangers(struct cli *, struct cg_openings *);
int		 cli_may_send(const struct cli *, const struct cg_openings *,
		    enum cg_danger, const char *name);
/* The name of a command, or NULL after a message. */
const struct cg_command *cli_catalogue_find(const char *name);

/*
 * The URL at which clocks reach a stored file, in the arena; NULL after a
 * message.
 */
const char	*cli_file_url(const struct cli *, const char *name, struct cg_arena *);
/* Is there a stored file of that name? */
bool		 cli_file_known(const struct cli *, const char *name);
/* Tell the clock by UDP that there is work, if it wants to be told so. */
void		 cli_notice(struct cli *, const char *sn);

/*
 * output.c: rows as table, csv or json.  A table leaves out the columns that
 * are empty in every row, unless there is no row.
 */
struct out;

struct out	*out_new(enum cli_format, FILE *);	/* NULL: no memory */
cg_row_fn	 out_row;	/* its arg is a struct out; value NULL: names alone */
/*
 * From now on each row is written when it comes: a table has columns of fixed
 * width, json is an object a line.
 */
void		 out_stream(struct out *);
/* Let others see what was written so far.  False: not everything could be. */
bool		 out_flush(struct out *);
/* Write what is left and free it.  False: not everything could be written. */
bool		 out_end(struct out *);
/* Free it and what was not written. */
void		 out_drop(struct out *);

struct json_t;
/* The value as JSON; NULL: no memory.  The caller owns it. */
struct json_t	*out_json(const char *name, struct cg_str value);
/*
 * s as it may stand on a terminal: what is not printable UTF-8 becomes \t,
 * \n, \r or \xHH, a backslash two.  Returns the columns that it takes; out has
 * room for 4 * s.n + 1 bytes.
 */
size_t		 out_escape(struct cg_str s, char *out);

#endif
