/*
 * A person goes.  What has the PIN in a column goes by a statement; commands,
 * events and what could not be read are looked into, for they may be sealed.
 */
#include "config.h"

#include "command.h"

#include <string.h>

#define ARENA_MAX	((size_t)64 * 1024 * 1024)
#define STAMP_LENGTH	14		/* YYYYMMDDhhmmss before the PIN of a photo */

static const struct cg_str names[CG_PERSON__MAX] = {
	[CG_PERSON_USERS] = CG_STR("users"),
	[CG_PERSON_TEMPLATES] = CG_STR("templates"),
	[CG_PERSON_PHOTOS] = CG_STR("photos"),
	[CG_PERSON_ITEMS] = CG_STR("items"),
	[CG_PERSON_TEXTS] = CG_STR("texts"),
	[CG_PERSON_COMMANDS] = CG_STR("commands"),
	[CG_PERSON_REJECTED] = CG_STR("rejected"),
	[CG_PERSON_REJECTED_KEPT] = CG_STR("rejected-kept"),
	[CG_PERSON_EVENTS] = CG_STR("events"),
	[CG_PERSON_PUNCHES] = CG_STR("punches"),
	[CG_PERSON_OPERATIONS] = CG_STR("operations"),
	[CG_PERSON_SEALED] = CG_STR("sealed"),
};

const char *
cg_person_name(enum cg_person what)
{
	return names[what].p;
}

/* ---- by a column ---- */

/* The statements take the PIN so often; count is NULL where all of it goes. */
static const struct {
	enum cg_person	 what;
	enum cg_stmt	 drop;
	enum cg_stmt	 count;		/* CG_Q__MAX: it always goes */
	size_t		 nparam;
} columns[] = {
	{ CG_PERSON_USERS, CG_Q_PERSON_USERS, CG_Q__MAX, 1 },
	{ CG_PERSON_TEMPLATES, CG_Q_PERSON_TEMPLATES, CG_Q__MAX, 1 },
	{ CG_PERSON_PHOTOS, CG_Q_PERSON_PHOTOS, CG_Q__MAX, 1 },
	{ CG_PERSON_ITEMS, CG_Q_PERSON_ITEMS, CG_Q__MAX, 3 },
	{ CG_PERSON_TEXTS, CG_Q_PERSON_TEXTS, CG_Q__MAX, 1 },
	{ CG_PERSON_PUNCHES, CG_Q_PERSON_PUNCHES, CG_Q_PERSON_PUNCHES_KEPT, 1 },
	{ CG_PERSON_OPERATIONS, CG_Q_PERSON_OPERATIONS,
	  CG_Q_PERSON_OPERATIONS_KEPT, 2 },
};

static enum cg_err
purge_columns(struct cg_db *db, struct cg_str pin, bool punches,
    uint64_t rows[CG_PERSON__MAX])
{
	struct cg_cell cell[3];
	enum cg_err e = CG_OK;
	uint32_t kept;
	size_t i;

	for (i = 0; i < CG_LEN(cell); i++)
		cell[i] = cg_cell_text(pin);
	for (i = 0; e == CG_OK && i < CG_LEN(columns); i++) {
		uint64_t *n = &rows[columns[i].what];

		if (columns[i].count == CG_Q__MAX || punches) {
			e = cg_db_run(db, columns[i].drop, cell,
			    columns[i].nparam, n);
			continue;
		}
		e = cg_db_ask_u32(db, columns[i].count, cell,
		    columns[i].nparam, &kept);
		*n = kept;
	}
	return e;
}

/* ---- by what is in it ---- */

struct holders {
	cg_holder_fn	*fn;
	void		*arg;
};

struct search {
	struct cg_db	*db;
	struct cg_str	 pin;
	bool		 punches;
	bool		 (*about)(const struct search *, const struct cg_row *,
			    struct cg_str text);
	bool		 (*of_many)(const struct cg_row *, struct cg_str text);
	struct cg_place	 (*place)(const struct cg_row *);
	const char	*column;
	struct cg_arena	*arena;
	int64_t		*id;		/* of the rows that go */
	size_t		 n, cap;
	const struct holders *holders;	/* who is told instead; NULL: the rows go */
	uint64_t	 sealed;	/* rows that could not be opened */
	uint64_t	 kept;		/* rows that are about others, too */
};

static bool
ends(struct cg_str s)
{
	return s.n == 0 || strchr(" \t\r\n&.", s.p[0]) != NULL;
}

