/*
 * clockgate punch list --follow: punches as they come.
 *
 * Ids are given in the order of insertion, not of commit: behind a punch that
 * was seen, one with a lower id may still appear.  So each look goes back to
 * where the newest punch was a minute ago, and what was printed is remembered
 * for as long.  No transaction of a clock lasts so long.
 *
 * The nodes of a cluster give ids in turn, every third of three, each from
 * where the rows are that it has: behind by what it has not been told yet.
 */
#include "config.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_BACK	60	/* seconds */
#define FIRST_BACK	30000	/* ids before the newest, at the start */
#define TAIL		"10"	/* punches that are there already */

struct seen {			/* ids above the window's edge, ascending */
	int64_t	*id;
	size_t	 n;
	size_t	 cap;
};

struct follow {
	struct cli	*cli;
	struct out	*out;
	struct seen	 seen;
	int64_t		 edge[LOOK_BACK];	/* the newest id, a second each */
	unsigned	 next;		/* of edge: the oldest */
	int64_t		 start;		/* up to here punches are only remembered */
	bool		 fault;
};

/* Where id is, or would stand. */
static size_t
seen_place(const struct seen *s, int64_t id)
{
	size_t low = 0, high = s->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->id[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* CG_UNKNOWN: it was not there, and now is. */
static enum cg_err
seen_put(struct seen *s, int64_t id)
{
	size_t at = seen_place(s, id), cap;
	int64_t *p;

	if (at < s->n && s->id[at] == id)
		return CG_OK;
	if (s->n == s->cap) {
		cap = s->cap == 0 ? 1024 : 2 * s->cap;
		if ((p = realloc(s->id, cap * sizeof(*p))) == NULL)
			return CG_NOMEM;
		s->id = p;
		s->cap = cap;
	}
	memmove(s->id + at + 1, s->id + at, (s->n - at) * sizeof(*s->id));
	s->id[at] = id;
	s->n++;
	return CG_UNKNOWN;
}

/* Forget what lies before the edge, with it. */
static void
seen_forget(struct seen *s, int64_t edge)
{
	size_t at = seen_place(s, edge + 1);

	if (at > 0)
		memmove(s->id, s->id + at, (s->n - at) * sizeof(*s->id));
	s->n -= at;
}

static void
follow_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	struct follow *f = arg;
	enum cg_err e;
	int64_t id;

	if (value == NULL) {
		out_row(f->out, name, NULL, n);
		return;
	}
	if (cg_str_i64(value[0], 0, INT64_MAX, &id) != CG_OK)
		return;
	e = seen_put(&f->seen, id);
	f->fault = f->fault || e == CG_NOMEM;
	if (e == CG_UNKNOWN && id > f->start)
		out_row(f->out, name, value, n);
}

/* ---- those that are there already ---- */

/* They come the newest first: the last is the oldest. */
static void
tail_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	int64_t *oldest = arg, id;

	(void)name;
	(void)n;
	if (value != NULL && cg_str_i64(value[0], 0, INT64_MAX, &id) == CG_OK)
		*oldest = id;
}

/* The id behind which the last punches stand that shall be printed. */
static enum cg_err
tail_start(struct follow *f, int64_t newest, int64_t *start)
{
	int64_t oldest = newest + 1;
	enum cg_err e;

	e = cg_report_run(f->cli->db, CG_REPORT_PUNCHES, (struct cg_str[]){
	    cli_given(f->cli, CLI_SN, ""), cli_given(f->cli, CLI_PIN, ""),
	    cg_lit(""), cg_lit(""), cli_given(f->cli, CLI_LIMIT, TAIL) }, 5,
	    tail_row, &oldest);
	*start = oldest - 1;
	return e;
}

static enum cg_err
look(struct follow *f, int64_t after)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)after);
	return cg_report_run(f->cli->db, CG_REPORT_PUNCHES_NEW, (struct cg_str[]){
	    cli_given(f->cli, CLI_SN, ""), cli_given(f->cli, CLI_PIN, ""),
	    cg_str_of(text) }, 3, follow_row, f);
}

/* ---- and those that come ---- */

/*
 * What was there before is remembered, the last ones are printed: in one
 * look, so that no punch gets between the two.
 */
static enum cg_err
begin(struct follow *f)
{
	int64_t newest, edge;
	enum cg_err e;

	if ((e = cg_punch_newest(f->cli->db, &newest)) != CG_OK ||
	    (e = tail_start(f, newest, &f->start)) != CG_OK)
		return e;
	edge = newest > FIRST_BACK ? newest - FIRST_BACK : 0;
	for (size_t i = 0; i < LOOK_BACK; i++)
		f->edge[i] = edge;
	e = look(f, f->start < edge ? f->start : edge);
	f->start = -1;
	return e;
}

static enum cg_err
again(struct follow *f)
{
	int64_t edge = f->edge[f->next], newest;
	enum cg_err e;

	/* newest first: what comes after it is below no edge to be */
	if ((e = cg_db_open(f->cli->db)) != CG_OK ||
	    (e = cg_punch_newest(f->cli->db, &newest)) != CG_OK ||
	    (e = look(f, edge)) != CG_OK)
		return e;
	seen_forget(&f->seen, edge);
	f->edge[f->next] = newest;
	f->next = (f->next + 1) % LOOK_BACK;
	return CG_OK;
}

static void
second(void)
{
	nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
}

/* A database that is away for a while ends nothing. */
static int
rounds(struct follow *f)
{
	enum cg_err e = begin(f);
	bool away = false;

	if (e != CG_OK)
		return e == CG_NOMEM ? cli_fail("no memory") :
		    cli_db_fault(f->cli, "punch list");
	for (;;) {
		cg_db_rollback(f->cli->db);
		if (!out_flush(f->out))
			return cli_fail("the output could not be written");
		if (f->fault)
			return cli_fail("no memory");
		second();
		e = again(f);
		if (e != CG_OK && !away)
			cli_complain("%s; trying on", cg_db_why(f->cli->db));
		away = e != CG_OK;
	}
}

int
cli_punch_follow(struct cli *cli)
{
	struct follow f = { .cli = cli };
	int status;

	if (cli->option[CLI_FROM] != NULL || cli->option[CLI_TO] != NULL)
		return cli_misuse("--follow shows what comes: it goes without --from "
		    "and --to");
	if ((status = cli_limit(cli)) != 0)
		return status;
	if ((f.out = out_new(cli->format, stdout)) == NULL)
		return cli_fail("no memory");
	out_stream(f.out);
	status = rounds(&f);
	out_drop(f.out);
	free(f.seen.id);
	return status;
}
