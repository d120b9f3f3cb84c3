/* /iclock/devicecmd: a clock tells what became of commands. */
#include "config.h"

#include "cg_web.h"

/* Method, endpoint, a parameter of the query and its value; who may; who answers. */
static const struct cg_route routes[] = {
	{ "POST", "devicecmd", NULL, NULL, CG_NEED_ADMITTED, cg_results },
};

int
main(int argc, char **argv)
{
	return cg_serve(argc, argv, "devicecmd", routes, CG_LEN(routes));
}
