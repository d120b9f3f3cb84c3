/*
 * The ledger: a line for each record, written before it is first sent:
 *
 *	-<TAB>SN<TAB>TABLE<TAB>the record, as sent<LF>
 *
 * When it is acknowledged the "-" becomes a "+".  So whatever ends the
 * program, the file tells what the server has promised to keep.
 */
#include "config.h"

#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
ledger_open(struct ledger *l, const char *file)
{
	l->fd = -1;
	if (file == NULL)
		return;
	l->fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (l->fd < 0 || (l->end = lseek(l->fd, 0, SEEK_END)) < 0)
		fatal("%s: %s", file, strerror(errno));
}

static void
put(struct ledger *l, off_t at, struct cg_str s)
{
	ssize_t n;

	while (s.n > 0) {
		n = pwrite(l->fd, s.p, s.n, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fatal("the ledger can't be written: %s", strerror(errno));
		s = cg_str_from(s, (size_t)n);
		at += n;
	}
}

off_t
ledger_sent(struct ledger *l, const char *sn, const char *table,
    struct cg_str record)
{
	struct text line = { NULL, 0, 0 };
	off_t at = l->end;

	if (l->fd < 0)
		return 0;
	text_putf(&line, "-\t%s\t%s\t", sn, table);
	text_put(&line, record);
	text_putz(&line, "\n");
	put(l, at, text_str(&line));
	l->end += (off_t)line.n;
	text_free(&line);
	return at;
}

void
ledger_acknowledged(struct ledger *l, off_t at)
{
	if (l->fd >= 0 && at >= 0)
		put(l, at, cg_lit("+"));
}
