/*
 * Biometric templates.
 */
#include "config.h"

#include "secret.h"

#include <sodium.h>

enum { TEMPLATE = 11, EXTRA, KEY, DIGEST };

static enum cg_err
seal(struct cg_db *db, const struct cg_origin *from, const struct cg_template *t,
    struct cg_cell *cell)
{
	struct cg_place place = cg_template_place(from->device, t->pin, t->type,
	    cell[3].u.i, cell[4].u.i);

	return cg_secrets_seal(db, &place, (struct cg_secret[]){
	    { "template", CG_SEALED_TEXT, &cell[TEMPLATE] },
	    { "extra", CG_SEALED_TEXT, &cell[EXTRA] } }, 2, &cell[KEY]);
}

void
cg_template_digest(struct cg_str template, struct cg_str extra,
    unsigned char out[CG_DIGEST_BYTES])
{
	crypto_hash_sha256_state s;

	(void)crypto_hash_sha256_init(&s);
	(void)crypto_hash_sha256_update(&s, (const unsigned char *)template.p,
	    template.n);
	(void)crypto_hash_sha256_update(&s, (const unsigned char *)"\t", 1);
	if (extra.n > 0)
		(void)crypto_hash_sha256_update(&s,
		    (const unsigned char *)extra.p, extra.n);
	(void)crypto_hash_sha256_final(&s, out);
}

/* Over what is stored: of what is sealed it tells nothing. */
static enum cg_err
digest(struct cg_db *db, struct cg_cell *cell)
{
	bool more = cell[EXTRA].type != CG_CELL_NULL;
	char *out = cg_arena_get(db->scrap, CG_DIGEST_BYTES);

	if (out == NULL)
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for a template");
	cg_template_digest((struct cg_str){ cell[TEMPLATE].u.p, cell[TEMPLATE].n },
	    (struct cg_str){ more ? cell[EXTRA].u.p : NULL,
	    more ? cell[EXTRA].n : 0 }, (unsigned char *)out);
	cell[DIGEST] = cg_cell_bytes((struct cg_str){ out, CG_DIGEST_BYTES });
	return CG_OK;
}

enum cg_err
cg_template_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_template *t)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(t->pin),
		cg_cell_int(t->type),
		cg_cell_key(t->no),
		cg_cell_key(t->index),
		cg_cell_number(t->valid),
		cg_cell_number(t->duress),
		cg_cell_text(t->format),
		cg_cell_text(t->major_version),
		cg_cell_text(t->minor_version),
		cg_cell_int(t->size != CG_NONE ? t->size : (int64_t)t->body.n),
		cg_cell_text(t->body),
		cg_cell_maybe(t->extra),
		cg_cell_int(0),
		cg_cell_int(0),		/* its digest, when the others are known */
	};
	enum cg_err e;

	if (from->privacy == CG_PRIVACY_NONE)
		return cg_discard_put(db, from, CG_DISCARD_TEMPLATE);
	if (from->privacy == CG_PRIVACY_VAULT &&
	    (e = seal(db, from, t, cell)) != CG_OK)
		return e;
	if ((e = digest(db, cell)) != CG_OK)
		return e;
	return cg_bulk_put(db, CG_BULK_TEMPLATE, from, cell, CG_LEN(cell));
}
