/*
 * Words of a text, and what names are made of.
 */
#include "config.h"

#include "push.h"

bool
cg_word_next(struct cg_str *rest, const char *seps, struct cg_str *word)
{
	struct cg_str sep = cg_str_of(seps);
	size_t n = 0;

	while (rest->n > 0 && cg_str_chr(sep, rest->p[0]) < sep.n)
		*rest = cg_str_from(*rest, 1);
	while (n < rest->n && cg_str_chr(sep, rest->p[n]) == sep.n)
		n++;
	*word = cg_str_head(*rest, n);
	*rest = cg_str_from(*rest, n);
	return n > 0;
}

bool
cg_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}
