/*
 * Another key: what is sealed with an older one is opened and sealed again,
 * and what should be sealed and is not is sealed.  A row says itself whether
 * that was done, so that it can be ended and begun again at any time.
 */
#include "config.h"

#include "secret.h"

#include <string.h>

#define BATCH_BYTES	((size_t)4 * 1024 * 1024)	/* of one transaction, or one row */
#define KEYS_MAX	5		/* columns of a primary key */
#define PLACES_MAX	5		/* columns of a place, behind the table */
#define VALUES_MAX	2		/* columns that may be sealed */
#define DUPLICATE	1062		/* MySQL: the row is there already */
#define ARENA_MAX	((size_t)512 * 1024 * 1024)

struct table {
	const char	*name;
	enum cg_stmt	 next;		/* primary key, place, vault, values */
	enum cg_stmt	 put;		/* values, key_id, digest, primary key */
	enum cg_stmt	 drop;		/* primary key; CG_Q__MAX: none */
	size_t		 nkey;
	size_t		 nplace;
	size_t		 nvalue;
	struct {
		const char	*column;
		enum cg_sealed	 how;
	}		 value[VALUES_MAX];
	bool		 digest;
	bool		 some;		/* only bodies that carry a secret are sealed */
};

/* clang-format off */
#define TEXT(column)	{ column, CG_SEALED_TEXT }
#define BYTES(column)	{ column, CG_SEALED_BYTES }

static const struct table tables[] = {
	{ "template", CG_Q_SEAL_TEMPLATE, CG_Q_SEALED_TEMPLATE, CG_Q__MAX,
	  5, 5, 2, .value = { TEXT("template"), TEXT("extra") },
	  .digest = true },
	{ "device_user", CG_Q_SEAL_USER, CG_Q_SEALED_USER, CG_Q__MAX,
	  2, 2, 2, .value = { TEXT("password"), TEXT("extra") } },
	{ "device_item", CG_Q_SEAL_ITEM, CG_Q_SEALED_ITEM, CG_Q__MAX,
	  3, 3, 1, .value = { TEXT("fields") } },
	{ "photo", CG_Q_SEAL_PHOTO, CG_Q_SEALED_PHOTO, CG_Q_SEALED_PHOTO_TWICE,
	  1, 5, 2, .value = { BYTES("image"), TEXT("extra") } },
	{ "device_event", CG_Q_SEAL_EVENT, CG_Q_SEALED_EVENT,
	  CG_Q_SEALED_EVENT_TWICE, 1, 2, 1, .value = { TEXT("fields") } },
	{ "rejected", CG_Q_SEAL_REJECTED, CG_Q_SEALED_REJECTED,
	  CG_Q_REJECTED_DROP, 1, 3, 1, .value = { BYTES("line") } },
	{ "command", CG_Q_SEAL_COMMAND, CG_Q_SEALED_COMMAND, CG_Q__MAX,
	  1, 2, 2, .value = { TEXT("body"), BYTES("reply") }, .some = true },
};
/* clang-format on */

struct row {
	struct cg_str	 key[KEYS_MAX];
	struct cg_place	 place;
	bool		 vault;		/* its clock wants it sealed */
	struct cg_str	 value[VALUES_MAX];
	struct row	*next;
};

struct batch {
	struct cg_db		*db;
	const struct table	*table;
	struct cg_arena		*arena;
	struct row		*first;
	struct row		**last;
	size_t			 bytes;
	bool			 full;
};

static enum cg_err
take_row(void *arg, const struct cg_row *row)
{
	struct batch *b = arg;
	const struct table *t = b->table;
	const struct cg_str *from = row->value;
	struct row *r;
	size_t i;

	if (b->full)
		return CG_OK;		/* the next batch begins with it */
	if ((r = cg_arena_get(b->arena, sizeof(*r))) == NULL)
		return CG_NOMEM;
	*r = (struct row){ .next = NULL };
	for (i = 0; i < t->nkey; i++)
		if (!cg_arena_keep(b->arena, *from++, &r->key[i]))
			return CG_NOMEM;
	cg_place_text(&r->place, cg_str_of(t->name));
	for (i = 0; i < t->nplace; i++)
		cg_place_text(&r->place, *from++);
	r->vault = cg_str_eq(*from++, cg_lit("1"));
	for (i = 0; i < t->nvalue; i++, from++) {
		if (from->p == NULL)
			continue;
		if (!cg_arena_keep(b->arena, *from, &r->value[i]))
			return CG_NOMEM;
		b->bytes += from->n;
	}
	b->full = b->bytes >= BATCH_BYTES;
	*b->last = r;
	b->last = &r->next;
	return CG_OK;
}

