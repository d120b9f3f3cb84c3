/* What a ledger says was sent, as the columns that the database has of it. */
#include "config.h"

#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
#define TEXT(name)		{ name, NULL, false, false }
#define NUMBER(name)		{ name, NULL, true, false }
#define TIME(name, odd)		{ name, odd, false, false }
#define COUNT(who, key, all)	.nwho = who, .nkey = key, .ncolumn = all
#define ITEMS(what, name)						\
	{ what, { "item", "list", "--kind", name }, COUNT(2, 2, 3),	\
	    .state = true, .hashed = true, .column = {			\
	    TEXT("device_sn"), TEXT("item_key"), TEXT("fields") } }

const struct kind kinds[KIND__MAX] = {
	[PUNCHES] = { "punches", { "punch", "list" }, COUNT(3, 6, 17), .column = {
	    TEXT("device_sn"), TEXT("pin"), TIME("punched_at", "punched_text"),
	    NUMBER("state"), NUMBER("verify"), TEXT("work_code"),
	    TEXT("reserved1"), TEXT("reserved2"),
	    TEXT("job_code1"), TEXT("job_code2"), TEXT("job_code3"),
	    TEXT("job_code4"), TEXT("job_code5"), TEXT("job_code6"),
	    TEXT("tip_code1"), TEXT("tip_code2"), TEXT("tip_code3") } },
	[OPERATIONS] = { "operations", { "operation", "list" }, COUNT(3, 8, 8),
	    .column = {
	    TEXT("device_sn"), TIME("happened_at", "happened_text"),
	    TEXT("code"), TEXT("admin_pin"), TEXT("object1"), TEXT("object2"),
	    TEXT("object3"), TEXT("object4") } },
	[PHOTOS] = { "photos", { "photo", "list" }, COUNT(4, 7, 7),
	    .hashed = true, .column = {
	    TEXT("device_sn"), TIME("taken_at", "taken_text"), TEXT("pin"),
	    TEXT("kind"), TEXT("size"), TEXT("extra"), TEXT("sha256") } },
	[PEOPLE] = { "people", { "device", "user", "list", "--passwords" }, COUNT(2, 2, 11),
	    .plain = true, .state = true, .column = {
	    TEXT("device_sn"), TEXT("pin"), TEXT("name"), TEXT("privilege"),
	    TEXT("card"), TEXT("group_no"), TEXT("time_zones"), TEXT("verify"),
	    TEXT("vice_card"), TEXT("password"), TEXT("extra") } },
	[TEMPLATES] = { "templates", { "template", "list" }, COUNT(5, 5, 13),
	    .state = true, .hashed = true, .column = {
	    TEXT("device_sn"), TEXT("pin"), TEXT("type"), NUMBER("no"),
	    NUMBER("idx"), TEXT("valid"), TEXT("duress"), TEXT("format"),
	    TEXT("major_version"), TEXT("minor_version"), TEXT("size"),
	    TEXT("extra"), TEXT("sha256") } },
	[CARDS] = ITEMS("identity cards", "IDCARD"),
	[MESSAGES] = ITEMS("messages", "SMS"),
	[MESSAGES_OF] = ITEMS("messages of people", "USER_SMS"),
	[WORK_CODES] = ITEMS("work codes", "WORKCODE"),
	[UNREADABLE] = { "unreadable", { "rejected", "list" }, COUNT(3, 3, 3),
	    .column = {
	    TEXT("device_sn"), TEXT("table_name"),
	    { "sha256", "line", false, true } } },
};
/* clang-format on */

/* Columns that are no slices of the ledger. */
struct made {
	char	 time[20];
	char	 size[24];
	char	 hash[HASH_TEXT];
	struct text extra;		/* or the key of an item */
};

/* ---- a record of each kind: its columns behind the serial ---- */

#define PUNCH_MAX	17		/* columns of ATTLOG (spec III.2.4.2) */
#define PUNCH_LEAST	4
#define PUNCH_PLAIN	7		/* the rest depends on how many there are */
#define PUNCH_JOBS	13

static bool
punch_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	struct cg_str column[PUNCH_MAX] = { { NULL, 0 } };
	size_t n = 0;

	(void)made;
	while (n < PUNCH_MAX && cg_str_cut(&s, '\t', &column[n]))
		n++;
	if (n < PUNCH_LEAST)
		return false;
	for (size_t i = 0; i < PUNCH_MAX - 1; i++)
		out[i] = i < PUNCH_PLAIN || n >= PUNCH_JOBS ? column[i] :
		    cg_lit("");
	if (n == PUNCH_MAX)		/* the second tip code comes twice */
		out[PUNCH_MAX - 2] = column[PUNCH_MAX - 1];
	out[0] = cg_str_trim(out[0]);
	return true;
}