/* "7 ..." of "PIN=7 ...", or behind the time of "PIN=20260102080000-7.jpg". */
static bool
begins_with_pin(struct cg_str s, struct cg_str pin)
{
	if (cg_str_starts(s, pin) && ends(cg_str_from(s, pin.n)))
		return true;
	if (s.n <= STAMP_LENGTH || s.p[STAMP_LENGTH] != '-')
		return false;
	s = cg_str_from(s, STAMP_LENGTH + 1);
	return cg_str_starts(s, pin) && ends(cg_str_from(s, pin.n));
}

static bool
names_pin(struct cg_str text, struct cg_str pin)
{
	const struct cg_str field = CG_STR("PIN=");

	for (size_t i = 0; i + field.n < text.n; i++) {
		struct cg_str at = cg_str_from(text, i);

		if ((i == 0 || ends(cg_str_from(text, i - 1))) &&
		    cg_str_istarts(at, field) &&
		    begins_with_pin(cg_str_from(at, field.n), pin))
			return true;
	}
	return false;
}

static bool
event_about(const struct search *s, const struct cg_row *row, struct cg_str text)
{
	(void)row;
	return names_pin(text, s->pin);
}

/* A punch that could not be read is one all the same. */
static bool
rejected_about(const struct search *s, const struct cg_row *row, struct cg_str text)
{
	struct cg_str line;

	if (!cg_str_ieq(row->value[4], cg_lit("ATTLOG")))
		return names_pin(text, s->pin);
	while (s->punches && cg_str_line(&text, &line))
		if (cg_str_starts(line, s->pin) &&
		    ends(cg_str_from(line, s->pin.n)))
			return true;
	return false;
}

/* A part of what was not read: "rejected retry" takes it to pieces. */
static bool
rejected_of_many(const struct cg_row *row, struct cg_str text)
{
	const struct cg_upload *u = cg_upload_find(row->value[4]);
	struct cg_str piece;

	return cg_str_eq(row->value[3], cg_lit("cdata")) &&
	    cg_upload_cut(u, &text, &piece) && cg_upload_cut(u, &text, &piece);
}

/* What tells a clock to delete something of the person stays. */
static bool
command_about(const struct search *s, const struct cg_row *row, struct cg_str text)
{
	struct cg_told told;
	struct cg_str pin;

	(void)row;
	if (cg_str_istarts(text, cg_lit("DATA DEL")))
		return false;
	if (cg_command_read(text, &told) != CG_OK)
		return names_pin(text, s->pin);
	pin = cg_told_value(&told, "PIN");
	return pin.p != NULL ? cg_str_eq(pin, s->pin) : names_pin(text, s->pin);
}

static uint32_t
device_of(struct cg_str digits)
{
	uint32_t device;

	return cg_str_u32(digits, UINT32_MAX, &device) == CG_OK ? device : 0;
}

/* Columns: id, text, and what makes a place. */
static struct cg_place
event_place(const struct cg_row *row)
{
	return cg_event_place(device_of(row->value[2]), row->value[3]);
}

static struct cg_place
rejected_place(const struct cg_row *row)
{
	return cg_rejected_place(device_of(row->value[2]), row->value[3],
	    row->value[4]);
}

static struct cg_place
command_place(const struct cg_row *row)
{
	return cg_command_place(row->value[2]);
}

static bool
keep_id(struct search *s, int64_t id)
{
	size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
	int64_t *more;

	if (s->n == s->cap) {
		if ((more = cg_arena_get(s->arena, cap * sizeof(*more))) == NULL)
			return false;
		if (s->n > 0)
			memcpy(more, s->id, s->n * sizeof(*more));
		s->id = more;
		s->cap = cap;
	}
	s->id[s->n++] = id;
	return true;
}

/* Whatever it brings may be on the clock by now. */
static void
tell_underway(const struct holders *h, struct cg_str sn)
{
	h->fn(h->arg, &(struct cg_holder){ .sn = sn, .underway = true,
	    .fingers = true, .faces = true, .unified = true, .pictures = true });
}

static enum cg_err
take_text(void *arg, const struct cg_row *row)
{
	struct search *s = arg;
	struct cg_mark mark = cg_arena_mark(s->db->scrap);
	struct cg_place place = s->place(row);
	struct cg_str text;
	enum cg_err e;
	int64_t id;

	if (cg_str_i64(row->value[0], 0, INT64_MAX, &id) != CG_OK)
		return CG_DB;
	e = cg_vault_open(s->db->vault, &place, s->column, row->value[1],
	    s->db->scrap, &text);
	if (e == CG_UNKNOWN || e == CG_SYNTAX)
		s->sealed++;
	else if (e == CG_OK && s->about(s, row, text)) {
		if (s->holders != NULL)
			tell_underway(s->holders, row->value[2]);
		else if (s->of_many != NULL && s->of_many(row, text))
			s->kept++;
		else if (!keep_id(s, id))
			return CG_NOMEM;
	}
	cg_arena_back(s->db->scrap, mark);
	return e == CG_UNKNOWN || e == CG_SYNTAX ? CG_OK : e;
}

