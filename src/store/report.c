/*
 * Lists for the operator, read from the views that others read, too.
 */
#include "config.h"

#include "secret.h"

#include <sodium.h>
#include <stdio.h>

#define NO_LIMIT	INT64_MAX
#define DATE_LENGTH	10		/* YYYY-MM-DD */
#define DAY		86400

enum param {
	TEXT,				/* as it is */
	FROM,				/* first date or time */
	TO,				/* last date (all of it) or second */
	LIMIT,
	ID				/* digits */
};

#define PARAMS_MAX	5
#define CELLS_MAX	10
#define PLACES_MAX	5
#define VALUES_MAX	2

/* What may be sealed in its rows, and where that stands. */
struct opening {
	const char	*table;
	unsigned char	 nplace;
	unsigned char	 nvalue;
	unsigned char	 place[PLACES_MAX];	/* columns */
	unsigned char	 value[VALUES_MAX];	/* columns */
	unsigned char	 shown;			/* columns that are not only for this */
	unsigned char	 hash;			/* column for the hash of value[0]; 0: none */
	bool		 list;			/* what can't be opened is not told */
};

/* clang-format off */
static const struct opening of_rejected = {
	"rejected", 3, 1, { 9, 2, 3 }, { 8 }, 8, 7, .list = true
};
static const struct opening of_rejected_one = {
	"rejected", 3, 1, { 7, 2, 3 }, { 6 }, 7, 0
};
static const struct opening of_command = {
	"command", 2, 2, { 15, 1 }, { 13, 14 }, 15, 0
};
static const struct opening of_password = {
	"device_user", 2, 2, { 12, 1 }, { 10, 9 }, 12, 0, .list = true
};
static const struct opening of_photo = {
	"photo", 5, 2, { 11, 2, 3, 12, 7 }, { 10, 8 }, 10, 6, .list = true
};
static const struct opening of_template = {
	"template", 5, 2, { 15, 1, 2, 3, 4 }, { 14, 12 }, 14, 11, .list = true
};
static const struct opening of_item = {
	"device_item", 3, 1, { 5, 1, 2 }, { 3 }, 5, 0, .list = true
};
static const struct opening of_photo_bytes = {
	"photo", 5, 1, { 7, 2, 3, 4, 5 }, { 6 }, 7, 0
};
static const struct opening of_template_bytes = {
	"template", 5, 1, { 6, 1, 2, 3, 4 }, { 5 }, 6, 0
};
/* clang-format on */

struct report {
	enum cg_stmt	 stmt;
	unsigned char	 nparam;
	unsigned char	 ncell;
	unsigned char	 param[PARAMS_MAX];	/* enum param */
	unsigned char	 cell[CELLS_MAX];	/* which parameter each ? takes */
	const struct opening *opening;	/* NULL: nothing in it is sealed */
};

