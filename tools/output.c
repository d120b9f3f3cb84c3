/*
 * Rows for the operator: an aligned table, csv (RFC 4180) or json.
 */
#include "config.h"

#include "cli.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define TABLE_MAX	((size_t)256 * 1024 * 1024)	/* bytes of a table */

struct row {
	struct row	*next;
	const char	*cell[CG_REPORT_COLUMNS];	/* escaped; NULL: absent */
	size_t		 columns[CG_REPORT_COLUMNS];	/* that each cell takes */
};

struct out {
	enum cli_format	 format;
	FILE		*f;
	bool		 full;		/* something could not be kept or written */
	bool		 stream;	/* each row is written when it comes */
	bool		 named;		/* the names are known */
	size_t		 nrow;
	/* of a table */
	struct cg_arena	*arena;
	size_t		 ncol;
	const char	*name[CG_REPORT_COLUMNS];
	size_t		 width[CG_REPORT_COLUMNS];	/* 0: empty everywhere */
	struct row	*first;
	struct row	**end;
};

struct out *
out_new(enum cli_format format, FILE *f)
{
	struct out *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	o->format = format;
	o->f = f;
	o->end = &o->first;
	if (format == CLI_TABLE && cg_arena_new(TABLE_MAX, &o->arena) != CG_OK) {
		free(o);
		return NULL;
	}
	return o;
}

bool
cli_can_show(struct cg_str s, size_t max)
{
	size_t chars = 0, n;
	mbstate_t state;
	wchar_t wc;

	for (size_t i = 0; i < s.n; i += n, chars++) {
		memset(&state, 0, sizeof(state));
		n = mbrtowc(&wc, s.p + i, s.n - i, &state);
		if (n == 0 || n > s.n - i || !iswprint((wint_t)wc))
			return false;
	}
	return chars <= max;
}

/* One byte that can't be shown as it is. */
static size_t
escape_byte(unsigned char c, char *out)
{
	static const char from[] = "\t\n\r\\", to[] = "tnr\\";
	const char *known = c != '\0' ? strchr(from, c) : NULL;

	if (known != NULL)
		return (size_t)snprintf(out, 3, "\\%c", to[known - from]);
	return (size_t)snprintf(out, 5, "\\x%02X", c);
}

size_t
out_escape(struct cg_str s, char *out)
{
	size_t columns = 0, n, len;
	mbstate_t state;
	wchar_t wc;
	int width;

	for (size_t i = 0; i < s.n; i += n) {
		memset(&state, 0, sizeof(state));
		n = mbrtowc(&wc, s.p + i, s.n - i, &state);
		if (n == 0 || n > s.n - i || wc == L'\\' || !iswprint((wint_t)wc)) {
			n = 1;
			len = escape_byte((unsigned char)s.p[i], out);
			columns += len;
		} else {
			memcpy(out, s.p + i, len = n);
			width = wcwidth(wc);
			columns += width > 0 ? (size_t)width : 0;
		}
		out += len;
	}
	*out = '\0';
	return columns;
}

/* ---- table ---- */

static void
pad(FILE *f, size_t n)
{
	while (n-- > 0)
		fputc(' ', f);
}

/* Blanks stand before a cell: lines have none at their ends. */
static void
table_line(const struct out *o, const char *const *cell, const size_t *columns)
{
	size_t gap = 0;

	for (size_t i = 0; i < o->ncol; i++) {
		if (o->width[i] == 0)
			continue;
		if (cell[i] != NULL && cell[i][0] != '\0') {
			pad(o->f, gap);
			fputs(cell[i], o->f);
			gap = 0;
		}
		if (o->width[i] > columns[i])
			gap += o->width[i] - columns[i];
		gap += 2;
	}
	fputc('\n', o->f);
}

/*
 * The columns of a table whose rows are written before the others are known,
 * and room for them.  A line shall fit a terminal: others are left out.
 */
static const struct {
	const char	*name;
	size_t		 width;
} usual[] = {
	{ "id", 8 }, { "device_sn", 14 }, { "pin", 8 }, { "punched_at", 19 },
	{ "state", 5 }, { "verify", 6 }, { "work_code", 9 },
	{ "received_at_utc", 19 },
};

static size_t
usual_width(const char *name)
{
	for (size_t i = 0; i < CG_LEN(usual); i++)
		if (strcmp(usual[i].name, name) == 0)
			return usual[i].width;
	return 0;
}

static bool
table_head(struct out *o, const char *const *name, size_t n)
{
	size_t columns[CG_REPORT_COLUMNS];

	o->ncol = n;
	for (size_t i = 0; i < n; i++) {
		o->name[i] = cg_arena_dup(o->arena, cg_str_of(name[i]));
		if (o->name[i] == NULL)
			return false;
		o->width[i] = o->stream ? usual_width(name[i]) : 0;
		columns[i] = strlen(name[i]);
	}
	if (o->stream)
		table_line(o, o->name, columns);
	return true;
}

static bool
cell_keep(struct out *o, struct row *r, size_t i, struct cg_str value)
{
	char *text;

	if (value.p == NULL)
		return true;
	if ((text = cg_arena_get(o->arena, 4 * value.n + 1)) == NULL)
		return false;
	r->columns[i] = out_escape(value, text);
	r->cell[i] = text;
	if (!o->stream && r->columns[i] > o->width[i])
		o->width[i] = r->columns[i];
	return true;
}

static bool
table_row(struct out *o, const struct cg_str *value, size_t n)
{
	struct cg_mark mark = cg_arena_mark(o->arena);
	struct row *r = cg_arena_get(o->arena, sizeof(*r));

	if (r == NULL)
		return false;
	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < n; i++)
		if (!cell_keep(o, r, i, value[i]))
			return false;
	if (o->stream) {
		table_line(o, r->cell, r->columns);
		cg_arena_back(o->arena, mark);
		return true;
	}
	*o->end = r;
	o->end = &r->next;
	return true;
}

