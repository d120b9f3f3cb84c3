/* Lists of entries: records as columns, a TAB behind each. */
#include "config.h"

#include "verify.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct cg_str
hash_text(struct cg_str s, char out[HASH_TEXT])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)s.p, s.n);
	sodium_bin2hex(out, HASH_TEXT, hash, sizeof(hash));
	return cg_str_of(out);
}

struct entry *
list_add(struct list *l, const struct kind *kind, const struct cg_str column[])
{
	struct text t = { NULL, 0, 0 };
	struct entry e = { .order = l->n };

	for (size_t i = 0; i < kind->ncolumn; i++) {
		e.hash = t.n;
		text_put(&t, column[i].n == 0 && kind->column[i].number ?
		    cg_lit("0") : column[i]);
		text_putz(&t, "\t");
		if (i + 1 == kind->nwho)
			e.who = t.n;
		if (i + 1 == kind->nkey)
			e.key = t.n;
	}
	if (l->n == l->cap) {
		l->cap = 2 * l->cap + 1024;
		l->entry = grow(l->entry, l->cap, sizeof(*l->entry));
	}
	e.p = grow(t.p, t.n + 1, 1);	/* not more than it needs */
	e.n = t.n;
	l->entry[l->n] = e;
	return &l->entry[l->n++];
}

void
list_free(struct list *l)
{
	while (l->n > 0)
		free(l->entry[--l->n].p);
	free(l->entry);
	*l = (struct list){ NULL, 0, 0 };
}

int
entry_compare(const struct entry *a, size_t na, const struct entry *b, size_t nb)
{
	int order = memcmp(a->p, b->p, na < nb ? na : nb);

	return order != 0 ? order : (na > nb) - (na < nb);
}

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = entry_compare(x, x->n, y, y->n);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

void
list_sort(struct list *l)
{
	if (l->n > 0)
		qsort(l->entry, l->n, sizeof(*l->entry), compare);
}
