/* What a clock keeps, table by table, and what it accepts (spec VI.7). */
#include "config.h"

#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define ANY	INT32_MAX

/* clang-format off */
#define PIN		{ "PIN", KIND_PIN, 1, PIN_MAX, true, NULL }
#define INT(name, min, max)		{ name, KIND_INT, min, max, false, NULL }
#define MUST_INT(name, min, max)	{ name, KIND_INT, min, max, true, NULL }
#define INT_OR(name, min, max, value)	{ name, KIND_INT, min, max, false, value }
#define TEXT(name, max)			{ name, KIND_TEXT, 0, max, false, NULL }
#define TEXT_OR(name, max, value)	{ name, KIND_TEXT, 0, max, false, value }
#define MUST_TEXT(name, min, max)	{ name, KIND_TEXT, min, max, true, NULL }
#define BODY(name, max, must)		{ name, KIND_BODY, 1, max, must, NULL }
#define WEEK(min)							\
	{ "SUN", KIND_INT, 0, 1, min, "0" }, { "MON", KIND_INT, 0, 1, min, "0" },	\
	{ "TUE", KIND_INT, 0, 1, min, "0" }, { "WED", KIND_INT, 0, 1, min, "0" },	\
	{ "THU", KIND_INT, 0, 1, min, "0" }, { "FRI", KIND_INT, 0, 1, min, "0" },	\
	{ "SAT", KIND_INT, 0, 1, min, "0" }

static const struct rule user[] = {
	PIN, TEXT_OR("Name", 96, ""), INT_OR("Pri", 0, 14, "0"),
	TEXT_OR("Passwd", 32, ""), TEXT_OR("Card", 32, ""),
	INT_OR("Grp", 0, 100, "1"), TEXT_OR("TZ", 16, "0000000100000000"),
	INT_OR("Verify", -1, 255, "0"), INT("VerifyMode", -1, 255),
	TEXT_OR("ViceCard", 32, ""), TEXT("StartDatetime", 19),
	TEXT("EndDatetime", 19), INT("Expires", 0, 9)
};
static const struct rule user_extended[] = {
	PIN, INT("RecheckMin", 0, ANY), INT("LockoutOverride", 0, 1),
	INT("User1to1FpThreshold", 10, 35)
};
static const struct rule fingerprint[] = {
	PIN, MUST_INT("FID", 0, 10), INT("Size", 0, 1000000),
	INT_OR("Valid", 0, 3, "1"), BODY("TMP", 65536, true)
};
static const struct rule face[] = {
	PIN, MUST_INT("FID", 0, 255), INT("Size", 0, 1000000),
	INT_OR("Valid", 0, 1, "1"), BODY("TMP", 262144, true)
};
static const struct rule bio[] = {
	PIN, INT_OR("No", 0, 255, "0"), INT_OR("Index", 0, 255, "0"),
	INT_OR("Valid", 0, 1, "1"), INT_OR("Duress", 0, 1, "0"),
	MUST_INT("Type", 0, 255), INT_OR("MajorVer", 0, 9999, "0"),
	INT_OR("MinorVer", 0, 9999, "0"), TEXT_OR("Format", 8, "0"),
	BODY("Tmp", 262144, true)
};
static const struct rule photo[] = {
	PIN, INT_OR("Type", 0, 255, "9"), INT("Format", 0, 9), TEXT("Url", 1024),
	INT("Size", 0, 8000000), BODY("Content", 8000000, false)
};
static const struct rule picture[] = {
	PIN, INT("Format", 0, 9), TEXT("Url", 1024), INT("Size", 0, 8000000),
	BODY("Content", 8000000, false)
};
static const struct rule sms[] = {
	MUST_TEXT("MSG", 0, 1024), MUST_INT("TAG", 253, 254),
	MUST_INT("UID", 0, ANY), MUST_INT("MIN", 0, ANY),
	MUST_TEXT("StartTime", 10, 19)
};
static const struct rule user_sms[] = { PIN, MUST_INT("UID", 0, ANY) };
static const struct rule work_code[] = {
	MUST_TEXT("CODE", 1, 16), MUST_TEXT("Name", 0, 96)
};
static const struct rule job_group[] = {
	MUST_INT("ID", 1, 6), MUST_TEXT("Name", 0, 96), MUST_INT("Enable", 0, 1)
};
static const struct rule job[] = {
	MUST_INT("Number", 0, ANY), MUST_TEXT("Name", 0, 96),
	MUST_INT("JobCodeGroupId", 1, 6)
};
static const struct rule tip[] = {
	MUST_INT("ID", 1, 3), MUST_TEXT("Name", 0, 96), MUST_INT("Enable", 0, 1)
};
static const struct rule schedule[] = {
	MUST_INT("TZID", 1, 50), { "TIME", KIND_DIGITS, 56, 56, true, NULL }
};
static const struct rule group[] = {
	MUST_INT("ID", 0, 99), MUST_INT("Verify", -1, 255),
	MUST_INT("Validholiday", 0, 1), MUST_TEXT("TZ", 12, 12)
};
static const struct rule bell[] = {
	MUST_INT("BellID", 0, 65535), MUST_TEXT("Time", 4, 8),
	MUST_INT("MusicID", 0, 9), INT_OR("Volume", 0, 99, "67"),
	INT_OR("State", 0, 1, "1"), WEEK(true), INT_OR("BellType", 0, 2, "0"),
	INT_OR("BellLifeTime", 0, 255, "0")
};
static const struct rule function_key[] = {
	MUST_INT("ShortKeyID", 1, 8), MUST_INT("ShortKeyFun", 0, 9),
	INT("StateCode", 0, 255), TEXT("StateName", 24),
	INT("StateAutoChange", 0, 1), TEXT("Time", 64), WEEK(false)
};
static const struct rule state[] = {
	MUST_INT("AttStateKey", 0, 255), MUST_INT("AttStateValue", 0, 255)
};
static const struct rule short_key[] = {
	MUST_INT("keyID", 1, 8), MUST_INT("keyFun", 0, 9),
	INT("stateCode", 0, 255), TEXT("keyLabel", 24), INT("mapValue", 0, 255),
	INT("autoChange", 0, 1), TEXT("Time", 64), WEEK(false),
	TEXT("JobGroup", 11), TEXT("TipGroup", 5)
};
static const struct rule service[] = {
	MUST_INT("ServiceNum", 0, ANY), MUST_TEXT("ServiceName", 0, 96),
	MUST_INT("Enable", 0, 1)
};

