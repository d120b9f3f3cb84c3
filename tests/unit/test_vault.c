/*
 * Sealing and opening, and the file of keys.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cg_app.h"
#include "secret.h"

#define MARKER	"a very secret template"

struct vaults {
	struct cg_arena	*arena;
	struct cg_vault	*one;		/* key 1 */
	struct cg_vault	*both;		/* keys 1 and 2, 2 is current */
	struct cg_vault	*other;		/* another key 1 */
	struct cg_place	 place;
};

static struct cg_vault *
vault_of(const unsigned char *first, const unsigned char *second)
{
	struct cg_vault *v;

	assert_int_equal(cg_vault_new(&v), CG_OK);
	assert_int_equal(cg_vault_current(v), 0);
	assert_int_equal(cg_vault_add(v, 1, first, true), CG_OK);
	if (second != NULL)
		assert_int_equal(cg_vault_add(v, 2, second, true), CG_OK);
	return v;
}

static int
up(void **state)
{
	static struct vaults s;
	unsigned char a[CG_KEY_BYTES], b[CG_KEY_BYTES], c[CG_KEY_BYTES];

	memset(a, 1, sizeof(a));
	memset(b, 2, sizeof(b));
	memset(c, 3, sizeof(c));
	assert_int_equal(cg_arena_new(1 << 20, &s.arena), CG_OK);
	s.one = vault_of(a, NULL);
	s.both = vault_of(a, b);
	s.other = vault_of(c, NULL);
	s.place = cg_template_place(7, cg_lit("1001"), 1, 2, 0);
	*state = &s;
	return 0;
}

static int
down(void **state)
{
	struct vaults *s = *state;

	cg_vault_free(s->one);
	cg_vault_free(s->both);
	cg_vault_free(s->other);
	cg_arena_free(s->arena);
	return 0;
}

static struct cg_str
seal(struct vaults *s, const struct cg_vault *v, enum cg_sealed how,
    struct cg_str value)
{
	struct cg_str out;

	assert_int_equal(cg_vault_seal(v, &s->place, "template", how, value,
	    s->arena, &out), CG_OK);
	assert_true(cg_vault_is_sealed(out));
	return out;
}

static bool
holds(struct cg_str s, struct cg_str what)
{
	for (size_t i = 0; i + what.n <= s.n; i++)
		if (memcmp(s.p + i, what.p, what.n) == 0)
			return true;
	return false;
}

static void
test_there_and_back(void **state)
{
	static const struct cg_str values[] = {
		CG_STR(MARKER), CG_STR("\0\xff\n\t"), CG_STR("cg1:not sealed"),
		CG_STR("x")
	};
	struct vaults *s = *state;
	struct cg_str sealed, out;

	for (size_t i = 0; i < 2 * CG_LEN(values); i++) {
		enum cg_sealed how = i % 2 == 0 ? CG_SEALED_TEXT : CG_SEALED_BYTES;

		sealed = seal(s, s->both, how, values[i / 2]);
		assert_int_equal(cg_vault_key_of(sealed), 2);
		assert_false(holds(sealed, cg_lit(MARKER)));
		assert_int_equal(cg_vault_open(s->both, &s->place, "template",
		    sealed, s->arena, &out), CG_OK);
		assert_true(cg_str_eq(out, values[i / 2]));
	}
	/* a text stays one */
	sealed = seal(s, s->one, CG_SEALED_TEXT, cg_lit("\0\xff"));
	for (size_t i = 0; i < sealed.n; i++)
		assert_in_range(sealed.p[i], ' ', '~');
}

/* What makes a second sending harmless. */
static void
test_the_same_is_sealed_alike(void **state)
{
	struct vaults *s = *state;
	struct cg_str a, b;

	a = seal(s, s->one, CG_SEALED_BYTES, cg_lit(MARKER));
	b = seal(s, s->one, CG_SEALED_BYTES, cg_lit(MARKER));
	assert_true(cg_str_eq(a, b));
	b = seal(s, s->both, CG_SEALED_BYTES, cg_lit(MARKER));
	assert_false(cg_str_eq(a, b));
	b = seal(s, s->one, CG_SEALED_BYTES, cg_lit(MARKER "."));
	assert_false(holds(b, cg_str_head(cg_str_from(a, 8), 24)));
	s->place = cg_template_place(7, cg_lit("1002"), 1, 2, 0);
	b = seal(s, s->one, CG_SEALED_BYTES, cg_lit(MARKER));
	assert_false(cg_str_eq(a, b));
	s->place = cg_template_place(7, cg_lit("1001"), 1, 2, 0);
}

