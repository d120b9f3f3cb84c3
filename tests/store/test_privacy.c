/*
 * What becomes of templates, photos and passwords: sealed, not kept, or
 * stored by who can't read them.
 */
#include "config.h"

#include "fixture.h"

static struct cg_vault *
vault_of(int first, int second)
{
	unsigned char secret[CG_KEY_BYTES];
	struct cg_vault *v;

	assert_int_equal(cg_vault_new(&v), CG_OK);
	memset(secret, first, sizeof(secret));
	assert_int_equal(cg_vault_add(v, (uint32_t)first, secret, true), CG_OK);
	if (second == 0)
		return v;
	memset(secret, second, sizeof(secret));
	assert_int_equal(cg_vault_add(v, (uint32_t)second, secret, true), CG_OK);
	return v;
}

static enum cg_err
put_template(struct fixture *f, const char *pin, const char *body)
{
	const struct cg_template t = {
		.pin = str(cg_arena_dup(f->arena, str(pin))), .type = 1, .no = 6, .index = CG_NONE,
		.valid = 1, .duress = CG_NONE, .size = CG_NONE,
		.body = str(cg_arena_dup(f->arena, str(body)))
	};

	return cg_template_put(f->db, &f->from, &t);
}

static enum cg_err
put_user(struct fixture *f, struct cg_str password, struct cg_str extra)
{
	const struct cg_user u = {
		.pin = str("7"), .name = str("Ann"), .privilege = CG_NONE,
		.group_no = CG_NONE, .verify = CG_NONE, .password = password,
		.extra = extra
	};

	return cg_user_put(f->db, &f->from, &u);
}

/* Of one key the last counts, in one statement and in several. */
static void
test_the_last_template_counts(void **state)
{
	struct fixture *f = *state;
	char pin[16], body[16];
	int i;

	assert_ok(f, put_template(f, "7", "QUJD"));
	assert_ok(f, put_template(f, "8", "QUJD"));
	assert_ok(f, put_template(f, "7", "REVG"));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT GROUP_CONCAT(pin, template ORDER BY pin)"
	    " FROM template", "7REVG,8QUJD");
	for (i = 0; i < 1000; i++) {
		(void)snprintf(pin, sizeof(pin), "%d", i % 90);
		(void)snprintf(body, sizeof(body), "QUJD%04d", i);
		assert_ok(f, put_template(f, pin, body));
	}
	assert_ok(f, cg_db_commit(f->db));
	assert_number(f, "SELECT COUNT(*) FROM template", 90);
	assert_number(f, "SELECT COUNT(*) FROM template WHERE RIGHT(template, 4)"
	    " >= 910 AND RIGHT(template, 4) % 90 = pin", 90);
	assert_number(f, "SELECT COUNT(*) FROM template WHERE HEX(digest) ="
	    " UPPER(SHA2(CONCAT(template, 0x09, COALESCE(extra, '')), 256))",
	    90);
}

/* Who stores templates need not be able to read them. */
static void
test_without_reading(void **state)
{
	struct fixture *f = *state;
	struct cg_db_conf conf = conf_of("writer");
	struct cg_db *db = f->db;

	sql(f, "CREATE OR REPLACE USER writer@localhost");
	sql(f, "GRANT SELECT ON schema_version TO writer@localhost");
	sql(f, "GRANT INSERT, UPDATE, DELETE ON template TO writer@localhost");
	sql(f, "GRANT SELECT (device_id, pin, type, no, idx, valid, duress, format,"
	    " major_version, minor_version, size, digest, key_id,"
	    " updated_at_utc) ON template TO writer@localhost");
	assert_int_equal(cg_db_new(&conf, &f->db), CG_OK);
	assert_ok(f, cg_db_open(f->db));
	assert_ok(f, put_template(f, "7", "QUJD"));
	assert_ok(f, cg_db_commit(f->db));
	assert_ok(f, put_template(f, "7", "REVG"));
	assert_ok(f, cg_db_commit(f->db));
	cg_db_free(f->db);
	f->db = db;
	assert_value(f, "SELECT template FROM template", "REVG");
	sql(f, "DROP USER writer@localhost");
}

