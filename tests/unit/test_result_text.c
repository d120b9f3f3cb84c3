/*
 * push: what the codes of results mean (spec table 2.7, spec appendix 1,
 * spec VI.7.9, notes 2).
 */
#include "config.h"

#include "command_case.h"

#include <stdint.h>

#define UNKNOWN	"a code that nobody has told the meaning of"

static const struct {
	const char	*command;	/* NULL: none is known */
	int32_t		 code;
	bool		 ok;
	const char	*text;
} rows[] = {
	{ "user-update", 0, true, "done" },
	{ NULL, 0, true, "done" },
	{ "user-update", -1, false,
	    "a parameter is wrong, or there is nothing to send" },
	{ "user-update", -2, false, "wrong operation" },
	{ "user-update", -3, false, "reading or writing failed" },
	{ "user-update", -4, false, "no such data" },
	{ "user-update", -5, false, "no more space" },
	{ "user-update", -6, false, "the data is not valid" },
	{ "face-update", -9, false,
	    "the template has another length than Size says" },
	{ "fingerprint-update", -10, false, "no such user on the clock" },
	{ "fingerprint-update", -11, false,
	    "the format of the template is wrong" },
	{ "fingerprint-update", -12, false, "the template is not valid" },
	{ "raw", -22, false, "the clock does not know this command" },
	{ "biodata-update", -30, false,
	    "the template is of another version of the algorithm" },
	{ NULL, -629, false,
	    "the clock is for access control and has other commands" },
	{ "enroll-biodata", -725, false, "nobody enrolled in time" },
	{ "user-update", -1001, false, "the clock is full" },
	{ "info", -1002, false, "the clock does not support this" },
	{ "info", -1003, false,
	    "it took too long, or a parameter is wrong" },
	{ "info", -1004, false,
	    "the data does not fit the settings of the clock" },
	{ "info", -1005, false, "the clock is busy" },
	{ "info", -1006, false, "the data is too long" },
	{ "info", -1007, false, "the clock has no memory left" },
	{ "info", -1008, false, "the clock could not fetch the data" },
	{ "info", -7, false, UNKNOWN },
	{ "info", 3, false, UNKNOWN },
	{ "info", INT32_MAX, false, UNKNOWN },
	{ "info", CG_NONE, false, "no code came with the result" },

	{ "enroll-fingerprint", 0, true, "done" },
	{ "enroll-fingerprint", 2, false,
	    "this finger of the user is enrolled already" },
	{ "enroll-fingerprint", 4, false, "enrolment failed: poor quality, or "
	    "not the same finger three times" },
	{ "enroll-biodata", 5, false,
	    "this fingerprint is enrolled already" },
	{ "enroll-card", 6, false, "enrolment was cancelled" },
	{ "enroll-fingerprint", 7, false,
	    "the clock is busy and can't enrol" },
	{ "enroll-fingerprint", 3, false, UNKNOWN },
	{ "enroll-fingerprint", -10, false, "no such user on the clock" },

	{ "picture-update", -1, false, "the clock does not support pictures" },
	{ "picture-update", -2, false,
	    "the picture did not arrive; it may be too large" },
	{ "picture-delete", -3, false, "a parameter is wrong" },
	{ "picture-update", -10, false, "no such user on the clock" },
	{ "biophoto-update", -1, false,
	    "refused; newer clocks want the photo by Url" },
	{ "biophoto-update", -2, false,
	    "the photo has another length than Size says" },
	{ "biophoto-update", -3, false, "reading or writing failed" },

	{ "file-get", 42, true, "bytes" },
	{ "file-put", 0, true, "done" },
	{ "file-put", -3, false, "reading or writing failed" },
	{ "query-punches", 42, true, "records" },
	{ "raw", 42, true, "records" },
	{ NULL, 42, true, "records" },
	{ NULL, -99, false, UNKNOWN },
};

static void
test_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct cg_command *c = rows[i].command != NULL ?
		    command_of(rows[i].command) : NULL;

		assert_string_equal(rows[i].text,
		    cg_result_text(c, rows[i].code));
		assert_int_equal(rows[i].ok, cg_result_ok(c, rows[i].code));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
