/*
 * Bodies of uploads: which table, which pieces, which record each.
 */
#include "config.h"

#include "record.h"

#include <string.h>

const struct cg_upload *
cg_upload_find(struct cg_str table)
{
	const struct cg_upload *u = cg_upload_row(cg_str_trim(table));

	return u != NULL ? u : &cg_upload_unknown;
}

/* Up to the first blank: a tag, or the first pair of a line without one. */
static struct cg_str
word_first(struct cg_str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
		n++;
	return cg_str_head(line, n);
}

/* PIN, time and two numbers at least (notes 1.7). */
static bool
looks_like_punch(struct cg_str line)
{
	struct cg_str piece[4];
	struct cg_time t;
	bool possible;
	size_t n = 0;

	while (n < CG_LEN(piece) && cg_str_cut(&line, '\t', &piece[n]))
		n++;
	return n == CG_LEN(piece) &&
	    cg_time_parse(cg_str_trim(piece[1]), &t, &possible) == CG_OK;
}

static bool
names_result(struct cg_str piece)
{
	static const struct cg_str name[] = {
		CG_STR("ID="), CG_STR("Return="), CG_STR("CMD="),
		CG_STR("SN="), CG_STR("FILENAME=")
	};

	for (size_t i = 0; i < CG_LEN(name); i++)
		if (cg_str_istarts(piece, name[i]))
			return true;
	return false;
}

/* "ID=1&Return=0&CMD=DATA", with TAB for '&', or one pair a line (notes 2). */
static bool
looks_like_result(struct cg_str line)
{
	struct cg_str piece, part;

	while (cg_str_cut(&line, '&', &piece))
		while (cg_str_cut(&piece, '\t', &part))
			if (names_result(part))
				return true;
	return false;
}

const struct cg_upload *
cg_upload_classify(struct cg_str body)
{
	struct cg_str line = { NULL, 0 };

	while (cg_str_trim(line).n == 0 && cg_str_line(&body, &line))
		continue;
	if (cg_tag_find(word_first(line)) != NULL)
		return cg_upload_find(cg_lit("OPERLOG"));
	if (looks_like_punch(line))
		return cg_upload_find(cg_lit("ATTLOG"));
	if (cg_photo_begins(line))
		return cg_upload_find(cg_lit("ATTPHOTO"));
	if (looks_like_result(line))
		return NULL;
	if (cg_str_starts(line, cg_lit("~")))
		return cg_upload_find(cg_lit("options"));
	return &cg_upload_unknown;
}

static bool
line_cut(struct cg_str *rest, struct cg_str *piece)
{
	struct cg_str line;

	while (cg_str_line(rest, &line))
		if (cg_str_trim(line).n > 0) {
			*piece = line;
			return true;
		}
	return false;
}

static bool
whole_cut(struct cg_str *rest, struct cg_str *piece)
{
	if (rest->n == 0)
		return false;
	*piece = *rest;
	*rest = cg_str_from(*rest, rest->n);
	return true;
}

bool
cg_upload_cut(const struct cg_upload *u, struct cg_str *rest,
    struct cg_str *piece)
{
	switch (u->form) {
	case CG_FORM_PAIRS:
		return cg_device_option_cut(rest, piece);
	case CG_FORM_WHOLE:
		return whole_cut(rest, piece);
	case CG_FORM_LINES:
	case CG_FORM_RAW:
		break;
	}
	return line_cut(rest, piece);
}

/* Any tag may come in any table; a table of one tag needs none. */
static const struct cg_tag *
line_tag(const struct cg_upload *u, struct cg_str *line)
{
	struct cg_str word = word_first(*line);
	const struct cg_tag *tag = cg_tag_find(word);

	if (u->ntag == 1 && cg_str_chr(word, '=') < word.n)
		return u->tag;
	if (tag == NULL && u->ntag == 1 && cg_str_ieq(word, u->table))
		tag = u->tag;
	if (tag != NULL)
		*line = cg_str_from(*line,
		    word.n < line->n ? word.n + 1 : word.n);
	return tag;
}

/* Templates and pictures are as long as the body lets them. */
static bool
has_body(const struct cg_tag *tag)
{
	for (size_t i = 0; i < tag->nfield; i++)
		if (tag->field[i].type == CG_FIELD_BODY)
			return true;
	return false;
}

static enum cg_err
line_read(const struct cg_upload *u, struct cg_str line,
    struct cg_arena *arena, struct cg_record *rec, struct cg_why *why)
{
	const struct cg_tag *tag = u->tag;

	if (tag->name.n > 0 && (tag = line_tag(u, &line)) == NULL)
		return cg_why_syntax(why, "unknown kind of line", NULL);
	if (line.n > CG_LINE_MAX && !has_body(tag))
		return cg_why_limit(why, "line is too long", NULL);
	return cg_record_read(tag, line, arena, rec, why);
}

static bool
secret_tag(const struct cg_tag *tag)
{
	switch (tag->kind) {
	case CG_REC_USER:
	case CG_REC_TEMPLATE:
	case CG_REC_PICTURE:
	case CG_REC_PHOTO:
		return true;
	case CG_REC_ITEM:
		return cg_str_eq(tag->name, cg_lit("IDCARD"));
	default:
		return false;
	}
}

bool
cg_upload_secret(struct cg_str table, struct cg_str line)
{
	const struct cg_tag *tag = cg_tag_find(word_first(line));
	const struct cg_upload *u = cg_upload_find(table);

	if (tag != NULL)
		return secret_tag(tag);
	if (u->form == CG_FORM_LINES && u->ntag == 1)
		return secret_tag(u->tag);
	return u->form != CG_FORM_PAIRS;
}

static enum cg_err
raw_refuse(const struct cg_upload *u, struct cg_why *why)
{
	return cg_why_syntax(why, u->dialect ?
	    "table of the access-control dialect" : "unknown table", NULL);
}

enum cg_err
cg_upload_parse(const struct cg_upload *u, struct cg_str piece,
    const struct cg_query *query, struct cg_arena *arena,
    struct cg_record *rec, struct cg_why *why)
{
	struct cg_record got;
	enum cg_err e = CG_OK;

	memset(&got, 0, sizeof(got));	/* every slice absent */
	switch (u->form) {
	case CG_FORM_LINES:
		e = line_read(u, piece, arena, &got, why);
		break;
	case CG_FORM_PAIRS:
		e = cg_device_option_read(piece, &got, why);
		break;
	case CG_FORM_WHOLE:
		e = cg_photo_read(piece, query, arena, &got, why);
		break;
	case CG_FORM_RAW:
		e = raw_refuse(u, why);
		break;
	}
	if (e == CG_OK)
		*rec = got;
	return e;
}

const struct cg_upload *
cg_command_upload(const struct cg_command *c)
{
	static const struct cg_str update = CG_STR("DATA UPDATE ");
	struct cg_str verb = cg_str_of(c->verb);

	return cg_str_starts(verb, update) ?
	    cg_upload_row(cg_str_from(verb, update.n)) : NULL;
}
