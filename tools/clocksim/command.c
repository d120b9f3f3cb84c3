/* What the server has clocks do (spec VI, notes 2, 7). */
#include "config.h"

#include "sim.h"

#include <stdlib.h>
#include <string.h>

/* ---- results ---- */

struct post *
post_add(struct clock *c, bool result)
{
	struct post *p = grow(NULL, 1, sizeof(*p));

	memset(p, 0, sizeof(*p));
	p->result = result;
	*c->post_end = p;
	c->post_end = &p->next;
	return p;
}

void
post_drop(struct clock *c)
{
	struct post *p = c->post;

	if ((c->post = p->next) == NULL)
		c->post_end = &c->post;
	text_free(&p->query);
	text_free(&p->body);
	free(p);
}

static struct post *
post_last(struct clock *c)
{
	struct post *p = c->post;

	while (p != NULL && p->next != NULL)
		p = p->next;
	return p;
}

struct text *
result_alone(struct clock *c)
{
	struct post *p = post_add(c, true);

	p->alone = true;
	return &p->body;
}

/* Clocks send many results at once; those of the seed one at a time. */
void
result_add(struct clock *c, const char *id, int code, const char *echo)
{
	struct post *p = post_last(c);

	clock_say(c, "command %s: %s, Return=%d", id, echo, code);
	if (p == NULL || !p->result || p->alone || p->body.n > 8000)
		p = post_add(c, true);
	p->alone = c->plan->dialect == TFT;
	if (c->plan->dialect == TFT)
		text_putf(&p->body, "ID=%s&SN=%s&Return=%d&CMD=%s\n", id, c->sn,
		    code, echo);
	else
		text_putf(&p->body, "ID=%s&Return=%d&CMD=%s\n", id, code, echo);
}

/* ---- single commands ---- */

static int
run_nothing(struct clock *c, const char *id, struct cg_str args)
{
	(void)c;
	(void)id;
	return args.n > 0 ? BAD_FIELD : DONE;
}

/* It asks for its options again, and sends what is new (notes 7). */
static int
run_check(struct clock *c, const char *id, struct cg_str args)
{
	c->met = false;
	c->tell_options = true;
	c->send_now = true;
	return run_nothing(c, id, args);
}

static int
run_log(struct clock *c, const char *id, struct cg_str args)
{
	c->send_now = true;
	return run_nothing(c, id, args);
}

static int
run_reload(struct clock *c, const char *id, struct cg_str args)
{
	c->tell_options = true;
	return run_nothing(c, id, args);
}

static int
run_info(struct clock *c, const char *id, struct cg_str args)
{
	struct text *t = result_alone(c);

	(void)args;
	text_putf(t, "ID=%s&Return=0&CMD=INFO\n", id);
	facts_put(c, t, '\n');
	clock_say(c, "command %s: INFO, Return=0", id);
	return LATER;
}

/* What is not sent yet is lost, no result comes, and it starts anew. */
static int
run_reboot(struct clock *c, const char *id, struct cg_str args)
{
	(void)args;
	clock_say(c, "command %s: REBOOT", id);
	while (c->post != NULL)
		post_drop(c);
	text_clear(&c->queue);
	c->met = false;
	operation_add(c, 0, "0", "0");
	return LATER;
}

/* Options with ~ are the maker's (notes 7). */
static int
run_set_option(struct clock *c, const char *id, struct cg_str args)
{
	size_t eq = cg_str_chr(args, '=');

	(void)id;
	if (eq == 0 || eq == args.n)
		return BAD_FIELD;
	if (args.p[0] == '~')
		return NOT_SUPPORTED;
	option_set(&c->option, cg_str_head(args, eq), cg_str_from(args, eq + 1));
	return DONE;
}

