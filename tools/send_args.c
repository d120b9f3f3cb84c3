/*
 * Fields of a command as a person gives them: FIELD=VALUE, with FIELD=@FILE
 * for what is large, and names of stored files in place of URLs.
 */
#include "config.h"

#include "send.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX	256
#define FILE_MAX	(CG_COMMAND_MAX / 4 * 3)	/* base64 makes 4 of 3 */

bool
send_room(struct send *s, void **array, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap == 0 ? 16 : 2 * *cap;
	void *p;

	if (n < *cap)
		return true;
	if ((p = cg_arena_get(s->arena, more * size)) == NULL)
		return false;
	if (n > 0)
		memcpy(p, *array, n * size);
	*array = p;
	*cap = more;
	return true;
}

/* ---- FIELD=VALUE ---- */

static int
pair_misuse(const char *where, const struct cg_command *c, const char *word)
{
	char names[512] = "";
	size_t n = 0;

	if (c->narg == 0)
		return cli_misuse("%s\"%.64s\": %s has no fields", where, word,
		    c->name);
	if (c->separator == '=')
		return cli_misuse("%s\"%.64s\": type ITEM=VALUE", where, word);
	for (size_t i = 0; i < c->narg && n < sizeof(names); i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s",
		    i > 0 ? " " : "", c->arg[i].name);
	return cli_misuse("%s\"%.64s\": type FIELD=VALUE; %s has the fields %s",
	    where, word, c->name, names);
}

/* No field has a blank in its name: "DATA QUERY USERINFO PIN=7" is a value. */
static bool
is_name(struct cg_str s)
{
	return s.n > 0 && cg_str_chr(s, ' ') == s.n &&
	    cg_str_chr(s, '\t') == s.n;
}

int
send_pair(const char *where, const char *command, const char *word,
    struct cg_pair *pair)
{
	const struct cg_command *c = cli_catalogue_find(command);
	struct cg_str s = cg_str_of(word);
	size_t eq = cg_str_chr(s, '=');

	if (c == NULL)
		return EXIT_USAGE;
	if (eq < s.n && is_name(cg_str_head(s, eq)))
		*pair = (struct cg_pair){ cg_str_head(s, eq),
		    cg_str_from(s, eq + 1) };
	else if (c->narg == 1)
		*pair = (struct cg_pair){ cg_str_of(c->arg[0].name), s };
	else
		return pair_misuse(where, c, word);
	return 0;
}

/* ---- a name that is no field ---- */

static const struct cg_arg *
arg_find(const struct cg_command *c, struct cg_str name)
{
	for (size_t i = 0; i < c->narg; i++)
		if (cg_str_ieq(name, cg_str_of(c->arg[i].name)))
			return &c->arg[i];
	return NULL;
}

static bool
has_type(const struct cg_command *c, enum cg_arg_type type)
{
	for (size_t i = 0; i < c->narg; i++)
		if (c->arg[i].type == type)
			return true;
	return false;
}

/* Names that stand for others: DAYS, and every item of set-option. */
static bool
is_short(const struct cg_command *c, struct cg_str name)
{
	return (cg_str_ieq(name, cg_lit("DAYS")) && has_type(c, CG_ARG_DAY)) ||
	    (c->separator == '=' && has_type(c, CG_ARG_ITEM));
}

static int
field_unknown(const char *where, const struct cg_command *c, struct cg_str name)
{
	const char *known[CG_ARG_MAX];
	char near[CG_WHY_MAX];
	int n = (int)(name.n < 64 ? name.n : 64);

	for (size_t i = 0; i < c->narg; i++)
		known[i] = c->arg[i].name;
	cg_nearest_text(name, known, c->narg, near);
	if (near[0] != '\0')
		return cli_misuse("%s%s has no field %.*s%s", where, c->name, n,
		    name.p, near);
	return cli_misuse("%s%s has no field %.*s; type: clockgate command "
	    "catalogue %s", where, c->name, n, name.p, c->name);
}

/* ---- FIELD=@FILE ---- */

static const char *
read_all(FILE *f, char *p, size_t max, size_t *n)
{
	*n = fread(p, 1, max + 1, f);
	if (ferror(f) != 0)
		return strerror(errno);
	return *n > max ? "too large" : NULL;
}

const char *
send_slurp(struct send *s, const char *path, size_t max, struct cg_str *out)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? stdin : fopen(path, "re");
	const char *why = f == NULL ? strerror(errno) : NULL;
	char *p = malloc(max + 1), *copy = NULL;
	size_t n = 0;

	if (why == NULL)
		why = p == NULL ? "no memory" : read_all(f, p, max, &n);
	if (f != NULL && !standard)
		fclose(f);
	if (why == NULL && (copy = cg_arena_dup(s->arena,
	    (struct cg_str){ p, n })) == NULL)
		why = "no memory";
	if (why == NULL)
		*out = (struct cg_str){ copy, n };
	free(p);
	return why;
}

static int
file_read(struct send *s, const char *where, struct cg_str field,
    const char *path, struct cg_str *out)
{
	const char *why = send_slurp(s, path, FILE_MAX, out);

	return why == NULL ? 0 : cli_fail("%s%.*s: %s: %s", where, (int)field.n,
	    field.p, path, why);
}

