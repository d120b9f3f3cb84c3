/* What a clock tells of itself, and what a test reads at the end. */
#include "config.h"

#include "sim.h"

#include <string.h>

static size_t
pictures(const struct clock *c)
{
	return table_count(c, USERPIC) + table_count(c, BIOPHOTO);
}

void
facts_put(const struct clock *c, struct text *out, char sep)
{
	static const char *const name[DIALECT__MAX] = {
		"iClock Simulator", "SpeedFace Simulator", "TFT Simulator"
	};

	text_putf(out, "~DeviceName=%s%c~SerialNumber=%s%c~OEMVendor=EXAMPLE CO.,"
	    " LTD.%cFWVersion=%s%cMAC=00:17:61:00:00:01%cIPAddress=%s%c",
	    name[c->plan->dialect], sep, c->sn, sep, sep, c->plan->firmware, sep,
	    sep, c->plan->ip, sep);
	text_putf(out, "UserCount=%zu%cFPCount=%zu%cFaceCount=%zu%c"
	    "TransactionCount=%zu%c", table_count(c, USERINFO), sep,
	    table_count(c, FINGERTMP), sep,
	    table_count(c, FACE) + table_count(c, BIODATA), sep,
	    c->log[ATTLOG].n, sep);
	for (const struct row *r = c->option; r != NULL; r = r->next)
		text_putf(out, "%s%c", r->fields, sep);
}

/* Nine fields by the seed, five of an old clock, thirteen today (notes 1.3). */
void
info_put(const struct clock *c, struct text *out)
{
	text_putf(out, "%s,%zu,%zu,%zu,%s", c->plan->firmware,
	    table_count(c, USERINFO), table_count(c, FINGERTMP),
	    c->log[ATTLOG].n, c->plan->ip);
	if (c->plan->dialect == TFT)
		text_putf(out, ",10,7,%zu,111", table_count(c, FACE));
	if (c->plan->dialect == ATT)
		text_putf(out, ",10,39,12,%zu,11111,%zu,%zu,%zu",
		    table_count(c, FACE) + table_count(c, BIODATA),
		    table_count(c, USERINFO), pictures(c), c->log[ATTPHOTO].n);
}

static void
rows(const struct clock *c, const char *what, const struct row *r, FILE *f)
{
	for (; r != NULL; r = r->next)
		fprintf(f, "%s\t%s\t%s\n", c->sn, what, r->fields);
}

static void
log_lines(const struct clock *c, enum log_id l, FILE *f)
{
	const struct log *log = &c->log[l];
	struct cg_str s;

	for (size_t i = 0; i < log->n; i++) {
		s = (struct cg_str){ log->record[i].p, log->record[i].n };
		s = cg_str_head(s, cg_str_chr(s, '\n'));
		fprintf(f, "%s\t%s\t%s\t%.*s\n", c->sn, log_name[l],
		    i < log->done ? "sent" : "kept", (int)s.n, s.p);
	}
}

void
dump(const struct clock *c, FILE *f)
{
	struct cg_str block = text_str(&c->opt.block), line;
	char now[20];

	wall_text(clock_wall(c), ' ', now);
	fprintf(f, "%s\tclock\t%s\tskew=%.0f\tzone=%d\n", c->sn, now, c->skew,
	    c->zone);
	while (cg_str_line(&block, &line))
		fprintf(f, "%s\tserver\t%.*s\n", c->sn, (int)line.n, line.p);
	rows(c, "option", c->option, f);
	rows(c, "file", c->file, f);
	commands_dump(c, f);
	for (enum table_id t = 0; t < TABLE__MAX; t++)
		rows(c, tables[t].name, c->row[t], f);
	for (enum log_id l = 0; l < LOG__MAX; l++)
		log_lines(c, l, f);
}
