/*
 * People on a clock.  What a line did not tell stays as it was.
 */
#include "config.h"

#include "secret.h"

/* PIN, then what follows in the row. */
enum { PASSWORD = 4, EXTRA = 10, KEY };

/* Of the fields without a column those that a password could be in. */
static bool
is_password(struct cg_str piece)
{
	static const struct cg_str name[] = {
		CG_STR("Passwd"), CG_STR("Password")
	};
	struct cg_str head = cg_str_trim(cg_str_head(piece,
	    cg_str_chr(piece, '=')));
	size_t i;

	for (i = 0; i < CG_LEN(name); i++)
		if (cg_str_ieq(head, name[i]))
			return true;
	return false;
}

/* A name that came twice is kept in extra: a password is not, then. */
static enum cg_err
drop_passwords(struct cg_db *db, struct cg_str extra, struct cg_cell *cell)
{
	struct cg_str rest = extra, piece;
	struct cg_buf b;

	if (extra.p == NULL)
		return CG_OK;
	cg_buf_init(&b, db->scrap, extra.n);
	while (cg_str_cut(&rest, '\t', &piece))
		if (!is_password(piece)) {
			if (b.n > 0)
				cg_buf_putz(&b, "\t");
			cg_buf_put(&b, piece);
		}
	*cell = cg_cell_maybe(b.n > 0 ? cg_buf_str(&b) :
	    (struct cg_str){ NULL, 0 });
	return b.full ? cg_db_say(db, db->failed = CG_NOMEM,
	    "no memory for further fields") : CG_OK;
}

static enum cg_err
conceal(struct cg_db *db, const struct cg_origin *from, const struct cg_user *u,
    struct cg_cell *cell)
{
	struct cg_place place;
	enum cg_err e;

	switch (from->privacy) {
	case CG_PRIVACY_NONE:
		cell[PASSWORD] = cg_cell_maybe((struct cg_str){ NULL, 0 });
		if (u->password.n > 0 && (e = cg_discard_put(db, from,
		    CG_DISCARD_PASSWORD)) != CG_OK)
			return e;
		return drop_passwords(db, u->extra, &cell[EXTRA]);
	case CG_PRIVACY_VAULT:
		place = cg_user_place(from->device, u->pin);
		return cg_secrets_seal(db, &place, (struct cg_secret[]){
		    { "password", CG_SEALED_TEXT, &cell[PASSWORD] },
		    { "extra", CG_SEALED_TEXT, &cell[EXTRA] } }, 2, &cell[KEY]);
	default:
		return CG_OK;
	}
}

enum cg_err
cg_user_put(struct cg_db *db, const struct cg_origin *from,
    const struct cg_user *u)
{
	struct cg_cell cell[] = {
		cg_cell_int(from->device),
		cg_cell_text(u->pin),
		cg_cell_maybe(u->name),
		cg_cell_number(u->privilege),
		cg_cell_maybe(u->password),
		cg_cell_maybe(u->card),
		cg_cell_number(u->group_no),
		cg_cell_maybe(u->time_zones),
		cg_cell_number(u->verify),
		cg_cell_maybe(u->vice_card),
		cg_cell_maybe(u->extra),
		cg_cell_int(0),
	};
	enum cg_err e;

	if ((e = conceal(db, from, u, cell)) != CG_OK)
		return e;
	return cg_bulk_put(db, CG_BULK_USER, from, cell, CG_LEN(cell));
}