#define RULES(r)	.rule = r, .nrule = CG_LEN(r)
#define CHILD_OF(id, here, there)	.has_parent = true, .parent = id,	\
	.child_field = here, .parent_field = there

const struct table tables[TABLE__MAX] = {
	[USERINFO]	= { "USERINFO", "USER", { "PIN" }, RULES(user),
	    .all = true, .max = 20000 },
	[USEREXTINFO]	= { "USEREXTINFO", NULL, { "PIN" }, RULES(user_extended),
	    .person = true, .max = 20000 },
	[FINGERTMP]	= { "FINGERTMP", "FP", { "PIN", "FID" }, RULES(fingerprint),
	    .person = true, .body = "TMP", .wrong_size = WRONG_SIZE, .all = true, .max = 40000 },
	[FACE]		= { "FACE", "FACE", { "PIN", "FID" }, RULES(face),
	    .person = true, .body = "TMP", .wrong_size = WRONG_SIZE, .max = 40000 },
	[BIODATA]	= { "BIODATA", "BIODATA", { "PIN", "Type", "No", "Index" },
	    RULES(bio), .person = true, .body = "Tmp", .wrong_size = WRONG_SIZE,
	    .max = 40000 },
	[BIOPHOTO]	= { "BIOPHOTO", "BIOPHOTO", { "PIN", "Type" }, RULES(photo),
	    .person = true, .body = "Content", .wrong_size = BAD_PICTURE,
	    .max = 20000 },
	[USERPIC]	= { "USERPIC", "USERPIC", { "PIN" }, RULES(picture),
	    .person = true, .body = "Content", .wrong_size = BAD_PICTURE,
	    .max = 20000 },
	[SMS]		= { "SMS", "SMS", { "UID" }, RULES(sms), .all = true, .max = 1024 },
	[USER_SMS]	= { "USER_SMS", "USER_SMS", { "PIN", "UID" }, RULES(user_sms),
	    .person = true, CHILD_OF(SMS, "UID", "UID"), .max = 4096 },
	[WORKCODE]	= { "WORKCODE", "WORKCODE", { "CODE" }, RULES(work_code),
	    .all = true, .max = 1000 },
	[JOBCODEGROUP]	= { "JOBCODEGROUP", NULL, { "ID" }, RULES(job_group),
	    .max = 6 },
	[JOBCODE]	= { "JOBCODE", NULL, { "Number", "JobCodeGroupId" },
	    RULES(job), CHILD_OF(JOBCODEGROUP, "JobCodeGroupId", "ID"),
	    .max = 10000 },
	[TIPCODE]	= { "TIPCODE", NULL, { "ID" }, RULES(tip), .max = 3 },
	[TIMEZONE]	= { "TIMEZONE", NULL, { "TZID" }, RULES(schedule),
	    .all = true, .max = 50 },
	[ACCGROUP]	= { "AccGroup", NULL, { "ID" }, RULES(group), .max = 99 },
	[BELL]		= { "BELL", NULL, { "BellID" }, RULES(bell), .all = true, .max = 50 },
	[FUNCTIONKEY]	= { "FUNCTIONKEY", NULL, { "ShortKeyID" },
	    RULES(function_key), .max = 8 },
	[ATTSTATE]	= { "ATTSTATE", NULL, { "AttStateKey" }, RULES(state),
	    .max = 256 },
	[SHORTKEY]	= { "SHORTKEY", NULL, { "keyID" }, RULES(short_key),
	    .max = 8 },
	[SELFSERVICEINFO] = { "SELFSERVICEINFO", NULL, { "ServiceNum" },
	    RULES(service), .max = 256 },
};
/* clang-format on */

