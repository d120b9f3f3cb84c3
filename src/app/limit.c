/*
 * The limits of the answers to one clock: those of the configuration, unless
 * the clock has settings of its own.
 */
#include "config.h"

#include "conf_priv.h"

#include <string.h>

#define AT(field)	offsetof(struct cg_limits, field)

const struct conf_limit conf_limit[CONF_LIMITS] = {
	{ "CommandLimit", CG_LIMIT_MIN, CG_LIMIT_MAX, AT(limit) },
	{ "CommandBytes", CG_BYTES_MIN, CG_BYTES_MAX, AT(bytes) },
	{ "CommandTimeout", CG_TIMEOUT_MIN, CG_TIMEOUT_MAX, AT(timeout) },
	{ "CommandAttempts", CG_ATTEMPTS_MIN, CG_ATTEMPTS_MAX, AT(attempts) },
};

static const struct conf_limit *
find(struct cg_str name)
{
	for (size_t i = 0; i < CONF_LIMITS; i++)
		if (cg_str_ieq(name, cg_str_of(conf_limit[i].name)))
			return &conf_limit[i];
	return NULL;
}

static enum cg_err
read_number(const struct conf_limit *l, struct cg_str value, unsigned *out)
{
	uint32_t n;

	if (cg_str_u32(value, l->max, &n) != CG_OK || n < l->min)
		return CG_SYNTAX;
	*out = n;
	return CG_OK;
}

enum cg_err
conf_limit_check(struct cg_str name, struct cg_str value, char why[CG_WHY_MAX])
{
	const struct conf_limit *l = find(name);
	unsigned n;

	if (l == NULL)
		return CG_UNKNOWN;
	if (read_number(l, value, &n) == CG_OK)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "must be a whole number, %u to %u", l->min,
	    l->max);
	return CG_SYNTAX;
}

void
cg_limits_set(struct cg_limits *limits, struct cg_str name, struct cg_str value)
{
	const struct conf_limit *l = find(name);
	unsigned n;

	if (l != NULL && read_number(l, value, &n) == CG_OK)
		memcpy((char *)limits + l->offset, &n, sizeof(n));
}
