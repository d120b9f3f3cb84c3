/*
 * The vault: what is sealed before it goes to the database, and opened when it
 * comes back.
 *
 * XChaCha20-Poly1305 of libsodium.  The place of a value (table, column, the
 * key of its row) is authenticated with it: moved elsewhere, it can't be
 * opened.  The nonce is a keyed hash of place and value, so that the same
 * value at the same place is sealed alike: that is what makes a second sending
 * harmless, and it tells nothing but that they are the same.
 */
#include "config.h"

#include "secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SEAL_BYTES	crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES	crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES	crypto_aead_xchacha20poly1305_ietf_ABYTES
#define MARK_BYTES	4
#define ID_BYTES	4
#define MORE_BYTES	(ID_BYTES + NONCE_BYTES + TAG_BYTES)	/* than the value has */
#define BASE64		sodium_base64_VARIANT_ORIGINAL

_Static_assert(CG_KEY_BYTES == crypto_kdf_KEYBYTES, "a key is one of crypto_kdf");

static const struct cg_str text_mark = CG_STR("cg1:");
static const struct cg_str bytes_mark = CG_STR("cg1\0");

struct key {
	uint32_t	 id;
	unsigned char	 seal[SEAL_BYTES];
	unsigned char	 nonce[crypto_generichash_KEYBYTES];
};

struct cg_vault {
	size_t		 n;
	size_t		 current;
	struct key	 key[CG_KEYS_MAX];
};

/* ---- keys ---- */

enum cg_err
cg_vault_new(struct cg_vault **out)
{
	struct cg_vault *v;

	if (sodium_init() < 0)
		return CG_SYS;
	if ((v = sodium_malloc(sizeof(*v))) == NULL)
		return CG_NOMEM;
	v->n = v->current = 0;
	*out = v;
	return CG_OK;
}

void
cg_vault_free(struct cg_vault *v)
{
	sodium_free(v);
}

enum cg_err
cg_vault_add(struct cg_vault *v, uint32_t id,
    const unsigned char secret[CG_KEY_BYTES], bool current)
{
	struct key *k = &v->key[v->n];

	if (v->n == CG_KEYS_MAX)
		return CG_LIMIT;
	k->id = id;
	crypto_kdf_derive_from_key(k->seal, sizeof(k->seal), 1, "clockgat",
	    secret);
	crypto_kdf_derive_from_key(k->nonce, sizeof(k->nonce), 2, "clockgat",
	    secret);
	if (current)
		v->current = v->n;
	v->n++;
	return CG_OK;
}

uint32_t
cg_vault_current(const struct cg_vault *v)
{
	return v->n > 0 ? v->key[v->current].id : 0;
}

static const struct key *
key_find(const struct cg_vault *v, uint32_t id)
{
	for (size_t i = 0; v != NULL && i < v->n; i++)
		if (v->key[i].id == id)
			return &v->key[i];
	return NULL;
}

struct cg_str
cg_vault_keys(const struct cg_vault *v, char room[CG_VAULT_KEYS])
{
	size_t n = 0;

	room[0] = '\0';
	for (size_t i = 0; v != NULL && i < v->n; i++)
		n += (size_t)snprintf(room + n, CG_VAULT_KEYS - n, "%s%08lX",
		    i > 0 ? "," : "", (unsigned long)v->key[i].id);
	return (struct cg_str){ room, n };
}

/* ---- places ---- */

/* Each part behind its length: no two places are written alike. */
static void
part(struct cg_place *p, const void *bytes, size_t n)
{
	if (n > UINT8_MAX || n + 1 > sizeof(p->text) - p->n) {
		p->full = true;
		return;
	}
	p->text[p->n++] = (unsigned char)n;
	if (n > 0)
		memcpy(p->text + p->n, bytes, n);
	p->n += n;
}

void
cg_place_text(struct cg_place *p, struct cg_str s)
{
	part(p, s.p, s.n);
}

void
cg_place_number(struct cg_place *p, int64_t i)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)i);

	part(p, digits, (size_t)n);
}

struct cg_place
cg_place_of(const char *table, uint32_t device)
{
	struct cg_place p = { .n = 0, .full = false };

	cg_place_text(&p, cg_str_of(table));
	cg_place_number(&p, device);
	return p;
}

static struct cg_place
column_of(const struct cg_place *row, const char *column)
{
	struct cg_place p = *row;

	cg_place_text(&p, cg_str_of(column));
	return p;
}

/* ---- sealing ---- */

static void
id_write(unsigned char out[ID_BYTES], uint32_t id)
{
	for (int i = 0; i < ID_BYTES; i++)
		out[i] = (unsigned char)(id >> (8 * (ID_BYTES - 1 - i)));
}

static uint32_t
id_read(const unsigned char in[ID_BYTES])
{
	uint32_t id = 0;

	for (int i = 0; i < ID_BYTES; i++)
		id = id << 8 | in[i];
	return id;
}

static void
nonce_make(const struct key *k, const struct cg_place *p, struct cg_str value,
    unsigned char nonce[NONCE_BYTES])
{
	crypto_generichash_state s;
	unsigned char length[2] = { (unsigned char)(p->n >> 8),
	    (unsigned char)p->n };

	crypto_generichash_init(&s, k->nonce, sizeof(k->nonce), NONCE_BYTES);
	crypto_generichash_update(&s, length, sizeof(length));
	crypto_generichash_update(&s, p->text, p->n);
	crypto_generichash_update(&s, (const unsigned char *)value.p, value.n);
	crypto_generichash_final(&s, nonce, NONCE_BYTES);
}

