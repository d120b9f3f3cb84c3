/*
 * The reference of the benchmark: rows into the server's tables, as fast as
 * the client library sends them.  None of the server's own code, nothing
 * parsed, nothing looked up.
 *
 *	raw SOCKET DATABASE KIND CONNECTIONS WARM-UP SECONDS [BYTES]
 *
 * text, prepared, bulk: 1,000 punches a transaction, as one statement in
 * text, as one prepared statement, by MariaDB's bulk binding.  single: one
 * punch a transaction.  photo: one photo of so many bytes a transaction.
 * Each connection is a thread and a clock, whose punches come in order.
 */
#include "config.h"

#include <mysql.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS		1000
#define COLUMNS		9	/* that are not the same in each row */
#define ROW_BYTES	160	/* more than a row in text */
#define FIRST_PUNCH	1704067200	/* 2024-01-01 00:00:00 */

struct punch {
	uint32_t	device;
	char		pin[5], work[2], reserved[2];
	int16_t		state, verify;
	MYSQL_TIME	at;
	char		text[20];
	unsigned long	four, one;	/* lengths: bulk binding asks for them */
};

struct thread {
	pthread_t	 id;
	MYSQL		*my;
	MYSQL_STMT	*stmt;
	uint32_t	 device;
	uint64_t	 next;		/* number of its next row */
	uint64_t	 counted;
	struct punch	*row;
	MYSQL_BIND	*bind;
	char		*text;
};

struct kind {
	const char	*name;
	unsigned	 rows;		/* a transaction */
	bool		 commits;	/* by itself: autocommit is off */
	void		(*prepare)(struct thread *);
	void		(*send)(struct thread *);
};

static const char *sock, *database;
static const struct kind *kind;
static unsigned long bytes = 15360;
static uint32_t size;
static uint64_t from_us, until_us;

static const char insert_punch[] = "INSERT INTO punch (device_id, pin,"
    " punched_at, state, verify, work_code, reserved1, reserved2,"
    " punched_at_utc, received_at_utc) VALUES ";
static const char punch_row[] = "(?,?,?,?,?,?,?,?,?,UTC_TIMESTAMP())";

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "raw: %s: %s\n", what, why);
	exit(1);
}

static void *
get(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL)
		fail("memory", "none");
	return p;
}

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* ---- rows: the same that the load generator lets the clocks send ---- */

static void
put2(char *p, unsigned n)
{
	p[0] = (char)('0' + n / 10 % 10);
	p[1] = (char)('0' + n % 10);
}

static void
fill_time(struct punch *p, uint64_t second)
{
	static _Thread_local uint64_t day;
	static _Thread_local struct tm tm;
	unsigned s = (unsigned)(second % 86400);

	if (day != second / 86400) {
		time_t t = (time_t)second;

		day = second / 86400;
		(void)gmtime_r(&t, &tm);
	}
	p->at.year = (unsigned)tm.tm_year + 1900;
	p->at.month = (unsigned)tm.tm_mon + 1;
	p->at.day = (unsigned)tm.tm_mday;
	p->at.hour = s / 3600;
	p->at.minute = s / 60 % 60;
	p->at.second = s % 60;
	p->at.time_type = MYSQL_TIMESTAMP_DATETIME;
}

static void
text_time(struct punch *p)
{
	put2(p->text, p->at.year / 100);
	put2(p->text + 2, p->at.year % 100);
	p->text[4] = p->text[7] = '-';
	put2(p->text + 5, p->at.month);
	put2(p->text + 8, p->at.day);
	p->text[10] = ' ';
	put2(p->text + 11, p->at.hour);
	p->text[13] = p->text[16] = ':';
	put2(p->text + 14, p->at.minute);
	put2(p->text + 17, p->at.second);
}

static void
fill(struct thread *t, unsigned i)
{
	struct punch *p = &t->row[i];
	uint64_t n = t->next++;
	unsigned pin = 1001 + (unsigned)(n * 7 % 5000);

	put2(p->pin, pin / 100);
	put2(p->pin + 2, pin % 100);
	fill_time(p, FIRST_PUNCH + n);
}

static void
set_up_rows(struct thread *t)
{
	unsigned i;

	t->row = get(kind->rows * sizeof(*t->row));
	for (i = 0; i < kind->rows; i++) {
		t->row[i].device = t->device;
		t->row[i].work[0] = t->row[i].reserved[0] = '0';
		t->row[i].verify = 1;
		t->row[i].four = 4;
		t->row[i].one = 1;
	}
}

/* ---- statements ---- */

