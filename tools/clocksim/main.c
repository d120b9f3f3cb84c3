/* clocksim: a clock in software, or thousands.  What was typed. */
#include "config.h"

#include "sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum type { FLAG, WORD, NUMBER, SIGNED, REAL, SHARE, DIALECT, NOTHING };

struct setting {
	const char	*name;
	const char	*value;		/* how it is named; NULL: takes none */
	enum type	 type;
	size_t		 at;		/* in struct plan */
	int32_t		 min, max;
	const char	*doc;
};

#define AT(member)	offsetof(struct plan, member)

/* clang-format off */
static const struct setting settings[] = {
	{ "server", "URL", WORD, AT(server), 0, 0, "where clocks report to, as http://127.0.0.1:8081" },
	{ "sn", "SN", WORD, AT(sn), 0, 0, "the serial number; a fleet counts up from it (SIM0001)" },
	{ "dialect", "NAME", DIALECT, AT(dialect), 0, 0, "old (1.x), att (2.4, unless given) or tft (the specification's)" },
	{ "aspx", NULL, FLAG, AT(aspx), 0, 0, "ask for cdata.aspx and so on" },
	{ "comm-key", "KEY", WORD, AT(comm_key), 0, 0, "the communication key" },
	{ "firmware", "TEXT", WORD, AT(firmware), 0, 0, "the version that it tells" },
	{ "ip", "ADDRESS", WORD, AT(ip), 0, 0, "the address that it tells (192.0.2.10)" },
	{ "udp", NULL, FLAG, AT(udp), 0, 0, "listen there for notices of commands, port 4374" },
	{ "staff", "N", NUMBER, AT(staff), 1, 20000, "people at each clock (20)" },
	{ "day", NULL, FLAG, AT(day), 0, 0, "yesterday's punches of all of them, who are enrolled at the clock" },
	{ "punches", "N", NUMBER, AT(punches), 0, 10000000, "punches of each clock, recorded before it starts" },
	{ "rate", "R", REAL, AT(rate), 0, 0, "punches a second at each clock while it runs; N of them with --punches" },
	{ "punch-file", "FILE", WORD, AT(punch_file), 0, 0, "lines of ATTLOG to send as they are" },
	{ "photos", "N", NUMBER, AT(photos), 0, 1000000, "the first N punches have a photo" },
	{ "enrolments", "N", NUMBER, AT(enrolments), 0, 20000, "the first N people are enrolled at the clock" },
	{ "pictures", "N", NUMBER, AT(pictures), 0, 20000, "of the first N people pictures are taken" },
	{ "items", "N", NUMBER, AT(items), 0, 1000, "the first N people have an identity card, a message and a work code" },
	{ "fleet", "N", NUMBER, AT(fleet), 1, 1000000, "so many clocks" },
	{ "connections", "N", NUMBER, AT(connections), 1, 20000, "requests at the same time (200)" },
	{ "faults", "SHARE", SHARE, AT(faults), 0, 0, "of the uploads go wrong, 0 to 0.9 (0.2)" },
	{ "skew", "SECONDS", SIGNED, AT(skew), -2000000000, 2000000000, "what the clock is wrong by at first" },
	{ "enrol-outcome", "CODE", SIGNED, AT(enrol_outcome), -9999, 9999, "what an enrolment by the server comes to" },
	{ "seed", "N", NUMBER, AT(seed), 0, INT32_MAX, "another course of chance; the same again with the same N" },
	{ "speed", "X", REAL, AT(speed), 0, 0, "waits are X times as short" },
	{ "once", NULL, FLAG, AT(once), 0, 0, "send everything, do what the server asks, and end" },
	{ "for", "SECONDS", NUMBER, AT(seconds), 1, INT32_MAX, "end after so long" },
	{ "last-punch", "PIN", WORD, AT(last_punch), 0, 0, "press the key Last Punch, print the display and end, as with --once" },
	{ "self-service", "PIN[,NUM]", WORD, AT(self_service), 0, 0, "press the key Self-Service, print the display and end, as with --once" },
	{ "ledger", "FILE", WORD, AT(ledger), 0, 0, "note each record that is sent, and its acknowledgement" },
	{ "dump", "FILE", WORD, AT(dump), 0, 0, "write at the end what each clock holds" },
	{ "quiet", NULL, FLAG, AT(quiet), 0, 0, "say nothing that is not wrong" },
	{ "verify", "FILE", WORD, AT(verify), 0, 0, "compare a ledger with the database" },
	{ "config", "INI", WORD, AT(config), 0, 0, "of that database, for clockgate" },
	{ "csv", "FILE", WORD, AT(csv), 0, 0, "compare its punches with this \"clockgate --format csv punch list\" instead" },
	{ "clockgate", "PROGRAM", WORD, AT(clockgate), 0, 0, "the clockgate to run" },
	{ "help", NULL, NOTHING, 0, 0, 0, "this text" },
	{ "version", NULL, NOTHING, 0, 0, 0, "the version" },
};
/* clang-format on */