static void
test_none(void **state)
{
	struct fixture *f = *state;
	const struct cg_image image = {
		.kind = CG_PHOTO_USER, .pin = str("7"), .bytes = str("x")
	};
	const struct cg_item card = {
		.kind = str("IDCARD"), .key = str("7"), .fields = str("x")
	}, sms = {
		.kind = str("SMS"), .key = str("7"), .fields = str("x")
	};
	const struct cg_event stray = { str("result"), str("secret") },
	    error = { str("ERRORLOG"), str("an error") };

	f->from.privacy = CG_PRIVACY_NONE;
	assert_ok(f, put_template(f, "7", "QUJD"));
	assert_ok(f, cg_image_put(f->db, &f->from, &image));
	assert_ok(f, put_user(f, str("1234"), str("a=1\tPassword=55\tb=2\tpasswd=5")));
	assert_ok(f, cg_item_put(f->db, &f->from, &card));
	assert_ok(f, cg_item_put(f->db, &f->from, &sms));
	assert_ok(f, cg_event_put(f->db, &f->from, &stray));
	assert_ok(f, cg_event_put(f->db, &f->from, &error));
	assert_ok(f, cg_rejected_put(f->db, &f->from, str("no punch")));
	f->from.table = str("OPERLOG");
	f->from.line = str("FP PIN=7\tTMP=");
	assert_ok(f, cg_rejected_put(f->db, &f->from, str("no template")));
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT GROUP_CONCAT(kind, discarded ORDER BY kind)"
	    " FROM v1_discarded", "card1,line2,password1,photo1,template1");
	assert_number(f, "SELECT (SELECT COUNT(*) FROM template)"
	    " + (SELECT COUNT(*) FROM photo)", 0);
	assert_value(f, "SELECT CONCAT_WS('|', name, password IS NULL, extra)"
	    " FROM device_user", "Ann|1|a=1\tb=2");
	assert_value(f, "SELECT GROUP_CONCAT(kind, fields) FROM device_item", "SMSx");
	assert_value(f, "SELECT GROUP_CONCAT(kind, fields ORDER BY kind)"
	    " FROM device_event", "ERRORLOGan error,result");
	assert_value(f, "SELECT GROUP_CONCAT(table_name) FROM rejected", "ATTLOG");
}

static void
test_without_a_key(void **state)
{
	struct fixture *f = *state;

	f->from.privacy = CG_PRIVACY_VAULT;
	assert_int_equal(put_template(f, "7", "QUJD"), CG_SYS);
	assert_non_null(strstr(cg_db_why(f->db), "see key_file in [privacy]"));
	assert_int_equal(cg_db_commit(f->db), CG_SYS);
	cg_db_rollback(f->db);
	assert_number(f, "SELECT COUNT(*) FROM template", 0);
}

/* What MySQL refuses is not kept in clear either. */
static void
test_refused_is_sealed(void **state)
{
	struct fixture *f = *state;
	struct cg_vault *v = vault_of(1, 0);
	struct cg_user u = {
		.pin = str("7"), .name = str("\xff\xfe"), .privilege = CG_NONE,
		.group_no = CG_NONE, .verify = CG_NONE
	};
	struct cg_rejected r;

	cg_db_vault(f->db, v);
	f->from.privacy = CG_PRIVACY_VAULT;
	f->from.line = str("USER PIN=7\tPasswd=marker");
	assert_ok(f, cg_user_put(f->db, &f->from, &u));
	assert_ok(f, cg_db_commit(f->db));
	assert_int_equal(cg_db_refused(f->db), 1);
	assert_number(f, "SELECT COUNT(*) FROM rejected WHERE key_id = 1"
	    " AND LOCATE('marker', line) = 0", 1);
	assert_ok(f, cg_rejected_next(f->db, str(""), 0, f->arena, &r));
	assert_true(cg_str_eq(r.line, f->from.line));
	cg_db_rollback(f->db);
	cg_db_vault(f->db, NULL);
	cg_vault_free(v);
}

struct use {
	uint32_t id[8];
	uint64_t rows[8];
	size_t	 n;
};

static void
take_use(void *arg, uint32_t id, uint64_t rows)
{
	struct use *u = arg;

	u->id[u->n] = id;
	u->rows[u->n++] = rows;
}

