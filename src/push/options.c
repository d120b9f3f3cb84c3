/*
 * table=options: what a clock says about itself (notes 1.7).
 */
#include "config.h"

#include "push.h"
#include "record.h"

#define OPTION_NAME_MAX	64
#define OPTION_VALUE_MAX	2048

/* ~?[A-Za-z0-9_]+= */
static bool
name_follows(struct cg_str s)
{
	size_t tilde = s.n > 0 && s.p[0] == '~' ? 1 : 0;
	size_t i = tilde;

	while (i < s.n && cg_name_char(s.p[i]))
		i++;
	return i > tilde && i < s.n && s.p[i] == '=';
}

static bool
ends(struct cg_str s)
{
	return s.n == 0 || s.p[0] == '\r' || s.p[0] == '\n' ||
	    s.p[0] == '\t';
}

/* A comma in "EXAMPLE CO., LTD." separates nothing. */
static bool
separates(struct cg_str s)
{
	switch (s.p[0]) {
	case '\n':
	case '\t':
		return true;
	case ',':
	case '&':
		s = cg_str_from(s, 1);
		return ends(s) || name_follows(s);
	default:
		return false;
	}
}

bool
cg_device_option_cut(struct cg_str *rest, struct cg_str *piece)
{
	struct cg_str got = { NULL, 0 };
	size_t n;

	while (got.n == 0) {
		if (rest->n == 0)
			return false;
		for (n = 0; n < rest->n; n++)
			if (separates(cg_str_from(*rest, n)))
				break;
		got = cg_str_trim(cg_str_head(*rest, n));
		*rest = cg_str_from(*rest, n < rest->n ? n + 1 : n);
	}
	*piece = got;
	return true;
}

enum cg_err
cg_device_option_read(struct cg_str piece, struct cg_record *rec,
    struct cg_why *why)
{
	size_t eq = cg_str_chr(piece, '=');
	struct cg_str name = cg_str_trim(cg_str_head(piece, eq));

	if (eq == piece.n)
		return cg_why_syntax(why, "not of the form name=value", NULL);
	if (name.n > 0 && name.p[0] == '~')
		name = cg_str_from(name, 1);
	if (name.n == 0)
		return cg_why_syntax(why, "option without a name", NULL);
	if (name.n > OPTION_NAME_MAX)
		return cg_why_limit(why, "name of the option is too long",
		    NULL);
	if (piece.n - eq - 1 > OPTION_VALUE_MAX)
		return cg_why_limit(why, "value of the option is too long",
		    NULL);
	rec->kind = CG_REC_OPTION;
	rec->u.option.name = name;
	rec->u.option.value = cg_str_from(piece, eq + 1);
	return CG_OK;
}

/* A secret option with a value. */
static bool
tells_secret(struct cg_str piece)
{
	size_t eq = cg_str_chr(piece, '=');

	return eq < piece.n &&
	    cg_item_secret(cg_str_trim(cg_str_head(piece, eq)));
}

bool
cg_items_secret(struct cg_str text)
{
	struct cg_str piece;

	while (cg_device_option_cut(&text, &piece))
		if (tells_secret(piece))
			return true;
	return false;
}

bool
cg_items_hide(struct cg_str text, struct cg_arena *a, struct cg_str *out)
{
	struct cg_str rest = text, todo = text, piece;
	struct cg_buf copy = { .p = NULL };

	while (cg_device_option_cut(&rest, &piece)) {
		size_t eq = cg_str_chr(piece, '=');

		if (!tells_secret(piece))
			continue;
		if (copy.p == NULL)
			cg_buf_init(&copy, a, text.n);
		cg_buf_put(&copy, cg_str_head(todo,
		    (size_t)(piece.p - todo.p) + eq + 1));
		todo = cg_str_from(todo, (size_t)(piece.p - todo.p) + piece.n);
	}
	if (todo.p != text.p)
		cg_buf_put(&copy, todo);
	*out = todo.p != text.p ? cg_buf_str(&copy) : text;
	return !copy.full;
}
