/*
 * From the body of a command back to what it is, and how dangerous.  The
 * body may be anybody's: a row of the queue that another program wrote, or
 * somebody who wants to get around the classes of danger.
 */
#include "config.h"

#include "command.h"

#include <stdio.h>
#include <string.h>

#define ID_MAX	20		/* letters of a command's id, notes 2 */

static struct cg_str
skip_blanks(struct cg_str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = cg_str_from(s, 1);
	return s;
}

static bool
at_word_end(struct cg_str s)
{
	return s.n == 0 || s.p[0] == ' ' || s.p[0] == '\t';
}

/* What stands behind the words of a verb, whole or begun. */
static bool
words_take(struct cg_str *s, const char *words)
{
	struct cg_str rest = cg_str_of(words), word, body = *s;

	while (cg_str_cut(&rest, ' ', &word)) {
		body = skip_blanks(body);
		if (!cg_str_istarts(body, word))
			return false;
		body = cg_str_from(body, word.n);
		if (rest.p != NULL && !at_word_end(body))
			return false;
	}
	*s = body;
	return true;
}

bool
cg_verb_take(struct cg_str *body, const char *verb)
{
	struct cg_str rest = *body;

	if (verb[0] == '\0' || !words_take(&rest, verb) || !at_word_end(rest))
		return false;
	*body = rest;
	return true;
}

static enum cg_err
refuse(char why[CG_WHY_MAX], const char *text)
{
	snprintf(why, CG_WHY_MAX, "%s", text);
	return CG_SYNTAX;
}

/* "C:7:", as in front of each command on the wire. */
static bool
is_mark(struct cg_str s)
{
	size_t n = 2;

	if (!cg_str_istarts(s, cg_lit("C:")))
		return false;
	while (n < s.n && n < 2 + ID_MAX && s.p[n] != ':' &&
	    !at_word_end(cg_str_from(s, n)))
		n++;
	return n < s.n && s.p[n] == ':';
}

static bool
holds_mark(struct cg_str s)
{
	struct cg_str word;

	while (cg_word_next(&s, " \t", &word))
		if (is_mark(word))
			return true;
	return false;
}

/* What holds for any line, before its verb is looked at. */
static enum cg_err
check_line(struct cg_str body, char why[CG_WHY_MAX])
{
	static const char *const bare[] = { "UPDATE", "DELETE", "QUERY" };
	enum cg_err e = cg_line_check(body, true, "", why);

	if (e != CG_OK)
		return e;
	if (skip_blanks(body).n == 0)
		return refuse(why, "an empty line is no command");
	if (body.n > CG_COMMAND_MAX) {
		snprintf(why, CG_WHY_MAX, "longer than %zu bytes",
		    CG_COMMAND_MAX);
		return CG_LIMIT;
	}
	if (holds_mark(body))
		return refuse(why, "C:id: begins a second command; a body has "
		    "one command, without it");
	for (size_t i = 0; i < CG_LEN(bare); i++) {
		struct cg_str rest = body;

		if (!cg_verb_take(&rest, bare[i]))
			continue;
		snprintf(why, CG_WHY_MAX, "DATA must stand before %s",
		    bare[i]);
		return CG_SYNTAX;
	}
	return CG_OK;
}

static const struct cg_command *
raw_command(void)
{
	return cg_command_find(cg_lit("raw"));
}

/* By its verb; two that share it differ in having fields. */
static const struct cg_command *
find(struct cg_str body, struct cg_str *rest)
{
	const struct cg_command *found = NULL;

	body = skip_blanks(body);
	for (size_t i = 0; i < cg_ncommands; i++) {
		const struct cg_command *c = &cg_commands[i];
		struct cg_str behind = body;

		if (!cg_verb_take(&behind, c->verb) && (c->old_verb == NULL ||
		    !cg_verb_take(&behind, c->old_verb)))
			continue;
		*rest = skip_blanks(behind);
		if (found == NULL || (c->narg == 0) == (rest->n == 0))
			found = c;
	}
	return found;
}

bool
cg_name_ok(struct cg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!cg_name_char(s.p[i]))
			return false;
	return s.n > 0;
}

/* One NAME=VALUE; a name that the table does not have passes. */
static enum cg_err
read_field(struct cg_given *g, struct cg_str piece, char why[CG_WHY_MAX])
{
	size_t n = cg_str_chr(piece, '='), place;
	struct cg_str name = cg_str_head(piece, n);

	if (n == piece.n || !cg_name_ok(name)) {
		snprintf(why, CG_WHY_MAX, "fields must be NAME=VALUE with %s "
		    "between", g->command->separator == ',' ? "','" : "TAB");
		return CG_SYNTAX;
	}
	place = cg_arg_place(g->command, name);
	if (place == g->command->narg)
		return CG_OK;
	return cg_given_put(g, place, cg_str_from(piece, n + 1), why);
}

