/*
 * "Did you mean ...?": the least number of letters to add, leave out, change
 * or swap with their neighbour makes the nearest name.
 */
#include "config.h"

#include "cg_app.h"

#include <string.h>

#define WORD_MAX	64

static unsigned char
fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static unsigned
min3(unsigned a, unsigned b, unsigned c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* The steps from a to b; row[i % 3] holds those from a's first i letters. */
static unsigned
distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[3][WORD_MAX + 1], *cur = row[0], *last, *older;

	for (size_t j = 0; j <= nb; j++)
		cur[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		last = cur;
		older = row[(i + 1) % 3];
		cur = row[i % 3];
		cur[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			cur[j] = min3(last[j] + 1, cur[j - 1] + 1, last[j - 1] +
			    (fold(a[i - 1]) != fold(b[j - 1])));
			if (i > 1 && j > 1 &&
			    fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]))
				cur[j] = min3(cur[j], older[j - 2] + 1, cur[j]);
		}
	}
	return cur[nb];
}

const char *
cg_nearest(struct cg_str word, const char *const *name, size_t n)
{
	unsigned best = word.n < 4 ? 1 : (unsigned)(word.n + 1) / 3, d;
	const char *near = NULL;
	size_t namelen;

	if (word.n == 0 || word.n > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		namelen = strlen(name[i]);
		if (namelen > WORD_MAX)
			continue;
		d = distance(word.p, word.n, name[i], namelen);
		if (d <= best && (near == NULL || d < best) && d < namelen) {
			best = d;
			near = name[i];
		}
	}
	return near;
}

const char *
cg_nearest_text(struct cg_str word, const char *const *name, size_t n,
    char out[CG_WHY_MAX])
{
	const char *near = cg_nearest(word, name, n);

	out[0] = '\0';
	if (near != NULL)
		snprintf(out, CG_WHY_MAX, "; did you mean \"%.64s\"?", near);
	return out;
}