static const struct {
	enum cg_person	 what;
	enum cg_stmt	 find;
	enum cg_stmt	 drop;
	const char	*column;
	bool		 (*about)(const struct search *, const struct cg_row *,
			    struct cg_str);
	bool		 (*of_many)(const struct cg_row *, struct cg_str);
	struct cg_place	 (*place)(const struct cg_row *);
} texts[] = {
	{ CG_PERSON_COMMANDS, CG_Q_PERSON_COMMANDS, CG_Q_PERSON_COMMAND, "body",
	  command_about, NULL, command_place },
	{ CG_PERSON_REJECTED, CG_Q_PERSON_REJECTED, CG_Q_REJECTED_DROP, "line",
	  rejected_about, rejected_of_many, rejected_place },
	{ CG_PERSON_EVENTS, CG_Q_PERSON_EVENTS, CG_Q_SEALED_EVENT_TWICE,
	  "fields", event_about, NULL, event_place },
};

static enum cg_err
purge_texts(struct cg_db *db, struct cg_str pin, bool punches,
    struct cg_arena *arena, uint64_t rows[CG_PERSON__MAX])
{
	struct cg_cell needle = cg_cell_text(pin);
	enum cg_err e = CG_OK;
	size_t i, k;

	for (i = 0; e == CG_OK && i < CG_LEN(texts); i++) {
		struct search s = { .db = db, .pin = pin, .punches = punches,
		    .about = texts[i].about, .of_many = texts[i].of_many,
		    .place = texts[i].place,
		    .column = texts[i].column, .arena = arena };

		e = cg_db_ask(db, texts[i].find, &needle, 1, take_text, &s);
		for (k = 0; e == CG_OK && k < s.n; k++) {
			struct cg_cell cell = cg_cell_int(s.id[k]);

			e = cg_db_run(db, texts[i].drop, &cell, 1, NULL);
		}
		rows[texts[i].what] = s.n;
		rows[CG_PERSON_SEALED] += s.sealed;
		rows[CG_PERSON_REJECTED_KEPT] += s.kept;
	}
	return e;
}

enum cg_err
cg_person_purge(struct cg_db *db, struct cg_str pin, bool punches,
    uint64_t rows[CG_PERSON__MAX])
{
	struct cg_arena *arena;
	enum cg_err e;

	memset(rows, 0, CG_PERSON__MAX * sizeof(*rows));
	if ((e = cg_arena_new(ARENA_MAX, &arena)) != CG_OK)
		return e;
	if ((e = purge_columns(db, pin, punches, rows)) == CG_OK)
		e = purge_texts(db, pin, punches, arena, rows);
	cg_arena_free(arena);
	return e;
}

/* ---- which clocks hold the person ---- */

static bool
is_one(struct cg_str s)
{
	return cg_str_eq(s, cg_lit("1"));
}

/* Columns: sn, whether there are fingerprints, faces, other templates, pictures. */
static enum cg_err
take_holder(void *arg, const struct cg_row *row)
{
	const struct holders *h = arg;
	struct cg_holder holder = {
		.sn = row->value[0],
		.fingers = is_one(row->value[1]),
		.faces = is_one(row->value[2]),
		.unified = is_one(row->value[3]),
		.pictures = is_one(row->value[4]),
	};

	h->fn(h->arg, &holder);
	return CG_OK;
}

enum cg_err
cg_person_holders(struct cg_db *db, struct cg_str pin, cg_holder_fn *fn,
    void *arg)
{
	struct holders h = { fn, arg };
	struct search s = { .db = db, .pin = pin, .about = command_about,
	    .place = command_place, .column = "body", .holders = &h };
	struct cg_cell cell[] = {
		cg_cell_text(pin), cg_cell_text(pin), cg_cell_text(pin)
	};
	enum cg_err e;

	if ((e = cg_db_ask(db, CG_Q_PERSON_UNDERWAY, cell, 1, take_text, &s)) !=
	    CG_OK)
		return e;
	return cg_db_ask(db, CG_Q_PERSON_HOLDERS, cell, CG_LEN(cell),
	    take_holder, &h);
}
