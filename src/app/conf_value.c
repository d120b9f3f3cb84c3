/*
 * One value of the configuration: from text to its place in struct cg_conf,
 * and back.
 */
#include "config.h"

#include "conf_priv.h"

#include <string.h>

static void *
place(struct cg_conf *c, const struct cg_conf_key *k)
{
	return (char *)c + k->offset;
}

static const void *
place_of(const struct cg_conf *c, const struct cg_conf_key *k)
{
	return (const char *)c + k->offset;
}

static enum cg_err
keep(struct cg_conf *c, struct cg_str value, const char **out)
{
	const char *copy = cg_arena_dup(c->arena, value);

	if (copy == NULL)
		return CG_NOMEM;
	*out = copy;
	return CG_OK;
}

static enum cg_err
copy_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value)
{
	const char *copy;
	enum cg_err e = keep(c, value, &copy);

	if (e == CG_OK)
		memcpy(place(c, k), &copy, sizeof(copy));
	return e;
}

static enum cg_err
text_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	if (value.n < k->min || value.n > k->max) {
		snprintf(why, CG_WHY_MAX, "%u to %u bytes are possible, not %zu",
		    k->min, k->max, value.n);
		return CG_SYNTAX;
	}
	if (k->type == CG_CONF_PATH && value.n > 0 && value.p[0] != '/') {
		snprintf(why, CG_WHY_MAX, "the path must begin with /");
		return CG_SYNTAX;
	}
	return copy_put(c, k, value);
}

/* As it may stand in a URL. */
static enum cg_err
token_check(const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	static const char good[] = "-_0123456789abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t i = 0;

	while (i < value.n && strchr(good, value.p[i]) != NULL)
		i++;
	if (value.n == 0 ||
	    (i == value.n && value.n >= k->min && value.n <= k->max))
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "must be empty, or %u to %u letters, digits, "
	    "- and _", k->min, k->max);
	return CG_SYNTAX;
}

static enum cg_err
token_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	enum cg_err e = token_check(k, value, why);

	return e == CG_OK ? copy_put(c, k, value) : e;
}

static enum cg_err
uint_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	unsigned number;
	uint32_t u;

	if (cg_str_u32(value, k->max, &u) != CG_OK || u < k->min) {
		snprintf(why, CG_WHY_MAX, "must be a whole number, %u to %u",
		    k->min, k->max);
		return CG_SYNTAX;
	}
	number = u;
	memcpy(place(c, k), &number, sizeof(number));
	return CG_OK;
}

static enum cg_err
choice_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	struct cg_str word;

	for (int i = 0; (word = conf_choice(k->choices, (size_t)i)).p != NULL; i++)
		if (cg_str_ieq(word, value)) {
			memcpy(place(c, k), &i, sizeof(i));
			return CG_OK;
		}
	snprintf(why, CG_WHY_MAX, "must be one of: %s", k->choices);
	return CG_SYNTAX;
}

typedef enum cg_err check_fn(const char *, char why[CG_WHY_MAX]);

static enum cg_err
checked_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    check_fn *check, char why[CG_WHY_MAX])
{
	const char *copy;
	enum cg_err e;

	if ((e = text_put(c, k, value, why)) != CG_OK)
		return e;
	memcpy(&copy, place_of(c, k), sizeof(copy));
	return check(copy, why);
}

static enum cg_err
networks_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	struct cg_network *net = cg_arena_get(c->arena, k->max * sizeof(*net));
	struct cg_networks put = { .net = net };
	enum cg_err e;

	if (net == NULL)
		return CG_NOMEM;
	if (cg_networks_parse(value, net, k->max, &put.n, why) != CG_OK)
		return CG_SYNTAX;
	if ((e = keep(c, value, &put.text)) != CG_OK)
		return e;
	memcpy(place(c, k), &put, sizeof(put));
	return CG_OK;
}

static enum cg_err
key_put(struct cg_conf *c, const struct cg_conf_key *k, struct cg_str value,
    char why[CG_WHY_MAX])
{
	switch (k->type) {
	case CG_CONF_TEXT:
	case CG_CONF_SECRET:
	case CG_CONF_PATH:
		return text_put(c, k, value, why);
	case CG_CONF_TOKEN:
		return token_put(c, k, value, why);
	case CG_CONF_UINT:
		return uint_put(c, k, value, why);
	case CG_CONF_CHOICE:
		return choice_put(c, k, value, why);
	case CG_CONF_ZONE:
		return checked_put(c, k, value, cg_zone_check, why);
	case CG_CONF_CHARSET:
		return checked_put(c, k, value, cg_charset_check, why);
	case CG_CONF_HOSTS:
		return checked_put(c, k, value, cg_db_hosts_check, why);
	case CG_CONF_NETWORKS:
		return networks_put(c, k, value, why);
	}
	return CG_SYS;
}

static enum cg_err
option_put(struct cg_conf *c, size_t i, struct cg_str value, char why[CG_WHY_MAX])
{
	const char *copy;
	enum cg_err e;

	/* A default may be empty: the line is not sent. */
	if (!cg_str_eq(value, cg_str_of(cg_options[i].value)) &&
	    (e = cg_option_check(&cg_options[i], value, why)) != CG_OK)
		return e;
	if ((e = keep(c, value, &copy)) != CG_OK)
		return e;
	c->option[i] = cg_str_of(copy);
	return CG_OK;
}

/* What no value may hold: an ini could not hold it, or not give it back. */
static enum cg_err
writable(struct cg_str value, char why[CG_WHY_MAX])
{
	const char *fault = NULL;

	if (value.n > CONF_VALUE_MAX)
		fault = "is too long";
	else if (cg_str_chr(value, '"') < value.n && cg_str_chr(value, '\'') < value.n)
		fault = "holds both kinds of quotes, which an ini can't give back";
	for (size_t i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t') ||
		    value.p[i] == 0x7f)
			fault = "holds a control character";
	if (fault == NULL)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "%s", fault);
	return CG_SYNTAX;
}

enum cg_err
conf_assign(struct cg_conf *c, size_t slot, struct cg_str value,
    char why[CG_WHY_MAX])
{
	enum cg_err e;

	if ((e = writable(value, why)) != CG_OK)
		return e;
	if (slot < CONF_KEYS)
		e = key_put(c, &cg_conf_keys[slot], value, why);
	else
		e = option_put(c, slot - CONF_KEYS, value, why);
	if (e == CG_NOMEM)
		snprintf(why, CG_WHY_MAX, "%s", cg_err_text(e));
	return e;
}

struct cg_str
conf_value(const struct cg_conf *c, size_t slot, char number[16])
{
	const struct cg_conf_key *k;
	const char *text;
	unsigned u;
	int choice;

	if (slot >= CONF_KEYS)
		return c->option[slot - CONF_KEYS];
	k = &cg_conf_keys[slot];
	switch (k->type) {
	case CG_CONF_UINT:
		memcpy(&u, place_of(c, k), sizeof(u));
		snprintf(number, 16, "%u", u);
		return cg_str_of(number);
	case CG_CONF_CHOICE:
		memcpy(&choice, place_of(c, k), sizeof(choice));
		return conf_choice(k->choices, (size_t)choice);
	case CG_CONF_TEXT:
	case CG_CONF_SECRET:
	case CG_CONF_TOKEN:
	case CG_CONF_PATH:
	case CG_CONF_ZONE:
	case CG_CONF_CHARSET:
	case CG_CONF_HOSTS:
	case CG_CONF_NETWORKS:	/* its text comes first */
		break;
	}
	memcpy(&text, place_of(c, k), sizeof(text));
	return cg_str_of(text);
}
