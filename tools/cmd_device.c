/* device show, approve, disable and set. */
#include "config.h"

#include "cli.h"

#include <jansson.h>
#include <string.h>

#define NAME_MAX_CHARS	64	/* device.name */
#define SERIALS_MAX	((size_t)64 * 1024 * 1024)

/* ---- a serial that is not there ---- */

struct serials {
	struct cg_arena	*arena;
	const char	*near;
	const char	*word;
};

/* Keep whichever is nearer: the one so far, or this one. */
static void
serial_row(void *arg, const char *const *name, const struct cg_str *value,
    size_t n)
{
	struct serials *s = arg;
	const char *pair[2] = { s->near, NULL };

	for (size_t i = 0; value != NULL && i < n; i++)
		if (strcmp(name[i], "sn") == 0)
			pair[1] = cg_arena_dup(s->arena, value[i]);
	if (pair[1] != NULL)
		s->near = cg_nearest(cg_str_of(s->word),
		    pair[0] != NULL ? pair : pair + 1, pair[0] != NULL ? 2 : 1);
}

static int
serial_unknown(struct cli *cli, const char *sn)
{
	struct serials s = { .word = sn };
	struct cg_str any = cg_lit("");
	int status;

	if (cg_arena_new(SERIALS_MAX, &s.arena) != CG_OK)
		return cli_fail("no memory");
	if (cg_report_run(cli->db, CG_REPORT_DEVICES, &any, 1, serial_row, &s) !=
	    CG_OK)
		status = cli_db_fault(cli, sn);
	else if (s.near != NULL)
		status = cli_fail("there is no clock %s; did you mean \"%s\"?", sn,
		    s.near);
	else
		status = cli_fail("there is no clock %s; type: clockgate device "
		    "list", sn);
	cg_arena_free(s.arena);
	return status;
}

int
cli_device(struct cli *cli, const char *sn, struct cg_device *device)
{
	enum cg_err e;

	if (!cg_serial_ok(cg_str_of(sn)))
		return cli_misuse("\"%s\" can't be a serial: 1 to %d letters, "
		    "digits, - and _", sn, CG_SERIAL_MAX);
	e = cg_device_find(cli->db, cg_str_of(sn), device);
	if (e == CG_UNKNOWN)
		return serial_unknown(cli, sn);
	return e == CG_OK ? 0 : cli_db_fault(cli, sn);
}

static int
serial_check(struct cli *cli, const char *sn)
{
	struct cg_device device;

	return cli_device(cli, sn, &device);
}

/* ---- approve, disable ---- */

/* All of them, or none. */
static int
status_set(struct cli *cli, enum cg_err (*set)(struct cg_db *, struct cg_str),
    const char *word)
{
	int fault;

	for (size_t i = 0; i < cli->nword; i++)
		if ((fault = serial_check(cli, cli->word[i])) != 0)
			return fault;
	for (size_t i = 0; i < cli->nword; i++)
		if (set(cli->db, cg_str_of(cli->word[i])) != CG_OK)
			return cli_db_fault(cli, cli->word[i]);
	if (cg_db_commit(cli->db) != CG_OK)
		return cli_db_fault(cli, "device");
	for (size_t i = 0; i < cli->nword; i++)
		printf("%s: %s\n", cli->word[i], word);
	return 0;
}

int
cli_device_approve(struct cli *cli)
{
	return status_set(cli, cg_device_approve, "active");
}

static enum cg_err
disable(struct cg_db *db, struct cg_str sn)
{
	return cg_device_set_status(db, sn, CG_DEVICE_DISABLED);
}

int
cli_device_disable(struct cli *cli)
{
	return status_set(cli, disable, "disabled");
}

/* ---- set ---- */

static int
pair_cut(const char *word, struct cg_str *name, struct cg_str *value)
{
	struct cg_str s = cg_str_of(word);
	size_t eq = cg_str_chr(s, '=');

	if (eq == 0 || eq == s.n)
		return cli_misuse("\"%s\": type NAME=VALUE, with nothing behind the "
		    "= to remove a setting", word);
	*name = cg_str_head(s, eq);
	*value = cg_str_from(s, eq + 1);
	return 0;
}

static bool
is_name(struct cg_str name)
{
	return cg_str_ieq(name, cg_lit("name"));
}

/* Without a key its clock would be told to come again for ever. */
static int
vault_check(struct cli *cli)
{
	if (cli->conf.key_file[0] != '\0')
		return cli_keys(cli);
	return cli_fail("privacy: vault needs keys; name a file with key_file in "
	    "[privacy], and type: clockgate key new");
}

static int
pair_check(struct cli *cli, const char *word)
{
	struct cg_str name, value;
	char why[CG_MSG_MAX];
	enum cg_err e;
	int status;

	if ((status = pair_cut(word, &name, &value)) != 0)
		return status;
	if (is_name(name))
		return cli_can_show(value, NAME_MAX_CHARS) ? 0 :
		    cli_fail("name: at most %d characters of UTF-8 that can be "
		    "shown", NAME_MAX_CHARS);
	if (cg_str_ieq(name, cg_lit("privacy")) &&
	    cg_privacy_find(value) == CG_PRIVACY_VAULT)
		return vault_check(cli);
	e = cg_setting_check(name, value, why);
	/* Nothing removes the setting; then only its name must be right. */
	if (e == CG_OK || (e == CG_SYNTAX && value.n == 0))
		return 0;
	return cli_fail("%.*s: %s", (int)name.n, name.p, why);
}

