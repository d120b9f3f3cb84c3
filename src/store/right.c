/*
 * Which program runs which statement: what its account must be granted, see
 * schema/grants.sql.  What is not named here is the command line's alone.
 */
#include "config.h"

#include "db.h"

#define CDATA		1u
#define GETREQUEST	2u
#define DEVICECMD	4u
#define OPERATOR	8u
#define SERVER		(CDATA | GETREQUEST | DEVICECMD)
#define ALL		(SERVER | OPERATOR)

static const struct {
	const char	*name;
	unsigned	 bit;
} programs[] = {
	{ "cdata", CDATA },
	{ "getrequest", GETREQUEST },
	{ "devicecmd", DEVICECMD },
};

/* clang-format off */
static const unsigned char of_stmt[CG_Q__MAX] = {
	[CG_Q_SCHEMA_VERSION] = ALL,
	[CG_Q_STATE] = ALL,
	[CG_Q_DEVICE_FIND] = ALL,
	[CG_Q_DEVICE_ADD] = SERVER,
	[CG_Q_DEVICE_PENDING] = SERVER,
	[CG_Q_DEVICE_OLDEST] = SERVER,
	[CG_Q_DEVICE_COUNT] = ALL,
	[CG_Q_DEVICE_DROP] = SERVER,
	[CG_Q_DEVICE_DROP_STATE] = SERVER,
	[CG_Q_DEVICE_ANNOUNCE] = SERVER,
	[CG_Q_DEVICE_INFO] = SERVER,
	[CG_Q_DEVICE_CHANGED] = SERVER,
	[CG_Q_DEVICE_ACTIVE] = SERVER,
	[CG_Q_DEVICE_ACTIVE_4] = SERVER,
	[CG_Q_DEVICE_ACTIVE_8] = SERVER,
	[CG_Q_DEVICE_ACTIVE_16] = SERVER,
	[CG_Q_DEVICE_ACTIVE_32] = SERVER,
	[CG_Q_DEVICE_ACTIVE_64] = SERVER,
	[CG_Q_DEVICE_TOUCH] = CDATA | OPERATOR,
	[CG_Q_KEY_REMEMBER] = SERVER,
	[CG_Q_KEY_ANNOUNCED] = SERVER,
	[CG_Q_KEY_CHANGED] = SERVER,
	[CG_Q_REFUSALS_ADD] = SERVER,
	[CG_Q_SETTING_LOAD] = CDATA | GETREQUEST | OPERATOR,
	[CG_Q_STAMP_LOAD] = CDATA,
	[CG_Q_STAMP_TOLD] = CDATA,
	[CG_Q_COMMAND_WAITING] = GETREQUEST,
	[CG_Q_COMMAND_CLOCK] = GETREQUEST,
	[CG_Q_COMMAND_DUE] = GETREQUEST,
	[CG_Q_COMMAND_NEXT] = GETREQUEST,
	[CG_Q_COMMAND_SEAL] = GETREQUEST,
	[CG_Q_COMMAND_SENT] = GETREQUEST,
	[CG_Q_COMMAND_END] = CDATA | GETREQUEST,
	[CG_Q_COMMAND_JUDGED] = GETREQUEST,
	[CG_Q_COMMAND_OPEN] = CDATA | DEVICECMD,
	[CG_Q_COMMAND_SETTLE] = CDATA | DEVICECMD,
	[CG_Q_COMMAND_HIDE] = GETREQUEST,
	[CG_Q_COMMAND_BODY] = DEVICECMD,
	[CG_Q_COMMAND_KNOWN] = CDATA | DEVICECMD,
	[CG_Q_COMMAND_SILENT] = CDATA | GETREQUEST,
	[CG_Q_QUERY_OPEN] = CDATA,
	[CG_Q_QUERY_ROWS] = CDATA,
	[CG_Q_GONE_USER] = DEVICECMD,
	[CG_Q_GONE_TEMPLATE] = DEVICECMD,
	[CG_Q_GONE_UNIFIED] = DEVICECMD,
	[CG_Q_GONE_PICTURE] = DEVICECMD,
	[CG_Q_GONE_ITEM] = DEVICECMD,
	[CG_Q_DANGER_LOAD] = GETREQUEST | OPERATOR,
	[CG_Q_AUDIT_HEAD] = ALL,
	[CG_Q_AUDIT_PUT] = ALL,
	[CG_Q_AUDIT_MOVE] = ALL,
	[CG_Q_SERVICES] = CDATA,
	[CG_Q_SERVICE_TEXT] = CDATA,
	[CG_Q_LAST_PUNCHES] = CDATA,
	[CG_Q_LAST_ELSEWHERE] = CDATA,
	[CG_Q_DEVICE_OTHERS] = CDATA,
};

static const unsigned char of_bulk[CG_BULK__MAX] = {
	[CG_BULK_PUNCH] = CDATA | OPERATOR,
	[CG_BULK_OPERATION] = CDATA | OPERATOR,
	[CG_BULK_USER] = CDATA | DEVICECMD | OPERATOR,
	[CG_BULK_TEMPLATE] = CDATA | DEVICECMD | OPERATOR,
	[CG_BULK_PHOTO] = CDATA | DEVICECMD | OPERATOR,
	[CG_BULK_OPTION] = CDATA | DEVICECMD | OPERATOR,
	[CG_BULK_ITEM] = CDATA | DEVICECMD | OPERATOR,
	[CG_BULK_EVENT] = ALL,
	[CG_BULK_STAMP] = CDATA,
	[CG_BULK_SEEN] = SERVER,
	[CG_BULK_DISCARD] = CDATA | DEVICECMD | OPERATOR,
	[CG_BULK_REJECTED] = ALL,
};
/* clang-format on */

static unsigned
bit_of(const char *program)
{
	size_t i;

	for (i = 0; i < CG_LEN(programs); i++)
		if (cg_str_eq(cg_str_of(program), cg_str_of(programs[i].name)))
			return programs[i].bit;
	return OPERATOR;
}

static bool
runs(unsigned char who, const char *program)
{
	return ((who != 0 ? who : OPERATOR) & bit_of(program)) != 0;
}

bool
cg_stmt_of(enum cg_stmt q, const char *program)
{
	return runs(of_stmt[q], program);
}

bool
cg_bulk_of(enum cg_bulk kind, const char *program)
{
	return runs(of_bulk[kind], program);
}
