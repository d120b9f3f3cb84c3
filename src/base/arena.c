/*
 * The arena of a batch: a list of blocks.  The first one stays for the life
 * of the arena; what a reset gives back goes to the system, so that one
 * large body does not keep an idle program large.
 */
#include "config.h"

#include "cg_base.h"

#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define BLOCK_SIZE	((size_t)64 * 1024)
#define OWN_SIZE	(BLOCK_SIZE / 4)	/* from here on a block of its own */
#define TRIM_SIZE	((size_t)1024 * 1024)	/* freed at once: worth a trim */
#define ALIGN		(_Alignof(max_align_t))

struct block {
	struct block	*next;
	size_t		 size;		/* of data */
	size_t		 used;
	_Alignas(max_align_t) unsigned char data[];
};

struct cg_arena {
	size_t		 max;
	size_t		 held;		/* data bytes of all blocks */
	size_t		 used;		/* data bytes handed out */
	struct block	*first;		/* end of the list, never freed by reset */
	struct block	*open;		/* small pieces come from here */
	struct block	*blocks;	/* all, newest first */
};

static struct block *
block_new(struct cg_arena *a, size_t size)
{
	struct block *b;

	if (size > a->max - a->held ||
	    (b = malloc(sizeof(*b) + size)) == NULL)
		return NULL;
	b->size = size;
	b->used = 0;
	b->next = a->blocks;
	a->blocks = b;
	a->held += size;
	return b;
}

enum cg_err
cg_arena_new(size_t max, struct cg_arena **out)
{
	struct cg_arena *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return CG_NOMEM;
	a->max = max < SIZE_MAX / 2 ? max : SIZE_MAX / 2;
	a->first = block_new(a, a->max < BLOCK_SIZE ? a->max : BLOCK_SIZE);
	if (a->first == NULL) {
		free(a);
		return CG_NOMEM;
	}
	a->open = a->first;
	*out = a;
	return CG_OK;
}

void
cg_arena_free(struct cg_arena *a)
{
	if (a == NULL)
		return;
	cg_arena_reset(a);
	free(a->first);
	free(a);
}

/* A block with room for n bytes: the open one, or a new one. */
static struct block *
block_for(struct cg_arena *a, size_t n)
{
	size_t left = a->max - a->held;
	struct block *b;

	if (n <= a->open->size - a->open->used)
		return a->open;
	if (n >= OWN_SIZE || left < BLOCK_SIZE)
		return block_new(a, n);
	b = block_new(a, BLOCK_SIZE);
	if (b != NULL)
		a->open = b;
	return b;
}

void *
cg_arena_get(struct cg_arena *a, size_t n)
{
	struct block *b;
	void *p;

	if (n > a->max || cg_fault(CG_FAULT_ARENA))
		return NULL;
	n = n == 0 ? ALIGN : (n + ALIGN - 1) / ALIGN * ALIGN;
	if ((b = block_for(a, n)) == NULL)
		return NULL;
	p = b->data + b->used;
	b->used += n;
	a->used += n;
	return p;
}

char *
cg_arena_dup(struct cg_arena *a, struct cg_str s)
{
	char *p = s.n < SIZE_MAX ? cg_arena_get(a, s.n + 1) : NULL;

	if (p == NULL)
		return NULL;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

bool
cg_arena_keep(struct cg_arena *a, struct cg_str s, struct cg_str *out)
{
	const char *copy = cg_arena_dup(a, s);

	if (copy == NULL)
		return false;
	*out = (struct cg_str){ copy, s.n };
	return true;
}

struct cg_mark
cg_arena_mark(const struct cg_arena *a)
{
	return (struct cg_mark){ a->blocks, a->open, a->open->used, a->used };
}

void
cg_arena_back(struct cg_arena *a, struct cg_mark m)
{
	size_t held = a->held;
	struct block *b;

	while ((b = a->blocks) != m.newest) {
		a->blocks = b->next;
		a->held -= b->size;
		free(b);
	}
	a->open = m.open;
	a->open->used = m.open_used;
	a->used = m.used;
#ifdef __GLIBC__
	/* After a large block glibc raises its thresholds and keeps the next. */
	if (held - a->held >= TRIM_SIZE)
		malloc_trim(0);
#else
	(void)held;
#endif
}

void
cg_arena_reset(struct cg_arena *a)
{
	cg_arena_back(a, (struct cg_mark){ a->first, a->first, 0, 0 });
}

size_t
cg_arena_used(const struct cg_arena *a)
{
	return a->used;
}
