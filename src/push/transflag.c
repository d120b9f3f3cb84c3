/*
 * TransFlag: what a clock shall upload by itself (spec III.2.2 table 2-1,
 * notes 3.2).
 */
#include "config.h"

#include "cg_push.h"
#include "push.h"

#include <stdio.h>

#define BITMAP_MAX	32	/* positions that an operator may give */
#define POSITIONS	12	/* positions that we give ourselves */

/*
 * The place in the bitmap is that of notes 3.2; the spec's own order is the
 * odd one out.  EnrollFACE and ChgFACE have no place there but FACE's.
 */
static const struct flag {
	struct cg_str	 name;
	unsigned	 place;		/* from 1 */
	bool		 personal;	/* it brings templates or photos */
} flags[] = {
	{ CG_STR("AttLog"),	1, false },
	{ CG_STR("OpLog"),	2, false },
	{ CG_STR("AttPhoto"),	3, true },
	{ CG_STR("EnrollUser"),	5, false },
	{ CG_STR("ChgUser"),	7, false },
	{ CG_STR("EnrollFP"),	4, true },
	{ CG_STR("ChgFP"),	8, true },
	{ CG_STR("FPImag"),	6, true },
	{ CG_STR("EnrollFACE"),	9, true },
	{ CG_STR("ChgFACE"),	9, true },
	{ CG_STR("FACE"),	9, true },
	{ CG_STR("UserPic"),	10, true },
	{ CG_STR("WORKCODE"),	11, false },
	{ CG_STR("BioPhoto"),	12, true },
};

/* The literal that firmware looks for; the operator may write it or not. */
static const struct cg_str prefix = CG_STR("TransData");

static const struct flag *
flag_find(struct cg_str name)
{
	for (size_t i = 0; i < CG_LEN(flags); i++)
		if (cg_str_ieq(flags[i].name, name))
			return &flags[i];
	return NULL;
}

static bool
is_bitmap(struct cg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && s.p[i] != '1')
			return false;
	return s.n > 0;
}

enum cg_err
cg_transflag_check(struct cg_str s, char why[CG_WHY_MAX])
{
	struct cg_str word;
	size_t n = 0;

	if (is_bitmap(s)) {
		if (s.n <= BITMAP_MAX)
			return CG_OK;
		snprintf(why, CG_WHY_MAX, "a bitmap has at most %d positions",
		    BITMAP_MAX);
		return CG_SYNTAX;
	}
	while (cg_word_next(&s, CG_TRANSFLAG_SEPS, &word)) {
		if (n++ == 0 && cg_str_ieq(word, prefix))
			continue;
		if (flag_find(word) != NULL)
			continue;
		snprintf(why, CG_WHY_MAX, "\"%.*s\" is no name that clocks "
		    "know (AttLog, OpLog, AttPhoto, ...)",
		    word.n < 40 ? (int)word.n : 40, word.p);
		return CG_SYNTAX;
	}
	return CG_OK;
}

static void
names_write(struct cg_buf *b, struct cg_str s, bool impersonal)
{
	struct cg_str word;
	uint32_t seen = 0;

	cg_buf_put(b, prefix);
	while (cg_word_next(&s, CG_TRANSFLAG_SEPS, &word)) {
		const struct flag *f = flag_find(word);
		uint32_t bit = f != NULL ? UINT32_C(1) << (f - flags) : 0;

		if (f == NULL || (seen & bit) != 0 ||
		    (impersonal && f->personal))
			continue;
		cg_buf_putz(b, seen == 0 ? " " : "\t");
		cg_buf_put(b, f->name);
		seen |= bit;
	}
}

static void
bitmap_write(struct cg_buf *b, struct cg_str s, bool impersonal)
{
	char map[POSITIONS + 1] = "000000000000";
	struct cg_str word;

	while (cg_word_next(&s, CG_TRANSFLAG_SEPS, &word)) {
		const struct flag *f = flag_find(word);

		if (f != NULL && !(impersonal && f->personal))
			map[f->place - 1] = '1';
	}
	cg_buf_putz(b, map);
}

/* A bitmap of the operator; what stands behind our places nobody knows. */
static void
mask_write(struct cg_buf *b, struct cg_str s)
{
	char map[BITMAP_MAX];
	size_t i, n = s.n < BITMAP_MAX ? s.n : BITMAP_MAX;

	for (i = 0; i < n; i++)
		map[i] = i < POSITIONS ? s.p[i] : '0';
	for (i = 0; i < CG_LEN(flags); i++)
		if (flags[i].personal && flags[i].place <= n)
			map[flags[i].place - 1] = '0';
	cg_buf_put(b, (struct cg_str){ map, n });
}

void
cg_transflag_write(struct cg_buf *b, struct cg_str s, bool bitmap,
    bool impersonal)
{
	if (is_bitmap(s) && impersonal)
		mask_write(b, s);
	else if (is_bitmap(s))
		cg_buf_put(b, s);
	else if (bitmap)
		bitmap_write(b, s, impersonal);
	else
		names_write(b, s, impersonal);
}
