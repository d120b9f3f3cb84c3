/* Enrolments that the server asks for (spec VI.12, notes 7). */
#include "config.h"

#include "sim.h"

#include <string.h>

/* What the person at the clock did, unless --enrol-outcome says otherwise. */
static int
outcome(const struct clock *c, const struct row *there, struct cg_str overwrite)
{
	if (c->plan->enrol_outcome != 0)
		return c->plan->enrol_outcome;
	return there != NULL && !cg_str_eq(overwrite, cg_lit("1")) ? EXISTS : DONE;
}

/* "PIN=7<TAB>FID=0": do they name a person and a row of the table? */
static int
who(const struct clock *c, enum table_id t, struct cg_str key, bool sound,
    const struct row **there)
{
	struct cg_str pin = field(key, '\t', "PIN");

	if (!sound || pin.n == 0)
		return BAD_FIELD;
	if (user_find(c, pin) == NULL)
		return NO_USER;
	for (*there = c->row[t]; *there != NULL; *there = (*there)->next)
		if (row_matches(*there, &tables[t], key))
			break;
	return DONE;
}

/* Keep the row and let it be uploaded. */
static void
enrolled(struct clock *c, enum table_id t, struct text *fields, enum flag flag)
{
	struct text line = { NULL, 0, 0 };

	if (table_update(c, t, text_str(fields)) == DONE) {
		text_putf(&line, "%s %s", tables[t].tag, fields->p);
		record_add(c, OPERLOG, flag, clock_wall(c), text_str(&line));
	}
	text_free(&line);
	text_free(fields);
}

static void
finger_take(struct clock *c, struct cg_str pin, struct cg_str fid, enum flag flag)
{
	struct text tmp = { NULL, 0, 0 }, f = { NULL, 0, 0 };
	char who_text[PIN_MAX + 1], finger[8];

	snprintf(who_text, sizeof(who_text), "%.*s", (int)pin.n, pin.p);
	snprintf(finger, sizeof(finger), "%.*s", (int)fid.n, fid.p);
	operation_add(c, 6, who_text, finger);
	template_make(&c->chance, 300 + chance(&c->chance, 300), &tmp);
	text_putf(&f, "PIN=%s\tFID=%s\tSize=%zu\tValid=1\tTMP=%s", who_text,
	    finger, tmp.n, tmp.p);
	text_free(&tmp);
	enrolled(c, FINGERTMP, &f, flag);
}

int
enroll_fp(struct clock *c, const char *id, struct cg_str args)
{
	struct cg_str fid = field(args, '\t', "FID");
	const struct row *there = NULL;
	uint32_t n;
	int code;

	(void)id;
	if ((code = who(c, FINGERTMP, args, cg_str_u32(fid, 10, &n) == CG_OK &&
	    cg_str_u32(field(args, '\t', "RETRY"), 99, &n) == CG_OK, &there)) !=
	    DONE)
		return code;
	code = outcome(c, there, field(args, '\t', "OVERWRITE"));
	if (code == DONE)
		finger_take(c, field(args, '\t', "PIN"), fid,
		    there != NULL ? F_CHGFP : F_ENROLLFP);
	return code;
}

int
enroll_bio(struct clock *c, const char *id, struct cg_str args)
{
	struct cg_str type = field(args, '\t', "TYPE");
	struct cg_str pin = field(args, '\t', "PIN");
	struct text tmp = { NULL, 0, 0 }, f = { NULL, 0, 0 };
	const struct row *there = NULL;
	uint32_t n;
	int code;

	(void)id;
	if ((code = who(c, BIODATA, args, cg_str_u32(type, 255, &n) == CG_OK,
	    &there)) != DONE)
		return code;
	code = outcome(c, there, field(args, '\t', "OVERWRITE"));
	if (code != DONE)
		return code;
	template_make(&c->chance, 900, &tmp);
	text_putf(&f, "Pin=%.*s\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=%.*s\t"
	    "MajorVer=58\tMinorVer=12\tFormat=0\tTmp=%s", (int)pin.n, pin.p,
	    (int)type.n, type.p, tmp.p);
	text_free(&tmp);
	enrolled(c, BIODATA, &f, F_FACE);
	return DONE;
}

