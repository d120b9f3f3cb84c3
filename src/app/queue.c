#include "config.h"

#include "queue.h"
#include "work.h"

#define FRAME_MAX	32	/* "C:", digits, ":", LF */

struct answer {
	struct cg_app		*app;
	const struct cg_device	*device;
	struct cg_arena		*arena;
	struct cg_limits	 limits;
	enum cg_verbs		 verbs;
	struct cg_buf		 out;
	unsigned		 n;
};

static enum cg_verbs
verbs_of(struct cg_str dialect)
{
	if (cg_str_ieq(dialect, cg_lit("old")))
		return CG_VERBS_OLD;
	return cg_str_ieq(dialect, cg_lit("new")) ? CG_VERBS_NEW : CG_VERBS_AUTO;
}

static enum cg_verbs
usual_verbs(const struct cg_conf *conf)
{
	const struct cg_option *o = cg_option_find(cg_lit("Dialect"));

	return verbs_of(conf->option[o - cg_options]);
}

static void
take_setting(void *arg, struct cg_str name, struct cg_str value)
{
	struct answer *a = arg;

	if (cg_str_ieq(name, cg_lit("Dialect")))
		a->verbs = verbs_of(value);
	else
		cg_limits_set(&a->limits, name, value);
}

/* A larger command goes alone: the buffer is as large as the first one needs. */
static enum cg_err
make_room(struct answer *a, size_t line)
{
	if (a->n == 0) {
		cg_buf_init(&a->out, a->arena,
		    line > a->limits.bytes ? line : a->limits.bytes);
		return a->out.full ? CG_NOMEM : CG_OK;
	}
	return line <= a->out.cap - a->out.n ? CG_OK : CG_LIMIT;
}

/* One line "C:id:body", in the clock's character set. */
static enum cg_err
put_command(void *arg, int64_t id, struct cg_str body, char why[CG_WHY_MAX])
{
	struct answer *a = arg;
	const char *charset = cg_charset_of(a->app, a->device);
	struct cg_str text;
	enum cg_err e;
	char head[FRAME_MAX];
	int n;
	bool clean;

	if (body.p == NULL) {
		cg_log(&a->app->log, CG_LOG_ERROR, "sn=%s event=command-locked "
		    "id=%lld err=\"%s\"", a->device->sn, (long long)id, why);
		return CG_OK;
	}
	if ((e = cg_text_clock(&a->app->charsets, charset, body, a->arena, &text,
	    &clean)) != CG_OK)
		return e;
	if (!clean) {
		snprintf(why, CG_WHY_MAX, "it holds characters that the clock's "
		    "character set %s has not", charset);
		return CG_SYNTAX;
	}
	n = snprintf(head, sizeof(head), "C:%lld:", (long long)id);
	if ((e = make_room(a, (size_t)n + text.n + 1)) != CG_OK)
		return e;
	cg_buf_put(&a->out, (struct cg_str){ head, (size_t)n });
	cg_buf_put(&a->out, text);
	cg_buf_putz(&a->out, "\n");
	a->n++;
	return CG_OK;
}

static unsigned
allowed(const struct cg_conf *conf)
{
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < CG_DANGER__MAX; i++)
		if (conf->allow[i] != 0)
			bits |= 1u << i;
	return bits;
}

enum cg_err
cg_queue_answer(struct cg_app *app, const struct cg_device *d,
    struct cg_arena *arena, struct cg_str *body)
{
	struct answer a = {
		.app = app, .device = d, .arena = arena,
		.limits = app->conf.commands
	};
	struct cg_terms terms;
	bool any;
	enum cg_err e;

	if ((e = cg_work_for(app, d, &any)) != CG_OK || !any)
		return e;
	a.verbs = usual_verbs(&app->conf);
	if ((e = cg_db_open(app->db)) != CG_OK ||
	    (e = cg_settings_each(app->db, d->id, take_setting, &a)) !=
	    CG_OK)
		return e;
	terms = (struct cg_terms){
		.limit = a.limits.limit, .timeout = a.limits.timeout,
		.attempts = a.limits.attempts, .verbs = a.verbs,
		.allowed = allowed(&app->conf),
		.privacy = cg_privacy_of(&app->conf, d),
	};
	e = cg_command_claim(app->db, cg_str_of(d->sn), &terms, arena,
	    put_command, &a);
	if (e == CG_OK && a.n > 0)
		*body = cg_buf_str(&a.out);
	if (e == CG_OK && a.n == 0)	/* then it may be for this */
		e = cg_command_hide(app->db, cg_str_of(d->sn));
	return e == CG_UNKNOWN ? CG_OK : e;
}
