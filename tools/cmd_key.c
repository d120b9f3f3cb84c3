/* key new, list, rotate and drop: the keys of the vault. */
#include "config.h"

#include "cli.h"

#include <time.h>

struct keys {
	struct cli		*cli;
	struct cg_keyring	*ring;
	uint64_t		 rows[CG_KEYS_MAX];	/* that are sealed with each */
	uint64_t		 lost;		/* sealed with a key that is not there */
};

static size_t
place_of(const struct keys *k, uint32_t id)
{
	size_t i = 0;

	while (i < k->ring->n && k->ring->key[i].id != id)
		i++;
	return i;
}

static size_t
current(const struct keys *k)
{
	size_t i = 0;

	while (i < k->ring->n && !k->ring->key[i].current)
		i++;
	return i;
}

static void
make_current(struct keys *k, size_t place)
{
	for (size_t i = 0; i < k->ring->n; i++)
		k->ring->key[i].current = i == place;
}

static int
file_named(const struct cli *cli)
{
	if (cli->conf.key_file[0] != '\0')
		return 0;
	return cli_fail("there is no key file; name one with key_file in [privacy] "
	    "of %s", cli_ini(cli));
}

static int
ring_write(const struct keys *k)
{
	char msg[CG_MSG_MAX];

	return cg_keyring_write(k->ring, k->cli->conf.key_file, msg) == CG_OK ?
	    0 : cli_fail("%s", msg);
}

static int
ring_add(struct keys *k)
{
	return cg_keyring_add(k->ring, (int64_t)time(NULL)) == CG_OK ? 0 :
	    cli_fail("there are %d keys already; type: clockgate key list, and "
	    "drop those that are not in use", CG_KEYS_MAX);
}

/* ---- new ---- */

static int
first_key(struct keys *k)
{
	const char *file = k->cli->conf.key_file;
	int status;

	if ((status = ring_add(k)) != 0)
		return status;
	k->ring->key[0].current = true;
	if ((status = ring_write(k)) != 0)
		return status;
	printf("key 1 is in %s, which its owner alone can read\n"
	    "to let the programs read it, type: chgrp GROUP %s; chmod g+r %s\n"
	    "keep a copy of it where the copies of the database are not\n", file,
	    file, file);
	return 0;
}

static int
next_key(struct keys *k)
{
	int status;

	if ((status = ring_add(k)) != 0 || (status = ring_write(k)) != 0)
		return status;
	printf("key %u is in %s; when every host has the file, type: clockgate "
	    "key rotate\n", k->ring->key[k->ring->n - 1].id,
	    k->cli->conf.key_file);
	return 0;
}

static int
with_ring(struct cli *cli, bool or_none, int (*run)(struct keys *))
{
	struct keys k = { .cli = cli };
	char msg[CG_MSG_MAX];
	enum cg_err e;
	int status;

	if ((status = file_named(cli)) != 0)
		return status;
	if (cg_keyring_new(&k.ring) != CG_OK)
		return cli_fail("no memory");
	e = cg_keyring_read(k.ring, cli->conf.key_file, msg);
	if (e == CG_OK || (e == CG_UNKNOWN && or_none))
		status = run(&k);
	else
		status = cli_fail("%s", msg);
	cg_keyring_free(k.ring);
	return status;
}

static int
new_key(struct keys *k)
{
	return k->ring->n == 0 ? first_key(k) : next_key(k);
}

int
cli_key_new(struct cli *cli)
{
	return with_ring(cli, true, new_key);
}

/* ---- list ---- */

static void
take_use(void *arg, uint32_t id, uint64_t rows)
{
	struct keys *k = arg;
	size_t i = place_of(k, id);

	if (i < k->ring->n)
		k->rows[i] = rows;
	else
		k->lost += rows;
}

static int
count(struct keys *k)
{
	for (size_t i = 0; i < CG_LEN(k->rows); i++)
		k->rows[i] = 0;
	k->lost = 0;
	return cg_vault_uses(k->cli->db, take_use, k) == CG_OK ? 0 :
	    cli_db_fault(k->cli, "keys");
}

static void
print_key(const struct keys *k, size_t i, struct out *out)
{
	static const char *const name[] = { "id", "made_utc", "current", "rows" };
	const struct cg_key *key = &k->ring->key[i];
	char id[16], made[32], rows[24];
	struct cg_time t;

	cg_time_from_seconds(key->made, &t);
	snprintf(id, sizeof(id), "%u", key->id);
	snprintf(made, sizeof(made), "%04u-%02u-%02u %02u:%02u:%02u", t.year,
	    t.month, t.day, t.hour, t.minute, t.second);
	snprintf(rows, sizeof(rows), "%llu", (unsigned long long)k->rows[i]);
	out_row(out, name, (struct cg_str[]){ cg_str_of(id), cg_str_of(made),
	    cg_str_of(key->current ? "yes" : ""), cg_str_of(rows) },
	    CG_LEN(name));
}

