/*
 * What queries bring: which records are an answer, and how many came.
 */
#include "config.h"

#include "queue.h"

/* A record of that kind and PIN, at a second of 2026 or of a number. */
static struct cg_record
record_of(enum cg_record_kind kind, const char *pin, int32_t number)
{
	struct cg_record r = { .kind = kind };

	switch (kind) {
	case CG_REC_USER:
		r.u.user.pin = str(pin);
		break;
	case CG_REC_PUNCH:
		r.u.punch = punch(pin, number);
		break;
	case CG_REC_PHOTO:
		r.u.photo.pin = str(pin);
		r.u.photo.at = punch(pin, number).at;
		break;
	case CG_REC_TEMPLATE:
		r.u.template.pin = str(pin);
		r.u.template.type = number / 100;
		r.u.template.no = number % 100;
		break;
	default:
		fail_msg("no such record here");
	}
	return r;
}

static void
met(struct fixture *f, const char *sn, const struct cg_record *r, unsigned n)
{
	while (n-- > 0)
		assert_ok(f, cg_answer_note(f->db, str(sn), r));
	assert_ok(f, cg_answer_keep(f->db));
	assert_ok(f, cg_db_commit(f->db));
}

static void
count(struct fixture *f, const char *sn, enum cg_record_kind kind, unsigned n)
{
	struct cg_record r = record_of(kind, "7", 109);

	met(f, sn, &r, n);
}

#define assert_rows(f, text)						\
	assert_value((f), "SELECT GROUP_CONCAT(rows_received ORDER BY id)"	\
	    " FROM command", (text))

/* A record is an answer only when it is what was asked for. */
static void
test_rows_that_were_asked_for(void **state)
{
	static const struct {
		const char	*body;
		enum cg_record_kind kind;
		const char	*pin;
		int32_t		 number;	/* seconds of 2026, or type * 100 + no */
		unsigned	 want;
	} rows[] = {
		{ "DATA QUERY USERINFO", CG_REC_USER, "8", 0, 1 },
		{ "DATA QUERY USERINFO PIN=7", CG_REC_USER, "7", 0, 1 },
		{ "DATA QUERY USERINFO PIN=7", CG_REC_USER, "8", 0, 0 },
		{ "DATA QUERY USERINFO PIN=7", CG_REC_USER, "77", 0, 0 },
		{ "data query userinfo pin=7", CG_REC_USER, "7", 0, 1 },
		{ "DATA QUERY USERINFO", CG_REC_TEMPLATE, "7", 100, 0 },
#define JANUARY_2	"DATA QUERY ATTLOG StartTime=2026-01-02 00:00:00"	\
	"\\tEndTime=2026-01-02T23:59:59"
		{ JANUARY_2, CG_REC_PUNCH, "7", 86399, 0 },
		{ JANUARY_2, CG_REC_PUNCH, "7", 86400, 1 },
		{ JANUARY_2, CG_REC_PUNCH, "7", 2 * 86400 - 1, 1 },
		{ JANUARY_2, CG_REC_PUNCH, "7", 2 * 86400, 0 },
		{ JANUARY_2, CG_REC_PHOTO, "7", 86400, 0 },
#define PHOTOS		"DATA QUERY ATTPHOTO StartTime=2026-01-01T00:00:00"	\
	"\\tEndTime=2026-01-01T12:00:00"
		{ PHOTOS, CG_REC_PHOTO, "7", 43200, 1 },
		{ PHOTOS, CG_REC_PHOTO, "7", 43201, 0 },
		{ PHOTOS, CG_REC_PUNCH, "7", 43200, 0 },
		{ "DATA QUERY FINGERTMP", CG_REC_TEMPLATE, "7", 103, 1 },
		{ "DATA QUERY FINGERTMP", CG_REC_TEMPLATE, "7", 900, 0 },
		{ "DATA QUERY FINGERTMP PIN=7", CG_REC_TEMPLATE, "7", 103, 1 },
		{ "DATA QUERY FINGERTMP PIN=7", CG_REC_TEMPLATE, "8", 103, 0 },
		{ "DATA QUERY FINGERTMP PIN=7\\tFID=3", CG_REC_TEMPLATE, "7",
		  103, 1 },
		{ "DATA QUERY FINGERTMP PIN=7\\tFID=3", CG_REC_TEMPLATE, "7",
		  104, 0 },
		{ "DATA QUERY BIODATA Type=9", CG_REC_TEMPLATE, "7", 900, 1 },
		{ "DATA QUERY BIODATA Type=9", CG_REC_TEMPLATE, "7", 800, 0 },
		{ "DATA QUERY BIODATA Type=9\\tPin=7\\tNo=1", CG_REC_TEMPLATE,
		  "7", 901, 1 },
		{ "DATA QUERY BIODATA Type=9\\tPin=7\\tNo=1", CG_REC_TEMPLATE,
		  "7", 900, 0 },
		{ "DATA QUERY BIODATA Type=9\\tPin=7\\tNo=1", CG_REC_TEMPLATE,
		  "8", 901, 0 },
	};
	struct fixture *f = *state;
	struct taken t = { .n = 0 };
	struct cg_record r;
	size_t i;

	for (i = 0; i < CG_LEN(rows); i++) {
		sql(f, "TRUNCATE TABLE command");
		plain(f, rows[i].body);
		assert_ok(f, claim_on(f, f->db, &usual, &t));
		assert_ok(f, cg_db_commit(f->db));
		assert_int_equal(t.n, 1);
		r = record_of(rows[i].kind, rows[i].pin, rows[i].number);
		met(f, SN, &r, 1);
		if (number(f, "SELECT rows_received FROM command") !=
		    rows[i].want)
			fail_msg("row %zu: %s", i, rows[i].body);
	}
}

