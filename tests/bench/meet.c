/*
 * Introduces clocks to programs, so that they know them before anything is
 * measured: each of the requests, which are FastCGI in a file, goes to its
 * socket for each of the clocks, whose number takes the place of 000000 in it.
 *
 *	meet CLOCKS [REQUEST SOCKET]...
 */
#include "config.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TARGETS_MAX	64
#define TRIES		5

struct target {
	struct sockaddr_un	 to;
	char			 request[2048];
	size_t			 n;
	char			*number;	/* in the request */
	int			 fd;
};

static void
fail(const char *what)
{
	fprintf(stderr, "meet: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
set_up(struct target *t, const char *file, const char *sock)
{
	FILE *f = fopen(file, "rb");

	if (f == NULL)
		fail(file);
	t->n = fread(t->request, 1, sizeof(t->request), f);
	fclose(f);
	t->number = memmem(t->request, t->n, "000000", 6);
	t->to.sun_family = AF_UNIX;
	if (t->number == NULL || strlen(sock) >= sizeof(t->to.sun_path)) {
		fprintf(stderr, "meet: can't use %s for %s\n", file, sock);
		exit(1);
	}
	memcpy(t->to.sun_path, sock, strlen(sock));
}

static void
call(struct target *t, unsigned long clock)
{
	char digits[7];

	snprintf(digits, sizeof(digits), "%06lu", clock % 1000000);
	memcpy(t->number, digits, 6);
	t->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (t->fd < 0 ||
	    connect(t->fd, (struct sockaddr *)&t->to, sizeof(t->to)) != 0 ||
	    write(t->fd, t->request, t->n) != (ssize_t)t->n)
		fail(t->to.sun_path);
}

/* Its answer, to its end: the program has finished then.  False: not now. */
static bool
listen_to(const struct target *t)
{
	char answer[4096];
	size_t n = 0;
	ssize_t got;

	while ((got = read(t->fd, answer + n, sizeof(answer) - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		fail(t->to.sun_path);
	close(t->fd);
	if (memmem(answer, n, "Status: 200", 11) != NULL)
		return true;
	if (memmem(answer, n, "Status: 503", 11) != NULL)
		return false;
	fprintf(stderr, "meet: %s does not know the clock: %.*s\n",
	    t->to.sun_path, (int)n, answer);
	exit(1);
}

/* Many processes that learn of a clock at once may be in each other's way. */
static void
call_again(struct target *t, unsigned long clock)
{
	int tries = TRIES;

	do {
		if (tries-- == 0) {
			fprintf(stderr, "meet: %s answers 503\n", t->to.sun_path);
			exit(1);
		}
		call(t, clock);
	} while (!listen_to(t));
}

int
main(int argc, char **argv)
{
	static struct target target[TARGETS_MAX];
	unsigned long i, clocks;
	int k, n = (argc - 2) / 2;

	if (argc < 4 || argc % 2 != 0 || n > TARGETS_MAX) {
		fputs("usage: meet CLOCKS [REQUEST SOCKET]...\n", stderr);
		return 2;
	}
	clocks = strtoul(argv[1], NULL, 10);
	for (k = 0; k < n; k++)
		set_up(&target[k], argv[2 + 2 * k], argv[3 + 2 * k]);
	alarm(600);		/* a program that does not answer ends it */
	for (i = 0; i < clocks; i++) {
		for (k = 0; k < n; k++)
			call(&target[k], i);
		for (k = 0; k < n; k++)
			if (!listen_to(&target[k]))
				call_again(&target[k], i);
	}
	return 0;
}
