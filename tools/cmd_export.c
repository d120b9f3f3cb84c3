/* photo export and template export: a file for each. */
#include "config.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES	512

struct export {
	const char	*dir;
	unsigned long	 n;
	int		 status;	/* of the first that could not be written */
};

/* s as it may stand in the name of a file; what may not is %XX. */
static void
name_put(struct cg_buf *b, struct cg_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || c == '_')
			cg_buf_put(b, (struct cg_str){ &c, 1 });
		else
			cg_buf_putf(b, "%%%02X", (unsigned char)c);
	}
}

static void
file_write(struct export *x, const char *name, struct cg_str bytes)
{
	char path[PATH_MAX + NAME_MAX_BYTES];	/* mkdir takes no longer one */
	FILE *f = NULL;
	bool ok;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", x->dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    S_IRUSR | S_IWUSR);
	if (fd >= 0 && (f = fdopen(fd, "w")) == NULL)
		close(fd);
	ok = f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;
	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (ok)
		x->n++;
	else
		x->status = cli_fail("%s: %s", path, strerror(errno));
}

/* "SN-PIN-..." and what tells rows of one person apart. */
static void
name_make(struct cg_buf *b, struct cg_str sn, struct cg_str pin)
{
	name_put(b, sn);
	cg_buf_putz(b, "-");
	name_put(b, pin);
}

/* Columns: id, device_sn, kind, pin, taken_at, taken_text, image. */
static void
photo_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	char text[NAME_MAX_BYTES];
	struct cg_buf b = { .p = text, .cap = sizeof(text) - 1 };
	struct export *x = arg;
	struct cg_str at;

	(void)name;
	(void)n;
	if (value == NULL || x->status != 0 || value[6].p == NULL)
		return;
	at = value[4];
	name_make(&b, value[1], value[3]);
	cg_buf_putf(&b, "-%.*s-", (int)value[2].n, value[2].p);
	for (size_t i = 0; i < at.n; i++)
		if (at.p[i] >= '0' && at.p[i] <= '9')
			cg_buf_put(&b, (struct cg_str){ at.p + i, 1 });
	cg_buf_putf(&b, "%s%.*s.jpg", at.n > 0 ? "-" : "", (int)value[0].n,
	    value[0].p);
	text[b.n] = '\0';
	file_write(x, text, value[6]);
}

/* As base64, as all clocks send them; else as it came. */
static void
template_write(struct export *x, struct cg_buf *name, struct cg_str text)
{
	unsigned char *bytes = malloc(text.n + 1);
	size_t n = 0;

	if (bytes == NULL) {
		x->status = cli_fail("no memory");
		return;
	}
	if (sodium_base642bin(bytes, text.n + 1, text.p, text.n, NULL, &n, NULL,
	    sodium_base64_VARIANT_ORIGINAL) == 0) {
		cg_buf_putz(name, ".bin");
		text = (struct cg_str){ (const char *)bytes, n };
	} else
		cg_buf_putz(name, ".txt");
	name->p[name->n] = '\0';
	file_write(x, name->p, text);
	free(bytes);
}

/* Columns: device_sn, pin, type, no, idx, template. */
static void
template_row(void *arg, const char *const *name, const struct cg_str *value,
    size_t n)
{
	char text[NAME_MAX_BYTES];
	struct cg_buf b = { .p = text, .cap = sizeof(text) - 1 };
	struct export *x = arg;

	(void)name;
	(void)n;
	if (value == NULL || x->status != 0 || value[5].p == NULL)
		return;
	name_make(&b, value[0], value[1]);
	for (size_t i = 2; i < 5; i++)
		cg_buf_putf(&b, "-%.*s", (int)value[i].n, value[i].p);
	template_write(x, &b, value[5]);
}

static int
export(struct cli *cli, enum cg_report which, cg_row_fn *row, const char *what)
{
	struct export x = { .dir = cli->option[CLI_DIR] };
	enum cg_err e;

	if (x.dir == NULL)
		return cli_misuse("where to? type: clockgate %s export --dir DIR",
		    what);
	if (mkdir(x.dir, S_IRWXU) != 0 && errno != EEXIST)
		return cli_fail("%s: %s", x.dir, strerror(errno));
	cli_keys_try(cli);
	e = cg_report_run(cli->db, which, (struct cg_str[]){
	    cli_given(cli, CLI_SN, ""), cli_given(cli, CLI_PIN, "") }, 2, row,
	    &x);
	if (x.status != 0)
		return x.status;
	printf("%lu files are in %s\n", x.n, x.dir);
	fflush(stdout);
	if (e == CG_SYS)
		return cli_fail("not all: %s", cg_db_why(cli->db));
	return e == CG_OK ? 0 : cli_db_fault(cli, "export");
}

int
cli_photo_export(struct cli *cli)
{
	return export(cli, CG_REPORT_PHOTO_BYTES, photo_row, "photo");
}

int
cli_template_export(struct cli *cli)
{
	return export(cli, CG_REPORT_TEMPLATE_BYTES, template_row, "template");
}