/* CG_SYNTAX, CG_UNKNOWN: this value can't be opened. */
static enum cg_err
renew(const struct batch *b, const struct row *r, size_t i, struct cg_str *value)
{
	const char *column = b->table->value[i].column;
	struct cg_str s = *value;
	enum cg_err e;

	if (s.p == NULL || s.n == 0)
		return CG_OK;
	if (cg_vault_is_sealed(s)) {
		if ((e = cg_vault_open(b->db->vault, &r->place, column, s,
		    b->arena, &s)) != CG_OK)
			return e;
	} else if (!r->vault || (b->table->some && i == 0 &&
	    !cg_command_secret(s)))
		return CG_OK;
	return cg_vault_seal(b->db->vault, &r->place, column,
	    b->table->value[i].how, s, b->arena, value);
}

static struct cg_cell
cell_of(const struct table *t, size_t i, struct cg_str s)
{
	if (s.p == NULL)
		return cg_cell_maybe(s);
	return t->value[i].how == CG_SEALED_TEXT ? cg_cell_text(s) :
	    cg_cell_bytes(s);
}

/* The same was stored already, sealed with this key, while we were at it. */
static enum cg_err
drop_double(const struct batch *b, const struct row *r)
{
	struct cg_cell cell = cg_cell_text(r->key[0]);

	return cg_db_run(b->db, b->table->drop, &cell, 1, NULL);
}

static enum cg_err
put_row(const struct batch *b, const struct row *r,
    const struct cg_str value[VALUES_MAX])
{
	struct cg_cell cell[VALUES_MAX + 2 + KEYS_MAX];
	unsigned char digest[CG_DIGEST_BYTES];
	const struct table *t = b->table;
	bool sealed = false;
	size_t i, n = 0;
	enum cg_err e;

	for (i = 0; i < t->nvalue; i++) {
		cell[n++] = cell_of(t, i, value[i]);
		sealed = sealed || cg_vault_is_sealed(value[i]);
	}
	cell[n++] = cg_cell_int(sealed || r->vault ?
	    cg_vault_current(b->db->vault) : 0);
	if (t->digest) {
		cg_template_digest(value[0], value[1], digest);
		cell[n++] = cg_cell_bytes((struct cg_str){ (char *)digest,
		    sizeof(digest) });
	}
	for (i = 0; i < t->nkey; i++)
		cell[n++] = cg_cell_text(r->key[i]);
	e = cg_db_run(b->db, t->put, cell, n, NULL);
	return e == CG_DATA && b->db->number == DUPLICATE &&
	    t->drop != CG_Q__MAX ? drop_double(b, r) : e;
}

static enum cg_err
do_row(const struct batch *b, const struct row *r, struct cg_rotation *done)
{
	struct cg_str value[VALUES_MAX];
	enum cg_err e = CG_OK;
	size_t i;

	memcpy(value, r->value, sizeof(value));
	for (i = 0; e == CG_OK && i < b->table->nvalue; i++)
		e = renew(b, r, i, &value[i]);
	if (e == CG_OK)
		e = put_row(b, r, value);
	switch (e) {
	case CG_OK:
		done->rows++;
		return CG_OK;
	case CG_SYNTAX:			/* can't be opened, */
	case CG_UNKNOWN:
	case CG_DATA:			/* or is too long when it is sealed */
	case CG_LIMIT:
		done->failed++;
		return CG_OK;
	default:
		return e;
	}
}

