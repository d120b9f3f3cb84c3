/*
 * What people ask at a clock: their last punch (spec VI.14), and the services
 * of the house (spec VI.13.3, appendix 2).
 */
#include "config.h"

#include <sodium.h>

#include "admission.h"

#define PIN_MAX		32
#define SHOWN		10		/* punches of one answer */
#define DATE_LENGTH	10		/* YYYY-MM-DD, and then hh:mm:ss */
#define STYLE_MENU	2
#define TEXT_MAX	65536		/* bytes of a service's text, as the column */
#define FRAME_MAX	160		/* what stands around it, with a PIN and two numbers */

/* The PIN goes back to the clock: nothing may hide in it. */
static enum cg_err
pin_of(const struct cg_req *req, struct cg_str *pin)
{
	size_t i;

	*pin = cg_str_trim(cg_query_get(&req->query, "PIN"));
	if (pin->n == 0 || pin->n > PIN_MAX)
		return CG_SYNTAX;
	for (i = 0; i < pin->n; i++)
		if (pin->p[i] <= ' ' || pin->p[i] >= 0x7f)
			return CG_SYNTAX;
	return CG_OK;
}

/* A value between TABs. */
static void
put_field(struct cg_buf *b, struct cg_str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		cg_buf_put(b, (unsigned char)s.p[i] < ' ' ? cg_lit(" ") :
		    cg_str_head(cg_str_from(s, i), 1));
}

/* ---- last punch ---- */

static void
write_last_punch(struct cg_buf *b, struct cg_str pin,
    const struct cg_last_punch *p, bool found)
{
	cg_buf_putf(b, "status=%d\nname=", found ? 0 : 1);
	put_field(b, p->name);
	cg_buf_putz(b, "\tpin=");
	put_field(b, pin);
	cg_buf_putz(b, "\tstate=");
	put_field(b, p->state);
	cg_buf_putz(b, "\tworkcode=");
	put_field(b, p->work_code);
	cg_buf_putz(b, "\tdate=");
	put_field(b, cg_str_head(p->at, p->at.n < DATE_LENGTH ? p->at.n :
	    DATE_LENGTH));
	cg_buf_putz(b, "\ttime=");
	put_field(b, cg_str_from(p->at, p->at.n > DATE_LENGTH ? DATE_LENGTH + 1 :
	    p->at.n));
	cg_buf_putz(b, "\n");
}

/* A reply in the clock's character set; what that lacks becomes '?'. */
static enum cg_err
reply_in_charset(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, const struct cg_buf *text, struct cg_str *out)
{
	bool clean;

	if (text->full)
		return CG_NOMEM;
	return cg_text_clock(&app->charsets, cg_charset_of(app, d),
	    cg_buf_str(text), req->arena, out, &clean);
}

enum cg_err
cg_last_punch(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	static const struct cg_last_punch none = {
		CG_STR(""), CG_STR(""), CG_STR(""), CG_STR(""), CG_STR("")
	};
	const struct cg_last_punch *punch = &none;
	struct cg_str pin;
	struct cg_buf b;
	size_t n = 0;
	enum cg_err e;

	e = pin_of(req, &pin);
	if (e == CG_OK && (e = cg_db_open(app->db)) == CG_OK)
		e = cg_last_punches(app->db, d->id, pin, 1, req->arena, &punch, &n);
	else if (e == CG_SYNTAX) {
		pin = cg_lit("");
		e = CG_OK;
	}
	if (e != CG_OK)
		return e;
	cg_buf_init(&b, req->arena, 1024);
	write_last_punch(&b, pin, n > 0 ? punch : &none, n > 0);
	return reply_in_charset(app, d, req, &b, &res->body);
}

/* ---- self-service ---- */

struct asked {
	struct cg_app		*app;
	const struct cg_device	*device;
	const struct cg_req	*req;
	struct cg_str		 pin;
	int32_t			 number;
};

/* "ID=1&CMD=Vacation;ID=2&CMD=PTO" */
static void
write_menu(struct cg_buf *b, const struct cg_service *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		cg_buf_putf(b, "%sID=%d&CMD=", i > 0 ? ";" : "", (int)s[i].number);
		put_field(b, s[i].name);
	}
}