static void
test_what_is_clear_stays(void **state)
{
	static const struct cg_str values[] = {
		CG_STR(""), CG_STR("QUJD"), CG_STR("cg"), CG_STR("cg1"),
		CG_STR("CG1:x"), CG_STR("\xff\xd8\xff"), { NULL, 0 }
	};
	struct vaults *s = *state;
	struct cg_str out;

	for (size_t i = 0; i < CG_LEN(values); i++) {
		assert_int_equal(cg_vault_open(NULL, &s->place, "template",
		    values[i], s->arena, &out), CG_OK);
		assert_ptr_equal(out.p, values[i].p);
		assert_int_equal(cg_vault_key_of(values[i]), 0);
	}
}

static void
test_another_place(void **state)
{
	struct vaults *s = *state;
	const struct cg_place places[] = {
		cg_template_place(8, cg_lit("1001"), 1, 2, 0),
		cg_template_place(7, cg_lit("100"), 11, 2, 0),
		cg_template_place(7, cg_lit("1001"), 1, 0, 2),
		cg_user_place(7, cg_lit("1001")),
		cg_photo_place(7, cg_lit("user"), cg_lit("1001"), cg_lit(""),
		    cg_lit("")),
		cg_item_place(7, cg_lit("IDCARD"), cg_lit("1001")),
		cg_rejected_place(7, cg_lit("cdata"), cg_lit("OPERLOG")),
		cg_event_place(7, cg_lit("result")),
		cg_command_place(cg_lit("1001")),
	};
	struct cg_str sealed = seal(s, s->one, CG_SEALED_BYTES, cg_lit(MARKER));
	struct cg_str out;

	for (size_t i = 0; i < CG_LEN(places); i++)
		assert_int_equal(cg_vault_open(s->one, &places[i], "template",
		    sealed, s->arena, &out), CG_SYNTAX);
	assert_int_equal(cg_vault_open(s->one, &s->place, "extra", sealed,
	    s->arena, &out), CG_SYNTAX);
}

static void
test_another_key(void **state)
{
	struct vaults *s = *state;
	struct cg_str old = seal(s, s->one, CG_SEALED_TEXT, cg_lit(MARKER));
	struct cg_str new = seal(s, s->both, CG_SEALED_TEXT, cg_lit(MARKER));
	struct cg_str out;

	assert_int_equal(cg_vault_open(s->both, &s->place, "template", old,
	    s->arena, &out), CG_OK);
	assert_true(cg_str_eq(out, cg_lit(MARKER)));
	assert_int_equal(cg_vault_open(s->one, &s->place, "template", new,
	    s->arena, &out), CG_UNKNOWN);
	assert_int_equal(cg_vault_open(NULL, &s->place, "template", new,
	    s->arena, &out), CG_UNKNOWN);
	assert_int_equal(cg_vault_open(s->other, &s->place, "template", old,
	    s->arena, &out), CG_SYNTAX);
	assert_int_equal(cg_vault_seal(NULL, &s->place, "template",
	    CG_SEALED_TEXT, cg_lit(MARKER), s->arena, &out), CG_UNKNOWN);
}

/* Any byte changed, or any of its end missing. */
static void
test_spoilt(void **state)
{
	struct vaults *s = *state;

	for (int how = 0; how < 2; how++) {
		struct cg_str sealed = seal(s, s->one, (enum cg_sealed)how,
		    cg_lit(MARKER)), out;
		char *copy = cg_arena_dup(s->arena, sealed);

		for (size_t i = 4; i < sealed.n; i++) {
			copy[i] = copy[i] == 'A' ? 'B' : 'A';
			assert_int_not_equal(cg_vault_open(s->one, &s->place,
			    "template", (struct cg_str){ copy, sealed.n },
			    s->arena, &out), CG_OK);
			copy[i] = sealed.p[i];
		}
		for (size_t n = 4; n < sealed.n; n++) {
			char *cut = malloc(n);

			memcpy(cut, sealed.p, n);
			assert_int_not_equal(cg_vault_open(s->one, &s->place,
			    "template", (struct cg_str){ cut, n }, s->arena, &out),
			    CG_OK);
			free(cut);
		}
	}
}

/* ---- the key file ---- */

struct file {
	char		 dir[64];
	char		 name[128];
	struct cg_keyring *ring;
	char		 msg[CG_MSG_MAX];
};

