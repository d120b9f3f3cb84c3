/*
 * Commands: queued, cancelled, settled.  claim.c hands them out.
 */
#include "config.h"

#include "command.h"

#include <sodium.h>
#include <stdio.h>

#define REASON_MAX	255		/* characters of command.reason that we write */
#define SILENT_MAX	64		/* commands that one handshake settles */

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

static enum cg_command_state
state_of(struct cg_str s)
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
	p->state = state_of(row->value[0]);
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

/* ---- the end of a command ---- */

enum cg_err
cg_command_judged(struct cg_db *db, int64_t id, enum cg_command_state state,
    const struct cg_command *cmd, enum cg_danger danger, struct cg_str reason)
{
	struct cg_cell cell[] = {
		cg_cell_text(states[state]),
		cg_cell_plain(db->scrap, reason, REASON_MAX),
		cg_cell_maybe(cg_str_of(cmd != NULL ? cmd->name : NULL)),
		cg_cell_danger(danger),
		cg_cell_int(id),
	};

	return cg_db_run(db, CG_Q_COMMAND_JUDGED, cell, CG_LEN(cell), NULL);
}

struct open {			/* a command that waits for its result */
	struct cg_db		*db;
	const struct cg_command	*cmd;	/* NULL: nobody knows which */
	enum cg_danger		 danger;
	struct cg_str		 by;	/* who queued it */
	bool			 found;
	bool			 had;	/* this very result */
	bool			 late;	/* it has ended without one */
	bool			 sent;	/* the clock has it, and a result is due */
};

/*
 * One that was never handed out must not seem done before it was: what is
 * dangerous, or runs once only, or what nobody has looked at.
 */
static bool
may_be_done(const struct open *o)
{
	return o->cmd != NULL && o->danger == CG_SAFE && !o->cmd->once;
}

/* Columns: name, danger, created_by, state, whether it never had a result. */
static enum cg_err
take_open(void *arg, const struct cg_row *row)
{
	enum cg_command_state state = state_of(row->value[3]);
	struct open *o = arg;

	o->cmd = cg_command_find(row->value[0]);
	o->danger = cg_danger_of(row->value[1]);
	o->found = state != CG_COMMAND_QUEUED || may_be_done(o);
	o->sent = state == CG_COMMAND_SENT;
	o->had = state != CG_COMMAND_QUEUED && state != CG_COMMAND_SENT &&
	    !cg_str_eq(row->value[4], cg_lit("1"));
	o->late = !o->had &&
	    (state == CG_COMMAND_FAILED || state == CG_COMMAND_EXPIRED);
	return cg_arena_keep(o->db->scrap, row->value[2], &o->by) ? CG_OK :
	    CG_NOMEM;
}

static struct cg_str
reply_of(const struct cg_result *r)
{
	return r->payload.p != NULL ? r->payload : r->raw;
}

/* What follows a result may be a file, or the output of a program. */
static enum cg_err
seal_reply(struct cg_db *db, struct cg_str sn, struct cg_cell *reply,
    struct cg_cell *key)
{
	struct cg_place place = cg_command_place(sn);

	return cg_secrets_seal(db, &place, &(struct cg_secret){ "reply",
	    CG_SEALED_BYTES, reply }, 1, key);
}

/* How many bytes or records: by the code, or by what stands beside a 0. */
static bool
count_of(const struct cg_command *cmd, const struct cg_result *r, int32_t *n)
{
	*n = r->code;
	if (r->code > 0)
		return cg_result_ok(cmd, r->code);
	return r->code == 0 && cmd != NULL && cmd->outcome == CG_OUTCOME_ROWS &&
	    cg_result_count(r, n);
}

/* "12 records", or what the code means. */
static void
explain(const struct open *o, const struct cg_result *r, char out[CG_WHY_MAX])
{
	const char *late = o->late ? "; the result came late" : "";
	int32_t n;

	if (!count_of(o->cmd, r, &n))
		(void)snprintf(out, CG_WHY_MAX, "%s%s",
		    cg_result_text(o->cmd, r->code), late);
	else if (r->code > 0)
		(void)snprintf(out, CG_WHY_MAX, "%d %s%s", (int)n,
		    cg_result_text(o->cmd, n), late);
	else
		(void)snprintf(out, CG_WHY_MAX, "%d records%s", (int)n, late);
}