int
enroll_card(struct clock *c, const char *id, struct cg_str args)
{
	struct cg_str pin = field(args, '\t', "PIN");
	struct text f = { NULL, 0, 0 }, line = { NULL, 0, 0 };
	const struct row *there = NULL;
	int code;

	(void)id;
	if ((code = who(c, USERINFO, args, true, &there)) != DONE)
		return code;
	if (c->plan->enrol_outcome != 0)
		return c->plan->enrol_outcome;
	text_putf(&f, "PIN=%.*s\tCard=%u", (int)pin.n, pin.p,
	    10000000 + chance(&c->chance, 90000000));
	code = table_update(c, USERINFO, text_str(&f));
	table_line(&tables[USERINFO], user_find(c, pin), &line);
	record_add(c, OPERLOG, F_CHGUSER, clock_wall(c), text_str(&line));
	text_free(&f);
	text_free(&line);
	return code;
}

void
picture_take(struct clock *c, enum table_id t, const char *pin, enum flag flag)
{
	struct text image = { NULL, 0, 0 }, content = { NULL, 0, 0 };
	struct text f = { NULL, 0, 0 };

	jpeg_put(c, &image);
	base64_put(&content, image.p, image.n);
	text_putf(&f, "PIN=%s\tFileName=%s.jpg\tSize=%zu\tContent=%s", pin, pin,
	    content.n, content.p);
	text_free(&image);
	text_free(&content);
	enrolled(c, t, &f, flag);
}

/* The clock keeps no cards, it only reads them: always UTF-8 (notes 1.1). */
static void
card_read(struct clock *c, const char *pin, uint32_t number)
{
	struct text line = { NULL, 0, 0 };

	text_putf(&line, "IDCARD PIN=%s\tSNNum=%08X\tIDNum=%u\tName=\xE5\xBC\xA0 %u",
	    pin, chance(&c->chance, UINT32_MAX), 110101000 + number, number);
	record_add(c, OPERLOG, F_ENROLLUSER, clock_wall(c), text_str(&line));
	text_free(&line);
}

void
items_enter(struct clock *c, const char *pin, uint32_t number)
{
	struct text message = { NULL, 0, 0 }, whose = { NULL, 0, 0 };
	struct text code = { NULL, 0, 0 };

	card_read(c, pin, number);
	text_putf(&message, "MSG=Hello %s\tTAG=254\tUID=%u\tMIN=60\t"
	    "StartTime=2030-01-07 08:00:00", pin, number);
	enrolled(c, SMS, &message, F_ENROLLUSER);
	text_putf(&whose, "PIN=%s\tUID=%u", pin, number);
	enrolled(c, USER_SMS, &whose, F_ENROLLUSER);
	text_putf(&code, "CODE=%u\tName=Job %u", 100 + number, number);
	enrolled(c, WORKCODE, &code, F_WORKCODE);
}

/* Somebody is enrolled at the clock itself: it is uploaded (spec III.2.4.3). */
void
enrol(struct clock *c, struct cg_str pin, struct cg_str fid, enum flag user,
    enum flag finger)
{
	struct text line = { NULL, 0, 0 };
	char who_text[PIN_MAX + 1];

	snprintf(who_text, sizeof(who_text), "%.*s", (int)pin.n, pin.p);
	operation_add(c, 30, who_text, "0");
	table_line(&tables[USERINFO], user_find(c, pin), &line);
	record_add(c, OPERLOG, user, clock_wall(c), text_str(&line));
	text_free(&line);
	finger_take(c, pin, fid, finger);
}