/* As the documentation spells it. */
static struct cg_str
setting_name(struct cg_str name)
{
	return is_name(name) ? cg_lit("name") : cg_setting_name(name);
}

static enum cg_err
pair_put(struct cli *cli, struct cg_str sn, struct cg_str name,
    struct cg_str value)
{
	if (is_name(name))
		return cg_device_set_name(cli->db, sn, value);
	if (value.n == 0)
		value = (struct cg_str){ NULL, 0 };
	return cg_device_set(cli->db, sn, name, value);
}

static void
pair_tell(const char *sn, struct cg_str name, struct cg_str value)
{
	name = setting_name(name);
	printf("%s: %.*s %s%.*s\n", sn, (int)name.n, name.p,
	    value.n > 0 ? "= " : "removed", (int)value.n, value.p);
}

/* All or nothing. */
int
cli_device_set(struct cli *cli)
{
	struct cg_str sn = cg_str_of(cli->word[0]), name, value;
	int status;

	for (size_t i = 1; i < cli->nword; i++)
		if ((status = pair_check(cli, cli->word[i])) != 0)
			return status;
	if ((status = serial_check(cli, cli->word[0])) != 0)
		return status;
	for (size_t i = 1; i < cli->nword; i++) {
		if ((status = pair_cut(cli->word[i], &name, &value)) != 0)
			return status;
		if (pair_put(cli, sn, setting_name(name), value) != CG_OK)
			return cli_db_fault(cli, cli->word[i]);
	}
	if (cg_db_commit(cli->db) != CG_OK)
		return cli_db_fault(cli, "device set");
	for (size_t i = 1; i < cli->nword; i++)
		if (pair_cut(cli->word[i], &name, &value) == 0)
			pair_tell(cli->word[0], name, value);
	return 0;
}

/* ---- show: one thing per row, or one object ---- */

static const struct part {
	const char	*name;
	enum cg_report	 report;
	bool		 whole;		/* one row, all of whose columns count */
} parts[] = {
	{ "device", CG_REPORT_DEVICE, true },
	{ "settings", CG_REPORT_SETTINGS, false },
	{ "options", CG_REPORT_OPTIONS, false },
	{ "stamps", CG_REPORT_STAMPS, false },
	{ "discarded", CG_REPORT_DISCARDED, false },
};

struct show {
	const struct part *part;
	struct out	*out;		/* table and csv */
	bool		 brief;		/* leave out what is empty */
	json_t		*object;	/* json: of this part */
	bool		 fault;
};

static void
show_pair(struct show *s, const char *name, struct cg_str value)
{
	static const char *const column[] = { "part", "name", "value" };

	if (s->brief && value.n == 0)
		return;
	out_row(s->out, column, (struct cg_str[]){ cg_str_of(s->part->name),
	    cg_str_of(name), value }, 3);
}

/* The first column names the second: "name", "table_name", "kind". */
static void
show_named(struct show *s, const struct cg_str *value)
{
	struct cg_str key = value[0], what = value[1];
	char text[256];

	snprintf(text, sizeof(text), "%.*s", (int)(key.n < 255 ? key.n : 255),
	    key.p != NULL ? key.p : "");
	if (s->object == NULL)
		show_pair(s, text, what);
	else if (json_object_set_new(s->object, text, out_json(text, what)) != 0)
		s->fault = true;
}

static void
show_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	struct show *s = arg;

	if (value == NULL)
		return;
	if (!s->part->whole) {
		show_named(s, value);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (s->object == NULL)
			show_pair(s, name[i], value[i]);
		else if (json_object_set_new(s->object, name[i],
		    out_json(name[i], value[i])) != 0)
			s->fault = true;
}

static int
show_parts(struct cli *cli, json_t *whole, struct out *out)
{
	struct cg_str sn = cg_str_of(cli->word[0]);
	struct show s = { .out = out, .brief = cli->format == CLI_TABLE };

	for (size_t i = 0; i < CG_LEN(parts); i++) {
		s.part = &parts[i];
		if (whole != NULL && ((s.object = json_object()) == NULL ||
		    json_object_set_new(whole, s.part->name, s.object) != 0))
			return cli_fail("no memory");
		if (cg_report_run(cli->db, s.part->report, &sn, 1, show_row, &s) !=
		    CG_OK)
			return cli_db_fault(cli, cli->word[0]);
	}
	return s.fault ? cli_fail("no memory") : 0;
}

static int
show_json(struct cli *cli)
{
	json_t *whole = json_object();
	int status;

	if (whole == NULL)
		return cli_fail("no memory");
	if ((status = show_parts(cli, whole, NULL)) == 0 &&
	    (json_dumpf(whole, stdout, JSON_PRESERVE_ORDER | JSON_INDENT(2)) != 0 ||
	    putchar('\n') == EOF))
		status = cli_fail("the output could not be written");
	json_decref(whole);
	return status;
}

static int
show_rows(struct cli *cli)
{
	struct out *out = out_new(cli->format, stdout);
	int status;

	if (out == NULL)
		return cli_fail("no memory");
	status = show_parts(cli, NULL, out);
	if (!out_end(out) && status == 0)
		status = cli_fail("the output could not be written");
	return status;
}

int
cli_device_show(struct cli *cli)
{
	int status;

	if ((status = serial_check(cli, cli->word[0])) != 0)
		return status;
	return cli->format == CLI_JSON ? show_json(cli) : show_rows(cli);
}