/* "code TAB admin TAB time TAB four objects" */
static bool
operation_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	struct cg_str *const to[] = { &out[1], &out[2], &out[0], &out[3], &out[4],
	    &out[5], &out[6] };
	size_t n = 0;

	(void)made;
	while (n < CG_LEN(to) && cg_str_cut(&s, '\t', to[n]))
		n++;
	return n >= 3;
}

/* "PIN=YYYYMMDDhhmmss-1001.jpg TAB size=... TAB sha256=..." */
static bool
photo_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	struct cg_str name = field(s, '\t', "PIN"), digits, pin;
	size_t dash = cg_str_chr(name, '-'), dot;

	digits = cg_str_head(name, dash);
	if (digits.n != 14 || dash == name.n)
		return false;
	pin = cg_str_from(name, dash + 1);
	dot = cg_str_chr(pin, '.');
	snprintf(made->time, sizeof(made->time), "%.4s-%.2s-%.2s %.2s:%.2s:%.2s",
	    digits.p, digits.p + 4, digits.p + 6, digits.p + 8, digits.p + 10,
	    digits.p + 12);
	out[0] = cg_str_of(made->time);
	out[1] = cg_str_head(pin, dot);
	out[2] = cg_lit("punch");
	out[3] = field(s, '\t', "size");
	out[5] = field(s, '\t', "sha256");
	return out[5].n > 0;
}

static void
fields_read(struct cg_str s, const char *const *name, size_t n,
    struct cg_str out[])
{
	for (size_t i = 0; i < n; i++)
		out[i] = field(s, '\t', name[i]);
}

/* All fields but those of these names, as they were sent. */
static struct cg_str
extra_read(struct cg_str s, const char *const *known, size_t n,
    struct made *made)
{
	struct cg_str piece, name;
	size_t i;

	while (cg_str_cut(&s, '\t', &piece)) {
		name = cg_str_trim(cg_str_head(piece, cg_str_chr(piece, '=')));
		for (i = 0; i < n && !cg_str_ieq(name, cg_str_of(known[i])); i++)
			;
		if (i < n || piece.n == 0)
			continue;
		text_putz(&made->extra, made->extra.n > 0 ? "\t" : "");
		text_put(&made->extra, piece);
	}
	return text_str(&made->extra);
}

static bool
person_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	static const char *const name[] = {
		"PIN", "Name", "Pri", "Card", "Grp", "TZ", "Verify", "ViceCard",
		"Passwd"
	};

	fields_read(s, name, CG_LEN(name), out);
	out[9] = extra_read(s, name, CG_LEN(name), made);
	return out[0].n > 0;
}

/* What was said of its length, or else what it has; further fields; a hash. */
static void
body_read(struct cg_str body, struct cg_str size, struct cg_str extra,
    struct cg_str out[3], struct made *made)
{
	snprintf(made->size, sizeof(made->size), "%zu", body.n);
	out[0] = size.n > 0 ? size : cg_str_of(made->size);
	out[1] = extra;
	out[2] = hash_text(body, made->hash);
}

static bool
template_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	static const char *const name[] = {
		"Pin", "Type", "No", "Index", "Valid", "Duress", "Format",
		"MajorVer", "MinorVer", "Size", "Tmp"
	};
	struct cg_str body = field(s, '\t', "Tmp");

	fields_read(s, name, 9, out);
	body_read(body, field(s, '\t', "Size"), extra_read(s, name,
	    CG_LEN(name), made), &out[9], made);
	return out[0].n > 0 && out[1].n > 0 && body.n > 0;
}

/* The tag is the type, and the number has another name. */
static bool
finger_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	struct cg_str body = field(s, '\t', "TMP");
	static const char *const name[] = { "PIN", "", "FID", "Index", "Valid",
	    "Duress", "Size", "TMP" };

	fields_read(s, name, 6, out);
	out[1] = cg_lit("1");
	body_read(body, field(s, '\t', "Size"), extra_read(s, name,
	    CG_LEN(name), made), &out[9], made);
	return out[0].n > 0 && body.n > 0;
}

