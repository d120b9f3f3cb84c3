/*
 * Introduces clocks to programs, so that they know them before anything is
 * measured: the FastCGI request on standard input goes to each socket for
 * each of the clocks, whose number takes the place of 000000 in it.
 *
 *	meet CLOCKS SOCKET... < REQUEST
 */
#include "config.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
fail(const char *what)
{
	fprintf(stderr, "meet: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int
call(const char *path, const char *request, size_t n)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || strlen(path) >= sizeof(to.sun_path))
		fail(path);
	memcpy(to.sun_path, path, strlen(path));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    write(fd, request, n) != (ssize_t)n)
		fail(path);
	return fd;
}

/* Its answer, to its end: the program has finished then. */
static void
listen_to(int fd, const char *path)
{
	char answer[4096];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, answer + n, sizeof(answer) - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		fail(path);
	if (memmem(answer, n, "Status: 200", 11) == NULL) {
		fprintf(stderr, "meet: %s does not know the clock\n", path);
		exit(1);
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	char request[4096], digits[7], *number;
	unsigned long i, clocks;
	size_t n = fread(request, 1, sizeof(request), stdin);
	int k, fd[64];

	if (argc < 3 || argc > 64 ||
	    (number = memmem(request, n, "000000", 6)) == NULL) {
		fputs("usage: meet CLOCKS SOCKET... < REQUEST\n", stderr);
		return 2;
	}
	clocks = strtoul(argv[1], NULL, 10);
	alarm(300);		/* a program that does not answer ends it */
	for (i = 0; i < clocks; i++) {
		snprintf(digits, sizeof(digits), "%06lu", i % 1000000);
		memcpy(number, digits, 6);
		for (k = 2; k < argc; k++)
			fd[k] = call(argv[k], request, n);
		for (k = 2; k < argc; k++)
			listen_to(fd[k], argv[k]);
	}
	return 0;
}
