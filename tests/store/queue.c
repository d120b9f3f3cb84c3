#include "config.h"

#include "queue.h"

static enum cg_err
hand(void *arg, int64_t id, struct cg_str body, char why[CG_WHY_MAX])
{
	struct taken *t = arg;
	size_t used = strlen(t->text);

	if (body.p == NULL)
		body = cg_str_of(why);
	if (t->n == t->room)
		return CG_LIMIT;
	if (cg_str_eq(body, cg_str_of(t->refuse))) {
		(void)snprintf(why, CG_WHY_MAX, "no such letter");
		return CG_SYNTAX;
	}
	(void)snprintf(t->text + used, sizeof(t->text) - used, "%lld:%.*s\n",
	    (long long)id, (int)(body.n < 60 ? body.n : 60), body.p);
	t->n++;
	return CG_OK;
}

const struct cg_terms usual = {
	.limit = 200, .timeout = 180, .attempts = 5
};

enum cg_err
claim_on(struct fixture *f, struct cg_db *db, const struct cg_terms *terms,
    struct taken *t)
{
	t->text[0] = '\0';
	t->n = 0;
	if (t->room == 0)
		t->room = 1000;
	return cg_command_claim(db, str(SN), terms, f->arena, hand, t);
}

void
assert_claimed(struct fixture *f, const struct cg_terms *terms, const char *want)
{
	struct taken t = { .n = 0 };

	assert_ok(f, claim_on(f, f->db, terms, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_string_equal(t.text, want);
}

void
plain(struct fixture *f, const char *body)
{
	sql(f, "INSERT INTO command (device_sn, body) VALUES ('" SN "', '%s')",
	    body);
}

int64_t
queue(struct fixture *f, const char *name, const char *body)
{
	int64_t id = 0;

	assert_ok(f, cg_command_queue(f->db, &(struct cg_order){ .sn = str(SN),
	    .name = str(name), .body = str(body), .created_by = str("ann"),
	    .expires_utc = CG_NO_UTC, .why = str("a reason") }, &id));
	assert_ok(f, cg_db_commit(f->db));
	return id;
}

void
overdue(struct fixture *f)
{
	sql(f, "UPDATE command SET due_at_utc ="
	    " UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE state = 'sent'");
}

enum cg_err
take_result(struct fixture *f, struct cg_str sn, const struct cg_result *r)
{
	struct cg_settled settled;

	return cg_command_settle(f->db, sn, r, CG_PRIVACY_RELAY, f->arena,
	    &settled);
}

void
open_all(struct fixture *f)
{
	sql(f, "REPLACE INTO danger_open SELECT class, UTC_TIMESTAMP(),"
	    " UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'ann', 'a new clock' FROM"
	    " (SELECT 'shell' AS class UNION SELECT 'files' UNION SELECT 'wipe'"
	    " UNION SELECT 'network' UNION SELECT 'key') AS classes");
}

void
hand_out(struct fixture *f)
{
	struct cg_terms terms = usual;
	struct taken t = { .n = 0 };

	open_all(f);
	terms.allowed = ALL_ALLOWED;
	assert_ok(f, claim_on(f, f->db, &terms, &t));
	assert_ok(f, cg_db_commit(f->db));
	assert_true(t.n > 0);
}
