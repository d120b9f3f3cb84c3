/* clockgate command catalogue: the commands for clocks, and their fields. */
#include "config.h"

#include "cli.h"

#include <string.h>

#define FIELDS_MAX	4096

/* ---- what a field may be ---- */

/* With the numbers min and max where the text asks for them. */
static const char *const limits[CG_ARG__MAX] = {
	[CG_ARG_HEX] = "hex digits",
	[CG_ARG_BASE64] = "base64, or @FILE",
	[CG_ARG_SIZE] = "filled in",
	[CG_ARG_DATE] = "YYYY-MM-DD hh:mm:ss",
	[CG_ARG_CLOCK] = "hh:mm",
	[CG_ARG_DAY] = "0 or 1; DAYS=MON-FRI,SUN for all seven",
	[CG_ARG_WEEK] = "56 digits, or MON-FRI 08:00-17:30, SAT 09:00-12:00",
	[CG_ARG_WEEKTIMES] = "seven hh:mm with ; behind each, or MON-FRI 09:00",
	[CG_ARG_SCHEDULES] = "12 hex digits, or up to three schedules: 1,2,16",
	[CG_ARG_USERTZ] = "16 hex digits, up to three schedules: 1,2,16, or group",
	[CG_ARG_POWERTIME] = "hours * 256 + minutes, or hh:mm",
	[CG_ARG_IP] = "a.b.c.d",
	[CG_ARG_MAC] = "six hex pairs with : between",
	[CG_ARG_ITEM] = "name of an option of the clock",
};

static void
number_limits(const struct cg_arg *a, char *out, size_t max)
{
	if (a->max == INT32_MAX)
		snprintf(out, max, "a number from %d on", (int)a->min);
	else
		snprintf(out, max, "%d to %d", (int)a->min, (int)a->max);
}

static void
byte_limits(const struct cg_arg *a, const char *what, char *out, size_t max)
{
	if (a->min == a->max)
		snprintf(out, max, "%d %s", (int)a->min, what);
	else if (a->max == INT32_MAX)
		snprintf(out, max, "%d %s or more", (int)a->min, what);
	else
		snprintf(out, max, "%d to %d %s", (int)a->min, (int)a->max, what);
}

/* What a field may be, in words. */
static void
arg_limits(const struct cg_arg *a, char *out, size_t max)
{
	switch (a->type) {
	case CG_ARG_INT:
		number_limits(a, out, max);
		break;
	case CG_ARG_CHOICE:
		snprintf(out, max, "one of %s", a->words);
		break;
	case CG_ARG_HEX:
		byte_limits(a, limits[a->type], out, max);
		break;
	case CG_ARG_PIN:
		byte_limits(a, "bytes without blanks", out, max);
		break;
	case CG_ARG_TEXT:
		byte_limits(a, "bytes", out, max);
		break;
	case CG_ARG_LABEL:
		byte_limits(a, "characters", out, max);
		break;
	case CG_ARG_PATH:
		byte_limits(a, "bytes, no shell metacharacters, no ..", out, max);
		break;
	case CG_ARG_URL:
		snprintf(out, max, "%sURL, or the name of a stored file",
		    a->min != 0 ? "http:// or https:// " : "");
		break;
	case CG_ARG_FLAGS:
		snprintf(out, max, "%d flags 0 or 1 with : between, or numbers: 1,3",
		    (int)a->max);
		break;
	default:
		snprintf(out, max, "%s", limits[a->type]);
	}
}

/* ---- one command: a row for each field ---- */

static const char *
need(const struct cg_arg *a, char out[32])
{
	if (a->value != NULL)
		snprintf(out, 32, "no");
	else if (a->set != 0)
		snprintf(out, 32, "one of the sets, set %u", a->set);
	else
		snprintf(out, 32, "%s", a->required && a->type != CG_ARG_SIZE ?
		    "yes" : "no");
	return out;
}

static void
field_row(struct out *out, const struct cg_command *c, const struct cg_arg *a)
{
	static const char *const name[] = { "command", "field", "required",
	    "limits", "otherwise" };
	char text[256], needed[32];

	if (a == NULL) {
		out_row(out, name, NULL, CG_LEN(name));
		return;
	}
	arg_limits(a, text, sizeof(text));
	out_row(out, name, (struct cg_str[]){ cg_str_of(c->name),
	    cg_str_of(a->name), cg_str_of(need(a, needed)), cg_str_of(text),
	    cg_str_of(a->value) }, CG_LEN(name));
}

