/*
 * Is the set-up good?  A table of checks, each with what it found and what
 * cures it: for "clockgate check", for --check of a program, and for a browser
 * that has the token.
 */
#include "config.h"

#include "check.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKET_LEAST	(1 << 20)	/* a photo and what stands around it */
#define CLOCK_DRIFT	60		/* seconds between this machine and the database */

enum level { NOTHING, CONF, DB, SCHEMA, READY };

struct check {
	const char	*program;
	const char	*file;
	const char *const *set;
	size_t		 nset;
	struct cg_conf	 conf;
	struct cg_db	*db;
	struct cg_db_state state;
};

typedef enum cg_verdict check_fn(struct check *, struct cg_finding *);

/* What was found, for the caller to say how good that is. */
CG_PRINTF(2, 3)
static void
detail(struct cg_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
}

CG_PRINTF(2, 3)
static enum cg_verdict
wrong(struct cg_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(f->cure, sizeof(f->cure), fmt, ap);
	va_end(ap);
	return CG_CHECK_WRONG;
}

/* ---- what needs no database ---- */

/* The detail is a message of ours: "what; cure", or what alone. */
static enum cg_verdict
told(struct cg_finding *f, const char *otherwise)
{
	char *cure = strrchr(f->detail, ';');

	if (cure == NULL || cure[1] != ' ')
		return wrong(f, "%s", otherwise);
	*cure = '\0';
	return wrong(f, "%s", cure + 2);
}

static enum cg_verdict
check_conf(struct check *c, struct cg_finding *f)
{
	if (cg_conf_load(&c->conf, c->program, c->file, c->set, c->nset,
	    f->detail) != CG_OK)
		return told(f, "put it right; clockgate config --sample shows "
		    "what may stand there");
	if (c->conf.file != NULL) {
		detail(f, "%s", c->conf.file);
		return CG_CHECK_OK;
	}
	detail(f, "there is no ini: the defaults hold");
	(void)wrong(f, "write %s, see clockgate config --sample", CG_CONF_FILE);
	return CG_CHECK_NOTE;
}

enum cg_verdict
cg_check_files(const struct cg_conf *conf, struct cg_finding *f)
{
	const char *dir = conf->files_dir;
	struct stat st;

	if (dir[0] == '\0') {
		detail(f, "none are offered to clocks");
		return CG_CHECK_OK;
	}
	detail(f, "%s", dir);
	if (stat(dir, &st) != 0) {
		detail(f, "%s: %s", dir, strerror(errno));
		return wrong(f, "type: mkdir -p %s; or see dir in [files]", dir);
	}
	if (!S_ISDIR(st.st_mode)) {
		detail(f, "%s: not a directory", dir);
		return wrong(f, "see dir in [files]");
	}
	if ((st.st_mode & S_IWOTH) != 0) {
		detail(f, "%s: other users of this machine can write there, and "
		    "clocks would run what they put there", dir);
		return wrong(f, "type: chmod o-w %s", dir);
	}
	if (conf->files_url[0] == '\0')
		return wrong(f, "set url in [files]: clocks can't be told where "
		    "they reach it");
	return CG_CHECK_OK;
}

static enum cg_verdict
check_keys(struct check *c, struct cg_finding *f)
{
	struct cg_keys *keys;

	if (cg_keys_open(&c->conf, &keys, f->detail) != CG_OK)
		return told(f, "see key_file in [privacy]");
	detail(f, "%s", c->conf.key_file[0] != '\0' ? c->conf.key_file :
	    "there are none: nothing is sealed");
	cg_keys_close(keys);
	return CG_CHECK_OK;
}

static enum cg_verdict
check_files(struct check *c, struct cg_finding *f)
{
	return cg_check_files(&c->conf, f);
}

static const char *const programs[] = { "cdata", "getrequest", "devicecmd" };

/*
 * Other users must not be able to change a program or its directory; as plain
 * CGI not even the group: suEXEC would refuse it.
 */
static enum cg_verdict
check_program(const char *path, struct cg_finding *f)
{
	mode_t open = getenv("GATEWAY_INTERFACE") != NULL ?
	    S_IWGRP | S_IWOTH : S_IWOTH;
	struct stat st;

	if (stat(path, &st) != 0) {
		detail(f, "%s: %s", path, strerror(errno));
		return wrong(f, "install clockgate again");
	}
	if (access(path, X_OK) == 0 && (st.st_mode & open) == 0)
		return CG_CHECK_OK;
	detail(f, "%s has mode %03o", path, (unsigned)st.st_mode & 0777);
	return wrong(f, "type: chmod 755 %s", path);
}

