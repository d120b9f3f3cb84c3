#include "config.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "cg_app.h"

#define LINE_MAX_BYTES	2048

static const struct {
	const char	*name;
	int		 priority;
} levels[] = {
	[CG_LOG_ERROR] = { "error", LOG_ERR },
	[CG_LOG_WARN] = { "warn", LOG_WARNING },
	[CG_LOG_INFO] = { "info", LOG_INFO },
	[CG_LOG_DEBUG] = { "debug", LOG_DEBUG },
};

const char *
cg_log_safe(struct cg_str s, char *out, size_t max)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, n = 0;
	unsigned char c;

	for (i = 0; i < s.n && n + 5 <= max; i++) {
		c = (unsigned char)s.p[i];
		if (c > ' ' && c < 0x7f && c != '\\' && c != '"') {
			out[n++] = (char)c;
		} else {
			out[n++] = '\\';
			out[n++] = 'x';
			out[n++] = hex[c >> 4];
			out[n++] = hex[c & 15];
		}
	}
	if (n == 0 && max > 1)
		out[n++] = '-';
	out[n] = '\0';
	return out;
}

/* A message of the database may quote what a clock sent. */
static void
flatten(char *line, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
}

void
cg_log(const struct cg_log *log, enum cg_log_level level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	int saved = errno, head, n;
	va_list ap;

	if (level > log->level)
		return;
	head = snprintf(line, sizeof(line), "prog=%s level=%s ", log->ident,
	    levels[level].name);
	va_start(ap, fmt);
	n = vsnprintf(line + head, sizeof(line) - (size_t)head - 1, fmt, ap);
	va_end(ap);
	if (n < 0)
		n = 0;
	n += head;
	if ((size_t)n > sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	flatten(line, (size_t)n);
	if (log->sink == CG_LOG_SYSLOG) {
		syslog(levels[level].priority, "%.*s", n, line);
	} else {
		line[n++] = '\n';	/* one write: lines of two programs never mix */
		if (write(STDERR_FILENO, line, (size_t)n) < 0) {
			/* there is nowhere to complain to */
		}
	}
	errno = saved;
}
