#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "web.h"

/* What a request may need beside its body: text conversion, pictures. */
#define ARENA_SLACK	(8u << 20)
#define ARENA_BODIES	6
#define ARENA_COMMANDS	4

struct options {
	const char	*config;
	bool		 check;
};

static void
usage(FILE *to, const char *name)
{
	fprintf(to, "Usage: %s [--config FILE] [--check]\n"
	    "A program for a web server: it serves FastCGI on descriptor 0, or one\n"
	    "request as plain CGI.  --check tells what is wrong with the set-up, as\n"
	    "\"clockgate check\" does.  The configuration is --config, else\n"
	    "$CLOCKGATE_CONFIG, else %s.\n", name, CG_CONF_FILE);
}

/* Returns the exit status, or -1 to go on. */
static int
read_options(int argc, char **argv, const char *name, struct options *o)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			usage(stdout, name);
			return 0;
		}
		if (strcmp(argv[i], "--version") == 0) {
			printf("%s (clockgate) %s\n", name, PACKAGE_VERSION);
			return 0;
		}
		if (strcmp(argv[i], "--check") == 0) {
			o->check = true;
		} else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
			o->config = argv[++i];
		} else {
			fprintf(stderr, "%s: unknown option %s\n", name, argv[i]);
			usage(stderr, name);
			return 2;
		}
	}
	return -1;
}

void
cg_log_request(const struct cg_app *app, const struct cg_req *req,
    const struct cg_res *res, long ms)
{
	enum cg_log_level level = res->err == CG_OK ? CG_LOG_INFO :
	    res->err == CG_FLOOD ? CG_LOG_DEBUG : CG_LOG_WARN;	/* or a flood fills the disk */
	char ep[80], sn[80], ip[80], table[80];

	if (level > app->log.level)
		return;
	cg_log(&app->log, level, "ep=%s sn=%s ip=%s table=%s bytes=%zu rows=%u "
	    "bad=%u status=%d ms=%ld err=\"%s\"",
	    cg_log_safe(req->endpoint, ep, sizeof(ep)),
	    cg_log_safe(res->sn, sn, sizeof(sn)),
	    cg_log_safe(req->ip, ip, sizeof(ip)),
	    cg_log_safe(res->table, table, sizeof(table)),
	    req->body.n, res->rows, res->bad, cg_status_of(res->err), ms,
	    res->note != NULL ? res->note :
	    res->err != CG_OK ? cg_err_text(res->err) : "-");
}

static void
print_finding(void *arg, const struct cg_finding *f)
{
	char text[CG_FINDING_MAX];

	cg_finding_text(f, text, sizeof(text));
	fputs(text, arg);
}

static int
serve(struct cg_app *app)
{
	struct cg_arena *arena = NULL;
	enum cg_err e;

	if (!cg_fcgi_is_socket() && getenv("GATEWAY_INTERFACE") == NULL) {
		usage(stderr, app->name);
		return 2;
	}
	if ((e = cg_arena_new(ARENA_BODIES * (size_t)app->conf.body_max +
	    ARENA_COMMANDS * (size_t)CG_COMMAND_MAX + ARENA_SLACK, &arena)) ==
	    CG_OK) {
		if (cg_fcgi_is_socket())
			e = cg_fcgi_serve(app, arena);
		else
			cg_cgi_serve(app, arena);
	}
	cg_arena_free(arena);
	if (e != CG_OK && e != CG_STOP)
		cg_log(&app->log, CG_LOG_ERROR, "event=end err=\"%s\"",
		    cg_err_text(e));
	return e == CG_OK || e == CG_STOP ? 0 : 1;
}

int
cg_serve(int argc, char **argv, const char *name, const struct cg_route *route,
    size_t nroute)
{
	struct cg_app app = { .name = name, .route = route, .nroute = nroute };
	struct options o = { NULL, false };
	char msg[CG_MSG_MAX];
	int status;

	/* As CGI they are words of the query (RFC 3875, 4.4), not ours. */
	if (getenv("GATEWAY_INTERFACE") == NULL &&
	    (status = read_options(argc, argv, name, &o)) >= 0)
		return status;
	if (o.check)
		return cg_check(name, o.config, NULL, 0, print_finding, stdout) ? 0 : 1;
	if (cg_app_open(&app, o.config, msg) != CG_OK) {
		fprintf(stderr, "%s: %s\n", name, msg);
		if (!cg_fcgi_is_socket() && getenv("GATEWAY_INTERFACE") != NULL)
			cg_cgi_fail();
		return 1;
	}
	status = serve(&app);
	cg_app_close(&app);
	return status;
}
