/*
 * A fuzz target without libFuzzer: each seed of its corpus, whole and cut off
 * at every length, is one test.
 *
 *	fuzz_NAME [FILE...]
 *
 * Without arguments the seeds are those of tests/fuzz/corpus/fuzz_NAME.
 */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MAX	((size_t)1 << 20)
#define CUTS_MAX	512	/* of one seed */

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* As libFuzzer calls it: bytes that end where their memory ends. */
static void
run(const char *p, size_t n)
{
	uint8_t *exact = malloc(n > 0 ? n : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, p, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

static void
seed(const char *path, char *p, unsigned number)
{
	const char *slash = strrchr(path, '/');
	FILE *f = fopen(path, "rb");
	size_t n, cut, step;

	if (f == NULL) {
		printf("not ok %u - %s can't be read\n", number, path);
		return;
	}
	n = fread(p, 1, SEED_MAX, f);
	fclose(f);
	step = n / CUTS_MAX + 1;
	for (cut = 0; cut < n; cut += step)
		run(p, cut);
	run(p, n);
	printf("ok %u - %s\n", number, slash != NULL ? slash + 1 : path);
}

static int
is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static unsigned
corpus(const char *target, char *bytes)
{
	const char *top = getenv("top_srcdir");
	struct dirent **entry;
	char dir[4096], path[8192];
	int i, n;

	snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s",
	    top != NULL ? top : ".", target);
	if ((n = scandir(dir, &entry, is_file, alphasort)) <= 0) {
		printf("not ok 1 - no seeds in %s\n", dir);
		return 1;
	}
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry[i]->d_name);
		printf("# %s\n", path);
		fflush(stdout);
		seed(path, bytes, (unsigned)i + 1);
		free(entry[i]);
	}
	free(entry);
	return (unsigned)n;
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	char *bytes = malloc(SEED_MAX);
	unsigned number = 0;

	if (bytes == NULL)
		return 1;
	if (argc == 1)
		number = corpus(slash != NULL ? slash + 1 : argv[0], bytes);
	for (; argc > 1 && argv[number + 1] != NULL; number++)
		seed(argv[number + 1], bytes, number + 1);
	printf("1..%u\n", number);
	free(bytes);
	return 0;
}
