/*
 * push: table=ATTPHOTO (spec III.2.4.4, notes 1.8).
 */
#include "config.h"

#include "push_case.h"

#define AT	" at=2030-01-05_08:00:07"
#define NAME	"PIN=20300105080007-1160.jpg"
#define REST	"\nSN=TST0000000001\nsize=6\nCMD=uploadphoto"
#define JPEG	"\xff\xd8\0\n\xff\xd9"
#define B(literal)	CG_STR(literal)

struct photo_case {
	struct cg_str	 body;
	const char	*query;
	const char	*want;
};

static void
expect_photos(const struct photo_case *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_bytes("ATTPHOTO", rows[i].body, rows[i].query,
		    rows[i].want);
}

static void
test_header(void **state)
{
	static const char plain[] =
	    "photo kind=0 pin=1160" AT " size=6 bytes=6\n";
	static const struct photo_case rows[] = {
		{ B(NAME REST "\0" JPEG), "", plain },
		{ B(NAME "\r\nSN=TST0000000001\r\nsize=6\r\nCMD=uploadphoto\0"
		    JPEG), "", plain },
		{ B(NAME " SN=TST0000000001 size=6 CMD=uploadphoto\0" JPEG),
		    "", plain },
		{ B("SN=x\nCMD=uploadphoto\nSIZE=6\npin=20300105080007-1160"
		    "\0" JPEG), "", plain },
		{ B(NAME REST "\n\0" JPEG), "", plain },
		/* no NUL before the image */
		{ B(NAME REST JPEG), "", plain },
		{ B(NAME REST "\n" JPEG), "", plain },
		/* what follows the NUL is the image, whatever it looks like */
		{ B(NAME REST "\0BM1234"), "", plain },
		{ B(NAME REST "\0\n\xff\xd8\0\xff\xd9"), "", plain },
		{ B(NAME "\nCMD=realupload\0" JPEG), "",
		    "photo kind=0 pin=1160" AT " bytes=6 "
		    "extra=CMD=realupload\n" },
		{ B(NAME "\nfoo bar=1\nsize=\0" JPEG), "",
		    "photo kind=0 pin=1160" AT " bytes=6 extra=foo|bar=1\n" },
	};

	(void)state;
	expect_photos(rows, CG_LEN(rows));
}

static void
test_query(void **state)
{
	static const char plain[] =
	    "photo kind=0 pin=4 at=2008-11-19_17:21:19 bytes=6\n";
	static const struct photo_case rows[] = {
		{ B(JPEG), "SN=x&PIN=20081119172119-4.jpg&PhotoStamp=28",
		    plain },
		{ B("\0BMxyz"), "pin=20081119172119-4.JPG", plain },
		{ B("\0" JPEG), "PIN=20081119172119-4.jpg", plain },
		{ B(JPEG), "PIN=20081119172119-4&size=6",
		    "photo kind=0 pin=4 at=2008-11-19_17:21:19 size=6 "
		    "bytes=6\n" },
		{ B("CMD=uploadphoto\0" JPEG), "PIN=20081119172119-4.jpg",
		    plain },
		/* the header is nearer than the query */
		{ B(NAME "\nsize=6\0" JPEG), "PIN=20081119172119-4&size=9",
		    "photo kind=0 pin=1160" AT " size=6 bytes=6\n" },
	};

	(void)state;
	expect_photos(rows, CG_LEN(rows));
}

static void
test_names(void **state)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{ "20300105080007-1160.jpg", "kind=0 pin=1160" AT },
		{ "20300105080007-1160.JpG", "kind=0 pin=1160" AT },
		{ "20300105080007-00a7_1", "kind=0 pin=00a7_1" AT },
		{ "20300105080007-271_14257.jpg", "kind=0 pin=271_14257" AT },
		{ "20300105080007-a-b.jpg", "kind=0 pin=a-b" AT },
		{ "20300105080007-12-b-c.jpg", "kind=0 pin=12-b-c" AT },
		{ "20300105080007-1-b-c-d.jpg", "kind=0 pin=1-b-c-d" AT },
		{ "20300105080007-x-b-c.jpg", "kind=0 pin=x-b-c" AT },
		{ "20300105080007-7.jpg.jpg", "kind=0 pin=7.jpg" AT },
		{ "20300105080007.jpg", "kind=1 pin=''" AT },
		{ "20300105080007", "kind=1 pin=''" AT },
		{ "20300105080007-.jpg", "kind=1 pin=''" AT },
		{ "20300230080007-7.jpg",
		    "kind=0 pin=7 at=2030-02-28_08:00:07 "
		    "text=20300230080007" },
	};
	char want[256];

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		char query[128];

		(void)snprintf(query, sizeof(query), "PIN=%s", rows[i].name);
		(void)snprintf(want, sizeof(want), "photo %s bytes=6\n",
		    rows[i].want);
		expect_bytes("ATTPHOTO", cg_lit(JPEG), query, want);
	}
}

