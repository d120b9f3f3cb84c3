/*
 * What clocks upload, as data: fields, tags, tables.
 *
 * The largest text of a field is the width of its column in schema/, so that
 * what is read here always fits there.
 */
#include "config.h"

#include "record.h"

#define INT_MIN_SENT	(CG_NONE + 1)
#define SMALL_MAX	32767

_Static_assert(sizeof(enum cg_photo_kind) == sizeof(int32_t),
    "a tag sets the kind of a picture as an int");

/* clang-format off */
#define AT(member, what)	offsetof(struct cg_##member, what)
#define PIN(member, name)						\
	{ name, CG_FIELD_PIN, true, AT(member, pin), 0, CG_PIN_MAX, 0 }
#define TEXT(member, what, name, max)					\
	{ name, CG_FIELD_TEXT, false, AT(member, what), 0, max, 0 }
#define BODY(member, what, name)					\
	{ name, CG_FIELD_BODY, true, AT(member, what), 0, 0, 0 }
#define INT(member, what, name, min, max, none)				\
	{ name, CG_FIELD_INT, false, AT(member, what), min, max, none }
#define MUST_INT(member, what, name, min, max)				\
	{ name, CG_FIELD_INT, true, AT(member, what), min, max, CG_NONE }
#define TIME(member, name)						\
	{ name, CG_FIELD_TIME, true, AT(member, at), 0, 0, 0 }
#define EXTRA(name)							\
	{ name, CG_FIELD_EXTRA, false, 0, 0, 0, 0 }
#define KEY(place, name, max, must)					\
	{ name, CG_FIELD_TEXT, must, offsetof(struct cg_item_keys, key[place]), \
	0, max, 0 }

/* ATTLOG: spec III.2.4.1, III.2.4.2, notes 1.4 */

#define PUNCH_7								\
	PIN(punch, "PIN"),						\
	TIME(punch, "Time"),						\
	INT(punch, state, "State", 0, SMALL_MAX, 0),			\
	INT(punch, verify, "Verify", 0, SMALL_MAX, 0),			\
	TEXT(punch, work_code, "WorkCode", 32),				\
	TEXT(punch, reserved[0], "Reserved1", 32),			\
	TEXT(punch, reserved[1], "Reserved2", 32)
#define PUNCH_13							\
	PUNCH_7,							\
	TEXT(punch, job_code[0], "JobCode1", 32),			\
	TEXT(punch, job_code[1], "JobCode2", 32),			\
	TEXT(punch, job_code[2], "JobCode3", 32),			\
	TEXT(punch, job_code[3], "JobCode4", 32),			\
	TEXT(punch, job_code[4], "JobCode5", 32),			\
	TEXT(punch, job_code[5], "JobCode6", 32)

static const struct cg_field punch_plain[] = { PUNCH_7 };

static const struct cg_field punch_identity[] = {
	PUNCH_7,
	EXTRA("IDNum"),
	EXTRA("Type")
};

static const struct cg_field punch_mask[] = {
	PUNCH_7,
	EXTRA("MaskFlag"),
	EXTRA("Temperature"),
	EXTRA("ConvTemperature"),
	EXTRA("TimeOffset"),
	EXTRA("ExtendData")
};

static const struct cg_field punch_jobs[] = {
	PUNCH_13,
	TEXT(punch, tip_code[0], "TipCode1", 32),
	TEXT(punch, tip_code[1], "TipCode2", 32),
	TEXT(punch, tip_code[2], "TipCode3", 32)
};

/* spec III.2.4.2 names TipCode2 twice. */
static const struct cg_field punch_jobs_17[] = {
	PUNCH_13,
	TEXT(punch, tip_code[0], "TipCode1", 32),
	TEXT(punch, tip_code[1], "TipCode2", 32),
	EXTRA("column16"),
	TEXT(punch, tip_code[2], "TipCode3", 32)
};

static const struct cg_layout punch_layout[] = {
	{  4, punch_plain, CG_LEN(punch_plain) },
	{  9, punch_identity, CG_LEN(punch_identity) },
	{ 10, punch_mask, CG_LEN(punch_mask) },
	{ 13, punch_jobs, CG_LEN(punch_jobs) },
	{ 17, punch_jobs_17, CG_LEN(punch_jobs_17) }
};

static const struct cg_tag punch_tag = {
	.name = CG_STR(""),
	.kind = CG_REC_PUNCH,
	.shape = CG_SHAPE_COLUMNS,
	.layout = punch_layout,
	.nlayout = CG_LEN(punch_layout),
	.closing = 1U << 8 | 1U << 11 | 1U << 13 | 1U << 17,
	.extra = AT(punch, extra)
};

/* OPERLOG: spec III.2.4.3, notes 1.6 */

static const struct cg_field operation_columns[] = {
	MUST_INT(operation, code, "Code", 0, SMALL_MAX),
	TEXT(operation, admin_pin, "Admin", 32),
	TIME(operation, "Time"),
	TEXT(operation, object[0], "Object1", 64),
	TEXT(operation, object[1], "Object2", 64),
	TEXT(operation, object[2], "Object3", 64),
	TEXT(operation, object[3], "Object4", 64)
};