/* A list without rows has all its columns. */
static void
table_end(struct out *o)
{
	size_t columns[CG_REPORT_COLUMNS] = { 0 };

	if (o->stream)
		return;
	for (size_t i = 0; i < o->ncol; i++) {
		columns[i] = strlen(o->name[i]);
		if ((o->width[i] > 0 || o->nrow == 0) && o->width[i] < columns[i])
			o->width[i] = columns[i];
	}
	if (o->ncol > 0)
		table_line(o, o->name, columns);
	for (const struct row *r = o->first; r != NULL; r = r->next)
		table_line(o, r->cell, r->columns);
}

/* ---- csv ---- */

static bool
csv_cell(FILE *f, struct cg_str value)
{
	char *text = malloc(4 * value.n + 1);

	if (text == NULL)
		return false;
	if (value.n > 0)
		out_escape(value, text);
	else
		text[0] = '\0';
	if (strpbrk(text, "\",") == NULL)
		fputs(text, f);
	else {
		fputc('"', f);
		for (const char *p = text; *p != '\0'; p++) {
			if (*p == '"')
				fputc('"', f);
			fputc(*p, f);
		}
		fputc('"', f);
	}
	free(text);
	return true;
}

static bool
csv_head(struct out *o, const char *const *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(o->f, "%s%s", name[i], i + 1 < n ? "," : "\r\n");
	return true;
}

static bool
csv_row(struct out *o, const struct cg_str *value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!csv_cell(o->f, value[i]))
			return false;
		fputs(i + 1 < n ? "," : "\r\n", o->f);
	}
	return true;
}

/* ---- json ---- */

/* Columns that hold numbers; all else, PINs and codes too, is text. */
static const char *const numbers[] = {
	"id", "state", "verify", "suspect", "user_count", "fingerprint_count",
	"punch_count", "face_count", "faces_per_user", "card_count",
	"user_photo_count", "punch_photo_count", "attempts", "return_code",
	"rows_received", "size", "privilege", "group_no",
};

static json_t *
number(const char *name, struct cg_str value)
{
	int64_t i;

	for (size_t k = 0; k < CG_LEN(numbers); k++)
		if (strcmp(name, numbers[k]) == 0 &&
		    cg_str_i64(value, INT64_MIN, INT64_MAX, &i) == CG_OK)
			return json_integer(i);
	return NULL;
}

/* Bytes that are no UTF-8: { "base64": "..." } */
static json_t *
bytes(struct cg_str value)
{
	size_t max = sodium_base64_encoded_len(value.n,
	    sodium_base64_VARIANT_ORIGINAL);
	char *text = malloc(max);
	json_t *j;

	if (text == NULL)
		return NULL;
	sodium_bin2base64(text, max, (const unsigned char *)value.p, value.n,
	    sodium_base64_VARIANT_ORIGINAL);
	j = json_pack("{s:s}", "base64", text);
	free(text);
	return j;
}

json_t *
out_json(const char *name, struct cg_str value)
{
	json_t *j;

	if (value.p == NULL)
		return json_null();
	if ((j = number(name, value)) != NULL ||
	    (j = json_stringn(value.p, value.n)) != NULL)
		return j;
	return bytes(value);
}

static json_t *
row_object(const char *const *name, const struct cg_str *value, size_t n)
{
	json_t *row = json_object();

	for (size_t i = 0; row != NULL && i < n; i++)
		if (json_object_set_new(row, name[i],
		    out_json(name[i], value[i])) != 0) {
			json_decref(row);
			row = NULL;
		}
	return row;
}

static bool
json_row(struct out *o, const char *const *name, const struct cg_str *value,
    size_t n)
{
	json_t *row = row_object(name, value, n);
	bool ok;

	if (row == NULL)
		return false;
	if (!o->stream)
		fputs(o->nrow == 0 ? "[\n" : ",\n", o->f);
	ok = json_dumpf(row, o->f, JSON_PRESERVE_ORDER) == 0;
	if (o->stream)
		fputc('\n', o->f);
	json_decref(row);
	return ok;
}

/* ---- all of them ---- */

void
out_stream(struct out *o)
{
	o->stream = true;
}

static bool
head(struct out *o, const char *const *name, size_t n)
{
	o->named = true;
	switch (o->format) {
	case CLI_TABLE:
		return table_head(o, name, n);
	case CLI_CSV:
		return csv_head(o, name, n);
	case CLI_JSON:
		break;
	}
	return true;
}

void
out_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	struct out *o = arg;
	bool ok = false;

	if (o->full || n > CG_REPORT_COLUMNS)
		return;
	if (!o->named)
		o->full = !head(o, name, n);
	if (o->full || value == NULL)
		return;
	switch (o->format) {
	case CLI_TABLE:
		ok = table_row(o, value, n);
		break;
	case CLI_CSV:
		ok = csv_row(o, value, n);
		break;
	case CLI_JSON:
		ok = json_row(o, name, value, n);
		break;
	}
	o->full = !ok;
	o->nrow++;
}

bool
out_flush(struct out *o)
{
	return fflush(o->f) == 0 && ferror(o->f) == 0 && !o->full;
}

void
out_drop(struct out *o)
{
	cg_arena_free(o->arena);
	free(o);
}

bool
out_end(struct out *o)
{
	bool ok;

	if (o->format == CLI_TABLE)
		table_end(o);
	else if (o->format == CLI_JSON && !o->stream)
		fputs(o->nrow == 0 ? "[]\n" : "\n]\n", o->f);
	ok = !o->full && ferror(o->f) == 0;
	out_drop(o);
	return ok;
}
