/* Punches, operations, photos: what a clock records (spec III.2.4). */
#include "config.h"

#include "sim.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES	60000

const char *const log_name[LOG__MAX] = { "ATTLOG", "OPERLOG", "ATTPHOTO" };

void
record_add(struct clock *c, enum log_id l, enum flag flag, int64_t at,
    struct cg_str s)
{
	struct log *log = &c->log[l];

	if (log->n == log->cap) {
		log->cap = 2 * log->cap + 16;
		log->record = grow(log->record, log->cap, sizeof(*log->record));
	}
	log->record[log->n++] = (struct record){ .p = copy(s),
	    .n = (uint32_t)s.n, .flag = flag, .at = at, .ledger = -1 };
}

void
log_clear(struct log *log)
{
	while (log->n > 0)
		free(log->record[--log->n].p);
	log->done = 0;
}

static bool
wanted(const struct clock *c, const struct record *r)
{
	return (c->opt.flags & 1U << r->flag) != 0;
}

bool
log_pending(const struct clock *c, enum log_id l)
{
	const struct log *log = &c->log[l];

	for (size_t i = log->done; i < log->n; i++)
		if (wanted(c, &log->record[i]))
			return true;
	return false;
}

/* Clocks of 2.x say 9999 always; the others what they sent last (notes 1.5). */
static void
stamp_put(const struct clock *c, int64_t at, struct text *out)
{
	char text[20];
	int64_t day = 86400;
	long y, m, d;

	wall_text(at, 'T', text);
	if (c->plan->dialect == ATT) {
		text_putz(out, "9999");
	} else if (c->plan->dialect == TFT) {
		text_putz(out, text);
	} else {
		y = leading_int(cg_str_of(text));
		m = leading_int(cg_str_of(text + 5));
		d = leading_int(cg_str_of(text + 8));
		at = (((y - 2000) * 12 + m - 1) * 31 + d - 1) * day + at % day;
		text_putf(out, "%lld", (long long)at);
	}
}

static void
query_of(const struct clock *c, enum log_id l, int64_t at, struct text *url)
{
	static const char *const old_key[LOG__MAX] = {
		"Stamp", "OpStamp", "PhotoStamp"
	};
	const char *key = old_key[l];

	if (c->plan->dialect == TFT || (c->plan->dialect == ATT && l == ATTPHOTO))
		key = "Stamp";
	text_putf(url, "&table=%s&%s=", log_name[l], key);
	stamp_put(c, at, url);
}

/* A photo as a line: its name, and what tells its bytes from others. */
static void
photo_line(struct cg_str s, struct text *out)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash) + 1];
	struct cg_str image = cg_str_from(s, cg_str_chr(s, '\0') + 1);

	crypto_hash_sha256(hash, (const unsigned char *)image.p, image.n);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	text_put(out, cg_str_head(s, cg_str_chr(s, '\n')));
	text_putf(out, "\tsize=%zu\tsha256=%s", image.n, hex);
}

static void
ledger_put(struct clock *c, enum log_id l, struct record *r)
{
	struct cg_str s = { r->p, r->n };
	struct text line = { NULL, 0, 0 };

	if (r->ledger >= 0 || c->fleet == NULL)
		return;
	if (l == ATTPHOTO) {
		photo_line(s, &line);
		s = text_str(&line);
	}
	r->ledger = ledger_sent(&c->fleet->ledger, c->sn, log_name[l], s);
	text_free(&line);
}

bool
log_batch(struct clock *c, enum log_id l, struct ask *a)
{
	struct log *log = &c->log[l];
	struct record *r;
	int64_t last = 0;
	size_t i;

	a->log = l;
	a->first = log->done;
	a->lines = 0;
	for (i = log->done; i < log->n && a->lines < log->batch &&
	    a->body.n < BATCH_BYTES; i++) {
		r = &log->record[i];
		if (!wanted(c, r))
			continue;
		ledger_put(c, l, r);
		text_put(&a->body, (struct cg_str){ r->p, r->n });
		if (l != ATTPHOTO)
			text_putz(&a->body, "\n");
		last = r->at > last ? r->at : last;
		a->lines++;
	}
	a->end = i;
	if (a->lines == 0) {
		log->done = i;
		return false;
	}
	query_of(c, l, last, &a->url);
	return true;
}