static const struct cg_layout operation_layout[] = {
	{ 3, operation_columns, CG_LEN(operation_columns) }
};

static const struct cg_field user_fields[] = {
	PIN(user, "PIN"),
	TEXT(user, name, "Name", 96),
	INT(user, privilege, "Pri", INT_MIN_SENT, INT32_MAX, CG_NONE),
	INT(user, privilege, "Privilege", INT_MIN_SENT, INT32_MAX, CG_NONE),
	TEXT(user, password, "Passwd", 32),
	TEXT(user, password, "Password", 32),
	TEXT(user, card, "Card", 32),
	TEXT(user, card, "CardNo", 32),
	INT(user, group_no, "Grp", INT_MIN_SENT, INT32_MAX, CG_NONE),
	INT(user, group_no, "Group", INT_MIN_SENT, INT32_MAX, CG_NONE),
	TEXT(user, time_zones, "TZ", 64),
	INT(user, verify, "Verify", INT_MIN_SENT, INT32_MAX, CG_NONE),
	TEXT(user, vice_card, "ViceCard", 32)
};

/* FP, FACE, FVEIN: the tag tells the type. */
static const struct cg_field finger_fields[] = {
	PIN(template, "PIN"),
	INT(template, no, "FID", 0, SMALL_MAX, 0),
	INT(template, no, "FingerID", 0, SMALL_MAX, 0),
	INT(template, index, "Index", 0, SMALL_MAX, 0),
	INT(template, valid, "Valid", INT_MIN_SENT, INT32_MAX, CG_NONE),
	INT(template, duress, "Duress", INT_MIN_SENT, INT32_MAX, CG_NONE),
	INT(template, size, "Size", 0, INT32_MAX, CG_NONE),
	BODY(template, body, "TMP"),
	BODY(template, body, "Template")
};

static const struct cg_field bio_fields[] = {
	PIN(template, "PIN"),
	MUST_INT(template, type, "Type", 0, SMALL_MAX),
	INT(template, no, "No", 0, SMALL_MAX, 0),
	INT(template, index, "Index", 0, SMALL_MAX, 0),
	INT(template, valid, "Valid", INT_MIN_SENT, INT32_MAX, CG_NONE),
	INT(template, duress, "Duress", INT_MIN_SENT, INT32_MAX, CG_NONE),
	TEXT(template, format, "Format", 16),
	TEXT(template, major_version, "MajorVer", 16),
	TEXT(template, minor_version, "MinorVer", 16),
	INT(template, size, "Size", 0, INT32_MAX, CG_NONE),
	BODY(template, body, "TMP")
};

static const struct cg_field picture_fields[] = {
	PIN(picture, "PIN"),
	TEXT(picture, file_name, "FileName", 255),
	INT(picture, type, "Type", 0, SMALL_MAX, CG_NONE),
	INT(picture, no, "No", 0, SMALL_MAX, CG_NONE),
	INT(picture, index, "Index", 0, SMALL_MAX, CG_NONE),
	INT(picture, size, "Size", 0, INT32_MAX, CG_NONE),
	BODY(picture, content, "Content")
};

/* spec table 2-2, notes 1.7: kept as sent under their key */

static const struct cg_field sms_key[] = {
	KEY(0, "UID", 64, true)
};

static const struct cg_field user_sms_key[] = {
	KEY(0, "PIN", CG_PIN_MAX, true),
	KEY(1, "UID", 64, true)
};

static const struct cg_field work_code_key[] = {
	KEY(0, "PIN", CG_PIN_MAX, false),
	KEY(1, "CODE", 64, true)
};

static const struct cg_field id_card_key[] = {
	KEY(0, "PIN", CG_PIN_MAX, false),
	KEY(1, "SNNum", 64, false)
};

#define COLUMNS(tag, kind_, member, columns)				\
	{ .name = CG_STR(tag), .kind = kind_, .shape = CG_SHAPE_COLUMNS, \
	.layout = columns, .nlayout = CG_LEN(columns),			\
	.extra = AT(member, extra) }
#define KEYED(tag, kind_, member, fields, what, value)			\
	{ .name = CG_STR(tag), .kind = kind_, .shape = CG_SHAPE_KEYED,	\
	.field = fields, .nfield = CG_LEN(fields),			\
	.extra = AT(member, extra), .fixed_at = AT(member, what),	\
	.fixed = value }
#define ITEM(tag, keys)							\
	{ .name = CG_STR(tag), .kind = CG_REC_ITEM,			\
	.shape = CG_SHAPE_ITEM, .field = keys, .nfield = CG_LEN(keys),	\
	.fixed = CG_NONE }
#define EVENT(tag)							\
	{ .name = CG_STR(tag), .kind = CG_REC_EVENT, .shape = CG_SHAPE_EVENT }

enum tag {
	T_OPLOG, T_USER, T_FP, T_FACE, T_FVEIN, T_BIODATA, T_USERPIC,
	T_BIOPHOTO, T_SMS, T_USER_SMS, T_WORKCODE, T_IDCARD, T_ERRORLOG,
	T__MAX
};

