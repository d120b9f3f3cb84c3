/* The life of a clock: what it does next, and what it makes of the answer. */
#include "config.h"

#include "sim.h"

#include <stdlib.h>
#include <string.h>

/* Seconds between handshakes until the server has said how many. */
#define UNMET_DELAY	5

/* Heartbeats after a command come thick at first (notes 1.3). */
static const double burst[] = { 1, 1, 3, 5, 8, 8 };

static const char *const pushver[DIALECT__MAX] = { NULL, "2.4.1", "3.2.0" };
static const size_t batch_of[DIALECT__MAX] = { 200, 100, 50 };

void
clock_say(const struct clock *c, const char *fmt, ...)
{
	va_list ap;

	if (c->plan->quiet || c->plan->fleet > 1)
		return;
	printf("%s: ", c->sn);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* SIM0009 is followed by SIM0010. */
static void
serial(const struct plan *plan, uint32_t number, char out[40])
{
	struct cg_str sn = cg_str_of(plan->sn);
	size_t n = sn.n;
	uint32_t first;

	while (n > 0 && sn.n - n < 9 && sn.p[n - 1] >= '0' && sn.p[n - 1] <= '9')
		n--;
	if (plan->fleet == 1)
		snprintf(out, 40, "%s", plan->sn);
	else if (cg_str_u32(cg_str_from(sn, n), UINT32_MAX, &first) == CG_OK)
		snprintf(out, 40, "%.*s%0*u", (int)(n < 28 ? n : 28), sn.p,
		    (int)(sn.n - n), first + number);
	else
		snprintf(out, 40, "%.28s%u", plan->sn, number + 1);
}

/* Some of those that clocks have (spec VI.5). */
static void
options_own(struct clock *c)
{
	static const char *const own[][2] = {
		{ "DeviceID", "1" }, { "VOLUME", "67" }, { "LockOn", "10" },
		{ "AlarmReRec", "1" }, { "WorkCode", "0" }, { "DHCP", "0" },
		{ "NetMask", "255.255.255.0" }, { "KeyPadBeep", "1" },
	};

	for (size_t i = 0; i < CG_LEN(own); i++)
		option_set(&c->option, cg_str_of(own[i][0]), cg_str_of(own[i][1]));
}

void
clock_init(struct clock *c, const struct plan *plan, struct fleet *fleet,
    uint32_t number)
{
	memset(c, 0, sizeof(*c));
	c->plan = plan;
	c->fleet = fleet;
	c->number = number;
	c->chance = (uint64_t)plan->seed << 32 | number;
	serial(plan, number, c->sn);
	for (enum log_id l = 0; l < LOG__MAX; l++)
		c->log[l].batch = l == ATTPHOTO ? 1 : batch_of[plan->dialect];
	c->post_end = &c->post;
	c->skew = plan->skew;
	options_default(&c->opt);
	c->opt.error_delay = UNMET_DELAY;
	c->tell_options = plan->dialect == ATT;
	c->tell_info = true;
	c->last_minute = -1;
	c->keys_pressed = plan->last_punch == NULL && plan->self_service == NULL;
	options_own(c);
	staff_hire(c);
}

void
clock_free(struct clock *c)
{
	for (enum table_id t = 0; t < TABLE__MAX; t++)
		rows_free(&c->row[t]);
	rows_free(&c->file);
	rows_free(&c->option);
	for (enum log_id l = 0; l < LOG__MAX; l++) {
		log_clear(&c->log[l]);
		free(c->log[l].record);
	}
	while (c->post != NULL)
		post_drop(c);
	text_free(&c->queue);
	text_free(&c->opt.block);
	free(c->fetch.url);
	free(c->fetch.to);
}

/* ---- what is to be asked ---- */

/* Seconds of the protocol as seconds of ours. */
static double
wait_for(const struct clock *c, double seconds)
{
	return seconds / c->plan->speed;
}

static void
url_begin(const struct clock *c, struct ask *a, const char *endpoint)
{
	text_putf(&a->url, "%s/iclock/%s%s?SN=", c->plan->server, endpoint,
	    c->plan->aspx ? ".aspx" : "");
	query_put(&a->url, cg_str_of(c->sn));
	if (c->plan->comm_key != NULL && c->plan->dialect == TFT) {
		text_putz(&a->url, "&ComKey=");		/* on each (spec VI.5) */
		query_put(&a->url, cg_str_of(c->plan->comm_key));
	}
}

static void
ask_hello(const struct clock *c, struct ask *a)
{
	a->purpose = ASK_HELLO;
	url_begin(c, a, "cdata");
	text_putz(&a->url, "&options=all");
	if (pushver[c->plan->dialect] != NULL)
		text_putf(&a->url, "&pushver=%s&language=69",
		    pushver[c->plan->dialect]);
	if (c->plan->dialect == ATT)
		text_putz(&a->url, "&DeviceType=att&PushOptionsFlag=1");
	if (c->plan->comm_key != NULL && c->plan->dialect != TFT) {
		text_putz(&a->url, "&pushcommkey=");
		query_put(&a->url, cg_str_of(c->plan->comm_key));
	}
}

static void
ask_work(struct clock *c, struct ask *a)
{
	struct text info = { NULL, 0, 0 };

	a->purpose = ASK_WORK;
	url_begin(c, a, "getrequest");
	if (!c->tell_info)
		return;
	info_put(c, &info);
	text_putz(&a->url, "&INFO=");
	query_put(&a->url, text_str(&info));
	text_free(&info);
}

static void
ask_post(const struct clock *c, struct ask *a)
{
	const struct post *p = c->post;

	a->purpose = ASK_POST;
	a->post = true;
	url_begin(c, a, p->result ? "devicecmd" : "cdata");
	if (p->query.n > 0)
		text_putf(&a->url, "&%s", p->query.p);
	text_put(&a->body, text_str(&p->body));
}

static void
ask_options(struct clock *c, struct ask *a)
{
	a->purpose = ASK_OPTIONS;
	a->post = true;
	url_begin(c, a, "cdata");
	text_putz(&a->url, "&table=options");
	facts_put(c, &a->body, ',');
	if (a->body.n > 0)
		a->body.n--;		/* no comma behind the last */
}

static void
ask_key(const struct clock *c, struct ask *a)
{
	struct cg_str arg, pin;

	url_begin(c, a, "cdata");
	if (c->plan->last_punch != NULL) {
		a->purpose = ASK_LAST_PUNCH;
		text_putz(&a->url, "&type=LastPunch&PIN=");
		query_put(&a->url, cg_str_of(c->plan->last_punch));
		return;
	}
	a->purpose = ASK_SERVICE;
	arg = cg_str_of(c->plan->self_service);
	cg_str_cut(&arg, ',', &pin);
	text_putz(&a->url, "&table=SELFSERVICEDATA&PIN=");
	query_put(&a->url, pin);
	text_putz(&a->url, "&ServiceNum=");
	query_put(&a->url, arg.n > 0 ? arg : cg_lit("0"));
}

/* Some uploads go wrong on purpose. */
static void
fault_choose(struct clock *c, struct ask *a)
{
	size_t from;

	if (chance(&c->chance, 1000000) >= c->plan->faults * 1000000)
		return;
	a->fault = (enum fault)(SOUND + 1 + chance(&c->chance, FAULT__MAX - 1));
	if (a->fault != WRONG)
		return;
	a->purpose = ASK_WRONG;			/* "SN=" + another's name */
	from = (size_t)(strstr(a->url.p, "?SN=") + 4 - a->url.p);
	a->url.p[from] = a->url.p[from] == 'W' ? 'V' : 'W';
}

static bool
ask_log(struct clock *c, struct ask *a)
{
	for (enum log_id l = 0; l < LOG__MAX; l++) {
		/* People before their punches. */
		enum log_id order[] = { OPERLOG, ATTLOG, ATTPHOTO };

		if (!log_pending(c, order[l]))
			continue;
		a->purpose = ASK_LOG;
		a->post = true;
		url_begin(c, a, "cdata");
		if (log_batch(c, order[l], a))
			return true;
		text_clear(&a->url);
	}
	return false;
}

/* ---- when uploads may be sent ---- */

static bool
pending(const struct clock *c)
{
	return log_pending(c, ATTLOG) || log_pending(c, OPERLOG) ||
	    log_pending(c, ATTPHOTO);
}

/* Is hh:mm of the wall in "hh:mm;hh:mm"? */
static bool
time_has_come(struct clock *c)
{
	int64_t wall = clock_wall(c);
	char now[20];

	wall_text(wall, ' ', now);
	now[16] = '\0';
	if (wall / 60 % 1440 == c->last_minute ||
	    strstr(c->opt.trans_times, now + 11) == NULL)
		return false;
	c->last_minute = (int)(wall / 60 % 1440);
	return true;
}

static bool
never_sent(const struct clock *c)
{
	return !c->opt.realtime && !c->send_now && c->opt.trans_interval == 0 &&
	    strchr(c->opt.trans_times, ':') == NULL;
}

static bool
may_send(struct clock *c, double now)
{
	if (c->opt.realtime || c->send_now)
		return true;
	if (c->opt.trans_interval > 0 && now >= c->next_trans) {
		c->next_trans = now + wait_for(c, c->opt.trans_interval * 60.0);
		c->send_now = true;
	}
	if (c->opt.trans_interval == 0 && time_has_come(c))
		c->send_now = true;
	return c->send_now;
}

/* ---- next ---- */

static bool
live_punches(const struct clock *c)
{
	return c->met && c->plan->rate > 0 &&
	    (c->plan->punches == 0 || c->punched < c->plan->punches);
}

static double
earliest(const struct clock *c)
{
	double t = c->next_work;

	if (c->opt.sync_time > 0 && c->next_time < t)
		t = c->next_time;
	if (live_punches(c) && c->next_punch < t)
		t = c->next_punch;
	if (!c->opt.realtime && c->opt.trans_interval > 0 && c->next_trans < t)
		t = c->next_trans;
	return t;
}

static void
punch_if_due(struct clock *c, double now)
{
	while (live_punches(c) && c->next_punch <= now) {
		staff_punch_now(c);
		c->next_punch += 1 / c->plan->rate;
		if (c->next_punch < now - 10)
			c->next_punch = now;
	}
}

/* What a clock that knows its server has to tell or to ask, but for commands. */
static bool
next_own(struct clock *c, double now, struct ask *a)
{
	if (c->tell_options) {
		ask_options(c, a);
	} else if (!c->keys_pressed) {
		ask_key(c, a);
	} else if (c->opt.sync_time > 0 && now >= c->next_time) {
		a->purpose = ASK_TIME;
		url_begin(c, a, "cdata");
		text_putz(&a->url, "&type=time");
	} else if (!may_send(c, now) || !ask_log(c, a)) {
		c->send_now = false;
		return false;
	}
	return true;
}

/*
 * False when there is nothing.  Heartbeats come first, but not one after the
 * other when a slow server has them due all the time.
 */
static bool
next_met(struct clock *c, double now, struct ask *a)
{
	bool work = now >= c->next_work;

	if (c->fetch.url != NULL) {
		a->purpose = ASK_FETCH;
		text_putz(&a->url, c->fetch.url);
	} else if (c->post != NULL) {
		ask_post(c, a);
	} else if ((work && !c->asked) || !next_own(c, now, a)) {
		if (!work)
			return false;
		ask_work(c, a);
		c->asked = true;
	} else {
		c->asked = false;
	}
	return true;
}

bool
clock_next(struct clock *c, double now, struct ask *a)
{
	text_clear(&a->url);
	text_clear(&a->body);
	a->post = false;
	a->fault = SOUND;
	a->began = now;
	if (now < c->hold) {
		c->due = c->hold;
		return false;
	}
	punch_if_due(c, now);
	if (c->met)
		commands_run(c);
	if (!c->met) {
		ask_hello(c, a);
	} else if (!next_met(c, now, a)) {
		c->due = earliest(c) > now ? earliest(c) : now + 0.01;
		return false;
	}
	if (c->plan->faults > 0 &&
	    (a->purpose == ASK_LOG || a->purpose == ASK_POST))
		fault_choose(c, a);
	return true;
}

/* ---- what came back ---- */

/* Three quick tries, then a pause and a new handshake (notes 3.3). */
static void
failed(struct clock *c, double now, const struct ask *a,
    const struct answer *answer)
{
	struct log *log = &c->log[a->log];
	struct cg_str said = cg_str_head(answer->body,
	    cg_str_chr(answer->body, '\n'));

	c->fails++;
	if (c->fleet != NULL)
		c->fleet->count.failures++;
	if (!answer->arrived)
		clock_say(c, "failed: %s: %s", a->url.p, answer->why);
	else
		clock_say(c, "failed: %s, status %ld, \"%.*s\"%s", a->url.p,
		    answer->status, (int)(said.n < 60 ? said.n : 60), said.p,
		    answer->status == 403 ? "; is the clock admitted?" : "");
	if (a->purpose == ASK_LOG && c->plan->dialect == OLD && log->batch > 40)
		log->batch -= 30;
	c->idle = false;
	if (c->fails <= 3 && c->met &&
	    !cg_str_eq(answer->body, cg_lit("UNKNOWN DEVICE"))) {
		c->hold = now + wait_for(c, 0.3 * c->fails);
		return;
	}
	c->fails = 0;
	c->met = false;
	c->hold = now + wait_for(c, c->opt.error_delay);
}

static bool
is_ok(const struct answer *answer)
{
	return cg_str_starts(answer->body, cg_lit("OK"));
}

/* "OK: n": a count that leaves lines out is no acknowledgement (notes 3.3). */
static bool
counts_all(const struct ask *a, struct cg_str body)
{
	size_t colon = cg_str_chr(body, ':');
	uint32_t n;

	if (!cg_str_starts(body, cg_lit("OK")))
		return false;
	if (a->log == ATTPHOTO || colon == body.n)
		return true;
	return cg_str_u32(cg_str_trim(cg_str_from(body, colon + 1)), UINT32_MAX,
	    &n) == CG_OK && n == a->lines;
}

/* Results stay until the answer is text/plain (notes 2). */
static bool
is_plain(struct cg_str head)
{
	struct cg_str line;

	while (cg_str_line(&head, &line))
		if (cg_str_istarts(line, cg_lit("Content-Type: text/plain")))
			return true;
	return false;
}

static bool
hello_done(struct clock *c, double now, const struct answer *answer)
{
	if (!hello_read(c, answer->body) && !is_ok(answer))
		return false;
	if (!c->met && c->next_punch == 0) {
		staff_backlog(c);
		c->next_punch = now;
	}
	clock_say(c, "handshake: Delay=%u Realtime=%d TimeZone=%d min",
	    c->opt.delay, c->opt.realtime, c->zone);
	c->met = true;
	c->tell_info = true;
	c->next_work = now;
	c->next_time = now + wait_for(c, c->opt.sync_time);
	return true;
}

static bool
work_done(struct clock *c, double now, const struct answer *answer)
{
	unsigned n;

	if (!is_ok(answer) && !cg_str_starts(answer->body, cg_lit("C:")))
		return false;
	c->tell_info = false;
	n = commands_take(c, answer->body);
	c->idle = n == 0;
	if (n > 0) {
		c->burst = 0;
		c->tell_info = true;
		if (c->fleet != NULL)
			c->fleet->count.commands += n;
	}
	if (c->burst < CG_LEN(burst) && (n > 0 || c->burst > 0))
		c->next_work = now + wait_for(c, burst[c->burst++]);
	else
		c->next_work = now + wait_for(c, c->opt.delay);
	return true;
}

static bool
log_done(struct clock *c, const struct ask *a, const struct answer *answer)
{
	if (!counts_all(a, answer->body))
		return false;
	log_acknowledged(c, a);
	clock_say(c, "%s: %zu sent", log_name[a->log], a->lines);
	if (c->fleet != NULL && a->log == ATTLOG)
		c->fleet->count.acknowledged += a->lines;
	if (c->plan->dialect == OLD && a->log == ATTLOG &&
	    c->log[ATTLOG].batch < batch_of[OLD])
		c->log[ATTLOG].batch += 10;
	c->tell_info = true;
	return true;
}

static void
key_done(struct clock *c, const struct ask *a, const struct answer *answer)
{
	bool good = answer->arrived && answer->status == 200;

	c->keys_pressed = true;
	if (!good) {
		fprintf(stderr, "clocksim: the server answers %ld: \"%.*s\"\n",
		    answer->arrived ? answer->status : 0, (int)answer->body.n,
		    answer->body.p);
		if (c->fleet != NULL)
			c->fleet->key_failed = true;
	} else if (a->purpose == ASK_LAST_PUNCH) {
		last_punch_show(c, answer->body);
	} else {
		service_show(c, answer->body);
	}
}

static bool
post_done(struct clock *c, double now, const struct answer *answer)
{
	if (!is_ok(answer) || (c->post->result && !is_plain(answer->head)))
		return false;
	post_drop(c);
	c->idle = false;		/* there may be more */
	if (c->plan->once && c->post == NULL)
		c->next_work = now;
	return true;
}

static bool
options_done(struct clock *c, const struct answer *answer)
{
	c->tell_options = !is_ok(answer);
	return !c->tell_options;
}

static bool
time_done(struct clock *c, double now, const struct answer *answer)
{
	c->next_time = now + wait_for(c, c->opt.sync_time);
	return time_read(c, answer->body);
}

/* Did the answer satisfy the clock? */
static bool
taken(struct clock *c, double now, struct ask *a, const struct answer *answer)
{
	if (!answer->arrived || answer->status != 200)
		return false;
	switch (a->purpose) {
	case ASK_HELLO:
		return hello_done(c, now, answer);
	case ASK_WORK:
		return work_done(c, now, answer);
	case ASK_POST:
		return post_done(c, now, answer);
	case ASK_LOG:
		return log_done(c, a, answer);
	case ASK_OPTIONS:
		return options_done(c, answer);
	case ASK_TIME:
		return time_done(c, now, answer);
	case ASK_FETCH:
	case ASK_LAST_PUNCH:
	case ASK_SERVICE:
	case ASK_WRONG:
		break;
	}
	return true;
}

/* Nothing is left to say, and the server had nothing to say. */
static bool
all_done(struct clock *c)
{
	return c->met && c->idle && c->post == NULL && c->queue.n == 0 &&
	    c->fetch.url == NULL && !c->tell_options && c->keys_pressed &&
	    (c->plan->punches == 0 || !live_punches(c)) &&
	    (never_sent(c) || !pending(c));
}

/* The clock never learns that it arrived. */
static bool
spoiled(const struct ask *a)
{
	return a->fault == CUT || a->fault == DEAF || a->fault == REPEAT ||
	    a->purpose == ASK_WRONG;
}

static bool
tells_the_time(const struct ask *a, const struct answer *answer)
{
	return (a->purpose == ASK_HELLO || a->purpose == ASK_WORK) &&
	    answer->arrived && answer->status == 200 && is_plain(answer->head);
}

void
clock_answer(struct clock *c, double now, struct ask *a,
    const struct answer *answer)
{
	c->due = now;
	if (a->fault != SOUND && c->fleet != NULL)
		c->fleet->count.fault[a->fault]++;
	if (spoiled(a)) {
		c->hold = now + wait_for(c, 0.3);
		return;
	}
	if (a->purpose == ASK_FETCH)
		fetch_done(c, answer);
	else if (a->purpose == ASK_LAST_PUNCH || a->purpose == ASK_SERVICE)
		key_done(c, a, answer);
	else if (taken(c, now, a, answer))
		c->fails = 0;
	else
		failed(c, now, a, answer);
	if (tells_the_time(a, answer))
		date_read(c, now - a->began, answer->head);
	c->finished = c->plan->once && all_done(c);
}
