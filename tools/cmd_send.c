/* command send, command raw, command cancel. */
#include "config.h"

#include "send.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define ARENA_MAX	((size_t)1 << 30)
#define WAIT		"120"		/* seconds */
#define SECONDS_MAX	31536000

/* ---- which clocks ---- */

static int
clock_put(struct send *s, const char *sn)
{
	void *array = s->sn;

	for (size_t i = 0; i < s->nsn; i++)
		if (strcmp(s->sn[i], sn) == 0)
			return 0;
	if (!send_room(s, &array, s->nsn, &s->capsn, sizeof(*s->sn)))
		return cli_fail("no memory");
	s->sn = array;
	s->sn[s->nsn++] = sn;
	return 0;
}

static int
clock_add(struct send *s, struct cg_str word)
{
	const char *sn = cg_arena_dup(s->arena, word);
	struct cg_device device;
	int status;

	if (sn == NULL)
		return cli_fail("no memory");
	if ((status = cli_device(s->cli, sn, &device)) != 0)
		return status;
	if (device.status != CG_DEVICE_ACTIVE)
		return cli_fail("clock %s is not served; to admit it, type: "
		    "clockgate device approve %s", sn, sn);
	return clock_put(s, sn);
}

static int
clocks_add(struct send *s, const char *list)
{
	struct cg_str rest = cg_str_of(list), word;
	int status;

	while (cg_str_cut(&rest, ',', &word))
		if ((status = clock_add(s, word)) != 0)
			return status;
	return 0;
}

struct active {
	struct send	*send;
	int		 status;	/* of the first that could not be kept */
};

static void
active_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	struct active *a = arg;
	const char *sn;

	for (size_t i = 0; value != NULL && a->status == 0 && i < n; i++)
		if (strcmp(name[i], "sn") == 0)
			a->status = (sn = cg_arena_dup(a->send->arena, value[i])) !=
			    NULL ? clock_put(a->send, sn) : cli_fail("no memory");
}

static int
clocks_all(struct send *s)
{
	struct cg_str status = cg_lit("active");
	struct active all = { s, 0 };

	if (cg_report_run(s->cli->db, CG_REPORT_DEVICES, &status, 1, active_row,
	    &all) != CG_OK)
		return cli_db_fault(s->cli, "device list");
	if (all.status != 0)
		return all.status;
	return s->nsn > 0 ? 0 : cli_fail("no clock is active; type: clockgate "
	    "device list");
}

/* The clocks, and the words behind them. */
static int
clocks_take(struct send *s)
{
	struct cli *cli = s->cli;
	int status;

	if (cli->option[CLI_ALL] != NULL)
		return clocks_all(s);
	if (cli->nword == 0)
		return cli_misuse("for which clocks? type: clockgate %s %s SN[,SN...] "
		    "..., or --all", cli->command->group, cli->command->verb);
	status = clocks_add(s, cli->word[0]);
	cli->word++;
	cli->nword--;
	return status;
}

/* ---- what is dangerous ---- */

/* That somebody tried is a row of the audit, too. */
static int
refuse(struct send *s, const struct order *o)
{
	struct cg_audit a = { .action = CG_AUDIT_REFUSED, .class = o->danger,
	    .who = cg_str_of(cli_user()),
	    .sn = cg_str_of(s->nsn == 1 ? s->sn[0] : ""),
	    .body = o->body, .result = cg_lit("not allowed or not open: "
	    "nothing was queued") };
	enum cg_err e = cg_audit_put(s->cli->db, &a);

	if (e == CG_OK)
		e = cg_db_commit(s->cli->db);
	if (e == CG_OK)
		return EXIT_FAULT;
	cg_db_rollback(s->cli->db);
	return cli_db_fault(s->cli, "audit");
}

static int
allowed(struct send *s)
{
	bool loaded = false;
	int status;

	for (size_t i = 0; i < s->norder; i++) {
		const struct order *o = &s->order[i];

		if (o->danger == CG_SAFE)
			continue;
		if (!loaded && (status = cli_dangers(s->cli, &s->open)) != 0)
			return status;
		loaded = true;
		if (cli_may_send(s->cli, &s->open, o->danger,
		    o->command->name) != 0)
			return refuse(s, o);
	}
	return 0;
}

