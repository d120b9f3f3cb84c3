/*
 * FastCGI: take a request, then all others that already wait on the socket,
 * handle them in one transaction, then answer each.
 */
#include "config.h"

#include <sys/signalfd.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "web.h"

#define LISTENER	0		/* where FastCGI puts the socket */
#define GATHER_BYTES	(1u << 20)	/* of bodies; then the batch is full */

struct server {
	struct cg_app	*app;
	struct cg_arena	*arena;
	int		 signals;	/* a descriptor that SIGTERM makes readable */
	unsigned	 left;		/* requests until the end; 0: no end */
	FCGX_Request	 conn[CG_GATHER_MAX];
	struct cg_req	 req[CG_GATHER_MAX];
	struct cg_res	 res[CG_GATHER_MAX];
};

bool
cg_fcgi_is_socket(void)
{
	int listening = 0;
	socklen_t n = sizeof(listening);

	return getsockopt(LISTENER, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 &&
	    listening;
}

static const char *
param(void *ctx, const char *name)
{
	return FCGX_GetParam(name, ((FCGX_Request *)ctx)->envp);
}

static size_t
read_in(void *ctx, char *p, size_t n)
{
	int got = FCGX_GetStr(p, (int)n, ((FCGX_Request *)ctx)->in);

	return got > 0 ? (size_t)got : 0;
}

static void
write_out(void *ctx, struct cg_str s)
{
	FCGX_PutStr(s.p, (int)s.n, ((FCGX_Request *)ctx)->out);
}

static struct cg_gate
gate(FCGX_Request *conn)
{
	return (struct cg_gate){ param, read_in, write_out, conn, true };
}

/*
 * Ask to end comes as a readable descriptor, so that it can only be noticed
 * between two batches and needs no handler.
 */
static enum cg_err
watch_signals(struct server *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (s->signals = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
		return CG_SYS;
	return CG_OK;
}

/*
 * Several processes share the listener: between poll and accept another may
 * have been faster, and then accept must not wait.
 */
static enum cg_err
open_listener(struct server *s)
{
	int flags = fcntl(LISTENER, F_GETFL);
	size_t i;

	if (flags < 0 || fcntl(LISTENER, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    FCGX_Init() != 0)
		return CG_SYS;
	for (i = 0; i < CG_LEN(s->conn); i++)
		if (FCGX_InitRequest(&s->conn[i], LISTENER, 0) != 0)
			return CG_SYS;
	return CG_OK;
}

/* CG_OK: somebody is there.  CG_STOP: asked to end. */
static enum cg_err
wait_for_request(struct server *s)
{
	struct pollfd fd[] = {
		{ .fd = LISTENER, .events = POLLIN },
		{ .fd = s->signals, .events = POLLIN },
	};

	for (;;) {
		int idle = cg_app_idle(s->app, (int64_t)time(NULL));

		if (poll(fd, CG_LEN(fd), idle) < 0 && errno != EINTR)
			return CG_SYS;
		if (fd[1].revents != 0)
			return CG_STOP;
		if (fd[0].revents != 0)
			return CG_OK;
	}
}

static bool
somebody_waits(void)
{
	struct pollfd fd = { .fd = LISTENER, .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

/* Take what waits; the count may be 0 when other processes were faster. */
static size_t
gather(struct server *s)
{
	size_t n = 0, bytes = 0;

	while (n < s->app->conf.gather && bytes < GATHER_BYTES) {
		struct cg_gate g = gate(&s->conn[n]);

		if (FCGX_Accept_r(&s->conn[n]) < 0)
			break;
		s->conn[n].keepConnection = 0;	/* only the listener is waited on */
		cg_gate_read(&g, &s->app->conf, s->arena, &s->req[n]);
		bytes += s->req[n++].body.n;
		if (!somebody_waits())
			break;
	}
	return n;
}

static long
milliseconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000L +
	    (now.tv_nsec - start->tv_nsec) / 1000000L;
}

static void
answer(struct server *s, size_t n, const struct timespec *start)
{
	size_t i;
	long ms;

	for (i = 0; i < n; i++) {
		struct cg_gate g = gate(&s->conn[i]);

		cg_gate_reply(&g, &s->res[i]);
		FCGX_Finish_r(&s->conn[i]);
	}
	ms = milliseconds_since(start);
	for (i = 0; i < n; i++)
		cg_log_request(s->app, &s->req[i], &s->res[i], ms);
}

static void
serve_batch(struct server *s)
{
	struct timespec start;
	size_t n;

	clock_gettime(CLOCK_MONOTONIC, &start);
	if ((n = gather(s)) == 0)
		return;
	cg_app_run(s->app, s->req, s->res, n, (int64_t)time(NULL));
	answer(s, n, &start);
	cg_arena_reset(s->arena);
	if (s->left > 0)
		s->left = n < s->left ? s->left - (unsigned)n : 0;
}

enum cg_err
cg_fcgi_serve(struct cg_app *app, struct cg_arena *arena)
{
	struct server *s = calloc(1, sizeof(*s));	/* too large for the stack */
	bool ends = app->conf.requests_max > 0;
	enum cg_err e;

	if (s == NULL)
		return CG_NOMEM;
	s->app = app;
	s->arena = arena;
	s->left = app->conf.requests_max;
	if ((e = watch_signals(s)) == CG_OK)
		e = open_listener(s);
	while (e == CG_OK && (e = wait_for_request(s)) == CG_OK) {
		serve_batch(s);
		if (ends && s->left == 0)
			e = CG_STOP;
	}
	free(s);
	return e;
}
