/*
 * What MySQL's and MariaDB's error numbers mean for us.  What is not named
 * here is CG_DB: repeating would not help.
 */
#include "config.h"

#include "db.h"

struct class {
	uint16_t	 number;
	uint8_t		 err;		/* enum cg_err */
	bool		 lost;		/* the connection is gone, or its server of no use */
};

/* clang-format off */
static const struct class classes[] = {
	{    3, CG_BUSY, false },	/* error writing a file: disk full */
	{   28, CG_BUSY, false },	/* no space left on device */
	{ 1020, CG_BUSY, false },	/* record has changed since last read */
	{ 1021, CG_BUSY, false },	/* disk full */
	{ 1026, CG_BUSY, false },	/* error writing a file */
	{ 1030, CG_BUSY, false },	/* error from the storage engine: disk full */
	{ 1037, CG_BUSY, false },	/* out of memory */
	{ 1038, CG_BUSY, false },	/* out of sort memory */
	{ 1040, CG_BUSY, true },	/* too many connections */
	{ 1041, CG_BUSY, false },	/* out of resources */
	{ 1047, CG_BUSY, true },	/* cluster node not ready */
	{ 1048, CG_DATA, false },	/* column cannot be null */
	{ 1053, CG_BUSY, true },	/* server shutdown in progress */
	{ 1062, CG_DATA, false },	/* duplicate entry, of a key we do not mean */
	{ 1077, CG_BUSY, true },	/* normal shutdown */
	{ 1079, CG_BUSY, true },	/* shutdown complete */
	{ 1114, CG_BUSY, false },	/* table is full */
	{ 1129, CG_BUSY, true },	/* host blocked */
	{ 1152, CG_BUSY, true },	/* aborted connection */
	{ 1153, CG_DB, true },		/* larger than max_allowed_packet */
	{ 1154, CG_BUSY, true },	/* read error from connection pipe */
	{ 1155, CG_BUSY, true },	/* error from fcntl() */
	{ 1156, CG_BUSY, true },	/* packets out of order */
	{ 1157, CG_BUSY, true },	/* cannot uncompress packet */
	{ 1158, CG_BUSY, true },	/* error reading packets */
	{ 1159, CG_BUSY, true },	/* timeout reading packets */
	{ 1160, CG_BUSY, true },	/* error writing packets */
	{ 1161, CG_BUSY, true },	/* timeout writing packets */
	{ 1180, CG_BUSY, false },	/* error during COMMIT */
	{ 1181, CG_BUSY, true },	/* error during ROLLBACK */
	{ 1184, CG_BUSY, true },	/* aborted connection */
	{ 1203, CG_BUSY, true },	/* user has too many connections */
	{ 1205, CG_BUSY, false },	/* lock wait timeout */
	{ 1206, CG_BUSY, false },	/* too many locks */
	{ 1213, CG_BUSY, false },	/* deadlock */
	{ 1223, CG_BUSY, false },	/* global read lock */
	{ 1226, CG_BUSY, true },	/* user has exceeded a resource */
	{ 1243, CG_BUSY, true },	/* statement of another connection: a proxy moved us */
	{ 1264, CG_DATA, false },	/* out of range */
	{ 1265, CG_DATA, false },	/* data truncated */
	{ 1290, CG_BUSY, true },	/* running with --read-only */
	{ 1292, CG_DATA, false },	/* incorrect value */
	{ 1300, CG_DATA, false },	/* invalid character string */
	{ 1301, CG_DATA, false },	/* result larger than max_allowed_packet */
	{ 1317, CG_BUSY, false },	/* query execution was interrupted */
	{ 1366, CG_DATA, false },	/* incorrect string or number */
	{ 1367, CG_DATA, false },	/* illegal value */
	{ 1406, CG_DATA, false },	/* data too long */
	{ 1411, CG_DATA, false },	/* incorrect value for a function */
	{ 1412, CG_BUSY, false },	/* table definition has changed */
	{ 1416, CG_DATA, false },	/* cannot get geometry object */
	{ 1441, CG_DATA, false },	/* datetime function overflow */
	{ 1461, CG_BUSY, false },	/* too many prepared statements */
	{ 1525, CG_DATA, false },	/* incorrect value */
	{ 1615, CG_BUSY, true },	/* statement needs to be prepared again */
	{ 1637, CG_BUSY, false },	/* too many active transactions */
	{ 1690, CG_BUSY, false },	/* CG_SAME_ROW: an id that another row has */
	{ 1792, CG_BUSY, false },	/* read-only transaction */
	{ 1836, CG_BUSY, true },	/* read-only mode */
	{ 1878, CG_BUSY, false },	/* temporary file write failure */
	{ 1927, CG_BUSY, true },	/* MariaDB: connection was killed */
	{ 1969, CG_BUSY, false },	/* MariaDB: max_statement_time */
	{ 2002, CG_BUSY, true },	/* cannot connect through the socket */
	{ 2003, CG_BUSY, true },	/* cannot connect to the host */
	{ 2005, CG_BUSY, true },	/* unknown host */
	{ 2006, CG_BUSY, true },	/* server has gone away */
	{ 2008, CG_NOMEM, true },	/* client ran out of memory */
	{ 2012, CG_BUSY, true },	/* error in handshake */
	{ 2013, CG_BUSY, true },	/* lost connection */
	{ 2014, CG_DB, true },		/* commands out of sync */
	{ 2026, CG_DB, true },		/* TLS error */
	{ 2027, CG_BUSY, true },	/* malformed packet */
	{ 2055, CG_BUSY, true },	/* lost connection */
	{ 3024, CG_BUSY, false },	/* MySQL: max_execution_time */
	{ 3100, CG_BUSY, true },	/* MySQL: group replication refuses */
	{ 3101, CG_BUSY, false },	/* MySQL: rolled back during commit */
	{ 3140, CG_DATA, false },	/* invalid JSON text */
	{ 3169, CG_BUSY, true },	/* MySQL: session was killed */
	{ 3572, CG_BUSY, false },	/* MySQL: lock not to be had at once */
	{ 3819, CG_DATA, false },	/* MySQL: check constraint */
	{ 3854, CG_DATA, false },	/* MySQL: cannot convert string */
	{ 4025, CG_DATA, false },	/* MariaDB: constraint failed */
	{ 4031, CG_BUSY, true },	/* MySQL: disconnected for inactivity */
};
/* clang-format on */

