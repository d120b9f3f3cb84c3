/*
 * The hand-out: which commands a clock gets now, and what is settled on the
 * way because it can't be handed out, or not again.
 *
 * Claims of one clock wait for each other at its row of the table device.  A
 * row of the queue is locked before it is looked at: whoever cancels or
 * settles it at the same time comes before or after.
 */
#include "config.h"

#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LOOKED_LEAST	1000	/* rows that one answer may look at; or 4 times its limit */
#define FIRST_NEW_VERSION	"2.0"	/* older clocks know other verbs (notes 7) */

#define SEALED_MAX	(CG_COMMAND_MAX / 3 * 4 + 256)	/* bytes of a body, sealed */

/* What becomes of a row. */
enum verdict {
	HAND_OUT,
	STAY,			/* no room for it in this answer */
	PASS,			/* it stays, those behind it go on */
	SETTLE			/* in the state and for the reason of the claim */
};

struct claim {
	struct cg_db		*db;
	struct cg_str		 sn;
	const struct cg_terms	*terms;
	struct cg_arena		*arena;
	cg_hand_fn		*hand;
	void			*arg;
	bool			 known;	/* the clock is there */
	bool			 old;	/* and wants the verbs of old */
	struct cg_openings	 open;
	unsigned		 n;	/* commands in the answer */
	unsigned		 looked;	/* rows */
	size_t			 wasted;	/* bytes that were no use */
	struct cg_str		 keys;	/* that are here; absent until one was missed */
	char			 room[CG_VAULT_KEYS];
	/* the row at hand */
	bool			 found;
	bool			 more;	/* another one is behind it */
	bool			 again;	/* it was sent before */
	bool			 broken;	/* sealed, and can't be opened */
	bool			 locked;	/* its key is not here */
	int64_t			 id;
	uint32_t		 attempts;
	const struct cg_command	*cmd;	/* NULL: it can't be read */
	enum cg_danger		 danger;
	struct cg_str		 unsealed;	/* to be sealed from now on, or absent */
	enum verdict		 verdict;
	bool			 refused;	/* because of its danger */
	enum cg_command_state	 state;
	char			 why[CG_WHY_MAX];
};

static enum verdict CG_PRINTF(3, 4)
settle(struct claim *c, enum cg_command_state state, const char *fmt, ...)
{
	va_list ap;

	c->state = state;
	va_start(ap, fmt);
	(void)vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return SETTLE;
}

/* It was sent, and in time came no result; HAND_OUT: once more. */
static enum verdict
judge_again(struct claim *c)
{
	if (c->cmd->silent)
		return settle(c, CG_COMMAND_DONE, "sent; no result is known to "
		    "come of this command, and none came");
	if (c->cmd->once)
		return settle(c, CG_COMMAND_FAILED, "no result came; not sent "
		    "again, because it must not run twice");
	if (c->attempts >= c->terms->attempts)
		return settle(c, CG_COMMAND_FAILED,
		    "no result came; it was sent %u times", c->attempts);
	return HAND_OUT;
}

/* HAND_OUT: it may go out, if it fits. */
static enum verdict
judge(struct claim *c, bool expired, struct cg_str body)
{
	char why[CG_WHY_MAX];

	c->cmd = NULL;
	c->danger = CG_SAFE;
	c->refused = false;
	if (c->broken)
		return settle(c, CG_COMMAND_FAILED, "can't be opened: sealed "
		    "with another key than the one of key_file, or changed since");
	if (body.p == NULL || body.n > CG_COMMAND_MAX)
		return settle(c, CG_COMMAND_FAILED, "longer than any command");
	if (cg_command_check(body, &c->cmd, &c->danger, why) != CG_OK) {
		c->refused = cg_items_secret(body);	/* and it is not kept */
		c->danger = c->refused ? CG_DANGER_KEY : CG_SAFE;
		return settle(c, CG_COMMAND_FAILED, "%s", why);
	}
	if (c->again && judge_again(c) == SETTLE)
		return SETTLE;
	if (expired)
		return settle(c, CG_COMMAND_EXPIRED, c->again ?
		    "no result came before it expired" :
		    "it expired before the clock asked for it");
	if (cg_danger_check(&c->open, c->terms->allowed, c->danger, why) !=
	    CG_OK) {
		c->refused = true;
		return settle(c, CG_COMMAND_FAILED, "%s", why);
	}
	return HAND_OUT;
}

