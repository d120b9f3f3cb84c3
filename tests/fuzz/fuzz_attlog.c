/*
 * table=ATTLOG, and what a body without a table name is.
 */
#include "config.h"

#include "fuzz_record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cg_str body = fuzz_input(p, n);
	const struct cg_upload *u = cg_upload_classify(body);

	REQUIRE(u == NULL || u == cg_upload_find(u->table));
	lines("ATTLOG", body, 64 * n + 65536);
	lines("ATTLOG", body, 64);	/* next to no memory */
	lines("NEWTABLE", body, 64);
	return 0;
}