static bool
has_worked(const struct open *o, const struct cg_result *r)
{
	return r->code != CG_NONE && cg_result_ok(o->cmd, r->code);
}

static enum cg_err
audit(struct cg_db *db, const struct cg_audit *a, const struct open *o)
{
	struct cg_audit row = *a;

	if (o->danger == CG_SAFE)
		return CG_OK;
	row.class = o->danger;
	row.who = o->by;
	row.what = cg_str_of(o->cmd != NULL ? o->cmd->name : "");
	return cg_audit_put(db, &row);
}

static enum cg_err
settle(struct cg_db *db, struct cg_str sn, int64_t id, const struct open *o,
    const struct cg_result *r, struct cg_cell reply, struct cg_cell key)
{
	bool ok = has_worked(o, r);
	enum cg_command_state state = ok ? CG_COMMAND_DONE : CG_COMMAND_FAILED;
	char why[CG_WHY_MAX];

	explain(o, r, why);
	struct cg_cell cell[] = {
		cg_cell_text(states[state]),
		cg_cell_number(r->code),
		reply,
		key,
		key,
		cg_cell_plain(db->scrap, cg_str_of(why), REASON_MAX),
		cg_cell_int(id),
	};
	enum cg_err e;

	e = cg_db_run(db, CG_Q_COMMAND_SETTLE, cell, CG_LEN(cell), NULL);
	if (e == CG_LIMIT) {
		/* it came for nothing, but a clock would send it for ever */
		cell[2] = cg_cell_bytes(cg_lit(""));
		cell[5] = cg_cell_text(cg_lit("the result is larger than the "
		    "database takes (max_allowed_packet), and was not kept"));
		e = cg_db_run(db, CG_Q_COMMAND_SETTLE, cell, CG_LEN(cell), NULL);
	}
	return e != CG_OK ? e : audit(db, &(struct cg_audit){
	    .action = cg_audit_end_action(state), .sn = sn, .command = id,
	    .result = cg_str_of(why) }, o);
}

struct body {
	struct cg_db	*db;
	struct cg_str	 sn;
	struct cg_arena	*arena;
	struct cg_str	 text;
};

static enum cg_err
take_body(void *arg, const struct cg_row *row)
{
	struct body *b = arg;
	struct cg_str text;
	enum cg_err e;

	if ((e = cg_command_open(b->db, b->sn, row->value[0], b->arena,
	    &text)) != CG_OK)
		return e;
	return cg_arena_keep(b->arena, text, &b->text) ? CG_OK : CG_NOMEM;
}

/*
 * What the clock holds now.  Not after a late result: the clock may have been
 * told otherwise since.
 */
static enum cg_err
take_effect(struct cg_db *db, struct cg_str sn, int64_t id,
    const struct cg_command *cmd, struct cg_arena *arena, struct cg_told *given)
{
	bool takes = cg_effect_has(cmd), gives = cg_command_upload(cmd) != NULL;
	struct cg_cell cell[] = { cg_cell_int(id) };
	struct body body = { .db = db, .sn = sn, .arena = arena };
	struct cg_told told;
	enum cg_err e;

	if (!takes && !gives)
		return CG_OK;
	e = cg_db_ask(db, CG_Q_COMMAND_BODY, cell, CG_LEN(cell), take_body,
	    &body);
	if (e != CG_OK || cg_command_read(body.text, &told) != CG_OK ||
	    told.command != cmd)
		return e;
	if (gives)
		*given = told;
	return takes ? cg_effect_run(db, sn, &told) : CG_OK;
}

/* An id of ours has digits only; clocks also echo ids of others. */
static bool
id_of(struct cg_str s, int64_t *id)
{
	if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9')
		return false;
	return cg_str_i64(s, 0, INT64_MAX, id) == CG_OK;
}

