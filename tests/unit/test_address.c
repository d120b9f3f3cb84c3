/* Addresses and networks: what is one, and which addresses a network holds. */
#include "config.h"

#include "cg_app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	struct cg_str	 text;
	bool		 good;
	bool		 v4;
} addresses[] = {
	{ CG_STR("192.0.2.1"), true, true },
	{ CG_STR("0.0.0.0"), true, true },
	{ CG_STR("::ffff:192.0.2.1"), true, true },
	{ CG_STR("::FFFF:c000:201"), true, true },
	{ CG_STR("2001:db8::1"), true, false },
	{ CG_STR("::"), true, false },
	{ CG_STR("::1"), true, false },
	{ CG_STR("::192.0.2.1"), true, false },
	{ CG_STR("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"), true, false },
	{ CG_STR(""), false, false },
	{ CG_STR("192.0.2"), false, false },
	{ CG_STR("192.0.2.256"), false, false },
	{ CG_STR("192.0.2.01"), false, false },
	{ CG_STR("192.0.2.1 "), false, false },
	{ CG_STR(" 192.0.2.1"), false, false },
	{ CG_STR("192.0.2.1:80"), false, false },
	{ CG_STR("192.0.2.1\0"), false, false },
	{ CG_STR("0x7f.1"), false, false },
	{ CG_STR("localhost"), false, false },
	{ CG_STR("[::1]"), false, false },
	{ CG_STR("fe80::1%eth0"), false, false },
	{ CG_STR("1:2:3:4:5:6:7:8:9"), false, false },
	{ CG_STR("1111:2222:3333:4444:5555:6666:7777:8888:9999"), false, false },
	{ CG_STR("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255:ffff"), false, false },
};

static void
test_addresses(void **state)
{
	struct cg_address a;

	(void)state;
	for (size_t i = 0; i < CG_LEN(addresses); i++) {
		enum cg_err e = cg_address_parse(addresses[i].text, &a);

		if ((e == CG_OK) != addresses[i].good ||
		    (e == CG_OK && cg_address_is_v4(&a) != addresses[i].v4))
			fail_msg("address \"%s\"", addresses[i].text.p);
	}
}

static void
test_same_address(void **state)
{
	struct cg_address a, b;

	(void)state;
	assert_int_equal(cg_address_parse(cg_lit("192.0.2.1"), &a), CG_OK);
	assert_int_equal(cg_address_parse(cg_lit("::ffff:192.0.2.1"), &b), CG_OK);
	assert_true(cg_address_eq(&a, &b));
	assert_int_equal(cg_address_parse(cg_lit("192.0.2.2"), &b), CG_OK);
	assert_false(cg_address_eq(&a, &b));
}

/* Each list with addresses that it holds, and others that it does not. */
static const struct {
	const char	*list;
	const char	*in[4];
	const char	*out[5];
} networks[] = {
	{ "", { NULL }, { "192.0.2.1", "::1", "::" } },
	{ " ", { NULL }, { "192.0.2.1" } },
	{ "192.0.2.1", { "192.0.2.1", "::ffff:192.0.2.1" },
	    { "192.0.2.0", "192.0.2.2", "::192.0.2.1" } },
	{ "10.0.0.0/8", { "10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3" },
	    { "11.0.0.0", "9.255.255.255", "a00::", "::" } },
	{ "192.0.2.128/25", { "192.0.2.128", "192.0.2.255" },
	    { "192.0.2.127", "192.0.3.128" } },
	{ "192.0.2.4/31", { "192.0.2.4", "192.0.2.5" },
	    { "192.0.2.3", "192.0.2.6" } },
	{ "0.0.0.0/0", { "0.0.0.0", "255.255.255.255" }, { "::", "::1", "fd00::1" } },
	{ "::/0", { "::", "::1", "fd00::1" }, { "0.0.0.0", "192.0.2.1" } },
	{ "::ffff:10.0.0.0/104", { "10.1.2.3" }, { "11.0.0.0", "::1" } },
	{ "::ffff:0:0/96", { "10.1.2.3", "255.0.0.1" }, { "::1" } },
	{ "fd00::/8, 10.0.0.0/8", { "fd00::1", "fdff::", "10.0.0.1" },
	    { "fc00::1", "fe00::1", "11.0.0.1" } },
	{ "2001:db8:0:8000::/49", { "2001:db8:0:8000::", "2001:db8:0:ffff::1" },
	    { "2001:db8::", "2001:db8:1:8000::" } },
	{ "2001:db8::1/128", { "2001:db8::1" }, { "2001:db8::2", "2001:db8::" } },
};

#define MAX	3

static bool
holds(const char *list, const char *address)
{
	struct cg_network net[MAX];
	char why[CG_WHY_MAX] = "";
	struct cg_address a;
	size_t n = 99;

	if (cg_networks_parse(cg_str_of(list), net, MAX, &n, why) != CG_OK)
		fail_msg("%s: %s", list, why);
	assert_int_equal(cg_address_parse(cg_str_of(address), &a), CG_OK);
	return cg_networks_hold(net, n, &a);
}

static void
test_networks(void **state)
{
	(void)state;
	for (size_t i = 0; i < CG_LEN(networks); i++) {
		for (size_t k = 0; k < 4 && networks[i].in[k] != NULL; k++)
			if (!holds(networks[i].list, networks[i].in[k]))
				fail_msg("%s is not in \"%s\"",
				    networks[i].in[k], networks[i].list);
		for (size_t k = 0; k < 5 && networks[i].out[k] != NULL; k++)
			if (holds(networks[i].list, networks[i].out[k]))
				fail_msg("%s is in \"%s\"",
				    networks[i].out[k], networks[i].list);
	}
}

