/*
 * INFO of a heartbeat: counters by position (spec III.2.4.5, notes 1.3).
 */
#include "config.h"

#include "cg_push.h"

struct column {
	size_t	at;		/* in struct cg_info */
	bool	number;
};

#define TEXT(field)	{ offsetof(struct cg_info, field), false }
#define NUMBER(field)	{ offsetof(struct cg_info, field), true }

#define LONG_COLUMNS	13
#define SHORT_MAX	9	/* up to here it is the spec's layout */

/* The spec: the eighth is the count of face templates. */
static const struct column short_form[SHORT_MAX] = {
	TEXT(firmware), NUMBER(user_count), NUMBER(fingerprint_count),
	NUMBER(punch_count), TEXT(ip), TEXT(fingerprint_version),
	TEXT(face_version), NUMBER(face_count), TEXT(support),
};

/* Ten and more: faces per user comes before it. */
static const struct column long_form[LONG_COLUMNS] = {
	TEXT(firmware), NUMBER(user_count), NUMBER(fingerprint_count),
	NUMBER(punch_count), TEXT(ip), TEXT(fingerprint_version),
	TEXT(face_version), NUMBER(faces_per_user), NUMBER(face_count),
	TEXT(support), NUMBER(card_count), NUMBER(user_photo_count),
	NUMBER(punch_photo_count),
};

static void
none(struct cg_info *info)
{
	*info = (struct cg_info){
		.user_count = CG_NONE,
		.fingerprint_count = CG_NONE,
		.punch_count = CG_NONE,
		.faces_per_user = CG_NONE,
		.face_count = CG_NONE,
		.card_count = CG_NONE,
		.user_photo_count = CG_NONE,
		.punch_photo_count = CG_NONE,
	};
}

static size_t
pieces(struct cg_str s)
{
	struct cg_str piece;
	size_t n = 0;

	while (cg_str_cut(&s, ',', &piece))
		n++;
	return n;
}

/* A field that is empty or no number stays as it is: not told. */
static void
put(struct cg_info *info, struct column c, struct cg_str s)
{
	void *at = (char *)info + c.at;
	int32_t v;

	if (s.n == 0)
		return;
	if (!c.number)
		*(struct cg_str *)at = s;
	else if (cg_str_i32(s, -INT32_MAX, INT32_MAX, &v) == CG_OK)
		*(int32_t *)at = v;
}

void
cg_info_parse(struct cg_str s, struct cg_info *info)
{
	size_t n = pieces(s);
	const struct column *form = n <= SHORT_MAX ? short_form : long_form;
	struct cg_str piece;

	none(info);
	for (size_t i = 0; i < LONG_COLUMNS; i++)
		if (cg_str_cut(&s, ',', &piece))
			put(info, form[i], cg_str_trim(piece));
}
