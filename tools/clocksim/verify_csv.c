/*
 * What the database has, by the lists of clockgate in csv: so that nothing of
 * the server is linked here.
 */
#include "config.h"

#include "verify.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FEW	8			/* clocks that are asked for one by one */
#define LIMIT	"1000000000"		/* rows of a list */

extern char **environ;

/* ---- csv, RFC 4180; what a terminal can't show is escaped in it ---- */

/* Read a field; what stands behind it: ',', '\n' or EOF. */
static int
csv_field(FILE *f, struct text *out)
{
	bool quoted = false, closed = false;
	int c;

	text_clear(out);
	while ((c = getc_unlocked(f)) != EOF &&
	    (quoted || (c != ',' && c != '\n'))) {
		if (c == '"') {
			if (closed)		/* two of them stand for one */
				text_put(out, cg_lit("\""));
			quoted = !quoted;
			closed = !quoted;
		} else if (quoted || c != '\r') {
			text_put(out, (struct cg_str){ &(char){ (char)c }, 1 });
			closed = false;
		}
	}
	return c;
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* The byte that two digits stand for, or -1. */
static int
hex_byte(const char *p)
{
	int high = hex_digit(p[0]), low = high < 0 ? -1 : hex_digit(p[1]);

	return low < 0 ? -1 : high * 16 + low;
}

/* "\t", "\n", "\r", "\\" and "\xHH" as the bytes that they stand for. */
static void
unescape(struct text *t)
{
	static const char from[] = "tnr\\", to[] = "\t\n\r\\";
	size_t n = 0;
	const char *at;
	int byte;

	for (size_t i = 0; i < t->n; i++) {
		char c = t->p[i];

		if (c == '\\' && i + 1 < t->n &&
		    (at = strchr(from, t->p[i + 1])) != NULL) {
			c = to[at - from];
			i++;
		} else if (c == '\\' && i + 3 < t->n && t->p[i + 1] == 'x' &&
		    (byte = hex_byte(t->p + i + 2)) >= 0) {
			c = (char)byte;
			i += 3;
		}
		t->p[n++] = c;
	}
	t->n = n;
	t->p[n] = '\0';
}

/* ---- rows ---- */

struct csv {
	FILE			*f;
	const char		*from;		/* for messages */
	const struct kind	*kind;
	const struct ledger_file *ledger;
	struct {
		size_t	 column;		/* SIZE_MAX: of no interest */
		bool	 instead;
	}			 place[64];
	size_t			 nplace;
	struct text		 value[COLUMNS_MAX], instead[COLUMNS_MAX];
	struct text		 other;
};

static void
place_find(struct csv *csv, struct cg_str name, bool found[COLUMNS_MAX])
{
	const struct column *c = csv->kind->column;
	size_t n = csv->nplace++;

	csv->place[n].column = SIZE_MAX;
	for (size_t i = 0; i < csv->kind->ncolumn; i++) {
		bool instead = c[i].instead != NULL &&
		    cg_str_eq(name, cg_str_of(c[i].instead));

		if (!instead && !cg_str_eq(name, cg_str_of(c[i].name)))
			continue;
		csv->place[n].column = i;
		csv->place[n].instead = instead;
		found[i] = found[i] || !instead;
	}
}

/* False when there is not even a head: no row, then. */
static bool
csv_head(struct csv *csv)
{
	bool found[COLUMNS_MAX] = { false };
	int c;

	do {
		c = csv_field(csv->f, &csv->other);
		if (c == EOF && csv->nplace == 0 && csv->other.n == 0)
			return false;
		place_find(csv, text_str(&csv->other), found);
	} while (c == ',' && csv->nplace < CG_LEN(csv->place));
	for (size_t i = 0; i < csv->kind->ncolumn; i++)
		if (!found[i])
			fatal("%s: this is no list of %s: it has no column %s",
			    csv->from, csv->kind->name,
			    csv->kind->column[i].name);
	return true;
}

static struct text *
csv_place(struct csv *csv, size_t i)
{
	size_t column = i < csv->nplace ? csv->place[i].column : SIZE_MAX;

	if (column == SIZE_MAX)
		return &csv->other;
	return csv->place[i].instead ? &csv->instead[column] :
	    &csv->value[column];
}

static bool
csv_row(struct csv *csv)
{
	struct text *to;
	int c = ',';

	for (size_t i = 0; c == ','; i++) {
		to = csv_place(csv, i);
		c = csv_field(csv->f, to);
		if (c == EOF && i == 0 && to->n == 0)
			return false;
		unescape(to);
	}
	return true;
}

static int
serial_compare(const void *key, const void *serial)
{
	return strcmp(key, *(char *const *)serial);
}

/* A column of the row; made has room for a hash. */
static struct cg_str
csv_column(const struct csv *csv, size_t i, char made[HASH_TEXT])
{
	struct cg_str instead = text_str(&csv->instead[i]);

	if (instead.n == 0)
		return text_str(&csv->value[i]);
	return csv->kind->column[i].hash ? hash_text(instead, made) : instead;
}

static void
csv_take(struct csv *csv, struct list *out)
{
	const struct ledger_file *l = csv->ledger;
	struct cg_str column[COLUMNS_MAX];
	char made[HASH_TEXT];

	if (bsearch(text_str(&csv->value[0]).p, l->serial, l->nserial,
	    sizeof(*l->serial), serial_compare) == NULL)
		return;				/* none of our clocks */
	for (size_t i = 0; i < csv->kind->ncolumn; i++)
		column[i] = csv_column(csv, i, made);
	list_add(out, csv->kind, column);
}

static void
csv_read(FILE *f, const char *from, enum kind_id kind,
    const struct ledger_file *ledger, struct list *out)
{
	struct csv csv = { .f = f, .from = from, .kind = &kinds[kind],
	    .ledger = ledger };

	if (csv_head(&csv))
		while (csv_row(&csv))
			csv_take(&csv, out);
	if (ferror(f) != 0)
		fatal("%s: %s", from, strerror(errno));
	for (size_t i = 0; i < COLUMNS_MAX; i++) {
		text_free(&csv.value[i]);
		text_free(&csv.instead[i]);
	}
	text_free(&csv.other);
}

/* ---- clockgate ---- */

/* The one beside us, else the one that is installed. */
static void
find_clockgate(const struct plan *plan, struct text *out)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (plan->clockgate != NULL) {
		text_putz(out, plan->clockgate);
		return;
	}
	while (n > 0 && self[n - 1] != '/')
		n--;
	if (n > 0) {
		text_put(out, (struct cg_str){ self, (size_t)n });
		text_putz(out, "clockgate");
		if (access(out->p, X_OK) == 0)
			return;
	}
	text_clear(out);
	text_putz(out, "clockgate");
}