/* clang-format off */
static const struct report reports[CG_REPORT__MAX] = {
	[CG_REPORT_DEVICES] = { CG_Q_REPORT_DEVICES,
	    1, 2, { TEXT }, { 0, 0 } },
	[CG_REPORT_DEVICE] = { CG_Q_REPORT_DEVICE,
	    1, 1, { TEXT }, { 0 } },
	[CG_REPORT_SETTINGS] = { CG_Q_REPORT_SETTINGS,
	    1, 1, { TEXT }, { 0 } },
	[CG_REPORT_OPTIONS] = { CG_Q_REPORT_OPTIONS,
	    1, 1, { TEXT }, { 0 } },
	[CG_REPORT_STAMPS] = { CG_Q_REPORT_STAMPS,
	    1, 1, { TEXT }, { 0 } },
	[CG_REPORT_PUNCHES] = { CG_Q_REPORT_PUNCHES,
	    5, 9, { TEXT, TEXT, FROM, TO, LIMIT },
	    { 0, 0, 1, 1, 2, 2, 3, 3, 4 } },
	[CG_REPORT_REJECTED] = { CG_Q_REPORT_REJECTED,
	    2, 3, { TEXT, LIMIT }, { 0, 0, 1 }, .opening = &of_rejected },
	[CG_REPORT_REJECTED_ONE] = { CG_Q_REPORT_REJECTED_ONE,
	    1, 1, { ID }, { 0 }, .opening = &of_rejected_one },
	[CG_REPORT_USERS] = { CG_Q_REPORT_USERS,
	    1, 2, { TEXT }, { 0, 0 } },
	[CG_REPORT_PASSWORDS] = { CG_Q_REPORT_PASSWORDS,
	    1, 2, { TEXT }, { 0, 0 }, .opening = &of_password },
	[CG_REPORT_OPERATIONS] = { CG_Q_REPORT_OPERATIONS,
	    4, 7, { TEXT, FROM, TO, LIMIT }, { 0, 0, 1, 1, 2, 2, 3 } },
	[CG_REPORT_PHOTOS] = { CG_Q_REPORT_PHOTOS,
	    5, 9, { TEXT, TEXT, FROM, TO, LIMIT },
	    { 0, 0, 1, 1, 2, 2, 3, 3, 4 }, .opening = &of_photo },
	[CG_REPORT_TEMPLATES] = { CG_Q_REPORT_TEMPLATES,
	    3, 5, { TEXT, TEXT, LIMIT }, { 0, 0, 1, 1, 2 },
	    .opening = &of_template },
	[CG_REPORT_ITEMS] = { CG_Q_REPORT_ITEMS,
	    3, 5, { TEXT, TEXT, LIMIT }, { 0, 0, 1, 1, 2 },
	    .opening = &of_item },
	[CG_REPORT_PHOTO_BYTES] = { CG_Q_REPORT_PHOTO_BYTES,
	    2, 4, { TEXT, TEXT }, { 0, 0, 1, 1 },
	    .opening = &of_photo_bytes },
	[CG_REPORT_TEMPLATE_BYTES] = { CG_Q_REPORT_TEMPLATE_BYTES,
	    2, 4, { TEXT, TEXT }, { 0, 0, 1, 1 },
	    .opening = &of_template_bytes },
	[CG_REPORT_PUNCHES_NEW] = { CG_Q_REPORT_PUNCHES_NEW,
	    3, 5, { TEXT, TEXT, ID }, { 0, 0, 1, 1, 2 } },
	[CG_REPORT_COMMANDS] = { CG_Q_REPORT_COMMANDS,
	    3, 5, { TEXT, TEXT, LIMIT }, { 0, 0, 1, 1, 2 } },
	[CG_REPORT_COMMAND] = { CG_Q_REPORT_COMMAND,
	    1, 1, { ID }, { 0 }, .opening = &of_command },
	[CG_REPORT_AUDIT] = { CG_Q_REPORT_AUDIT,
	    2, 3, { TEXT, LIMIT }, { 0, 0, 1 } },
	[CG_REPORT_DISCARDED] = { CG_Q_REPORT_DISCARDED,
	    1, 1, { TEXT }, { 0 } },
};
/* clang-format on */

/* "YYYY-MM-DD", or with " hh:mm:ss" behind it; to is moved behind its end. */
static enum cg_err
read_time(struct cg_str s, bool to, struct cg_cell *out)
{
	bool date = s.n == DATE_LENGTH, possible;
	struct cg_time t;
	char text[32];
	int n;

	n = snprintf(text, sizeof(text), "%.*s%s", (int)(s.n < 24 ? s.n : 24),
	    s.p, date ? " 00:00:00" : "");
	if (cg_time_parse((struct cg_str){ text, (size_t)n }, &t, &possible) !=
	    CG_OK || !possible)
		return CG_SYNTAX;
	if (to)
		cg_time_from_seconds(cg_time_seconds(&t) + (date ? DAY : 1),
		    &t);
	*out = cg_cell_time(&t);
	return CG_OK;
}

static enum cg_err
read_limit(struct cg_str s, struct cg_cell *out)
{
	uint32_t n;

	*out = cg_cell_int(NO_LIMIT);
	if (s.n == 0)
		return CG_OK;
	if (cg_str_u32(s, UINT32_MAX, &n) != CG_OK)
		return CG_SYNTAX;
	*out = cg_cell_int(n);
	return CG_OK;
}

