/*
 * Many clocks at once, for the benchmark: one thread with epoll, so that it
 * leaves the machine to what is measured.
 *
 *	load -a 127.0.0.1 -p PORT -m heartbeat -c 64 -s 10000 -w 0.5 -t 3
 *
 * Closed loop: each of the clients (-c) sends its next request when the answer
 * has come; a clock belongs to one client.  Open loop (-r requests a second):
 * requests begin when they are due, whatever became of those before, and
 * their time counts from then.  Prints one line of key=value.
 *
 * None of the server's own code.
 */
#include "config.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define IN_MAX		65536
#define HEAD_MAX	512
#define RESULTS_MAX	32768
#define LINE_BYTES	64		/* more than a line of ATTLOG */
#define FIRST_PUNCH	1704067200	/* 2024-01-01 00:00:00 */
#define DRAIN_US	20000000	/* what is still under way at the end */

enum kind { HEARTBEAT, PUNCH, PHOTO };

struct client {
	int		 fd;
	uint32_t	 events;	/* what epoll watches */
	unsigned	 number;
	unsigned	 clock;
	uint64_t	 turn;		/* requests that it has begun */
	uint64_t	 due;		/* when its request should have begun */
	bool		 busy;
	bool		 answered;	/* only the end of the connection is to come */
	bool		 result;	/* its request is one, of a command */
	enum kind	 kind;
	char		*out;
	size_t		 nout, sent;
	char		*in;
	size_t		 nin;
	char		*results;	/* of commands, to be sent next */
};

static struct {
	const char	*address;
	unsigned	 port, clients, clocks, lines, photo;
	double		 warm, time, rate, punches;
	bool		 keep;
	enum kind	 kind;
	uint64_t	 first;		/* number of the first record */
	uint64_t	 commands;	/* end when so many are answered; 0: never */
} o = { .address = "127.0.0.1", .clients = 64, .clocks = 10000, .lines = 1,
	.photo = 15360, .warm = 0.5, .time = 3 };

static struct {
	struct sockaddr_in	 to;
	struct client		*client, **idle;
	unsigned		 nidle, nbusy;
	int			 epoll;
	uint64_t		 start, from, until;
	uint64_t		 due;		/* number of the next, open loop */
	uint64_t		 good, counted, bad, broken, commands, stored, late;
	size_t			 out_max;
	char			*photo;
} g;

/* ---- a histogram of microseconds, 64 steps for each power of two ---- */

#define STEPS	64
static uint64_t histogram[40 * STEPS];

static unsigned
step_of(uint64_t us)
{
	unsigned shift = 0;

	while ((us >> shift) >= 2 * STEPS)
		shift++;
	return shift * STEPS + (unsigned)(us >> shift);
}

static uint64_t
percentile(double part)
{
	uint64_t n = 0, want = (uint64_t)(part * (double)g.counted);
	unsigned i, shift;

	if (g.counted == 0)
		return 0;
	for (i = 0; i < 39 * STEPS; i++)
		if ((n += histogram[i]) > want)
			break;
	shift = i < STEPS ? 0 : i / STEPS - 1;
	return ((uint64_t)(i - shift * STEPS) + 1) << shift;
}

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *
get(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL)
		fail("memory");
	return p;
}

/* ---- requests ---- */

/* "2024-01-01 00:00:00" of that second; the day is only made when it is new. */
static void
put_time(char *p, uint64_t second)
{
	static uint64_t day = UINT64_MAX;
	static char date[16];
	unsigned s = (unsigned)(second % 86400);
	struct tm tm;

	if (day != second / 86400) {
		time_t t = (time_t)second;

		day = second / 86400;
		(void)strftime(date, sizeof(date), "%Y-%m-%d ",
		    gmtime_r(&t, &tm));
	}
	memcpy(p, date, 11);
	p[11] = (char)('0' + s / 36000);
	p[12] = (char)('0' + s / 3600 % 10);
	p[13] = ':';
	p[14] = (char)('0' + s / 600 % 6);
	p[15] = (char)('0' + s / 60 % 10);
	p[16] = ':';
	p[17] = (char)('0' + s / 10 % 6);
	p[18] = (char)('0' + s % 10);
}

