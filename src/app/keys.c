/*
 * The key file: a line for each key, "ID TIME SECRET", with "current" behind
 * the one that seals.  It is read anew when it has changed, so that programs
 * that run learn of a new key.
 */
#include "config.h"

#include "conf_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX	16384		/* CG_KEYS_MAX lines, and comments */
#define SECRET_TEXT	45		/* CG_KEY_BYTES as base64, and a NUL */
#define BASE64		sodium_base64_VARIANT_ORIGINAL

_Static_assert(sodium_base64_ENCODED_LEN(CG_KEY_BYTES,
    sodium_base64_VARIANT_ORIGINAL) == SECRET_TEXT, "a secret as base64");

static enum cg_err CG_PRINTF(2, 3)
say(char msg[CG_MSG_MAX], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(msg, CG_MSG_MAX, fmt, ap);
	va_end(ap);
	return CG_SYS;
}

enum cg_err
cg_keyring_new(struct cg_keyring **out)
{
	struct cg_keyring *ring;

	if (sodium_init() < 0)
		return CG_SYS;
	if ((ring = sodium_malloc(sizeof(*ring))) == NULL)
		return CG_NOMEM;
	ring->n = 0;
	*out = ring;
	return CG_OK;
}

void
cg_keyring_free(struct cg_keyring *ring)
{
	sodium_free(ring);
}

/* ---- reading ---- */

static bool
known(const struct cg_keyring *ring, uint32_t id)
{
	for (size_t i = 0; i < ring->n; i++)
		if (ring->key[i].id == id)
			return true;
	return false;
}

static bool
word_take(struct cg_str *rest, struct cg_str *word)
{
	*rest = cg_str_trim(*rest);
	return cg_str_cut(rest, ' ', word);
}

static bool
made_take(struct cg_key *k, struct cg_str word)
{
	struct cg_time at;
	bool possible;

	if (cg_time_parse(word, &at, &possible) != CG_OK || !possible)
		return false;
	k->made = cg_time_seconds(&at);
	return true;
}

static bool
secret_take(struct cg_key *k, struct cg_str word)
{
	size_t n;

	return sodium_base642bin(k->secret, sizeof(k->secret), word.p, word.n,
	    NULL, &n, NULL, BASE64) == 0 && n == sizeof(k->secret);
}

static bool
key_take(struct cg_keyring *ring, struct cg_str line)
{
	struct cg_key *k = &ring->key[ring->n];
	struct cg_str id, made, secret, mark = cg_lit("");

	if (ring->n == CG_KEYS_MAX || !word_take(&line, &id) ||
	    !word_take(&line, &made) || !word_take(&line, &secret) ||
	    cg_str_u32(id, INT32_MAX, &k->id) != CG_OK || k->id == 0 ||
	    known(ring, k->id) || !made_take(k, made) ||
	    !secret_take(k, secret))
		return false;
	if (line.p != NULL)
		mark = cg_str_trim(line);
	k->current = cg_str_eq(mark, cg_lit("current"));
	ring->n++;
	return mark.n == 0 || k->current;
}

static enum cg_err
text_take(struct cg_keyring *ring, const char *file, struct cg_str rest,
    char msg[CG_MSG_MAX])
{
	struct cg_str line;
	unsigned n = 0, current = 0;

	ring->n = 0;
	while (cg_str_line(&rest, &line)) {
		n++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (!key_take(ring, line))
			return say(msg, "%s:%u: this is no key; a line is ID, "
			    "TIME and SECRET, as \"clockgate key new\" writes it",
			    file, n);
		current += ring->key[ring->n - 1].current;
	}
	return current == 1 ? CG_OK : say(msg, "%s: one key must be marked as "
	    "current, not %u", file, current);
}

/* No copy is left in a buffer of the C library. */
static enum cg_err
stream_read(struct cg_keyring *ring, const char *file, FILE *f,
    char msg[CG_MSG_MAX])
{
	char *text = sodium_malloc(FILE_MAX);
	size_t n;
	enum cg_err e;

	if (text == NULL)
		return say(msg, "%s", cg_err_text(CG_NOMEM));
	(void)setvbuf(f, NULL, _IONBF, 0);
	n = fread(text, 1, FILE_MAX, f);
	if (ferror(f) != 0)
		e = say(msg, "%s: %s", file, strerror(errno));
	else if (n == FILE_MAX)
		e = say(msg, "%s: too large for a key file", file);
	else
		e = text_take(ring, file, (struct cg_str){ text, n }, msg);
	sodium_free(text);
	return e;
}

static enum cg_err
not_opened(const char *file, char msg[CG_MSG_MAX])
{
	bool none = errno == ENOENT;

	(void)conf_not_opened(file, "", none ? "to make one, type: clockgate key new" :
	    "see key_file in [privacy]", msg);
	return none ? CG_UNKNOWN : CG_SYS;
}

enum cg_err
cg_keyring_read(struct cg_keyring *ring, const char *file, char msg[CG_MSG_MAX])
{
	FILE *f = fopen(file, "re");
	enum cg_err e;

	if (f == NULL)
		return not_opened(file, msg);
	if ((e = conf_guard(file, f, "the keys", msg)) == CG_OK)
		e = stream_read(ring, file, f, msg);
	fclose(f);
	return e;
}

/* ---- writing ---- */

