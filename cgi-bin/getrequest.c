/* /iclock/getrequest: a clock is there, and asks what to do; and the rest. */
#include "config.h"

#include "cg_web.h"

/* Method, endpoint, a parameter of the query and its value; who may; who answers. */
static const struct cg_route routes[] = {
	{ "GET",  "getrequest", "check", NULL, CG_NEED_TOKEN, cg_check_page },
	{ "GET",  "getrequest", NULL, NULL, CG_NEED_ADMITTED, cg_heartbeat },
	{ NULL,   "file",       NULL, NULL, CG_NEED_NOTHING,  cg_no_file },
	{ NULL,   "registry",   NULL, NULL, CG_NEED_ADMITTED, cg_foreign },
	{ NULL,   "push",       NULL, NULL, CG_NEED_ADMITTED, cg_foreign },
	{ NULL,   "querydata",  NULL, NULL, CG_NEED_ADMITTED, cg_foreign },
	{ NULL,   "rtdata",     NULL, NULL, CG_NEED_ADMITTED, cg_foreign },
	{ "GET",  NULL,         NULL, NULL, CG_NEED_NOTHING,  cg_courtesy },
	{ "POST", NULL,         NULL, NULL, CG_NEED_NOTHING,  cg_courtesy },
};

int
main(int argc, char **argv)
{
	return cg_serve(argc, argv, "getrequest", routes, CG_LEN(routes));
}
