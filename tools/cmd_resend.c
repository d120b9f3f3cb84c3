/*
 * device resend: the stamps become 0 and the clock reads them (notes 3.2).
 */
#include "config.h"

#include "cli.h"

/* As the clock spells it, or NULL: no table of that name has a stamp. */
static const char *
table_find(const char *word)
{
	const struct cg_upload *u = cg_upload_find(cg_str_of(word));

	return u->form == CG_FORM_RAW || u->dialect ? NULL : u->table.p;
}

static int
table_check(const char *word)
{
	static const char *const known[] = { "ATTLOG", "OPERLOG", "ATTPHOTO",
	    "BIODATA", "USERINFO", "FINGERTMP", "FACE", "ERRORLOG" };
	char near[CG_WHY_MAX];

	if (word == NULL || table_find(word) != NULL)
		return 0;
	cg_nearest_text(cg_str_of(word), known, CG_LEN(known), near);
	return cli_misuse("--table %s: there is no such table%s", word,
	    near[0] != '\0' ? near : "; type ATTLOG, OPERLOG, ATTPHOTO ...");
}

static enum cg_err
resend(struct cli *cli, const struct cg_device *d, const char *table, int64_t *id)
{
	enum cg_err e;

	e = cg_stamps_reset(cli->db, d->id, table != NULL ?
	    cg_str_of(table_find(table)) : cg_lit(""));
	if (e == CG_OK)
		e = cg_command_queue(cli->db, &(struct cg_order){
		    .sn = cg_str_of(d->sn), .name = cg_lit("check"),
		    .body = cg_lit("CHECK"), .created_by = cg_lit("resend"),
		    .expires_utc = CG_NO_UTC }, id);
	if (e == CG_OK)
		e = cg_db_commit(cli->db);
	return e;
}

int
cli_device_resend(struct cli *cli)
{
	const char *table = cli->option[CLI_TABLE_NAME];
	struct cg_device device;
	int64_t id;
	int status;

	if ((status = table_check(table)) != 0 ||
	    (status = cli_device(cli, cli->word[0], &device)) != 0)
		return status;
	if (resend(cli, &device, table, &id) != CG_OK)
		return cli_db_fault(cli, "device resend");
	cli_notice(cli, device.sn);
	printf("%s: sends %s again once it has read its options (command %lld)\n",
	    device.sn, table != NULL ? table_find(table) : "everything",
	    (long long)id);
	return 0;
}
