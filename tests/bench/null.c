/*
 * The reference of the benchmark: a FastCGI program that does nothing but
 * answer "OK".  None of the server's own code.
 */
#include "config.h"

#include <fcgiapp.h>

int
main(void)
{
	static const char answer[] =
	    "Status: 200 OK\r\nContent-Type: text/plain\r\n"
	    "Content-Length: 2\r\n\r\nOK";
	char body[8192];
	FCGX_Request r;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&r, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&r) == 0) {
		/* web servers want their bytes taken */
		while (FCGX_GetStr(body, sizeof(body), r.in) == sizeof(body))
			continue;
		FCGX_PutStr(answer, sizeof(answer) - 1, r.out);
	}
	return 0;
}
