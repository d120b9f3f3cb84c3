/* audit verify. */
#include "config.h"

#include "cli.h"

#include <string.h>

#define HEX	"0123456789abcdef"

/* "12:9f86d0...", as it was printed. */
static int
noted_read(const char *text, struct cg_audit_end *out)
{
	struct cg_str s = cg_str_of(text);
	size_t colon = cg_str_chr(s, ':');

	if (colon < s.n && s.n - colon - 1 == CG_AUDIT_HASH &&
	    strspn(text + colon + 1, HEX) == CG_AUDIT_HASH &&
	    cg_str_i64(cg_str_head(s, colon), 1, INT64_MAX, &out->id) == CG_OK) {
		memcpy(out->hash, text + colon + 1, CG_AUDIT_HASH + 1);
		return 0;
	}
	return cli_misuse("--expect %s: type the head that \"clockgate audit verify\" "
	    "printed, a number, a colon and %d hex digits", text, CG_AUDIT_HASH);
}

struct faults {
	struct out	*out;
	size_t		 n;
};

static void
fault_row(void *arg, const char *what)
{
	static const char *const name[] = { "fault" };
	struct faults *f = arg;
	struct cg_str value = cg_str_of(what);

	f->n++;
	out_row(f->out, name, &value, 1);
}

static int
verify(struct cli *cli, const struct cg_audit_end *noted)
{
	struct faults f = { out_new(cli->format, stdout), 0 };
	struct cg_audit_end end;
	enum cg_err e;

	if (f.out == NULL)
		return cli_fail("no memory");
	e = cg_audit_verify(cli->db, noted, fault_row, &f, &end);
	if (e == CG_OK && f.n == 0) {
		out_drop(f.out);
		printf("nothing was altered, nothing is missing: %lld rows\n",
		    (long long)end.id);
		if (end.id > 0)
			printf("head: %lld:%s\n", (long long)end.id, end.hash);
		return 0;
	}
	if (!out_end(f.out))
		return cli_fail("the output could not be written");
	return e == CG_OK ? cli_fail("the audit is not what was written") :
	    cli_db_fault(cli, "audit verify");
}

int
cli_audit_verify(struct cli *cli)
{
	const char *text = cli->option[CLI_EXPECT];
	struct cg_audit_end noted;
	int status;

	if (text == NULL)
		return verify(cli, NULL);
	if ((status = noted_read(text, &noted)) != 0)
		return status;
	return verify(cli, &noted);
}