/* ---- all: a row for each command ---- */

/* "PIN [Name]", or "PIN: 1 to 32 bytes; [Name]: 0 to 96 bytes" */
static void
fields_write(const struct cg_command *c, bool brief, struct cg_buf *b)
{
	char text[256];

	for (size_t i = 0; i < c->narg; i++) {
		const struct cg_arg *a = &c->arg[i];
		bool must = a->required && a->value == NULL && a->set == 0 &&
		    a->type != CG_ARG_SIZE;

		if (i > 0)
			cg_buf_putz(b, brief ? " " : "; ");
		cg_buf_putf(b, must ? "%s" : "[%s]", a->name);
		if (brief)
			continue;
		arg_limits(a, text, sizeof(text));
		cg_buf_putf(b, ": %s", text);
	}
}

/* What set-option and raw do is told by what they are given. */
static const char *
danger(const struct cg_command *c, char room[64])
{
	if (c->separator == '=')
		return "by item";
	if (c->verb[0] == '\0')
		return "by text";
	if (c->narg == 0 || c->arg[0].required ||
	    !cg_str_starts(cg_str_of(c->verb), cg_lit("DATA DELETE ")))
		return cg_danger_name(c->danger);
	snprintf(room, 64, "%s without %s", cg_danger_name(CG_DANGER_WIPE),
	    c->arg[0].name);
	return room;
}

static void
command_row(struct out *out, const struct cg_command *c, bool brief,
    struct cg_arena *arena)
{
	static const char *const name[] = { "name", "wire", "danger", "fields",
	    "description" };
	char room[64];
	struct cg_buf b;

	cg_buf_init(&b, arena, FIELDS_MAX);
	fields_write(c, brief, &b);
	out_row(out, name, (struct cg_str[]){ cg_str_of(c->name),
	    cg_str_of(c->verb), cg_str_of(danger(c, room)),
	    cg_buf_str(&b), cg_str_of(c->doc) }, CG_LEN(name));
}

const struct cg_command *
cli_catalogue_find(const char *word)
{
	const struct cg_command *c = cg_command_find(cg_str_of(word));
	const char *known[128];
	char near[CG_WHY_MAX];
	size_t n = 0;

	if (c != NULL)
		return c;
	while (n < cg_ncommands && n < CG_LEN(known)) {
		known[n] = cg_commands[n].name;
		n++;
	}
	cg_nearest_text(cg_str_of(word), known, n, near);
	cli_complain("clocks have no command \"%s\"%s", word, near[0] != '\0' ?
	    near : "; type: clockgate command catalogue");
	return NULL;
}

/* For people, above the table: "TEXT (WIRE); dangerous: class wipe". */
static void
command_tell(const struct cg_command *c)
{
	char room[64];
	const char *class = danger(c, room);

	printf("%s", c->doc);
	if (c->verb[0] != '\0')
		printf(" (%s)", c->verb);
	if (class[0] != '\0')
		printf("; dangerous: %s", class);
	printf("%s\n", c->narg == 0 ? "; no fields" : "");
}

static int
catalogue_one(struct cli *cli, struct out *out)
{
	const struct cg_command *c = cli_catalogue_find(cli->word[0]);

	if (c == NULL)
		return EXIT_USAGE;
	if (cli->format == CLI_TABLE)
		command_tell(c);
	if (cli->format == CLI_TABLE && c->narg == 0)
		return 0;
	field_row(out, c, NULL);
	for (size_t i = 0; i < c->narg; i++)
		field_row(out, c, &c->arg[i]);
	return 0;
}

static int
catalogue_all(struct cli *cli, struct out *out)
{
	struct cg_arena *arena;

	if (cg_arena_new(FIELDS_MAX * (cg_ncommands + 1), &arena) != CG_OK)
		return cli_fail("no memory");
	for (size_t i = 0; i < cg_ncommands; i++)
		command_row(out, &cg_commands[i], cli->format == CLI_TABLE, arena);
	cg_arena_free(arena);
	return 0;
}

int
cli_command_catalogue(struct cli *cli)
{
	struct out *out = out_new(cli->format, stdout);
	int status;

	if (out == NULL)
		return cli_fail("no memory");
	status = cli->nword > 0 ? catalogue_one(cli, out) : catalogue_all(cli, out);
	if (status != 0) {
		out_drop(out);
		return status;
	}
	return out_end(out) ? 0 : cli_fail("the output could not be written");
}
