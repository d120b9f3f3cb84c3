/* /iclock/cdata and fdata: a clock says hello, asks the time, or uploads. */
#include "config.h"

#include "cg_web.h"

/* Method, endpoint, a parameter of the query and its value; who may; who answers. */
static const struct cg_route routes[] = {
	{ "GET",  "cdata", "options", NULL,   CG_NEED_ADMITTED, cg_handshake },
	{ "GET",  "cdata", "type",    "time", CG_NEED_ADMITTED, cg_time_sync },
	{ "GET",  "cdata", "type",    "LastPunch", CG_NEED_ADMITTED,
	  cg_last_punch },
	{ "GET",  "cdata", "table",   "SELFSERVICEDATA", CG_NEED_ADMITTED,
	  cg_self_service },
	{ "GET",  "cdata", NULL,      NULL,   CG_NEED_ADMITTED, cg_courtesy },
	{ "POST", "cdata", NULL,      NULL,   CG_NEED_ADMITTED, cg_upload },
	{ "POST", "fdata", NULL,      NULL,   CG_NEED_ADMITTED, cg_photo },
};

int
main(int argc, char **argv)
{
	return cg_serve(argc, argv, "cdata", routes, CG_LEN(routes));
}