static void
check(struct thread *t, bool failed, const char *what)
{
	if (failed)
		fail(what, t->stmt != NULL && mysql_stmt_errno(t->stmt) ?
		    mysql_stmt_error(t->stmt) : mysql_error(t->my));
}

static void
prepare(struct thread *t, const char *sql, size_t n)
{
	t->stmt = mysql_stmt_init(t->my);
	check(t, t->stmt == NULL, "mysql_stmt_init");
	check(t, mysql_stmt_prepare(t->stmt, sql, n) != 0, "prepare");
}

static void
execute(struct thread *t)
{
	check(t, mysql_stmt_execute(t->stmt) != 0, "execute");
}

static void
bind_one(MYSQL_BIND *b, enum enum_field_types type, void *p,
    unsigned long *n)
{
	memset(b, 0, sizeof(*b));
	b->buffer_type = type;
	b->buffer = p;
	b->length = n;
}

static void
bind_row(MYSQL_BIND *b, struct punch *p)
{
	bind_one(&b[0], MYSQL_TYPE_LONG, &p->device, NULL);
	b[0].is_unsigned = true;
	bind_one(&b[1], MYSQL_TYPE_STRING, p->pin, &p->four);
	bind_one(&b[2], MYSQL_TYPE_DATETIME, &p->at, NULL);
	bind_one(&b[3], MYSQL_TYPE_SHORT, &p->state, NULL);
	bind_one(&b[4], MYSQL_TYPE_SHORT, &p->verify, NULL);
	bind_one(&b[5], MYSQL_TYPE_STRING, p->work, &p->one);
	bind_one(&b[6], MYSQL_TYPE_STRING, p->reserved, &p->one);
	bind_one(&b[7], MYSQL_TYPE_STRING, p->reserved, &p->one);
	bind_one(&b[8], MYSQL_TYPE_DATETIME, &p->at, NULL);
}

static size_t
add(char *to, size_t at, const char *s)
{
	size_t n = strlen(s);

	memcpy(to + at, s, n);
	return at + n;
}

static void
prepare_rows(struct thread *t)
{
	char *sql = get(sizeof(insert_punch) +
	    kind->rows * (sizeof(punch_row) + 1));
	size_t n = add(sql, 0, insert_punch);
	unsigned i;

	for (i = 0; i < kind->rows; i++) {
		n = add(sql, n, i > 0 ? "," : "");
		n = add(sql, n, punch_row);
	}
	prepare(t, sql, n);
	free(sql);
	t->bind = get(kind->rows * COLUMNS * sizeof(*t->bind));
	for (i = 0; i < kind->rows; i++)
		bind_row(t->bind + i * COLUMNS, &t->row[i]);
	check(t, mysql_stmt_bind_param(t->stmt, t->bind) != 0, "bind");
}

static void
send_rows(struct thread *t)
{
	unsigned i;

	for (i = 0; i < kind->rows; i++)
		fill(t, i);
	execute(t);
}

static void
prepare_text(struct thread *t)
{
	t->text = get(sizeof(insert_punch) + (size_t)kind->rows * ROW_BYTES);
}

static void
send_text(struct thread *t)
{
	size_t n = add(t->text, 0, insert_punch);
	unsigned i;

	for (i = 0; i < kind->rows; i++) {
		struct punch *p = &t->row[i];

		fill(t, i);
		text_time(p);
		n += (size_t)snprintf(t->text + n, ROW_BYTES, "%s(%u,'%s','%s',"
		    "%d,%d,'%s','%s','%s','%s',UTC_TIMESTAMP())",
		    i > 0 ? "," : "", p->device, p->pin, p->text, p->state,
		    p->verify, p->work, p->reserved, p->reserved, p->text);
	}
	check(t, mysql_real_query(t->my, t->text, n) != 0, "query");
}

#ifdef MARIADB_BASE_VERSION
/* The structs themselves are the arrays: MariaDB steps over them by row. */
static void
prepare_bulk(struct thread *t)
{
	char sql[sizeof(insert_punch) + sizeof(punch_row)];
	unsigned rows = kind->rows;
	size_t step = sizeof(struct punch), n;

	n = add(sql, 0, insert_punch);
	n = add(sql, n, punch_row);
	prepare(t, sql, n);
	t->bind = get(COLUMNS * sizeof(*t->bind));
	bind_row(t->bind, t->row);
	check(t, mysql_stmt_attr_set(t->stmt, STMT_ATTR_ARRAY_SIZE, &rows) ||
	    mysql_stmt_attr_set(t->stmt, STMT_ATTR_ROW_SIZE, &step) ||
	    mysql_stmt_bind_param(t->stmt, t->bind), "bind");
}

