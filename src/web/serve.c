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

static void
put_text(struct cg_buf *b, struct cg_str name, struct cg_str value)
{
	char safe[80];

	cg_buf_put(b, name);
	cg_buf_putz(b, cg_log_safe(value, safe, sizeof(safe)));
}

static void
put_number(struct cg_buf *b, struct cg_str name, uint64_t value)
{
	cg_buf_put(b, name);
	cg_buf_putu(b, value);
}

void
cg_log_request(struct cg_app *app, const struct cg_req *req,
    const struct cg_res *res, long ms)
{
	enum cg_log_level level = res->err == CG_OK ? CG_LOG_INFO :
	    res->err == CG_FLOOD ? CG_LOG_DEBUG : CG_LOG_WARN;	/* or a flood fills the disk */
	char text[2 * CG_MSG_MAX];
	struct cg_buf b = { text, 0, sizeof(text), false };

	if (level > app->log.level)
		return;
	put_text(&b, cg_lit("ep="), req->endpoint);
	put_text(&b, cg_lit(" sn="), res->sn);
	put_text(&b, cg_lit(" ip="), req->ip);
	put_text(&b, cg_lit(" table="), res->table);
	put_number(&b, cg_lit(" bytes="), req->body.n);
	put_number(&b, cg_lit(" rows="), res->rows);
	put_number(&b, cg_lit(" bad="), res->bad);
	put_number(&b, cg_lit(" status="), (uint64_t)cg_status_of(res->err));
	put_number(&b, cg_lit(" ms="), (uint64_t)ms);
	cg_buf_putz(&b, " err=\"");
	cg_buf_putz(&b, res->note != NULL ? res->note :
	    res->err != CG_OK ? cg_err_text(res->err) : "-");
	cg_buf_putz(&b, "\"");
	cg_log_put(&app->log, level, cg_buf_str(&b));
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