/* time-type-pin-idno of clocks for identity cards */
static void
test_identity(void **state)
{
	static const struct photo_case rows[] = {
		{ B(JPEG), "PIN=20300105080007-0-1160-1234X.jpg",
		    "photo kind=0 pin=1160" AT " bytes=6 "
		    "extra=Type=0|IDNum=1234X\n" },
		{ B(JPEG), "PIN=20300105080007-1--1234.jpg",
		    "photo kind=1 pin=''" AT " bytes=6 "
		    "extra=Type=1|IDNum=1234\n" },
		{ B("PIN=20300105080007-1-7-\nCMD=realupload\nx\0" JPEG), "",
		    "photo kind=0 pin=7" AT " bytes=6 "
		    "extra=Type=1|CMD=realupload|x\n" },
	};

	(void)state;
	expect_photos(rows, CG_LEN(rows));
}

static void
test_unreadable(void **state)
{
#define BAD	"!syntax PIN: name of the photo can't be read\n"
#define X33	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	static const struct photo_case rows[] = {
		{ B(""), "PIN=20300105080007-7", "" },
		{ B(JPEG), "", "!syntax PIN: photo without a name\n" },
		{ B(JPEG), "PIN=", "!syntax PIN: photo without a name\n" },
		{ B("size=6\0" JPEG), "",
		    "!syntax PIN: photo without a name\n" },
		{ B(NAME REST), "", "!syntax: photo without an image\n" },
		{ B(NAME REST "\0"), "", "!syntax: photo without an image\n" },
		{ B(JPEG), "PIN=7.jpg", BAD },
		{ B(JPEG), "PIN=.jpg", BAD },
		{ B(JPEG), "PIN=2030010508000-7.jpg", BAD },
		{ B(JPEG), "PIN=203001050800071-7.jpg", BAD },
		{ B(JPEG), "PIN=2030010508000x-7.jpg", BAD },
		{ B(JPEG), "PIN=20300105080007_7.jpg", BAD },
		{ B(JPEG), "PIN=20300105080007-0-7-1%09.jpg", BAD },
		{ B(JPEG), "PIN=20300105080007-" X33 ".jpg",
		    "!limit PIN: field is too long\n" },
		{ B(NAME "\nsize=big\0" JPEG), "",
		    "!syntax size: field is not a number\n" },
		{ B(NAME "\nsize=-1\0" JPEG), "",
		    "!syntax size: number is out of range\n" },
	};
#undef BAD
#undef X33

	(void)state;
	expect_photos(rows, CG_LEN(rows));
}

static enum cg_err
parse_photo(struct cg_str body, size_t room, struct cg_record *rec)
{
	struct cg_query query = { .n = 0 };
	struct cg_arena *arena;
	struct cg_why why;
	enum cg_err e;

	assert_int_equal(CG_OK, cg_arena_new(room, &arena));
	e = cg_upload_parse(cg_upload_find(cg_lit("ATTPHOTO")), body, &query,
	    arena, rec, &why);
	cg_arena_free(arena);
	return e;
}

/* The image is the very bytes that were sent. */
static void
test_bytes(void **state)
{
	static const struct cg_str body = B(NAME REST "\0" JPEG);
	struct cg_record rec;

	(void)state;
	assert_int_equal(CG_OK, parse_photo(body, 16, &rec));
	assert_ptr_equal(body.p + body.n - 6, rec.u.photo.image.p);
	assert_int_equal(6, rec.u.photo.image.n);
}

static void
test_room(void **state)
{
	struct cg_record rec;

	(void)state;
	assert_int_equal(CG_NOMEM, parse_photo(
	    cg_lit(NAME "\nCMD=a_name_of_some_length\0" JPEG), 16, &rec));
}

static void
test_capture(void **state)
{
	(void)state;
	expect_capture("ATTPHOTO", "16-photo.http",
	    "photo kind=0 pin=1156 at=2030-01-07_07:58:41 size=143 "
	    "bytes=143\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
