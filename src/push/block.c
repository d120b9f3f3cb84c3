/*
 * The option block and the time (spec III.2.2, III.2.3, notes 3.2).
 */
#include "config.h"

#include "cg_push.h"
#include "push.h"

#include <stdlib.h>

#define MINUTE	60

/* What of the block depends on who asks. */
struct answer {
	const struct cg_hello	*hello;
	bool			 old;		/* PUSH 1 */
	bool			 bitmap;	/* TransFlag as such */
};

/* Tables whose stamps are always sent, with their keys of PUSH 1, if any. */
static const struct table {
	struct cg_str	 name;
	const char	*old;
} tables[] = {
	{ CG_STR("ATTLOG"),	"Stamp" },
	{ CG_STR("OPERLOG"),	"OpStamp" },
	{ CG_STR("ATTPHOTO"),	"PhotoStamp" },
	{ CG_STR("BIODATA"),	NULL },
};

static struct cg_str
stamp_find(const struct cg_hello *h, struct cg_str table)
{
	for (size_t i = 0; i < h->nstamp; i++)
		if (cg_str_ieq(h->stamp[i].table, table) &&
		    cg_stamp_ok(h->stamp[i].stamp))
			return h->stamp[i].stamp;
	return (struct cg_str){ NULL, 0 };
}

static void
line(struct cg_buf *b, const char *name, const char *more, struct cg_str value)
{
	cg_buf_putz(b, name);
	cg_buf_putz(b, more);
	cg_buf_putz(b, "=");
	cg_buf_put(b, value);
	cg_buf_putz(b, "\n");
}

static bool
always_sent(struct cg_str table)
{
	for (size_t i = 0; i < CG_LEN(tables); i++)
		if (cg_str_eq(tables[i].name, table))
			return true;
	return false;
}

/* The stamps that are stored of further tables. */
static void
other_stamps_write(const struct cg_hello *h, struct cg_buf *b)
{
	for (size_t i = 0; i < h->nstamp; i++) {
		const struct cg_upload *u = cg_upload_find(h->stamp[i].table);

		if (u->form != CG_FORM_RAW && !always_sent(u->table) &&
		    cg_stamp_ok(h->stamp[i].stamp))
			line(b, u->table.p, "Stamp", h->stamp[i].stamp);
	}
}

static void
stamps_write(const struct answer *a, struct cg_buf *b)
{
	struct cg_str stamp[CG_LEN(tables)];

	for (size_t i = 0; i < CG_LEN(tables); i++) {
		stamp[i] = stamp_find(a->hello, tables[i].name);
		if (stamp[i].p == NULL)
			stamp[i] = cg_lit("0");
		if (tables[i].old != NULL)
			line(b, tables[i].old, "", stamp[i]);
	}
	if (a->old)
		return;
	for (size_t i = 0; i < CG_LEN(tables); i++)
		line(b, tables[i].name.p, "Stamp", stamp[i]);
	other_stamps_write(a->hello, b);
}

/*
 * The value of an option: the clock's, else the default.  It may come from a
 * row that somebody typed into the database, so it is checked once more.
 */
static struct cg_str
value_of(const struct cg_hello *h, const struct cg_option *o)
{
	struct cg_str s = h->option[o - cg_options];
	char why[CG_WHY_MAX];

	if (s.n > 0 && cg_option_check(o, s, why) == CG_OK)
		return s;
	return cg_str_of(o->value);
}

static struct cg_str
value_of_name(const struct cg_hello *h, const char *name)
{
	return value_of(h, cg_option_find(cg_str_of(name)));
}

static bool
old_dialect(const struct cg_hello *h)
{
	struct cg_str dialect = value_of_name(h, "Dialect");

	if (cg_str_ieq(dialect, cg_lit("auto")))
		return h->pushver.n == 0;
	return cg_str_ieq(dialect, cg_lit("old"));
}

static void
offset_write(struct cg_buf *b, int32_t minutes)
{
	cg_buf_putf(b, "%c%02d:%02d", minutes < 0 ? '-' : '+',
	    abs(minutes) / MINUTE, abs(minutes) % MINUTE);
}

/* Clocks that read TimeZone as an integer: |x| < 25 is hours, else minutes. */
static bool
reads_minutes(const struct cg_hello *h)
{
	struct cg_version v;

	return h->device_type.n > 0 ||
	    (cg_version_parse(h->pushver, &v) && v.part[0] == 2);
}