/* Beside the program that we are, or else where they are installed. */
static void
programs_dir(char dir[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", dir, PATH_MAX - 1);
	char *name;
	size_t i;

	dir[n > 0 ? n : 0] = '\0';
	name = strrchr(dir, '/');
	for (i = 0; name != NULL && i < CG_LEN(programs); i++)
		if (strcmp(name + 1, programs[i]) == 0) {
			*name = '\0';
			return;
		}
	(void)snprintf(dir, PATH_MAX, "%s", CG_CGI_DIR);
}

static enum cg_verdict
check_programs(struct check *c, struct cg_finding *f)
{
	char dir[PATH_MAX], path[PATH_MAX + 32];
	enum cg_verdict v;
	size_t i;

	(void)c;
	programs_dir(dir);
	if (access(dir, F_OK) != 0) {
		detail(f, "not installed in %s", dir);
		return CG_CHECK_SKIPPED;
	}
	v = check_program(dir, f);
	for (i = 0; v == CG_CHECK_OK && i < CG_LEN(programs); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, programs[i]);
		v = check_program(path, f);
	}
	if (v == CG_CHECK_OK)
		detail(f, "%s", dir);
	return v;
}

/* ---- the database ---- */

static enum cg_verdict
db_wrong(const struct check *c, struct cg_finding *f)
{
	const char *cure = cg_db_cure(c->db);

	detail(f, "%.300s", cg_db_why(c->db));
	return wrong(f, "%s", cure[0] != '\0' ? cure : "see [database]");
}

static enum cg_verdict
check_db(struct check *c, struct cg_finding *f)
{
	const struct cg_db_conf *conf = &c->conf.db;

	if (cg_db_new(conf, &c->db) != CG_OK) {
		detail(f, "no memory");
		return wrong(f, "end other programs, or raise the limit");
	}
	if (cg_db_open_any(c->db) != CG_OK ||
	    cg_db_state(c->db, &c->state) != CG_OK)
		return db_wrong(c, f);
	detail(f, "%.64s as %.128s on %s; each connection sets strict mode and UTC",
	    conf->name, conf->user, c->state.version);
	return CG_CHECK_OK;
}

static enum cg_verdict
check_packet(struct check *c, struct cg_finding *f)
{
	detail(f, "%" PRId64 " bytes", c->state.packet_max);
	if (c->state.packet_max >= PACKET_LEAST)
		return CG_CHECK_OK;
	return wrong(f, "larger photos can't be stored: have max_allowed_packet of "
	    "the database server raised to 16M");
}

static enum cg_verdict
check_durable(struct check *c, struct cg_finding *f)
{
	if (c->state.durable) {
		detail(f, "each commit is on the disk before a clock reads OK");
		return CG_CHECK_OK;
	}
	detail(f, "after a power cut the last second may be missing");
	(void)wrong(f, "have innodb_flush_log_at_trx_commit of the database "
	    "server set to 1");
	return CG_CHECK_NOTE;
}

static enum cg_verdict
check_time(struct check *c, struct cg_finding *f)
{
	int64_t off = c->state.utc - (int64_t)time(NULL);

	detail(f, "the database is %" PRId64 " seconds %s this machine",
	    off < 0 ? -off : off, off < 0 ? "behind" : "ahead of");
	if (off >= -CLOCK_DRIFT && off <= CLOCK_DRIFT)
		return CG_CHECK_OK;
	return wrong(f, "set both by NTP: commands would expire too early or "
	    "too late");
}

static enum cg_verdict
check_schema(struct check *c, struct cg_finding *f)
{
	unsigned version;

	if (cg_schema_version(c->db, &version) != CG_OK)
		return db_wrong(c, f);
	detail(f, "version %u", version);
	if (version >= CG_SCHEMA_MIN && version <= CG_SCHEMA_MAX)
		return CG_CHECK_OK;
	detail(f, "version %u, and the programs need %d to %d", version,
	    CG_SCHEMA_MIN, CG_SCHEMA_MAX);
	if (version > CG_SCHEMA_MAX)
		return wrong(f, "install a newer clockgate");
	return wrong(f, "type: clockgate migrate%s", version == 0 ?
	    "; or import schema/current.sql" : "");
}

/* One is in use; the others are for the day when it fails. */
static enum cg_verdict
check_hosts(struct check *c, struct cg_finding *f)
{
	size_t n = cg_db_hosts(c->db), down = cg_db_hosts_down(c->db);

	if (down == 0) {
		detail(f, "%zu of %zu can be used", n, n);
		return CG_CHECK_OK;
	}
	detail(f, "%zu of %zu can't be used: %.300s", down, n, cg_db_why(c->db));
	(void)wrong(f, "meanwhile the programs use another; see to that server, or "
	    "to host in [database]");
	return CG_CHECK_NOTE;
}

