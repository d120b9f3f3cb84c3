/*
 * Telling old clocks that there is work: any datagram makes them ask for it
 * at once (notes 5).  Only to the address that the clock itself reported.
 */
#include "config.h"

#include "cli.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT	4374
#define NOTICE	"R-CMD"

struct wish {
	bool	 yes;
};

static void
setting_row(void *arg, const char *const *name, const struct cg_str *value,
    size_t n)
{
	struct wish *w = arg;

	(void)name;
	if (value != NULL && n > 1 && cg_str_ieq(value[0], cg_lit("udp_notice")))
		w->yes = cg_str_ieq(value[1], cg_lit("yes"));
}

struct address {
	char	 ip[64];
};

static void
device_row(void *arg, const char *const *name, const struct cg_str *value, size_t n)
{
	struct address *a = arg;

	for (size_t i = 0; value != NULL && i < n; i++)
		if (strcmp(name[i], "reported_ip") == 0 && value[i].n > 0)
			snprintf(a->ip, sizeof(a->ip), "%.*s",
			    (int)(value[i].n < 63 ? value[i].n : 63), value[i].p);
}

static void
datagram(const char *ip)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd;

	if (inet_pton(AF_INET, ip, &to.sin_addr) != 1 ||
	    (fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		return;
	/* lost or not: the clock asks anyway, only later */
	(void)sendto(fd, NOTICE, sizeof(NOTICE) - 1, MSG_DONTWAIT,
	    (const struct sockaddr *)&to, sizeof(to));
	close(fd);
}

void
cli_notice(struct cli *cli, const char *sn)
{
	struct wish wish = { cli->conf.udp_notice != 0 };
	struct address address = { "" };
	struct cg_str serial = cg_str_of(sn);

	if (cg_report_run(cli->db, CG_REPORT_SETTINGS, &serial, 1, setting_row,
	    &wish) != CG_OK || !wish.yes ||
	    cg_report_run(cli->db, CG_REPORT_DEVICE, &serial, 1, device_row,
	    &address) != CG_OK)
		return;
	datagram(address.ip);
}
