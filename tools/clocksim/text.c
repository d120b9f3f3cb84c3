/* Bytes that grow, fields, base64, chance. */
#include "config.h"

#include "sim.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void
fatal(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("clocksim: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void *
grow(void *p, size_t count, size_t size)
{
	if (count == 0)
		count = 1;
	if (count > SIZE_MAX / size || (p = realloc(p, count * size)) == NULL)
		fatal("no memory");
	return p;
}

char *
copy(struct cg_str s)
{
	char *p = grow(NULL, s.n + 1, 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

static void
text_room(struct text *t, size_t more)
{
	if (t->p != NULL && t->n + more + 1 <= t->cap)
		return;
	t->cap = 2 * t->cap + more + 64;
	t->p = grow(t->p, t->cap, 1);
}

void
text_put(struct text *t, struct cg_str s)
{
	text_room(t, s.n);
	if (s.n > 0)
		memcpy(t->p + t->n, s.p, s.n);
	t->n += s.n;
	t->p[t->n] = '\0';
}

void
text_putz(struct text *t, const char *s)
{
	text_put(t, cg_str_of(s));
}

void
text_putf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	text_room(t, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(t->p + t->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
}

void
text_clear(struct text *t)
{
	t->n = 0;
	text_room(t, 0);
	t->p[0] = '\0';
}

void
text_free(struct text *t)
{
	free(t->p);
	*t = (struct text){ NULL, 0, 0 };
}

struct cg_str
text_str(const struct text *t)
{
	return (struct cg_str){ t->p != NULL ? t->p : "", t->n };
}

struct cg_str
field(struct cg_str fields, char sep, const char *name)
{
	struct cg_str piece;
	size_t eq;

	while (cg_str_cut(&fields, sep, &piece)) {
		eq = cg_str_chr(piece, '=');
		if (eq < piece.n && cg_str_ieq(cg_str_trim(cg_str_head(piece, eq)),
		    cg_str_of(name)))
			return cg_str_from(piece, eq + 1);
	}
	return (struct cg_str){ NULL, 0 };
}

long
leading_int(struct cg_str s)
{
	char digits[16];

	snprintf(digits, sizeof(digits), "%.*s", (int)(s.n < 12 ? s.n : 12),
	    s.p != NULL ? s.p : "");
	return strtol(digits, NULL, 10);
}

void
base64_put(struct text *t, const void *bytes, size_t n)
{
	size_t room = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);

	text_room(t, room);
	sodium_bin2base64(t->p + t->n, room, bytes, n,
	    sodium_base64_VARIANT_ORIGINAL);
	t->n += room - 1;		/* without the NUL */
}

/* The appendix leaves the padding out. */
bool
base64_get(struct cg_str s, struct text *out)
{
	size_t n;

	while (s.n > 0 && s.p[s.n - 1] == '=')
		s.n--;
	text_room(out, s.n);
	if (sodium_base642bin((unsigned char *)out->p + out->n, s.n, s.p, s.n,
	    NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
		return false;
	out->n += n;
	out->p[out->n] = '\0';
	return true;
}

/* Whole groups of four. */
bool
base64_ok(struct cg_str s)
{
	struct text decoded = { NULL, 0, 0 };
	bool ok = s.n % 4 == 0 && base64_get(s, &decoded);

	text_free(&decoded);
	return ok;
}

/* splitmix64 */
uint32_t
chance(uint64_t *state, uint32_t n)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	z ^= z >> 31;
	return (uint32_t)((z >> 32) * n >> 32);
}

void
query_put(struct text *t, struct cg_str s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_.~";

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\0' && strchr(plain, s.p[i]) != NULL)
			text_put(t, (struct cg_str){ s.p + i, 1 });
		else
			text_putf(t, "%%%02X", (unsigned char)s.p[i]);
}
