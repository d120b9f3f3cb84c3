/*
 * The hosts of the database, as [database] host lists them.
 */
#include "config.h"

#include "db.h"

#include <stdio.h>
#include <string.h>

#define PORT_MAX	65535
#define SOCKET_MAX	107		/* bytes of sun_path, less the NUL */

static enum cg_err
wrong(char why[CG_WHY_MAX], struct cg_str s, const char *what)
{
	snprintf(why, CG_WHY_MAX, "\"%.*s\" %s", (int)(s.n < 64 ? s.n : 64), s.p,
	    what);
	return CG_SYNTAX;
}

/*
 * Where the name ends and ":port" may begin.  An IPv6 address has more colons
 * than one: with a port it stands in [].
 */
static size_t
name_end(struct cg_str s)
{
	size_t colon = cg_str_chr(s, ':');

	if (s.p[0] == '/')
		return s.n;
	if (s.p[0] == '[')
		return cg_str_chr(s, ']');
	return colon < s.n && memchr(s.p + colon + 1, ':', s.n - colon - 1) != NULL ?
	    s.n : colon;
}

static enum cg_err
host_parse(struct cg_str s, struct cg_db_host *h, char why[CG_WHY_MAX])
{
	size_t end = s.n > 0 ? name_end(s) : 0;
	bool bracket = s.n > 0 && s.p[0] == '[';
	struct cg_str name = cg_str_head(s, end), port;
	uint32_t number = 0;

	if (bracket && end == s.n)
		return wrong(why, s, "has no ]");
	port = cg_str_from(s, bracket ? end + 1 : end);
	if (bracket)
		name = cg_str_from(name, 1);
	if (name.n == 0)
		return wrong(why, s, "names no host");
	if (name.n > (name.p[0] == '/' ? SOCKET_MAX : CG_DB_HOST_MAX))
		return wrong(why, s, "is too long");
	if (port.n > 0 && (port.p[0] != ':' || cg_str_u32(cg_str_from(port, 1),
	    PORT_MAX, &number) != CG_OK || number == 0))
		return wrong(why, s, "has no port from 1 to 65535 behind its :");
	cg_copy(h->name, sizeof(h->name), name);
	h->port = number;
	return CG_OK;
}

enum cg_err
cg_db_hosts_parse(const char *list, struct cg_db_host host[CG_DB_HOSTS_MAX],
    size_t *n, char why[CG_WHY_MAX])
{
	struct cg_str rest = cg_str_of(list), piece;
	enum cg_err e = CG_OK;

	host[0] = (struct cg_db_host){ .port = 0 };
	*n = 1;
	if (cg_str_trim(rest).n == 0)
		return CG_OK;
	for (*n = 0; e == CG_OK && cg_str_cut(&rest, ',', &piece); ++*n) {
		if (*n == CG_DB_HOSTS_MAX) {
			snprintf(why, CG_WHY_MAX, "at most %d hosts are possible",
			    CG_DB_HOSTS_MAX);
			return CG_SYNTAX;
		}
		e = host_parse(cg_str_trim(piece), &host[*n], why);
	}
	return e;
}

enum cg_err
cg_db_hosts_check(const char *list, char why[CG_WHY_MAX])
{
	struct cg_db_host host[CG_DB_HOSTS_MAX];
	size_t n;

	return cg_db_hosts_parse(list, host, &n, why);
}
