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

static void
write_out(const char *lines, size_t n)
{
	if (write(STDERR_FILENO, lines, n) < 0) {
		/* there is nowhere to complain to */
	}
}

/* Whole lines in one write, so that those of two programs never mix. */
static void
keep(struct cg_log *log, const char *line, size_t n)
{
	if (n > sizeof(log->held) - log->nheld) {
		write_out(log->held, log->nheld);
		log->nheld = 0;
	}
	memcpy(log->held + log->nheld, line, n);
	log->nheld += n;
}

void
cg_log_hold(struct cg_log *log)
{
	log->hold = true;
}

void
cg_log_release(struct cg_log *log)
{
	int saved = errno;

	if (log->nheld > 0)
		write_out(log->held, log->nheld);
	log->nheld = 0;
	log->hold = false;
	errno = saved;
}

void
cg_log_put(struct cg_log *log, enum cg_log_level level, struct cg_str text)
{
	char line[LINE_MAX_BYTES];
	struct cg_buf b = { line, 0, sizeof(line) - 1, false };
	int saved = errno;

	if (level > log->level)
		return;
	cg_buf_put(&b, cg_lit("prog="));
	cg_buf_putz(&b, log->ident);
	cg_buf_put(&b, cg_lit(" level="));
	cg_buf_putz(&b, levels[level].name);
	cg_buf_put(&b, cg_lit(" "));
	if (text.n > b.cap - b.n)
		text.n = b.cap - b.n;
	cg_buf_put(&b, text);
	flatten(line, b.n);
	if (log->sink == CG_LOG_SYSLOG) {
		syslog(levels[level].priority, "%.*s", (int)b.n, line);
	} else {
		line[b.n++] = '\n';
		if (log->hold)
			keep(log, line, b.n);
		else
			write_out(line, b.n);
	}
	errno = saved;
}

void
cg_log(struct cg_log *log, enum cg_log_level level, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	va_list ap;

	if (level > log->level)
		return;
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	cg_log_put(log, level, cg_str_of(text));
}