/* A line of ATTLOG as common clocks write it. */
static size_t
put_line(char *p, uint64_t n)
{
	unsigned pin = 1001 + (unsigned)(n * 7 % 5000);
	char *end = p;

	*end++ = (char)('0' + pin / 1000);
	*end++ = (char)('0' + pin / 100 % 10);
	*end++ = (char)('0' + pin / 10 % 10);
	*end++ = (char)('0' + pin % 10);
	*end++ = '\t';
	put_time(end, FIRST_PUNCH + n);
	end += 19;
	memcpy(end, "\t0\t1\t0\t0\t0\n", 11);
	return (size_t)(end + 11 - p);
}

static size_t
put_lines(char *p, uint64_t turn)
{
	uint64_t n = o.first + turn * o.lines;
	char *end = p;
	unsigned i;

	for (i = 0; i < o.lines; i++)
		end += put_line(end, n + i);
	return (size_t)(end - p);
}

static size_t
put_photo(char *p, unsigned clock, uint64_t turn)
{
	char when[32] = "", day[16];
	size_t n;

	put_time(when, FIRST_PUNCH + o.first + turn);
	memcpy(day, when, 4);
	memcpy(day + 4, when + 5, 2);
	memcpy(day + 6, when + 8, 2);
	memcpy(day + 8, when + 11, 2);
	memcpy(day + 10, when + 14, 2);
	memcpy(day + 12, when + 17, 2);
	n = (size_t)snprintf(p, 256, "PIN=%.14s-1156.jpg\nSN=BENCH%06u\n"
	    "size=%u\nCMD=uploadphoto", day, clock, o.photo);
	p[n++] = '\0';
	memcpy(p + n, g.photo, o.photo);
	/* no two alike */
	memcpy(p + n + 20, &turn, sizeof(turn));
	memcpy(p + n + 28, &clock, sizeof(clock));
	return n + o.photo;
}

static void
put_request(struct client *c, const char *method, const char *path,
    const char *more, size_t body)
{
	char head[HEAD_MAX], length[40] = "";
	int n;

	if (*method == 'P')
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", body);
	n = snprintf(head, sizeof(head), "%s /iclock/%s?SN=BENCH%06u%s "
	    "HTTP/1.1\r\nHost: %s:%u\r\nUser-Agent: iClock Proxy/1.09\r\n"
	    "Connection: %s\r\nAccept: */*\r\n%s\r\n", method, path, c->clock,
	    more, o.address, o.port, o.keep ? "keep-alive" : "close", length);
	/* bodies are written behind the room for a head */
	memcpy(c->out + HEAD_MAX - n, head, (size_t)n);
	c->sent = HEAD_MAX - (size_t)n;
	c->nout = HEAD_MAX + body;
}

static void
write_request(struct client *c, uint64_t turn)
{
	char *body = c->out + HEAD_MAX;
	size_t n;

	switch (c->kind) {
	case HEARTBEAT:
		put_request(c, "GET", "getrequest", "", 0);
		break;
	case PUNCH:
		n = put_lines(body, turn);
		put_request(c, "POST", "cdata", "&table=ATTLOG&Stamp=9999", n);
		break;
	case PHOTO:
		n = put_photo(body, c->clock, turn);
		put_request(c, "POST", "cdata", "&table=ATTPHOTO&Stamp=9999", n);
		break;
	}
}

/* The results of the commands that the last answer brought. */
static void
write_results(struct client *c)
{
	size_t n = strlen(c->results);

	memcpy(c->out + HEAD_MAX, c->results, n);
	put_request(c, "POST", "devicecmd", "", n);
	c->results[0] = '\0';
}

