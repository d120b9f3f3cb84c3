/*
 * What of a command may be shown to people who must not know its secrets.
 */
#include "config.h"

#include "command.h"

#define WORD_MAX	64	/* letters of a name; what is longer is none */

/* A value of these types is no secret, if it is what it should be. */
static const bool harmless[CG_ARG__MAX] = {
	[CG_ARG_PIN] = true,
	[CG_ARG_INT] = true,
	[CG_ARG_CHOICE] = true,
	[CG_ARG_SIZE] = true,
	[CG_ARG_DATE] = true,
	[CG_ARG_CLOCK] = true,
	[CG_ARG_DAY] = true,
	[CG_ARG_WEEK] = true,
	[CG_ARG_WEEKTIMES] = true,
	[CG_ARG_SCHEDULES] = true,
	[CG_ARG_USERTZ] = true,
	[CG_ARG_FLAGS] = true,
};

struct item {
	struct cg_str	 name;
	struct cg_str	 value;
	bool		 listed;	/* some command or option has that name */
	bool		 harmless;	/* and nothing is given away by that value */
};

static bool
fits(const struct cg_arg *arg, struct cg_str value)
{
	char why[CG_WHY_MAX];

	return cg_value_check(arg, value, why) == CG_OK;
}

/* A value with '=' may hold further items. */
static void
look_up(struct item *item)
{
	const struct cg_item_rule *rule = cg_item_rule_find(item->name);

	item->listed = rule != NULL;
	item->harmless = rule != NULL && !cg_item_secret(item->name) &&
	    cg_str_chr(item->value, '=') == item->value.n &&
	    fits(&rule->arg, item->value);
	for (size_t i = 0; i < cg_ncommands && rule == NULL; i++) {
		const struct cg_command *c = &cg_commands[i];
		size_t place = cg_arg_place(c, item->name);

		if (place == c->narg)
			continue;
		item->listed = true;
		item->harmless = item->harmless ||
		    (harmless[c->arg[place].type] &&
		    fits(&c->arg[place], item->value));
	}
}

static bool
is_word(struct cg_str s)
{
	return s.n <= WORD_MAX && cg_name_ok(s);
}

/* NAME=VALUE; but base64, too, may end in '='. */
static bool
read_item(struct cg_str word, struct item *item)
{
	size_t n = cg_str_chr(word, '=');

	item->name = cg_str_trim(cg_str_head(word, n));
	item->value = cg_str_from(word, n < word.n ? n + 1 : n);
	if (item->name.n > 0 && item->name.p[0] == '~')
		item->name = cg_str_from(item->name, 1);
	if (n == word.n || !is_word(item->name))
		return false;
	look_up(item);
	return item->listed ||
	    (item->value.n > 0 && item->value.p[0] != '=');
}

static void
show_items(struct cg_str rest, const char *separators, struct cg_buf *out)
{
	struct cg_str word;
	bool shown = true;	/* the word before */

	while (cg_word_next(&rest, separators, &word)) {
		struct item item;
		bool was = shown;

		shown = read_item(word, &item);
		if (!shown) {
			cg_buf_putz(out, was ? " ..." : "");
			continue;
		}
		cg_buf_putz(out, " ");
		cg_buf_put(out, item.name);
		cg_buf_putz(out, "=");
		if (item.harmless)
			cg_buf_put(out, item.value);
	}
}

/* Words that a verb has at most when it begins with this one. */
static unsigned
words_of_verb(struct cg_str first)
{
	unsigned most = 1;

	for (size_t i = 0; i < cg_ncommands; i++) {
		struct cg_str verb = cg_str_of(cg_commands[i].verb), word;
		unsigned n = 1;

		if (!cg_str_cut(&verb, ' ', &word) || !cg_str_ieq(word, first))
			continue;
		while (cg_str_cut(&verb, ' ', &word))
			n++;
		if (n > most)
			most = n;
	}
	return most;
}

/* As many words of *rest as may be its verb. */
static void
show_verb(struct cg_str *rest, struct cg_buf *out)
{
	struct cg_str behind = *rest, word;
	unsigned n = 0, most = 1;

	while (n < most && cg_word_next(&behind, " \t", &word) &&
	    is_word(word)) {
		if (n++ == 0)
			most = words_of_verb(word);
		else
			cg_buf_putz(out, " ");
		cg_buf_put(out, word);
		*rest = behind;
	}
}

struct cg_str
cg_command_shown(struct cg_str body, struct cg_buf *room)
{
	const char *separators = " \t,;&";
	struct cg_str behind = body;
	struct cg_told told;

	if (cg_command_read(body, &told) == CG_OK) {
		if (!told.command->secret)
			return cg_str_head(body, cg_items_open(body));
		separators = "\t";
	}
	if (cg_verb_take(&behind, "SET OPTION"))
		separators = "";	/* all behind the name is its value */
	show_verb(&body, room);
	show_items(body, separators, room);
	return cg_buf_str(room);
}
