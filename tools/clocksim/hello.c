/* What the server tells a clock: options, stamps, time (spec III.2.2, 2.3). */
#include "config.h"

#include "sim.h"

#include <math.h>
#include <string.h>
#include <time.h>

#define PREFIX	"TransData "

/* Names of TransFlag, with the objects that they stand for. */
struct flag_name {
	const char	*name;
	enum flag	 flag;
};

static const struct flag_name flag_names[] = {
	{ "AttLog", F_ATTLOG }, { "OpLog", F_OPLOG }, { "AttPhoto", F_ATTPHOTO },
	{ "EnrollUser", F_ENROLLUSER }, { "ChgUser", F_CHGUSER },
	{ "EnrollFP", F_ENROLLFP }, { "ChgFP", F_CHGFP },
	{ "FPImag", F_FPIMAG }, { "FACE", F_FACE }, { "EnrollFACE", F_FACE },
	{ "ChgFACE", F_FACE }, { "UserPic", F_USERPIC },
	{ "WORKCODE", F_WORKCODE }, { "BioPhoto", F_BIOPHOTO },
};

/* The order of the bitmap: of clocks (notes 3.2), and of the seed. */
static const enum flag clock_order[] = {
	F_ATTLOG, F_OPLOG, F_ATTPHOTO, F_ENROLLFP, F_ENROLLUSER, F_FPIMAG,
	F_CHGUSER, F_CHGFP, F_FACE, F_USERPIC, F_WORKCODE, F_BIOPHOTO
};
static const enum flag seed_order[] = {
	F_ATTLOG, F_OPLOG, F_ATTPHOTO, F_ENROLLUSER, F_CHGUSER, F_ENROLLFP,
	F_CHGFP, F_FPIMAG, F_FACE, F_FACE, F_USERPIC, F_BIOPHOTO
};
_Static_assert(CG_LEN(clock_order) == CG_LEN(seed_order), "one bitmap");

void
options_default(struct options *o)
{
	o->delay = 30;
	o->error_delay = 60;
	o->timeout = 60;
	o->sync_time = 0;
	o->trans_interval = 0;
	o->trans_times[0] = '\0';
	o->realtime = true;
	o->flags = (1U << FLAG__MAX) - 1;
}

static bool
is_bitmap(struct cg_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0' && s.p[i] != '1')
			return false;
	return s.n > 0;
}

static unsigned
bitmap_read(const struct clock *c, struct cg_str s)
{
	const enum flag *order = c->plan->dialect == TFT ? seed_order :
	    clock_order;
	unsigned flags = 0;

	for (size_t i = 0; i < s.n && i < CG_LEN(clock_order); i++)
		if (s.p[i] == '1')
			flags |= 1U << order[i];
	return flags;
}

/* Clocks look for the prefix; those of the seed do without (notes 3.2). */
static unsigned
flags_read(const struct clock *c, struct cg_str s)
{
	unsigned flags = 0;
	struct cg_str word;
	size_t n;

	if (is_bitmap(s))
		return bitmap_read(c, s);
	if (cg_str_starts(s, cg_lit(PREFIX)))
		s = cg_str_from(s, sizeof(PREFIX) - 1);
	else if (c->plan->dialect != TFT)
		return 0;
	while (s.n > 0) {
		for (n = 0; n < s.n && s.p[n] != '\t' && s.p[n] != ' '; n++)
			;
		word = cg_str_head(s, n);
		s = cg_str_from(s, n < s.n ? n + 1 : n);
		for (size_t i = 0; i < CG_LEN(flag_names); i++)
			if (cg_str_ieq(word, cg_str_of(flag_names[i].name)))
				flags |= 1U << flag_names[i].flag;
	}
	return flags;
}

/* "+05:30" as minutes. */
static int32_t
zone_clock(struct cg_str s)
{
	long hours = leading_int(s);
	size_t colon = cg_str_chr(s, ':');
	long minutes = colon < s.n ? leading_int(cg_str_from(s, colon + 1)) : 0;

	return (int32_t)(hours * 60 + (s.p[0] == '-' ? -minutes : minutes));
}

/*
 * Clocks of 2.x read an integer, whatever follows: hours below 25, else
 * minutes (notes 3.2).  The others take the seed's form too.
 */
static int32_t
zone_read(const struct clock *c, struct cg_str s)
{
	long n = leading_int(s);

	if (c->plan->dialect != ATT && cg_str_chr(s, ':') < s.n)
		return zone_clock(s);
	return (int32_t)(n > -25 && n < 25 ? n * 60 : n);
}

static void
number_read(struct cg_str block, const char *name, uint32_t *out)
{
	struct cg_str s = field(block, '\n', name);
	uint32_t n;

	if (s.p != NULL && cg_str_u32(cg_str_trim(s), UINT32_MAX, &n) == CG_OK)
		*out = n;
}

/* Both spellings of a stamp may come (notes 3.2). */
static void
stamps_read(struct clock *c, struct cg_str block)
{
	static const char *const old_name[LOG__MAX] = {
		"Stamp", "OpStamp", "PhotoStamp"
	};
	struct cg_str stamp;
	char name[20];

	for (enum log_id l = 0; l < LOG__MAX; l++) {
		snprintf(name, sizeof(name), "%sStamp", log_name[l]);
		stamp = field(block, '\n', name);
		if (c->plan->dialect == OLD || stamp.p == NULL)
			stamp = field(block, '\n', old_name[l]);
		log_resend(c, l, stamp);
	}
}