static const struct {
	const char	*list;
	const char	*why;
	enum cg_err	 e;
} bad[] = {
	{ "10.0.0.1/8", "\"10.0.0.1/8\" has bits behind those that count: they must "
	    "be 0", CG_SYNTAX },
	{ "fd00::1/8", "\"fd00::1/8\" has bits behind those that count: they must "
	    "be 0", CG_SYNTAX },
	{ "192.0.2.1/31", "\"192.0.2.1/31\" has bits behind those that count: they "
	    "must be 0", CG_SYNTAX },
	{ "10.0.0.0/33", "\"10.0.0.0/33\" must end in /0 to /32", CG_SYNTAX },
	{ "10.0.0.0/", "\"10.0.0.0/\" must end in /0 to /32", CG_SYNTAX },
	{ "10.0.0.0/-1", "\"10.0.0.0/-1\" must end in /0 to /32", CG_SYNTAX },
	{ "10.0.0.0/255.0.0.0", "\"10.0.0.0/255.0.0.0\" must end in /0 to /32",
	    CG_SYNTAX },
	{ "fd00::/129", "\"fd00::/129\" must end in /0 to /128", CG_SYNTAX },
	{ "10.0.0.0/8,", "\"\" is no network: write 10.0.0.0/8, fd00::/8 or a single "
	    "address", CG_SYNTAX },
	{ "10.0.0.0/8;11.0.0.0/8", "\"10.0.0.0/8;11.0.0.0/8\" must end in /0 to /32",
	    CG_SYNTAX },
	{ "10/8", "\"10/8\" is no network: write 10.0.0.0/8, fd00::/8 or a single "
	    "address", CG_SYNTAX },
	{ "home.example", "\"home.example\" is no network: write 10.0.0.0/8, fd00::/8 "
	    "or a single address", CG_SYNTAX },
	{ "1.0.0.0/8,2.0.0.0/8,3.0.0.0/8,4.0.0.0/8", "at most 3 networks", CG_LIMIT },
};

static void
test_bad_networks(void **state)
{
	struct cg_network net[MAX];
	char why[CG_WHY_MAX];
	size_t n;

	(void)state;
	for (size_t i = 0; i < CG_LEN(bad); i++) {
		n = 77;
		assert_int_equal(cg_networks_parse(cg_str_of(bad[i].list), net, MAX,
		    &n, why), bad[i].e);
		assert_string_equal(why, bad[i].why);
		assert_int_equal(n, 77);
	}
}

/* Who is asked for, and who then is the other end. */
static const struct {
	const char	*trusted;
	const char	*peer;
	struct cg_str	 header;
	const char	*client;
} forwarded[] = {
	{ "", "192.0.2.1", CG_STR("203.0.113.5"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", { NULL, 0 }, "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR(""), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5"), "203.0.113.5" },
	{ "192.0.2.1", "::ffff:192.0.2.1", CG_STR("203.0.113.5"), "203.0.113.5" },
	{ "192.0.2.1", "192.0.2.2", CG_STR("203.0.113.5"), "192.0.2.2" },
	/* what a client writes itself stands on the left */
	{ "192.0.2.1", "192.0.2.1", CG_STR("10.0.0.1, 203.0.113.5"), "203.0.113.5" },
	{ "192.0.2.0/24", "192.0.2.1", CG_STR("10.0.0.1,203.0.113.5 , 192.0.2.2"),
	    "203.0.113.5" },
	{ "192.0.2.0/24", "192.0.2.1", CG_STR("192.0.2.3, 192.0.2.2"), "192.0.2.3" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("2001:db8::7"), "2001:db8::7" },
	{ "fd00::/8", "fd00::1", CG_STR("203.0.113.5"), "203.0.113.5" },
	/* with the port of its connection */
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5:5678"), "203.0.113.5" },
	{ "192.0.2.0/24", "192.0.2.1", CG_STR("203.0.113.5:1, 192.0.2.2:65535"),
	    "203.0.113.5" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("[2001:db8::1]:443"), "2001:db8::1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("[2001:db8::1]"), "2001:db8::1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("[2001:db8::1"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("[2001:db8::1]443"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("[]:443"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("["), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5:"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5:65536"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5:1:2"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR(":443"), "192.0.2.1" },
	/* what is no address ends it */
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5, unknown"), "192.0.2.1" },
	{ "192.0.2.1", "192.0.2.1", CG_STR("203.0.113.5,"), "192.0.2.1" },
	{ "192.0.2.0/24", "192.0.2.1", CG_STR("x, 192.0.2.2"), "192.0.2.2" },
	{ "192.0.2.1", "192.0.2.1", CG_STR(",,,,"), "192.0.2.1" },
};

static void
test_forwarded(void **state)
{
	struct cg_network net[MAX];
	struct cg_networks trusted = { .net = net };
	struct cg_address from, want;
	char why[CG_WHY_MAX];
	struct cg_str ip;

	(void)state;
	for (size_t i = 0; i < CG_LEN(forwarded); i++) {
		ip = cg_str_of(forwarded[i].peer);
		assert_int_equal(cg_networks_parse(cg_str_of(forwarded[i].trusted),
		    net, MAX, &trusted.n, why), CG_OK);
		assert_int_equal(cg_address_parse(ip, &from), CG_OK);
		assert_int_equal(cg_address_parse(cg_str_of(forwarded[i].client),
		    &want), CG_OK);
		cg_address_forwarded(&trusted, forwarded[i].header, &ip, &from);
		if (!cg_str_eq(ip, cg_str_of(forwarded[i].client)) ||
		    !cg_address_eq(&from, &want))
			fail_msg("row %zu gives %.*s", i, (int)ip.n, ip.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_same_address),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_bad_networks),
		cmocka_unit_test(test_forwarded),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
