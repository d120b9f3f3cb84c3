#include "config.h"

#include <sodium.h>
#include <string.h>

#include "admission.h"
#include "comm_key.h"

_Static_assert(CG_COMM_KEY_ADDRESS == sizeof(struct cg_address), "as it is stored");

/* What a request shows, held against what is known of its clock. */
enum verdict {
	GOOD,
	REMEMBER,	/* the right key, at a handshake from another address */
	FORGET,		/* the right key, of a clock that shows it every time */
	CHANGED,	/* the key that it was told to use */
	MISSING,
	WRONG,
	UNSET		/* a key is required, and nobody has set one */
};

static const char *const reasons[] = {
	[MISSING] = "not admitted: no communication key",
	[WRONG] = "not admitted: wrong communication key",
	[UNSET] = "not admitted: no communication key is set for this clock, see "
	    "clockgate device set-key",
};

void
cg_comm_key_hash(const char *sn, struct cg_str key, unsigned char hash[CG_COMM_KEY_HASH])
{
	/* salted with the serial: equal keys of two clocks don't show */
	crypto_generichash(hash, CG_COMM_KEY_HASH, (const unsigned char *)key.p, key.n,
	    (const unsigned char *)sn, strlen(sn));
}

void
cg_comm_key_generate(char out[CG_COMM_KEY_GENERATED + 1])
{
	for (size_t i = 0; i < CG_COMM_KEY_GENERATED; i++)
		out[i] = (char)('0' + randombytes_uniform(10));
	out[CG_COMM_KEY_GENERATED] = '\0';
}

/* It has several names (notes 6, trap 24). */
struct cg_str
cg_comm_key_shown(const struct cg_query *q)
{
	static const char *const names[] = { "ComKey", "pushcommkey", "key" };
	struct cg_str key = { NULL, 0 };
	size_t i;

	for (i = 0; i < CG_LEN(names) && key.p == NULL; i++)
		key = cg_query_get(q, names[i]);
	return key;
}

/*
 * By the setting of the clock, or else by the configuration.  A word that
 * nobody knows must not open anything.
 */
static enum cg_key_policy
policy_of(const struct cg_app *app, const struct cg_device *d)
{
	if (d->key_policy[0] == '\0')
		return (enum cg_key_policy)app->conf.key_policy;
	if (strcmp(d->key_policy, "off") == 0)
		return CG_KEY_OFF;
	return strcmp(d->key_policy, "optional") == 0 ? CG_KEY_OPTIONAL :
	    CG_KEY_REQUIRED;
}

static bool
is(const struct cg_comm_key *k, const unsigned char hash[CG_COMM_KEY_HASH])
{
	return k->set && sodium_memcmp(k->hash, hash, CG_COMM_KEY_HASH) == 0;
}

static bool
remembered(const struct cg_device *d, const struct cg_req *req)
{
	return d->key_remembered &&
	    memcmp(d->key_address, req->from.byte, CG_COMM_KEY_ADDRESS) == 0;
}

static bool
handshake(const struct cg_req *req)
{
	return cg_query_get(&req->query, "options").p != NULL;
}

/* ComKey comes with every request (spec, IsPushComKey), the others need not. */
static enum verdict
right(const struct cg_device *d, const struct cg_req *req)
{
	if (handshake(req))
		return remembered(d, req) ? GOOD : REMEMBER;
	return d->key_remembered &&
	    cg_query_get(&req->query, "ComKey").p != NULL ? FORGET : GOOD;
}

static enum verdict
judge(enum cg_key_policy policy, const struct cg_device *d, const struct cg_req *req)
{
	unsigned char hash[CG_COMM_KEY_HASH];
	struct cg_str key;

	if (policy == CG_KEY_OFF || (policy == CG_KEY_OPTIONAL && !d->key.set))
		return GOOD;
	if (!d->key.set)
		return UNSET;
	key = cg_comm_key_shown(&req->query);
	if (key.n == 0)
		return remembered(d, req) && !handshake(req) ? GOOD : MISSING;
	cg_comm_key_hash(d->sn, key, hash);
	if (is(&d->key, hash))
		return right(d, req);
	return is(&d->next_key, hash) ? CHANGED : WRONG;
}

bool
cg_comm_key_good(const struct cg_app *app, const struct cg_known *k,
    const struct cg_req *req)
{
	return judge(policy_of(app, &k->device), &k->device, req) == GOOD;
}

static enum cg_err
remember(struct cg_app *app, struct cg_device *d, const unsigned char *address)
{
	d->key_remembered = address != NULL;
	if (address != NULL)
		memcpy(d->key_address, address, CG_COMM_KEY_ADDRESS);
	return cg_comm_key_remember(app->db, d->id, address);
}

/* From now on only the new one counts. */
static enum cg_err
take_next(struct cg_app *app, struct cg_device *d, const struct cg_req *req)
{
	const unsigned char *address = handshake(req) ? req->from.byte : NULL;

	cg_log(&app->log, CG_LOG_INFO, "sn=%s event=key-changed", d->sn);
	d->key = d->next_key;
	d->next_key.set = false;
	d->key_remembered = address != NULL;
	if (address != NULL)
		memcpy(d->key_address, address, CG_COMM_KEY_ADDRESS);
	return cg_comm_key_changed(app->db, d->id, d->key.hash, address);
}

static enum cg_err
shown_in_vain(struct cg_app *app, const struct cg_device *d, const struct cg_req *req)
{
	unsigned char hash[CG_COMM_KEY_HASH];
	struct cg_str key = cg_comm_key_shown(&req->query);

	if (key.n == 0)
		return CG_OK;
	cg_comm_key_hash(d->sn, key, hash);
	return cg_comm_key_announced(app->db, d->id, hash);
}

/*
 * Who shows a wrong key where the right one was shown before is not
 * remembered any longer; from elsewhere it may be anybody.  What a handshake
 * shows is kept: "device approve" can make it the key of this clock.
 */
static enum cg_err
refuse(struct cg_app *app, struct cg_known *k, const struct cg_req *req,
    enum verdict v)
{
	enum cg_err e = CG_OK;

	if (v == WRONG && remembered(&k->device, req))
		e = remember(app, &k->device, NULL);
	if (e == CG_OK && v != MISSING && handshake(req) &&
	    k->refused_at != app->now)
		e = shown_in_vain(app, &k->device, req);
	if (e == CG_OK)
		e = cg_refuse(app, k, CG_REFUSED_KEY);
	return e == CG_OK ? CG_DENIED : e;
}

enum cg_err
cg_comm_key_examine(struct cg_app *app, struct cg_known *k, const struct cg_req *req,
    const char **why)
{
	enum verdict v = judge(policy_of(app, &k->device), &k->device, req);

	switch (v) {
	case GOOD:
		return CG_OK;
	case REMEMBER:
		return remember(app, &k->device, req->from.byte);
	case FORGET:
		return remember(app, &k->device, NULL);
	case CHANGED:
		return take_next(app, &k->device, req);
	case MISSING:
	case WRONG:
	case UNSET:
		break;
	}
	*why = reasons[v];
	return refuse(app, k, req, v);
}
