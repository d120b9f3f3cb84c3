/*
 * Protocol versions (notes 1.2, 3.2).
 */
#include "config.h"

#include "cg_push.h"
#include "push.h"

#define PART_DIGITS	5
#define PART_MAX	99999

bool
cg_version_parse(struct cg_str s, struct cg_version *v)
{
	struct cg_str piece = { NULL, 0 };
	size_t n = 0;

	*v = (struct cg_version){ { 0 } };
	while (cg_str_cut(&s, '.', &piece)) {
		if (n == CG_VERSION_PARTS || piece.n > PART_DIGITS ||
		    cg_str_u32(piece, PART_MAX, &v->part[n]) != CG_OK)
			return false;
		n++;
	}
	if (n == 2 && piece.n == 2) {	/* 2.31 is 2.3.1 */
		v->part[2] = v->part[1] % 10;
		v->part[1] /= 10;
	}
	return n > 0;
}

int
cg_version_cmp(struct cg_str a, struct cg_str b)
{
	struct cg_version va, vb;
	bool aok = cg_version_parse(a, &va);
	bool bok = cg_version_parse(b, &vb);

	if (!aok || !bok)
		return aok - bok;
	for (size_t i = 0; i < CG_VERSION_PARTS; i++)
		if (va.part[i] != vb.part[i])
			return va.part[i] < vb.part[i] ? -1 : 1;
	return 0;
}
