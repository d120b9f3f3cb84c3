/*
 * The ledger against the database: what was acknowledged and is not there,
 * what is there twice, what is there otherwise.  The database is read through
 * "clockgate punch list", so that nothing of the server is linked here.
 */
#include "config.h"

#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT		1000000		/* rows that clockgate lists at most */
#define FEW		8		/* clocks that are asked for one by one */

extern char **environ;

/* One punch: "SN TAB PIN TAB time TAB state TAB verify TAB work code". */
struct entry {
	char	*key;
	size_t	 who;			/* bytes of SN, PIN and time */
	bool	 acknowledged;
};

struct list {
	struct entry	*entry;
	size_t		 n, cap;
};

struct verdict {
	size_t	 recorded, acknowledged, stored, lost, doubled, altered, others;
};

/* Lines of the ledger that are not compared. */
struct apart {
	size_t	 unreadable;
	size_t	 skipped;
	struct {
		char	*table;
		size_t	 n;
	}	 kind[16];		/* what was skipped, by its table */
	size_t	 nkind;
};

static void
list_add(struct list *l, const struct cg_str column[6], bool acknowledged)
{
	struct text key = { NULL, 0, 0 };
	struct entry e = { .acknowledged = acknowledged };

	for (size_t i = 0; i < 6; i++) {
		if (i == 3)
			e.who = key.n;
		text_put(&key, (i == 3 || i == 4) && column[i].n == 0 ?
		    cg_lit("0") : column[i]);
		text_putz(&key, "\t");
	}
	if (l->n == l->cap) {
		l->cap = 2 * l->cap + 1024;
		l->entry = grow(l->entry, l->cap, sizeof(*l->entry));
	}
	e.key = key.p;
	l->entry[l->n++] = e;
}

static void
list_free(struct list *l)
{
	while (l->n > 0)
		free(l->entry[--l->n].key);
	free(l->entry);
}

static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void
list_sort(struct list *l)
{
	if (l->n > 0)
		qsort(l->entry, l->n, sizeof(*l->entry), compare);
}

/* ---- the ledger ---- */

static void
read_all(int fd, struct text *out)
{
	char block[65536];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n > 0)
			text_put(out, (struct cg_str){ block, (size_t)n });
		else if (errno != EINTR)
			fatal("read: %s", strerror(errno));
	}
}

static void
skip(struct apart *a, struct cg_str table)
{
	size_t i;

	a->skipped++;
	for (i = 0; i < a->nkind; i++)
		if (cg_str_eq(table, cg_str_of(a->kind[i].table)))
			break;
	if (i == CG_LEN(a->kind))
		return;
	if (i == a->nkind) {
		a->kind[i].table = copy(table);
		a->nkind++;
	}
	a->kind[i].n++;
}

/* False when the line is no punch that could be stored as one. */
static bool
ledger_line(struct list *l, struct cg_str line, struct apart *a)
{
	struct cg_str mark, sn, table, column[6] = { { NULL, 0 } };

	if (!cg_str_cut(&line, '\t', &mark) || !cg_str_cut(&line, '\t', &sn) ||
	    !cg_str_cut(&line, '\t', &table))
		return false;
	if (!cg_str_eq(table, cg_lit("ATTLOG"))) {
		skip(a, table);
		return true;
	}
	column[0] = sn;
	for (size_t i = 1; i < CG_LEN(column); i++)
		if (!cg_str_cut(&line, '\t', &column[i]) && i < 5)
			return false;
	column[1] = cg_str_trim(column[1]);
	list_add(l, column, cg_str_eq(mark, cg_lit("+")));
	return true;
}

/* The same punch recorded twice is one to the server. */
static void
ledger_unique(struct list *l)
{
	size_t to = 0;

	list_sort(l);
	for (size_t i = 1; i < l->n; i++)
		if (strcmp(l->entry[to].key, l->entry[i].key) == 0) {
			l->entry[to].acknowledged |= l->entry[i].acknowledged;
			free(l->entry[i].key);
		} else {
			l->entry[++to] = l->entry[i];
		}
	if (l->n > 0)
		l->n = to + 1;
}

static void
ledger_read(struct list *l, const char *file, struct apart *a)
{
	struct text all = { NULL, 0, 0 };
	struct cg_str rest, line;
	int fd;

	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) < 0)
		fatal("%s: %s", file, strerror(errno));
	read_all(fd, &all);
	close(fd);
	rest = text_str(&all);
	while (cg_str_line(&rest, &line))
		a->unreadable += !ledger_line(l, line, a);
	text_free(&all);
	ledger_unique(l);
}

/* ---- csv ---- */

/* Take a field off *s; false when it was the last of its row. */
static bool
csv_field(struct cg_str *s, struct text *out)
{
	bool quoted = false, more = false;
	size_t i;

	text_clear(out);
	for (i = 0; i < s->n; i++) {
		if (s->p[i] == '"' && quoted && i + 1 < s->n && s->p[i + 1] == '"')
			i++;
		else if (s->p[i] == '"') {
			quoted = !quoted;
			continue;
		} else if (!quoted && (s->p[i] == ',' || s->p[i] == '\n')) {
			more = s->p[i++] == ',';
			break;
		}
		if (quoted || s->p[i] != '\r')
			text_put(out, (struct cg_str){ s->p + i, 1 });
	}
	*s = cg_str_from(*s, i);
	return more;
}