static const struct order *
first_danger(const struct send *s, size_t *n)
{
	const struct order *first = NULL;

	*n = 0;
	for (size_t i = 0; i < s->norder; i++)
		if (s->order[i].danger != CG_SAFE) {
			first = first != NULL ? first : &s->order[i];
			++*n;
		}
	return first;
}

static int
confirm(const struct send *s)
{
	size_t n;
	const struct order *o = first_danger(s, &n);

	if (o == NULL || s->cli->option[CLI_YES] != NULL)
		return 0;
	if (isatty(STDIN_FILENO) == 0)
		return cli_fail("%s is dangerous: %s; to do it without being asked, "
		    "type --yes, too", o->command->name, o->command->doc);
	fprintf(stderr, "%s: %s\n", o->command->name, o->command->doc);
	if (n > 1)
		fprintf(stderr, "and %zu more dangerous commands\n", n - 1);
	fputs("to", stderr);
	for (size_t i = 0; i < s->nsn && i < 10; i++)
		fprintf(stderr, " %s", s->sn[i]);
	if (s->nsn > 10)
		fprintf(stderr, " and %zu more", s->nsn - 10);
	fputc('\n', stderr);
	return cli_agreed() ? 0 : cli_fail("nothing was queued");
}

/* ---- queue ---- */

static int
seconds(const struct cli *cli, enum cli_option o, const char *otherwise,
    uint32_t *out)
{
	struct cg_str s = cli_given(cli, o, otherwise);

	if (s.n == 0)
		s = cg_str_of(otherwise);
	if (cg_str_u32(s, SECONDS_MAX, out) == CG_OK && *out > 0)
		return 0;
	return cli_misuse("--%s %.*s: type seconds, 1 to %d", cli_option_name(o),
	    (int)s.n, s.p, SECONDS_MAX);
}

/* Of the clock, where it matters. */
static enum cg_err
privacy_of(struct send *s, const struct job *j, enum cg_privacy *out)
{
	struct cg_device device;
	enum cg_err e;

	if (!cg_command_secret(j->order->body))
		return CG_OK;
	e = cg_device_find(s->cli->db, cg_str_of(j->sn), &device);
	if (e == CG_OK)
		*out = cg_privacy_of(&s->cli->conf, &device);
	if (e == CG_OK && *out == CG_PRIVACY_VAULT)
		cli_keys_try(s->cli);
	return e;
}

static enum cg_err
queue_jobs(struct send *s, int64_t expires)
{
	const char *user = cli_user();
	enum cg_err e = CG_OK;

	if (s->next_key != NULL)
		e = cg_comm_key_next(s->cli->db, cg_str_of(s->sn[0]), s->next_key);
	for (size_t k = 0; e == CG_OK && k < s->njob; k++) {
		struct job *j = &s->job[k];
		enum cg_privacy privacy = CG_PRIVACY_RELAY;

		j->order = &s->order[k / s->nsn];
		j->sn = s->sn[k % s->nsn];
		j->now = (struct cg_progress){ .state = CG_COMMAND_QUEUED,
		    .code = CG_NONE };
		if ((e = privacy_of(s, j, &privacy)) != CG_OK)
			break;
		e = cg_command_queue(s->cli->db, &(struct cg_order){
		    .sn = cg_str_of(j->sn),
		    .name = cg_str_of(j->order->command->name),
		    .body = j->order->body, .created_by = cg_str_of(user),
		    .expires_utc = expires, .privacy = privacy, .why =
		    cg_str_of(s->open.of[j->order->danger].reason) }, &j->id);
	}
	return e == CG_OK ? cg_db_commit(s->cli->db) : e;
}