/* One transaction.  The cursor, in an arena of its own, moves behind it. */
static enum cg_err
do_batch(struct batch *b, enum cg_privacy usual, struct cg_str cursor[KEYS_MAX],
    struct cg_rotation *done)
{
	struct cg_rotation count = *done;
	struct cg_cell cell[KEYS_MAX + 4];
	struct row *r, *end = NULL;
	size_t i, n = 0;
	enum cg_err e;

	cell[n++] = cg_cell_int(usual == CG_PRIVACY_VAULT);
	cell[n++] = cg_cell_int(cg_vault_current(b->db->vault));
	cell[n++] = cg_cell_int(usual == CG_PRIVACY_VAULT);
	cell[n++] = cg_cell_text(cursor[0]);
	for (i = 0; b->table->nkey > 1 && i < b->table->nkey; i++)
		cell[n++] = cg_cell_text(cursor[i]);
	e = cg_db_ask(b->db, b->table->next, cell, n, take_row, b);
	for (r = b->first; e == CG_OK && r != NULL; r = r->next) {
		e = do_row(b, r, &count);
		end = r;
	}
	if (e != CG_OK || (e = cg_db_commit(b->db)) != CG_OK)
		return e;
	*done = count;
	if (end == NULL)
		return CG_UNKNOWN;
	memcpy(cursor, end->key, sizeof(end->key));
	return CG_OK;
}

/* Before the first row: no column of a key is less. */
static void
cursor_begin(const struct table *t, struct cg_str cursor[KEYS_MAX])
{
	size_t i;

	for (i = 0; i < KEYS_MAX; i++)
		cursor[i] = i == 0 ? cg_lit("0") : t->digest && i > 1 ?
		    cg_lit("-1") : cg_lit("");
}

/* Two arenas in turn: the cursor points into the one before. */
static enum cg_err
do_table(struct cg_db *db, const struct table *t, enum cg_privacy usual,
    struct cg_arena *arena[2], struct cg_rotation *done)
{
	struct cg_str cursor[KEYS_MAX];
	unsigned busy = 0, turn = 0;
	enum cg_err e = CG_OK;

	cursor_begin(t, cursor);
	while (e == CG_OK || (e == CG_BUSY && busy++ < CG_ROTATE_TRIES)) {
		struct batch b = { .db = db, .table = t,
		    .arena = arena[turn ^ 1], .last = &b.first };

		cg_arena_reset(b.arena);
		if ((e = cg_db_open(db)) == CG_OK)
			e = do_batch(&b, usual, cursor, done);
		if (e == CG_OK) {
			turn ^= 1;
			busy = 0;
		}
		cg_db_rollback(db);
	}
	return e == CG_UNKNOWN ? CG_OK : e;
}

enum cg_err
cg_vault_rotate(struct cg_db *db, enum cg_privacy usual, struct cg_rotation *done)
{
	struct cg_arena *arena[2] = { NULL, NULL };
	enum cg_err e;
	size_t i;

	*done = (struct cg_rotation){ 0, 0 };
	if ((e = cg_arena_new(ARENA_MAX, &arena[0])) == CG_OK)
		e = cg_arena_new(ARENA_MAX, &arena[1]);
	for (i = 0; e == CG_OK && i < CG_LEN(tables); i++)
		e = do_table(db, &tables[i], usual, arena, done);
	cg_arena_free(arena[0]);
	cg_arena_free(arena[1]);
	return e;
}

/* ---- what keys are in use ---- */

struct uses {
	cg_key_fn	*fn;
	void		*arg;
};

/* Columns: key_id, rows. */
static enum cg_err
take_use(void *arg, const struct cg_row *row)
{
	const struct uses *u = arg;
	uint32_t id;
	int64_t rows;

	if (cg_str_u32(row->value[0], UINT32_MAX, &id) != CG_OK ||
	    cg_str_i64(row->value[1], 0, INT64_MAX, &rows) != CG_OK)
		return CG_DB;
	u->fn(u->arg, id, (uint64_t)rows);
	return CG_OK;
}

enum cg_err
cg_vault_uses(struct cg_db *db, cg_key_fn *fn, void *arg)
{
	struct uses u = { fn, arg };

	return cg_db_ask(db, CG_Q_KEYS_USED, NULL, 0, take_use, &u);
}
