/*
 * Commands.  The input is lines.  The first is read as the body of a command
 * by somebody else; together with the lines behind it, it is also the name
 * of a command and its fields.
 *
 * What is refused has a reason; what is accepted is one line; what the
 * encoder writes is read back as the same command with the same values.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

#include <string.h>

#define ROOM	((size_t)1 << 22)

static void
one_line(struct cg_str body)
{
	REQUIRE(body.n > 0 && body.n <= CG_COMMAND_MAX);
	for (size_t i = 0; i < body.n; i++)
		REQUIRE(body.p[i] != '\n' && body.p[i] != '\r' &&
		    body.p[i] != '\0');
}

static void
reason(enum cg_err e, const char *why)
{
	REQUIRE(memchr(why, '\0', CG_WHY_MAX) != NULL);
	REQUIRE((e == CG_OK) == (why[0] == '\0'));
}

/*
 * What begins like a dangerous verb is never called safe; of what clears, bells
 * are no loss.
 */
static void
never_safe(struct cg_str body, const struct cg_command *c,
    enum cg_danger danger)
{
	static const char *const verb[] = { "SHELL", "PUTFILE", "GETFILE",
		"UPGRADE", "CLEAR" };
	struct cg_str trimmed = cg_str_trim(body);

	if (strcmp(c->name, "clear-bells") == 0)
		return;
	for (size_t i = 0; i < CG_LEN(verb); i++)
		if (cg_str_istarts(trimmed, cg_str_of(verb[i])))
			REQUIRE(danger != CG_SAFE);
}

/* Taken apart it is the same command, and its values are parts of it. */
static void
same_command(struct cg_str body, const struct cg_command *c)
{
	struct cg_told t;
	enum cg_err e = cg_command_read(body, &t);

	REQUIRE(e == CG_UNKNOWN || (e == CG_OK && t.command == c));
	REQUIRE(e == CG_OK || c->verb[0] == '\0');
	for (size_t i = 0; e == CG_OK && i < CG_ARG_MAX; i++)
		REQUIRE(t.value[i].p == NULL || t.value[i].n == 0 ||
		    (t.value[i].p >= body.p &&
		    t.value[i].p + t.value[i].n <= body.p + body.n));
}

/* What may be told of it, however little there is room for. */
static void
shown(struct cg_str body)
{
	char text[64];
	struct cg_buf room = { text, 0, body.n % sizeof(text), false };
	struct cg_str got = cg_command_shown(body, &room);

	REQUIRE(got.n <= body.n || got.n <= room.cap);
	fuzz_touch(got);
}

static const struct cg_command *
check(struct cg_str body)
{
	const struct cg_command *c = NULL;
	enum cg_danger danger = CG_DANGER__MAX;
	char why[CG_WHY_MAX];
	enum cg_err e = cg_command_check(body, &c, &danger, why);

	reason(e, why);
	shown(body);
	if (e != CG_OK) {
		REQUIRE(c == NULL && danger == CG_DANGER__MAX);
		return NULL;
	}
	REQUIRE(c != NULL && danger < CG_DANGER__MAX);
	REQUIRE(c->danger == CG_SAFE || danger == c->danger);
	one_line(body);
	never_safe(body, c, danger);
	same_command(body, c);
	return c;
}

static size_t
pairs(struct cg_str rest, struct cg_pair *pair, size_t max)
{
	struct cg_str line;
	size_t n = 0, eq;

	while (n < max && cg_str_cut(&rest, '\n', &line)) {
		eq = cg_str_chr(line, '=');
		if (eq == line.n)
			continue;
		pair[n].name = cg_str_head(line, eq);
		pair[n++].value = cg_str_from(line, eq + 1);
	}
	return n;
}

/* Values that go on the wire as they are given. */
static const bool plain[CG_ARG__MAX] = {
	[CG_ARG_PIN] = true,
	[CG_ARG_INT] = true,
	[CG_ARG_CHOICE] = true,
	[CG_ARG_TEXT] = true,
	[CG_ARG_LABEL] = true,
	[CG_ARG_HEX] = true,
	[CG_ARG_BASE64] = true,
	[CG_ARG_SIZE] = true,
	[CG_ARG_ITEM] = true,
	[CG_ARG_PATH] = true,
	[CG_ARG_URL] = true,
};