static enum cg_err
read_id(struct cg_str s, struct cg_cell *out)
{
	int64_t id;

	if (cg_str_i64(s, 0, INT64_MAX, &id) != CG_OK)
		return CG_SYNTAX;
	*out = cg_cell_int(id);
	return CG_OK;
}

static enum cg_err
read_param(enum param type, struct cg_str s, struct cg_cell *out)
{
	switch (type) {
	case TEXT:
		*out = cg_cell_text(s);
		return CG_OK;
	case FROM:
	case TO:
		*out = cg_cell_time(NULL);
		return s.n > 0 ? read_time(s, type == TO, out) : CG_OK;
	case LIMIT:
		return read_limit(s, out);
	case ID:
		return read_id(s, out);
	}
	return CG_SYNTAX;
}

struct print {
	struct cg_db	*db;
	const struct opening *opening;
	cg_row_fn	*fn;
	void		*arg;
	enum cg_err	 sealed;	/* why a value could not be opened, or CG_OK */
};

/* What can't be opened is left out; the rest of its row is shown. */
static void
open_values(struct print *p, struct cg_row *row)
{
	const struct opening *o = p->opening;
	struct cg_place place = { .n = 0 };
	enum cg_err e;
	size_t i;

	cg_place_text(&place, cg_str_of(o->table));
	for (i = 0; i < o->nplace; i++)
		cg_place_text(&place, row->value[o->place[i]]);
	for (i = 0; i < o->nvalue; i++) {
		struct cg_str *v = &row->value[o->value[i]];

		if ((e = cg_secret_open(p->db, &place, row->name[o->value[i]],
		    *v, p->db->scrap, v)) == CG_OK)
			continue;
		*v = (struct cg_str){ NULL, 0 };
		p->sealed = o->list ? p->sealed : e;
	}
	row->n = o->shown;
}

/* What is sealed has no hash that the database could tell. */
static void
hash_value(const struct opening *o, struct cg_row *row,
    char hex[2 * crypto_hash_sha256_BYTES + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct cg_str value = row->value[o->value[0]];

	if (value.p == NULL)
		return;
	(void)crypto_hash_sha256(hash, (const unsigned char *)value.p, value.n);
	(void)sodium_bin2hex(hex, 2 * sizeof(hash) + 1, hash, sizeof(hash));
	row->value[o->hash] = cg_str_of(hex);
}

static enum cg_err
take_row(void *arg, const struct cg_row *got)
{
	struct print *p = arg;
	struct cg_mark mark = cg_arena_mark(p->db->scrap);
	char hex[2 * crypto_hash_sha256_BYTES + 1];
	struct cg_row row = *got;

	if (p->opening != NULL && row.head)
		row.n = p->opening->shown;
	else if (p->opening != NULL)
		open_values(p, &row);
	if (p->opening != NULL && p->opening->hash != 0 && !row.head)
		hash_value(p->opening, &row, hex);
	p->fn(p->arg, row.name, row.head ? NULL : row.value, row.n);
	cg_arena_back(p->db->scrap, mark);
	return CG_OK;
}

enum cg_err
cg_report_run(struct cg_db *db, enum cg_report which,
    const struct cg_str *param, size_t nparam, cg_row_fn *fn, void *arg)
{
	const struct report *r = &reports[which];
	struct print print = { db, r->opening, fn, arg, CG_OK };
	enum cg_err e;
	struct cg_cell value[PARAMS_MAX], cell[CELLS_MAX];
	struct cg_str s;
	size_t i;

	for (i = 0; i < r->nparam; i++) {
		s = i < nparam ? param[i] : cg_lit("");
		if (read_param((enum param)r->param[i], s, &value[i]) != CG_OK)
			return cg_db_say(db, CG_SYNTAX,
			    "\"%.*s\" is no date, time or number",
			    (int)(s.n < 64 ? s.n : 64), s.p);
	}
	for (i = 0; i < r->ncell; i++)
		cell[i] = value[r->cell[i]];
	e = cg_db_list(db, r->stmt, cell, r->ncell, take_row, &print);
	return e == CG_OK ? print.sealed : e;
}