/* The picture itself is compared, whatever was said of its length. */
static bool
picture_read(struct cg_str s, struct cg_str kind, struct cg_str out[],
    struct made *made)
{
	static const char *const name[] = { "PIN", "Size", "Content" };
	struct text image = { NULL, 0, 0 };
	bool ok = base64_get(field(s, '\t', "Content"), &image) && image.n > 0;

	out[1] = field(s, '\t', "PIN");
	out[2] = kind;
	snprintf(made->size, sizeof(made->size), "%zu", image.n);
	out[3] = cg_str_of(made->size);
	out[4] = extra_read(s, name, CG_LEN(name), made);
	out[5] = hash_text(text_str(&image), made->hash);
	text_free(&image);
	return ok && out[1].n > 0;
}

static bool
portrait_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	return picture_read(s, cg_lit("user"), out, made);
}

static bool
face_photo_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	return picture_read(s, cg_lit("bio"), out, made);
}

/* Kept under one or two of its fields, with a TAB between (spec table 2-2). */
static bool
item_read(struct cg_str s, const char *first, const char *second,
    struct cg_str out[], struct made *made)
{
	struct cg_str a = field(s, '\t', first), b = field(s, '\t', second);

	text_put(&made->extra, a);
	text_putz(&made->extra, a.p != NULL && b.p != NULL ? "\t" : "");
	text_put(&made->extra, b);
	out[0] = text_str(&made->extra);
	out[1] = s;
	return a.n > 0 || b.n > 0;
}

static bool
card_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	return item_read(s, "PIN", "SNNum", out, made);
}

static bool
message_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	return item_read(s, "UID", "", out, made);
}

static bool
message_of_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	return item_read(s, "PIN", "UID", out, made);
}

static bool
work_code_read(struct cg_str s, struct cg_str out[], struct made *made)
{
	return item_read(s, "PIN", "CODE", out, made);
}

/* ---- a line of the ledger ---- */

struct tag {
	const char	*table;
	const char	*tag;		/* that the record begins with */
	enum kind_id	 kind;
	bool		(*read)(struct cg_str, struct cg_str out[], struct made *);
};

static const struct tag tags[] = {
	{ "ATTLOG", "", PUNCHES, punch_read },
	{ "ATTPHOTO", "", PHOTOS, photo_read },
	{ "OPERLOG", "OPLOG ", OPERATIONS, operation_read },
	{ "OPERLOG", "USER ", PEOPLE, person_read },
	{ "OPERLOG", "FP ", TEMPLATES, finger_read },
	{ "OPERLOG", "BIODATA ", TEMPLATES, template_read },
	{ "OPERLOG", "USERPIC ", PHOTOS, portrait_read },
	{ "OPERLOG", "BIOPHOTO ", PHOTOS, face_photo_read },
	{ "OPERLOG", "IDCARD ", CARDS, card_read },
	{ "OPERLOG", "SMS ", MESSAGES, message_read },
	{ "OPERLOG", "USER_SMS ", MESSAGES_OF, message_of_read },
	{ "OPERLOG", "WORKCODE ", WORK_CODES, work_code_read },
};

static const struct tag *
tag_find(struct cg_str table, struct cg_str record)
{
	for (size_t i = 0; i < CG_LEN(tags); i++)
		if (cg_str_eq(table, cg_str_of(tags[i].table)) &&
		    cg_str_starts(record, cg_str_of(tags[i].tag)))
			return &tags[i];
	return NULL;
}

/* "ATTPHOTO", "OPERLOG OPLOG": its table, and the tag that it begins with. */
static void
skip(struct ledger_file *f, struct cg_str table, struct cg_str record)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	struct cg_str tag = cg_str_head(record, cg_str_chr(record, ' '));
	struct text name = { NULL, 0, 0 };
	size_t i, n = 0;

	text_put(&name, table);
	while (n < tag.n && memchr(letters, tag.p[n], sizeof(letters) - 1) != NULL)
		n++;
	if (n > 0 && n == tag.n && n < record.n)
		text_putf(&name, " %.*s", (int)n, tag.p);
	for (i = 0; i < f->nskipped; i++)
		if (cg_str_eq(text_str(&name), cg_str_of(f->skipped[i].name)))
			break;
	if (i == CG_LEN(f->skipped))
		i--;
	else if (i == f->nskipped)
		f->skipped[f->nskipped++].name = copy(text_str(&name));
	f->skipped[i].n++;
	text_free(&name);
}

static struct entry *
add(struct ledger_file *f, enum kind_id kind, const struct cg_str column[],
    bool acknowledged, struct cg_str line)
{
	struct entry *e = list_add(&f->list[kind], &kinds[kind], column);

	e->acknowledged = acknowledged;
	e->line = line;
	return e;
}