/* ---- connections ---- */

static void
watch(struct client *c, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = c };

	if (events != c->events && epoll_ctl(g.epoll, c->events == 0 ?
	    EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &ev) != 0)
		fail("epoll_ctl");
	c->events = events;
}

static void
hang_up(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->events = 0;
}

static void
call(struct client *c)
{
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		fail("socket");
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(c->fd, (struct sockaddr *)&g.to, sizeof(g.to)) != 0 &&
	    errno != EINPROGRESS)
		fail("connect");
}

static void
give_up(struct client *c)
{
	g.broken++;
	g.nbusy--;
	c->busy = false;
	hang_up(c);
}

static void
push(struct client *c)
{
	ssize_t n;

	while (c->sent < c->nout) {
		n = send(c->fd, c->out + c->sent, c->nout - c->sent,
		    MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == ENOTCONN)) {
			watch(c, EPOLLIN | EPOLLOUT);
			return;
		}
		if (n < 0) {
			give_up(c);
			return;
		}
		c->sent += (size_t)n;
	}
	watch(c, EPOLLIN);
}

static void
begin(struct client *c, uint64_t due)
{
	c->due = due;
	c->nin = 0;
	c->answered = false;
	c->busy = true;
	g.nbusy++;
	if (c->fd < 0)
		call(c);
	push(c);
}

/* A clock belongs to one client: it never has two requests under way. */
static void
next_of_closed_loop(struct client *c)
{
	unsigned each = o.clocks / o.clients;
	unsigned mine = each > 0 ? (unsigned)(c->turn % each) : 0;

	c->kind = o.kind;
	c->result = c->results[0] != '\0';
	if (c->result) {
		write_results(c);
	} else {
		c->clock = c->number + mine * o.clients;
		write_request(c, each > 0 ? c->turn / each : c->turn);
		c->turn++;
	}
	begin(c, now_us());
}

/* ---- answers ---- */

static const char *
field(const char *head, const char *end, const char *name)
{
	size_t n = strlen(name);
	const char *p;

	for (p = head; p != NULL && p < end; p = strstr(p, "\r\n")) {
		p += 2 * (*p == '\r');
		if (strncasecmp(p, name, n) == 0)
			return p + n;
		if (p[0] == '\r')
			break;
	}
	return NULL;
}

/* "C:17:REBOOT" wants "ID=17&Return=0&CMD=REBOOT" back. */
static void
take_commands(struct client *c, const char *body)
{
	size_t n = 0;
	const char *p;

	for (p = body; *p == 'C' && p[1] == ':'; p = strchr(p, '\n') + 1) {
		const char *id = p + 2, *word = strchr(id, ':');

		if (word == NULL || strchr(p, '\n') == NULL || n > RESULTS_MAX - 256)
			return;
		n += (size_t)snprintf(c->results + n, RESULTS_MAX - n,
		    "ID=%.*s&Return=0&CMD=%.*s\n", (int)(word - id), id,
		    (int)strcspn(word + 1, " \n"), word + 1);
		g.commands++;
	}
}

static void
count(struct client *c, uint64_t now, const char *body)
{
	if (strncmp(c->in, "HTTP/1.", 7) != 0 ||
	    strncmp(c->in + 9, "200", 3) != 0) {
		if (g.bad++ == 0)
			fprintf(stderr, "load: not 200: %.300s\n", c->in);
		return;
	}
	g.good++;
	if (!c->result && c->kind != HEARTBEAT)
		g.stored++;
	take_commands(c, body);
	if (c->result || now < g.from || now >= g.until)
		return;
	g.counted++;
	histogram[step_of(now - c->due)]++;
}

