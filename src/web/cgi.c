/* Plain CGI: one request, from the environment and standard input. */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "web.h"

static const char *
param(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

static size_t
read_in(void *ctx, char *p, size_t n)
{
	return fread(p, 1, n, ctx);
}

static void
write_out(void *ctx, struct cg_str s)
{
	(void)ctx;
	if (s.n > 0 && fwrite(s.p, 1, s.n, stdout) != s.n)
		exit(1);	/* the web server is gone: nobody reads on */
}

static struct cg_gate
gate_of(void)
{
	return (struct cg_gate){ param, read_in, write_out, stdin, false };
}

void
cg_cgi_fail(void)
{
	const struct cg_gate gate = gate_of();
	const struct cg_res res = { .err = CG_SYS };

	cg_gate_reply(&gate, &res);
	fflush(stdout);
}

void
cg_cgi_serve(struct cg_app *app, struct cg_arena *arena)
{
	const struct cg_gate gate = gate_of();
	struct cg_req req;
	struct cg_res res;

	cg_gate_read(&gate, &app->conf, arena, &req);
	cg_app_run(app, &req, &res, 1, (int64_t)time(NULL));
	cg_gate_reply(&gate, &res);
	fflush(stdout);
	cg_log_request(app, &req, &res, 0);
}
