/*
 * From fields to the body of a command.
 */
#include "config.h"

#include "command.h"

#include <stdio.h>
#include <string.h>

const char *
cg_danger_name(enum cg_danger danger)
{
	static const char *const name[CG_DANGER__MAX] = {
		[CG_SAFE] = "",
		[CG_DANGER_SHELL] = "shell",
		[CG_DANGER_FILES] = "files",
		[CG_DANGER_WIPE] = "wipe",
		[CG_DANGER_NETWORK] = "network",
		[CG_DANGER_KEY] = "key",
	};

	return name[danger];
}

const struct cg_command *
cg_command_find(struct cg_str name)
{
	for (size_t i = 0; i < cg_ncommands; i++)
		if (cg_str_ieq(cg_str_of(cg_commands[i].name), name))
			return &cg_commands[i];
	return NULL;
}

static bool
is_raw(const struct cg_command *c)
{
	return c->verb[0] == '\0';
}

static enum cg_err
unknown_field(const struct cg_command *c, struct cg_str name,
    char why[CG_WHY_MAX])
{
	char shown[CG_VALUE_ROOM];
	size_t n = 0;

	for (; n < name.n && n < sizeof(shown) - 1; n++)
		shown[n] = name.p[n] >= ' ' && name.p[n] <= '~' ? name.p[n] :
		    '?';
	shown[n] = '\0';
	snprintf(why, CG_WHY_MAX, "%s: %s has no such field", shown, c->name);
	return CG_SYNTAX;
}

/* DAYS=MON-FRI: the seven fields in the order of the week. */
static enum cg_err
days_put(struct cg_given *g, size_t sunday, struct cg_str value,
    char why[CG_WHY_MAX])
{
	enum cg_err e = CG_OK;
	unsigned days;

	if (!cg_week_days(value, &days)) {
		snprintf(why, CG_WHY_MAX,
		    "DAYS: must be days as MON-FRI,SUN, daily or none");
		return CG_SYNTAX;
	}
	for (size_t i = 0; i < 7 && e == CG_OK; i++)
		e = cg_given_put(g, sunday + i, days >> i & 1U ?
		    cg_lit("1") : cg_lit("0"), why);
	return e;
}

static enum cg_err
pair_put(struct cg_given *g, const struct cg_pair *pair, char why[CG_WHY_MAX])
{
	const struct cg_command *c = g->command;
	size_t place = cg_arg_place(c, pair->name);
	size_t sunday = cg_arg_place(c, cg_lit("SUN"));

	if (place < c->narg)
		return cg_given_put(g, place, pair->value, why);
	if (sunday < c->narg && cg_str_ieq(pair->name, cg_lit("DAYS")))
		return days_put(g, sunday, pair->value, why);
	return unknown_field(c, pair->name, why);
}

/* SET OPTION takes "Volume=67" for "item=Volume" and "value=67". */
static enum cg_err
pairs_put(struct cg_given *g, const struct cg_pair *pair, size_t n,
    char why[CG_WHY_MAX])
{
	const struct cg_command *c = g->command;
	struct cg_pair both[2] = { { .name = cg_lit("item") },
	    { .name = cg_lit("value") } };
	enum cg_err e = CG_OK;

	if (c->separator == '=' && n == 1 &&
	    cg_arg_place(c, pair->name) == c->narg) {
		both[0].value = pair->name;
		both[1].value = pair->value;
		pair = both;
		n = 2;
	}
	for (size_t i = 0; i < n && e == CG_OK; i++)
		e = pair_put(g, &pair[i], why);
	return e;
}

static enum cg_err
too_long(char why[CG_WHY_MAX])
{
	snprintf(why, CG_WHY_MAX, "longer than %zu bytes", CG_COMMAND_MAX);
	return CG_LIMIT;
}

/* Bytes that the body can't pass. */
static size_t
room(const struct cg_given *g)
{
	const struct cg_command *c = g->command;
	size_t n = strlen(c->verb) + 1;

	for (size_t i = 0; i < c->narg; i++)
		n += strlen(c->arg[i].name) + 2 + CG_VALUE_ROOM +
		    g->value[i].n;
	return n;
}

static enum cg_err
fields_write(const struct cg_given *g, struct cg_buf *out,
    char why[CG_WHY_MAX])
{
	const struct cg_command *c = g->command;
	const char *between = " ";
	const char separator[2] = { c->separator, '\0' };
	enum cg_err e = CG_OK;

	for (size_t i = 0; i < c->narg && e == CG_OK; i++) {
		struct cg_str value = g->value[i];

		if (value.p == NULL && cg_given_counts(g, i))
			value = cg_str_of(c->arg[i].value);
		if (value.p == NULL)
			continue;
		cg_buf_putz(out, between);
		between = separator;
		if (!c->bare)
			cg_buf_putf(out, "%s=", c->arg[i].name);
		if (!cg_given_empty(g, i))
			e = cg_value_write(cg_given_arg(g, i), value, out, why);
	}
	return e;
}

static enum cg_err
write_body(struct cg_given *g, struct cg_arena *a, struct cg_str *body,
    char why[CG_WHY_MAX])
{
	size_t cap = room(g);
	struct cg_buf out;
	enum cg_err e;

	if (cap > 2 * CG_COMMAND_MAX)
		return too_long(why);
	cg_buf_init(&out, a, cap);
	cg_buf_putz(&out, g->command->verb);
	e = fields_write(g, &out, why);
	if (e != CG_OK)
		return e;
	if (out.full) {
		snprintf(why, CG_WHY_MAX, "no memory for it");
		return CG_NOMEM;
	}
	if (out.n > CG_COMMAND_MAX)
		return too_long(why);
	*body = cg_buf_str(&out);
	return CG_OK;
}

/* What is queued now must pass when it is handed out: the same check. */
enum cg_err
cg_command_encode(const struct cg_command *c, const struct cg_pair *pair,
    size_t n, struct cg_arena *a, struct cg_str *body, char why[CG_WHY_MAX])
{
	struct cg_given g = { .command = c };
	const struct cg_command *is;
	enum cg_danger danger;
	struct cg_str got;
	enum cg_err e;

	why[0] = '\0';
	e = pairs_put(&g, pair, n, why);
	if (e == CG_OK)
		e = cg_given_whole(&g, why);
	if (e == CG_OK)
		e = cg_given_size(&g, why);
	if (e != CG_OK)
		return e;
	cg_given_fill(&g);
	if (is_raw(c))
		got = g.value[0];
	else
		e = write_body(&g, a, &got, why);
	if (e == CG_OK)
		e = cg_command_check(got, &is, &danger, why);
	if (e == CG_OK)
		*body = got;
	return e;
}

struct cg_str
cg_command_old(const struct cg_command *c, struct cg_str body,
    struct cg_arena *a)
{
	struct cg_str rest = body;
	struct cg_buf out;

	if (c->old_verb == NULL || !cg_verb_take(&rest, c->verb))
		return body;
	cg_buf_init(&out, a, strlen(c->old_verb) + rest.n);
	cg_buf_putz(&out, c->old_verb);
	cg_buf_put(&out, rest);
	return out.full ? (struct cg_str){ NULL, 0 } : cg_buf_str(&out);
}
