/*
 * INFO of heartbeats (spec III.2.4.5, notes 1.3, 10 vector 3).
 */
#include "config.h"

#include "cg_push.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "assert_str.h"

/* Short names, since each row holds them all. */
struct want {
	const char *info;
	const char *firmware;
	int32_t users, fps, punches;
	const char *ip, *fpver, *facever;
	int32_t per_user, faces;
	const char *support;
	int32_t cards, user_photos, punch_photos;
};

#define X	CG_NONE

static const struct want rows[] = {
	{ "Ver 6.8,3,2,1", "Ver 6.8", 3, 2, 1, NULL, NULL, NULL, X, X, NULL,
	  X, X, X },
	{ ",1,2,1,192.0.2.101", NULL, 1, 2, 1, "192.0.2.101", NULL, NULL, X,
	  X, NULL, X, X, X },
	{ "fw,1,2,3,192.0.2.1,10", "fw", 1, 2, 3, "192.0.2.1", "10", NULL, X,
	  X, NULL, X, X, X },
	{ " Ver 6.8.0(build640), 2, 0, 0, 192.0.2.201, 10, -1, -12, 101",
	  "Ver 6.8.0(build640)", 2, 0, 0, "192.0.2.201", "10", "-1", X, -12,
	  "101", X, X, X },
	{ "fw,1,2,3,192.0.2.1,10,7,4", "fw", 1, 2, 3, "192.0.2.1", "10", "7",
	  X, 4, NULL, X, X, X },
	{ "Ver 8.0.4.3-20200907,3,2,3,192.0.2.41,10,7,12,0,11110",
	  "Ver 8.0.4.3-20200907", 3, 2, 3, "192.0.2.41", "10", "7", 12, 0,
	  "11110", X, X, X },
	{ "fw,1,2,3,ip,10,7,12,4,111,5", "fw", 1, 2, 3, "ip", "10", "7", 12,
	  4, "111", 5, X, X },
	{ "ZAM180-NF50VA-Ver3.4.10,1,0,16,192.0.2.25,10,39,12,1,01110,2,3,4",
	  "ZAM180-NF50VA-Ver3.4.10", 1, 0, 16, "192.0.2.25", "10", "39", 12,
	  1, "01110", 2, 3, 4 },
	{ "fw,1,0,16,ip,10,39,12,1,01110,2,3,4,5,6", "fw", 1, 0, 16, "ip",
	  "10", "39", 12, 1, "01110", 2, 3, 4 },
	{ "fw,x,,2147483648,,,", "fw", X, X, X, NULL, NULL, NULL, X, X, NULL,
	  X, X, X },
	{ "fw,-2147483647,1.5,+3", "fw", -INT32_MAX, X, 3, NULL, NULL, NULL,
	  X, X, NULL, X, X, X },
	{ "fw,-2147483648", "fw", X, X, X, NULL, NULL, NULL, X, X, NULL, X, X,
	  X },
	{ "fw", "fw", X, X, X, NULL, NULL, NULL, X, X, NULL, X, X, X },
	{ "", NULL, X, X, X, NULL, NULL, NULL, X, X, NULL, X, X, X },
	{ NULL, NULL, X, X, X, NULL, NULL, NULL, X, X, NULL, X, X, X },
};

static void
test_info(void **state)
{
	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct want *w = &rows[i];
		struct cg_info got;

		memset(&got, 0x5A, sizeof(got));
		cg_info_parse(cg_str_of(w->info), &got);
		assert_str(got.firmware, w->firmware);
		assert_int_equal(got.user_count, w->users);
		assert_int_equal(got.fingerprint_count, w->fps);
		assert_int_equal(got.punch_count, w->punches);
		assert_str(got.ip, w->ip);
		assert_str(got.fingerprint_version, w->fpver);
		assert_str(got.face_version, w->facever);
		assert_int_equal(got.faces_per_user, w->per_user);
		assert_int_equal(got.face_count, w->faces);
		assert_str(got.support, w->support);
		assert_int_equal(got.card_count, w->cards);
		assert_int_equal(got.user_photo_count, w->user_photos);
		assert_int_equal(got.punch_photo_count, w->punch_photos);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),
	};

	return cmocka_run_group_tests_name("info", tests, NULL, NULL);
}
