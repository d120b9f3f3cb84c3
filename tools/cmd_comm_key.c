/* device set-key and device rotate-key: the communication key of a clock. */
#include "config.h"

#include "send.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

#define KEY_MAX		64

/* ---- the key: made, asked for, or a line of the standard input ---- */

/* Ask on the terminal, without showing what is typed. */
static char *
ask(char *line, int size)
{
	struct termios shown, hidden;
	bool tty = tcgetattr(STDIN_FILENO, &shown) == 0;

	if (tty) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		fputs("Key: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	line = fgets(line, size, stdin);
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	return line;
}

static int
key_take(const struct cli *cli, char key[KEY_MAX + 3])
{
	size_t n;

	if (cli->option[CLI_GENERATE] != NULL) {
		cg_comm_key_generate(key);
		return 0;
	}
	if (ask(key, KEY_MAX + 3) == NULL)
		key[0] = '\0';
	n = strcspn(key, "\r\n");
	key[n] = '\0';
	if (n > 0 && n <= KEY_MAX && strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_.") == n)
		return 0;
	return cli_fail("a key has 1 to %d letters, digits, -, _ and . ; write it to "
	    "the standard input, or type: --generate", KEY_MAX);
}

/* ---- set-key ---- */

int
cli_device_set_key(struct cli *cli)
{
	bool none = cli->option[CLI_NONE] != NULL;
	unsigned char hash[CG_COMM_KEY_HASH], *stored = NULL;
	struct cg_device device;
	char key[KEY_MAX + 3];
	int status;

	if (none && cli->option[CLI_GENERATE] != NULL)
		return cli_misuse("--none or --generate, not both");
	if ((status = cli_device(cli, cli->word[0], &device)) != 0 ||
	    (!none && (status = key_take(cli, key)) != 0))
		return status;
	if (!none) {
		cg_comm_key_hash(device.sn, cg_str_of(key), hash);
		stored = hash;
	}
	if (cg_comm_key_set(cli->db, cg_str_of(device.sn), stored) != CG_OK)
		return cli_db_fault(cli, device.sn);
	if (cli->option[CLI_GENERATE] != NULL)
		printf("%s: its key is %s\n", device.sn, key);
	else
		printf("%s: %s\n", device.sn, none ? "no key" : "key set");
	return 0;
}

/* ---- rotate-key ---- */

static int
option_add(struct send *s, const char *item, const char *value)
{
	const struct cg_pair pair[] = {
		{ cg_lit("item"), cg_str_of(item) },
		{ cg_lit("value"), cg_str_of(value) },
	};

	return send_add(s, "", "set-option", pair, CG_LEN(pair));
}

/*
 * Which of the two names a clock knows can't be told (spec, PushComKey;
 * notes 6, trap 24), so it gets both.  After CHECK it says hello, with the new
 * key.
 */
static int
rotate_add(struct send *s)
{
	struct cg_device device;
	char key[KEY_MAX + 3];
	int status;

	if (s->nsn != 1)
		return cli_misuse("one clock at a time");
	if ((status = cli_device(s->cli, s->sn[0], &device)) != 0 ||
	    (status = key_take(s->cli, key)) != 0)
		return status;
	if ((s->next_key = cg_arena_get(s->arena, CG_COMM_KEY_HASH)) == NULL)
		return cli_fail("no memory");
	cg_comm_key_hash(device.sn, cg_str_of(key), s->next_key);
	if (!device.key.set &&
	    (status = option_add(s, "IsPushComKey", "1")) != 0)
		return status;
	if ((status = option_add(s, "PushComKey", key)) != 0 ||
	    (status = option_add(s, "pushcommkey", key)) != 0 ||
	    (status = send_add(s, "", "check", NULL, 0)) != 0)
		return status;
	if (s->cli->option[CLI_GENERATE] != NULL &&
	    (s->made_key = cg_arena_dup(s->arena, cg_str_of(key))) == NULL)
		return cli_fail("no memory");
	return 0;
}

int
cli_device_rotate_key(struct cli *cli)
{
	cli->option[CLI_YES] = "";	/* it is what was asked for */
	return send_run(cli, rotate_add);
}
