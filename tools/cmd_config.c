/* clockgate config: the configuration in force, or the sample. */
#include "config.h"

#include "cli.h"

int
cli_config(struct cli *cli)
{
	int status;

	if (cli->option[CLI_SAMPLE] != NULL) {
		cg_conf_print(NULL, stdout);
		return 0;
	}
	if ((status = cli_conf(cli)) == 0)
		cg_conf_print(&cli->conf, stdout);
	return status;
}
