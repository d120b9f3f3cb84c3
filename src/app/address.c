/*
 * Network addresses and networks.  IPv4 is kept as the IPv6 address that
 * stands for it (RFC 4291, 2.5.5.2), so that a clock is the same however a web
 * server writes its address.
 */
#include "config.h"

#include "cg_app.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define V4_BITS	96	/* before an IPv4 address */

static const unsigned char v4_head[V4_BITS / 8] = {
	[10] = 0xff, [11] = 0xff
};

bool
cg_address_is_v4(const struct cg_address *a)
{
	return memcmp(a->byte, v4_head, sizeof(v4_head)) == 0;
}

enum cg_err
cg_address_parse(struct cg_str s, struct cg_address *out)
{
	char text[INET6_ADDRSTRLEN];
	struct cg_address a;

	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, 0, s.n) != NULL)
		return CG_SYNTAX;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	memcpy(a.byte, v4_head, sizeof(v4_head));
	if (inet_pton(AF_INET, text, a.byte + sizeof(v4_head)) != 1 &&
	    inet_pton(AF_INET6, text, a.byte) != 1)
		return CG_SYNTAX;
	*out = a;
	return CG_OK;
}

bool
cg_address_eq(const struct cg_address *a, const struct cg_address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* ---- networks ---- */

/* Are so many bits of both, from the first on, the same? */
static bool
agree(const struct cg_address *a, const struct cg_address *b, unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(a->byte, b->byte, bits / 8) != 0)
		return false;
	return rest == 0 ||
	    (a->byte[bits / 8] ^ b->byte[bits / 8]) >> (8 - rest) == 0;
}

/* Clear what stands behind so many bits; was there anything? */
static bool
trim(struct cg_address *a, unsigned bits)
{
	const struct cg_address whole = *a;
	size_t i;

	for (i = 0; i < sizeof(a->byte); i++) {
		unsigned left = bits < 8 * i ? 0 : bits - 8 * (unsigned)i;

		if (left < 8)
			a->byte[i] &= (unsigned char)(0xff00U >> left);
	}
	return !cg_address_eq(a, &whole);
}

static enum cg_err
refuse(struct cg_str word, const char *what, char why[CG_WHY_MAX])
{
	snprintf(why, CG_WHY_MAX, "\"%.*s\" %s",
	    (int)(word.n < 50 ? word.n : 50), word.p, what);
	return CG_SYNTAX;
}

static enum cg_err
network_parse(struct cg_str word, struct cg_network *out,
    char why[CG_WHY_MAX])
{
	size_t slash = cg_str_chr(word, '/');
	struct cg_str address = cg_str_head(word, slash);
	struct cg_network net = { .bits = 128 };
	bool dotted = cg_str_chr(address, ':') == address.n;
	uint32_t bits;

	if (cg_address_parse(address, &net.address) != CG_OK)
		return refuse(word, "is no network: write 10.0.0.0/8, fd00::/8 or "
		    "a single address", why);
	if (slash < word.n) {
		if (cg_str_u32(cg_str_from(word, slash + 1), dotted ? 32 : 128,
		    &bits) != CG_OK)
			return refuse(word, dotted ? "must end in /0 to /32" :
			    "must end in /0 to /128", why);
		net.bits = (unsigned char)(bits + (dotted ? V4_BITS : 0));
	}
	if (trim(&net.address, net.bits))
		return refuse(word, "has bits behind those that count: they must "
		    "be 0", why);
	*out = net;
	return CG_OK;
}

enum cg_err
cg_networks_parse(struct cg_str list, struct cg_network *net, size_t max,
    size_t *n, char why[CG_WHY_MAX])
{
	struct cg_str word;
	size_t got = 0;
	enum cg_err e;

	if (cg_str_trim(list).n == 0)
		list = (struct cg_str){ NULL, 0 };
	while (cg_str_cut(&list, ',', &word)) {
		if (got == max) {
			snprintf(why, CG_WHY_MAX, "at most %zu networks", max);
			return CG_LIMIT;
		}
		if ((e = network_parse(cg_str_trim(word), &net[got++], why)) != CG_OK)
			return e;
	}
	*n = got;
	return CG_OK;
}

/* Take what stands behind the last comma off *list; false: there is nothing. */
static bool
last_hop(struct cg_str *list, struct cg_str *hop)
{
	size_t i = list->n;

	if (list->n == 0)
		return false;
	while (i > 0 && list->p[i - 1] != ',')
		i--;
	*hop = cg_str_trim(cg_str_from(*list, i));
	*list = cg_str_head(*list, i > 0 ? i - 1 : 0);
	return true;
}

/* ":443", or nothing. */
static bool
is_port(struct cg_str s)
{
	uint32_t port;

	return s.n == 0 || (s.p[0] == ':' &&
	    cg_str_u32(cg_str_from(s, 1), 65535, &port) == CG_OK);
}

/* Some proxies add the port: 192.0.2.1:5678, [2001:db8::1]:443. */
static bool
without_port(struct cg_str *hop)
{
	bool bracket = hop->n > 0 && hop->p[0] == '[';
	struct cg_str host = cg_str_from(*hop, bracket), port;
	size_t n = cg_str_chr(host, bracket ? ']' : ':');

	if (bracket && n == host.n)
		return false;
	port = cg_str_from(host, n + bracket);
	if (!bracket && port.n > 0 &&
	    cg_str_chr(cg_str_from(port, 1), ':') < port.n - 1)
		return true;		/* IPv6 alone */
	*hop = cg_str_head(host, n);
	return is_port(port);
}

void
cg_address_forwarded(const struct cg_networks *trusted, struct cg_str header,
    struct cg_str *ip, struct cg_address *from)
{
	struct cg_address before;
	struct cg_str hop;

	while (cg_networks_hold(trusted->net, trusted->n, from) &&
	    last_hop(&header, &hop) && without_port(&hop) &&
	    cg_address_parse(hop, &before) == CG_OK) {
		*ip = hop;
		*from = before;
	}
}

/* ::/0 is all of IPv6, and not IPv4 as well. */
bool
cg_networks_hold(const struct cg_network *net, size_t n,
    const struct cg_address *a)
{
	bool v4 = cg_address_is_v4(a);
	size_t i;

	for (i = 0; i < n; i++)
		if ((!v4 || net[i].bits >= V4_BITS) &&
		    agree(&net[i].address, a, net[i].bits))
			return true;
	return false;
}