static enum cg_err
hand_out(struct claim *c, struct cg_str body)
{
	char why[CG_WHY_MAX];
	enum cg_err e;

	if (c->old)
		body = cg_command_old(c->cmd, body, c->arena);
	if (body.p == NULL)
		return CG_NOMEM;
	switch (e = c->hand(c->arg, c->id, body, why)) {
	case CG_LIMIT:
		c->verdict = STAY;
		return CG_OK;
	case CG_SYNTAX:
		c->wasted += body.n;
		c->verdict = settle(c, CG_COMMAND_FAILED, "%s", why);
		return CG_OK;
	default:
		return e;
	}
}

/*
 * What can't be opened by its key, or names none of ours, may have come from
 * any program, and must not stop the others.
 */
static enum cg_err
open_sealed(struct claim *c, struct cg_str stored, struct cg_str *body)
{
	struct cg_place place = cg_command_place(c->sn);
	enum cg_err e = cg_vault_open(c->db->vault, &place, "body", stored,
	    c->arena, body);

	c->broken = e == CG_SYNTAX;
	c->locked = e == CG_UNKNOWN;
	return c->broken || c->locked ? CG_OK : e;
}

/*
 * It stays until its key is here, and it is the one that is told of: however
 * many wait for keys, those behind them need not.
 */
static enum cg_err
pass_over(struct claim *c, struct cg_str stored)
{
	char why[CG_WHY_MAX];

	snprintf(why, sizeof(why), "sealed with key %u, which is not here: see "
	    "key_file in [privacy]", cg_vault_key_of(stored));
	c->keys = cg_vault_keys(c->db->vault, c->room);
	c->verdict = PASS;
	return c->hand(c->arg, c->id, (struct cg_str){ NULL, 0 }, why);
}

/* Other programs don't seal what they queue: here it is seen first. */
static enum cg_err
open_body(struct claim *c, struct cg_str stored, struct cg_str *body)
{
	c->unsealed = (struct cg_str){ NULL, 0 };
	c->broken = c->locked = false;
	*body = stored;
	if (stored.p == NULL)
		return CG_OK;
	if (cg_vault_is_sealed(stored))
		return open_sealed(c, stored, body);
	if (c->terms->privacy == CG_PRIVACY_VAULT && cg_command_secret(stored) &&
	    !cg_arena_keep(c->arena, stored, &c->unsealed))
		return CG_NOMEM;
	return CG_OK;
}

static enum cg_err
seal_body(struct claim *c)
{
	struct cg_cell cell[] = {
		cg_cell_text(c->unsealed), cg_cell_int(0), cg_cell_int(c->id)
	};
	enum cg_err e;

	if (c->unsealed.p == NULL)
		return CG_OK;
	e = cg_command_seal(c->db, c->sn, &cell[0], &cell[1]);
	return e == CG_OK ? cg_db_run(c->db, CG_Q_COMMAND_SEAL, cell,
	    CG_LEN(cell), NULL) : e;
}

static enum cg_audit_action
action_of(const struct claim *c)
{
	if (c->verdict == HAND_OUT)
		return CG_AUDIT_SENT;
	return c->refused ? CG_AUDIT_REFUSED : cg_audit_end_action(c->state);
}

static enum cg_err
audit(const struct claim *c, struct cg_str body, struct cg_str who)
{
	struct cg_audit a = { .class = c->danger, .who = who, .sn = c->sn,
	    .command = c->id, .body = body };

	if (c->danger == CG_SAFE || c->verdict == STAY)
		return CG_OK;
	a.action = action_of(c);
	a.why = cg_str_of(c->open.of[c->danger].reason);
	if (c->verdict == SETTLE)
		a.result = cg_str_of(c->why);
	return cg_audit_put(c->db, &a);
}

/* Columns: id, attempts, whether it expired, body, created_by. */
static enum cg_err
take_row(void *arg, const struct cg_row *row)
{
	struct claim *c = arg;
	struct cg_str body;
	enum cg_err e;

	c->more = c->found;
	if (c->more)
		return CG_OK;
	if (cg_str_i64(row->value[0], 0, INT64_MAX, &c->id) != CG_OK ||
	    cg_str_u32(row->value[1], UINT32_MAX, &c->attempts) != CG_OK)
		return CG_DB;
	c->found = true;
	c->looked++;
	if ((e = open_body(c, row->value[3], &body)) != CG_OK)
		return e;
	if (c->locked)
		return pass_over(c, row->value[3]);
	c->verdict = judge(c, cg_str_eq(row->value[2], cg_lit("1")), body);
	if (c->verdict == HAND_OUT)
		e = hand_out(c, body);
	return e == CG_OK ? audit(c, body, row->value[4]) : e;
}