void
log_acknowledged(struct clock *c, const struct ask *a)
{
	struct log *log = &c->log[a->log];
	struct record *r;

	for (size_t i = a->first; i < a->end && i < log->n; i++) {
		r = &log->record[i];
		if (!wanted(c, r))
			continue;
		if (c->fleet != NULL)
			ledger_acknowledged(&c->fleet->ledger, r->ledger);
	}
	if (log->done < a->end)
		log->done = a->end < log->n ? a->end : log->n;
}

/* The stamp as the wall time that it stands for; 0 for all the rest. */
static int64_t
stamp_wall(const struct clock *c, struct cg_str stamp)
{
	int64_t v;
	char text[80];	/* for any numbers, says the compiler */

	if (c->plan->dialect == TFT)
		return wall_read(stamp, &v) ? v : 0;
	if (cg_str_i64(stamp, 0, INT32_MAX, &v) != CG_OK || v < 86400)
		return 0;
	snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d",
	    (int)(2000 + v / 86400 / 31 / 12), (int)(v / 86400 / 31 % 12 + 1),
	    (int)(v / 86400 % 31 + 1), (int)(v / 3600 % 24), (int)(v / 60 % 60),
	    (int)(v % 60));
	return wall_read(cg_str_of(text), &v) ? v : 0;
}

void
log_resend(struct clock *c, enum log_id l, struct cg_str stamp)
{
	struct log *log = &c->log[l];
	int64_t from = 0;

	if (stamp.p == NULL)
		return;
	if (!cg_str_eq(stamp, cg_lit("0"))) {
		if (c->plan->dialect == ATT)
			return;		/* any other is ignored (notes 3.2) */
		from = stamp_wall(c, stamp);
	}
	for (size_t i = 0; i < log->done; i++)
		if (log->record[i].at > from) {
			log->done = i;
			break;
		}
}

/* ---- what is recorded ---- */

void
punch_add(struct clock *c, const char *pin, int64_t at, int state)
{
	/* What follows PIN, time and state. */
	static const char *const tail[DIALECT__MAX] = {
		[OLD] = "1\t",
		[ATT] = "15\t\t0\t0\t255\t0\t0",
		[TFT] = "1\t9001\t0\t0\t1\t2\t3\t4\t5\t6\t1.0\t2.0\t3.0"
	};
	struct text t = { NULL, 0, 0 };
	char when[20];

	wall_text(at, ' ', when);
	text_putf(&t, "%s\t%s\t%d\t%s", pin, when, state,
	    tail[c->plan->dialect]);
	record_add(c, ATTLOG, F_ATTLOG, at, text_str(&t));
	text_free(&t);
}

void
operation_add(struct clock *c, int code, const char *object1,
    const char *object2)
{
	struct text t = { NULL, 0, 0 };
	int64_t at = clock_wall(c);
	char when[20];

	wall_text(at, ' ', when);
	text_putf(&t, "OPLOG %d\t0\t%s\t%s\t%s\t0\t0", code, when, object1,
	    object2);
	record_add(c, OPERLOG, F_OPLOG, at, text_str(&t));
	text_free(&t);
}

/* The frame of a JPEG around chance. */
void
jpeg_put(struct clock *c, struct text *out)
{
	size_t n = 200 + chance(&c->chance, 800);
	char byte;

	text_put(out, cg_lit("\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"));
	for (size_t i = 0; i < n; i++) {
		byte = (char)chance(&c->chance, 255);
		text_put(out, (struct cg_str){ &byte, 1 });
	}
	text_put(out, cg_lit("\xff\xd9"));
}

void
photo_add(struct clock *c, const char *pin, int64_t at)
{
	struct text t = { NULL, 0, 0 }, image = { NULL, 0, 0 };
	char when[20];

	wall_text(at, ' ', when);
	jpeg_put(c, &image);
	text_putf(&t, "PIN=%.4s%.2s%.2s%.2s%.2s%.2s-%s.jpg\nSN=%s\nsize=%zu\n"
	    "CMD=uploadphoto", when, when + 5, when + 8, when + 11, when + 14,
	    when + 17, pin, c->sn, image.n);
	text_put(&t, (struct cg_str){ "", 1 });
	text_put(&t, text_str(&image));
	record_add(c, ATTPHOTO, F_ATTPHOTO, at, text_str(&t));
	text_free(&t);
	text_free(&image);
}
