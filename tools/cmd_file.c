/*
 * file add, list and remove: what the web server offers at /iclock/file/.
 */
#include "config.h"

#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILE_NAME_MAX	100
#define PATH_ROOM	(256 + FILE_NAME_MAX + 32)
#define LETTERS		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
			"0123456789_-"

/* What needs no escape in a URL, no quotes on a clock, and hides nowhere. */
static bool
name_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= FILE_NAME_MAX && strspn(name, LETTERS) > 0 &&
	    strspn(name, LETTERS ".") == n;
}

static int
name_check(const char *name)
{
	return name_ok(name) ? 0 : cli_misuse("\"%s\" can't be the name of a stored "
	    "file: 1 to %d letters, digits, -, _ and ., the first no ., for "
	    "example with --name", name, FILE_NAME_MAX);
}

static const char *
path_of(const struct cli *cli, const char *name, char out[PATH_ROOM])
{
	snprintf(out, PATH_ROOM, "%s/%s", cli->conf.files_dir, name);
	return out;
}

static int
store_check(const struct cli *cli)
{
	if (cli->conf.files_dir[0] != '\0')
		return 0;
	return cli_fail("there is no store for files: set dir in [files] of %s",
	    cli_ini(cli));
}

static bool
url_of(const struct cli *cli, const char *name, char *out, size_t max)
{
	const char *base = cli->conf.files_url;
	size_t n = strlen(base);

	if (n == 0)
		return false;
	snprintf(out, max, "%s%s%s", base, base[n - 1] == '/' ? "" : "/", name);
	return true;
}

/* ---- add ---- */

static int
copy_bytes(int from, int to)
{
	char block[65536];
	ssize_t n, done, k;

	while ((n = read(from, block, sizeof(block))) > 0)
		for (done = 0; done < n; done += k)
			if ((k = write(to, block + done, (size_t)(n - done))) < 0)
				return -1;
	return n < 0 || fsync(to) != 0 ? -1 : 0;
}

/*
 * Whole under its name, or not at all; the web server may be another user.
 * The errno, and whether the name is taken.
 */
static int
place_copy(int from, char *temporary, const char *path, bool *taken)
{
	int to = mkostemp(temporary, O_CLOEXEC);
	int fault = 0;

	*taken = false;
	if (to < 0)
		return errno;
	if (copy_bytes(from, to) != 0 || fchmod(to, 0644) != 0)
		fault = errno;
	if (close(to) != 0 && fault == 0)
		fault = errno;
	if (fault == 0 && link(temporary, path) != 0) {
		fault = errno;
		*taken = fault == EEXIST;
	}
	(void)unlink(temporary);
	return fault;
}

static int
add_open(const struct cli *cli, int from, const char *name)
{
	char path[PATH_ROOM], temporary[PATH_ROOM], url[PATH_ROOM + 256];
	bool taken;
	int fault;

	path_of(cli, name, path);
	path_of(cli, ".new-XXXXXX", temporary);
	fault = place_copy(from, temporary, path, &taken);
	if (taken)
		return cli_fail("there is a file %s already; to replace it, first "
		    "type: clockgate file remove %s", name, name);
	if (fault != 0)
		return cli_fail("%s: %s", path, strerror(fault));
	printf("%s: %s\n", name, url_of(cli, name, url, sizeof(url)) ? url :
	    "stored; set url in [files] for clocks to reach it");
	return 0;
}

