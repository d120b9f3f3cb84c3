/* The loop: clocks by the time when they want something, requests under way. */
#include "config.h"

#include "sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- clocks in the order of their time ---- */

static void
heap_put(struct fleet *f, struct clock *c)
{
	size_t i = f->nheap++, up;

	for (; i > 0; i = up) {
		up = (i - 1) / 2;
		if (f->heap[up]->due <= c->due)
			break;
		f->heap[i] = f->heap[up];
	}
	f->heap[i] = c;
}

static struct clock *
heap_take(struct fleet *f)
{
	struct clock *top = f->heap[0], *c = f->heap[--f->nheap];
	size_t i = 0, down;

	while ((down = 2 * i + 1) < f->nheap) {
		if (down + 1 < f->nheap &&
		    f->heap[down + 1]->due < f->heap[down]->due)
			down++;
		if (c->due <= f->heap[down]->due)
			break;
		f->heap[i] = f->heap[down];
		i = down;
	}
	f->heap[i] = c;
	return top;
}

/* ---- set up ---- */

/* Many clocks have many connections. */
static void
files_allow(uint32_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n + 64U)
		return;
	limit.rlim_cur = limit.rlim_max < n + 64U ? limit.rlim_max : n + 64U;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int
signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	if ((fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
		fatal("signals: %s", strerror(errno));
	return fd;
}

#define NOTICE_PORT	4374

/* Any datagram means that a command waits (notes 5). */
static int
notices(const struct plan *plan)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
	    .sin_port = htons(NOTICE_PORT) };
	int fd;

	if (!plan->udp)
		return -1;
	if (inet_pton(AF_INET, plan->ip, &at.sin_addr) != 1)
		fatal("%s: this is no address", plan->ip);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		fatal("%s port %d: %s", plan->ip, NOTICE_PORT, strerror(errno));
	return fd;
}

static void
headers(struct fleet *f)
{
	/* An empty value takes away what libcurl would send. */
	static const char *const line[] = {
		"Connection: close", "Expect:", "Content-Type:"
	};

	for (size_t i = 0; i < CG_LEN(line); i++)
		f->header = curl_slist_append(f->header, line[i]);
	if (f->header == NULL)
		fatal("no memory");
}

static void
set_up(struct fleet *f, const struct plan *plan)
{
	double now = now_mono();

	memset(f, 0, sizeof(*f));
	f->plan = plan;
	f->signal_fd = signals();
	f->notice_fd = notices(plan);
	ledger_open(&f->ledger, plan->ledger);
	if (curl_global_init(CURL_GLOBAL_ALL) != 0 ||
	    (f->multi = curl_multi_init()) == NULL)
		fatal("libcurl can't start");
	headers(f);
	files_allow(plan->connections);
	f->slot = grow(NULL, plan->connections, sizeof(*f->slot));
	for (uint32_t i = 0; i < plan->connections; i++)
		slot_init(&f->slot[i], f);
	f->clock = grow(NULL, plan->fleet, sizeof(*f->clock));
	f->heap = grow(NULL, plan->fleet, sizeof(struct clock *));
	for (uint32_t i = 0; i < plan->fleet; i++) {
		clock_init(&f->clock[i], plan, f, i);
		/* Not all at the same instant. */
		f->clock[i].due = now + i * 0.0005;
		heap_put(f, &f->clock[i]);
	}
	f->unfinished = plan->fleet;
}

/* ---- the loop ---- */

static void
start_due(struct fleet *f, double now)
{
	struct slot *s;
	struct clock *c;

	while (f->unused != NULL && f->nheap > 0 && f->heap[0]->due <= now) {
		s = f->unused;
		c = heap_take(f);
		if (!clock_next(c, now, &s->ask)) {
			heap_put(f, c);
			continue;
		}
		f->unused = s->next;
		s->clock = c;
		slot_start(f, s);
	}
}

static void
finish_one(struct fleet *f, struct slot *s, CURLcode code)
{
	struct clock *c = s->clock;
	struct answer answer;

	slot_finish(s, code, &answer);
	clock_answer(c, now_mono(), &s->ask, &answer);
	curl_multi_remove_handle(f->multi, s->curl);
	s->clock = NULL;
	s->next = f->unused;
	f->unused = s;
	if (c->finished)
		f->unfinished--;
	else
		heap_put(f, c);
}

static void
finish_all(struct fleet *f)
{
	struct slot *s;
	CURLMsg *m;
	CURLcode code;
	int left;

	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		code = m->data.result;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &s);
		finish_one(f, s, code);
	}
}

/* Milliseconds until a clock or a paused body wants to go on. */
static int
patience(const struct fleet *f, double now)
{
	double until = now + 1;

	if (f->unused != NULL && f->nheap > 0 && f->heap[0]->due < until)
		until = f->heap[0]->due;
	for (uint32_t i = 0; i < f->plan->connections; i++)
		if (f->slot[i].clock != NULL && f->slot[i].resume > 0 &&
		    f->slot[i].resume < until)
			until = f->slot[i].resume;
	return until <= now ? 0 : (int)((until - now) * 1000) + 1;
}

