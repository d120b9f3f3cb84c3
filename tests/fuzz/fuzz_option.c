/*
 * The option block.  The input is the clock's pushver, its DeviceType, a
 * stamp and the options in the order of the table, NUL between; its length
 * gives the zone.  Whatever the values are, the block stays a block.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

#define LINES_MAX	(1 + 3 + 10 + CG_OPTION_COUNT)

static struct cg_str
take(struct cg_str *rest)
{
	struct cg_str piece = { NULL, 0 };

	cg_str_cut(rest, '\0', &piece);
	return piece;
}

static bool
name_known(struct cg_str name)
{
	struct cg_str stamp = CG_STR("Stamp");

	if (cg_option_find(name) != NULL)
		return true;
	return name.n >= stamp.n &&
	    cg_str_eq(cg_str_from(name, name.n - stamp.n), stamp);
}

static void
block(struct cg_str text)
{
	struct cg_str line;
	size_t n = 0;

	REQUIRE(text.n > 0 && text.p[text.n - 1] == '\n');
	for (size_t i = 0; i < text.n; i++)
		REQUIRE(text.p[i] == '\n' || text.p[i] == '\t' ||
		    (text.p[i] >= ' ' && text.p[i] <= '~'));
	REQUIRE(cg_str_line(&text, &line));
	REQUIRE(cg_str_eq(line, cg_lit("GET OPTION FROM: TST1")));
	while (cg_str_line(&text, &line)) {
		REQUIRE(++n < LINES_MAX);
		REQUIRE(cg_str_chr(line, '=') < line.n);
		REQUIRE(name_known(cg_str_head(line, cg_str_chr(line, '='))));
	}
}

/* What stands behind the name, or absent. */
static struct cg_str
value_of(struct cg_str text, const char *name)
{
	struct cg_str line;

	while (cg_str_line(&text, &line)) {
		size_t eq = cg_str_chr(line, '=');

		if (cg_str_eq(cg_str_head(line, eq), cg_str_of(name)))
			return cg_str_from(line, eq + 1);
	}
	return (struct cg_str){ NULL, 0 };
}

static bool
is_old(const struct cg_hello *h)
{
	const struct cg_option *o = cg_option_find(cg_lit("Dialect"));
	struct cg_str dialect = h->option[o - cg_options];

	if (cg_str_ieq(dialect, cg_lit("old")) ||
	    cg_str_ieq(dialect, cg_lit("new")))
		return cg_str_ieq(dialect, cg_lit("old"));
	return h->pushver.n == 0;
}

/* A value that may be is sent as it was given, a number as a number. */
static void
given_is_sent(const struct cg_option *o, struct cg_str value, struct cg_str text)
{
	struct cg_str sent = value_of(text, o->name);
	int32_t given, n;

	switch (o->type) {
	case CG_OPT_INT:
		REQUIRE(cg_str_i32(value, o->min, o->max, &given) == CG_OK);
		REQUIRE(cg_str_i32(sent, o->min, o->max, &n) == CG_OK);
		REQUIRE(n == given);
		return;
	case CG_OPT_FLAGS:
	case CG_OPT_TEXT:
	case CG_OPT_ENCRYPT:
		REQUIRE(cg_str_eq(sent, value));
		return;
	case CG_OPT_TIMES:
	case CG_OPT_TRANSFLAG:
	case CG_OPT_VERSION:
		REQUIRE(sent.p != NULL);
		return;
	case CG_OPT_ZONE:
	case CG_OPT_TRANSFORM:
	case CG_OPT_DIALECT:
		return;
	}
}

static void
complete(const struct cg_hello *h, struct cg_str text)
{
	struct cg_str stamp = h->stamp[0].stamp;
	char why[CG_WHY_MAX];

	if (!cg_stamp_ok(stamp))
		stamp = cg_lit("0");
	REQUIRE(cg_str_eq(value_of(text, "Stamp"), stamp));
	REQUIRE(is_old(h) ? value_of(text, "ATTLOGStamp").p == NULL :
	    cg_str_eq(value_of(text, "ATTLOGStamp"), stamp));
	for (size_t i = 0; i < CG_OPTION_COUNT; i++) {
		const struct cg_option *o = &cg_options[i];

		if (h->option[i].n > 0 && !(o->new_only && is_old(h)) &&
		    cg_option_check(o, h->option[i], why) == CG_OK)
			given_is_sent(o, h->option[i], text);
	}
}

static void
check(size_t i, struct cg_str value)
{
	char why[CG_WHY_MAX];
	enum cg_err e = cg_option_check(&cg_options[i], value, why);

	REQUIRE(e == CG_OK || e == CG_SYNTAX);
	REQUIRE((e == CG_OK) == (why[0] == '\0'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str rest = fuzz_input(p, n);
	struct cg_hello h = { .sn = cg_lit("TST1") };
	struct cg_stamp stamps[2] = { { .table = cg_lit("ATTLOG") },
	    { .table = cg_lit("BIODATA") } };
	struct cg_arena *a;
	struct cg_buf b;

	h.pushver = take(&rest);
	h.device_type = take(&rest);
	stamps[0].stamp = stamps[1].stamp = take(&rest);
	h.stamp = stamps;
	h.nstamp = CG_LEN(stamps);
	h.utc_offset = (int32_t)(n % 113) * 900 - 14 * 3600;
	for (size_t i = 0; i < CG_OPTION_COUNT; i++) {
		h.option[i] = take(&rest);
		check(i, h.option[i]);
	}
	if (cg_arena_new(2 * CG_BLOCK_MAX, &a) != CG_OK)
		return 0;
	cg_buf_init(&b, a, CG_BLOCK_MAX);
	cg_block_write(&h, &b);
	REQUIRE(!b.full);
	block(cg_buf_str(&b));
	complete(&h, cg_buf_str(&b));
	cg_arena_free(a);
	return 0;
}