static enum cg_verdict
check_statements(struct check *c, struct cg_finding *f)
{
	if (cg_db_open(c->db) != CG_OK || cg_db_check(c->db, c->program) != CG_OK)
		return db_wrong(c, f);
	detail(f, "%.100s may do all that %s does", c->conf.db.user, c->program);
	return CG_CHECK_OK;
}

static enum cg_verdict
check_clocks(struct check *c, struct cg_finding *f)
{
	struct cg_device_count n;

	if (cg_device_count(c->db, &n) != CG_OK)
		return db_wrong(c, f);
	detail(f, "%u admitted, %u waiting", n.active, n.pending);
	if (n.pending == 0)
		return CG_CHECK_OK;
	(void)wrong(f, "to admit one, type: clockgate device approve SN");
	return CG_CHECK_NOTE;
}

/* ---- all of them ---- */

/* What a check needs, and what its success means for those after it. */
static const struct {
	const char	*name;
	enum level	 needs;
	enum level	 gives;
	check_fn	*run;
} checks[] = {
	{ "configuration", NOTHING, CONF, check_conf },
	{ "programs", NOTHING, NOTHING, check_programs },
	{ "files", CONF, NOTHING, check_files },
	{ "keys", CONF, NOTHING, check_keys },
	{ "database", CONF, DB, check_db },
	{ "max_allowed_packet", DB, NOTHING, check_packet },
	{ "durability", DB, NOTHING, check_durable },
	{ "time", DB, NOTHING, check_time },
	{ "schema", DB, SCHEMA, check_schema },
	{ "hosts", SCHEMA, NOTHING, check_hosts },
	{ "statements", SCHEMA, READY, check_statements },
	{ "clocks", READY, NOTHING, check_clocks },
};

bool
cg_check(const char *program, const char *file, const char *const *set,
    size_t nset, cg_finding_fn *fn, void *arg)
{
	struct check c = { .program = program, .file = file, .set = set,
	    .nset = nset };
	enum level level = NOTHING;
	bool good = true;

	for (size_t i = 0; i < CG_LEN(checks); i++) {
		struct cg_finding f = { .check = checks[i].name,
		    .verdict = CG_CHECK_SKIPPED, .detail = "not tried" };

		if (level >= checks[i].needs)
			f.verdict = checks[i].run(&c, &f);
		if ((f.verdict == CG_CHECK_OK || f.verdict == CG_CHECK_NOTE) &&
		    checks[i].gives > level)
			level = checks[i].gives;
		good = good && f.verdict != CG_CHECK_WRONG;
		fn(arg, &f);
	}
	cg_db_free(c.db);
	cg_conf_free(&c.conf);
	return good;
}

const char *
cg_verdict_name(enum cg_verdict v)
{
	static const char *const names[CG_CHECK__MAX] = {
		[CG_CHECK_OK] = "ok",
		[CG_CHECK_NOTE] = "note",
		[CG_CHECK_WRONG] = "wrong",
		[CG_CHECK_SKIPPED] = "-",
	};

	return names[v];
}

void
cg_finding_text(const struct cg_finding *f, char *out, size_t n)
{
	(void)snprintf(out, n, "%-5s  %-18s  %s\n%s%s%s",
	    cg_verdict_name(f->verdict), f->check, f->detail,
	    f->cure[0] != '\0' ? "                           " : "", f->cure,
	    f->cure[0] != '\0' ? "\n" : "");
}

/* ---- by browser ---- */

/* On digests of one length, so that the time tells nothing of the token. */
bool
cg_check_allowed(const struct cg_conf *conf, struct cg_str token)
{
	unsigned char want[crypto_generichash_BYTES], got[sizeof(want)];

	if (conf->check_token[0] == '\0' || token.n == 0)
		return false;
	crypto_generichash(want, sizeof(want),
	    (const unsigned char *)conf->check_token, strlen(conf->check_token),
	    NULL, 0);
	crypto_generichash(got, sizeof(got), (const unsigned char *)token.p,
	    token.n, NULL, 0);
	return sodium_memcmp(want, got, sizeof(want)) == 0;
}

static void
add_text(void *arg, const struct cg_finding *f)
{
	char text[CG_FINDING_MAX];

	cg_finding_text(f, text, sizeof(text));
	cg_buf_putz(arg, text);
}

enum cg_err
cg_check_page(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct cg_buf page;

	(void)d;
	cg_buf_init(&page, req->arena, CG_LEN(checks) * CG_FINDING_MAX);
	if (page.full)
		return CG_NOMEM;
	res->note = cg_check(app->name, app->conf.file, NULL, 0, add_text, &page) ?
	    "check: good" : "check: something is wrong";
	res->body = cg_buf_str(&page);
	return CG_OK;
}
