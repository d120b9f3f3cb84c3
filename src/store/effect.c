/*
 * What a clock has deleted because it was told to goes from the tables that
 * say what each clock holds, too.  Punches, operations and the photos taken
 * at punches are no such tables: what a clock once recorded stays, whatever
 * becomes of the clock.
 */
#include "config.h"

#include "command.h"

#include <string.h>

#define VALUES_MAX	3

struct effect {
	const char	*command;
	enum cg_stmt	 stmt;
	size_t		 nvalue;
	const char	*value[VALUES_MAX];	/* of a field, or "=value"; NULL: any */
};

#define USER(pin)		CG_Q_GONE_USER, 1, { pin }
#define TEMPLATE(pin, type, no)	CG_Q_GONE_TEMPLATE, 3, { pin, type, no }
#define UNIFIED			CG_Q_GONE_UNIFIED, 0, { NULL }
#define PICTURE(pin, kind)	CG_Q_GONE_PICTURE, 2, { pin, kind }
#define ITEM(kind, first, last)	CG_Q_GONE_ITEM, 3, { kind, first, last }
#define ANY			NULL

/* clang-format off */
static const struct effect effects[] = {
	{ "user-delete", USER("PIN") },
	{ "user-delete", TEMPLATE("PIN", ANY, ANY) },
	{ "user-delete", PICTURE("PIN", ANY) },
	{ "user-delete", ITEM("=USER_SMS", "PIN", ANY) },
	{ "users-delete-all", USER(ANY) },
	{ "users-delete-all", TEMPLATE(ANY, ANY, ANY) },
	{ "users-delete-all", PICTURE(ANY, ANY) },
	{ "users-delete-all", ITEM("=USER_SMS", ANY, ANY) },
	{ "clear-users", USER(ANY) },
	{ "clear-users", TEMPLATE(ANY, ANY, ANY) },
	{ "clear-users", PICTURE(ANY, ANY) },
	{ "clear-users", ITEM("=USER_SMS", ANY, ANY) },
	{ "clear-data", USER(ANY) },
	{ "clear-data", TEMPLATE(ANY, ANY, ANY) },
	{ "clear-data", PICTURE(ANY, ANY) },
	{ "clear-data", ITEM(ANY, ANY, ANY) },
	{ "clear-biodata", UNIFIED },
	{ "clear-biodata", PICTURE(ANY, "=bio") },
	{ "fingerprint-delete", TEMPLATE("PIN", "=1", "FID") },
	{ "fingerprints-delete-all", TEMPLATE(ANY, "=1", ANY) },
	{ "face-delete", TEMPLATE("PIN", "=2", ANY) },
	{ "biodata-delete", TEMPLATE("Pin", "Type", "No") },
	{ "picture-delete", PICTURE("PIN", "=user") },
	{ "sms-delete", ITEM("=SMS", ANY, "UID") },
	{ "sms-delete", ITEM("=USER_SMS", ANY, "UID") },
	{ "work-code-delete", ITEM("=WORKCODE", ANY, "CODE") },
};
/* clang-format on */

_Static_assert(CG_BIO_FINGER == 1 && CG_BIO_FACE_NIR == 2, "types above");

static bool
concerns(const struct effect *ef, const struct cg_command *c)
{
	return strcmp(ef->command, c->name) == 0;
}

bool
cg_effect_has(const struct cg_command *c)
{
	size_t i;

	for (i = 0; i < CG_LEN(effects); i++)
		if (concerns(&effects[i], c))
			return true;
	return false;
}

static struct cg_cell
cell_of(const char *value, const struct cg_told *told)
{
	if (value == NULL)
		return cg_cell_number(CG_NONE);
	if (value[0] == '=')
		return cg_cell_text(cg_str_of(value + 1));
	return cg_cell_maybe(cg_told_value(told, value));
}

/* A statement has each value twice: is it any, and which. */
static enum cg_err
run(struct cg_db *db, struct cg_str sn, const struct effect *ef,
    const struct cg_told *told)
{
	struct cg_cell cell[1 + 2 * VALUES_MAX];
	size_t n = 0, i;

	cell[n++] = cg_cell_text(sn);
	for (i = 0; i < ef->nvalue; i++) {
		cell[n] = cell[n + 1] = cell_of(ef->value[i], told);
		n += 2;
	}
	return cg_db_run(db, ef->stmt, cell, n, NULL);
}

/* What this transaction staged before comes before. */
enum cg_err
cg_effect_run(struct cg_db *db, struct cg_str sn, const struct cg_told *told)
{
	enum cg_err e = cg_bulk_flush(db);
	size_t i;

	for (i = 0; e == CG_OK && i < CG_LEN(effects); i++)
		if (concerns(&effects[i], told->command))
			e = run(db, sn, &effects[i], told);
	return e;
}