/* Whether the whole answer is there. */
static bool
whole(struct client *c, const char **body, bool *closes)
{
	const char *end, *length, *connection;

	c->in[c->nin] = '\0';
	if ((end = strstr(c->in, "\r\n\r\n")) == NULL)
		return false;
	*body = end + 4;
	if ((length = field(c->in, end, "Content-Length:")) == NULL ||
	    (size_t)(c->in + c->nin - *body) < strtoul(length, NULL, 10))
		return false;
	connection = field(c->in, end, "Connection:");
	*closes = !o.keep || (connection != NULL &&
	    strncasecmp(connection + strspn(connection, " "), "close", 5) == 0);
	return true;
}

static void
finish(struct client *c)
{
	c->busy = false;
	g.nbusy--;
	if (c->answered && !o.keep)
		hang_up(c);
}

/* The server closes first, so that it is not we who run out of ports. */
static void
pull(struct client *c)
{
	const char *body;
	bool closes;
	ssize_t n;

	n = recv(c->fd, c->in + c->nin, IN_MAX - 1 - c->nin, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		hang_up(c);
		if (c->busy && c->answered)
			finish(c);
		else if (c->busy)
			give_up(c);
		return;
	}
	c->nin += (size_t)n;
	if (c->answered || !whole(c, &body, &closes))
		return;
	c->answered = true;
	count(c, now_us(), body);
	if (!closes)
		finish(c);
}

/* Every command has been fetched, and its result was sent. */
static bool
fetched_all(const struct client *c)
{
	return o.commands > 0 && g.commands >= o.commands &&
	    c->results[0] == '\0';
}