/* One clock alone listens: whether it waits or is asking, it asks again. */
static void
notice_take(struct fleet *f)
{
	char bytes[16];

	if (f->notice_fd < 0 || recv(f->notice_fd, bytes, sizeof(bytes), 0) < 1)
		return;
	clock_say(&f->clock[0], "notice: a command waits");
	f->clock[0].next_work = f->clock[0].due = now_mono();
}

/* True when it is over: all is done, or a signal asks to end. */
static bool
turn(struct fleet *f)
{
	struct curl_waitfd wait[] = {
		{ .fd = f->signal_fd, .events = CURL_WAIT_POLLIN },
		{ .fd = f->notice_fd, .events = CURL_WAIT_POLLIN },
	};
	struct signalfd_siginfo info;
	int running;
	double now;

	start_due(f, now_mono());
	curl_multi_perform(f->multi, &running);
	finish_all(f);
	if (f->unfinished == 0)
		return true;
	curl_multi_poll(f->multi, wait, f->notice_fd < 0 ? 1 : 2,
	    patience(f, now_mono()), NULL);
	now = now_mono();
	for (uint32_t i = 0; i < f->plan->connections; i++)
		if (f->slot[i].clock != NULL)
			slot_resume(&f->slot[i], now);
	notice_take(f);
	return read(f->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info);
}

/* ---- the end ---- */

static void
summary(const struct fleet *f, double seconds)
{
	const struct count *n = &f->count;
	size_t met = 0, left = 0;

	for (uint32_t i = 0; i < f->plan->fleet; i++) {
		met += f->clock[i].met;
		left += f->clock[i].log[ATTLOG].n - f->clock[i].log[ATTLOG].done;
	}
	if (f->plan->quiet)
		return;
	printf("clocks=%u met=%zu requests=%llu failures=%llu commands=%llu "
	    "acknowledged=%llu left=%zu seconds=%.1f\n", f->plan->fleet, met,
	    (unsigned long long)n->requests, (unsigned long long)n->failures,
	    (unsigned long long)n->commands, (unsigned long long)n->acknowledged,
	    left, seconds);
	if (f->plan->faults > 0)
		printf("faults: cut=%llu deaf=%llu repeated=%llu slow=%llu "
		    "wrong=%llu\n", (unsigned long long)n->fault[CUT],
		    (unsigned long long)n->fault[DEAF],
		    (unsigned long long)n->fault[REPEAT],
		    (unsigned long long)n->fault[SLOW],
		    (unsigned long long)n->fault[WRONG]);
}

static void
dump_all(const struct fleet *f)
{
	FILE *out;

	if (f->plan->dump == NULL)
		return;
	if ((out = fopen(f->plan->dump, "w")) == NULL)
		fatal("%s: %s", f->plan->dump, strerror(errno));
	for (uint32_t i = 0; i < f->plan->fleet; i++)
		dump(&f->clock[i], out);
	if (fclose(out) != 0)
		fatal("%s: %s", f->plan->dump, strerror(errno));
}

static void
tear_down(struct fleet *f)
{
	for (uint32_t i = 0; i < f->plan->connections; i++) {
		if (f->slot[i].clock != NULL)
			curl_multi_remove_handle(f->multi, f->slot[i].curl);
		slot_free(&f->slot[i]);
	}
	for (uint32_t i = 0; i < f->plan->fleet; i++)
		clock_free(&f->clock[i]);
	free(f->slot);
	free(f->clock);
	free(f->heap);
	curl_multi_cleanup(f->multi);
	curl_slist_free_all(f->header);
	curl_global_cleanup();
	if (f->ledger.fd >= 0)
		close(f->ledger.fd);
	if (f->notice_fd >= 0)
		close(f->notice_fd);
	close(f->signal_fd);
}

/* With --once everything must be done; else one clock must have been met. */
static int
outcome(const struct fleet *f)
{
	if (f->key_failed)
		return 1;
	if (f->plan->once)
		return f->unfinished == 0 ? 0 : 1;
	for (uint32_t i = 0; i < f->plan->fleet; i++)
		if (f->clock[i].met)
			return 0;
	return 1;
}

int
fleet_run(const struct plan *plan)
{
	double began = now_mono();
	struct fleet f;
	int status;

	set_up(&f, plan);
	while (f.unfinished > 0 &&
	    (plan->seconds == 0 || now_mono() < began + plan->seconds))
		if (turn(&f))
			break;
	summary(&f, now_mono() - began);
	dump_all(&f);
	status = outcome(&f);
	tear_down(&f);
	return status;
}