static void
send_bulk(struct thread *t)
{
	send_rows(t);
	check(t, mysql_commit(t->my) != 0, "commit");
}
#endif

static void
prepare_photo(struct thread *t)
{
	static const char sql[] = "INSERT INTO photo (device_id, kind, pin,"
	    " taken_at, size, image, received_at_utc)"
	    " VALUES (?,'punch',?,?,?,?,UTC_TIMESTAMP())";
	struct punch *p = t->row;
	size_t i;

	prepare(t, sql, sizeof(sql) - 1);
	t->text = get(bytes + 64);
	for (i = 0; i < bytes; i++)
		t->text[i] = (char)(random() >> 11);
	t->bind = get(5 * sizeof(*t->bind));
	bind_one(&t->bind[0], MYSQL_TYPE_LONG, &p->device, NULL);
	bind_one(&t->bind[1], MYSQL_TYPE_STRING, p->pin, &p->four);
	bind_one(&t->bind[2], MYSQL_TYPE_DATETIME, &p->at, NULL);
	bind_one(&t->bind[3], MYSQL_TYPE_LONG, &size, NULL);
	bind_one(&t->bind[4], MYSQL_TYPE_BLOB, t->text, &bytes);
	check(t, mysql_stmt_bind_param(t->stmt, t->bind) != 0, "bind");
}

static void
send_photo(struct thread *t)
{
	fill(t, 0);
	memcpy(t->text + 20, &t->next, sizeof(t->next));
	memcpy(t->text + 28, &t->device, sizeof(t->device));
	execute(t);
}

static const struct kind kinds[] = {
	{ "text", ROWS, false, prepare_text, send_text },
	{ "prepared", ROWS, false, prepare_rows, send_rows },
#ifdef MARIADB_BASE_VERSION
	{ "bulk", ROWS, true, prepare_bulk, send_bulk },
#endif
	{ "single", 1, false, prepare_rows, send_rows },
	{ "photo", 1, false, prepare_photo, send_photo },
};

/* ---- threads ---- */

static void
open_connection(struct thread *t)
{
	static const char session[] =
	    "SET sql_mode = 'STRICT_ALL_TABLES', time_zone = '+00:00'";

	if ((t->my = mysql_init(NULL)) == NULL)
		fail("mysql_init", "no memory");
	(void)mysql_options(t->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (mysql_real_connect(t->my, NULL, "root", NULL, database, 0, sock,
	    0) == NULL)
		fail(sock, mysql_error(t->my));
	check(t, mysql_query(t->my, session) != 0 ||
	    mysql_query(t->my, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
	    != 0 || mysql_autocommit(t->my, !kind->commits) != 0, session);
	set_up_rows(t);
	kind->prepare(t);
}

static void *
work(void *arg)
{
	struct thread *t = arg;
	uint64_t now;

	while ((now = now_us()) < until_us) {
		kind->send(t);
		now = now_us();
		if (now >= from_us && now < until_us)
			t->counted += kind->rows;
	}
	return NULL;
}

static void
run(unsigned n, double warm, double seconds)
{
	struct thread *thread = get(n * sizeof(*thread));
	uint64_t counted = 0, total = 0;
	unsigned i;

	for (i = 0; i < n; i++) {
		thread[i].device = i + 1;
		open_connection(&thread[i]);
	}
	from_us = now_us() + (uint64_t)(warm * 1e6);
	until_us = from_us + (uint64_t)(seconds * 1e6);
	for (i = 0; i < n; i++)
		if (pthread_create(&thread[i].id, NULL, work, &thread[i]) != 0)
			fail("pthread_create", "no thread");
	for (i = 0; i < n; i++) {
		(void)pthread_join(thread[i].id, NULL);
		counted += thread[i].counted;
		total += thread[i].next;
		mysql_close(thread[i].my);
	}
	printf("rate=%.1f good=%llu\n", (double)counted / seconds,
	    (unsigned long long)total);
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc != 7 && argc != 8) {
		fputs("usage: raw SOCKET DATABASE KIND CONNECTIONS WARM-UP "
		    "SECONDS [BYTES]\n", stderr);
		return 2;
	}
	sock = argv[1];
	database = argv[2];
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(argv[3], kinds[i].name) == 0)
			kind = &kinds[i];
	if (kind == NULL)
		fail(argv[3], "there is no such kind");
	if (argc == 8)
		bytes = strtoul(argv[7], NULL, 10);
	size = (uint32_t)bytes;
	(void)mysql_library_init(0, NULL, NULL);
	run((unsigned)strtoul(argv[4], NULL, 10), strtod(argv[5], NULL),
	    strtod(argv[6], NULL));
	return 0;
}
