/* Keys that a person presses, and what the display shows (spec VI.13, VI.14). */
#include "config.h"

#include "sim.h"

/* "status = 0" and "name =Ann": blanks around = are the specification's. */
void
last_punch_show(const struct clock *c, struct cg_str body)
{
	struct cg_str line, piece, name;
	size_t eq;

	(void)c;
	while (cg_str_line(&body, &line))
		while (cg_str_cut(&line, '\t', &piece)) {
			eq = cg_str_chr(piece, '=');
			if (eq == piece.n)
				continue;
			name = cg_str_trim(cg_str_head(piece, eq));
			piece = cg_str_trim(cg_str_from(piece, eq + 1));
			printf("%.*s: %.*s\n", (int)name.n, name.p, (int)piece.n,
			    piece.p);
		}
}

/* "ID=1&CMD=Vacation;ID=2&CMD=PTO": one line each. */
static void
menu_show(struct cg_str data)
{
	struct cg_str item, id, name;

	while (cg_str_cut(&data, ';', &item)) {
		if (item.n == 0)
			continue;
		id = field(item, '&', "ID");
		name = field(item, '&', "CMD");
		printf("%.*s  %.*s\n", (int)id.n, id.n > 0 ? id.p : "",
		    (int)name.n, name.n > 0 ? name.p : "");
	}
}

static void
table_show(struct cg_str data)
{
	struct cg_str line, cell;

	while (cg_str_line(&data, &line)) {
		for (bool first = true; cg_str_cut(&line, ',', &cell);
		    first = false)
			printf("%s%.*s", first ? "" : " | ", (int)cell.n, cell.p);
		putchar('\n');
	}
}

/* "DATA UPDATE SELFSERVICEDATA ...", as a command or bare. */
void
service_show(struct clock *c, struct cg_str body)
{
	struct text data = { NULL, 0, 0 };
	struct cg_str id = cg_lit("567"), fields, style;
	char id_text[ID_MAX + 1];
	size_t at = 0;

	body = cg_str_head(body, cg_str_chr(body, '\n'));
	if (cg_str_starts(body, cg_lit("C:"))) {
		body = cg_str_from(body, 2);
		id = cg_str_head(body, cg_str_chr(body, ':'));
		body = cg_str_from(body, id.n < body.n ? id.n + 1 : id.n);
	}
	snprintf(id_text, sizeof(id_text), "%.*s", (int)id.n, id.p);
	if (cg_str_starts(body, cg_lit("DATA UPDATE SELFSERVICEDATA ")))
		at = sizeof("DATA UPDATE SELFSERVICEDATA ") - 1;
	fields = cg_str_from(body, at);
	style = field(fields, '\t', "Style");
	if (at == 0 || !base64_get(field(fields, '\t', "Data"), &data)) {
		fprintf(stderr, "clocksim: this is no self-service: \"%.*s\"\n",
		    (int)body.n, body.p);
		if (c->fleet != NULL)
			c->fleet->key_failed = true;
		return;
	}
	if (cg_str_eq(style, cg_lit("2")))
		menu_show(text_str(&data));
	else if (cg_str_eq(style, cg_lit("1")))
		table_show(text_str(&data));
	else
		printf("%.*s\n", (int)data.n, data.n > 0 ? data.p : "");
	text_free(&data);
	text_putf(&post_add(c, true)->body, "ID=%s&SN=%s&Return=0&CMD=ServiceNum",
	    id_text, c->sn);
}
