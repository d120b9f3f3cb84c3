/*
 * The ini: whatever stands in it is refused with one line that says why, or
 * taken within the limits of the table and printed so that it reads the same.
 */
#define _GNU_SOURCE	/* memfd_create */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cg_app.h"
#include "fuzz.h"

#define PRINTED_MAX	((size_t)1 << 20)

/* A file that nobody else can read, as an ini must be. */
static int
file_of(struct cg_str text, char path[32])
{
	int fd = memfd_create("ini", MFD_CLOEXEC);

	REQUIRE(fd >= 0 && fchmod(fd, 0600) == 0);
	REQUIRE(write(fd, text.p, text.n) == (ssize_t)text.n);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static enum cg_err
load(struct cg_conf *c, struct cg_str text, char msg[CG_MSG_MAX])
{
	char path[32];
	int fd = file_of(text, path);
	enum cg_err e = cg_conf_load(c, "cdata", path, NULL, 0, msg);

	close(fd);
	return e;
}

static void
within_limits(const struct cg_conf *c)
{
	for (size_t i = 0; i < cg_conf_nkeys; i++) {
		const struct cg_conf_key *k = &cg_conf_keys[i];
		unsigned value;

		if (k->type != CG_CONF_UINT)
			continue;
		memcpy(&value, (const char *)c + k->offset, sizeof(value));
		REQUIRE(value >= k->min && value <= k->max);
	}
}

static const struct cg_conf_key *
key_of(struct cg_str section, struct cg_str key)
{
	for (size_t i = 0; i < cg_conf_nkeys; i++)
		if (cg_str_ieq(section, cg_str_of(cg_conf_keys[i].section)) &&
		    cg_str_ieq(key, cg_str_of(cg_conf_keys[i].key)))
			return &cg_conf_keys[i];
	return NULL;
}

/* Each number of the file is in force. */
static void
numbers_count(const struct cg_conf *c, struct cg_str text)
{
	struct cg_str line, section = { NULL, 0 };
	const struct cg_conf_key *k;
	uint32_t told, value;

	while (cg_str_line(&text, &line)) {
		size_t eq;

		line = cg_str_trim(line);
		if (cg_str_starts(line, cg_lit("[")))
			section = cg_str_trim(cg_str_head(cg_str_from(line, 1),
			    cg_str_chr(line, ']') - 1));
		eq = cg_str_chr(line, '=');
		k = key_of(section, cg_str_trim(cg_str_head(line, eq)));
		if (k == NULL || k->type != CG_CONF_UINT || cg_str_u32(
		    cg_str_trim(cg_str_from(line, eq + 1)), k->max, &told) != CG_OK)
			continue;
		memcpy(&value, (const char *)c + k->offset, sizeof(value));
		REQUIRE(value == told);
	}
}

static struct cg_str
printed(const struct cg_conf *c, char *room)
{
	FILE *f = fmemopen(room, PRINTED_MAX, "w");
	long n;

	REQUIRE(f != NULL);
	cg_conf_print(c, f);
	REQUIRE(fflush(f) == 0 && (n = ftell(f)) > 0);
	fclose(f);
	return (struct cg_str){ room, (size_t)n };
}

static void
reads_the_same(const struct cg_conf *c)
{
	char msg[CG_MSG_MAX], *room = malloc(2 * PRINTED_MAX);
	struct cg_conf again;
	struct cg_str text, second;

	REQUIRE(room != NULL);
	text = printed(c, room);
	REQUIRE(load(&again, text, msg) == CG_OK);
	second = printed(&again, room + PRINTED_MAX);
	REQUIRE(cg_str_eq(text, second));
	cg_conf_free(&again);
	free(room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char msg[CG_MSG_MAX];
	struct cg_conf c;

	if (load(&c, fuzz_input(p, n), msg) == CG_OK) {
		REQUIRE(msg[0] == '\0');
		within_limits(&c);
		numbers_count(&c, fuzz_input(p, n));
		reads_the_same(&c);
	} else {
		REQUIRE(msg[0] != '\0' && strlen(msg) < CG_MSG_MAX);
		REQUIRE(strpbrk(msg, "\r\n") == NULL);
	}
	cg_conf_free(&c);
	return 0;
}
