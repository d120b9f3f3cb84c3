/* Who works here, and when they come and go. */
#include "config.h"

#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PIN	1001
#define DAY		86400

static const char *const first_name[] = {
	"Ada", "Ben", "Carla", "David", "Elif", "Farid", "Grace", "Hugo", "Ines",
	"Jakub", "Kofi", "Lena", "Mateo", "Nadia", "Oscar", "Priya", "Quentin",
	"Rosa", "Sven", "Tomoko", "Ursula", "Viktor", "Wanda", "Yusuf", "Zoe"
};
static const char *const last_name[] = {
	"Abbott", "Bauer", "Castro", "Dubois", "Eriksen", "Fischer", "Garcia",
	"Haddad", "Ivanova", "Jensen", "Kowalski", "Lopez", "Mensah", "Nowak",
	"Okafor", "Petrov", "Quinn", "Rossi", "Singh", "Tanaka", "Ueda", "Varga",
	"Weber", "Yilmaz", "Zhang", "Moreau", "Silva"
};

static void
staff_pin(uint32_t number, char out[PIN_MAX + 1])
{
	snprintf(out, PIN_MAX + 1, "%u", FIRST_PIN + number);
}

void
template_make(uint64_t *seed, size_t bytes, struct text *out)
{
	unsigned char *b = grow(NULL, bytes, 1);

	for (size_t i = 0; i < bytes; i++)
		b[i] = (unsigned char)chance(seed, 256);
	base64_put(out, b, bytes);
	free(b);
}

/* The same PIN has the same name, card and password at every clock. */
static void
hire(struct clock *c, uint32_t number)
{
	uint64_t seed = c->plan->seed * 1000003ULL + number;
	uint32_t card = 10000000 + chance(&seed, 90000000);
	struct text t = { NULL, 0, 0 };
	char pin[PIN_MAX + 1];

	staff_pin(number, pin);
	text_putf(&t, "PIN=%s\tName=%s %s\tPri=%d\tPasswd=%u\tCard=%u\tGrp=1\t"
	    "TZ=0000000100000000\tVerify=0\tViceCard=\tStartDatetime=\t"
	    "EndDatetime=2099-12-31 23:59:59", pin,
	    first_name[number % CG_LEN(first_name)],
	    last_name[(number + number / CG_LEN(first_name)) %
	    CG_LEN(last_name)], number == 0 ? 14 : 0,
	    1000 + chance(&seed, 99999000), card);
	(void)table_update(c, USERINFO, text_str(&t));
	text_free(&t);
}

void
staff_hire(struct clock *c)
{
	char pin[PIN_MAX + 1];

	for (uint32_t i = 0; i < c->plan->staff; i++)
		hire(c, i);
	for (uint32_t i = 0; i < c->plan->enrolments; i++) {
		staff_pin(i, pin);
		enrol(c, cg_str_of(pin), cg_lit("0"), F_ENROLLUSER, F_ENROLLFP);
	}
	for (uint32_t i = 0; i < c->plan->pictures; i++) {
		staff_pin(i, pin);
		picture_take(c, USERPIC, pin, F_USERPIC);
		picture_take(c, BIOPHOTO, pin, F_BIOPHOTO);
	}
	for (uint32_t i = 0; i < c->plan->items; i++) {
		staff_pin(i, pin);
		items_enter(c, pin, i);
	}
}

/* ---- the backlog ---- */

struct coming {
	int64_t		 at;
	uint32_t	 number;
	int		 state;
};

