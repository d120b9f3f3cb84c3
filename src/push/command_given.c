/*
 * The fields that a command is given: which of them, how often, together
 * with which others.
 */
#include "config.h"

#include "command.h"

#include <stdio.h>

size_t
cg_arg_place(const struct cg_command *c, struct cg_str name)
{
	size_t i = 0;

	while (i < c->narg && !cg_str_ieq(cg_str_of(c->arg[i].name), name))
		i++;
	return i;
}

/*
 * Another field behind a blank: who wrote "PIN=7 Pri=14" forgot the TAB, and
 * some clocks would not mind (notes 6.16).
 */
static const char *
swallowed(const struct cg_command *c, struct cg_str value)
{
	struct cg_str near;	/* names are short: a long value costs no more */
	size_t n;

	while ((n = cg_str_chr(value, ' ')) < value.n) {
		value = cg_str_from(value, n + 1);
		near = cg_str_head(value, value.n < CG_VALUE_ROOM ? value.n :
		    CG_VALUE_ROOM);
		n = cg_str_chr(near, '=');
		for (size_t i = 0; n < near.n && i < c->narg; i++)
			if (cg_str_ieq(cg_str_of(c->arg[i].name),
			    cg_str_trim(cg_str_head(near, n))))
				return c->arg[i].name;
	}
	return NULL;
}

enum cg_err
cg_given_put(struct cg_given *g, size_t place, struct cg_str value,
    char why[CG_WHY_MAX])
{
	const struct cg_command *c = g->command;
	const char *other = c->bare ? NULL : swallowed(c, value);

	if (g->value[place].p != NULL) {
		snprintf(why, CG_WHY_MAX, "%s: given twice",
		    c->arg[place].name);
		return CG_SYNTAX;
	}
	if (other != NULL) {
		snprintf(why, CG_WHY_MAX, "%s: holds the field %s behind a "
		    "blank; fields have TAB between", c->arg[place].name,
		    other);
		return CG_SYNTAX;
	}
	if (c->separator == '=' && place == 1 && cg_items_dangers(value, CG_SAFE) != 0) {
		snprintf(why, CG_WHY_MAX, "%s: sets a second option",
		    c->arg[place].name);
		return CG_SYNTAX;
	}
	g->value[place] = value.p != NULL ? value : cg_lit("");
	return CG_OK;
}

/* Sets as bits, of those fields that are given or of all. */
static unsigned
sets(const struct cg_given *g, bool all)
{
	unsigned bits = 0;

	for (size_t i = 0; i < g->command->narg; i++)
		if (all || g->value[i].p != NULL)
			bits |= 1U << g->command->arg[i].set;
	return bits & ~1U;
}

bool
cg_given_counts(const struct cg_given *g, size_t place)
{
	unsigned set = g->command->arg[place].set;

	return set == 0 || (sets(g, false) >> set & 1U) != 0;
}

/* A field must be given by a person: nothing else fills it in. */
static bool
must(const struct cg_arg *a)
{
	return a->required && a->value == NULL && a->type != CG_ARG_SIZE;
}

static enum cg_err
refuse_sets(const struct cg_given *g, const char *text, char why[CG_WHY_MAX])
{
	struct cg_buf out = { why, 0, CG_WHY_MAX - 1, false };
	const char *between = "";

	for (size_t i = 0; i < g->command->narg; i++) {
		const struct cg_arg *a = &g->command->arg[i];

		if (a->set == 0 || !must(a))
			continue;
		cg_buf_putf(&out, "%s%s", between, a->name);
		between = " or ";
	}
	cg_buf_putz(&out, text);
	why[out.n] = '\0';
	return CG_SYNTAX;
}

enum cg_err
cg_given_whole(const struct cg_given *g, char why[CG_WHY_MAX])
{
	const struct cg_command *c = g->command;
	unsigned given = sets(g, false);

	if (given == 0 && sets(g, true) != 0)
		return refuse_sets(g, ": must be given", why);
	if ((given & (given - 1)) != 0)
		return refuse_sets(g, ": one of them with its fields, not "
		    "both", why);
	for (size_t i = 0; i < c->narg; i++) {
		const struct cg_arg *a = &c->arg[i];

		if (!must(a) || g->value[i].p != NULL ||
		    !cg_given_counts(g, i))
			continue;
		snprintf(why, CG_WHY_MAX, "%s: must be given%s", a->name,
		    a->type == CG_ARG_DAY ? ", or DAYS=MON-FRI for all" : "");
		return CG_SYNTAX;
	}
	return CG_OK;
}

/* Length of the base64 text that is given; false when there is none. */
static bool
text_length(const struct cg_given *g, size_t *n)
{
	for (size_t i = 0; i < g->command->narg; i++)
		if (g->command->arg[i].type == CG_ARG_BASE64 &&
		    g->value[i].p != NULL) {
			*n = g->value[i].n;
			return true;
		}
	return false;
}

static size_t
size_place(const struct cg_command *c)
{
	size_t i = 0;

	while (i < c->narg && c->arg[i].type != CG_ARG_SIZE)
		i++;
	return i;
}

enum cg_err
cg_given_size(const struct cg_given *g, char why[CG_WHY_MAX])
{
	size_t place = size_place(g->command), n;
	uint32_t told;

	if (place == g->command->narg || g->value[place].p == NULL ||
	    !text_length(g, &n))
		return CG_OK;
	if (cg_str_u32(g->value[place], UINT32_MAX, &told) == CG_OK &&
	    told == n)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "%s: must be %zu, the length of the base64 "
	    "text", g->command->arg[place].name, n);
	return CG_SYNTAX;
}

/* A date and time that is given and passed its check. */
static bool
moment_of(const struct cg_given *g, const char *name, int64_t *seconds)
{
	size_t place = cg_arg_place(g->command, cg_str_of(name));
	struct cg_time t;
	bool possible;

	if (place == g->command->narg || g->value[place].p == NULL ||
	    cg_time_parse(g->value[place], &t, &possible) != CG_OK)
		return false;
	*seconds = cg_time_seconds(&t);
	return true;
}

enum cg_err
cg_given_period(const struct cg_given *g, char why[CG_WHY_MAX])
{
	int64_t start, end;

	if (!moment_of(g, "StartTime", &start) ||
	    !moment_of(g, "EndTime", &end) || start <= end)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "EndTime: is before StartTime");
	return CG_SYNTAX;
}

void
cg_given_fill(struct cg_given *g)
{
	size_t place = size_place(g->command), n;

	if (place == g->command->narg || g->value[place].p != NULL ||
	    !text_length(g, &n))
		return;
	snprintf(g->size, sizeof(g->size), "%zu", n);
	g->value[place] = cg_str_of(g->size);
}

/* The value of an option has the type of that option. */
const struct cg_arg *
cg_given_arg(const struct cg_given *g, size_t place)
{
	const struct cg_item_rule *rule = NULL;

	if (g->command->separator == '=' && place == 1)
		rule = cg_item_rule_find(g->value[0]);
	return rule != NULL ? &rule->arg : &g->command->arg[place];
}

/* "Card=" of an update: no card. */
bool
cg_given_empty(const struct cg_given *g, size_t place)
{
	return g->value[place].p != NULL && g->value[place].n == 0 &&
	    !g->command->arg[place].required &&
	    cg_str_starts(cg_str_of(g->command->verb),
	    cg_lit("DATA UPDATE "));
}
