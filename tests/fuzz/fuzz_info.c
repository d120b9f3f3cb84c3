/*
 * INFO of heartbeats: what is told lies within the text, the rest is absent.
 */
#include "config.h"

#include "cg_push.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str raw = fuzz_input(p, n);
	struct cg_info i;

	cg_info_parse(raw, &i);
	const struct cg_str told[] = { i.firmware, i.ip, i.fingerprint_version,
	    i.face_version, i.support };

	for (size_t k = 0; k < CG_LEN(told); k++) {
		REQUIRE(fuzz_inside(told[k], raw));
		REQUIRE(told[k].p == NULL || told[k].n > 0);
		REQUIRE(cg_str_chr(told[k], ',') == told[k].n);
		REQUIRE(cg_str_trim(told[k]).n == told[k].n);
		fuzz_touch(told[k]);
	}
	return 0;
}
