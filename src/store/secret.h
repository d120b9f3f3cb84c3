/*
 * Secrets of a row, for the files of this room: sealed where they are, opened
 * when they come back, counted where they must not be kept.
 */
#ifndef CG_STORE_SECRET_H
#define CG_STORE_SECRET_H

#include "db.h"

enum cg_sealed { CG_SEALED_TEXT, CG_SEALED_BYTES };	/* what the column holds */

/* Where a value stands: its table and the key of its row. */
struct cg_place {
	unsigned char	 text[512];
	size_t		 n;
	bool		 full;
};

struct cg_place	 cg_place_of(const char *table, uint32_t device);
void		 cg_place_text(struct cg_place *, struct cg_str);
void		 cg_place_number(struct cg_place *, int64_t);

/* vault.c.  CG_UNKNOWN: there is no key.  The result is in the arena. */
enum cg_err	 cg_vault_seal(const struct cg_vault *, const struct cg_place *,
		    const char *column, enum cg_sealed, struct cg_str value,
		    struct cg_arena *, struct cg_str *out) CG_MUST_USE;
/*
 * What is not sealed comes back as it is.  CG_UNKNOWN: the key is not there;
 * CG_SYNTAX: it was not sealed with that key, at this place.
 */
enum cg_err	 cg_vault_open(const struct cg_vault *, const struct cg_place *,
		    const char *column, struct cg_str, struct cg_arena *,
		    struct cg_str *out) CG_MUST_USE;
bool		 cg_vault_is_sealed(struct cg_str);
/* The id of the key of what is sealed; 0 of anything else. */
uint32_t	 cg_vault_key_of(struct cg_str);
/* The ids of all keys as hex digits, 8 each, with commas between. */
#define CG_VAULT_KEYS	((size_t)9 * CG_KEYS_MAX)
struct cg_str	 cg_vault_keys(const struct cg_vault *, char room[CG_VAULT_KEYS]);

struct cg_secret {			/* a value of a row that is to be sealed */
	const char	*column;
	enum cg_sealed	 how;
	struct cg_cell	*cell;
};

/* Seal each that is neither NULL nor empty; *key becomes the id of the key. */
enum cg_err	 cg_secrets_seal(struct cg_db *, const struct cg_place *,
		    const struct cg_secret *, size_t n, struct cg_cell *key)
		    CG_MUST_USE;
/* As cg_vault_open, with the reason kept in db: CG_SYS when it can't be opened. */
enum cg_err	 cg_secret_open(struct cg_db *, const struct cg_place *,
		    const char *column, struct cg_str, struct cg_arena *,
		    struct cg_str *out) CG_MUST_USE;

/* The places of the rows of each table. */
struct cg_place	 cg_user_place(uint32_t device, struct cg_str pin);
struct cg_place	 cg_template_place(uint32_t device, struct cg_str pin,
		    int64_t type, int64_t no, int64_t idx);
struct cg_place	 cg_photo_place(uint32_t device, struct cg_str kind,
		    struct cg_str pin, struct cg_str at, struct cg_str at_text);
struct cg_place	 cg_item_place(uint32_t device, struct cg_str kind,
		    struct cg_str key);
struct cg_place	 cg_event_place(uint32_t device, struct cg_str kind);
struct cg_place	 cg_rejected_place(uint32_t device, struct cg_str endpoint,
		    struct cg_str table);
struct cg_place	 cg_command_place(struct cg_str sn);

#define CG_DIGEST_BYTES	32

/* template.digest of what is stored in a row; extra may be absent. */
void		 cg_template_digest(struct cg_str template, struct cg_str extra,
		    unsigned char out[CG_DIGEST_BYTES]);

enum cg_discarded {
	CG_DISCARD_TEMPLATE, CG_DISCARD_PHOTO, CG_DISCARD_PASSWORD,
	CG_DISCARD_CARD, CG_DISCARD_LINE, CG_DISCARD__MAX
};

/* Stage that one such was not kept. */
enum cg_err	 cg_discard_put(struct cg_db *, const struct cg_origin *,
		    enum cg_discarded) CG_MUST_USE;

#endif
