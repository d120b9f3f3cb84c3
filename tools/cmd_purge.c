/* user purge: a person goes from here, and from the clocks. */
#include "config.h"

#include "cli.h"

#include <string.h>

#define PIN_MAX_BYTES	32
#define ARENA_MAX	((size_t)16 * 1024 * 1024)

/* A command for a clock that holds the person. */
struct wish {
	const char	*sn;
	const char	*command;
	int64_t		 id;		/* once it is queued */
	struct wish	*next;
};

struct purge {
	struct cli	*cli;
	struct cg_str	 pin;
	struct cg_arena	*arena;
	struct wish	*first, **last;
	struct wish	**underway;	/* behind those that are sure to be enough */
	bool		 nomem;
	uint64_t	 rows[CG_PERSON__MAX];
};

static void
wish(struct purge *p, const char *sn, const char *command)
{
	struct wish *w = cg_arena_get(p->arena, sizeof(*w));

	if (w == NULL || sn == NULL) {
		p->nomem = true;
		return;
	}
	*w = (struct wish){ .sn = sn, .command = command };
	*p->last = w;
	p->last = &w->next;
}

/* Everything is deleted there already. */
static bool
seen(const struct purge *p, struct cg_str sn)
{
	struct wish *const *w;

	for (w = &p->first; w != p->underway; w = &(*w)->next)
		if (cg_str_eq(sn, cg_str_of((*w)->sn)))
			return true;
	return false;
}

/* The person last: a clock may not find the rest of who is gone. */
static void
take_holder(void *arg, const struct cg_holder *h)
{
	struct purge *p = arg;
	const char *sn = cg_arena_dup(p->arena, h->sn);

	if (seen(p, h->sn))
		return;
	if (h->pictures)
		wish(p, sn, "picture-delete");
	if (h->unified)
		wish(p, sn, "biodata-delete");
	if (h->faces)
		wish(p, sn, "face-delete");
	if (h->fingers)
		wish(p, sn, "fingerprint-delete");
	wish(p, sn, "user-delete");
	if (h->underway)
		p->underway = p->last;
}

static enum cg_err
queue(struct purge *p, struct wish *w)
{
	const struct cg_command *c = cg_command_find(cg_str_of(w->command));
	struct cg_pair pair = { cg_lit("PIN"), p->pin };
	char why[CG_WHY_MAX];
	struct cg_str body;
	enum cg_err e;

	if ((e = cg_command_encode(c, &pair, 1, p->arena, &body, why)) != CG_OK)
		return e;
	return cg_command_queue(p->cli->db, &(struct cg_order){
	    .sn = cg_str_of(w->sn), .name = cg_str_of(c->name), .body = body,
	    .created_by = cg_str_of(cli_user()), .expires_utc = CG_NO_UTC },
	    &w->id);
}

/* In one transaction, which is not committed yet. */
static enum cg_err
purge(struct purge *p)
{
	struct cli *cli = p->cli;
	enum cg_err e = CG_OK;

	if (cli->option[CLI_EVERYWHERE] != NULL)
		e = cg_person_holders(cli->db, p->pin, take_holder, p);
	if (e == CG_OK && p->nomem)
		e = CG_NOMEM;
	if (e == CG_OK)
		e = cg_person_purge(cli->db, p->pin,
		    cli->option[CLI_PUNCHES] != NULL, p->rows);
	for (struct wish *w = p->first; e == CG_OK && w != NULL; w = w->next)
		e = queue(p, w);
	return e;
}

/* ---- the report ---- */

static void
row_put(struct out *out, const char *what, uint64_t rows, const char *becomes)
{
	static const char *const name[] = { "what", "rows", "becomes" };
	char number[24];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)rows);
	out_row(out, name, (struct cg_str[]){ cg_str_of(what), cg_str_of(number),
	    cg_str_of(becomes) }, CG_LEN(name));
}

static const char *
becomes(const struct purge *p, enum cg_person what)
{
	if (what == CG_PERSON_SEALED)
		return "can't be opened, and stay";
	if (what == CG_PERSON_REJECTED_KEPT)
		return "kept, with lines of others; see clockgate rejected retry";
	if ((what == CG_PERSON_PUNCHES || what == CG_PERSON_OPERATIONS) &&
	    p->cli->option[CLI_PUNCHES] == NULL)
		return "kept, --punches removes them";
	return p->cli->option[CLI_DRY_RUN] != NULL ? "would be removed" :
	    "removed";
}

/* The exit status: what stays is to be seen to, and the PIN purged again. */
static int
incomplete(const struct purge *p)
{
	int status = 0;

	if (p->rows[CG_PERSON_REJECTED_KEPT] > 0)
		status = cli_fail("%llu uploads that were not read have lines of "
		    "others, too, and stay; type: clockgate rejected retry "
		    "--sn SN, and purge again; what stays all the same goes by: "
		    "clockgate rejected drop ID", (unsigned long long)
		    p->rows[CG_PERSON_REJECTED_KEPT]);
	if (p->rows[CG_PERSON_SEALED] > 0)
		status = cli_fail("%llu sealed rows could not be looked into: "
		    "see key_file in [privacy]", (unsigned long long)
		    p->rows[CG_PERSON_SEALED]);
	return status;
}

static int
report(const struct purge *p)
{
	bool rehearsal = p->cli->option[CLI_DRY_RUN] != NULL;
	struct out *out = out_new(p->cli->format, stdout);
	char what[CG_SERIAL_MAX + 64];

	if (out == NULL)
		return cli_fail("no memory");
	for (int i = 0; i < CG_PERSON__MAX; i++)
		if (i < CG_PERSON_REJECTED_KEPT || p->rows[i] > 0)
			row_put(out, cg_person_name((enum cg_person)i), p->rows[i],
			    becomes(p, (enum cg_person)i));
	for (const struct wish *w = p->first; w != NULL; w = w->next) {
		snprintf(what, sizeof(what), "%s at %s", w->command, w->sn);
		row_put(out, what, 1, rehearsal ? "would be queued" : "queued");
	}
	if (!out_end(out))
		return cli_fail("the output could not be written");
	return incomplete(p);
}

int
cli_user_purge(struct cli *cli)
{
	struct purge p = { .cli = cli, .pin = cg_str_of(cli->word[0]) };
	int status;

	p.last = p.underway = &p.first;
	if (p.pin.n == 0 || p.pin.n > PIN_MAX_BYTES ||
	    strpbrk(cli->word[0], "\t\r\n ") != NULL)
		return cli_misuse("\"%s\" can't be a PIN: 1 to %d bytes without "
		    "blanks", cli->word[0], PIN_MAX_BYTES);
	if (cg_arena_new(ARENA_MAX, &p.arena) != CG_OK)
		return cli_fail("no memory");
	cli_keys_try(cli);
	if (purge(&p) != CG_OK)
		status = cli_db_fault(cli, "user purge: nothing was removed");
	else if (cli->option[CLI_DRY_RUN] == NULL &&
	    cg_db_commit(cli->db) != CG_OK)
		status = cli_db_fault(cli, "user purge: whether it was done is not "
		    "known; type it again");
	else
		status = report(&p);
	cg_db_rollback(cli->db);
	cg_arena_free(p.arena);
	return status;
}
