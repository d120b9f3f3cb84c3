/*
 * What the client library of the database takes by itself: prints the memory
 * that is resident of a program which sets it up and does nothing else.
 */
#include "config.h"

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(void)
{
	char line[128];
	long kb = 0;
	FILE *f;

	if (mysql_library_init(0, NULL, NULL) != 0 ||
	    (f = fopen("/proc/self/status", "r")) == NULL)
		return 1;
	while (kb == 0 && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	fclose(f);
	mysql_library_end();
	printf("kb=%ld\n", kb);
	return kb > 0 ? 0 : 1;
}