/* What was given is what is read, and a PIN has no blanks. */
static void
given_is_told(const struct cg_pair *pair, size_t n, const struct cg_told *t)
{
	const struct cg_command *c = t->command;

	REQUIRE(cg_str_chr(cg_told_value(t, "PIN"), ' ') ==
	    cg_told_value(t, "PIN").n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < c->narg; k++)
			if (cg_str_ieq(cg_str_of(c->arg[k].name),
			    pair[i].name) && plain[c->arg[k].type])
				REQUIRE(cg_str_eq(t->value[k], pair[i].value));
}

/* All that is read, given to the encoder, is the same body. */
static void
told_is_body(const struct cg_told *t, struct cg_str body, struct cg_arena *a)
{
	struct cg_pair pair[CG_ARG_MAX];
	char why[CG_WHY_MAX];
	struct cg_str again;
	size_t n = 0;

	for (size_t i = 0; i < t->command->narg; i++)
		if (t->value[i].p != NULL)
			pair[n++] = (struct cg_pair){
			    .name = cg_str_of(t->command->arg[i].name),
			    .value = t->value[i] };
	REQUIRE(cg_command_encode(t->command, pair, n, a, &again, why) ==
	    CG_OK);
	REQUIRE(cg_str_eq(again, body));
}

static void
same_values(const struct cg_command *c, const struct cg_pair *pair, size_t n,
    struct cg_str body, struct cg_arena *a)
{
	struct cg_told t;

	if (c->verb[0] == '\0') {
		REQUIRE(cg_str_eq(body, pair[0].value));
		return;
	}
	REQUIRE(cg_command_read(body, &t) == CG_OK && t.command == c);
	given_is_told(pair, n, &t);
	told_is_body(&t, body, a);
}

static void
encode(const struct cg_command *c, struct cg_str rest, struct cg_arena *a)
{
	struct cg_pair pair[CG_ARG_MAX + 2];
	size_t n = pairs(rest, pair, CG_LEN(pair));
	struct cg_str body, old;
	char why[CG_WHY_MAX];
	enum cg_err e = cg_command_encode(c, pair, n, a, &body, why);
	const struct cg_command *is;

	reason(e, why);
	if (e != CG_OK)
		return;
	one_line(body);
	fuzz_touch(body);
	is = check(body);
	REQUIRE(is != NULL && (is == c || c->verb[0] == '\0'));
	same_values(c, pair, n, body, a);
	old = cg_command_old(is, body, a);
	REQUIRE(old.p != NULL);
	REQUIRE(check(old) == is);
}

/* Nothing refuses letters of the input as PIN and name, and a number. */
static void
letters_pass(struct cg_str s, struct cg_arena *a)
{
	char word[9], want[64], group[2] = "0", why[CG_WHY_MAX];
	struct cg_str body = { NULL, 0 };
	struct cg_pair pair[3];
	size_t n = 0;

	for (size_t i = 0; i < s.n && n + 1 < sizeof(word); i++)
		if ((s.p[i] >= 'a' && s.p[i] <= 'z') ||
		    (s.p[i] >= '0' && s.p[i] <= '9'))
			word[n++] = s.p[i];
	if (n == 0)
		return;
	word[n] = '\0';
	pair[0] = (struct cg_pair){ cg_lit("PIN"), cg_str_of(word) };
	pair[1] = (struct cg_pair){ cg_lit("Name"), cg_str_of(word) };
	group[0] = (char)(group[0] + n);
	pair[2] = (struct cg_pair){ cg_lit("Grp"), cg_str_of(group) };
	snprintf(want, sizeof(want), "DATA UPDATE USERINFO PIN=%s\tName=%s\tGrp=%s",
	    word, word, group);
	REQUIRE(cg_command_encode(cg_command_find(cg_lit("user-update")), pair,
	    CG_LEN(pair), a, &body, why) == CG_OK);
	REQUIRE(cg_str_eq(body, cg_str_of(want)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str rest = fuzz_input(p, n), first = { NULL, 0 };
	const struct cg_command *c;
	struct cg_arena *a;

	check(rest);
	if (!cg_str_cut(&rest, '\n', &first))
		return 0;
	check(first);
	if (cg_arena_new(ROOM, &a) != CG_OK)
		return 0;
	letters_pass(rest, a);
	if ((c = cg_command_find(first)) != NULL)
		encode(c, rest, a);
	cg_arena_free(a);
	return 0;
}
