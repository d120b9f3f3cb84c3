/*
 * command send --from FILE: a command a line, or, with the name of a command
 * typed, csv (RFC 4180) with its fields as header.
 */
#include "config.h"

#include "send.h"

#include <string.h>

#define INPUT_MAX	((size_t)64 << 20)
#define WHERE_MAX	300

/* What --from FILE reads without a command that was typed, and with one. */
#define LINE_FORM	"a line is NAME FIELD=VALUE ..., as user-update PIN=7 " \
			"Name=Ann"
#define TABLE_FORM	"the first line has the names of fields with commas " \
			"between, as PIN,Name; each line below it the values, " \
			"as 7,Ann"

struct input {
	struct send	*send;
	const char	*file;
	struct cg_str	 rest;
	unsigned	 line;
	char		 where[WHERE_MAX];	/* "FILE:LINE: " */
};

static void
at_line(struct input *in, unsigned line)
{
	snprintf(in->where, sizeof(in->where), "%.250s:%u: ", in->file, line);
}

static int
fault(const struct input *in, const char *why)
{
	return cli_fail("%s%s", in->where, why);
}

/* ---- a command a line: NAME FIELD=VALUE..., quotes as in a shell ---- */

/* Copy what is quoted up to the closing quote; false: there is none. */
static bool
quoted(struct cg_str *rest, char quote, char *out, size_t *n)
{
	for (size_t i = 1; i < rest->n; i++) {
		char c = rest->p[i];

		if (c == quote) {
			*rest = cg_str_from(*rest, i + 1);
			return true;
		}
		if (quote == '"' && c == '\\' && i + 1 < rest->n &&
		    (rest->p[i + 1] == '"' || rest->p[i + 1] == '\\'))
			c = rest->p[++i];
		out[(*n)++] = c;
	}
	return false;
}

/* The next word of the line, in the arena; absent at its end. */
static int
word_take(struct input *in, struct cg_str *rest, struct cg_str *word)
{
	char *out;
	size_t n = 0;

	*rest = cg_str_trim(*rest);
	*word = (struct cg_str){ NULL, 0 };
	if (rest->n == 0)
		return 0;
	if ((out = cg_arena_get(in->send->arena, rest->n + 1)) == NULL)
		return fault(in, "no memory");
	while (rest->n > 0 && rest->p[0] != ' ' && rest->p[0] != '\t') {
		if (rest->p[0] == '"' || rest->p[0] == '\'') {
			if (!quoted(rest, rest->p[0], out, &n))
				return fault(in, "a quote is not closed");
			continue;
		}
		if (rest->p[0] == '\\' && rest->n > 1)
			*rest = cg_str_from(*rest, 1);
		out[n++] = rest->p[0];
		*rest = cg_str_from(*rest, 1);
	}
	out[n] = '\0';
	*word = (struct cg_str){ out, n };
	return 0;
}

static int
line_add(struct input *in, struct cg_str line)
{
	struct cg_pair pair[PAIRS_MAX];
	struct cg_str name, word;
	size_t n = 0;
	int status;

	if ((status = word_take(in, &line, &name)) != 0)
		return status;
	if (cg_str_chr(name, '=') < name.n)
		return fault(in, LINE_FORM);
	for (;;) {
		if ((status = word_take(in, &line, &word)) != 0)
			return status;
		if (word.p == NULL)
			return send_add(in->send, in->where, name.p, pair, n);
		if (n == PAIRS_MAX)
			return fault(in, "too many fields");
		if ((status = send_pair(in->where, name.p, word.p, &pair[n++])) !=
		    0)
			return status;
	}
}

static int
lines_add(struct input *in)
{
	struct cg_str line;
	int status;

	for (unsigned i = 1; cg_str_line(&in->rest, &line); i++) {
		at_line(in, i);
		line = cg_str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if ((status = line_add(in, line)) != 0)
			return status;
	}
	return 0;
}

/* ---- csv ---- */

/* Where the quote stands that closes the one at the front; s.n: nowhere. */
static size_t
quote_end(struct cg_str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] != '"')
			continue;
		if (i + 1 == s.n || s.p[i + 1] != '"')
			return i;
		i++;
	}
	return s.n;
}

/* A cell in quotes, each doubled within. */
static int
cell_quoted(struct input *in, struct cg_str *cell)
{
	const char *p = in->rest.p;
	size_t n = 0, end = quote_end(in->rest);
	char *out;

	if (end == in->rest.n)
		return fault(in, "a quote is not closed");
	if ((out = cg_arena_get(in->send->arena, end)) == NULL)
		return fault(in, "no memory");
	for (size_t i = 1; i < end; i++) {
		i += p[i] == '"';
		in->line += p[i] == '\n';
		out[n++] = p[i];
	}
	in->rest = cg_str_from(in->rest, end + 1);
	*cell = (struct cg_str){ out, n };
	return 0;
}

