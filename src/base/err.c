/*
 * Error codes as text.
 */
#include "config.h"

#include "cg_base.h"

static const char *const texts[CG_ERR__MAX] = {
	[CG_OK]		= "ok",
	[CG_STOP]	= "asked to end",
	[CG_NOMEM]	= "out of memory",
	[CG_LIMIT]	= "over a limit",
	[CG_SYNTAX]	= "can't be read",
	[CG_UNKNOWN]	= "unknown",
	[CG_METHOD]	= "method not allowed",
	[CG_DENIED]	= "not admitted",
	[CG_FLOOD]	= "too many requests",
	[CG_TARGET]	= "path or query too long",
	[CG_BUSY]	= "database busy or gone",
	[CG_DATA]	= "value refused by the database",
	[CG_DB]		= "database error",
	[CG_SYS]	= "system error",
};

const char *
cg_err_text(enum cg_err e)
{
	return (unsigned)e < CG_ERR__MAX ? texts[e] : "unknown error";
}
