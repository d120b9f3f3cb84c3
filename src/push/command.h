/*
 * What the files of the commands share.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include "push.h"

#define CG_VALUE_ROOM	64	/* what has two forms is shorter on the wire */

/* Values by their place among the command's fields; absent: not given. */
struct cg_given {
	const struct cg_command	*command;
	struct cg_str		 value[CG_ARG_MAX];
	char			 size[16];	/* of the base64 text, filled in */
};

/*
 * Write the value of a field as it goes on the wire.  CG_SYNTAX with the
 * field and the reason in why; a buffer that is full loses the text, not the
 * check.
 */
enum cg_err	 cg_value_write(const struct cg_arg *, struct cg_str,
		    struct cg_buf *, char why[CG_WHY_MAX]) CG_MUST_USE;
/* That the value has the form of the wire already. */
enum cg_err	 cg_value_check(const struct cg_arg *, struct cg_str,
		    char why[CG_WHY_MAX]) CG_MUST_USE;
/* No control characters; TAB only where it may be. */
enum cg_err	 cg_line_check(struct cg_str, bool tab, const char *name,
		    char why[CG_WHY_MAX]) CG_MUST_USE;

/* Times of a week, a day at a time, as a person writes them. */
bool		 cg_week_spans(struct cg_str, struct cg_buf *);
bool		 cg_week_times(struct cg_str, struct cg_buf *);
/* Whether a span of them ends before it starts: "22:00-06:00". */
bool		 cg_week_backwards(struct cg_str);
/* "MON-FRI,SUN": bit 0 is Sunday. */
bool		 cg_week_days(struct cg_str, unsigned *days);
/* "8:00", "08:00". */
bool		 cg_clock_read(struct cg_str, unsigned *hour, unsigned *minute);

/* The place of a field, in any case, or narg. */
size_t		 cg_arg_place(const struct cg_command *, struct cg_str name);
/* The value of a field, once. */
enum cg_err	 cg_given_put(struct cg_given *, size_t place, struct cg_str,
		    char why[CG_WHY_MAX]) CG_MUST_USE;
/* That one set of fields is there, and every field that must be. */
enum cg_err	 cg_given_whole(const struct cg_given *, char why[CG_WHY_MAX])
		    CG_MUST_USE;
/* That Size is the length of the text. */
enum cg_err	 cg_given_size(const struct cg_given *, char why[CG_WHY_MAX])
		    CG_MUST_USE;
/* That a period does not end before it starts. */
enum cg_err	 cg_given_period(const struct cg_given *, char why[CG_WHY_MAX])
		    CG_MUST_USE;
/* Fill in the length of the base64 text where it is not given. */
void		 cg_given_fill(struct cg_given *);
/* Whether a field counts, by the set that is given. */
bool		 cg_given_counts(const struct cg_given *, size_t place);
/* What the value of a field must be. */
const struct cg_arg *cg_given_arg(const struct cg_given *, size_t place);
/* Whether a field is given as nothing, and may be. */
bool		 cg_given_empty(const struct cg_given *, size_t place);

/* The words of a verb in front of *body, in any case, any blanks between. */
bool		 cg_verb_take(struct cg_str *body, const char *verb);
/*
 * The dangers of the options that the text sets, as bits 1 << cg_danger, and
 * that of an option which is not listed.
 */
unsigned	 cg_items_dangers(struct cg_str text, enum cg_danger unlisted);
/* Letters, digits and '_', at least one. */
bool		 cg_name_ok(struct cg_str);
/* Bytes of the text up to the value of the first secret option: all, if it sets none. */
size_t		 cg_items_open(struct cg_str text);

#endif
