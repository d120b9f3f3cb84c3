/* Files that go to a clock and come from it (spec VI.10, notes 7). */
#include "config.h"

#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define HOME	"/mnt/mtdblock"
#define KEPT	262144		/* of a file; larger ones are only counted */

static struct row *
file_find(const struct clock *c, struct cg_str path)
{
	struct row *r;

	for (r = c->file; r != NULL; r = r->next)
		if (cg_str_eq(field(cg_str_of(r->fields), '\t', "Path"), path))
			break;
	return r;
}

/* The files that every clock has. */
static bool
file_of_its_own(const struct clock *c, struct cg_str path, struct text *out)
{
	const struct log *log = &c->log[ATTLOG];

	if (cg_str_eq(path, cg_lit(HOME "/options.cfg"))) {
		facts_put(c, out, '\n');
		return true;
	}
	if (!cg_str_eq(path, cg_lit(HOME "/attlog.dat")))
		return false;
	for (size_t i = 0; i < log->n; i++) {
		text_put(out, (struct cg_str){ log->record[i].p,
		    log->record[i].n });
		text_putz(out, "\n");
	}
	return true;
}

static void
full_path(struct cg_str name, struct text *out)
{
	if (name.n == 0 || name.p[0] != '/')
		text_putz(out, HOME "/");
	text_put(out, name);
}

int
file_get(struct clock *c, const char *id, struct cg_str args)
{
	struct text path = { NULL, 0, 0 }, content = { NULL, 0, 0 }, *t;
	struct row *r;
	bool found;

	args = cg_str_trim(args);
	full_path(args, &path);
	if ((r = file_find(c, text_str(&path))) != NULL)
		found = base64_get(field(cg_str_of(r->fields), '\t', "Content"),
		    &content);
	else
		found = file_of_its_own(c, text_str(&path), &content);
	if (found) {
		t = result_alone(c);
		text_putf(t, "ID=%s\nSN=%s\nFILENAME=%.*s\nCMD=GetFile\n"
		    "Return=%zu\nContent=", id, c->sn, (int)args.n, args.p,
		    content.n);
		text_put(t, text_str(&content));
		clock_say(c, "command %s: GetFile, Return=%zu", id, content.n);
	}
	text_free(&path);
	text_free(&content);
	return found ? LATER : NO_ACCESS;
}

/* What is no address of its own lies below /iclock/ (notes 7). */
static void
full_url(const struct clock *c, struct cg_str url, struct text *out)
{
	if (!cg_str_istarts(url, cg_lit("http://")) &&
	    !cg_str_istarts(url, cg_lit("https://"))) {
		text_putf(out, "%s/", c->plan->server);
		while (url.n > 0 && url.p[0] == '/')
			url = cg_str_from(url, 1);
		if (!cg_str_istarts(url, cg_lit("iclock/")))
			text_putz(out, "iclock/");
	}
	text_put(out, url);
}

void
fetch_start(struct clock *c, const char *id, struct cg_str url,
    struct cg_str to, enum table_id t, const char *echo)
{
	struct text full = { NULL, 0, 0 };

	full_url(c, url, &full);
	snprintf(c->fetch.id, sizeof(c->fetch.id), "%s", id);
	c->fetch.url = copy(text_str(&full));
	c->fetch.to = copy(to);
	c->fetch.table = t;
	c->fetch.echo = echo;
	text_free(&full);
}

/* Is the last part of the path a folder's name? */
static bool
is_folder(struct cg_str path)
{
	while (path.n > 0 && path.p[path.n - 1] != '/' &&
	    path.p[path.n - 1] != '.')
		path.n--;
	return path.n == 0 || path.p[path.n - 1] == '/';
}

/* "PutFile url[ path][TAB Action=...]", with a blank or a TAB between. */
int
file_put(struct clock *c, const char *id, struct cg_str args)
{
	struct text to = { NULL, 0, 0 };
	struct cg_str url, path, name;
	size_t n = 0;

	args = cg_str_trim(args);
	while (n < args.n && args.p[n] != ' ' && args.p[n] != '\t')
		n++;
	name = url = cg_str_head(args, n);
	if (url.n == 0)
		return BAD_FIELD;
	path = cg_str_trim(cg_str_from(args, n));
	path = cg_str_head(path, cg_str_chr(path, '\t'));
	while (cg_str_chr(name, '/') < name.n)
		name = cg_str_from(name, cg_str_chr(name, '/') + 1);
	full_path(path, &to);
	if (is_folder(text_str(&to))) {
		if (to.p[to.n - 1] != '/')
			text_putz(&to, "/");
		text_put(&to, cg_str_head(name, cg_str_chr(name, '?')));
	}
	fetch_start(c, id, url, text_str(&to), TABLE__MAX, "PutFile");
	text_free(&to);
	return LATER;
}

/* "checksum=..,url=..,size=..": it is fetched and measured, never installed. */
int
upgrade(struct clock *c, const char *id, struct cg_str args)
{
	struct cg_str url = field(args, ',', "url");
	struct cg_str size = field(args, ',', "size");
	uint32_t n;

	if (url.n == 0 || field(args, ',', "checksum").n == 0 ||
	    cg_str_u32(size, UINT32_MAX, &n) != CG_OK)
		return BAD_FIELD;
	fetch_start(c, id, url, size, TABLE__MAX, "UPGRADE");
	return LATER;
}

static int
file_keep(struct clock *c, const char *path, struct cg_str content)
{
	struct text t = { NULL, 0, 0 };
	struct row *r = file_find(c, cg_str_of(path));

	text_putf(&t, "Path=%s\tSize=%zu\tContent=", path, content.n);
	base64_put(&t, content.p, content.n < KEPT ? content.n : 0);
	if (r != NULL) {
		free(r->fields);
		r->fields = copy(text_str(&t));
	} else {
		row_add(&c->file, text_str(&t));
	}
	text_free(&t);
	return (int)content.n;
}

/* A picture by its address becomes a row like one that came inline. */
static int
picture_keep(struct clock *c, struct cg_str content)
{
	struct text t = { NULL, 0, 0 };
	int code;

	text_putf(&t, "%s\tContent=", c->fetch.to);
	base64_put(&t, content.p, content.n);
	code = table_update(c, c->fetch.table, text_str(&t));
	text_free(&t);
	return code;
}

void
fetch_done(struct clock *c, const struct answer *a)
{
	struct fetch f = c->fetch;
	uint32_t size = 0;
	int code;

	if (!a->arrived || (a->status != 200 && a->status != 206))
		code = NOT_FETCHED;
	else if (f.table != TABLE__MAX)
		code = picture_keep(c, a->body);
	else if (strcmp(f.echo, "PutFile") == 0)
		code = file_keep(c, f.to, a->body);
	else
		code = cg_str_u32(cg_str_of(f.to), UINT32_MAX, &size) == CG_OK &&
		    size == a->body.n ? DONE : NOT_VALID;
	c->fetch.url = c->fetch.to = NULL;
	result_add(c, f.id, code, f.echo);
	free(f.url);
	free(f.to);
}