/* "SN TAB table TAB record" */
static bool
line_cut(struct cg_str line, struct cg_str column[3])
{
	if (!cg_str_cut(&line, '\t', &column[0]) ||
	    !cg_str_cut(&line, '\t', &column[1]) || line.p == NULL)
		return false;
	column[2] = line;
	return true;
}

/* As it is listed when nobody can read it. */
static struct entry *
add_unreadable(struct ledger_file *f, const struct cg_str raw[3],
    bool acknowledged, struct cg_str line)
{
	char hash[HASH_TEXT];
	struct cg_str column[3] = { raw[0], raw[1], hash_text(raw[2], hash) };

	return add(f, UNREADABLE, column, acknowledged, line);
}

/* False when the line is none of a ledger. */
static bool
line_read(struct ledger_file *f, struct cg_str line, bool only_punches)
{
	struct cg_str raw[3], column[COLUMNS_MAX] = { { NULL, 0 } };
	const struct tag *tag;
	struct made made = { .extra = { NULL, 0, 0 } };
	bool acknowledged;

	if (line.n < 2 || line.p[1] != '\t' || strchr("+-", line.p[0]) == NULL ||
	    !line_cut(cg_str_from(line, 2), raw))
		return false;
	acknowledged = line.p[0] == '+';
	line = cg_str_from(line, 2);
	tag = tag_find(raw[1], raw[2]);
	if (only_punches && (tag == NULL || tag->kind != PUNCHES)) {
		skip(f, raw[1], raw[2]);
		return true;
	}
	column[0] = raw[0];
	if (tag != NULL && tag->read(cg_str_from(raw[2], strlen(tag->tag)),
	    column + 1, &made))
		add(f, tag->kind, column, acknowledged, line);
	else if (tag != NULL)
		add_unreadable(f, raw, acknowledged, line);
	else
		skip(f, raw[1], raw[2]);
	text_free(&made.extra);
	return true;
}

void
ledger_unreadable(struct ledger_file *f, const struct entry *e)
{
	struct cg_str raw[3];

	if (line_cut(e->line, raw))
		add_unreadable(f, raw, true, e->line)->moved = true;
}

/* ---- the file ---- */

static int
serial_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The serials of all entries; a clock's lines come in a row, mostly. */
static void
serials(struct ledger_file *f)
{
	struct cg_str sn, last = { NULL, 0 };
	size_t to = 0;

	for (int k = 0; k < KIND__MAX; k++)
		for (size_t i = 0; i < f->list[k].n; i++) {
			sn = f->list[k].entry[i].line;
			sn = cg_str_head(sn, cg_str_chr(sn, '\t'));
			if (last.p != NULL && cg_str_eq(sn, last))
				continue;
			if ((f->nserial & (f->nserial - 1)) == 0)
				f->serial = grow(f->serial, 2 * f->nserial + 1,
				    sizeof(*f->serial));
			f->serial[f->nserial++] = copy(last = sn);
		}
	if (f->nserial == 0)
		return;
	qsort(f->serial, f->nserial, sizeof(*f->serial), serial_compare);
	for (size_t i = 1; i < f->nserial; i++)
		if (strcmp(f->serial[to], f->serial[i]) == 0)
			free(f->serial[i]);
		else
			f->serial[++to] = f->serial[i];
	f->nserial = to + 1;
}

static void
file_read(struct ledger_file *f, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char block[65536];
	ssize_t n;

	if (fd < 0)
		fatal("%s: %s", file, strerror(errno));
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n > 0)
			text_put(&f->all, (struct cg_str){ block, (size_t)n });
		else if (errno != EINTR)
			fatal("%s: %s", file, strerror(errno));
	}
	close(fd);
}

void
ledger_read(struct ledger_file *f, const char *file, bool only_punches)
{
	struct cg_str rest, line;

	file_read(f, file);
	rest = text_str(&f->all);
	while (cg_str_line(&rest, &line))
		f->damaged += !line_read(f, line, only_punches);
	serials(f);
}

void
ledger_free(struct ledger_file *f)
{
	for (int k = 0; k < KIND__MAX; k++)
		list_free(&f->list[k]);
	while (f->nserial > 0)
		free(f->serial[--f->nserial]);
	free(f->serial);
	while (f->nskipped > 0)
		free(f->skipped[--f->nskipped].name);
	text_free(&f->all);
}