static void
key_write(const struct cg_key *k, FILE *f)
{
	char secret[SECRET_TEXT];
	struct cg_time t;

	cg_time_from_seconds(k->made, &t);
	sodium_bin2base64(secret, sizeof(secret), k->secret, sizeof(k->secret),
	    BASE64);
	fprintf(f, "%u %04u-%02u-%02uT%02u:%02u:%02u %s%s\n", k->id, t.year,
	    t.month, t.day, t.hour, t.minute, t.second, secret,
	    k->current ? " current" : "");
	sodium_memzero(secret, sizeof(secret));
}

/* It is as readable as the one whose place it takes. */
static bool
inherit(int fd, const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0)
		return errno == ENOENT;
	return fchown(fd, st.st_uid, st.st_gid) == 0 &&
	    fchmod(fd, st.st_mode & 07777) == 0;
}

static bool
fd_write(const struct cg_keyring *ring, int fd, const char *file)
{
	FILE *f = fdopen(fd, "w");
	bool ok;

	if (f == NULL) {
		close(fd);
		return false;
	}
	(void)setvbuf(f, NULL, _IONBF, 0);	/* leaves no copy behind */
	fputs("# Keys of clockgate: who has this file can open what is sealed.\n"
	    "# Keep a copy where the copies of the database are not.\n", f);
	for (size_t i = 0; i < ring->n; i++)
		key_write(&ring->key[i], f);
	ok = ferror(f) == 0 && inherit(fd, file) && fsync(fd) == 0;
	return fclose(f) == 0 && ok;
}

enum cg_err
cg_keyring_write(const struct cg_keyring *ring, const char *file,
    char msg[CG_MSG_MAX])
{
	char new[512];
	int fd, why;

	if (snprintf(new, sizeof(new), "%s.new", file) >= (int)sizeof(new))
		return say(msg, "%s: too long a name", file);
	if (unlink(new) != 0 && errno != ENOENT)
		return say(msg, "%s: %s", new, strerror(errno));
	if ((fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    S_IRUSR | S_IWUSR)) < 0)
		return say(msg, "%s: %s", new, strerror(errno));
	if (fd_write(ring, fd, file) && rename(new, file) == 0)
		return CG_OK;
	why = errno;
	(void)unlink(new);
	return say(msg, "%s: %s", file, strerror(why));
}

enum cg_err
cg_keyring_add(struct cg_keyring *ring, int64_t now)
{
	struct cg_key *k = &ring->key[ring->n];
	uint32_t last = 0;

	if (ring->n == CG_KEYS_MAX)
		return CG_LIMIT;
	for (size_t i = 0; i < ring->n; i++)
		if (ring->key[i].id > last)
			last = ring->key[i].id;
	k->id = last + 1;
	k->made = now;
	k->current = false;
	randombytes_buf(k->secret, sizeof(k->secret));
	ring->n++;
	return CG_OK;
}

/* What the store seals and opens with.  The caller frees it. */
static enum cg_err
vault_of(const struct cg_keyring *ring, struct cg_vault **out)
{
	struct cg_vault *v;
	enum cg_err e;

	if ((e = cg_vault_new(&v)) != CG_OK)
		return e;
	for (size_t i = 0; e == CG_OK && i < ring->n; i++)
		e = cg_vault_add(v, ring->key[i].id, ring->key[i].secret,
		    ring->key[i].current);
	if (e == CG_OK)
		*out = v;
	else
		cg_vault_free(v);
	return e;
}

/* ---- in use ---- */

struct cg_keys {
	const char	*file;		/* of the configuration */
	struct stat	 st;		/* when it was read */
	struct cg_vault	*vault;
};

static enum cg_err
load(const char *file, struct cg_vault **out, char msg[CG_MSG_MAX])
{
	struct cg_keyring *ring;
	enum cg_err e;

	if ((e = cg_keyring_new(&ring)) != CG_OK)
		return say(msg, "%s", cg_err_text(e));
	e = cg_keyring_read(ring, file, msg);
	if (e == CG_OK && (e = vault_of(ring, out)) != CG_OK)
		(void)say(msg, "%s", cg_err_text(e));
	cg_keyring_free(ring);
	return e == CG_OK ? CG_OK : CG_SYS;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

enum cg_err
cg_keys_open(const struct cg_conf *conf, struct cg_keys **out,
    char msg[CG_MSG_MAX])
{
	struct cg_keys *k;
	enum cg_err e;

	*out = NULL;
	if (conf->key_file[0] == '\0')
		return conf->privacy != CG_PRIVACY_VAULT ? CG_OK :
		    say(msg, "[privacy] mode is vault, and key_file names no "
		    "file; name one outside of what the web server offers, and "
		    "type: clockgate key new");
	if ((k = calloc(1, sizeof(*k))) == NULL)
		return say(msg, "%s", cg_err_text(CG_NOMEM));
	k->file = conf->key_file;
	/* first: what changes it meanwhile is seen at the next use */
	(void)stat(k->file, &k->st);
	if ((e = load(k->file, &k->vault, msg)) == CG_OK)
		*out = k;
	else
		free(k);
	return e;
}

void
cg_keys_close(struct cg_keys *k)
{
	if (k == NULL)
		return;
	cg_vault_free(k->vault);
	free(k);
}

enum cg_err
cg_keys_use(struct cg_keys *k, struct cg_db *db, char msg[CG_MSG_MAX])
{
	struct cg_vault *vault = NULL;
	struct stat st;
	enum cg_err e = CG_OK;

	if (k == NULL)
		return CG_OK;
	if (stat(k->file, &st) == 0 && !same_file(&st, &k->st)) {
		k->st = st;
		e = load(k->file, &vault, msg);
	}
	if (vault != NULL) {
		cg_vault_free(k->vault);
		k->vault = vault;
	}
	cg_db_vault(db, k->vault);
	return e;
}