int
cli_file_add(struct cli *cli)
{
	const char *slash = strrchr(cli->word[0], '/');
	const char *name = cli->option[CLI_FILE_NAME];
	struct stat st;
	int from, status;

	if (name == NULL)
		name = slash != NULL ? slash + 1 : cli->word[0];
	if ((status = name_check(name)) != 0 || (status = store_check(cli)) != 0)
		return status;
	/* a pipe that nobody writes to would wait */
	if ((from = open(cli->word[0], O_RDONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
		return cli_fail("%s: %s", cli->word[0], strerror(errno));
	if (fstat(from, &st) != 0 || !S_ISREG(st.st_mode))
		status = cli_fail("%s is no file", cli->word[0]);
	else
		status = add_open(cli, from, name);
	close(from);
	return status;
}

/* ---- list ---- */

static void
list_row(struct cli *cli, struct out *out, const char *file, const struct stat *st)
{
	static const char *const name[] = { "name", "size", "modified_utc", "url" };
	char size[24], at[32] = "", url[PATH_ROOM + 256] = "";
	struct tm tm;

	if (st == NULL) {
		out_row(out, name, NULL, CG_LEN(name));
		return;
	}
	snprintf(size, sizeof(size), "%lld", (long long)st->st_size);
	if (gmtime_r(&st->st_mtime, &tm) != NULL)
		strftime(at, sizeof(at), "%Y-%m-%d %H:%M:%S", &tm);
	(void)url_of(cli, file, url, sizeof(url));
	out_row(out, name, (struct cg_str[]){ cg_str_of(file), cg_str_of(size),
	    cg_str_of(at), cg_str_of(url) }, CG_LEN(name));
}

static int
visible(const struct dirent *d)
{
	return name_ok(d->d_name);
}

int
cli_file_list(struct cli *cli)
{
	struct out *out;
	struct dirent **entry;
	char path[PATH_ROOM];
	struct stat st;
	int n, status;

	if ((status = store_check(cli)) != 0)
		return status;
	if ((n = scandir(cli->conf.files_dir, &entry, visible, alphasort)) < 0)
		return cli_fail("%s: %s", cli->conf.files_dir, strerror(errno));
	if ((out = out_new(cli->format, stdout)) == NULL)
		return cli_fail("no memory");
	list_row(cli, out, "", NULL);
	for (int i = 0; i < n; i++) {
		if (lstat(path_of(cli, entry[i]->d_name, path), &st) == 0 &&
		    S_ISREG(st.st_mode))
			list_row(cli, out, entry[i]->d_name, &st);
		free(entry[i]);
	}
	free(entry);
	return out_end(out) ? 0 : cli_fail("the output could not be written");
}

/* ---- remove, and what others ask ---- */

struct nearest {
	const char	*word;
	char		 near[FILE_NAME_MAX + 1];
};

static void
nearest_take(struct nearest *n, const char *name)
{
	const char *pair[2] = { n->near, name };
	const char *near = cg_nearest(cg_str_of(n->word), n->near[0] != '\0' ? pair : pair + 1,
	    n->near[0] != '\0' ? 2 : 1);

	if (near == name)
		snprintf(n->near, sizeof(n->near), "%.*s", FILE_NAME_MAX, name);
}

static int
file_unknown(const struct cli *cli, const char *name)
{
	struct nearest n = { name, "" };
	DIR *dir = opendir(cli->conf.files_dir);
	const struct dirent *d;

	while (dir != NULL && (d = readdir(dir)) != NULL)
		if (name_ok(d->d_name))
			nearest_take(&n, d->d_name);
	if (dir != NULL)
		closedir(dir);
	if (n.near[0] != '\0')
		return cli_fail("there is no stored file %s; did you mean \"%s\"?",
		    name, n.near);
	return cli_fail("there is no stored file %s; type: clockgate file add FILE",
	    name);
}

bool
cli_file_known(const struct cli *cli, const char *name)
{
	char path[PATH_ROOM];
	struct stat st;

	return cli->conf.files_dir[0] != '\0' && name_ok(name) &&
	    lstat(path_of(cli, name, path), &st) == 0 && S_ISREG(st.st_mode);
}

int
cli_file_remove(struct cli *cli)
{
	char path[PATH_ROOM];
	int status;

	if ((status = store_check(cli)) != 0)
		return status;
	for (size_t i = 0; i < cli->nword; i++)
		if (!cli_file_known(cli, cli->word[i]))
			return file_unknown(cli, cli->word[i]);
	for (size_t i = 0; i < cli->nword; i++) {
		if (unlink(path_of(cli, cli->word[i], path)) != 0)
			return cli_fail("%s: %s", path, strerror(errno));
		printf("%s: removed\n", cli->word[i]);
	}
	return 0;
}

const char *
cli_file_url(const struct cli *cli, const char *name, struct cg_arena *arena)
{
	char url[PATH_ROOM + 256];
	const char *copy;

	if (store_check(cli) != 0)
		return NULL;
	if (!cli_file_known(cli, name)) {
		(void)file_unknown(cli, name);
		return NULL;
	}
	if (!url_of(cli, name, url, sizeof(url))) {
		cli_complain("clocks can't reach %s: set url in [files] of %s", name,
		    cli_ini(cli));
		return NULL;
	}
	if ((copy = cg_arena_dup(arena, cg_str_of(url))) == NULL)
		cli_complain("no memory");
	return copy;
}