static void
serve(struct client *c, uint32_t events)
{
	bool was_busy = c->busy;

	if (events & EPOLLOUT)
		push(c);
	if (c->fd >= 0 && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		pull(c);
	if (!was_busy || c->busy)
		return;
	if (fetched_all(c))
		g.until = now_us();
	if (o.rate > 0)
		g.idle[g.nidle++] = c;
	else if (now_us() < g.until)
		next_of_closed_loop(c);
}

/* ---- the two loops ---- */

/* Punches are spread evenly among the heartbeats, and both over the clocks. */
static void
begin_due(struct client *c)
{
	double part = o.punches / (o.rate + o.punches);
	uint64_t before = (uint64_t)((double)g.due * part);
	uint64_t punch = (uint64_t)((double)(g.due + 1) * part);
	uint64_t turn = g.due - before;

	c->kind = punch > before ? PUNCH : HEARTBEAT;
	if (c->kind == PUNCH)
		turn = before * 7919;
	c->clock = (unsigned)(turn % o.clocks);
	write_request(c, g.due);
	begin(c, g.start + (uint64_t)((double)g.due * 1e6 /
	    (o.rate + o.punches)));
	g.due++;
}

static void
begin_all_due(void)
{
	uint64_t now = now_us();
	double per_us = (o.rate + o.punches) / 1e6;

	while (now < g.until && (double)g.due / per_us <=
	    (double)(now - g.start)) {
		if (g.nidle == 0) {
			g.late++;
			return;
		}
		begin_due(g.idle[--g.nidle]);
	}
}

static void
run(void)
{
	struct epoll_event ev[256];
	uint64_t end = g.until + DRAIN_US, now;
	int i, n;

	while ((now = now_us()) < g.until || (g.nbusy > 0 && now < end)) {
		if (o.rate > 0)
			begin_all_due();
		n = epoll_wait(g.epoll, ev, 256, o.rate > 0 ? 1 : 100);
		for (i = 0; i < n; i++)
			serve(ev[i].data.ptr, ev[i].events);
	}
	g.broken += g.nbusy;
}

static void
start(void)
{
	unsigned i;

	g.start = now_us();
	g.from = g.start + (uint64_t)(o.warm * 1e6);
	g.until = g.from + (uint64_t)(o.time * 1e6);
	for (i = 0; i < o.clients; i++) {
		struct client *c = &g.client[i];

		c->number = i;
		c->fd = -1;
		c->in = get(IN_MAX);
		c->out = get(g.out_max);
		c->results = get(RESULTS_MAX);
		g.idle[i] = c;
		if (o.rate <= 0)
			next_of_closed_loop(c);
	}
	g.nidle = o.clients;
}

static void
set_up(void)
{
	size_t i;

	g.out_max = HEAD_MAX + RESULTS_MAX + (size_t)o.lines * LINE_BYTES + o.photo;
	g.client = get(o.clients * sizeof(*g.client));
	g.idle = get(o.clients * sizeof(*g.idle));
	g.photo = get(o.photo + 64);
	for (i = 0; i < o.photo; i++)	/* as little to compress as a JPEG has */
		g.photo[i] = (char)(random() >> 11);
	g.to.sin_family = AF_INET;
	g.to.sin_port = htons((uint16_t)o.port);
	if (inet_pton(AF_INET, o.address, &g.to.sin_addr) != 1)
		fail(o.address);
	if ((g.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0)
		fail("epoll");
}

/* Different clocks that asked in a closed loop. */
static unsigned
clocks_met(void)
{
	unsigned i, each = o.clocks / o.clients, met = 0;

	for (i = 0; i < o.clients; i++)
		met += g.client[i].turn < each ? (unsigned)g.client[i].turn : each;
	return met;
}

static void
report(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	printf("rate=%.1f counted=%llu good=%llu bad=%llu broken=%llu "
	    "commands=%llu stored=%llu met=%u late=%llu p50=%llu p99=%llu p999=%llu cpu=%.2f\n",
	    (double)g.counted / o.time, (unsigned long long)g.counted,
	    (unsigned long long)g.good, (unsigned long long)g.bad,
	    (unsigned long long)g.broken, (unsigned long long)g.commands,
	    (unsigned long long)g.stored, clocks_met(),
	    (unsigned long long)g.late, (unsigned long long)percentile(.5),
	    (unsigned long long)percentile(.99),
	    (unsigned long long)percentile(.999),
	    (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	    (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6);
}

static void
usage(void)
{
	fputs("usage: load -p PORT [-a ADDRESS] [-m heartbeat|punch|photo]\n"
	    "    [-c CLIENTS] [-s CLOCKS] [-l LINES] [-b BYTES] [-k] [-n FIRST]\n"
	    "    [-w WARM-UP] [-t SECONDS] [-r RATE [-u PUNCHES]]\n"
	    "    [-q COMMANDS]\n", stderr);
	exit(2);
}

static enum kind
kind_of(const char *name)
{
	static const char *const names[] = { "heartbeat", "punch", "photo" };
	unsigned i;

	for (i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum kind)i;
	usage();
	return HEARTBEAT;
}

static void
read_options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "a:p:m:c:s:l:b:kn:w:t:r:u:q:")) != -1)
		switch (c) {
		case 'a': o.address = optarg; break;
		case 'p': o.port = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'm': o.kind = kind_of(optarg); break;
		case 'c': o.clients = (unsigned)strtoul(optarg, NULL, 10); break;
		case 's': o.clocks = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'l': o.lines = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'b': o.photo = (unsigned)strtoul(optarg, NULL, 10); break;
		case 'k': o.keep = true; break;
		case 'n': o.first = strtoull(optarg, NULL, 10); break;
		case 'w': o.warm = strtod(optarg, NULL); break;
		case 't': o.time = strtod(optarg, NULL); break;
		case 'r': o.rate = strtod(optarg, NULL); break;
		case 'u': o.punches = strtod(optarg, NULL); break;
		case 'q': o.commands = strtoull(optarg, NULL, 10); break;
		default: usage();
		}
	if (optind < argc || o.port == 0 || o.clients == 0 ||
	    o.clocks < o.clients || o.time <= 0)
		usage();
}

int
main(int argc, char **argv)
{
	read_options(argc, argv);
	set_up();
	start();
	run();
	report();
	return g.bad + g.broken > 0;
}