static enum cg_err
mark_sent(struct claim *c)
{
	struct cg_cell cell[] = {
		cg_cell_text(cg_str_of(c->cmd->name)),
		cg_cell_danger(c->danger),
		cg_cell_int(c->terms->timeout),
		cg_cell_int(cg_query_is(c->cmd)),
		cg_cell_int(cg_query_is(c->cmd)),
		cg_cell_int(c->id),
	};

	c->n++;
	return cg_db_run(c->db, CG_Q_COMMAND_SENT, cell, CG_LEN(cell), NULL);
}

static enum cg_err
mark(struct claim *c)
{
	enum cg_err e;

	if (c->verdict == PASS)
		return CG_OK;
	if ((e = seal_body(c)) != CG_OK)
		return e;
	if (c->verdict == HAND_OUT)
		return mark_sent(c);
	return cg_command_judged(c->db, c->id, c->state, c->cmd, c->danger,
	    cg_str_of(c->why));
}

/*
 * Nothing may follow a REBOOT: the clock would not live to do it.  And rows
 * that are no use must neither fill the arena nor keep others waiting: the
 * next answer goes on.
 */
static bool
ends_answer(const struct claim *c)
{
	unsigned looks = c->terms->limit < LOOKED_LEAST / 4 ? LOOKED_LEAST :
	    4 * c->terms->limit;

	if (c->n >= c->terms->limit || c->looked >= looks ||
	    c->wasted >= CG_COMMAND_MAX)
		return true;
	return c->verdict == HAND_OUT && strcmp(c->cmd->name, "reboot") == 0;
}

/* The rows of one kind, by their ids; *full: the answer takes no more. */
static enum cg_err
claim_rows(struct claim *c, bool again, bool *full)
{
	enum cg_err e = CG_OK;

	c->again = again;
	c->id = 0;
	c->more = true;
	while (e == CG_OK && c->more && !*full) {
		struct cg_cell cell[] = {
			cg_cell_int(SEALED_MAX),
			cg_cell_text(c->sn),
			cg_cell_int(c->id),
			cg_cell_maybe(c->keys),
		};

		c->found = c->more = false;
		e = cg_db_ask(c->db, again ? CG_Q_COMMAND_DUE :
		    CG_Q_COMMAND_NEXT, cell, CG_LEN(cell), take_row, c);
		if (e != CG_OK || !c->found)
			break;
		if (c->verdict == STAY)
			*full = true;
		else
			e = mark(c);
		if (ends_answer(c))
			*full = true;
	}
	return e;
}

/* A clock that never said hello has no version; it is hardly an old one. */
static enum cg_err
take_clock(void *arg, const struct cg_row *row)
{
	struct claim *c = arg;

	c->known = true;
	c->old = row->value[1].n > 0 && (row->value[0].n == 0 ||
	    cg_version_cmp(row->value[0], cg_lit(FIRST_NEW_VERSION)) < 0);
	if (c->terms->verbs != CG_VERBS_AUTO)
		c->old = c->terms->verbs == CG_VERBS_OLD;
	return CG_OK;
}

enum cg_err
cg_command_claim(struct cg_db *db, struct cg_str sn,
    const struct cg_terms *terms, struct cg_arena *arena, cg_hand_fn *hand,
    void *arg)
{
	struct claim c = {
		.db = db, .sn = sn, .terms = terms, .arena = arena,
		.hand = hand, .arg = arg
	};
	struct cg_cell cell[] = { cg_cell_text(sn) };
	bool full = terms->limit == 0;
	enum cg_err e;

	e = cg_db_ask(db, CG_Q_COMMAND_CLOCK, cell, CG_LEN(cell), take_clock,
	    &c);
	if (e == CG_OK && !c.known)
		e = CG_UNKNOWN;
	if (e == CG_OK && terms->allowed != 0)
		e = cg_dangers_load(db, &c.open);
	if (e == CG_OK)
		e = claim_rows(&c, true, &full);
	if (e == CG_OK)
		e = claim_rows(&c, false, &full);
	return e;
}
