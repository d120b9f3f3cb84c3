/*
 * Queries: the clock's answer comes as an ordinary upload, before its result
 * or after it.
 */
#include "config.h"

#include "command.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM	16

static const struct {
	const char		*name;
	enum cg_record_kind	 kind;
} kinds[] = {
	{ "query-users", CG_REC_USER },
	{ "query-punches", CG_REC_PUNCH },
	{ "query-fingerprints", CG_REC_TEMPLATE },
	{ "query-biodata", CG_REC_TEMPLATE },
	{ "query-photos", CG_REC_PHOTO },
};

static enum cg_record_kind
kind_of(struct cg_str name)
{
	size_t i;

	for (i = 0; i < CG_LEN(kinds); i++)
		if (cg_str_eq(name, cg_str_of(kinds[i].name)))
			return kinds[i].kind;
	return CG_REC__MAX;
}

enum cg_record_kind
cg_query_kind(const struct cg_command *cmd)
{
	return kind_of(cg_str_of(cmd->name));
}

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

/* Columns: id, device_sn, name. */
static enum cg_err
take_query(void *arg, const struct cg_row *row)
{
	struct cg_db *db = arg;
	enum cg_record_kind kind = kind_of(row->value[2]);
	struct cg_open_query *q;

	if (kind == CG_REC__MAX || row->value[1].n > CG_SERIAL_MAX)
		return CG_OK;
	if (db->nquery == db->query_room && !make_room(db))
		return cg_db_say(db, db->failed = CG_NOMEM,
		    "no memory for queries");
	q = &db->query[db->nquery];
	q->kind = kind;
	if (cg_str_i64(row->value[0], 0, INT64_MAX, &q->id) != CG_OK)
		return CG_DB;
	cg_copy(q->sn, sizeof(q->sn), row->value[1]);
	db->nquery++;
	return CG_OK;
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

enum cg_err
cg_command_rows(struct cg_db *db, struct cg_str sn, enum cg_record_kind kind,
    unsigned n)
{
	enum cg_err e = CG_OK;
	size_t i;

	if (!is_brought(kind))
		return CG_OK;
	e = load(db);
	for (i = 0; e == CG_OK && i < db->nquery; i++) {
		const struct cg_open_query *q = &db->query[i];
		struct cg_cell cell[] = { cg_cell_int(n), cg_cell_int(q->id) };

		if (q->kind == kind && cg_str_eq(cg_str_of(q->sn), sn))
			return cg_db_run(db, CG_Q_QUERY_ROWS, cell,
			    CG_LEN(cell), NULL);
	}
	return e;
}
