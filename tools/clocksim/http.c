/* Requests under way, as clocks make them (notes 1.1), and their faults. */
#include "config.h"

#include "sim.h"

#include <string.h>
#include <time.h>

#define HEAD_MAX	8192

double
now_mono(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static size_t
on_head(char *p, size_t size, size_t n, void *user)
{
	struct slot *s = user;

	if (s->ask.fault == DEAF || s->head.n + size * n > HEAD_MAX)
		return 0;			/* hangs up on the answer */
	text_put(&s->head, (struct cg_str){ p, size * n });
	return size * n;
}

static size_t
on_body(char *p, size_t size, size_t n, void *user)
{
	struct slot *s = user;

	if (s->body.n + size * n > ANSWER_MAX)
		return 0;
	text_put(&s->body, (struct cg_str){ p, size * n });
	return size * n;
}

/* A faulty clock stops in the middle of its body, for ever or for a while. */
static size_t
on_send(char *p, size_t size, size_t n, void *user)
{
	struct slot *s = user;
	struct cg_str rest = cg_str_from(text_str(&s->ask.body), s->sent);
	size_t half = s->ask.body.n / 2;

	n *= size;
	if ((s->ask.fault == CUT || s->ask.fault == SLOW) && s->sent < half &&
	    rest.n > half - s->sent)
		rest.n = half - s->sent;
	else if (s->ask.fault == CUT && s->sent == half)
		return CURL_READFUNC_ABORT;
	else if (s->ask.fault == SLOW && s->sent == half && !s->paused) {
		s->paused = true;
		s->resume = now_mono() + 0.2;
		return CURL_READFUNC_PAUSE;
	}
	if (rest.n > n)
		rest.n = n;
	memcpy(p, rest.p, rest.n);
	s->sent += rest.n;
	return rest.n;
}

void
slot_init(struct slot *s, struct fleet *f)
{
	CURL *h;

	memset(s, 0, sizeof(*s));
	if ((h = s->curl = curl_easy_init()) == NULL)
		fatal("libcurl can't start");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(h, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, f->plan->dialect == OLD ?
	    (long)CURL_HTTP_VERSION_1_0 : (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "iClock Proxy/1.09");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, f->header);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_head);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(h, CURLOPT_READFUNCTION, on_send);
	curl_easy_setopt(h, CURLOPT_READDATA, s);
	curl_easy_setopt(h, CURLOPT_PRIVATE, s);
	s->next = f->unused;
	f->unused = s;
}

void
slot_free(struct slot *s)
{
	curl_easy_cleanup(s->curl);
	text_free(&s->ask.url);
	text_free(&s->ask.body);
	text_free(&s->head);
	text_free(&s->body);
}

void
slot_start(struct fleet *f, struct slot *s)
{
	s->sent = 0;
	s->resume = 0;
	s->paused = false;
	text_clear(&s->head);
	text_clear(&s->body);
	curl_easy_setopt(s->curl, CURLOPT_URL, s->ask.url.p);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT,
	    (long)(s->clock->opt.timeout > 0 ? s->clock->opt.timeout : 60));
	if (s->ask.post) {
		curl_easy_setopt(s->curl, CURLOPT_POST, 1L);
		curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)s->ask.body.n);
	} else {
		curl_easy_setopt(s->curl, CURLOPT_HTTPGET, 1L);
	}
	f->count.requests++;
	if (curl_multi_add_handle(f->multi, s->curl) != CURLM_OK)
		fatal("libcurl can't take another request");
}

void
slot_finish(struct slot *s, CURLcode code, struct answer *a)
{
	*a = (struct answer){ .arrived = code == CURLE_OK,
	    .why = curl_easy_strerror(code) };
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &a->status);
	a->head = text_str(&s->head);
	a->body = text_str(&s->body);
}

void
slot_resume(struct slot *s, double now)
{
	if (s->resume == 0 || now < s->resume)
		return;
	s->resume = 0;
	curl_easy_pause(s->curl, CURLPAUSE_CONT);
}
