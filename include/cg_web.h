/*
 * web: the one request loop, over FastCGI or plain CGI.  Knows no SQL.
 */
#ifndef CG_WEB_H
#define CG_WEB_H

#include "cg_app.h"

/*
 * Everything that a program's main does: --help, --version, --check, the
 * configuration, then requests until the web server asks it to end (or one,
 * as plain CGI).  Returns the exit status.
 */
int	 cg_serve(int argc, char **argv, const char *name,
	    const struct cg_route *, size_t nroute);

#endif
