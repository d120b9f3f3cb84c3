/*
 * Reading the configuration: the ini through iniparser, then the overrides
 * of the command line, then the password.
 */
#include "config.h"

#include "conf_priv.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_INIPARSER_INIPARSER_H
#include <iniparser/iniparser.h>
#else
#include <iniparser.h>
#endif

#define ARENA_MAX	((size_t)256 * 1024)
#define PASSWORD_MAX	255

/*
 * Where the ini is looked for when nobody names one.  The last is below the
 * home of the user that we run as: on shared hosting suEXEC passes on no
 * variable of ours, and there is no other place outside of the web root.
 */
static const char *const usual[] = {
	CG_CONF_FILE, "/etc/clockgate/clockgate.ini", "~/clockgate/clockgate.ini"
};

static enum cg_err
defaults(struct cg_conf *c, char msg[CG_MSG_MAX])
{
	char why[CG_WHY_MAX];

	for (size_t slot = 0; slot < CONF_SLOTS; slot++)
		if (conf_assign(c, slot, cg_str_of(conf_default(slot)), why) !=
		    CG_OK) {
			snprintf(msg, CG_MSG_MAX, "default of [%s] %s: %s",
			    conf_section(slot), conf_key(slot), why);
			return CG_SYS;
		}
	return CG_OK;
}

/* conf_scan has said all that there is to say. */
static int
be_quiet(const char *format, ...)
{
	(void)format;
	return 0;
}

static enum cg_err
take_values(struct cg_conf *c, const dictionary *d, const struct conf_lines *at,
    char msg[CG_MSG_MAX])
{
	char entry[128], why[CG_WHY_MAX] = "can't be read";
	const char *value;

	for (size_t slot = 0; slot < CONF_SLOTS; slot++) {
		if (at->line[slot] == 0)
			continue;
		snprintf(entry, sizeof(entry), "%s:%s", conf_section(slot),
		    conf_key(slot));
		value = iniparser_getstring(d, entry, NULL);
		if (value == NULL ||
		    conf_assign(c, slot, cg_str_of(value), why) != CG_OK) {
			snprintf(msg, CG_MSG_MAX, "%s:%u: [%s] %s: %s", c->file,
			    at->line[slot], conf_section(slot), conf_key(slot),
			    why);
			return CG_SYS;
		}
	}
	return CG_OK;
}

static enum cg_err
parse(struct cg_conf *c, const struct conf_lines *at, char msg[CG_MSG_MAX])
{
	dictionary *d;
	enum cg_err e;

	iniparser_set_error_callback(be_quiet);
	d = iniparser_load(c->file);
	iniparser_set_error_callback(NULL);
	if (d == NULL) {
		snprintf(msg, CG_MSG_MAX, "%s: can't be read as an ini", c->file);
		return CG_SYS;
	}
	e = take_values(c, d, at, msg);
	iniparser_freedict(d);
	return e;
}

/* The first secret that the file holds; NULL: none. */
static const char *
secret_of(const struct cg_conf *c, const struct conf_lines *at)
{
	char number[16], name[64];

	for (size_t slot = 0; slot < CONF_SLOTS; slot++)
		if (at->line[slot] != 0 && conf_is_secret(slot) &&
		    conf_value(c, slot, number).n > 0) {
			snprintf(name, sizeof(name), "[%s] %s",
			    conf_section(slot), conf_key(slot));
			return cg_arena_dup(c->arena, cg_str_of(name));
		}
	return NULL;
}

static enum cg_err
read_open(struct cg_conf *c, FILE *f, char msg[CG_MSG_MAX])
{
	struct conf_lines at = { { 0 } };
	enum cg_err e;

	if ((e = conf_scan(c->file, f, &at, msg)) != CG_OK ||
	    (e = parse(c, &at, msg)) != CG_OK)
		return e;
	return conf_guard(c->file, f, secret_of(c, &at), msg);
}

static enum cg_err
read_file(struct cg_conf *c, const char *file, char msg[CG_MSG_MAX])
{
	struct stat st;
	enum cg_err e;
	FILE *f = fopen(file, "re");

	if (f != NULL && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		f = NULL;
		errno = EISDIR;
	}
	if (f == NULL)
		return conf_not_opened(file, "", "name another ini with --config FILE or "
		    "CLOCKGATE_CONFIG", msg);
	e = CG_NOMEM;
	if ((c->file = cg_arena_dup(c->arena, cg_str_of(file))) != NULL)
		e = read_open(c, f, msg);
	fclose(f);
	return e;
}

/* Of the user database, not of HOME: that is often still the one of root. */
static const char *
expand(const char *file, char out[PATH_MAX])
{
	const struct passwd *user;

	if (file[0] != '~')
		return file;
	if ((user = getpwuid(geteuid())) == NULL ||
	    snprintf(out, PATH_MAX, "%s%s", user->pw_dir, file + 1) >= PATH_MAX)
		return "";
	return out;
}