static int
list(struct keys *k)
{
	struct out *out;
	int status;

	if ((status = count(k)) != 0)
		return status;
	if ((out = out_new(k->cli->format, stdout)) == NULL)
		return cli_fail("no memory");
	for (size_t i = 0; i < k->ring->n; i++)
		print_key(k, i, out);
	if (!out_end(out))
		return cli_fail("the output could not be written");
	if (k->lost > 0)
		return cli_fail("%llu rows are sealed with keys that are not in "
		    "%s: find a copy of it that has them",
		    (unsigned long long)k->lost, k->cli->conf.key_file);
	return 0;
}

int
cli_key_list(struct cli *cli)
{
	return with_ring(cli, false, list);
}

/* ---- rotate ---- */

/* Rows of older keys: somebody began, and did not end. */
static bool
unfinished(const struct keys *k)
{
	size_t now = current(k);

	for (size_t i = 0; i < k->ring->n; i++)
		if (i != now && k->rows[i] > 0)
			return true;
	return false;
}

/* The newest key becomes current: one that key new made, or one made now. */
static int
choose_key(struct keys *k)
{
	uint32_t before;
	int status;

	if ((status = count(k)) != 0)
		return status;
	before = k->ring->key[current(k)].id;
	if (k->ring->key[k->ring->n - 1].current && unfinished(k)) {
		printf("key %u is current, and older keys are in use: going on\n",
		    before);
		return 0;
	}
	if (k->ring->key[k->ring->n - 1].current && (status = ring_add(k)) != 0)
		return status;
	make_current(k, k->ring->n - 1);
	if ((status = ring_write(k)) != 0)
		return status;
	printf("key %u is current, in place of key %u\n",
	    k->ring->key[k->ring->n - 1].id, before);
	return 0;
}

/* Programs may still seal with the key before: until a round finds nothing. */
static int
seal_all(struct keys *k)
{
	struct cg_rotation round, all = { 0, 0 };
	int status;

	fflush(stdout);
	if ((status = cli_keys(k->cli)) != 0)
		return status;
	do {
		if (cg_vault_rotate(k->cli->db, (enum cg_privacy)
		    k->cli->conf.privacy, &round) != CG_OK)
			return cli_db_fault(k->cli, "key rotate: not all is sealed "
			    "again; type it once more to go on");
		all.rows += round.rows;
		all.failed = round.failed;
	} while (round.rows > 0);
	printf("%llu rows are sealed with key %u\n", (unsigned long long)all.rows,
	    k->ring->key[current(k)].id);
	if (all.failed > 0)
		return cli_fail("%llu rows can't be opened, or don't "
		    "fit when sealed, and stay as they are",
		    (unsigned long long)all.failed);
	return 0;
}

static int
rotate(struct keys *k)
{
	int status = choose_key(k);

	return status != 0 ? status : seal_all(k);
}

int
cli_key_rotate(struct cli *cli)
{
	return with_ring(cli, false, rotate);
}

/* ---- drop ---- */

static int
drop(struct keys *k)
{
	const char *word = k->cli->word[0];
	size_t i = k->ring->n;
	uint32_t id;
	int status;

	if (cg_str_u32(cg_str_of(word), UINT32_MAX, &id) == CG_OK)
		i = place_of(k, id);
	if (i == k->ring->n)
		return cli_fail("there is no key %s; type: clockgate key list", word);
	if (k->ring->key[i].current)
		return cli_fail("key %u is current; to have another, type: "
		    "clockgate key rotate", id);
	if ((status = seal_all(k)) != 0 || (status = count(k)) != 0)
		return status;
	if (k->rows[i] > 0)
		return cli_fail("key %u is in use: %llu rows are sealed with it; "
		    "type: clockgate key rotate", id,
		    (unsigned long long)k->rows[i]);
	for (; i + 1 < k->ring->n; i++)
		k->ring->key[i] = k->ring->key[i + 1];
	k->ring->n--;
	if ((status = ring_write(k)) != 0)
		return status;
	printf("key %u is gone: copies of the database that were made with it "
	    "can be opened with a copy of it alone\n", id);
	return 0;
}

int
cli_key_drop(struct cli *cli)
{
	return with_ring(cli, false, drop);
}