/* Key, nonce, ciphertext with its tag: n + MORE_BYTES bytes. */
static void
seal(const struct key *k, const struct cg_place *p, struct cg_str value,
    unsigned char *out)
{
	unsigned char *nonce = out + ID_BYTES;

	id_write(out, k->id);
	nonce_make(k, p, value, nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_BYTES, NULL,
	    (const unsigned char *)value.p, value.n, p->text, p->n, NULL, nonce,
	    k->seal);
}

static enum cg_err
seal_bytes(const struct key *k, const struct cg_place *p, struct cg_str value,
    struct cg_arena *arena, struct cg_str *out)
{
	size_t n = MARK_BYTES + MORE_BYTES + value.n;
	char *to = cg_arena_get(arena, n);

	if (to == NULL)
		return CG_NOMEM;
	memcpy(to, bytes_mark.p, MARK_BYTES);
	seal(k, p, value, (unsigned char *)to + MARK_BYTES);
	*out = (struct cg_str){ to, n };
	return CG_OK;
}

static enum cg_err
seal_text(const struct key *k, const struct cg_place *p, struct cg_str value,
    struct cg_arena *arena, struct cg_str *out)
{
	size_t n = MORE_BYTES + value.n;
	size_t room = sodium_base64_encoded_len(n, BASE64);
	unsigned char *raw = cg_arena_get(arena, n);
	char *to = cg_arena_get(arena, MARK_BYTES + room);

	if (raw == NULL || to == NULL)
		return CG_NOMEM;
	seal(k, p, value, raw);
	memcpy(to, text_mark.p, MARK_BYTES);
	sodium_bin2base64(to + MARK_BYTES, room, raw, n, BASE64);
	*out = (struct cg_str){ to, MARK_BYTES + room - 1 };
	return CG_OK;
}

enum cg_err
cg_vault_seal(const struct cg_vault *v, const struct cg_place *row,
    const char *column, enum cg_sealed how, struct cg_str value,
    struct cg_arena *arena, struct cg_str *out)
{
	struct cg_place p = column_of(row, column);

	if (v == NULL || v->n == 0)
		return CG_UNKNOWN;
	if (p.full)
		return CG_LIMIT;
	return (how == CG_SEALED_TEXT ? seal_text : seal_bytes)(
	    &v->key[v->current], &p, value, arena, out);
}

/* ---- opening ---- */

bool
cg_vault_is_sealed(struct cg_str s)
{
	return cg_str_starts(s, text_mark) || cg_str_starts(s, bytes_mark);
}

/* What stands behind the mark, of base64 what it stands for. */
static enum cg_err
raw_of(struct cg_str s, struct cg_arena *arena, struct cg_str *raw)
{
	struct cg_str rest = cg_str_from(s, MARK_BYTES);
	size_t n;
	char *to;

	*raw = rest;
	if (cg_str_starts(s, bytes_mark))
		return rest.n >= MORE_BYTES ? CG_OK : CG_SYNTAX;
	if ((to = cg_arena_get(arena, rest.n + 1)) == NULL)
		return CG_NOMEM;
	if (sodium_base642bin((unsigned char *)to, rest.n, rest.p, rest.n, NULL,
	    &n, NULL, BASE64) != 0 || n < MORE_BYTES)
		return CG_SYNTAX;
	*raw = (struct cg_str){ to, n };
	return CG_OK;
}

uint32_t
cg_vault_key_of(struct cg_str s)
{
	char room[12];
	struct cg_str head;
	size_t n = 0;

	if (!cg_vault_is_sealed(s) || s.n < MARK_BYTES + MORE_BYTES)
		return 0;
	head = cg_str_from(s, MARK_BYTES);
	if (cg_str_starts(s, bytes_mark))
		return id_read((const unsigned char *)head.p);
	if (sodium_base642bin((unsigned char *)room, sizeof(room), head.p, 8,
	    NULL, &n, NULL, BASE64) != 0 || n < ID_BYTES)
		return 0;
	return id_read((const unsigned char *)room);
}

enum cg_err
cg_vault_open(const struct cg_vault *v, const struct cg_place *row,
    const char *column, struct cg_str s, struct cg_arena *arena,
    struct cg_str *out)
{
	struct cg_place p = column_of(row, column);
	const unsigned char *in;
	const struct key *k;
	struct cg_str raw;
	enum cg_err e;
	char *to;

	*out = s;
	if (!cg_vault_is_sealed(s))
		return CG_OK;
	if ((e = raw_of(s, arena, &raw)) != CG_OK)
		return e;
	in = (const unsigned char *)raw.p;
	if ((k = key_find(v, id_read(in))) == NULL)
		return CG_UNKNOWN;
	if ((to = cg_arena_get(arena, raw.n - MORE_BYTES + 1)) == NULL)
		return CG_NOMEM;
	if (p.full || crypto_aead_xchacha20poly1305_ietf_decrypt(
	    (unsigned char *)to, NULL, NULL, in + ID_BYTES + NONCE_BYTES,
	    raw.n - ID_BYTES - NONCE_BYTES, p.text, p.n, in + ID_BYTES,
	    k->seal) != 0)
		return CG_SYNTAX;
	*out = (struct cg_str){ to, raw.n - MORE_BYTES };
	return CG_OK;
}