/* The usual places may be empty: then the defaults hold. */
static enum cg_err
read_usual(struct cg_conf *c, char msg[CG_MSG_MAX])
{
	char path[PATH_MAX];
	struct stat st;

	for (size_t i = 0; i < CG_LEN(usual); i++) {
		const char *file = expand(usual[i], path);

		if (stat(file, &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
			return read_file(c, file, msg);
	}
	return CG_OK;
}

static enum cg_err
override(struct cg_conf *c, const char *set, char msg[CG_MSG_MAX])
{
	struct cg_str rest = cg_str_of(set), section, key;
	char why[CG_WHY_MAX];
	size_t slot, eq = cg_str_chr(rest, '='), dot = cg_str_chr(rest, '.');

	if (eq == rest.n || dot >= eq) {
		snprintf(msg, CG_MSG_MAX, "--set %.200s: write "
		    "--set SECTION.KEY=VALUE", set);
		return CG_SYS;
	}
	section = cg_str_head(rest, dot);
	key = cg_str_from(cg_str_head(rest, eq), dot + 1);
	if (conf_find(section, key, &slot, why) != CG_OK) {
		snprintf(msg, CG_MSG_MAX, "--set %.*s: %s",
		    (int)(eq < 200 ? eq : 200), set, why);
		return CG_SYS;
	}
	if (conf_assign(c, slot, cg_str_from(rest, eq + 1), why) != CG_OK) {
		snprintf(msg, CG_MSG_MAX, "--set %s.%s: %s", conf_section(slot),
		    conf_key(slot), why);
		return CG_SYS;
	}
	return CG_OK;
}

/* With the name of the program in place of each %p; NULL: no memory. */
static const char *
for_program(struct cg_conf *c, const char *text, const char *program)
{
	struct cg_str rest = cg_str_of(text), p = cg_lit("%p");
	struct cg_buf out;

	cg_buf_init(&out, c->arena, strlen(text) * (strlen(program) + 1) + 1);
	while (rest.n > 0)
		if (cg_str_starts(rest, p)) {
			cg_buf_putz(&out, program);
			rest = cg_str_from(rest, p.n);
		} else {
			cg_buf_put(&out, cg_str_head(rest, 1));
			rest = cg_str_from(rest, 1);
		}
	return out.full ? NULL : cg_arena_dup(c->arena, cg_buf_str(&out));
}

static enum cg_err
password_keep(struct cg_conf *c, struct cg_str text, char msg[CG_MSG_MAX])
{
	c->db.password = cg_arena_dup(c->arena, text);
	if (c->db.password != NULL)
		return CG_OK;
	snprintf(msg, CG_MSG_MAX, "%s", cg_err_text(CG_NOMEM));
	return CG_NOMEM;
}

static enum cg_err
password_read(struct cg_conf *c, const char *file, FILE *f, char msg[CG_MSG_MAX])
{
	char buf[PASSWORD_MAX + 3];	/* and a CR LF */
	struct cg_str rest, line = cg_lit("");
	enum cg_err e;

	if ((e = conf_guard(file, f, "[database] password_file", msg)) !=
	    CG_OK)
		return e;
	rest = (struct cg_str){ buf, fread(buf, 1, sizeof(buf), f) };
	if (rest.n > 0)
		(void)cg_str_line(&rest, &line);
	if (ferror(f) == 0 && line.n > 0 && line.n <= PASSWORD_MAX &&
	    memchr(line.p, 0, line.n) == NULL && (rest.p == NULL || rest.n == 0))
		return password_keep(c, line, msg);
	snprintf(msg, CG_MSG_MAX, "%s: [database] password_file: must hold the "
	    "password alone, one line of 1 to %d bytes", file, PASSWORD_MAX);
	return CG_SYS;
}

static enum cg_err
password_from_file(struct cg_conf *c, const char *program, char msg[CG_MSG_MAX])
{
	const char *file = for_program(c, c->password_file, program);
	enum cg_err e;
	FILE *f;

	if (file == NULL)
		return CG_NOMEM;
	if ((f = fopen(file, "re")) == NULL)
		return conf_not_opened(file, "[database] password_file: ", "write the "
		    "password into it, or name another", msg);
	e = password_read(c, file, f, msg);
	fclose(f);
	return e;
}

static enum cg_err
password_find(struct cg_conf *c, const char *program, char msg[CG_MSG_MAX])
{
	const char *env = getenv("CLOCKGATE_DB_PASSWORD");

	if (c->password[0] != '\0' && c->password_file[0] != '\0') {
		snprintf(msg, CG_MSG_MAX, "%s: [database] password_file: password "
		    "is set, too; keep one of the two",
		    c->file != NULL ? c->file : "--set");
		return CG_SYS;
	}
	if (env != NULL)
		return password_keep(c, cg_str_of(env), msg);
	if (c->password_file[0] != '\0')
		return password_from_file(c, program, msg);
	c->db.password = c->password;
	return CG_OK;
}

enum cg_err
cg_conf_load(struct cg_conf *c, const char *program, const char *file,
    const char *const *set, size_t nset, char msg[CG_MSG_MAX])
{
	enum cg_err e;

	memset(c, 0, sizeof(*c));
	snprintf(msg, CG_MSG_MAX, "%s", cg_err_text(CG_NOMEM));
	if ((e = cg_arena_new(ARENA_MAX, &c->arena)) != CG_OK ||
	    (e = defaults(c, msg)) != CG_OK)
		return e;
	if (file == NULL && (file = getenv("CLOCKGATE_CONFIG")) != NULL &&
	    file[0] == '\0')
		file = NULL;
	e = file != NULL ? read_file(c, file, msg) : read_usual(c, msg);
	for (size_t i = 0; e == CG_OK && i < nset; i++)
		e = override(c, set[i], msg);
	if (e == CG_OK &&
	    (c->db.user = for_program(c, c->user, program)) == NULL)
		e = CG_NOMEM;
	if (e == CG_OK)
		e = password_find(c, program, msg);
	if (e == CG_OK)
		msg[0] = '\0';
	return e;
}

void
cg_conf_free(struct cg_conf *c)
{
	cg_arena_free(c->arena);
	memset(c, 0, sizeof(*c));
}