static enum cg_err
take_known(void *arg, const struct cg_row *row)
{
	bool *known = arg;

	(void)row;
	*known = true;
	return CG_OK;
}

enum cg_err
cg_command_known(struct cg_db *db, struct cg_str id, bool *known)
{
	int64_t n;

	*known = false;
	if (!id_of(id, &n))
		return CG_OK;
	struct cg_cell cell[] = { cg_cell_int(n) };

	return cg_db_ask(db, CG_Q_COMMAND_KNOWN, cell, CG_LEN(cell), take_known,
	    known);
}

enum cg_err
cg_command_settle(struct cg_db *db, struct cg_str sn, const struct cg_result *r,
    enum cg_privacy privacy, struct cg_arena *arena, struct cg_settled *out)
{
	struct open open = { .db = db };
	struct cg_cell reply = cg_cell_bytes(reply_of(r));
	struct cg_cell key = cg_cell_number(CG_NONE);
	unsigned char hash[crypto_hash_sha256_BYTES];
	int64_t id;
	enum cg_err e;

	out->now = false;
	out->given.command = NULL;
	if (!id_of(r->id, &id))
		return CG_UNKNOWN;
	if (privacy == CG_PRIVACY_VAULT && r->payload.p != NULL &&
	    (e = seal_reply(db, sn, &reply, &key)) != CG_OK)
		return e;
	(void)crypto_hash_sha256(hash, (const unsigned char *)reply.u.p, reply.n);
	struct cg_cell cell[] = {
		cg_cell_int(id),
		cg_cell_text(sn),
		cg_cell_number(r->code),
		cg_cell_bytes((struct cg_str){ (const char *)hash, sizeof(hash) }),
	};
	e = cg_db_ask(db, CG_Q_COMMAND_OPEN, cell, CG_LEN(cell), take_open,
	    &open);
	if (e == CG_OK && !open.found)
		e = CG_UNKNOWN;
	if (e != CG_OK || open.had)
		return e;
	out->now = true;
	e = settle(db, sn, id, &open, r, reply, key);
	if (e == CG_OK && arena != NULL && open.sent && open.cmd != NULL &&
	    has_worked(&open, r))
		e = take_effect(db, sn, id, open.cmd, arena, &out->given);
	return e;
}

/* ---- commands without a result ---- */

struct silent {
	int64_t	 id[SILENT_MAX];
	size_t	 n;
};

/* Columns: id. */
static enum cg_err
take_silent(void *arg, const struct cg_row *row)
{
	struct silent *s = arg;

	if (s->n == SILENT_MAX)
		return CG_OK;
	if (cg_str_i64(row->value[0], 0, INT64_MAX, &s->id[s->n]) != CG_OK)
		return CG_DB;
	s->n++;
	return CG_OK;
}

/* What was sent of that name is done. */
static enum cg_err
end_silent(struct cg_db *db, struct cg_str sn, struct cg_str name,
    struct cg_str reason)
{
	struct cg_cell cell[] = {
		cg_cell_text(sn), cg_cell_text(name), cg_cell_int(SILENT_MAX)
	};
	struct silent s = { .n = 0 };
	enum cg_err e;
	size_t i;

	e = cg_db_ask(db, CG_Q_COMMAND_SILENT, cell, CG_LEN(cell), take_silent,
	    &s);
	for (i = 0; e == CG_OK && i < s.n; i++) {
		struct cg_cell end[] = {
			cg_cell_text(states[CG_COMMAND_DONE]),
			cg_cell_text(reason),
			cg_cell_int(s.id[i]),
		};

		e = cg_db_run(db, CG_Q_COMMAND_END, end, CG_LEN(end), NULL);
	}
	return e;
}

enum cg_err
cg_command_hello(struct cg_db *db, struct cg_str sn)
{
	return end_silent(db, sn, cg_lit("reboot"),
	    cg_lit("no result, but the clock said hello again"));
}

enum cg_err
cg_command_told(struct cg_db *db, struct cg_str sn)
{
	return end_silent(db, sn, cg_lit("info"),
	    cg_lit("no result, but the clock told it with a heartbeat"));
}