static enum cg_err
read_named(struct cg_given *g, struct cg_str rest, char why[CG_WHY_MAX])
{
	struct cg_str piece;
	enum cg_err e = CG_OK;

	while (e == CG_OK && cg_str_cut(&rest, g->command->separator, &piece))
		if (piece.n > 0)
			e = read_field(g, piece, why);
	return e;
}

/* PutFile url path: TAB or a blank between, more of NAME=VALUE (notes 7). */
static enum cg_err
read_words(struct cg_given *g, struct cg_str rest, char why[CG_WHY_MAX])
{
	struct cg_str word;
	enum cg_err e = CG_OK;
	size_t i;

	for (i = 0; e == CG_OK && cg_word_next(&rest, " \t", &word); i++) {
		if (i < g->command->narg)
			e = cg_given_put(g, i, word, why);
		else if (!cg_name_ok(cg_str_head(word, cg_str_chr(word, '='))))
			e = refuse(why, "more fields than it has");
	}
	return e;
}

static enum cg_err
read_item(struct cg_given *g, struct cg_str rest, char why[CG_WHY_MAX])
{
	size_t n = cg_str_chr(rest, '=');
	enum cg_err e;

	if (n == rest.n)
		return refuse(why, "must be ITEM=VALUE");
	e = cg_given_put(g, 0, cg_str_trim(cg_str_head(rest, n)), why);
	return e == CG_OK ? cg_given_put(g, 1, cg_str_from(rest, n + 1), why) :
	    e;
}

static enum cg_err
read_fields(struct cg_given *g, struct cg_str rest, char why[CG_WHY_MAX])
{
	const struct cg_command *c = g->command;

	if (c->narg == 0)
		return rest.n == 0 ? CG_OK : refuse(why, "takes no fields");
	if (c->separator == '=')
		return read_item(g, rest, why);
	if (!c->bare)
		return read_named(g, rest, why);
	if (c->narg > 1)
		return read_words(g, rest, why);
	return rest.n == 0 ? CG_OK : cg_given_put(g, 0, rest, why);
}

static enum cg_err
check_values(const struct cg_given *g, char why[CG_WHY_MAX])
{
	enum cg_err e = CG_OK;

	for (size_t i = 0; i < g->command->narg && e == CG_OK; i++)
		if (g->value[i].p != NULL && !cg_given_empty(g, i))
			e = cg_value_check(cg_given_arg(g, i), g->value[i],
			    why);
	if (e == CG_OK)
		e = cg_given_whole(g, why);
	if (e == CG_OK)
		e = cg_given_size(g, why);
	return e == CG_OK ? cg_given_period(g, why) : e;
}

static bool
is_delete(const struct cg_command *c)
{
	return cg_str_starts(cg_str_of(c->verb), cg_lit("DATA DELETE "));
}

/*
 * Whether the body begins with the verb and the key to the letter, and that
 * is one PIN or number: no "*", no list, no range.  Anything else may be no
 * key to the clock, which then deletes all (notes 6.17).
 */
static bool
has_key(const struct cg_command *c, const char *verb, struct cg_str body)
{
	char head[CG_VALUE_ROOM];
	struct cg_str key;

	if (verb == NULL)
		return false;
	snprintf(head, sizeof(head), "%s %s=", verb, c->arg[0].name);
	if (!cg_str_starts(body, cg_str_of(head)))
		return false;
	key = cg_str_from(body, strlen(head));
	return cg_name_ok(cg_str_head(key, cg_str_chr(key, '\t')));
}

/* The command that a DELETE without its key is. */
static const struct cg_command *
without_key(const struct cg_command *c)
{
	if (!c->arg[0].required)
		return c;
	for (size_t i = 0; i < cg_ncommands; i++)
		if (cg_commands[i].narg == 0 &&
		    strcmp(cg_commands[i].verb, c->verb) == 0)
			return &cg_commands[i];
	return raw_command();
}

static unsigned
known_dangers(const struct cg_command *c, struct cg_str body,
    struct cg_str rest)
{
	if (c->separator == '=')
		return cg_items_dangers(rest, CG_DANGER_NETWORK);
	if (is_delete(c) && c->narg > 0 && !has_key(c, c->verb, body) &&
	    !has_key(c, c->old_verb, body))
		return 1U << CG_DANGER_WIPE;
	return 1U << c->danger;
}

/*
 * Lines that the table does not have, by how they begin (notes 7).  Of any
 * other verb nobody here knows what a clock makes of it: that is as SHELL.
 */