static void
test_rows_of_queries(void **state)
{
	struct fixture *f = *state;
	struct cg_result r = { .id = str("1"), .code = 0, .raw = str("ID=1") };

	plain(f, "DATA QUERY USERINFO");
	count(f, SN, CG_REC_USER, 9);
	assert_rows(f, "0");
	plain(f, "DATA QUERY USERINFO PIN=7");
	assert_claimed(f, &usual, "1:DATA QUERY USERINFO\n"
	    "2:DATA QUERY USERINFO PIN=7\n");
	count(f, SN, CG_REC_USER, 5);
	count(f, SN, CG_REC_USER, 2);
	count(f, SN, CG_REC_PUNCH, 3);
	count(f, "OTHER", CG_REC_USER, 4);
	assert_rows(f, "7,0");
	assert_ok(f, take_result(f, str(SN), &r));
	count(f, SN, CG_REC_USER, 1);
	assert_rows(f, "7,1");
	r.id = str("2");
	assert_ok(f, take_result(f, str(SN), &r));
	assert_ok(f, cg_db_commit(f->db));
	sql(f, "UPDATE command SET counts_until_utc = UTC_TIMESTAMP()"
	    " WHERE id = 1");
	/* what comes after the result still counts, for a minute */
	count(f, SN, CG_REC_USER, 10);
	assert_rows(f, "7,11");
	sql(f, "UPDATE command SET counts_until_utc = UTC_TIMESTAMP()");
	count(f, SN, CG_REC_USER, 10);
	assert_rows(f, "7,11");
}

/* However many other clocks are asked at the same time. */
static void
test_rows_of_many_queries(void **state)
{
	struct fixture *f = *state;

	sql(f, "INSERT INTO command (device_sn, body, asked, state, name,"
	    " counts_until_utc) SELECT CONCAT('Q', seq), 'DATA QUERY USERINFO',"
	    " 'DATA QUERY USERINFO', 'sent', 'query-users',"
	    " UTC_TIMESTAMP() + INTERVAL 1 HOUR"
	    " FROM seq_1_to_3000");
	count(f, "Q3000", CG_REC_USER, 4);
	count(f, "Q1", CG_REC_USER, 5);
	assert_number(f, "SELECT SUM(rows_received) FROM command", 9);
	assert_number(f, "SELECT rows_received FROM command WHERE device_sn ="
	    " 'Q3000'", 4);
}

/* A count belongs to its upload: without that it is gone. */
static void
test_rows_roll_back(void **state)
{
	struct fixture *f = *state;
	struct cg_record r = record_of(CG_REC_PUNCH, "7", 3);

	plain(f, "DATA QUERY ATTLOG StartTime=2026-01-01 00:00:00\\t"
	    "EndTime=2026-01-31 23:59:59");
	assert_claimed(f, &usual, "1:DATA QUERY ATTLOG StartTime=2026-01-01 "
	    "00:00:00\tEndTime=2026\n");
	assert_ok(f, cg_answer_note(f->db, str(SN), &r));
	assert_ok(f, cg_answer_keep(f->db));
	cg_db_rollback(f->db);
	assert_rows(f, "0");
	count(f, SN, CG_REC_PUNCH, 4);
	assert_rows(f, "4");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rows_that_were_asked_for, test_up),
		cmocka_unit_test_setup(test_rows_of_queries, test_up),
		cmocka_unit_test_setup(test_rows_of_many_queries, test_up),
		cmocka_unit_test_setup(test_rows_roll_back, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
