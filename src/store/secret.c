/*
 * Privacy, for all kinds of rows.
 */
#include "config.h"

#include "secret.h"

static const struct cg_str modes[CG_PRIVACY__MAX] = {
	[CG_PRIVACY_RELAY] = CG_STR("relay"),
	[CG_PRIVACY_NONE] = CG_STR("none"),
	[CG_PRIVACY_VAULT] = CG_STR("vault"),
};

enum cg_privacy
cg_privacy_find(struct cg_str word)
{
	size_t i = 0;

	while (i < CG_LEN(modes) && !cg_str_ieq(modes[i], word))
		i++;
	return (enum cg_privacy)i;
}

void
cg_db_vault(struct cg_db *db, const struct cg_vault *vault)
{
	db->vault = vault;
}

/* ---- sealing and opening ---- */

static enum cg_err
fail_seal(struct cg_db *db, enum cg_err e)
{
	if (e == CG_UNKNOWN)
		return cg_db_say(db, db->failed = CG_SYS, "privacy is vault, and "
		    "there is no key: see key_file in [privacy]");
	return cg_db_say(db, db->failed = e, "can't be sealed: %s",
	    cg_err_text(e));
}

enum cg_err
cg_secrets_seal(struct cg_db *db, const struct cg_place *row,
    const struct cg_secret *secret, size_t n, struct cg_cell *key)
{
	enum cg_err e;
	size_t i;

	for (i = 0; i < n; i++) {
		struct cg_cell *c = secret[i].cell;
		struct cg_str sealed;

		if (c->type == CG_CELL_NULL || c->n == 0)
			continue;
		if ((e = cg_vault_seal(db->vault, row, secret[i].column,
		    secret[i].how, (struct cg_str){ c->u.p, c->n }, db->scrap,
		    &sealed)) != CG_OK)
			return fail_seal(db, e);
		*c = secret[i].how == CG_SEALED_TEXT ? cg_cell_text(sealed) :
		    cg_cell_bytes(sealed);
	}
	if (db->vault == NULL)
		return fail_seal(db, CG_UNKNOWN);
	*key = cg_cell_int(cg_vault_current(db->vault));
	return CG_OK;
}

enum cg_err
cg_secret_open(struct cg_db *db, const struct cg_place *row, const char *column,
    struct cg_str s, struct cg_arena *arena, struct cg_str *out)
{
	enum cg_err e = cg_vault_open(db->vault, row, column, s, arena, out);

	if (e == CG_UNKNOWN)
		return cg_db_say(db, CG_SYS, "sealed with key %u, which is not "
		    "here: see key_file in [privacy]", cg_vault_key_of(s));
	if (e == CG_SYNTAX)
		return cg_db_say(db, CG_SYS, "sealed with another key %u than "
		    "the one of key_file, or changed since",
		    cg_vault_key_of(s));
	return e;
}

/* ---- places ---- */

struct cg_place
cg_user_place(uint32_t device, struct cg_str pin)
{
	struct cg_place p = cg_place_of("device_user", device);

	cg_place_text(&p, pin);
	return p;
}

struct cg_place
cg_template_place(uint32_t device, struct cg_str pin, int64_t type, int64_t no,
    int64_t idx)
{
	struct cg_place p = cg_place_of("template", device);

	cg_place_text(&p, pin);
	cg_place_number(&p, type);
	cg_place_number(&p, no);
	cg_place_number(&p, idx);
	return p;
}

struct cg_place
cg_photo_place(uint32_t device, struct cg_str kind, struct cg_str pin,
    struct cg_str at, struct cg_str at_text)
{
	struct cg_place p = cg_place_of("photo", device);

	cg_place_text(&p, kind);
	cg_place_text(&p, pin);
	cg_place_text(&p, at);
	cg_place_text(&p, at_text);
	return p;
}

struct cg_place
cg_item_place(uint32_t device, struct cg_str kind, struct cg_str key)
{
	struct cg_place p = cg_place_of("device_item", device);

	cg_place_text(&p, kind);
	cg_place_text(&p, key);
	return p;
}

struct cg_place
cg_event_place(uint32_t device, struct cg_str kind)
{
	struct cg_place p = cg_place_of("device_event", device);

	cg_place_text(&p, kind);
	return p;
}

struct cg_place
cg_rejected_place(uint32_t device, struct cg_str endpoint, struct cg_str table)
{
	struct cg_place p = cg_place_of("rejected", device);

	cg_place_text(&p, endpoint);
	cg_place_text(&p, table);
	return p;
}

struct cg_place
cg_command_place(struct cg_str sn)
{
	struct cg_place p = cg_place_of("command", 0);

	cg_place_text(&p, sn);
	return p;
}

/* ---- what is not kept ---- */

static const struct cg_str discards[CG_DISCARD__MAX] = {
	[CG_DISCARD_TEMPLATE] = CG_STR("template"),
	[CG_DISCARD_PHOTO] = CG_STR("photo"),
	[CG_DISCARD_PASSWORD] = CG_STR("password"),
	[CG_DISCARD_CARD] = CG_STR("card"),
	[CG_DISCARD_LINE] = CG_STR("line"),
};

enum cg_err
cg_discard_put(struct cg_db *db, const struct cg_origin *from,
    enum cg_discarded what)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(discards[what]),
		cg_cell_int(1),
	};

	return cg_bulk_put(db, CG_BULK_DISCARD, from, cell, CG_LEN(cell));
}
