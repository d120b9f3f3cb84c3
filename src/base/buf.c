/*
 * Output of bounded size with a sticky "full".
 */
#include "config.h"

#include "cg_base.h"

#include <stdio.h>
#include <string.h>

void
cg_buf_init(struct cg_buf *b, struct cg_arena *a, size_t cap)
{
	b->p = cg_arena_get(a, cap);
	b->n = 0;
	b->cap = b->p != NULL ? cap : 0;
	b->full = b->p == NULL;
}

void
cg_buf_put(struct cg_buf *b, struct cg_str s)
{
	if (b->full || s.n > b->cap - b->n) {
		b->full = true;
		return;
	}
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
cg_buf_putz(struct cg_buf *b, const char *z)
{
	cg_buf_put(b, cg_str_of(z));
}

/* The C library ends what it formats: that byte must fit as well. */
void
cg_buf_putf(struct cg_buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->n;
	va_list ap;
	int n;

	if (b->full || room == 0) {
		b->full = true;
		return;
	}
	va_start(ap, fmt);
	n = vsnprintf(b->p + b->n, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		b->full = true;
	else
		b->n += (size_t)n;
}

void
cg_buf_putu(struct cg_buf *b, uint64_t n)
{
	char digit[20];		/* of 2^64 - 1 */
	size_t i = sizeof(digit);

	do {
		digit[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	cg_buf_put(b, (struct cg_str){ digit + i, sizeof(digit) - i });
}

struct cg_str
cg_buf_str(const struct cg_buf *b)
{
	return (struct cg_str){ b->p, b->n };
}