static const struct cg_tag tags[T__MAX] = {
	[T_OPLOG] = COLUMNS("OPLOG", CG_REC_OPERATION, operation,
	    operation_layout),
	[T_USER] = KEYED("USER", CG_REC_USER, user, user_fields,
	    privilege, CG_NONE),
	[T_FP] = KEYED("FP", CG_REC_TEMPLATE, template, finger_fields,
	    type, CG_BIO_FINGER),
	[T_FACE] = KEYED("FACE", CG_REC_TEMPLATE, template, finger_fields,
	    type, CG_BIO_FACE_NIR),
	[T_FVEIN] = KEYED("FVEIN", CG_REC_TEMPLATE, template, finger_fields,
	    type, CG_BIO_FINGER_VEIN),
	[T_BIODATA] = KEYED("BIODATA", CG_REC_TEMPLATE, template, bio_fields,
	    type, CG_NONE),
	[T_USERPIC] = KEYED("USERPIC", CG_REC_PICTURE, picture,
	    picture_fields, kind, CG_PHOTO_USER),
	[T_BIOPHOTO] = KEYED("BIOPHOTO", CG_REC_PICTURE, picture,
	    picture_fields, kind, CG_PHOTO_BIO),
	[T_SMS] = ITEM("SMS", sms_key),
	[T_USER_SMS] = ITEM("USER_SMS", user_sms_key),
	[T_WORKCODE] = ITEM("WORKCODE", work_code_key),
	[T_IDCARD] = ITEM("IDCARD", id_card_key),
	[T_ERRORLOG] = EVENT("ERRORLOG")
};

#define KB		((size_t)1024)
#define MB		(KB * KB)

/* A table of one tag may leave it out. */
#define ROWS(name, one, most)						\
	{ .table = CG_STR(name), .form = CG_FORM_LINES, .tag = &tags[one],	\
	.ntag = 1, .max = most }
#define DIALECT(name, how)						\
	{ .table = CG_STR(name), .form = CG_FORM_RAW, .ack = how,		\
	.dialect = true, .text = CG_TEXT_NONE, .max = MB }

/* spec table 2-2, notes 1.7 */
static const struct cg_upload uploads[] = {
	{ .table = CG_STR("ATTLOG"), .form = CG_FORM_LINES,
	  .tag = &punch_tag, .ntag = 1, .max = 16 * MB },
	{ .table = CG_STR("OPERLOG"), .form = CG_FORM_LINES,
	  .tag = tags, .ntag = T__MAX, .max = 64 * MB },
	{ .table = CG_STR("ATTPHOTO"), .form = CG_FORM_WHOLE,
	  .ack = CG_ACK_PLAIN, .text = CG_TEXT_NONE, .max = 64 * MB },
	{ .table = CG_STR("OPTIONS"), .form = CG_FORM_PAIRS, .ack = CG_ACK_PLAIN,
	  .max = 256 * KB },
	{ .table = CG_STR("ERRORLOG"), .form = CG_FORM_LINES,
	  .tag = &tags[T_ERRORLOG], .ntag = 1, .ack = CG_ACK_PLAIN, .max = MB },
	{ .table = CG_STR("IDCARD"), .form = CG_FORM_LINES,
	  .tag = &tags[T_IDCARD], .ntag = 1, .text = CG_TEXT_UTF8, .max = 16 * MB },
	ROWS("USERINFO", T_USER, 16 * MB),
	ROWS("USER", T_USER, 16 * MB),
	ROWS("FINGERTMP", T_FP, 64 * MB),
	ROWS("TEMPLATEV10", T_FP, 64 * MB),
	ROWS("FACETMP", T_FACE, 64 * MB),
	ROWS("FACE", T_FACE, 64 * MB),
	ROWS("FACETMPV10", T_FACE, 64 * MB),
	ROWS("FVEIN", T_FVEIN, 64 * MB),
	ROWS("BIODATA", T_BIODATA, 64 * MB),
	ROWS("USERPIC", T_USERPIC, 64 * MB),
	ROWS("BIOPHOTO", T_BIOPHOTO, 64 * MB),
	ROWS("SMS", T_SMS, MB),
	ROWS("USER_SMS", T_USER_SMS, MB),
	ROWS("WORKCODE", T_WORKCODE, MB),
	DIALECT("rtlog", CG_ACK_PLAIN),
	DIALECT("rtstate", CG_ACK_PLAIN),
	DIALECT("tabledata", CG_ACK_TABLE)
};

const struct cg_upload cg_upload_unknown = {
	.table = CG_STR(""), .form = CG_FORM_RAW, .text = CG_TEXT_NONE, .max = MB
};
/* clang-format on */

const struct cg_upload *
cg_upload_row(struct cg_str name)
{
	for (size_t i = 0; i < CG_LEN(uploads); i++)
		if (cg_str_ieq(uploads[i].table, name))
			return &uploads[i];
	return NULL;
}

const struct cg_tag *
cg_tag_find(struct cg_str name)
{
	for (size_t i = 0; i < CG_LEN(tags); i++)
		if (cg_str_ieq(tags[i].name, name))
			return &tags[i];
	return NULL;
}