static unsigned
raw_dangers(struct cg_str body)
{
	static const struct {
		const char	*words;
		enum cg_danger	 danger;
	} begun[] = {
		{ "PutFile", CG_DANGER_FILES },
		{ "GetFile", CG_DANGER_FILES },
		{ "UPGRADE", CG_DANGER_FILES },
		{ "CLEAR", CG_DANGER_WIPE },
		{ "RESET", CG_DANGER_WIPE },
		{ "DEL", CG_DANGER_WIPE },
		{ "DATA DEL", CG_DANGER_WIPE },
		{ "DATA CLEAR", CG_DANGER_WIPE },
	};
	static const char *const safe[] = {
		"DATA QUERY", "GET OPTIONS", "VERIFY SUM", "DATA UPDATE user",
		"DATA UPDATE FVEIN", "DATA UPDATE IDCARD",
		"DATA UPDATE BLACKLIST", "DATA UPDATE WHITELIST",
		"DATA UPDATE ADPIC", "DATA UPDATE WALLPAPER",
		"DATA UPDATE ShortcutKey", "DATA UPDATE AccTimeZone",
		"DATA UPDATE AccHoliday", "DATA UPDATE AccUnLockComb",
	};
	struct cg_str rest = body;

	if (cg_verb_take(&rest, "SET OPTIONS"))
		return 1U << CG_DANGER_NETWORK |
		    cg_items_dangers(rest, CG_SAFE);
	for (size_t i = 0; i < CG_LEN(begun); i++)
		if (words_take(&rest, begun[i].words))
			return 1U << begun[i].danger;
	for (size_t i = 0; i < CG_LEN(safe); i++)
		if (cg_verb_take(&rest, safe[i]))
			return 1U << CG_SAFE;
	return 1U << CG_DANGER_SHELL;
}

/* One class at most, so that allowing one never lets another through. */
static enum cg_err
settle(unsigned dangers, enum cg_danger *danger, char why[CG_WHY_MAX])
{
	unsigned found = CG_SAFE;

	dangers &= ~(1U << CG_SAFE);
	if ((dangers & (dangers - 1)) != 0)
		return refuse(why, "more than one dangerous thing in a line");
	while (dangers >> found > 1)
		found++;
	*danger = (enum cg_danger)found;
	return CG_OK;
}

/*
 * The command that its fields make it: DELETE without a key is another one
 * than with it.
 */
static const struct cg_command *
made(const struct cg_given *g)
{
	const struct cg_command *c = g->command;

	return is_delete(c) && c->narg > 0 && g->value[0].p == NULL ?
	    without_key(c) : c;
}

/* What the fields are, and which command that makes it. */
static enum cg_err
check_known(const struct cg_command **c, struct cg_str rest,
    char why[CG_WHY_MAX])
{
	struct cg_given g = { .command = *c };
	enum cg_err e = read_fields(&g, rest, why);

	if (e != CG_OK)
		return e;
	*c = made(&g);
	return *c == g.command ? check_values(&g, why) : CG_OK;
}

enum cg_err
cg_command_check(struct cg_str body, const struct cg_command **command,
    enum cg_danger *danger, char why[CG_WHY_MAX])
{
	struct cg_str rest;
	const struct cg_command *c;
	unsigned dangers;
	enum cg_err e;

	why[0] = '\0';
	e = check_line(body, why);
	if (e != CG_OK)
		return e;
	c = find(body, &rest);
	if (c == NULL) {
		c = raw_command();
		dangers = raw_dangers(body);
	} else {
		dangers = known_dangers(c, body, rest);
		e = check_known(&c, rest, why);
	}
	if (e == CG_OK)
		e = settle(dangers, danger, why);
	if (e == CG_OK)
		*command = c;
	return e;
}

enum cg_err
cg_command_read(struct cg_str body, struct cg_told *told)
{
	struct cg_str rest;
	struct cg_given g = { .command = find(body, &rest) };
	char why[CG_WHY_MAX];
	enum cg_err e;

	if (g.command == NULL)
		return CG_UNKNOWN;
	e = read_fields(&g, rest, why);
	if (e != CG_OK)
		return e;
	told->command = made(&g);
	told->fields = rest;
	_Static_assert(sizeof(told->value) == sizeof(g.value), "fields");
	memcpy(told->value, g.value, sizeof(g.value));
	return CG_OK;
}

struct cg_str
cg_told_value(const struct cg_told *told, const char *name)
{
	size_t place = cg_arg_place(told->command, cg_str_of(name));

	return place < told->command->narg ? told->value[place] :
	    (struct cg_str){ NULL, 0 };
}

bool
cg_command_secret(struct cg_str body)
{
	const struct cg_command *c;
	enum cg_danger danger;
	char why[CG_WHY_MAX];

	return cg_command_check(body, &c, &danger, why) != CG_OK || c->secret;
}