/* A CR, an LF, both, or the end of the file. */
static int
row_end(struct input *in)
{
	if (in->rest.n > 0 && in->rest.p[0] == '\r')
		in->rest = cg_str_from(in->rest, 1);
	if (in->rest.n > 0 && in->rest.p[0] != '\n')
		return fault(in, "a row ends in CR LF, a quoted cell with a comma");
	if (in->rest.n > 0)
		in->rest = cg_str_from(in->rest, 1);
	in->line++;
	return 0;
}

/* The next cell; *last: it ends its row. */
static int
cell_take(struct input *in, struct cg_str *cell, bool *last)
{
	static const char ends[] = { ',', '\r', '\n' };
	size_t n = 0;
	int status;

	if (in->rest.n > 0 && in->rest.p[0] == '"') {
		if ((status = cell_quoted(in, cell)) != 0)
			return status;
	} else {
		while (n < in->rest.n &&
		    memchr(ends, in->rest.p[n], sizeof(ends)) == NULL)
			n++;
		*cell = cg_str_head(in->rest, n);
		in->rest = cg_str_from(in->rest, n);
	}
	*last = in->rest.n == 0 || in->rest.p[0] != ',';
	if (*last)
		return row_end(in);
	in->rest = cg_str_from(in->rest, 1);
	return 0;
}

static int
row_take(struct input *in, struct cg_str cell[PAIRS_MAX], size_t *n)
{
	bool last = false;
	int status;

	at_line(in, in->line);
	for (*n = 0; !last; ++*n) {
		if (*n == PAIRS_MAX)
			return fault(in, "too many columns");
		if ((status = cell_take(in, &cell[*n], &last)) != 0)
			return status;
	}
	return 0;
}

/* A row of the table with the fields that were typed; an empty cell is none. */
static int
row_add(struct input *in, const char *name, const struct cg_str *head,
    const struct cg_str *cell, size_t n, const struct cg_pair *typed, size_t ntyped)
{
	struct cg_pair pair[PAIRS_MAX];
	size_t count = 0;

	if (n + ntyped > PAIRS_MAX)
		return fault(in, "too many fields");
	for (size_t i = 0; i < n; i++)
		if (cell[i].n > 0)
			pair[count++] = (struct cg_pair){ head[i], cell[i] };
	for (size_t i = 0; i < ntyped; i++)
		pair[count++] = typed[i];
	return send_add(in->send, in->where, name, pair, count);
}

static int
header_check(const struct input *in, const struct cg_str *head, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cg_str_chr(head[i], '=') < head[i].n ||
		    cg_str_chr(head[i], '\t') < head[i].n)
			return fault(in, TABLE_FORM);
	return 0;
}

static int
rows_add(struct input *in, const char *name, const struct cg_pair *typed,
    size_t ntyped)
{
	struct cg_str head[PAIRS_MAX], cell[PAIRS_MAX];
	size_t nhead, n;
	int status;

	in->line = 1;
	if (cg_str_starts(in->rest, cg_lit("\xEF\xBB\xBF")))
		in->rest = cg_str_from(in->rest, 3);
	if ((status = row_take(in, head, &nhead)) != 0 ||
	    (status = header_check(in, head, nhead)) != 0)
		return status;
	while (in->rest.n > 0) {
		if ((status = row_take(in, cell, &n)) != 0)
			return status;
		if (n == 1 && cell[0].n == 0)
			continue;
		if (n != nhead)
			return fault(in, "it has not as many cells as the header");
		if ((status = row_add(in, name, head, cell, n, typed, ntyped)) != 0)
			return status;
	}
	return 0;
}

int
send_read(struct send *s, const char *file, const char *name,
    const struct cg_pair *typed, size_t ntyped)
{
	struct input in = { .send = s, .file = file };
	const char *why = send_slurp(s, file, INPUT_MAX, &in.rest);
	int status;

	if (why != NULL)
		return cli_fail("%s: %s", file, why);
	status = name == NULL ? lines_add(&in) :
	    rows_add(&in, name, typed, ntyped);
	if (status == 0 && s->norder == 0)
		return cli_fail("%s: there is no command in it; %s", file,
		    name == NULL ? LINE_FORM : TABLE_FORM);
	return status;
}
