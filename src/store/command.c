/*
 * Commands: queued, cancelled, looked at.  claim.c hands them out, settle.c says
 * how they end.
 */
#include "config.h"

#include "command.h"

static const struct cg_str states[CG_COMMAND__MAX] = {
	[CG_COMMAND_QUEUED] = CG_STR("queued"),
	[CG_COMMAND_SENT] = CG_STR("sent"),
	[CG_COMMAND_DONE] = CG_STR("done"),
	[CG_COMMAND_FAILED] = CG_STR("failed"),
	[CG_COMMAND_EXPIRED] = CG_STR("expired"),
	[CG_COMMAND_CANCELLED] = CG_STR("cancelled"),
};

const char *
cg_command_state_name(enum cg_command_state s)
{
	return states[s].p;
}

struct cg_cell
cg_cell_state(enum cg_command_state s)
{
	return cg_cell_text(states[s]);
}

enum cg_command_state
cg_command_state_of(struct cg_str s)
{
	size_t i = cg_str_index(states, CG_LEN(states), s);

	return i < CG_LEN(states) ? (enum cg_command_state)i : CG_COMMAND_FAILED;
}

/* ---- by the operator ---- */

/* Of a body that nobody can read: the hand-out will say what is wrong. */
static enum cg_danger
danger_of(struct cg_str body)
{
	const struct cg_command *cmd;
	enum cg_danger danger;
	char why[CG_WHY_MAX];

	if (cg_command_check(body, &cmd, &danger, why) == CG_OK)
		return danger;
	return cg_items_secret(body) ? CG_DANGER_KEY : CG_SAFE;
}

enum cg_err
cg_command_seal(struct cg_db *db, struct cg_str sn, struct cg_cell *body,
    struct cg_cell *key)
{
	struct cg_place place = cg_command_place(sn);

	return cg_secrets_seal(db, &place, &(struct cg_secret){ "body",
	    CG_SEALED_TEXT, body }, 1, key);
}

enum cg_err
cg_command_open(struct cg_db *db, struct cg_str sn, struct cg_str sealed,
    struct cg_arena *arena, struct cg_str *body)
{
	struct cg_place place = cg_command_place(sn);

	return cg_secret_open(db, &place, "body", sealed, arena, body);
}

enum cg_err
cg_command_queue(struct cg_db *db, const struct cg_order *o, int64_t *id)
{
	struct cg_audit a = { .action = CG_AUDIT_QUEUED,
	    .class = danger_of(o->body), .who = o->created_by, .why = o->why,
	    .sn = o->sn, .body = o->body };
	struct cg_cell cell[] = {
		cg_cell_text(o->sn),
		cg_cell_maybe(o->name),
		cg_cell_text(o->body),
		cg_cell_text(o->created_by),
		cg_cell_utc(o->expires_utc),
		cg_cell_danger(a.class),
		cg_cell_int(0),
	};
	enum cg_err e;

	if (o->privacy == CG_PRIVACY_VAULT && cg_command_secret(o->body) &&
	    (e = cg_command_seal(db, o->sn, &cell[2], &cell[6])) != CG_OK)
		return e;
	e = cg_db_run(db, CG_Q_COMMAND_QUEUE, cell, CG_LEN(cell), NULL);
	if (e != CG_OK)
		return e;
	a.command = *id = (int64_t)mysql_stmt_insert_id(
	    db->stmt[CG_Q_COMMAND_QUEUE]);
	return a.class != CG_SAFE ? cg_audit_put(db, &a) : CG_OK;
}

struct cancel {
	struct cg_db	*db;
	struct cg_audit	 audit;
};

/* Columns: device_sn, danger, body. */
static enum cg_err
take_cancelled(void *arg, const struct cg_row *row)
{
	struct cancel *c = arg;
	struct cg_audit *a = &c->audit;
	struct cg_str body = row->value[2];

	/* without its key the audit does not say what it was */
	if (body.p != NULL && cg_command_open(c->db, row->value[0], body,
	    c->db->scrap, &body) != CG_OK)
		body = cg_lit("");
	a->sn = row->value[0];
	a->class = row->value[1].p != NULL ? cg_danger_of(row->value[1]) :
	    danger_of(body);
	a->body = body;
	return a->class != CG_SAFE ? cg_audit_put(c->db, a) : CG_OK;
}

enum cg_err
cg_command_cancel(struct cg_db *db, int64_t id, struct cg_str who)
{
	struct cancel c = { db, { .action = CG_AUDIT_CANCELLED, .who = who,
	    .command = id, .result = cg_lit("cancelled") } };
	struct cg_cell look[] = { cg_cell_int(CG_COMMAND_MAX), cg_cell_int(id) };
	struct cg_cell cell[2];
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_COMMAND_LOOK, look, CG_LEN(look),
	    take_cancelled, &c);
	cell[0] = cg_cell_danger(c.audit.class);	/* a row of others has none yet */
	cell[1] = cg_cell_int(id);
	if (e == CG_OK)
		return cg_db_change(db, CG_Q_COMMAND_CANCEL, cell, CG_LEN(cell));
	cg_db_rollback(db);
	return e;
}

struct seek {
	struct cg_progress	*progress;
	bool			 found;
};

/* Columns: state, attempts, return_code, rows_received, reason. */
static enum cg_err
take_progress(void *arg, const struct cg_row *row)
{
	struct seek *s = arg;
	struct cg_progress *p = s->progress;
	int64_t rows;

	s->found = true;
	p->state = cg_command_state_of(row->value[0]);
	if (cg_str_u32(row->value[1], UINT32_MAX, &p->attempts) != CG_OK ||
	    cg_str_i64(row->value[3], 0, INT64_MAX, &rows) != CG_OK)
		return CG_DB;
	p->rows = (uint64_t)rows;
	if (row->value[2].p == NULL || cg_str_i32(row->value[2], -INT32_MAX,
	    INT32_MAX, &p->code) != CG_OK)
		p->code = CG_NONE;
	cg_copy(p->reason, sizeof(p->reason), row->value[4]);
	return CG_OK;
}

enum cg_err
cg_command_progress(struct cg_db *db, int64_t id, struct cg_progress *out)
{
	struct cg_cell cell[] = { cg_cell_int(id) };
	struct seek s = { out, false };
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_COMMAND_PROGRESS, cell, CG_LEN(cell),
	    take_progress, &s);
	return e == CG_OK && !s.found ? CG_UNKNOWN : e;
}

/* ---- who has work ---- */

enum cg_err
cg_command_waiting(struct cg_db *db, cg_serial_fn *fn, void *arg)
{
	return cg_db_ask_serials(db, CG_Q_COMMAND_WAITING, NULL, 0, fn, arg);
}

enum cg_err
cg_command_hide(struct cg_db *db, struct cg_str sn)
{
	struct cg_cell cell[] = { cg_cell_text(sn) };

	return cg_db_run(db, CG_Q_COMMAND_HIDE, cell, CG_LEN(cell), NULL);
}