static int
file_up(void **state)
{
	static struct file f;

	(void)snprintf(f.dir, sizeof(f.dir), "/tmp/cgkeys-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	(void)snprintf(f.name, sizeof(f.name), "%s/keys", f.dir);
	assert_int_equal(cg_keyring_new(&f.ring), CG_OK);
	*state = &f;
	return 0;
}

static int
file_down(void **state)
{
	struct file *f = *state;

	cg_keyring_free(f->ring);
	(void)unlink(f->name);
	return rmdir(f->dir);
}

static void
write_file(const struct file *f, const char *text, mode_t mode)
{
	FILE *out = fopen(f->name, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(f->name, mode), 0);
}

static mode_t
mode_of(const struct file *f)
{
	struct stat st;

	assert_int_equal(stat(f->name, &st), 0);
	return st.st_mode & 07777;
}

static void
test_file_there_and_back(void **state)
{
	struct file *f = *state;
	struct cg_keyring *again;

	assert_int_equal(cg_keyring_read(f->ring, f->name, f->msg), CG_UNKNOWN);
	assert_int_equal(cg_keyring_add(f->ring, 1000000000), CG_OK);
	assert_int_equal(cg_keyring_add(f->ring, 2000000000), CG_OK);
	f->ring->key[1].current = true;
	assert_int_equal(cg_keyring_write(f->ring, f->name, f->msg), CG_OK);
	assert_int_equal(mode_of(f), 0600);
	assert_int_equal(cg_keyring_new(&again), CG_OK);
	assert_int_equal(cg_keyring_read(again, f->name, f->msg), CG_OK);
	assert_int_equal(again->n, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct cg_key *a = &f->ring->key[i], *b = &again->key[i];

		assert_int_equal(b->id, i + 1);
		assert_true(a->made == b->made && a->current == b->current);
		assert_memory_equal(a->secret, b->secret, CG_KEY_BYTES);
	}
	assert_memory_not_equal(again->key[0].secret, again->key[1].secret,
	    CG_KEY_BYTES);
	/* who could read it before still can */
	assert_int_equal(chmod(f->name, 0640), 0);
	assert_int_equal(cg_keyring_write(again, f->name, f->msg), CG_OK);
	assert_int_equal(mode_of(f), 0640);
	cg_keyring_free(again);
}

#define SECRET	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define FIRST	"1 2026-01-02T03:04:05 " SECRET

static void
test_file_bad(void **state)
{
	static const struct {
		const char	*text;
		mode_t		 mode;
		const char	*why;	/* NULL: it is good */
	} rows[] = {
		{ "# a comment\n\n" FIRST " current\n", 0600, NULL },
		{ FIRST " current", 0640, NULL },
		{ FIRST " current\n", 0644, "chmod o= " },
		{ FIRST " current\n", 0602, "chmod o-w " },
		{ "", 0600, "one key must be marked as current, not 0" },
		{ FIRST "\n", 0600, "one key must be marked as current, not 0" },
		{ FIRST " current\n2" "2026", 0600, ":2: this is no key" },
		{ FIRST " current\n" FIRST "\n", 0600, ":2: this is no key" },
		{ FIRST " current\n2 2026-01-02T03:04:05 " SECRET " current\n",
		    0600, "one key must be marked as current, not 2" },
		{ "0 2026-01-02T03:04:05 " SECRET " current\n", 0600, ":1: " },
		{ "x 2026-01-02T03:04:05 " SECRET " current\n", 0600, ":1: " },
		{ "1 2026-13-02T03:04:05 " SECRET " current\n", 0600, ":1: " },
		{ "1 2026-01-02T03:04:05 AAAA current\n", 0600, ":1: " },
		{ "1 2026-01-02T03:04:05 A" SECRET " current\n", 0600, ":1: " },
		{ FIRST " curent\n", 0600, ":1: " },
	};
	struct file *f = *state;

	for (size_t i = 0; i < CG_LEN(rows); i++) {
		enum cg_err e;

		write_file(f, rows[i].text, rows[i].mode);
		e = cg_keyring_read(f->ring, f->name, f->msg);
		if (rows[i].why == NULL)
			assert_int_equal(e, CG_OK);
		else if (e != CG_SYS || strstr(f->msg, rows[i].why) == NULL)
			fail_msg("row %zu: %s: %s", i, cg_err_text(e), f->msg);
	}
}

static void
test_file_full(void **state)
{
	struct file *f = *state;

	for (int i = 0; i < CG_KEYS_MAX; i++)
		assert_int_equal(cg_keyring_add(f->ring, 0), CG_OK);
	assert_int_equal(cg_keyring_add(f->ring, 0), CG_LIMIT);
	f->ring->key[0].current = true;
	assert_int_equal(cg_keyring_write(f->ring, f->name, f->msg), CG_OK);
	assert_int_equal(cg_keyring_read(f->ring, f->name, f->msg), CG_OK);
	assert_int_equal(f->ring->n, CG_KEYS_MAX);
}

int
main(void)
{
	const struct CMUnitTest vault[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_the_same_is_sealed_alike),
		cmocka_unit_test(test_what_is_clear_stays),
		cmocka_unit_test(test_another_place),
		cmocka_unit_test(test_another_key),
		cmocka_unit_test(test_spoilt),
		cmocka_unit_test_setup_teardown(test_file_there_and_back, file_up,
		    file_down),
		cmocka_unit_test_setup_teardown(test_file_bad, file_up, file_down),
		cmocka_unit_test_setup_teardown(test_file_full, file_up, file_down),
	};

	return cmocka_run_group_tests_name("vault", vault, up, down);
}