/* +hh:mm of whole hours is right for both kinds of clocks (notes 3.2). */
static void
zone_write(const struct cg_hello *h, struct cg_str form, struct cg_buf *b)
{
	int32_t minutes = h->utc_offset / MINUTE;
	bool whole = minutes % MINUTE == 0;

	if (cg_str_ieq(form, cg_lit("omit")))
		return;
	cg_buf_putz(b, "TimeZone=");
	if (cg_str_ieq(form, cg_lit("hours")))
		cg_buf_putf(b, "%d", minutes / MINUTE);
	else if (cg_str_ieq(form, cg_lit("minutes")) ||
	    (cg_str_ieq(form, cg_lit("auto")) && !whole && reads_minutes(h)))
		cg_buf_putf(b, "%d", minutes);
	else
		offset_write(b, minutes);
	cg_buf_putz(b, "\n");
}

static void
int_write(const struct cg_option *o, struct cg_str value, struct cg_buf *b)
{
	int32_t v;

	if (cg_str_i32(value, o->min, o->max, &v) == CG_OK)
		cg_buf_putf(b, "%s=%d\n", o->name, (int)v);
}

static void
times_write(const struct cg_option *o, struct cg_str value, struct cg_buf *b)
{
	struct cg_str word;
	const char *sep = "=";

	cg_buf_putz(b, o->name);
	while (cg_word_next(&value, CG_TIMES_SEPS, &word)) {
		cg_buf_putz(b, sep);
		cg_buf_put(b, word);
		sep = ";";
	}
	cg_buf_putz(b, "\n");
}

/* Claiming more than the clock can is the dangerous direction (notes 3.2). */
static struct cg_str
lower_version(struct cg_str ours, struct cg_str theirs)
{
	struct cg_version v;

	if (cg_version_parse(theirs, &v) && cg_version_cmp(theirs, ours) < 0)
		return theirs;
	return ours;
}

static void
option_write(const struct answer *a, const struct cg_option *o,
    struct cg_buf *b)
{
	struct cg_str value = value_of(a->hello, o);

	if (value.n == 0 || (o->new_only && a->old))
		return;
	switch (o->type) {
	case CG_OPT_INT:
		int_write(o, value, b);
		break;
	case CG_OPT_TIMES:
		times_write(o, value, b);
		break;
	case CG_OPT_TRANSFLAG:
		cg_buf_putz(b, "TransFlag=");
		cg_transflag_write(b, value, a->bitmap, a->hello->impersonal);
		cg_buf_putz(b, "\n");
		break;
	case CG_OPT_ZONE:
		zone_write(a->hello, value, b);
		break;
	case CG_OPT_VERSION:
		line(b, o->name, "", lower_version(value, a->hello->pushver));
		break;
	case CG_OPT_ENCRYPT:
	case CG_OPT_FLAGS:
	case CG_OPT_TEXT:
		line(b, o->name, "", value);
		break;
	case CG_OPT_TRANSFORM:		/* these two say how to answer */
	case CG_OPT_DIALECT:
		break;
	}
}

void
cg_block_write(const struct cg_hello *h, struct cg_buf *b)
{
	struct answer a = {
		.hello = h,
		.old = old_dialect(h),
		.bitmap = cg_str_ieq(value_of_name(h, "TransFlagForm"),
		    cg_lit("bitmap")),
	};

	cg_buf_putz(b, "GET OPTION FROM: ");
	cg_buf_put(b, h->sn);
	cg_buf_putz(b, "\n");
	stamps_write(&a, b);
	for (size_t i = 0; i < CG_OPTION_COUNT; i++)
		option_write(&a, &cg_options[i], b);
}

void
cg_time_write(struct cg_buf *b, const struct cg_time *t, int32_t utc_offset)
{
	cg_buf_putf(b, "Time=%04d-%02d-%02dT%02d:%02d:%02d", t->year, t->month,
	    t->day, t->hour, t->minute, t->second);
	offset_write(b, utc_offset / MINUTE);
	cg_buf_putz(b, "\n");
}

/* The spec says Stamp for every table; firmware has a key for each of three. */
struct cg_str
cg_stamp_of(const struct cg_query *q)
{
	static const struct {
		struct cg_str	 table;		/* absent: any other */
		const char	*key[3];
	} rows[] = {
		{ CG_STR("OPERLOG"),	{ "OpStamp", "Stamp", NULL } },
		{ CG_STR("ATTPHOTO"),	{ "PhotoStamp", "Stamp", NULL } },
		{ { NULL, 0 },		{ "Stamp", "OpStamp", "PhotoStamp" } },
	};
	struct cg_str table = cg_query_get(q, "table");
	size_t i = 0;

	while (rows[i].table.p != NULL && !cg_str_ieq(rows[i].table, table))
		i++;
	for (size_t k = 0; k < CG_LEN(rows[i].key); k++) {
		struct cg_str s = { NULL, 0 };

		if (rows[i].key[k] != NULL)
			s = cg_query_get(q, rows[i].key[k]);
		if (cg_stamp_ok(s))
			return s;
	}
	return (struct cg_str){ NULL, 0 };
}
