/*
 * The configuration as an ini with its documentation.  What is printed here
 * is read back as the same.
 */
#include "config.h"

#include "conf_priv.h"

#include <string.h>

#define COLUMNS	76

static const char about[] =
    "The configuration of clockgate, see clockgate.ini(5). A # or ; begins a "
    "comment. A value that holds one of these, or begins or ends with a "
    "blank, needs quotes: \"00:00;14:05\".";
static const char about_sample[] =
    "These are the defaults. To set a key, take away the ; before it.";

/* Words wrapped into comment lines. */
static void
comment(const char *text, FILE *f)
{
	struct cg_str rest = cg_str_of(text), word;
	size_t used = 0;

	while (cg_str_cut(&rest, ' ', &word)) {
		if (used > 0 && used + 1 + word.n > COLUMNS) {
			fputc('\n', f);
			used = 0;
		}
		fprintf(f, "%s%.*s", used == 0 ? "# " : " ", (int)word.n, word.p);
		used += 1 + word.n;
	}
	fputc('\n', f);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
quote_for(struct cg_str v)
{
	if (v.n == 0)
		return "";
	if (cg_str_chr(v, '"') < v.n)
		return "'";
	if (cg_str_chr(v, ';') < v.n || cg_str_chr(v, '#') < v.n ||
	    cg_str_chr(v, '\'') < v.n || blank(v.p[0]) || blank(v.p[v.n - 1]) ||
	    v.p[v.n - 1] == '\\')
		return "\"";
	return "";
}

static void
assignment(const char *mark, const char *key, struct cg_str value, FILE *f)
{
	const char *quote = quote_for(value);

	fprintf(f, "%s%s =%s%s%.*s%s\n", mark, key, value.n > 0 ? " " : "",
	    quote, (int)value.n, value.n > 0 ? value.p : "", quote);
}

static void
slot_print(const struct cg_conf *c, size_t slot, FILE *f)
{
	char limits[160], line[240], number[16];
	const char *def = conf_default(slot);

	fputc('\n', f);
	comment(conf_doc(slot), f);
	conf_limits(slot, limits, sizeof(limits));
	snprintf(line, sizeof(line), "(%s; default %s)", limits,
	    def[0] != '\0' ? def : "empty");
	comment(line, f);
	if (c == NULL)
		assignment(";", conf_key(slot), cg_str_of(def), f);
	else
		assignment("", conf_key(slot), conf_value(c, slot, number), f);
}

void
cg_conf_print(const struct cg_conf *c, FILE *f)
{
	const char *section = "";

	comment(about, f);
	if (c == NULL)
		comment(about_sample, f);
	for (size_t slot = 0; slot < CONF_SLOTS; slot++) {
		if (strcmp(section, conf_section(slot)) != 0) {
			section = conf_section(slot);
			fprintf(f, "\n[%s]\n", section);
		}
		slot_print(c, slot, f);
	}
}