static const struct {
	uint16_t	 number;
	const char	*cure;
} cures[] = {
	{ 1044, "the user may not use this database: GRANT SELECT, INSERT, UPDATE, "
	    "DELETE ON it" },
	{ 1045, "the user or its password is wrong: see user and password in [database]" },
	{ 1049, "there is no such database: CREATE DATABASE, then clockgate migrate; "
	    "or see name in [database]" },
	{ 1142, "the user lacks a right: GRANT SELECT, INSERT, UPDATE, DELETE; "
	    "to migrate also CREATE, ALTER, INDEX, DROP, CREATE VIEW; with an "
	    "account for each program: run schema/grants.sql again" },
	{ 1143, "the user lacks a right: run schema/grants.sql again" },
	{ 1698, "the server wants another kind of login for this user: see user in "
	    "[database]" },
	{ 2002, "does the server run? see socket and host in [database]" },
	{ 2003, "does the server run and listen? see host and port in [database]" },
	{ 2005, "the host has no address: see host in [database]" },
	{ 2059, "this account logs in by a method that is not built into the programs: "
	    "see plugin_dir in [database], or have it changed to mysql_native_password" },
};

const char *
cg_db_cure(const struct cg_db *db)
{
	size_t i;

	for (i = 0; i < CG_LEN(cures); i++)
		if (cures[i].number == db->number)
			return cures[i].cure;
	return "";
}

enum cg_err
cg_db_class(unsigned number, bool *lost)
{
	size_t i;

	*lost = false;
	for (i = 0; i < CG_LEN(classes); i++)
		if (classes[i].number == number) {
			*lost = classes[i].lost;
			return (enum cg_err)classes[i].err;
		}
	return CG_DB;
}