static bool
base64_make(struct send *s, struct cg_str *value)
{
	size_t max = sodium_base64_encoded_len(value->n,
	    sodium_base64_VARIANT_ORIGINAL);
	char *p = cg_arena_get(s->arena, max);

	if (p == NULL)
		return false;
	sodium_bin2base64(p, max, (const unsigned char *)value->p, value->n,
	    sodium_base64_VARIANT_ORIGINAL);
	*value = (struct cg_str){ p, max - 1 };
	return true;
}

/* The bytes of a file, as base64 where the field wants that; of a text all but
 * the end of its last line. */
static int
value_of_file(struct send *s, const char *where, const struct cg_arg *a,
    struct cg_pair *pair)
{
	char path[4096];
	int status;

	snprintf(path, sizeof(path), "%.*s", (int)(pair->value.n - 1),
	    pair->value.p + 1);
	if ((status = file_read(s, where, pair->name, path, &pair->value)) != 0)
		return status;
	if (a != NULL && a->type == CG_ARG_BASE64)
		return base64_make(s, &pair->value) ? 0 : cli_fail("no memory");
	if (pair->value.n > 0 && pair->value.p[pair->value.n - 1] == '\n')
		pair->value.n--;
	if (pair->value.n > 0 && pair->value.p[pair->value.n - 1] == '\r')
		pair->value.n--;
	return 0;
}

/* ---- URL=NAME of a stored file ---- */

/* A name without a / is that of a stored file; file-put takes no other. */
static int
value_of_store(struct send *s, const struct cg_command *c, struct cg_pair *pair)
{
	const char *name = cg_arena_dup(s->arena, pair->value), *url;

	if (name == NULL)
		return cli_fail("no memory");
	if (name[0] == '\0' || strchr(name, '/') != NULL)
		return 0;
	if (strcmp(c->name, "file-put") != 0 && !cli_file_known(s->cli, name))
		return 0;
	if ((url = cli_file_url(s->cli, name, s->arena)) == NULL)
		return EXIT_FAULT;
	pair->value = cg_str_of(url);
	return 0;
}

static int
pair_finish(struct send *s, const char *where, const struct cg_command *c,
    struct cg_pair *pair)
{
	const struct cg_arg *a = arg_find(c, pair->name);

	if (a == NULL && !is_short(c, pair->name))
		return field_unknown(where, c, pair->name);
	if (pair->value.n > 1 && pair->value.p[0] == '@') {
		if (pair->value.p[1] != '@')
			return value_of_file(s, where, a, pair);
		pair->value = cg_str_from(pair->value, 1);
	}
	return a != NULL && a->type == CG_ARG_URL ? value_of_store(s, c, pair) : 0;
}

/* ---- an order ---- */

static const char *
item_near(struct cg_str item, char near[CG_WHY_MAX])
{
	const char *known[ITEMS_MAX];
	size_t n = 0;

	for (; n < cg_nitem_rules && n < ITEMS_MAX; n++)
		known[n] = cg_item_rules[n].arg.name;
	return cg_nearest_text(item, known, n, near);
}

/* An option that the specification does not list is sent, with a warning. */
static void
item_warn(const struct cg_command *c, struct cg_str body)
{
	size_t verb = strlen(c->verb) + 1;
	char near[CG_WHY_MAX];
	struct cg_str item;

	if (c->separator != '=' || body.n < verb)
		return;
	item = cg_str_from(body, verb);
	item = cg_str_head(item, cg_str_chr(item, '='));
	if (cg_item_rule_find(item) == NULL)
		fprintf(stderr, "clockgate: warning: %.*s is no option that the "
		    "specification names; it is sent as it is%s\n", (int)item.n,
		    item.p, item_near(item, near));
}

static int
order_put(struct send *s, const char *where, const struct cg_command *c,
    struct cg_str body)
{
	char why[CG_WHY_MAX] = "";
	struct order *o;
	void *array = s->order;

	if (!send_room(s, &array, s->norder, &s->cap, sizeof(*s->order)))
		return cli_fail("no memory");
	s->order = array;
	o = &s->order[s->norder];
	*o = (struct order){ .command = c, .body = body };
	if (cg_command_check(body, &o->command, &o->danger, why) != CG_OK)
		return cli_fail("%s%s: %s", where, c->name, why);
	if (c->verb[0] != '\0')
		o->command = c;
	item_warn(o->command, body);
	s->norder++;
	return 0;
}

int
send_add(struct send *s, const char *where, const char *name,
    const struct cg_pair *given, size_t n)
{
	const struct cg_command *c = cli_catalogue_find(name);
	struct cg_pair pair[PAIRS_MAX];
	char why[CG_WHY_MAX] = "";
	struct cg_str body;
	int status;

	if (c == NULL)
		return EXIT_USAGE;
	for (size_t i = 0; i < n; i++) {
		pair[i] = given[i];
		if ((status = pair_finish(s, where, c, &pair[i])) != 0)
			return status;
	}
	if (cg_command_encode(c, pair, n, s->arena, &body, why) != CG_OK)
		return cli_fail("%s%s: %s; type: clockgate command catalogue %s",
		    where, c->name, why[0] != '\0' ? why : "too large", c->name);
	return order_put(s, where, c, body);
}

int
send_add_raw(struct send *s, const char *text)
{
	const struct cg_command *c = cg_command_find(cg_lit("raw"));
	struct cg_pair pair = { cg_lit("text"), cg_str_of(text) };
	char why[CG_WHY_MAX] = "";
	struct cg_str body;

	if (cg_command_encode(c, &pair, 1, s->arena, &body, why) != CG_OK)
		return cli_fail("raw: %s", why);
	return order_put(s, "", c, body);
}