/* Which column holds what; SIZE_MAX for those of no interest. */
static size_t
column_of(struct cg_str name)
{
	static const char *const want[] = {
		"device_sn", "pin", "punched_at", "state", "verify", "work_code"
	};
	size_t i;

	for (i = 0; i < CG_LEN(want); i++)
		if (cg_str_eq(name, cg_str_of(want[i])))
			return i;
	return SIZE_MAX;
}

struct csv {
	struct cg_str	 rest;
	size_t		 place[64];
	size_t		 nplace;
	struct text	 value[6];
};

static void
csv_head(struct csv *csv, const char *from)
{
	struct text name = { NULL, 0, 0 };
	unsigned found = 0;
	bool more = true;

	while (more && csv->nplace < CG_LEN(csv->place)) {
		more = csv_field(&csv->rest, &name);
		csv->place[csv->nplace] = column_of(text_str(&name));
		if (csv->place[csv->nplace] < CG_LEN(csv->value))
			found |= 1U << csv->place[csv->nplace];
		csv->nplace++;
	}
	text_free(&name);
	if (found != (1U << CG_LEN(csv->value)) - 1)
		fatal("%s: this is no list of punches", from);
}

static void
csv_row(struct csv *csv, struct list *l)
{
	struct text skipped = { NULL, 0, 0 };
	struct cg_str column[6];
	size_t place;
	bool more = true;

	for (size_t i = 0; more && csv->rest.n > 0; i++) {
		place = i < csv->nplace ? csv->place[i] : SIZE_MAX;
		more = csv_field(&csv->rest, place < CG_LEN(column) ?
		    &csv->value[place] : &skipped);
	}
	for (size_t i = 0; i < CG_LEN(column); i++)
		column[i] = text_str(&csv->value[i]);
	list_add(l, column, false);
	text_free(&skipped);
}