static pid_t
start(const char *program, const char *const *arg, size_t n, FILE **out)
{
	posix_spawn_file_actions_t to;
	char **argv = grow(NULL, n + 1, sizeof(*argv));
	int fd[2], e;
	pid_t pid;

	for (size_t i = 0; i < n; i++)
		argv[i] = copy(cg_str_of(arg[i]));
	argv[n] = NULL;
	if (pipe(fd) != 0 || posix_spawn_file_actions_init(&to) != 0 ||
	    posix_spawn_file_actions_addclose(&to, fd[0]) != 0 ||
	    posix_spawn_file_actions_adddup2(&to, fd[1], 1) != 0 ||
	    (*out = fdopen(fd[0], "r")) == NULL)
		fatal("pipe: %s", strerror(errno));
	if ((e = posix_spawnp(&pid, program, &to, NULL, argv, environ)) != 0)
		fatal("%s: %s", program, strerror(e));
	close(fd[1]);
	posix_spawn_file_actions_destroy(&to);
	for (size_t i = 0; i < n; i++)
		free(argv[i]);
	free(argv);
	return pid;
}

/* The list of one clock, or of all: NULL. */
static void
ask_clockgate(const struct plan *plan, enum kind_id kind, const char *sn,
    const struct ledger_file *ledger, struct list *out)
{
	const char *arg[14] = { "clockgate", "--config", plan->config, "--format",
	    "csv" };
	struct text program = { NULL, 0, 0 };
	size_t n = 5;
	int status;
	pid_t pid;
	FILE *f;

	for (size_t i = 0; i < CG_LEN(kinds[kind].list) && kinds[kind].list[i] != NULL; i++)
		arg[n++] = kinds[kind].list[i];
	if (!kinds[kind].plain) {
		arg[n++] = "--limit";
		arg[n++] = LIMIT;
	}
	if (sn != NULL) {
		arg[n++] = "--sn";
		arg[n++] = sn;
	}
	find_clockgate(plan, &program);
	pid = start(program.p, arg, n, &f);
	csv_read(f, program.p, kind, ledger, out);
	fclose(f);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fatal("%s %s list failed", program.p, kinds[kind].list[0]);
	text_free(&program);
}

void
stored_read(const struct plan *plan, enum kind_id kind,
    const struct ledger_file *ledger, struct list *out)
{
	FILE *f;

	if (plan->csv != NULL) {
		if ((f = fopen(plan->csv, "re")) == NULL)
			fatal("%s: %s", plan->csv, strerror(errno));
		csv_read(f, plan->csv, kind, ledger, out);
		fclose(f);
	} else if (ledger->nserial > FEW || kinds[kind].plain) {
		ask_clockgate(plan, kind, NULL, ledger, out);
	} else {
		for (size_t i = 0; i < ledger->nserial; i++)
			ask_clockgate(plan, kind, ledger->serial[i], ledger, out);
	}
	list_sort(out);
}
