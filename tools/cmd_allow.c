/* allow: dangerous commands may go out, for a while. */
#include "config.h"

#include "cli.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define MINUTES_MAX	1440

const char *
cli_user(void)
{
	const struct passwd *pw = getpwuid(geteuid());

	return pw != NULL && strlen(pw->pw_name) <= CG_NAME_MAX ? pw->pw_name : "";
}

/* ---- what may be sent ---- */

int
cli_dangers(struct cli *cli, struct cg_openings *out)
{
	return cg_dangers_load(cli->db, out) == CG_OK ? 0 :
	    cli_db_fault(cli, "allow");
}

int
cli_may_send(const struct cli *cli, const struct cg_openings *open,
    enum cg_danger danger, const char *name)
{
	const char *class = cg_danger_name(danger);

	if (danger == CG_SAFE)
		return 0;
	if (cli->conf.allow[danger] == 0)
		return cli_fail("%s is dangerous (class %s) and not allowed; to "
		    "allow it, write %s = yes in [commands] of %s, and restart the "
		    "programs", name, class, class, cli_ini(cli));
	if (open->of[danger].until[0] == '\0')
		return cli_fail("%s is dangerous (class %s), and that class is not "
		    "open; to open it, type: clockgate allow %s --minutes 30 "
		    "--reason TEXT", name, class, class);
	return 0;
}

/* ---- list ---- */

static int
list(struct cli *cli)
{
	static const char *const name[] = { "class", "allowed", "open_until_utc",
	    "opened_by", "reason" };
	struct cg_openings open;
	struct out *out;
	int status;

	if ((status = cli_dangers(cli, &open)) != 0)
		return status;
	if ((out = out_new(cli->format, stdout)) == NULL)
		return cli_fail("no memory");
	for (int d = CG_SAFE + 1; d < CG_DANGER__MAX; d++)
		out_row(out, name, (struct cg_str[]){
		    cg_str_of(cg_danger_name((enum cg_danger)d)),
		    cg_str_of(cli->conf.allow[d] != 0 ? "yes" : "no"),
		    cg_str_of(open.of[d].until), cg_str_of(open.of[d].by),
		    cg_str_of(open.of[d].reason) }, CG_LEN(name));
	return out_end(out) ? 0 : cli_fail("the output could not be written");
}

/* ---- open, close ---- */

static int
class_find(const char *word, enum cg_danger *out)
{
	const char *known[CG_DANGER__MAX];
	char near[CG_WHY_MAX];
	size_t n = 0;

	for (int d = CG_SAFE + 1; d < CG_DANGER__MAX; d++) {
		known[n++] = cg_danger_name((enum cg_danger)d);
		if (strcmp(word, known[n - 1]) == 0) {
			*out = (enum cg_danger)d;
			return 0;
		}
	}
	return cli_misuse("there is no class \"%s\"; type shell, files, wipe, "
	    "network or key%s", word,
	    cg_nearest_text(cg_str_of(word), known, n, near));
}

static int
open_read(const struct cli *cli, const char *class, uint32_t *minutes)
{
	const char *reason = cli->option[CLI_REASON];
	struct cg_str text = cli_given(cli, CLI_MINUTES, "");

	if (text.n == 0 || reason == NULL)
		return cli_misuse("for how long, and what for? type: clockgate allow "
		    "%s --minutes 30 --reason TEXT", class);
	if (cg_str_u32(text, MINUTES_MAX, minutes) != CG_OK || *minutes == 0)
		return cli_misuse("--minutes %s: type a number, 1 to %d", text.p,
		    MINUTES_MAX);
	if (*reason == '\0' || strlen(reason) > CG_REASON_MAX ||
	    !cli_can_show(cg_str_of(reason), CG_REASON_MAX))
		return cli_misuse("--reason: type 1 to %d bytes of UTF-8 that can "
		    "be shown", CG_REASON_MAX);
	return 0;
}

static int
open_class(struct cli *cli, enum cg_danger danger)
{
	const char *class = cg_danger_name(danger);
	struct cg_openings open;
	uint32_t minutes;
	int status;

	if ((status = open_read(cli, class, &minutes)) != 0)
		return status;
	if (cli->conf.allow[danger] == 0)
		return cli_fail("the class %s is not allowed; to allow it, write "
		    "%s = yes in [commands] of %s, and restart the programs", class,
		    class, cli_ini(cli));
	if (cg_danger_open(cli->db, danger, minutes, cg_str_of(cli_user()),
	    cg_str_of(cli->option[CLI_REASON])) != CG_OK)
		return cli_db_fault(cli, "allow");
	if (cg_dangers_load(cli->db, &open) == CG_OK)
		printf("%s: open until %s UTC\n", class, open.of[danger].until);
	else
		printf("%s: open for %u minutes\n", class, (unsigned)minutes);
	return 0;
}

static int
close_class(struct cli *cli, enum cg_danger danger)
{
	const char *class = cg_danger_name(danger);
	enum cg_err e = cg_danger_close(cli->db, danger, cg_str_of(cli_user()));

	if (e == CG_UNKNOWN)
		return cli_fail("the class %s is not open; type: clockgate allow "
		    "--list", class);
	if (e != CG_OK)
		return cli_db_fault(cli, "allow");
	printf("%s: closed\n", class);
	return 0;
}

int
cli_allow(struct cli *cli)
{
	bool times = cli->option[CLI_MINUTES] != NULL ||
	    cli->option[CLI_REASON] != NULL;
	bool closes = cli->option[CLI_CLOSE] != NULL;
	enum cg_danger danger = CG_SAFE;
	int status;

	if (cli->option[CLI_LIST] != NULL)
		return cli->nword == 0 && !times && !closes ? list(cli) :
		    cli_misuse("--list shows all classes: it goes alone");
	if (cli->nword == 0)
		return cli_misuse("which class? type: clockgate allow CLASS "
		    "--minutes 30 --reason TEXT, or --list");
	if ((status = class_find(cli->word[0], &danger)) != 0)
		return status;
	if (!closes)
		return open_class(cli, danger);
	return !times ? close_class(cli, danger) :
	    cli_misuse("--close goes without --minutes and --reason");
}