static int
coming_compare(const void *a, const void *b)
{
	const struct coming *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* A person's day: in, to lunch, back, home; a few go without lunch. */
static size_t
day_of(struct clock *c, uint32_t number, int64_t midnight, struct coming *out)
{
	static const struct {
		int	minute, spread, state;
	} turn[] = {
		{ 7 * 60 + 40, 45, 0 }, { 11 * 60 + 50, 30, 2 },
		{ 12 * 60 + 35, 25, 3 }, { 16 * 60 + 30, 75, 1 },
	};
	bool lunch = chance(&c->chance, 8) != 0;
	size_t n = 0;

	if (chance(&c->chance, 20) == 0)
		return 0;			/* ill, or on leave */
	for (size_t i = 0; i < CG_LEN(turn); i++) {
		if (!lunch && (i == 1 || i == 2))
			continue;
		out[n].at = midnight + (int64_t)turn[i].minute * 60 +
		    chance(&c->chance, (uint32_t)turn[i].spread * 60);
		out[n].number = number;
		out[n++].state = turn[i].state;
	}
	return n;
}

/* Everybody takes the same door each time, as far as there are people for all. */
static bool
comes_here(const struct clock *c, uint32_t number)
{
	uint32_t doors = c->plan->fleet < c->plan->staff ? c->plan->fleet :
	    c->plan->staff;

	return number % doors == c->number % doors;
}

/* The last day that is over. */
static void
day_add(struct clock *c)
{
	struct coming *all = grow(NULL, (size_t)c->plan->staff * 4, sizeof(*all));
	int64_t midnight = (clock_wall(c) / DAY - 1) * DAY;
	char pin[PIN_MAX + 1];
	size_t n = 0;

	for (uint32_t i = 0; i < c->plan->staff; i++)
		if (comes_here(c, i))
			n += day_of(c, i, midnight, all + n);
	qsort(all, n, sizeof(*all), coming_compare);
	for (size_t i = 0; i < n; i++) {
		staff_pin(all[i].number, pin);
		punch_add(c, pin, all[i].at, all[i].state);
		if (i < c->plan->photos)
			photo_add(c, pin, all[i].at);
	}
	free(all);
}

/* So many, a second apart, up to now. */
static void
punches_add(struct clock *c)
{
	int64_t at = clock_wall(c) - c->plan->punches;
	char pin[PIN_MAX + 1];

	for (uint32_t i = 0; i < c->plan->punches; i++) {
		staff_pin(i % c->plan->staff, pin);
		punch_add(c, pin, ++at, (int)(i / c->plan->staff % 2));
		if (i < c->plan->photos)
			photo_add(c, pin, at);
	}
}

static void
file_add(struct clock *c)
{
	FILE *f = fopen(c->plan->punch_file, "rb");
	struct cg_str s, time, pin;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int64_t at;

	if (f == NULL)
		fatal("%s: %s", c->plan->punch_file, strerror(errno));
	while ((n = getline(&line, &cap, f)) > 0) {
		s = (struct cg_str){ line, (size_t)n };
		while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
			s.n--;
		if (s.n == 0)
			continue;
		time = s;
		if (!cg_str_cut(&time, '\t', &pin) ||
		    !wall_read(cg_str_head(time, cg_str_chr(time, '\t')), &at))
			at = clock_wall(c);
		record_add(c, ATTLOG, F_ATTLOG, at, s);
	}
	free(line);
	fclose(f);
}

void
staff_backlog(struct clock *c)
{
	if (c->plan->punch_file != NULL)
		file_add(c);
	if (c->plan->day)
		day_add(c);
	if (c->plan->rate <= 0)
		punches_add(c);
}

/* Never the same person twice in a second, nor at two clocks of a fleet. */
void
staff_punch_now(struct clock *c)
{
	uint32_t number = (c->punched + c->number) % c->plan->staff;
	int64_t at = clock_wall(c);
	char pin[PIN_MAX + 1];

	if (at > c->last_at) {
		c->last_at = at;
		c->same_second = 0;
	} else if (++c->same_second >= c->plan->staff) {
		c->last_at++;
		c->same_second = 0;
	}
	staff_pin(number, pin);
	punch_add(c, pin, c->last_at,
	    (int)(c->punched / c->plan->staff % 2));
	if (c->punched < c->plan->photos)
		photo_add(c, pin, c->last_at);
	c->punched++;
}