/* A password of one key and further fields of another: the older one counts. */
static void
test_rotate(void **state)
{
	struct fixture *f = *state;
	struct cg_vault *one = vault_of(1, 0), *both = vault_of(1, 2);
	const struct cg_image image = {
		.kind = CG_PHOTO_USER, .pin = str("7"), .bytes = str("photo")
	};
	struct cg_rotation done;
	struct use use = { .n = 0 };

	f->from.privacy = CG_PRIVACY_RELAY;
	assert_ok(f, put_template(f, "1", "clear"));
	f->from.privacy = CG_PRIVACY_VAULT;
	cg_db_vault(f->db, one);
	assert_ok(f, put_template(f, "2", "old"));
	assert_ok(f, put_user(f, str("1234"), str("")));
	assert_ok(f, cg_image_put(f->db, &f->from, &image));
	assert_ok(f, cg_db_commit(f->db));
	cg_db_vault(f->db, both);
	assert_ok(f, put_template(f, "3", "new"));
	assert_ok(f, put_user(f, (struct cg_str){ NULL, 0 }, str("k=v")));
	assert_ok(f, cg_image_put(f->db, &f->from, &image));	/* sealed otherwise */
	assert_ok(f, cg_db_commit(f->db));
	assert_value(f, "SELECT GROUP_CONCAT(pin, '=', key_id ORDER BY pin)"
	    " FROM template", "1=0,2=1,3=2");
	assert_number(f, "SELECT key_id FROM device_user", 1);
	assert_number(f, "SELECT COUNT(*) FROM photo", 2);

	/* the clock's own setting is missing: usual is relay, then vault */
	assert_ok(f, cg_vault_rotate(f->db, CG_PRIVACY_RELAY, &done));
	assert_int_equal(done.rows, 3);
	assert_int_equal(done.failed, 0);
	assert_value(f, "SELECT GROUP_CONCAT(pin, '=', key_id ORDER BY pin)"
	    " FROM template", "1=0,2=2,3=2");
	assert_number(f, "SELECT key_id FROM device_user", 2);
	assert_number(f, "SELECT COUNT(*) FROM photo", 1);
	assert_ok(f, cg_vault_rotate(f->db, CG_PRIVACY_VAULT, &done));
	assert_int_equal(done.rows, 1);
	assert_ok(f, cg_vault_rotate(f->db, CG_PRIVACY_VAULT, &done));
	assert_int_equal(done.rows, 0);
	assert_ok(f, cg_vault_uses(f->db, take_use, &use));
	assert_int_equal(use.n, 1);
	assert_int_equal(use.id[0], 2);
	assert_int_equal(use.rows[0], 5);
	/* the digest is that of what is there now */
	assert_number(f, "SELECT COUNT(*) FROM template WHERE HEX(digest) ="
	    " UPPER(SHA2(CONCAT(template, 0x09, COALESCE(extra, '')), 256))", 3);

	/* what another key has sealed stays, and does not stop the others */
	sql(f, "UPDATE template SET template = CONCAT(LEFT(template, 30), 'AAAA',"
	    " SUBSTRING(template, 35)), key_id = 1 WHERE pin = '2'");
	sql(f, "UPDATE template SET key_id = 1 WHERE pin = '3'");
	assert_ok(f, cg_vault_rotate(f->db, CG_PRIVACY_VAULT, &done));
	assert_int_equal(done.rows, 1);
	assert_int_equal(done.failed, 1);
	assert_value(f, "SELECT GROUP_CONCAT(pin, '=', key_id ORDER BY pin)"
	    " FROM template", "1=2,2=1,3=2");
	cg_db_vault(f->db, NULL);
	cg_vault_free(one);
	cg_vault_free(both);
}

/* What is too long once it is sealed is no double: it stays as it is. */
static void
test_rotate_too_long(void **state)
{
	struct fixture *f = *state;
	struct cg_vault *v = vault_of(1, 0);
	struct cg_rotation done;

	sql(f, "ALTER TABLE device_event MODIFY fields TEXT NOT NULL");
	sql(f, "INSERT INTO device_event (device_id, kind, fields,"
	    " received_at_utc) SELECT id, 'TOO', REPEAT('x', 65000),"
	    " UTC_TIMESTAMP() FROM device LIMIT 1");
	cg_db_vault(f->db, v);
	assert_ok(f, cg_vault_rotate(f->db, CG_PRIVACY_VAULT, &done));
	assert_int_equal(done.rows, 0);
	assert_int_equal(done.failed, 1);
	assert_number(f, "SELECT LENGTH(fields) FROM device_event", 65000);
	sql(f, "ALTER TABLE device_event MODIFY fields MEDIUMTEXT NOT NULL");
	cg_db_vault(f->db, NULL);
	cg_vault_free(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_the_last_template_counts, test_up),
		cmocka_unit_test_setup(test_without_reading, test_up),
		cmocka_unit_test_setup(test_none, test_up),
		cmocka_unit_test_setup(test_without_a_key, test_up),
		cmocka_unit_test_setup(test_refused_is_sealed, test_up),
		cmocka_unit_test_setup(test_rotate, test_up),
		cmocka_unit_test_setup(test_rotate_too_long, test_up),
	};

	return cmocka_run_group_tests(tests, group_up, group_down);
}
