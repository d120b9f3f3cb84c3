/*
 * FastCGI: take a request, then all others that already wait on the socket,
 * handle them in one transaction, then answer each.
 */
#include "config.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "web.h"

#define LISTENER	0		/* where FastCGI puts the socket */
#define GATHER_BYTES	(1u << 20)	/* of bodies; then the batch is full */
/* in nanoseconds */
#define LINGER_LEAST	100000L		/* below, waiting is in vain */
#define LINGER_MOST	4000000L
#define LINGER_GAP	150000L		/* so long for the next request */

struct server {
	struct cg_app	*app;
	struct cg_arena	*arena;
	int		 signals;	/* a descriptor that SIGTERM makes readable */
	int		 poll;		/* epoll of the listener and the signals */
	long		 linger;	/* nanoseconds that the next batch waits for more */
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
 * When a request wakes this process, whoever has the processor goes on: the web
 * server brings the next requests in the meantime, and one switch between the
 * two serves them all.  On an idle processor nothing changes.  Where it is
 * forbidden all works as well, but slower.
 */
static void
be_patient(void)
{
	struct sched_param none = { 0 };

	(void)sched_setscheduler(0, SCHED_BATCH, &none);
}

static long
nanoseconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000000000L +
	    (now.tv_nsec - start->tv_nsec);
}

static enum cg_err
watch(struct server *s, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(s->poll, EPOLL_CTL_ADD, fd, &ev) == 0 ? CG_OK : CG_SYS;
}

/*
 * Several processes may share the listener: another may be faster, and then
 * accept must not wait; and one request is to wake one of them.
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
	if ((s->poll = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
	    watch(s, LISTENER, EPOLLIN | EPOLLEXCLUSIVE) != CG_OK)
		return CG_SYS;
	return watch(s, s->signals, EPOLLIN);
}

/* Wait so many milliseconds at most.  CG_STOP: asked to end. */
static enum cg_err
wait_for_request(struct server *s, int ms)
{
	struct epoll_event ev[2];
	int i, n = epoll_wait(s->poll, ev, CG_LEN(ev), ms);

	if (n < 0)
		return errno == EINTR ? CG_OK : CG_SYS;
	for (i = 0; i < n; i++)
		if (ev[i].data.fd == s->signals)
			return CG_STOP;
	return CG_OK;
}

/* At least the record that ends the body. */
static void
drain(FCGX_Request *conn)
{
	char waste[8192];

	while (FCGX_GetStr(waste, sizeof(waste), conn->in) > 0)
		;
}

/*
 * Who waited for the last answer may be back with the next request.  Without
 * this, half of the clocks wait while the database is busy with the other
 * half, and each commit serves half as many.  When the next does not come soon,
 * all who will come are here.
 */
static bool
more_come(long *linger)
{
	struct pollfd fd = { .fd = LISTENER, .events = POLLIN };
	struct timespec start, wait = { 0,
	    *linger < LINGER_GAP ? *linger : LINGER_GAP };

	clock_gettime(CLOCK_MONOTONIC, &start);
	if (*linger <= 0 || ppoll(&fd, 1, &wait, NULL) != 1)
		return false;
	*linger -= nanoseconds_since(&start);
	return true;
}

/* Take what waits; the count is 0 when nothing does. */
static size_t
gather(struct server *s)
{
	size_t n = 0, bytes = 0;

	while (n < s->app->conf.gather && bytes < GATHER_BYTES) {
		struct cg_gate g = gate(&s->conn[n]);

		if (FCGX_Accept_r(&s->conn[n]) < 0) {
			if (n == 0 || !more_come(&s->linger))
				break;
			continue;
		}
		cg_gate_read(&g, &s->app->conf, s->arena, &s->req[n]);
		drain(&s->conn[n]);
		bytes += s->req[n++].body.n;
	}
	return n;
}

/*
 * Only the listener is waited on, so no connection is kept, whatever the web
 * server asked for.  libfcgi would wait until the web server hangs up first,
 * lest bytes that nobody read make TCP drop the answer; here all are read.
 */
static void
finish(FCGX_Request *conn)
{
	conn->keepConnection = 1;
	FCGX_Finish_r(conn);
	if (conn->ipcFd >= 0)
		close(conn->ipcFd);
	conn->ipcFd = -1;
}

static void
answer(struct server *s, size_t n, const struct timespec *start)
{
	size_t i;
	long ms;

	for (i = 0; i < n; i++) {
		struct cg_gate g = gate(&s->conn[i]);

		cg_gate_reply(&g, &s->res[i]);
		finish(&s->conn[i]);
	}
	ms = nanoseconds_since(start) / 1000000L;
	cg_log_hold(&s->app->log);
	for (i = 0; i < n; i++)
		cg_log_request(s->app, &s->req[i], &s->res[i], ms);
	cg_log_release(&s->app->log);
}

/*
 * No longer than the last batch took, when it was more than one request and
 * waited for the database: one clock alone waits for nothing.
 */
static long
linger_after(size_t n, const struct timespec *start)
{
	long took = nanoseconds_since(start);

	if (n <= 1 || took < LINGER_LEAST)
		return 0;
	return took < LINGER_MOST ? took : LINGER_MOST;
}

/* The number of requests served. */
static size_t
serve_batch(struct server *s, int64_t now)
{
	struct timespec start;
	size_t n;

	if ((n = gather(s)) == 0)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &start);
	cg_app_run(s->app, s->req, s->res, n, now);
	s->linger = linger_after(n, &start);
	answer(s, n, &start);
	cg_arena_reset(s->arena);
	return n;
}

/* What is due besides, then the next request.  CG_STOP: asked to end. */
static enum cg_err
step(struct server *s)
{
	return wait_for_request(s, cg_app_idle(s->app, (int64_t)time(NULL)));
}

enum cg_err
cg_fcgi_serve(struct cg_app *app, struct cg_arena *arena)
{
	struct server *s = calloc(1, sizeof(*s));	/* too large for the stack */
	size_t served = 0;
	enum cg_err e;

	if (s == NULL)
		return CG_NOMEM;
	s->app = app;
	s->arena = arena;
	be_patient();
	if ((e = watch_signals(s)) == CG_OK)
		e = open_listener(s);
	while (e == CG_OK) {
		served += serve_batch(s, (int64_t)time(NULL));
		if (app->conf.requests_max > 0 &&
		    served >= app->conf.requests_max)
			e = CG_STOP;
		else if ((e = step(s)) == CG_STOP)
			/* what came with the signal woke no other process */
			serve_batch(s, (int64_t)time(NULL));
	}
	free(s);
	return e;
}