/* The value arrives as an upload of options, for want of another form. */
static int
run_get_option(struct clock *c, const char *id, struct cg_str args)
{
	struct text all = { NULL, 0, 0 };
	struct cg_str value;
	struct post *p;
	char name[64];

	(void)id;
	snprintf(name, sizeof(name), "%.*s", (int)(args.n < 63 ? args.n : 63),
	    args.p);
	facts_put(c, &all, '\n');
	value = field(text_str(&all), '\n', name);
	if (value.p != NULL) {
		p = post_add(c, false);
		p->alone = true;
		text_putz(&p->query, "table=options");
		text_putf(&p->body, "%s=%.*s", name, (int)value.n, value.p);
	}
	text_free(&all);
	return value.p != NULL ? DONE : NO_MATCH;
}

/* Never really runs anything. */
static int
run_shell(struct clock *c, const char *id, struct cg_str args)
{
	struct text *t;

	if (args.n == 0)
		return BAD_FIELD;
	t = result_alone(c);
	text_putf(t, "ID=%s\nSN=%s\nReturn=0\nCMD=Shell\n"
	    "FILENAME=shellout.txt\nContent=", id, c->sn);
	if (cg_str_istarts(args, cg_lit("ls")))
		text_putz(t, "auto.sh\ndata\noptions.cfg\n");
	else
		text_putf(t, "simulated: %.*s\n", (int)args.n, args.p);
	clock_say(c, "command %s: Shell, Return=0", id);
	return LATER;
}

/* ---- all of them ---- */

#define T(table)	(1u << (table))
#define L(log)		(1u << (log))
#define ALL_TABLES	(T(TABLE__MAX) - 1)
#define ALL_LOGS	(L(LOG__MAX) - 1)

/* The first that fits is taken: "CLEAR ALL BELL" before "CLEAR". */
/* clang-format off */
static const struct verb verbs[] = {
	{ "CHECK",		"CHECK",	run_check, 0, 0 },
	{ "INFO",		"INFO",		run_info, 0, 0 },
	{ "LOG",		"LOG",		run_log, 0, 0 },
	{ "REBOOT",		"REBOOT",	run_reboot, 0, 0 },
	{ "RELOAD OPTIONS",	"RELOAD OPTIONS", run_reload, 0, 0 },
	{ "SHELL",		"Shell",	run_shell, 0, 0 },
	{ "CLEAR LOG",		"CLEAR LOG",	run_nothing, 0, L(ATTLOG) },
	{ "CLEAR DATA",		"CLEAR DATA",	run_nothing, ALL_TABLES, ALL_LOGS },
	{ "CLEAR PHOTO",	"CLEAR PHOTO",	run_nothing, 0, L(ATTPHOTO) },
	{ "CLEAR BIODATA",	"CLEAR BIODATA", run_nothing, T(BIODATA) | T(BIOPHOTO), 0 },
	{ "CLEAR ALL USERINFO",	"CLEAR ALL USERINFO", run_nothing, T(USERINFO), 0 },
	{ "CLEAR ALL BELL",	"CLEAR ALL BELL", run_nothing, T(BELL), 0 },
	{ "RESET ALL FUNCKEYS",	"RESET ALL FUNCKEYS", run_nothing, T(FUNCTIONKEY) | T(SHORTKEY), 0 },
	{ "RESET ALL TIMEZONE",	"RESET ALL TIMEZONE", run_nothing, T(TIMEZONE), 0 },
	{ "SET OPTION",		"SET OPTION",	run_set_option, 0, 0 },
	{ "GET OPTION FROM",	"GET OPTION",	run_get_option, 0, 0 },
	{ "DATA",		"DATA",		data_run, 0, 0 },
	{ "FP",			"DATA",		data_run, 0, 0 },
	{ "AC_UNLOCK",		"AC_UNLOCK",	run_nothing, 0, 0 },
	{ "AC_UNALARM",		"AC_UNALARM",	run_nothing, 0, 0 },
	{ "GetFile",		"GetFile",	file_get, 0, 0 },
	{ "PutFile",		"PutFile",	file_put, 0, 0 },
	{ "VERIFY SUM ATTLOG",	"VERIFY SUM ATTLOG", verify_sum, 0, 0 },
	{ "ENROLL_FP",		"ENROLL_FP",	enroll_fp, 0, 0 },
	{ "ENROLL_BIO",		"ENROLL_BIO",	enroll_bio, 0, 0 },
	{ "ENROLL_MF",		"ENROLL_MF",	enroll_card, 0, 0 },
	{ "UPGRADE",		"UPGRADE",	upgrade, 0, 0 },
};
/* clang-format on */

