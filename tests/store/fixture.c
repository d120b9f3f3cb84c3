#include "config.h"

#include "fixture.h"

#define START	1767225600		/* 2026-01-01 00:00:00 */

struct cg_db_conf
conf_of(const char *user)
{
	struct cg_db_conf c = {
		.socket = getenv("CG_TEST_SOCKET"), .user = user,
		.name = "clockgate", .connect_timeout = 10,
		.read_timeout = 20, .lock_wait_timeout = 1
	};

	return c;
}

struct cg_str
str(const char *s)
{
	return cg_str_of(s);
}

void
sql(struct fixture *f, const char *fmt, ...)
{
	char text[4096];
	MYSQL_RES *res;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (mysql_real_query(f->root, text, strlen(text)) != 0)
		fail_msg("%s: %s", text, mysql_error(f->root));
	if ((res = mysql_store_result(f->root)) != NULL)
		mysql_free_result(res);
}

const char *
value(struct fixture *f, const char *query)
{
	const char *text = "";
	unsigned long *length;
	MYSQL_RES *res;
	MYSQL_ROW row;

	if (mysql_real_query(f->root, query, strlen(query)) != 0)
		fail_msg("%s: %s", query, mysql_error(f->root));
	res = mysql_store_result(f->root);
	assert_non_null(res);
	if ((row = mysql_fetch_row(res)) != NULL) {
		length = mysql_fetch_lengths(res);
		text = row[0] == NULL ? "NULL" : cg_arena_dup(f->arena,
		    (struct cg_str){ row[0], length[0] });
	}
	mysql_free_result(res);
	assert_non_null(text);
	return text;
}

long long
number(struct fixture *f, const char *query)
{
	int64_t n = -1;

	if (cg_str_i64(str(value(f, query)), INT64_MIN, INT64_MAX, &n) != CG_OK)
		fail_msg("%s: %s is no number", query, value(f, query));
	return n;
}

long long
rows_read(struct fixture *f)
{
	sql(f, "FLUSH STATUS");
	return number(f, "SELECT SUM(VARIABLE_VALUE) FROM"
	    " information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
	    " ('Handler_read_next', 'Handler_read_prev',"
	    " 'Handler_read_rnd_next')");
}

int
group_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct cg_db_conf conf = conf_of("clockgate");

	if (f == NULL || conf.socket == NULL ||
	    cg_arena_new((size_t)64 << 20, &f->arena) != CG_OK ||
	    cg_db_new(&conf, &f->db) != CG_OK)
		return -1;
	f->root = mysql_init(NULL);
	if (mysql_real_connect(f->root, NULL, "root", "", "clockgate", 0,
	    conf.socket, 0) == NULL)
		return -1;
	/* a lock that a test left behind fails it, and does not hang it */
	sql(f, "SET SESSION lock_wait_timeout = 20");
	if (cg_db_open_any(f->db) != CG_OK ||
	    cg_schema_migrate(f->db, NULL, NULL) != CG_OK) {
		print_error("%s\n", cg_db_why(f->db));
		return -1;
	}
	*state = f;
	return 0;
}

int
group_down(void **state)
{
	struct fixture *f = *state;

	cg_db_free(f->db);
	mysql_close(f->root);
	cg_arena_free(f->arena);
	free(f);
	return 0;
}

int
test_up(void **state)
{
	static const char *const tables[] = {
		"device", "device_state", "device_setting", "device_option",
		"device_stamp", "punch", "operation", "device_user",
		"template", "photo", "device_item", "device_event",
		"rejected", "command", "self_service",
		"self_service_text", "danger_open", "audit"
	};
	struct fixture *f = *state;
	size_t i;

	cg_db_rollback(f->db);
	cg_arena_reset(f->arena);
	for (i = 0; i < CG_LEN(tables); i++)
		sql(f, "TRUNCATE TABLE %s", tables[i]);
	sql(f, "UPDATE audit_head SET id = 0, hash = REPEAT('0', 64)");
	assert_ok(f, cg_db_open(f->db));
	assert_ok(f, cg_device_add(f->db, str(SN), CG_DEVICE_ACTIVE, 1,
	    &f->clock));
	assert_ok(f, cg_db_commit(f->db));
	f->from = (struct cg_origin){ .device = f->clock.id,
	    .endpoint = cg_lit("cdata"), .table = cg_lit("ATTLOG"),
	    .line = cg_lit("the line\tas sent") };
	return 0;
}

struct cg_punch
punch(const char *pin, int64_t seconds)
{
	struct cg_punch p = { 0 };

	p.pin = str(pin);
	cg_time_from_seconds(START + seconds, &p.at.time);
	p.at.text = cg_lit("not to be stored");
	p.at.possible = true;
	return p;
}

enum cg_err
put_punch(struct fixture *f, const struct cg_punch *p)
{
	const struct cg_when when = { cg_time_seconds(&p->at.time), CG_SUSPECT_NOT };

	return cg_punch_put(f->db, &f->from, p, &when);
}
