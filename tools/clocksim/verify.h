/*
 * The ledger against the database, from the inside: both become lists of
 * entries, and those are compared.
 */
#ifndef CLOCKSIM_VERIFY_H
#define CLOCKSIM_VERIFY_H

#include "sim.h"

#define COLUMNS_MAX	17
#define HASH_TEXT	65

enum kind_id {
	PUNCHES, OPERATIONS, PHOTOS, PEOPLE, TEMPLATES, CARDS, MESSAGES,
	MESSAGES_OF, WORK_CODES, UNREADABLE, KIND__MAX
};

struct column {
	const char	*name;		/* in the list of clockgate */
	const char	*instead;	/* that one, when it is not empty; or NULL */
	bool		 number;	/* empty is 0 */
	bool		 hash;		/* of what stands in the other, that is */
};

/*
 * A record as columns.  The first nwho say whose it is and of when, the first
 * nkey what the database holds once.
 */
struct kind {
	const char	*name;		/* in the report */
	const char	*list[4];	/* what clockgate is asked for */
	bool		 plain;		/* without --sn and --limit */
	bool		 state;		/* a later record replaces it */
	bool		 hashed;	/* the last column, perhaps a hash, may be kept secret */
	size_t		 nwho, nkey, ncolumn;
	struct column	 column[COLUMNS_MAX];
};

extern const struct kind kinds[KIND__MAX];

struct entry {
	char		*p;		/* the columns, a TAB behind each */
	size_t		 n;
	size_t		 who;		/* bytes of the first nwho columns */
	size_t		 key;		/* ... nkey */
	size_t		 hash;		/* where the last column begins */
	size_t		 order;		/* in the ledger */
	bool		 acknowledged;
	bool		 moved;		/* it is looked for elsewhere, too */
	struct cg_str	 line;		/* of the ledger, behind its mark */
};

struct list {
	struct entry	*entry;
	size_t		 n, cap;
};

struct ledger_file {
	struct text	 all;		/* that entries point into */
	struct list	 list[KIND__MAX];
	char		**serial;	/* each once, sorted */
	size_t		 nserial;
	size_t		 damaged;	/* lines that are none of a ledger */
	struct {
		char	*name;
		size_t	 n;
	}		 skipped[16];	/* what can't be compared */
	size_t		 nskipped;
};

/* ---- verify_list.c ---- */

/* SHA-256 in hexadecimal. */
struct cg_str	 hash_text(struct cg_str, char out[HASH_TEXT]);

struct entry	*list_add(struct list *, const struct kind *,
		    const struct cg_str column[]);
/* By their columns; entries of equal ones keep their order. */
void		 list_sort(struct list *);
void		 list_free(struct list *);
/* As strcmp does, of the first bytes that a size in the entry tells. */
int		 entry_compare(const struct entry *, size_t, const struct entry *,
		    size_t);

/* ---- verify_ledger.c ---- */

void		 ledger_read(struct ledger_file *, const char *file,
		    bool only_punches);
/* It was acknowledged, but is not there: is it among what could not be read? */
void		 ledger_unreadable(struct ledger_file *, const struct entry *);
void		 ledger_free(struct ledger_file *);

/* ---- verify_csv.c ---- */

/* What the database has of a kind, of the clocks of the ledger. */
void		 stored_read(const struct plan *, enum kind_id,
		    const struct ledger_file *, struct list *);

#endif
