/*
 * Queries: the clock's answer comes as an ordinary upload, before its result
 * or after it.
 */
#include "config.h"

#include "command.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM	16

/* Whether this is a record that the query asked for. */
typedef bool match_fn(const struct cg_told *, const struct cg_record *);

struct cg_query_kind {
	const char		*name;
	enum cg_record_kind	 kind;
	match_fn		*match;
};

/* ---- what was asked for ---- */

/* A field that was not given is met by anything. */
static bool
text_fits(const struct cg_told *t, const char *name, struct cg_str value)
{
	struct cg_str asked = cg_told_value(t, name);

	return asked.p == NULL || cg_str_eq(asked, value);
}

static bool
number_fits(const struct cg_told *t, const char *name, int32_t value)
{
	struct cg_str asked = cg_told_value(t, name);
	int32_t n;

	return asked.p == NULL ||
	    (cg_str_i32(asked, INT32_MIN, INT32_MAX, &n) == CG_OK && n == value);
}

static bool
period_has(const struct cg_told *t, const struct cg_time *at)
{
	struct cg_time from, to;
	int64_t when = cg_time_seconds(at);
	bool possible;

	return cg_time_parse(cg_told_value(t, "StartTime"), &from, &possible) ==
	    CG_OK && cg_time_parse(cg_told_value(t, "EndTime"), &to,
	    &possible) == CG_OK &&
	    cg_time_seconds(&from) <= when && when <= cg_time_seconds(&to);
}

static bool
match_user(const struct cg_told *t, const struct cg_record *r)
{
	return text_fits(t, "PIN", r->u.user.pin);
}

static bool
match_punch(const struct cg_told *t, const struct cg_record *r)
{
	return period_has(t, &r->u.punch.at.time);
}

static bool
match_finger(const struct cg_told *t, const struct cg_record *r)
{
	return r->u.template.type == CG_BIO_FINGER &&
	    text_fits(t, "PIN", r->u.template.pin) &&
	    number_fits(t, "FID", r->u.template.no);
}

static bool
match_template(const struct cg_told *t, const struct cg_record *r)
{
	return number_fits(t, "Type", r->u.template.type) &&
	    text_fits(t, "Pin", r->u.template.pin) &&
	    number_fits(t, "No", r->u.template.no);
}

static bool
match_photo(const struct cg_told *t, const struct cg_record *r)
{
	return period_has(t, &r->u.photo.at.time);
}

static const struct cg_query_kind kinds[] = {
	{ "query-users", CG_REC_USER, match_user },
	{ "query-punches", CG_REC_PUNCH, match_punch },
	{ "query-fingerprints", CG_REC_TEMPLATE, match_finger },
	{ "query-biodata", CG_REC_TEMPLATE, match_template },
	{ "query-photos", CG_REC_PHOTO, match_photo },
};

static const struct cg_query_kind *
kind_of(struct cg_str name)
{
	size_t i;

	for (i = 0; i < CG_LEN(kinds); i++)
		if (cg_str_eq(name, cg_str_of(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

bool
cg_query_is(const struct cg_command *cmd)
{
	return kind_of(cg_str_of(cmd->name)) != NULL;
}

/* ---- the queries that are open ---- */

static bool
make_room(struct cg_db *db)
{
	size_t room = db->query_room == 0 ? FIRST_ROOM : 2 * db->query_room;
	struct cg_open_query *p = realloc(db->query, room * sizeof(*p));

	if (p == NULL)
		return false;
	db->query = p;
	db->query_room = room;
	return true;
}

/* Columns: id, device_sn, name, body. */
static enum cg_err
take_query(void *arg, const struct cg_row *row)
{
	const struct cg_query_kind *kind = kind_of(row->value[2]);
	struct cg_db *db = arg;
	struct cg_open_query q = { .kind = kind };

	if (kind == NULL || row->value[1].n > CG_SERIAL_MAX)
		return CG_OK;
	if (cg_str_i64(row->value[0], 0, INT64_MAX, &q.id) != CG_OK)
		return CG_DB;
	if ((db->nquery == db->query_room && !make_room(db)) ||
	    !cg_arena_keep(db->scrap, row->value[3], &q.body))
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for queries");
	cg_copy(q.sn, sizeof(q.sn), row->value[1]);
	db->query[db->nquery++] = q;
	return CG_OK;
}

void
cg_query_none(struct cg_db *db)
{
	db->nquery = 0;
	db->queries_known = true;
}

/* Once in a transaction: most of the time there are few, of all clocks. */
static enum cg_err
load(struct cg_db *db)
{
	enum cg_err e;

	if (db->queries_known)
		return CG_OK;
	db->nquery = 0;
	e = cg_db_ask(db, CG_Q_QUERY_OPEN, NULL, 0, take_query, db);
	db->queries_known = e == CG_OK;
	return e;
}

static bool
is_brought(enum cg_record_kind kind)
{
	size_t i;

	for (i = 0; i < CG_LEN(kinds); i++)
		if (kinds[i].kind == kind)
			return true;
	return false;
}

static bool
is_met(const struct cg_open_query *q, struct cg_str sn,
    const struct cg_record *r)
{
	struct cg_told t;

	return q->kind->kind == r->kind && cg_str_eq(cg_str_of(q->sn), sn) &&
	    cg_command_read(q->body, &t) == CG_OK && q->kind->match(&t, r);
}

enum cg_err
cg_answer_note(struct cg_db *db, struct cg_str sn, const struct cg_record *r)
{
	enum cg_err e;
	size_t i;

	if (!is_brought(r->kind))
		return CG_OK;
	e = load(db);
	for (i = 0; e == CG_OK && i < db->nquery; i++)
		if (is_met(&db->query[i], sn, r)) {
			db->query[i].met++;
			break;
		}
	return e;
}

enum cg_err
cg_answer_keep(struct cg_db *db)
{
	enum cg_err e = CG_OK;
	size_t i;

	for (i = 0; e == CG_OK && db->queries_known && i < db->nquery; i++) {
		struct cg_open_query *q = &db->query[i];
		struct cg_cell cell[] = { cg_cell_int(q->met), cg_cell_int(q->id) };

		if (q->met == 0)
			continue;
		q->met = 0;
		e = cg_db_run(db, CG_Q_QUERY_ROWS, cell, CG_LEN(cell), NULL);
	}
	return e;
}