static int CG_PRINTF(1, 2)
misuse(const char *fmt, ...)
{
	va_list ap;

	fputs("clocksim: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" (try --help)\n", stderr);
	return 2;
}

static void
help(void)
{
	char left[40];

	puts("Usage: clocksim --server URL --sn SN [OPTION]...\n"
	    "       clocksim --verify FILE --config INI\n"
	    "A time clock in software, or many.\n");
	for (size_t i = 0; i < CG_LEN(settings); i++) {
		snprintf(left, sizeof(left), "%s %s", settings[i].name,
		    settings[i].value != NULL ? settings[i].value : "");
		printf("  --%-24s %s\n", left, settings[i].doc);
	}
}

static bool
real_read(const char *value, double max, double *out)
{
	char *end;
	double x = strtod(value, &end);

	if (end == value || *end != '\0' || !(x >= 0) || x > max)
		return false;
	*out = x;
	return true;
}

static bool
dialect_read(const char *value, enum dialect *out)
{
	static const char *const name[DIALECT__MAX] = { "old", "att", "tft" };
	enum dialect d;

	for (d = 0; d < DIALECT__MAX; d++)
		if (strcmp(value, name[d]) == 0) {
			*out = d;
			return true;
		}
	return false;
}

/* The members of struct plan have the type that the table says. */
static bool
set(struct plan *plan, const struct setting *s, const char *value)
{
	void *at = (char *)plan + s->at;
	uint32_t n;

	switch (s->type) {
	case FLAG:
		*(bool *)at = true;
		return true;
	case WORD:
		*(const char **)at = value;
		return value[0] != '\0';
	case NUMBER:
		if (cg_str_u32(cg_str_of(value), (uint32_t)s->max, &n) != CG_OK ||
		    n < (uint32_t)s->min)
			return false;
		*(uint32_t *)at = n;
		return true;
	case SIGNED:
		return cg_str_i32(cg_str_of(value), s->min, s->max, at) == CG_OK;
	case REAL:
		return real_read(value, 1e6, at) && *(double *)at > 0;
	case SHARE:
		return real_read(value, 0.9, at);
	case DIALECT:
		return dialect_read(value, at);
	case NOTHING:
		break;
	}
	return true;
}

static int
wrong_value(const struct setting *s, const char *value)
{
	switch (s->type) {
	case NUMBER:
	case SIGNED:
		return misuse("--%s %s: type a number, %d to %d", s->name, value,
		    (int)s->min, (int)s->max);
	case REAL:
		return misuse("--%s %s: type a number above 0", s->name, value);
	case SHARE:
		return misuse("--%s=%s: type a number, 0 to 0.9", s->name, value);
	case DIALECT:
		return misuse("--%s %s: type old, att or tft", s->name, value);
	case WORD:
	case FLAG:
	case NOTHING:
		break;
	}
	return misuse("--%s is empty: type --%s %s", s->name, s->name, s->value);
}

static const struct setting *
setting_find(struct cg_str name)
{
	if (!cg_str_starts(name, cg_lit("--")))
		return NULL;
	for (size_t i = 0; i < CG_LEN(settings); i++)
		if (cg_str_eq(cg_str_from(name, 2), cg_str_of(settings[i].name)))
			return &settings[i];
	return NULL;
}

/* "--name value" or "--name=value"; --faults alone has a share of its own. */
static int
take(struct plan *plan, char **argv, int *i, const struct setting **done)
{
	struct cg_str arg = cg_str_of(argv[*i]), name;
	const struct setting *s;
	const char *value = NULL;
	size_t eq = cg_str_chr(arg, '=');

	name = cg_str_head(arg, eq);
	if (eq < arg.n)
		value = arg.p + eq + 1;
	if ((s = setting_find(name)) == NULL)
		return misuse("there is no option %s", argv[*i]);
	if (s->value == NULL && value != NULL)
		return misuse("no value goes with --%s", s->name);
	if (s->type == SHARE && value == NULL &&
	    (argv[*i + 1] == NULL || argv[*i + 1][0] == '-'))
		value = "0.2";
	if (s->value != NULL && value == NULL && (value = argv[++*i]) == NULL)
		return misuse("a value is missing: --%s %s", s->name, s->value);
	if (value == NULL)
		value = "";		/* none goes with it */
	*done = s;
	return set(plan, s, value) ? 0 : wrong_value(s, value);
}

/* The address as far as the clocks' own paths begin. */
static char *
server_trim(const char *url)
{
	struct cg_str s = cg_str_of(url), tail = cg_lit("/iclock");

	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	if (s.n > tail.n && cg_str_eq(cg_str_from(s, s.n - tail.n), tail))
		s.n -= tail.n;
	return copy(s);
}

static int
check(const struct plan *plan)
{
	if (plan->verify != NULL)
		return plan->config == NULL && plan->csv == NULL ?
		    misuse("what is it compared with? type: clocksim --verify %s "
		    "--config INI", plan->verify) : 0;
	if (plan->server == NULL)
		return misuse("where to? type: clocksim --server URL --sn SN");
	if (!cg_str_istarts(cg_str_of(plan->server), cg_lit("http://")) &&
	    !cg_str_istarts(cg_str_of(plan->server), cg_lit("https://")))
		return misuse("--server %s: it begins with http:// or https://",
		    plan->server);
	if (strlen(plan->sn) > 30)
		return misuse("--sn %s: a serial number has at most 30 characters",
		    plan->sn);
	if (plan->udp && plan->fleet > 1)
		return misuse("--udp is for one clock, not for a --fleet");
	if (plan->enrolments > plan->staff)
		return misuse("--enrolments %u is more than --staff %u", plan->enrolments,
		    plan->staff);
	if (plan->pictures > plan->staff)
		return misuse("--pictures %u is more than --staff %u", plan->pictures,
		    plan->staff);
	if (plan->items > plan->staff)
		return misuse("--items %u is more than --staff %u", plan->items,
		    plan->staff);
	return 0;
}

static int
run(struct plan *plan)
{
	char *server;
	int status;

	if (plan->verify != NULL)
		return verify(plan);
	if ((plan->last_punch != NULL || plan->self_service != NULL) &&
	    plan->seconds == 0 && plan->rate <= 0)
		plan->once = true;
	if (plan->day && plan->enrolments == 0)
		plan->enrolments = plan->staff;
	if (plan->connections > plan->fleet)
		plan->connections = plan->fleet;
	plan->server = server = server_trim(plan->server);
	status = fleet_run(plan);
	free(server);
	return status;
}

int
main(int argc, char **argv)
{
	struct plan plan = { .sn = "SIM0001", .dialect = ATT, .staff = 20,
	    .fleet = 1, .connections = 200, .speed = 1, .seed = 1,
	    .firmware = "Ver 8.0.4-sim", .ip = "192.0.2.10" };
	const struct setting *s = settings;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++) {
		if ((status = take(&plan, argv, &i, &s)) != 0)
			return status;
		if (strcmp(s->name, "help") == 0) {
			help();
			return 0;
		}
		if (strcmp(s->name, "version") == 0) {
			printf("clocksim %s\n", PACKAGE_VERSION);
			return 0;
		}
	}
	return (status = check(&plan)) != 0 ? status : run(&plan);
}