static void
options_read(struct clock *c, struct cg_str block)
{
	struct options *o = &c->opt;
	struct cg_str s;

	number_read(block, "Delay", &o->delay);
	number_read(block, "ErrorDelay", &o->error_delay);
	number_read(block, "Timeout", &o->timeout);
	number_read(block, "SyncTime", &o->sync_time);
	number_read(block, "TransInterval", &o->trans_interval);
	s = field(block, '\n', "Realtime");
	o->realtime = s.p == NULL || leading_int(s) != 0;
	s = field(block, '\n', "TransTimes");
	snprintf(o->trans_times, sizeof(o->trans_times), "%.*s", (int)s.n,
	    s.p != NULL ? s.p : "");
	s = field(block, '\n', "TransFlag");
	if (s.p != NULL)
		o->flags = flags_read(c, s);
	s = field(block, '\n', "TimeZone");
	if (s.n > 0)
		c->zone = zone_read(c, s);
}

/* Only lines that are ended count: firmware reads no further (notes 3.2). */
bool
hello_read(struct clock *c, struct cg_str body)
{
	struct text t = { NULL, 0, 0 };

	while (body.n > 0 && body.p[body.n - 1] != '\n')
		body.n--;
	if (!cg_str_starts(body, cg_lit("GET OPTION FROM:")) ||
	    !cg_str_eq(cg_str_trim(cg_str_head(cg_str_from(body, 16),
	    cg_str_chr(cg_str_from(body, 16), '\n'))), cg_str_of(c->sn)))
		return false;
	for (size_t i = 0; i < body.n; i++)
		if (body.p[i] != '\r')
			text_put(&t, (struct cg_str){ body.p + i, 1 });
	options_default(&c->opt);
	options_read(c, text_str(&t));
	stamps_read(c, text_str(&t));
	text_free(&c->opt.block);
	c->opt.block = t;
	return true;
}

/* ---- time ---- */

/* The time in UTC that the clock has, right or wrong. */
static double
clock_utc(const struct clock *c)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9 + c->skew;
}

int64_t
clock_wall(const struct clock *c)
{
	return (int64_t)floor(clock_utc(c)) + (int64_t)c->zone * 60;
}

void
wall_text(int64_t wall, char between, char out[20])
{
	time_t t = (time_t)wall;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || tm.tm_year > 8099)
		memset(&tm, 0, sizeof(tm));
	snprintf(out, 20, "%04u-%02u-%02u%c%02u:%02u:%02u",
	    (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
	    (unsigned)tm.tm_mday % 100, between, (unsigned)tm.tm_hour % 100,
	    (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

bool
wall_read(struct cg_str s, int64_t *wall)
{
	static const size_t from[] = { 0, 5, 8, 11, 14, 17 };
	uint32_t v[6] = { 0, 1, 1, 0, 0, 0 };
	struct tm tm = { 0 };

	if (s.n != 10 && s.n != 19)
		return false;
	for (size_t i = 0; i < (s.n == 10 ? 3 : CG_LEN(from)); i++)
		if (cg_str_u32(cg_str_head(cg_str_from(s, from[i]), i > 0 ? 2 : 4),
		    9999, &v[i]) != CG_OK)
			return false;
	tm.tm_year = (int)v[0] - 1900;
	tm.tm_mon = (int)v[1] - 1;
	tm.tm_mday = (int)v[2];
	tm.tm_hour = (int)v[3];
	tm.tm_min = (int)v[4];
	tm.tm_sec = (int)v[5];
	*wall = (int64_t)timegm(&tm);
	return true;
}

/* "Time=YYYY-MM-DDThh:mm:ss+hh:mm": the zone is for those who want it. */
bool
time_read(struct clock *c, struct cg_str body)
{
	struct cg_str s = field(body, '\n', "Time");
	int64_t wall;

	s = cg_str_trim(s);
	if (s.n < 19 || !wall_read(cg_str_head(s, 19), &wall))
		return false;
	if (s.n >= 25)
		c->zone = zone_clock(cg_str_from(s, 19));
	c->skew += (double)(wall - clock_wall(c));
	return true;
}

/* The clock follows Date when it is off by more than 10 s (notes 3.4). */
void
date_read(struct clock *c, double took, struct cg_str head)
{
	struct cg_str line;
	char date[64];
	double off;
	time_t t;

	if (took >= 5 || !cg_str_starts(head, cg_lit("HTTP/")))
		return;
	while (cg_str_line(&head, &line))
		if (cg_str_istarts(line, cg_lit("Date: ")))
			break;
	if (!cg_str_istarts(line, cg_lit("Date: ")))
		return;
	snprintf(date, sizeof(date), "%.*s", (int)(line.n - 6), line.p + 6);
	if ((t = curl_getdate(date, NULL)) == (time_t)-1)
		return;
	off = (double)t - clock_utc(c);
	if (fabs(off) > 10)
		c->skew += off;
}
