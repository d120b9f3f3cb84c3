/*
 * A look through the ini before iniparser reads it.  iniparser passes over
 * in silence what an operator would want to hear of: unknown keys, a key
 * that comes twice (the last one wins), a value cut off at a ';' for want of
 * quotes.  Where a line stands is known only here, too.
 */
#include "config.h"

#include "conf_priv.h"

#include <string.h>

struct scan {
	const char	*file;
	unsigned	 line;
	char		 name[65];	/* of the section */
	struct cg_str	 section;	/* absent before the first */
	struct conf_lines *seen;
	char		*msg;
};

static enum cg_err
fault(const struct scan *s, struct cg_str key, const char *why)
{
	int n = (int)(key.n < 64 ? key.n : 64);

	if (key.p == NULL)
		snprintf(s->msg, CG_MSG_MAX, "%s:%u: %s", s->file, s->line, why);
	else if (s->section.p == NULL)
		snprintf(s->msg, CG_MSG_MAX, "%s:%u: %.*s: %s", s->file, s->line,
		    n, key.p, why);
	else
		snprintf(s->msg, CG_MSG_MAX, "%s:%u: [%s]%s%.*s: %s", s->file,
		    s->line, s->name, n > 0 ? " " : "", n, key.p, why);
	return CG_SYS;
}

static const struct cg_str nothing = { NULL, 0 };

/* What stands in a message must be one line. */
static bool
has_control(struct cg_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f)
			return true;
	return false;
}

static enum cg_err
section_line(struct scan *s, struct cg_str line)
{
	struct cg_str name;
	char why[CG_WHY_MAX];

	if (cg_str_chr(line, ']') != line.n - 1)
		return fault(s, nothing, "a section is a line of its own: [name]");
	name = cg_str_trim(cg_str_from(cg_str_head(line, line.n - 1), 1));
	if (has_control(name))
		return fault(s, nothing, "the name holds a control character");
	snprintf(s->name, sizeof(s->name), "%.*s",
	    (int)(name.n < 64 ? name.n : 64), name.p);
	s->section = cg_str_of(s->name);
	if (conf_section_known(name))
		return CG_OK;
	conf_unknown(name, nothing, why);
	return fault(s, cg_lit(""), why);
}

/* What stands behind the closing quote: nothing, or a comment. */
static bool
quoted_ok(struct cg_str value)
{
	struct cg_str rest = cg_str_from(value, 1);
	size_t end = cg_str_chr(rest, value.p[0]);

	if (end == rest.n)
		return false;
	rest = cg_str_trim(cg_str_from(rest, end + 1));
	return rest.n == 0 || rest.p[0] == ';' || rest.p[0] == '#';
}

/* ';' and '#' begin a comment anywhere; we want a blank before it. */
static bool
bare_ok(struct cg_str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == ';' || value.p[i] == '#')
			return i > 0 &&
			    (value.p[i - 1] == ' ' || value.p[i - 1] == '\t');
	return true;
}

static enum cg_err
value_check(const struct scan *s, struct cg_str key, struct cg_str value)
{
	if (value.n == 0)
		return CG_OK;
	if (value.p[0] == '"' || value.p[0] == '\'') {
		if (!quoted_ok(value))
			return fault(s, key, "the quotes do not match; write "
			    "key = \"value\", or 'value' when it holds a \"");
	} else if (!bare_ok(value))
		return fault(s, key, "a value with ; or # needs quotes: "
		    "key = \"value\"");
	return CG_OK;
}

static enum cg_err
key_line(struct scan *s, struct cg_str line)
{
	size_t eq = cg_str_chr(line, '='), slot;
	struct cg_str key = cg_str_trim(cg_str_head(line, eq));
	char why[CG_WHY_MAX];

	if (eq == line.n || key.n == 0)
		return fault(s, nothing, "neither [section] nor key = value; "
		    "a comment begins with # or ;");
	if (has_control(key))
		return fault(s, nothing, "the key holds a control character");
	if (s->section.p == NULL)
		return fault(s, key, "a key before the first [section]");
	if (conf_find(s->section, key, &slot, why) != CG_OK)
		return fault(s, key, why);
	if (s->seen->line[slot] != 0) {
		snprintf(why, sizeof(why), "already set in line %u; keep one of "
		    "the two", s->seen->line[slot]);
		return fault(s, key, why);
	}
	s->seen->line[slot] = s->line;
	return value_check(s, key, cg_str_trim(cg_str_from(line, eq + 1)));
}

static enum cg_err
line_check(struct scan *s, struct cg_str line)
{
	if (line.n > CONF_LINE_MAX)
		return fault(s, nothing, "the line is longer than 1,022 bytes");
	if (line.n > 0 && memchr(line.p, 0, line.n) != NULL)
		return fault(s, nothing, "the line holds a NUL byte");
	if (s->line == 1 && cg_str_starts(line, cg_lit("\xEF\xBB\xBF")))
		return fault(s, nothing, "the file begins with a byte order mark "
		    "(BOM); save it as UTF-8 without one");
	line = cg_str_trim(line);
	if (line.n == 0)
		return CG_OK;
	if (line.p[line.n - 1] == '\\')
		return fault(s, nothing, "the line ends in a backslash; lines "
		    "can't be joined here, a value that ends so needs quotes");
	if (line.p[0] == '#' || line.p[0] == ';')
		return CG_OK;
	return line.p[0] == '[' ? section_line(s, line) : key_line(s, line);
}

enum cg_err
conf_scan(const char *file, FILE *f, struct conf_lines *seen,
    char msg[CG_MSG_MAX])
{
	struct scan s = { .file = file, .seen = seen, .msg = msg };
	char buf[CONF_LINE_MAX + 2];	/* enough to see that a line is too long */
	enum cg_err e = CG_OK;
	size_t n = 0;
	int c;

	while (e == CG_OK && (c = getc(f)) != EOF) {
		if (c != '\n') {
			if (n < sizeof(buf))
				buf[n++] = (char)c;
			continue;
		}
		s.line++;
		e = line_check(&s, (struct cg_str){ buf, n });
		n = 0;
	}
	if (e == CG_OK && n > 0) {
		s.line++;
		e = line_check(&s, (struct cg_str){ buf, n });
	}
	if (e == CG_OK && ferror(f) != 0)
		return fault(&s, nothing, "the file can't be read on");
	return e;
}
