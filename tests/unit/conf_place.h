/*
 * What the tests of the configuration share: a directory with an ini and
 * another file, which end with the test.
 */
#ifndef CG_TEST_CONF_PLACE_H
#define CG_TEST_CONF_PLACE_H

#include "cg_app.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PASSWORD_ENV	"CLOCKGATE_DB_PASSWORD"

struct place {
	char	 dir[64];
	char	 ini[96];
	char	 other[96];
};

static inline int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->dir, sizeof(p->dir), "/tmp/cgconf-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->ini, sizeof(p->ini), "%s/a.ini", p->dir);
	snprintf(p->other, sizeof(p->other), "%s/b", p->dir);
	unsetenv(PASSWORD_ENV);
	unsetenv("CLOCKGATE_CONFIG");
	*state = p;
	return 0;
}

static inline int
teardown(void **state)
{
	struct place *p = *state;

	unlink(p->ini);
	unlink(p->other);
	rmdir(p->dir);
	free(p);
	return 0;
}

static inline void
put(const char *file, const char *text, size_t n, mode_t mode)
{
	FILE *f;

	unlink(file);
	assert_non_null(f = fopen(file, "w"));
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(file, mode), 0);
}

static inline void
load_ok(struct cg_conf *c, const char *file)
{
	char msg[CG_MSG_MAX];
	enum cg_err e = cg_conf_load(c, "cdata", file, NULL, 0, msg);

	if (e != CG_OK)
		fail_msg("%s", msg);
	assert_string_equal(msg, "");
}

/* The file is refused with this behind its name. */
static inline void
load_bad(const struct place *p, const char *what)
{
	struct cg_conf c;
	char msg[CG_MSG_MAX] = "", want[sizeof(p->ini) + CG_MSG_MAX];

	assert_int_equal(cg_conf_load(&c, "cdata", p->ini, NULL, 0, msg), CG_SYS);
	snprintf(want, sizeof(want), "%s%s", p->ini, what);
	assert_string_equal(msg, want);
	cg_conf_free(&c);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
