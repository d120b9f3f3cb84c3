/*
 * How commands end: refused before they go out, by a result, or without one.
 */
#include "config.h"

#include "command.h"

#include <sodium.h>
#include <stdio.h>

#define REASON_MAX	255		/* characters of command.reason that we write */
#define SILENT_MAX	64		/* commands that one handshake settles */

/* ---- before they go out ---- */

enum cg_err
cg_command_judged(struct cg_db *db, int64_t id, enum cg_command_state state,
    const struct cg_command *cmd, enum cg_danger danger, struct cg_str reason)
{
	struct cg_cell cell[] = {
		cg_cell_state(state),
		cg_cell_plain(db->scrap, reason, REASON_MAX),
		cg_cell_maybe(cg_str_of(cmd != NULL ? cmd->name : NULL)),
		cg_cell_danger(danger),
		cg_cell_int(id),
	};

	return cg_db_run(db, CG_Q_COMMAND_JUDGED, cell, CG_LEN(cell), NULL);
}

/* ---- by a result ---- */

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
	enum cg_command_state state = cg_command_state_of(row->value[3]);
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

/* CG_UNKNOWN: no command waits for this result, nor has it. */
static enum cg_err
find(struct open *o, struct cg_str sn, int64_t id, int32_t code,
    const struct cg_cell *reply)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct cg_cell cell[] = {
		cg_cell_int(id),
		cg_cell_text(sn),
		cg_cell_number(code),
		cg_cell_bytes((struct cg_str){ (const char *)hash, sizeof(hash) }),
	};
	enum cg_err e;

	(void)crypto_hash_sha256(hash, (const unsigned char *)reply->u.p, reply->n);
	e = cg_db_ask(o->db, CG_Q_COMMAND_OPEN, cell, CG_LEN(cell), take_open, o);
	return e == CG_OK && !o->found ? CG_UNKNOWN : e;
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
		cg_cell_state(state),
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
	int64_t id;
	enum cg_err e;

	out->now = false;
	out->given.command = NULL;
	if (!id_of(r->id, &id))
		return CG_UNKNOWN;
	if (privacy == CG_PRIVACY_VAULT && r->payload.p != NULL &&
	    (e = seal_reply(db, sn, &reply, &key)) != CG_OK)
		return e;
	if ((e = find(&open, sn, id, r->code, &reply)) != CG_OK || open.had)
		return e;
	out->now = true;
	e = settle(db, sn, id, &open, r, reply, key);
	if (e == CG_OK && arena != NULL && open.sent && open.cmd != NULL &&
	    has_worked(&open, r))
		e = take_effect(db, sn, id, open.cmd, arena, &out->given);
	return e;
}

/* ---- without a result ---- */

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
			cg_cell_state(CG_COMMAND_DONE),
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