_Static_assert(CG_LEN(verbs) <= VERBS_MAX, "what a clock counts");

static const struct verb *
verb_find(struct cg_str body, struct cg_str *args)
{
	struct cg_str name;

	for (size_t i = 0; i < CG_LEN(verbs); i++) {
		name = cg_str_of(verbs[i].name);
		if (!cg_str_istarts(body, name))
			continue;
		*args = cg_str_from(body, name.n);
		if (args->n == 0)
			return &verbs[i];
		if (args->p[0] != ' ')
			continue;
		*args = cg_str_from(*args, 1);
		return &verbs[i];
	}
	return NULL;
}

static void
clear(struct clock *c, const struct verb *v)
{
	for (enum table_id t = 0; t < TABLE__MAX; t++)
		if ((v->tables & T(t)) != 0)
			table_clear(c, t);
	for (enum log_id l = 0; l < LOG__MAX; l++)
		if ((v->logs & L(l)) != 0)
			log_clear(&c->log[l]);
}

static void
run(struct clock *c, const char *id, struct cg_str body)
{
	const struct verb *v;
	struct cg_str args;
	int code;

	if ((v = verb_find(body, &args)) == NULL) {
		result_add(c, id, NO_COMMAND, "UNKNOWN CMD");
		return;
	}
	if (v->run == data_run && v->name[0] == 'F')
		args = body;
	if ((code = v->run(c, id, args)) == DONE)
		clear(c, v);
	if (code == DONE || code == LATER)
		c->done[v - verbs]++;
	if (code != LATER)
		result_add(c, id, code, v->echo);
}

/* "C:id:body"; firmware drops any other line without a word (notes 3.4). */
static bool
line_ok(struct cg_str line)
{
	size_t colon;

	if (!cg_str_starts(line, cg_lit("C:")))
		return false;
	line = cg_str_from(line, 2);
	colon = cg_str_chr(line, ':');
	return colon > 0 && colon <= ID_MAX && colon + 1 < line.n;
}

/* A last line without its end is never executed (notes 3.4). */
unsigned
commands_take(struct clock *c, struct cg_str body)
{
	struct cg_str line;
	unsigned n = 0;
	size_t end;

	while ((end = cg_str_chr(body, '\n')) < body.n) {
		line = cg_str_head(body, end);
		body = cg_str_from(body, end + 1);
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line_ok(line))
			continue;
		text_put(&c->queue, line);
		text_putz(&c->queue, "\n");
		n++;
	}
	return n;
}

void
commands_run(struct clock *c)
{
	struct cg_str line, rest, body;
	struct text now;
	char id[ID_MAX + 1];
	size_t colon;

	while (c->queue.n > 0 && c->fetch.url == NULL) {
		now = c->queue;
		c->queue = (struct text){ NULL, 0, 0 };
		rest = text_str(&now);
		if (cg_str_line(&rest, &line)) {
			text_put(&c->queue, rest);
			body = cg_str_from(line, 2);
			colon = cg_str_chr(body, ':');
			snprintf(id, sizeof(id), "%.*s", (int)colon, body.p);
			run(c, id, cg_str_from(body, colon + 1));
		}
		text_free(&now);
	}
}

void
commands_dump(const struct clock *c, FILE *f)
{
	for (size_t i = 0; i < CG_LEN(verbs); i++)
		if (c->done[i] > 0)
			fprintf(f, "%s\tdone\t%s\t%u\n", c->sn, verbs[i].name,
			    c->done[i]);
}