static size_t
csv_read(struct list *l, struct cg_str all, const char *from)
{
	struct csv csv = { .rest = all };
	size_t before = l->n;

	if (all.n == 0)
		return 0;			/* no row, no head */
	csv_head(&csv, from);
	while (csv.rest.n > 0)
		csv_row(&csv, l);
	for (size_t i = 0; i < CG_LEN(csv.value); i++)
		text_free(&csv.value[i]);
	return l->n - before;
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

static void
run_clockgate(const struct plan *plan, const char *sn, struct text *out)
{
	char limit[16];
	const char *arg[] = { "clockgate", "--config", plan->config, "--format",
	    "csv", "punch", "list", "--limit", limit, sn != NULL ? "--sn" : NULL,
	    sn, NULL };
	struct text program = { NULL, 0, 0 };
	char *argv[CG_LEN(arg)] = { NULL };
	posix_spawn_file_actions_t to;
	int fd[2], status, e;
	pid_t pid;

	snprintf(limit, sizeof(limit), "%d", LIMIT);
	find_clockgate(plan, &program);
	for (size_t i = 0; i < CG_LEN(arg) && arg[i] != NULL; i++)
		argv[i] = copy(cg_str_of(arg[i]));
	if (pipe(fd) != 0 || posix_spawn_file_actions_init(&to) != 0 ||
	    posix_spawn_file_actions_addclose(&to, fd[0]) != 0 ||
	    posix_spawn_file_actions_adddup2(&to, fd[1], 1) != 0)
		fatal("pipe: %s", strerror(errno));
	if ((e = posix_spawnp(&pid, program.p, &to, NULL, argv, environ)) != 0)
		fatal("%s: %s", program.p, strerror(e));
	close(fd[1]);
	read_all(fd[0], out);
	close(fd[0]);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fatal("%s punch list failed", program.p);
	posix_spawn_file_actions_destroy(&to);
	for (size_t i = 0; i < CG_LEN(argv); i++)
		free(argv[i]);
	text_free(&program);
}

static size_t
ask_clockgate(const struct plan *plan, const char *sn, struct list *l)
{
	struct text all = { NULL, 0, 0 };
	size_t n;

	run_clockgate(plan, sn, &all);
	n = csv_read(l, text_str(&all), "clockgate");
	text_free(&all);
	return n;
}

/* The serials of the ledger, each once: it is sorted by them. */
static size_t
serials(const struct list *ledger, char ***out)
{
	char **sn = NULL;
	struct cg_str s;
	size_t n = 0;

	for (size_t i = 0; i < ledger->n; i++) {
		s = cg_str_of(ledger->entry[i].key);
		s = cg_str_head(s, cg_str_chr(s, '\t'));
		if (n > 0 && cg_str_eq(s, cg_str_of(sn[n - 1])))
			continue;
		sn = grow(sn, n + 1, sizeof(*sn));
		sn[n++] = copy(s);
	}
	*out = sn;
	return n;
}

static void
database_read(const struct plan *plan, const struct list *ledger,
    struct list *stored)
{
	char **sn;
	size_t n = serials(ledger, &sn);

	if (n > FEW && ask_clockgate(plan, NULL, stored) < LIMIT)
		;				/* all of them came at once */
	else {
		list_free(stored);
		*stored = (struct list){ NULL, 0, 0 };
		for (size_t i = 0; i < n; i++)
			if (ask_clockgate(plan, sn[i], stored) >= LIMIT)
				fatal("clock %s has more than %d punches: give "
				    "them with --csv", sn[i], LIMIT);
	}
	for (size_t i = 0; i < n; i++)
		free(sn[i]);
	free(sn);
}

static void
csv_file_read(const struct plan *plan, struct list *stored)
{
	struct text all = { NULL, 0, 0 };
	int fd = open(plan->csv, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fatal("%s: %s", plan->csv, strerror(errno));
	read_all(fd, &all);
	close(fd);
	csv_read(stored, text_str(&all), plan->csv);
	text_free(&all);
}

/* ---- the comparison ---- */

static void
tell(const char *what, const struct entry *e, size_t n)
{
	struct cg_str s = cg_str_of(e->key);

	if (n <= 20)
		printf("%s: %.*s\n", what, (int)(s.n - 1), s.p);
}

/* Sort what is only here and what is only there into two lists. */
static void
match(const struct list *ledger, const struct list *stored,
    struct list *missing, struct list *strange, struct verdict *v)
{
	size_t i = 0, j = 0;
	int order;

	missing->entry = grow(NULL, ledger->n, sizeof(struct entry));
	strange->entry = grow(NULL, stored->n, sizeof(struct entry));
	while (i < ledger->n || j < stored->n) {
		order = i == ledger->n ? 1 : j == stored->n ? -1 :
		    strcmp(ledger->entry[i].key, stored->entry[j].key);
		if (order < 0) {
			missing->entry[missing->n++] = ledger->entry[i++];
			continue;
		}
		if (order > 0)
			strange->entry[strange->n++] = stored->entry[j];
		while (++j < stored->n && strcmp(stored->entry[j - 1].key,
		    stored->entry[j].key) == 0)
			tell("doubled", &stored->entry[j], ++v->doubled);
		i += order == 0;
	}
}

static int
compare_who(const struct entry *a, const struct entry *b)
{
	int order = memcmp(a->key, b->key, a->who < b->who ? a->who : b->who);

	return order != 0 ? order : (a->who > b->who) - (a->who < b->who);
}

/* The same person at the same second, but otherwise: altered. */
static void
judge(const struct list *missing, const struct list *strange, struct verdict *v)
{
	size_t i = 0, j = 0;
	int order;

	while (i < missing->n || j < strange->n) {
		order = i == missing->n ? 1 : j == strange->n ? -1 :
		    compare_who(&missing->entry[i], &strange->entry[j]);
		if (order == 0)
			tell("altered", &strange->entry[j], ++v->altered);
		else if (order < 0 && missing->entry[i].acknowledged)
			tell("lost", &missing->entry[i], ++v->lost);
		else if (order > 0)
			v->others++;
		i += order <= 0;
		j += order >= 0;
	}
}

static int
report(const struct plan *plan, const struct verdict *v, struct apart *a)
{
	printf("recorded=%zu acknowledged=%zu stored=%zu others=%zu "
	    "unreadable=%zu skipped=%zu\n", v->recorded, v->acknowledged,
	    v->stored, v->others, a->unreadable, a->skipped);
	for (size_t i = 0; i < a->nkind; i++) {
		printf("not compared: %zu %s\n", a->kind[i].n, a->kind[i].table);
		free(a->kind[i].table);
	}
	if (v->recorded == 0) {
		fprintf(stderr, "clocksim: there is no punch in %s: nothing was "
		    "compared\n", plan->verify);
		return 1;
	}
	printf("%zu lost, %zu doubled, %zu altered\n", v->lost, v->doubled,
	    v->altered);
	return v->lost + v->doubled + v->altered == 0 ? 0 : 1;
}

int
verify(const struct plan *plan)
{
	struct list ledger = { NULL, 0, 0 }, stored = { NULL, 0, 0 };
	struct list missing = { NULL, 0, 0 }, strange = { NULL, 0, 0 };
	struct verdict v = { 0 };
	struct apart apart = { 0 };

	ledger_read(&ledger, plan->verify, &apart);
	if (plan->csv != NULL)
		csv_file_read(plan, &stored);
	else
		database_read(plan, &ledger, &stored);
	list_sort(&stored);
	v.recorded = ledger.n;
	v.stored = stored.n;
	for (size_t i = 0; i < ledger.n; i++)
		v.acknowledged += ledger.entry[i].acknowledged;
	match(&ledger, &stored, &missing, &strange, &v);
	judge(&missing, &strange, &v);
	free(missing.entry);
	free(strange.entry);
	list_free(&ledger);
	list_free(&stored);
	return report(plan, &v, &apart);
}
