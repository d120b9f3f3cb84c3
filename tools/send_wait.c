/*
 * What was queued, and how it goes on.
 */
#include "config.h"

#include "send.h"

#include <string.h>
#include <time.h>

#define LOOK		250	/* milliseconds between two looks at least */
#define LOOK_JOB	5	/* and for each job that is open */

static struct cg_str
number(char out[24], int64_t n)
{
	snprintf(out, 24, "%lld", (long long)n);
	return cg_str_of(out);
}

static void
job_row(struct out *out, const struct job *j, bool results)
{
	static const char *const name[] = { "id", "device_sn", "name", "state",
	    "attempts", "return_code", "rows_received", "reason" };
	char id[24], attempts[24], code[24], rows[24];

	out_row(out, name, (struct cg_str[]){ number(id, j->id),
	    cg_str_of(j->sn), cg_str_of(j->order->command->name),
	    cg_str_of(cg_command_state_name(j->now.state)),
	    number(attempts, j->now.attempts), j->now.code != CG_NONE ?
	    number(code, j->now.code) : (struct cg_str){ NULL, 0 },
	    number(rows, (int64_t)j->now.rows), cg_str_of(j->now.reason) },
	    results ? CG_LEN(name) : 4);
}

int
send_print(struct send *s, bool results)
{
	struct out *out = out_new(s->cli->format, stdout);

	if (out == NULL)
		return cli_fail("no memory");
	for (size_t i = 0; i < s->njob; i++)
		job_row(out, &s->job[i], results);
	return out_end(out) ? 0 : cli_fail("the output could not be written");
}

/* ---- wait ---- */

static bool
settled(const struct job *j)
{
	return j->now.state != CG_COMMAND_QUEUED && j->now.state != CG_COMMAND_SENT;
}

/* One line for each step of a command. */
static void
tell(const struct job *j)
{
	const char *state = cg_command_state_name(j->now.state);
	char reason[4 * CG_WHY_MAX + 1];

	fprintf(stderr, "%lld %s %s: %s", (long long)j->id, j->sn,
	    j->order->command->name, state);
	if (j->now.state == CG_COMMAND_SENT && j->now.attempts > 1)
		fprintf(stderr, ", attempt %u", j->now.attempts);
	(void)out_escape(cg_str_of(j->now.reason), reason);
	if (settled(j) && j->now.reason[0] != '\0' &&
	    strcmp(j->now.reason, state) != 0)
		fprintf(stderr, ", %s", reason);
	fputc('\n', stderr);
}

static enum cg_err
job_look(struct send *s, struct job *j)
{
	struct cg_progress now;
	enum cg_err e = cg_command_progress(s->cli->db, j->id, &now);
	bool news;

	if (e != CG_OK)
		return e;
	news = now.state != j->now.state || now.attempts != j->now.attempts;
	j->now = now;
	if (news)
		tell(j);
	return CG_OK;
}

static enum cg_err
look(struct send *s, size_t *open)
{
	enum cg_err e = CG_OK;

	*open = 0;
	for (size_t i = 0; e == CG_OK && i < s->njob; i++) {
		if (!settled(&s->job[i]))
			e = job_look(s, &s->job[i]);
		*open += !settled(&s->job[i]);
	}
	cg_db_rollback(s->cli->db);
	return e;
}

static int64_t
milliseconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
verdict(struct send *s, size_t open, uint32_t seconds)
{
	int status = 0;

	if ((status = send_print(s, true)) != 0)
		return status;
	for (size_t i = 0; i < s->njob; i++) {
		if (s->job[i].now.state != CG_COMMAND_DONE)
			status = EXIT_FAULT;
		if (open > 0 && !settled(&s->job[i]))
			cli_complain("no result after %u s; it stays in the queue; "
			    "type: clockgate command show %lld", (unsigned)seconds,
			    (long long)s->job[i].id);
	}
	return status;
}

/* Each look costs a statement for every open job. */
static void
pause_until(int64_t end, size_t open)
{
	int64_t left = end - milliseconds(), ms = (int64_t)open * LOOK_JOB;

	ms = ms < LOOK ? LOOK : ms;
	if (left > 0 && ms > left)
		ms = left;
	nanosleep(&(struct timespec){ .tv_sec = (time_t)(ms / 1000),
	    .tv_nsec = (long)(ms % 1000 * 1000000) }, NULL);
}

int
send_wait(struct send *s, uint32_t seconds)
{
	int64_t end = milliseconds() + (int64_t)seconds * 1000;
	size_t open = s->njob;
	enum cg_err e;

	for (size_t i = 0; i < s->njob; i++)
		tell(&s->job[i]);
	do {
		pause_until(end, open);
		if ((e = look(s, &open)) == CG_UNKNOWN)
			return cli_fail("a command is gone from the queue");
		if (e != CG_OK)
			return cli_db_fault(s->cli, "wait");
	} while (open > 0 && milliseconds() < end);
	return verdict(s, open, seconds);
}