/* One line a punch, CSV for clocks that show it as a table. */
static enum cg_err
write_punches(const struct asked *a, struct cg_buf *b)
{
	const struct cg_last_punch *p;
	size_t i, n = 0;
	enum cg_err e;

	e = cg_last_punches(a->app->db, a->device->id, a->pin, SHOWN,
	    a->req->arena, &p, &n);
	for (i = 0; e == CG_OK && i < n; i++) {
		cg_buf_putz(b, i > 0 ? "\r\n" : "");
		put_field(b, p[i].at);
		cg_buf_putz(b, ",");
		put_field(b, p[i].state_name);
	}
	return e;
}

static enum cg_err
write_text(const struct asked *a, const struct cg_service *s, struct cg_buf *b)
{
	struct cg_str text = { NULL, 0 };
	enum cg_err e = CG_OK;

	switch (s->source) {
	case CG_SERVICE_PUNCHES:
		e = write_punches(a, b);
		break;
	case CG_SERVICE_TEXT:
		e = cg_service_text(a->app->db, s->number, a->pin, a->req->arena,
		    &text);
		break;
	case CG_SERVICE_FIXED:
	case CG_SERVICE__MAX:
		break;
	}
	if (e != CG_OK && e != CG_UNKNOWN)
		return e;
	cg_buf_put(b, text);
	if (b->n == 0)
		cg_buf_put(b, s->text);
	return CG_OK;
}

/* What the clock is to show, and how it is to read it. */
static enum cg_err
write_service(const struct asked *a, struct cg_buf *b, int32_t *style)
{
	const struct cg_service *s;
	size_t i, n = 0;
	enum cg_err e;

	if ((e = cg_services_load(a->app->db, a->req->arena, &s, &n)) != CG_OK)
		return e;
	if (a->number == 0) {
		*style = STYLE_MENU;
		write_menu(b, s, n);
		return CG_OK;
	}
	for (i = 0; i < n; i++)
		if (s[i].number == a->number) {
			*style = s[i].style;
			return write_text(a, &s[i], b);
		}
	return CG_OK;
}

/* Text, in the clock's character set, as base64. */
static enum cg_err
encode(const struct asked *a, const struct cg_buf *text, struct cg_str *data)
{
	struct cg_str bytes;
	size_t room;
	char *out;
	enum cg_err e;

	if ((e = reply_in_charset(a->app, a->device, a->req, text, &bytes)) !=
	    CG_OK)
		return e;
	room = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_ORIGINAL);
	if ((out = cg_arena_get(a->req->arena, room)) == NULL)
		return CG_NOMEM;
	sodium_bin2base64(out, room, (const unsigned char *)bytes.p, bytes.n,
	    sodium_base64_VARIANT_ORIGINAL);
	*data = (struct cg_str){ out, room - 1 };
	return CG_OK;
}

static enum cg_err
answer(const struct asked *a, struct cg_str *body)
{
	struct cg_buf text, out;
	struct cg_str data;
	int32_t style = 0;
	enum cg_err e;

	cg_buf_init(&text, a->req->arena, TEXT_MAX);
	if ((e = write_service(a, &text, &style)) != CG_OK ||
	    (e = encode(a, &text, &data)) != CG_OK)
		return e;
	cg_buf_init(&out, a->req->arena, FRAME_MAX + data.n);
	cg_buf_putf(&out, "DATA UPDATE SELFSERVICEDATA ServiceNum=%d\tPIN=",
	    (int)a->number);
	cg_buf_put(&out, a->pin);
	cg_buf_putf(&out, "\tStyle=%d\tData=", (int)style);
	cg_buf_put(&out, data);
	cg_buf_putz(&out, "\n");
	*body = cg_buf_str(&out);
	return out.full ? CG_NOMEM : CG_OK;
}

enum cg_err
cg_self_service(struct cg_app *app, const struct cg_device *d,
    const struct cg_req *req, struct cg_res *res)
{
	struct asked a = { .app = app, .device = d, .req = req };
	enum cg_err e;

	res->table = cg_lit("SELFSERVICEDATA");
	if (pin_of(req, &a.pin) != CG_OK ||
	    cg_str_i32(cg_query_get(&req->query, "ServiceNum"), 0, INT32_MAX,
	    &a.number) != CG_OK)
		return CG_SYNTAX;
	if ((e = cg_db_open(app->db)) != CG_OK)
		return e;
	return answer(&a, &res->body);
}