enum table_id
table_find(struct cg_str name)
{
	enum table_id t;

	for (t = 0; t < TABLE__MAX; t++)
		if (cg_str_ieq(name, cg_str_of(tables[t].name)))
			break;
	return t;
}

/* ---- rows ---- */

void
row_add(struct row **list, struct cg_str fields)
{
	struct row *r = grow(NULL, 1, sizeof(*r));

	r->fields = copy(fields);
	r->next = NULL;
	while (*list != NULL)
		list = &(*list)->next;
	*list = r;
}

static void
row_drop(struct row **at)
{
	struct row *r = *at;

	*at = r->next;
	free(r->fields);
	free(r);
}

void
rows_free(struct row **list)
{
	while (*list != NULL)
		row_drop(list);
}

void
option_set(struct row **list, struct cg_str name, struct cg_str value)
{
	struct text t = { NULL, 0, 0 };
	size_t n;

	text_put(&t, name);
	text_putz(&t, "=");
	n = t.n;
	text_put(&t, value);
	for (struct row **at = list; *at != NULL; at = &(*at)->next)
		if (cg_str_istarts(cg_str_of((*at)->fields),
		    cg_str_head(text_str(&t), n))) {
			free((*at)->fields);
			(*at)->fields = copy(text_str(&t));
			text_free(&t);
			return;
		}
	row_add(list, text_str(&t));
	text_free(&t);
}

bool
row_matches(const struct row *r, const struct table *t, struct cg_str fields)
{
	struct cg_str row = cg_str_of(r->fields), want;

	for (size_t i = 0; i < CG_LEN(t->key) && t->key[i] != NULL; i++) {
		want = field(fields, '\t', t->key[i]);
		if (want.p != NULL && want.n > 0 &&
		    !cg_str_eq(want, field(row, '\t', t->key[i])))
			return false;
	}
	return true;
}

struct row *
user_find(const struct clock *c, struct cg_str pin)
{
	struct row *r;

	for (r = c->row[USERINFO]; r != NULL; r = r->next)
		if (cg_str_eq(field(cg_str_of(r->fields), '\t', "PIN"), pin))
			break;
	return r;
}

size_t
table_count(const struct clock *c, enum table_id t)
{
	size_t n = 0;

	for (const struct row *r = c->row[t]; r != NULL; r = r->next)
		n++;
	return n;
}

void
table_line(const struct table *t, const struct row *r, struct text *out)
{
	text_putf(out, "%s %s", t->tag != NULL ? t->tag : t->name, r->fields);
}

/* ---- update ---- */

