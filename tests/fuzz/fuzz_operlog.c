/*
 * Tables of tagged lines, with the tag and without.
 */
#include "config.h"

#include "fuzz_record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const table[] = {
		"USERINFO", "templatev10", "BIODATA", "USERPIC", "WORKCODE",
		"IDCARD", "ERRORLOG"
	};
	struct cg_str body = fuzz_input(p, n);

	lines("OPERLOG", body, 64 * n + 65536);
	lines("OPERLOG", body, 64);	/* next to no memory */
	for (size_t i = 0; i < CG_LEN(table); i++)
		lines(table[i], body, 64 * n + 65536);
	return 0;
}
