/* DATA UPDATE, DELETE and QUERY, and VERIFY SUM (spec VI.7, VI.11). */
#include "config.h"

#include "sim.h"

#include <string.h>

/* What clocks before 2.0 call it (notes 7). */
struct old_verb {
	const char	*name;
	bool		 remove;
	enum table_id	 table;
};

static const struct old_verb old_verbs[] = {
	{ "USER", false, USERINFO },
	{ "FP", false, FINGERTMP },
	{ "DEL_USER", true, USERINFO },
	{ "DEL_FP", true, FINGERTMP },
};

/* The next word of *args; what follows it stays there. */
static struct cg_str
word(struct cg_str *args)
{
	size_t n = cg_str_chr(*args, ' ');
	struct cg_str w = cg_str_head(*args, n);

	*args = cg_str_from(*args, n < args->n ? n + 1 : n);
	return w;
}

static int
update(struct clock *c, const char *id, enum table_id t, struct cg_str fields)
{
	struct cg_str url = field(fields, '\t', "Url");

	if ((t != BIOPHOTO && t != USERPIC) || url.n == 0 ||
	    field(fields, '\t', "Content").n > 0)
		return table_update(c, t, fields);
	fetch_start(c, id, url, fields, t, "DATA");
	return LATER;
}

static int
old_form(struct clock *c, const char *id, struct cg_str verb,
    struct cg_str fields)
{
	for (size_t i = 0; i < CG_LEN(old_verbs); i++)
		if (cg_str_ieq(verb, cg_str_of(old_verbs[i].name)))
			return old_verbs[i].remove ?
			    table_delete(c, old_verbs[i].table, fields) :
			    update(c, id, old_verbs[i].table, fields);
	return NOT_SUPPORTED;
}

/* ---- query ---- */

static struct text *
upload(struct clock *c, const char *table)
{
	struct post *p = post_add(c, false);

	p->alone = true;
	text_putf(&p->query, "table=%s&%s=9999", table,
	    strcmp(table, "OPERLOG") == 0 ? "OpStamp" : "Stamp");
	return &p->body;
}

/* FW231 answers in tables of their own, later clocks in OPERLOG. */
static const char *
upload_table(const struct clock *c, enum table_id t)
{
	if (t == BIODATA)
		return "BIODATA";
	return c->plan->dialect == OLD ? tables[t].name : "OPERLOG";
}

static int
query_table(struct clock *c, enum table_id t, struct cg_str fields)
{
	struct cg_str pin = field(fields, '\t', "PIN");
	struct text *out = NULL;

	if (pin.n > 0 && user_find(c, pin) == NULL)
		return NO_USER;
	if (t == BIODATA && field(fields, '\t', "Type").n == 0)
		return BAD_FIELD;
	for (const struct row *r = c->row[t]; r != NULL; r = r->next) {
		if (!row_matches(r, &tables[t], fields))
			continue;
		if (out == NULL || out->n > 32000)
			out = upload(c, upload_table(c, t));
		table_line(&tables[t], r, out);
		text_putz(out, "\n");
	}
	return out != NULL ? DONE : NO_MATCH;
}

static bool
span(struct cg_str fields, int64_t *from, int64_t *to)
{
	return wall_read(field(fields, '\t', "StartTime"), from) &&
	    wall_read(field(fields, '\t', "EndTime"), to);
}

static int
query_log(struct clock *c, enum log_id l, struct cg_str fields)
{
	const struct log *log = &c->log[l];
	struct text *out = NULL;
	int64_t from, to;

	if (!span(fields, &from, &to))
		return BAD_FIELD;
	for (size_t i = 0; i < log->n; i++) {
		if (log->record[i].at < from || log->record[i].at > to)
			continue;
		if (out == NULL || l == ATTPHOTO || out->n > 8000)
			out = upload(c, log_name[l]);
		text_put(out, (struct cg_str){ log->record[i].p,
		    log->record[i].n });
		if (l == ATTLOG)
			text_putz(out, "\n");
	}
	return out != NULL ? DONE : NO_MATCH;
}

static int
query(struct clock *c, struct cg_str table, struct cg_str fields)
{
	enum table_id t = table_find(table);

	if (cg_str_ieq(table, cg_lit("ATTLOG")))
		return query_log(c, ATTLOG, fields);
	if (cg_str_ieq(table, cg_lit("ATTPHOTO")))
		return query_log(c, ATTPHOTO, fields);
	if (t == USERINFO || t == FINGERTMP || t == BIODATA)
		return query_table(c, t, fields);
	return NO_TABLE;
}

int
data_run(struct clock *c, const char *id, struct cg_str args)
{
	struct cg_str verb = word(&args), table;
	bool is_update = cg_str_ieq(verb, cg_lit("UPDATE"));
	bool is_delete = cg_str_ieq(verb, cg_lit("DELETE"));
	enum table_id t;

	if (!is_update && !is_delete && !cg_str_ieq(verb, cg_lit("QUERY")))
		return c->plan->dialect == OLD ? old_form(c, id, verb, args) :
		    NOT_SUPPORTED;
	table = word(&args);
	if (!is_update && !is_delete)
		return query(c, table, args);
	if ((t = table_find(table)) == TABLE__MAX)
		return NO_TABLE;
	if (c->plan->dialect == OLD && (t == USERINFO || t == FINGERTMP))
		return NOT_SUPPORTED;
	return is_update ? update(c, id, t, args) : table_delete(c, t, args);
}

int
verify_sum(struct clock *c, const char *id, struct cg_str args)
{
	struct cg_str start = field(args, '\t', "StartTime");
	struct cg_str end = field(args, '\t', "EndTime");
	const struct log *log = &c->log[ATTLOG];
	int64_t from, to;
	size_t n = 0;

	if (!span(args, &from, &to))
		return BAD_FIELD;
	for (size_t i = 0; i < log->n; i++)
		n += log->record[i].at >= from && log->record[i].at <= to;
	text_putf(result_alone(c), "ID=%s&Return=0&CMD=VERIFY SUM ATTLOG"
	    "&StartTime=%.*s&EndTime=%.*s&%s=%zu\n", id, (int)start.n, start.p,
	    (int)end.n, end.p,
	    c->plan->dialect == OLD ? "AttlogCount" : "AttlogSum", n);
	return LATER;
}