static int
queue_all(struct send *s)
{
	int64_t expires = CG_NO_UTC;
	uint32_t after;
	int status;

	if (s->cli->option[CLI_EXPIRES] != NULL) {
		if ((status = seconds(s->cli, CLI_EXPIRES, "0", &after)) != 0)
			return status;
		expires = (int64_t)time(NULL) + after;
	}
	s->njob = s->norder * s->nsn;
	s->job = cg_arena_get(s->arena, s->njob * sizeof(*s->job));
	if (s->job == NULL)
		return cli_fail("no memory");
	if (queue_jobs(s, expires) != CG_OK) {
		status = cli_db_fault(s->cli, "command send");
		cg_db_rollback(s->cli->db);
		return status;
	}
	for (size_t i = 0; i < s->nsn; i++)
		cli_notice(s->cli, s->sn[i]);
	return 0;
}

static int
finish(struct send *s)
{
	const struct cli *cli = s->cli;
	uint32_t wait = 0;
	int status;

	if (cli->option[CLI_WAIT] != NULL &&
	    (status = seconds(cli, CLI_WAIT, WAIT, &wait)) != 0)
		return status;
	if ((status = allowed(s)) != 0 || (status = confirm(s)) != 0 ||
	    (status = queue_all(s)) != 0)
		return status;
	if (s->made_key != NULL)
		fprintf(stderr, "%s: its next key is %s\n", s->sn[0], s->made_key);
	return wait > 0 ? send_wait(s, wait) : send_print(s, false);
}

/* ---- what was typed ---- */

static int
words_add(struct send *s)
{
	struct cli *cli = s->cli;
	const char *file = cli->option[CLI_FROM_FILE];
	struct cg_pair pair[PAIRS_MAX];
	size_t n = 0;
	int status;

	if (cli->nword == 0 && file == NULL)
		return cli_misuse("which command? type: clockgate command catalogue");
	if (cli->nword > PAIRS_MAX)
		return cli_misuse("too many fields");
	for (size_t i = 1; i < cli->nword; i++)
		if ((status = send_pair("", cli->word[0], cli->word[i],
		    &pair[n++])) != 0)
			return status;
	if (file != NULL)
		return send_read(s, file, cli->nword > 0 ? cli->word[0] : NULL,
		    pair, n);
	return send_add(s, "", cli->word[0], pair, n);
}

static int
raw_add(struct send *s)
{
	if (s->cli->nword != 1)
		return cli_misuse("type the command as one word, in quotes: clockgate "
		    "command raw SN 'DATA QUERY USERINFO'");
	return send_add_raw(s, s->cli->word[0]);
}

int
send_run(struct cli *cli, int (*add)(struct send *))
{
	struct send s = { .cli = cli };
	int status;

	if (cg_arena_new(ARENA_MAX, &s.arena) != CG_OK)
		return cli_fail("no memory");
	if ((status = clocks_take(&s)) == 0 && (status = add(&s)) == 0)
		status = finish(&s);
	cg_arena_free(s.arena);
	return status;
}

int
cli_command_send(struct cli *cli)
{
	return send_run(cli, words_add);
}

int
cli_command_raw(struct cli *cli)
{
	return send_run(cli, raw_add);
}

/* ---- cancel ---- */

static int
cancel(struct cli *cli, const char *word)
{
	int64_t id;
	enum cg_err e;
	int status;

	if ((status = cli_id(word, &id)) != 0)
		return status;
	e = cg_command_cancel(cli->db, id, cg_str_of(cli_user()));
	if (e == CG_UNKNOWN)
		return cli_fail("there is no command %s that still waits; type: "
		    "clockgate command show %s", word, word);
	if (e != CG_OK)
		return cli_db_fault(cli, "command cancel");
	printf("%s: cancelled\n", word);
	return 0;
}

int
cli_command_cancel(struct cli *cli)
{
	int64_t id;
	int status, worst = 0;

	for (size_t i = 0; i < cli->nword; i++)
		if ((status = cli_id(cli->word[i], &id)) != 0)
			return status;
	for (size_t i = 0; i < cli->nword; i++)
		if ((status = cancel(cli, cli->word[i])) != 0)
			worst = status;
	return worst;
}
