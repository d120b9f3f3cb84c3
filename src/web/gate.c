#include "config.h"

#include <string.h>

#include "web.h"

#define TARGET_MAX	2048	/* bytes of the path, and of the query */

static const struct {
	int		 status;
	const char	*text;		/* status line, and the body when it is no 200 */
	const char	*header;
} status_of[CG_ERR__MAX] = {
	[CG_OK] = { 200, "OK", "" },
	[CG_STOP] = { 503, "Service Unavailable", "" },
	[CG_NOMEM] = { 503, "Service Unavailable", "" },
	[CG_LIMIT] = { 413, "Payload Too Large", "" },
	[CG_SYNTAX] = { 400, "Bad Request", "" },
	[CG_UNKNOWN] = { 404, "Not Found", "" },
	[CG_METHOD] = { 405, "Method Not Allowed", "Allow: GET, POST\r\n" },
	[CG_DENIED] = { 403, "Forbidden", "" },
	[CG_FLOOD] = { 503, "Service Unavailable", "Retry-After: 10\r\n" },
	[CG_TARGET] = { 414, "URI Too Long", "" },
	[CG_BUSY] = { 503, "Service Unavailable", "" },
	[CG_DATA] = { 503, "Service Unavailable", "" },
	[CG_DB] = { 503, "Service Unavailable", "" },
	[CG_SYS] = { 503, "Service Unavailable", "" },
};

int
cg_status_of(enum cg_err e)
{
	return status_of[e].status;
}

/* Absent when it is not set, and without memory, which is the request's fault then. */
static struct cg_str
param(const struct cg_gate *g, struct cg_req *req, const char *name)
{
	struct cg_str s = cg_str_of(g->param(g->ctx, name));

	if (s.p == NULL || cg_arena_keep(req->arena, s, &s))
		return s;
	req->fault = CG_NOMEM;
	return (struct cg_str){ NULL, 0 };
}

static void
blame(struct cg_req *req, enum cg_err e)
{
	if (req->fault == CG_OK)
		req->fault = e;
}

/* Without a length there is no body; a web server that sends one all the same lies. */
static enum cg_err
expect_no_body(const struct cg_gate *g)
{
	char c;

	return g->ends && g->read(g->ctx, &c, 1) > 0 ? CG_SYNTAX : CG_OK;
}

/* As far as the web server tells it, the path that the clock asked for. */
static struct cg_str
path(const struct cg_gate *g, struct cg_req *req)
{
	struct cg_str uri = param(g, req, "REQUEST_URI");

	if (uri.n == 0)
		uri = param(g, req, "PATH_INFO");
	if (uri.n == 0)
		uri = param(g, req, "SCRIPT_NAME");
	return cg_str_head(uri, cg_str_chr(uri, '?'));
}

/* Web servers want their bytes taken, also those that nobody keeps. */
static void
drain(const struct cg_gate *g, size_t n)
{
	char waste[8192];
	size_t got;

	while (n > 0) {
		got = g->read(g->ctx, waste, n < sizeof(waste) ? n : sizeof(waste));
		if (got == 0)
			return;
		n -= got;
	}
}

static enum cg_err
read_body(const struct cg_gate *g, const struct cg_conf *conf, struct cg_req *req)
{
	struct cg_str length = param(g, req, "CONTENT_LENGTH");
	uint32_t n = 0;
	char *p;

	req->body = (struct cg_str){ "", 0 };
	if (length.n == 0)
		return expect_no_body(g);
	switch (cg_str_u32(length, UINT32_MAX, &n)) {
	case CG_OK:
		break;
	case CG_LIMIT:
		return CG_LIMIT;
	default:
		return CG_SYNTAX;
	}
	if (n > conf->body_max) {
		drain(g, n);
		return CG_LIMIT;
	}
	if ((p = cg_arena_get(req->arena, n)) == NULL) {
		drain(g, n);
		return CG_NOMEM;
	}
	if (g->read(g->ctx, p, n) != n)
		return CG_SYNTAX;	/* the clock went away half-way */
	req->body = (struct cg_str){ p, n };
	return CG_OK;
}

void
cg_gate_read(const struct cg_gate *g, const struct cg_conf *conf,
    struct cg_arena *arena, struct cg_req *req)
{
	struct cg_str query;

	memset(req, 0, sizeof(*req));
	req->arena = arena;
	query = param(g, req, "QUERY_STRING");
	req->method = param(g, req, "REQUEST_METHOD");
	req->path = path(g, req);
	req->ip = param(g, req, "REMOTE_ADDR");
	if (cg_address_parse(req->ip, &req->from) != CG_OK)
		req->from = (struct cg_address){ { 0 } };
	if (conf->proxies.n > 0)
		cg_address_forwarded(&conf->proxies,
		    param(g, req, "HTTP_X_FORWARDED_FOR"), &req->ip, &req->from);
	req->endpoint = cg_path_endpoint(req->path, arena);
	if (req->endpoint.p == NULL)
		blame(req, CG_NOMEM);
	if (req->path.n > TARGET_MAX || query.n > TARGET_MAX)
		blame(req, CG_TARGET);
	else
		blame(req, cg_query_parse(query, arena, &req->query));
	blame(req, read_body(g, conf, req));
}

/*
 * Old firmware wants text/plain, an exact Content-Length, a short header
 * block and no HTML (notes 3.1).
 */
void
cg_gate_reply(const struct cg_gate *g, const struct cg_res *res)
{
	const char *text = status_of[res->err].text;
	struct cg_str body = res->err == CG_OK ? res->body : cg_str_of(text);
	char head[256];
	struct cg_buf b = { head, 0, sizeof(head), false };

	cg_buf_put(&b, cg_lit("Status: "));
	cg_buf_putu(&b, (uint64_t)status_of[res->err].status);
	cg_buf_put(&b, cg_lit(" "));
	cg_buf_putz(&b, text);
	cg_buf_put(&b, cg_lit("\r\nContent-Type: text/plain\r\n"));
	cg_buf_putz(&b, status_of[res->err].header);
	cg_buf_put(&b, cg_lit("Content-Length: "));
	cg_buf_putu(&b, body.n);
	cg_buf_put(&b, cg_lit("\r\n\r\n"));
	g->write(g->ctx, cg_buf_str(&b));
	g->write(g->ctx, body);
}