static bool
all_digits(struct cg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static bool
rule_holds(const struct rule *rule, struct cg_str value)
{
	int32_t n;

	if (value.n == 0)
		return !rule->required || rule->min <= 0;
	switch (rule->kind) {
	case KIND_INT:
		return cg_str_i32(value, rule->min, rule->max, &n) == CG_OK;
	case KIND_DIGITS:
		if (!all_digits(value))
			return false;
		break;
	case KIND_PIN:
		if (cg_str_chr(value, ' ') < value.n)
			return false;
		break;
	case KIND_TEXT:
	case KIND_BODY:
		break;
	}
	return value.n >= (size_t)(rule->min > 0 ? rule->min : 0) &&
	    value.n <= (size_t)rule->max;
}

static bool
rules_hold(const struct table *t, struct cg_str fields)
{
	struct cg_str value;

	for (size_t i = 0; i < t->nrule; i++) {
		value = field(fields, '\t', t->rule[i].name);
		if (value.p == NULL ? t->rule[i].required :
		    !rule_holds(&t->rule[i], value))
			return false;
	}
	return true;
}

/* A template, a picture: its length is Size, and it is base64. */
static int
body_check(const struct table *t, struct cg_str fields)
{
	struct cg_str body = field(fields, '\t', t->body);
	struct cg_str size = field(fields, '\t', "Size");
	uint32_t n;

	if (body.p == NULL)
		return field(fields, '\t', "Url").n > 0 ? DONE : BAD_FIELD;
	if (size.p != NULL && (cg_str_u32(size, UINT32_MAX, &n) != CG_OK ||
	    n != body.n))
		return t->wrong_size;
	if (!base64_ok(body))
		return t->wrong_size == WRONG_SIZE ? BAD_FORMAT : NOT_VALID;
	/* No template is that short. */
	return t->wrong_size == WRONG_SIZE && body.n < 8 ? BAD_TEMPLATE : DONE;
}

static bool
parent_is_there(const struct clock *c, const struct table *t,
    struct cg_str fields)
{
	struct cg_str want = field(fields, '\t', t->child_field);

	for (const struct row *r = c->row[t->parent]; r != NULL; r = r->next)
		if (cg_str_eq(field(cg_str_of(r->fields), '\t', t->parent_field),
		    want))
			return true;
	return false;
}

/* The fields of the old row that the new one does not name, behind it. */
static void
merge(struct text *new, struct cg_str old)
{
	struct cg_str piece, name;
	char word[40];

	while (cg_str_cut(&old, '\t', &piece)) {
		name = cg_str_head(piece, cg_str_chr(piece, '='));
		snprintf(word, sizeof(word), "%.*s", (int)name.n, name.p);
		if (field(text_str(new), '\t', word).p != NULL)
			continue;
		text_putz(new, "\t");
		text_put(new, piece);
	}
}

static void
fill_in(struct text *new, const struct table *t)
{
	for (size_t i = 0; i < t->nrule; i++)
		if (t->rule[i].value != NULL &&
		    field(text_str(new), '\t', t->rule[i].name).p == NULL)
			text_putf(new, "\t%s=%s", t->rule[i].name,
			    t->rule[i].value);
}

static void
row_keep(struct clock *c, enum table_id id, struct cg_str fields)
{
	const struct table *t = &tables[id];
	struct text new = { NULL, 0, 0 };
	struct row *r;

	text_put(&new, fields);
	for (r = c->row[id]; r != NULL; r = r->next)
		if (row_matches(r, t, fields))
			break;
	if (r != NULL)
		merge(&new, cg_str_of(r->fields));
	fill_in(&new, t);
	if (r == NULL) {
		row_add(&c->row[id], text_str(&new));
	} else {
		free(r->fields);
		r->fields = copy(text_str(&new));
	}
	text_free(&new);
}

int
table_update(struct clock *c, enum table_id id, struct cg_str fields)
{
	const struct table *t = &tables[id];
	int code;

	if (!rules_hold(t, fields))
		return BAD_FIELD;
	if (t->person && user_find(c, field(fields, '\t', "PIN")) == NULL)
		return NO_USER;
	if (t->has_parent && !parent_is_there(c, t, fields))
		return NO_MATCH;
	if (t->body != NULL && (code = body_check(t, fields)) != DONE)
		return code;
	if (table_count(c, id) >= t->max)
		return NO_ROOM;
	row_keep(c, id, fields);
	return DONE;
}

/* ---- delete ---- */

static size_t
rows_take(struct clock *c, enum table_id id, struct cg_str fields)
{
	size_t n = 0;

	for (struct row **at = &c->row[id]; *at != NULL;)
		if (row_matches(*at, &tables[id], fields)) {
			row_drop(at);
			n++;
		} else {
			at = &(*at)->next;
		}
	return n;
}

/* Whoever goes takes along what belongs to him (spec VI.7.6). */
static void
belongings_take(struct clock *c, struct cg_str fields)
{
	for (enum table_id t = 0; t < TABLE__MAX; t++)
		if (tables[t].person)
			rows_take(c, t, fields);
}

int
table_delete(struct clock *c, enum table_id id, struct cg_str fields)
{
	const struct table *t = &tables[id];
	struct cg_str pin = field(fields, '\t', "PIN");

	fields = cg_str_trim(fields);
	if (fields.n == 0 && t->all) {
		table_clear(c, id);
		return DONE;
	}
	if (field(fields, '\t', t->key[0]).n == 0)
		return BAD_FIELD;
	if ((t->person || id == USERINFO) && user_find(c, pin) == NULL)
		return NO_USER;
	if (id == USERINFO)
		belongings_take(c, fields);
	return rows_take(c, id, fields) > 0 || id == TIMEZONE ? DONE : NO_MATCH;
}

void
table_clear(struct clock *c, enum table_id id)
{
	if (id == USERINFO)
		belongings_take(c, cg_lit(""));
	rows_free(&c->row[id]);
}
