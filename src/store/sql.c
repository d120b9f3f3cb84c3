/*
 * Every single statement.  Those of many rows are in bulk.c.
 */
#include "config.h"

#include "db.h"

/* Whether anybody waits for the answer to a query spares cdata a statement. */
#define ACTIVE(ids)							\
	"SELECT (SELECT COUNT(*) FROM device"				\
	" WHERE status = 'active' AND id IN (" ids ")),"			\
	" EXISTS (SELECT 1 FROM command FORCE INDEX (command_counts)"	\
	" WHERE counts_until_utc > UTC_TIMESTAMP())"

#define EIGHT	"?,?,?,?,?,?,?,?"	/* times eight: CG_ACTIVE_MAX */

#define OF_CLOCK	" device_id = (SELECT id FROM device WHERE sn = ?)"
#define SINCE	" WHERE device_id = ? AND updated_at_utc > ?"
#define IF_GIVEN(what)	" AND (? IS NULL OR " what " = ?)"

#define DONE_BY_OR_TO							\
	" admin_pin = ? OR (object1 = ? AND code IN"			\
	" (SELECT code FROM operation_code WHERE object1 = 'PIN'))"
#define SEALED(blob)	"LEFT(" blob ", 4) = 0x63673100"	/* the mark */
/* Whether what the clock of a row brings is to be sealed; ?: unless it has its own. */
#define WANTED								\
	"COALESCE((SELECT LOWER(s.value) = 'vault' FROM device_setting s"	\
	" WHERE s.device_id = t.device_id AND s.name = 'privacy'), ?)"
#define WANTED_BY_SN							\
	"COALESCE((SELECT LOWER(s.value) = 'vault' FROM device d"	\
	" JOIN device_setting s ON s.device_id = d.id AND s.name = 'privacy'"	\
	" WHERE d.sn = t.device_sn), ?)"

/* The column holds larger ones, which nobody but a hand-written row has. */
#define OUR_IDS	" id <= 9223372036854775807"
/* Sealed with one of the keys that cg_vault_keys lists, or not; NULL: any. */
#define WITH_KEYS							\
	" AND (body NOT LIKE 'cg1:%' OR COALESCE(FIND_IN_SET("		\
	"HEX(LEFT(FROM_BASE64(SUBSTRING(body, 5, 8)), 4)), ?), 1))"

/* clang-format off */
#define PUNCH_COLUMNS							\
	" id, device_sn, pin, punched_at, punched_at_utc, state, verify,"	\
	" work_code, suspect, extra, received_at_utc, punched_text,"	\
	" reserved1, reserved2, job_code1, job_code2, job_code3,"	\
	" job_code4, job_code5, job_code6, tip_code1, tip_code2, tip_code3"

const char *const cg_sql[CG_Q__MAX] = {
	[CG_Q_SCHEMA_VERSION] =
	    "SELECT MAX(version) FROM schema_version",
	[CG_Q_STATE] =
	    "SELECT VERSION(), @@max_allowed_packet,"
	    " @@GLOBAL.innodb_flush_log_at_trx_commit, UNIX_TIMESTAMP()",

	[CG_Q_DEVICE_FIND] =
	    "SELECT d.id, d.status, d.sn, z.value AS zone, c.value AS charset,"
	    " n.value AS networks, s.peer_ip, p.value AS privacy,"
	    " k.value AS key_policy, d.comm_key, d.next_key, d.key_address,"
	    " TIMESTAMPDIFF(SECOND, s.last_seen_utc, UTC_TIMESTAMP()) AS unseen,"
	    " d.push_version <> '' AS announced"
	    " FROM device d"
	    " LEFT JOIN device_setting z"
	    " ON z.device_id = d.id AND z.name = 'zone'"
	    " LEFT JOIN device_setting c"
	    " ON c.device_id = d.id AND c.name = 'charset'"
	    " LEFT JOIN device_setting n"
	    " ON n.device_id = d.id AND n.name = 'networks'"
	    " LEFT JOIN device_setting k"
	    " ON k.device_id = d.id AND k.name = 'comm_key'"
	    " LEFT JOIN device_state s ON s.device_id = d.id"
	    " LEFT JOIN device_setting p"
	    " ON p.device_id = d.id AND p.name = 'privacy'"
	    " WHERE d.sn = ?",
	[CG_Q_DEVICE_ADD] =
	    "INSERT INTO device (sn, status, first_seen_utc)"
	    " VALUES (?, ?, UTC_TIMESTAMP())",
	[CG_Q_DEVICE_PENDING] =
	    "SELECT COUNT(*) FROM device WHERE status = 'pending'",
	/*
	 * None that an operator has prepared, and none twice in a second: by
	 * this, not by a process's own count, as CGI has one for each request.
	 */
	[CG_Q_DEVICE_OLDEST] =
	    "SELECT d.id FROM device d"
	    " LEFT JOIN device_state s ON s.device_id = d.id"
	    " WHERE d.status = 'pending' AND NOT EXISTS"
	    " (SELECT 1 FROM device_setting g WHERE g.device_id = d.id)"
	    " AND NOT EXISTS (SELECT 1 FROM device n WHERE n.status = 'pending'"
	    " AND n.first_seen_utc = UTC_TIMESTAMP())"
	    " ORDER BY GREATEST(d.first_seen_utc,"
	    " COALESCE(s.last_seen_utc, d.first_seen_utc)), d.id LIMIT 1",
	[CG_Q_DEVICE_COUNT] =
	    "SELECT COALESCE(SUM(status = 'pending'), 0),"
	    " COALESCE(SUM(status = 'active'), 0) FROM device",
	[CG_Q_DEVICE_DROP] =
	    "DELETE FROM device WHERE id = ? AND status = 'pending'",
	[CG_Q_DEVICE_DROP_STATE] =
	    "DELETE FROM device_state WHERE device_id = ?",
	[CG_Q_DEVICE_ANNOUNCE] =
	    "UPDATE device SET push_version = COALESCE(?, ''),"
	    " device_type = COALESCE(?, ''), language = COALESCE(?, ''),"
	    " options_flag = COALESCE(?, ''), key_hash = ?,"
	    " time_zone = COALESCE(?, time_zone) WHERE id = ?",
	/* a parameter twice: for a new row, and for one that is there */
	[CG_Q_DEVICE_INFO] =
	    "INSERT INTO device_state (device_id, firmware, reported_ip,"
	    " fingerprint_version, face_version, support, user_count,"
	    " fingerprint_count, punch_count, faces_per_user, face_count,"
	    " card_count, user_photo_count, punch_photo_count)"
	    " VALUES (?, COALESCE(?, ''), COALESCE(?, ''), COALESCE(?, ''),"
	    " COALESCE(?, ''), COALESCE(?, ''), ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON DUPLICATE KEY UPDATE firmware = COALESCE(?, firmware),"
	    " reported_ip = COALESCE(?, reported_ip),"
	    " fingerprint_version = COALESCE(?, fingerprint_version),"
	    " face_version = COALESCE(?, face_version),"
	    " support = COALESCE(?, support),"
	    " user_count = COALESCE(?, user_count),"
	    " fingerprint_count = COALESCE(?, fingerprint_count),"
	    " punch_count = COALESCE(?, punch_count),"
	    " faces_per_user = COALESCE(?, faces_per_user),"
	    " face_count = COALESCE(?, face_count),"
	    " card_count = COALESCE(?, card_count),"
	    " user_photo_count = COALESCE(?, user_photo_count),"
	    " punch_photo_count = COALESCE(?, punch_photo_count)",
	/* once a day the same, however many processes see it */
	[CG_Q_DEVICE_MOVED] =
	    "INSERT INTO device_event (device_id, kind, fields, received_at_utc)"
	    " SELECT s.device_id, 'address-changed', CONCAT('old=', s.peer_ip,"
	    " '\tnew=', ?, '\tday=', UTC_DATE()), UTC_TIMESTAMP()"
	    " FROM device_state s WHERE s.device_id = ? AND s.peer_ip NOT IN ('', ?)"
	    " ON DUPLICATE KEY UPDATE " CG_SAME_ROW("device_event."),
	[CG_Q_DEVICE_FLASHED] =
	    "INSERT INTO device_event (device_id, kind, fields, received_at_utc)"
	    " SELECT s.device_id, 'firmware-changed', CONCAT('old=', s.firmware,"
	    " '\tnew=', ?, '\tday=', UTC_DATE()), UTC_TIMESTAMP()"
	    " FROM device_state s WHERE s.device_id = ? AND s.firmware NOT IN ('', ?)"
	    " ON DUPLICATE KEY UPDATE " CG_SAME_ROW("device_event."),
	[CG_Q_DEVICE_CHANGED] =
	    "SELECT sn FROM device"
	    " WHERE changed_at >= CURRENT_TIMESTAMP - INTERVAL ? SECOND",
	[CG_Q_DEVICE_ACTIVE] =
	    ACTIVE("?"),
	[CG_Q_DEVICE_ACTIVE_4] =
	    ACTIVE("?,?,?,?"),
	[CG_Q_DEVICE_ACTIVE_8] =
	    ACTIVE(EIGHT),
	[CG_Q_DEVICE_ACTIVE_16] =
	    ACTIVE(EIGHT "," EIGHT),
	[CG_Q_DEVICE_ACTIVE_32] =
	    ACTIVE(EIGHT "," EIGHT "," EIGHT "," EIGHT),
	[CG_Q_DEVICE_ACTIVE_64] =
	    ACTIVE(EIGHT "," EIGHT "," EIGHT "," EIGHT ","
		EIGHT "," EIGHT "," EIGHT "," EIGHT),
	[CG_Q_DEVICE_STATUS] =
	    "UPDATE device SET status = ? WHERE sn = ?",
	/* from the left: a column still has its old value until it is assigned */
	[CG_Q_DEVICE_APPROVE] =
	    "UPDATE device SET"
	    " key_address = IF(status = 'pending' OR key_hash <=> comm_key,"
	    " key_address, NULL), next_key = IF(key_hash IS NULL, next_key, NULL),"
	    " comm_key = COALESCE(key_hash, comm_key), status = 'active'"
	    " WHERE sn = ?",
	[CG_Q_KEY_REMEMBER] =
	    "UPDATE device SET key_address = ? WHERE id = ?",
	[CG_Q_KEY_ANNOUNCED] =
	    "UPDATE device SET key_hash = ? WHERE id = ?",
	[CG_Q_KEY_CHANGED] =
	    "UPDATE device SET key_address = ?, comm_key = next_key,"
	    " next_key = NULL WHERE id = ? AND next_key = ?",
	[CG_Q_KEY_SET] =
	    "UPDATE device SET comm_key = ?, next_key = NULL, key_address = NULL"
	    " WHERE sn = ?",
	[CG_Q_KEY_NEXT] =
	    "UPDATE device SET next_key = ? WHERE sn = ?",
	[CG_Q_REFUSALS_ADD] =
	    "INSERT INTO device_state (device_id, key_refusals, network_refusals)"
	    " VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE"
	    " key_refusals = key_refusals + VALUES(key_refusals),"
	    " network_refusals = network_refusals + VALUES(network_refusals)",
	[CG_Q_DEVICE_NAME] =
	    "UPDATE device SET name = ? WHERE sn = ?",
	[CG_Q_DEVICE_TOUCH] =
	    "UPDATE device SET changed_at = CURRENT_TIMESTAMP WHERE sn = ?",

	[CG_Q_SETTING_LOAD] =
	    "SELECT name, value FROM device_setting WHERE device_id = ?",
	[CG_Q_SETTING_SET] =
	    "INSERT INTO device_setting"
	    " (device_id, name, value, updated_at_utc)"
	    " SELECT id, ?, ?, UTC_TIMESTAMP() FROM device WHERE sn = ?"
	    " ON DUPLICATE KEY UPDATE value = VALUES(value),"
	    " updated_at_utc = VALUES(updated_at_utc)",
	[CG_Q_SETTING_UNSET] =
	    "DELETE FROM device_setting WHERE name = ? AND device_id ="
	    " (SELECT id FROM device WHERE sn = ?)",
	[CG_Q_STAMP_LOAD] =
	    "SELECT table_name, IF(stamp = '', '0', stamp)"
	    " FROM device_stamp WHERE device_id = ? ORDER BY table_name",
	[CG_Q_STAMP_RESET] =
	    "UPDATE device_stamp SET stamp = '0',"
	    " updated_at_utc = UTC_TIMESTAMP() WHERE device_id = ?",
	[CG_Q_STAMP_ORDER] =
	    "INSERT INTO device_stamp"
	    " (device_id, table_name, stamp, updated_at_utc)"
	    " VALUES (?, ?, '0', UTC_TIMESTAMP())"
	    " ON DUPLICATE KEY UPDATE stamp = VALUES(stamp),"
	    " updated_at_utc = VALUES(updated_at_utc)",
	[CG_Q_STAMP_TOLD] =
	    "DELETE FROM device_stamp"
	    " WHERE device_id = ? AND table_name = ? AND stamp = '0'",
	[CG_Q_PUNCH_NEWEST] =
	    "SELECT MAX(id) FROM punch",
	[CG_Q_REJECTED_NEXT] =
	    "SELECT r.id, d.sn, r.endpoint, r.table_name, r.line, r.device_id,"
	    " UNIX_TIMESTAMP(r.received_at_utc) FROM rejected r JOIN device d ON d.id = r.device_id"
	    " WHERE r.id > ? AND (? = '' OR d.sn = ?)"
	    " ORDER BY r.id LIMIT 1",
	[CG_Q_SINCE_USER] =
	    "SELECT COUNT(*) FROM device_user" SINCE " AND pin = ?",
	[CG_Q_SINCE_TEMPLATE] =
	    "SELECT COUNT(*) FROM template" SINCE
	    " AND pin = ? AND type = ? AND no = ? AND idx = ?",
	[CG_Q_SINCE_OPTION] =
	    "SELECT COUNT(*) FROM device_option" SINCE " AND name = ?",
	[CG_Q_SINCE_ITEM] =
	    "SELECT COUNT(*) FROM device_item" SINCE
	    " AND kind = ? AND item_key = ?",
	[CG_Q_REJECTED_DROP] =
	    "DELETE FROM rejected WHERE id = ?",
	[CG_Q_REJECTED_COUNT] =
	    "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM rejected"
	    " WHERE device_id = ?",
	[CG_Q_REJECTED_DROP_ALL] =
	    "DELETE FROM rejected WHERE device_id = ? AND id <= ?",
	[CG_Q_COMMAND_QUEUE] =
	    "INSERT INTO command"
	    " (device_sn, name, body, created_by, expires_at_utc, danger,"
	    " key_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
	[CG_Q_COMMAND_SEAL] =
	    "UPDATE command SET body = ?, key_id = ? WHERE id = ?",
	[CG_Q_COMMAND_CANCEL] =
	    "UPDATE command SET state = 'cancelled', reason = 'cancelled',"
	    " done_at_utc = UTC_TIMESTAMP(), due_at_utc = NULL,"
	    " counts_until_utc = NULL,"
	    " secret = IF(? = 'key', 1, NULL)"
	    " WHERE id = ? AND state IN ('queued', 'sent')",
	/* a clock that does not come can't be told that it is too late */
	[CG_Q_COMMAND_PROGRESS] =
	    "SELECT IF(state = 'queued' AND expires_at_utc <= UTC_TIMESTAMP(),"
	    " 'expired', state), attempts, return_code, rows_received, reason"
	    " FROM command WHERE id = ?",
	[CG_Q_COMMAND_WAITING] =
	    "SELECT DISTINCT device_sn FROM command FORCE INDEX (command_work)"
	    " WHERE state = 'queued' UNION ALL"
	    " SELECT DISTINCT device_sn FROM command FORCE INDEX (command_work)"
	    " WHERE state = 'sent'"
	    " AND (due_at_utc IS NULL OR due_at_utc <= UTC_TIMESTAMP()) UNION ALL"
	    " SELECT DISTINCT device_sn FROM command FORCE INDEX (command_secret)"
	    " WHERE secret = 1 AND state NOT IN ('queued', 'sent')",
	/* what is sealed needs no hiding */
	[CG_Q_COMMAND_HIDE] =
	    "UPDATE command SET body = IF(key_id = 0 AND LOCATE('=', body) > 0,"
	    " LEFT(body, LOCATE('=', body)), body), secret = NULL"
	    " WHERE secret = 1 AND device_sn = ?"
	    " AND state NOT IN ('queued', 'sent')",
	[CG_Q_COMMAND_CLOCK] =
	    "SELECT push_version, time_zone FROM device"
	    " WHERE sn = ? AND status = 'active' FOR UPDATE",
	/* the second row only tells that there is one */
	[CG_Q_COMMAND_DUE] =
	    "SELECT id, attempts, expires_at_utc <= UTC_TIMESTAMP(),"
	    " IF(LENGTH(body) <= ?, body, NULL), created_by"
	    " FROM command FORCE INDEX (command_work)"
	    " WHERE state = 'sent' AND device_sn = ? AND id > ? AND" OUR_IDS
	    " AND (due_at_utc IS NULL OR due_at_utc <= UTC_TIMESTAMP())"
	    WITH_KEYS
	    " ORDER BY id LIMIT 2 FOR UPDATE",
	[CG_Q_COMMAND_NEXT] =
	    "SELECT id, attempts, expires_at_utc <= UTC_TIMESTAMP(),"
	    " IF(LENGTH(body) <= ?, body, NULL), created_by"
	    " FROM command FORCE INDEX (command_work)"
	    " WHERE state = 'queued' AND device_sn = ? AND id > ? AND" OUR_IDS
	    WITH_KEYS
	    " ORDER BY id LIMIT 2 FOR UPDATE",
	[CG_Q_COMMAND_SENT] =
	    "UPDATE command SET state = 'sent', name = ?, danger = ?,"
	    " secret = IF(danger = 'key', 1, NULL),"
	    " attempts = LEAST(attempts, 999999) + 1,"
	    " sent_at_utc = UTC_TIMESTAMP(),"
	    " due_at_utc = UTC_TIMESTAMP() + INTERVAL ? SECOND,"
	    " counts_until_utc ="
	    " IF(?, UTC_TIMESTAMP() + INTERVAL 1 HOUR, NULL),"
	    " asked = IF(? AND LENGTH(body) <= 1024, body, NULL)"
	    " WHERE id = ?",
	[CG_Q_COMMAND_END] =
	    "UPDATE command SET state = ?, reason = ?,"
	    " done_at_utc = UTC_TIMESTAMP(),"
	    " due_at_utc = NULL, counts_until_utc = NULL,"
	    " secret = IF(danger = 'key', 1, NULL)"
	    " WHERE id = ? AND state IN ('queued', 'sent')",
	/* from the left: secret follows the new danger */
	[CG_Q_COMMAND_JUDGED] =
	    "UPDATE command SET state = ?, reason = ?,"
	    " name = COALESCE(?, name), danger = COALESCE(?, danger),"
	    " done_at_utc = UTC_TIMESTAMP(),"
	    " due_at_utc = NULL, counts_until_utc = NULL,"
	    " secret = IF(danger = 'key', 1, NULL)"
	    " WHERE id = ? AND state IN ('queued', 'sent')",
	/* or one that got none in time, or was settled by this very result */
	[CG_Q_COMMAND_OPEN] =
	    "SELECT name, danger, created_by, state,"
	    " return_code IS NULL AND reply_hash IS NULL"
	    " FROM command WHERE id = ? AND device_sn = ?"
	    " AND (state IN ('queued', 'sent')"
	    " OR (state IN ('done', 'failed', 'expired') AND attempts > 0"
	    " AND return_code IS NULL AND reply_hash IS NULL)"
	    " OR (return_code <=> ? AND reply_hash = ?)) FOR UPDATE",
	/* what a query asked for may come after its result */
	[CG_Q_COMMAND_SETTLE] =
	    "UPDATE command SET state = ?, return_code = ?, reply = ?,"
	    " key_id ="
	    " COALESCE(IF(key_id = 0, ?, LEAST(key_id, ?)), key_id),"
	    " reason = ?, done_at_utc = UTC_TIMESTAMP(), due_at_utc = NULL,"
	    " counts_until_utc = IF(counts_until_utc IS NULL, NULL,"
	    " UTC_TIMESTAMP() + INTERVAL 1 MINUTE)"
	    " WHERE id = ?",
	[CG_Q_COMMAND_BODY] =
	    "SELECT body FROM command WHERE id = ?",
	[CG_Q_COMMAND_KNOWN] =
	    "SELECT id FROM command WHERE id = ?",
	[CG_Q_COMMAND_SILENT] =
	    "SELECT id FROM command FORCE INDEX (command_work)"
	    " WHERE state = 'sent' AND device_sn = ? AND name = ? AND" OUR_IDS
	    " ORDER BY id LIMIT ?",
	[CG_Q_COMMAND_LOOK] =
	    "SELECT device_sn, danger, IF(LENGTH(body) <= ?, body, NULL)"
	    " FROM command WHERE id = ? FOR UPDATE",
	/* the oldest that waits for its result; else one that has it */
	[CG_Q_QUERY_OPEN] =
	    "SELECT id, device_sn, name, asked"
	    " FROM command FORCE INDEX (command_counts)"
	    " WHERE counts_until_utc > UTC_TIMESTAMP() AND" OUR_IDS
	    " AND asked IS NOT NULL"
	    " ORDER BY state = 'sent' DESC, id",
	[CG_Q_QUERY_ROWS] =
	    "UPDATE command SET rows_received = rows_received + ?"
	    " WHERE id = ?",

	/* what a clock has deleted, see effect.c */
	[CG_Q_GONE_USER] =
	    "DELETE FROM device_user WHERE" OF_CLOCK IF_GIVEN("pin"),
	[CG_Q_GONE_TEMPLATE] =
	    "DELETE FROM template WHERE" OF_CLOCK IF_GIVEN("pin")
	    IF_GIVEN("type") IF_GIVEN("no"),
	/* the others came as FP, FACE and FVEIN, which have no version */
	[CG_Q_GONE_UNIFIED] =
	    "DELETE FROM template WHERE" OF_CLOCK
	    " AND (major_version <> '' OR type NOT IN (1, 2, 7))",
	/* none that was taken at a punch */
	[CG_Q_GONE_PICTURE] =
	    "DELETE FROM photo WHERE" OF_CLOCK
	    " AND natural_at = '1000-01-01 00:00:00'" IF_GIVEN("pin")
	    " AND kind IN ('user', 'bio')" IF_GIVEN("kind"),
	[CG_Q_GONE_ITEM] =
	    "DELETE FROM device_item WHERE" OF_CLOCK IF_GIVEN("kind")
	    IF_GIVEN("SUBSTRING_INDEX(item_key, '\t', 1)")
	    IF_GIVEN("SUBSTRING_INDEX(item_key, '\t', -1)"),
	[CG_Q_DANGER_LOAD] =
	    "SELECT class, until_utc, opened_by, reason FROM danger_open"
	    " WHERE until_utc > UTC_TIMESTAMP()",
	[CG_Q_DANGER_OPEN] =
	    "INSERT INTO danger_open"
	    " (class, opened_at_utc, until_utc, opened_by, reason)"
	    " VALUES (?, UTC_TIMESTAMP(),"
	    " UTC_TIMESTAMP() + INTERVAL ? MINUTE, ?, ?)"
	    " ON DUPLICATE KEY UPDATE opened_at_utc = VALUES(opened_at_utc),"
	    " until_utc = VALUES(until_utc), opened_by = VALUES(opened_by),"
	    " reason = VALUES(reason)",
	[CG_Q_DANGER_CLOSE] =
	    "DELETE FROM danger_open"
	    " WHERE class = ? AND until_utc > UTC_TIMESTAMP()",
	[CG_Q_AUDIT_HEAD] =
	    "SELECT id, hash, UTC_TIMESTAMP() FROM audit_head"
	    " WHERE one = 1 FOR UPDATE",
	[CG_Q_AUDIT_PUT] =
	    "INSERT INTO audit (id, at_utc, action, class, who, why, device_sn,"
	    " command_id, what, result, hash)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[CG_Q_AUDIT_MOVE] =
	    "UPDATE audit_head SET id = ?, hash = ? WHERE one = 1",
	[CG_Q_AUDIT_END] =
	    "SELECT id, hash FROM audit_head WHERE one = 1",
	/* the end of the same moment beside each row: writers may be at work */
	[CG_Q_AUDIT_ALL] =
	    "SELECT a.id, a.hash, h.id, h.hash, a.at_utc, a.action, a.class,"
	    " a.who, a.why, a.device_sn, a.command_id, a.what, a.result"
	    " FROM audit a LEFT JOIN audit_head h ON h.one = 1 ORDER BY a.id",

	[CG_Q_SERVICES] =
	    "SELECT number, name, style, text_from, COALESCE(text, '')"
	    " FROM self_service WHERE number > 0 ORDER BY number LIMIT 100",
	[CG_Q_SERVICE_TEXT] =
	    "SELECT text FROM self_service_text WHERE service = ? AND pin = ?",
	/* no impossible time, nor one from before 2001 or from the future */
	[CG_Q_LAST_PUNCHES] =
	    "SELECT COALESCE(u.name, ''), p.punched_at, p.state,"
	    " COALESCE(s.name, p.state), p.work_code"
	    " FROM punch p FORCE INDEX (punch_natural)"
	    " LEFT JOIN device_user u"
	    " ON u.device_id = p.device_id AND u.pin = p.pin"
	    " LEFT JOIN attendance_state s ON s.code = p.state"
	    " WHERE p.device_id = ? AND p.pin = ?"
	    " AND (? = 1 OR p.suspect IN (0, 4))"
	    " ORDER BY p.punched_at DESC LIMIT ?",

	/* so many of the newest punches of a clock, however old: by the index */
	[CG_Q_LAST_ELSEWHERE] =
	    "SELECT COALESCE(u.name, o.name, ''), p.punched_at, p.state,"
	    " COALESCE(s.name, p.state), p.work_code"
	    " FROM (SELECT id, pin FROM punch FORCE INDEX (punch_natural)"
	    " WHERE device_id = ? AND punched_at >= ?"
	    " ORDER BY punched_at DESC LIMIT ?) r"
	    " STRAIGHT_JOIN punch p ON p.id = r.id"
	    " LEFT JOIN device_user u"
	    " ON u.device_id = p.device_id AND u.pin = p.pin"
	    " LEFT JOIN device_user o ON o.device_id = ? AND o.pin = p.pin"
	    " LEFT JOIN attendance_state s ON s.code = p.state"
	    " WHERE r.pin = ? AND (? = 1 OR p.suspect IN (0, 4))"
	    " ORDER BY p.punched_at DESC LIMIT ?",
	[CG_Q_DEVICE_OTHERS] =
	    "SELECT d.id FROM device d"
	    " LEFT JOIN device_state s ON s.device_id = d.id"
	    " WHERE d.status <> 'pending' AND d.id <> ?"
	    " ORDER BY s.last_seen_utc DESC, d.id LIMIT ?",
	[CG_Q_PERSON_USERS] =
	    "DELETE FROM device_user WHERE pin = ?",
	[CG_Q_PERSON_TEMPLATES] =
	    "DELETE FROM template WHERE pin = ?",
	[CG_Q_PERSON_PHOTOS] =
	    "DELETE FROM photo WHERE pin = ?",
	/* the PIN alone, or before another key */
	[CG_Q_PERSON_ITEMS] =
	    "DELETE FROM device_item"
	    " WHERE kind IN ('USER_SMS', 'WORKCODE', 'IDCARD')"
	    " AND (LEFT(item_key, CHAR_LENGTH(?) + 1) = CONCAT(?, 0x09)"
	    " OR (kind = 'IDCARD' AND item_key = ?))",
	[CG_Q_PERSON_TEXTS] =
	    "DELETE FROM self_service_text WHERE pin = ?",
	[CG_Q_PERSON_PUNCHES] =
	    "DELETE FROM punch WHERE pin = ?",
	[CG_Q_PERSON_PUNCHES_KEPT] =
	    "SELECT COUNT(*) FROM punch WHERE pin = ?",
	[CG_Q_PERSON_OPERATIONS] =
	    "DELETE FROM operation WHERE" DONE_BY_OR_TO,
	[CG_Q_PERSON_OPERATIONS_KEPT] =
	    "SELECT COUNT(*) FROM operation WHERE" DONE_BY_OR_TO,
	[CG_Q_PERSON_COMMANDS] =
	    "SELECT id, body, device_sn FROM command"
	    " WHERE body LIKE 'cg1:%' OR LOCATE(?, body) > 0",
	[CG_Q_PERSON_UNDERWAY] =
	    "SELECT c.id, c.body, c.device_sn FROM command c"
	    " JOIN device d ON d.sn = c.device_sn"
	    " WHERE c.state = 'sent' AND d.status = 'active' AND"
	    " (c.body LIKE 'cg1:%' OR LOCATE(?, c.body) > 0) ORDER BY c.id",
	[CG_Q_PERSON_COMMAND] =
	    "DELETE FROM command WHERE id = ?",
	[CG_Q_PERSON_REJECTED] =
	    "SELECT id, line, device_id, endpoint, table_name FROM rejected"
	    " WHERE " SEALED("line") " OR LOCATE(?, line) > 0",
	[CG_Q_PERSON_EVENTS] =
	    "SELECT id, fields, device_id, kind FROM device_event"
	    " WHERE fields LIKE 'cg1:%' OR LOCATE(?, fields) > 0",
	[CG_Q_PERSON_HOLDERS] =
	    "SELECT d.sn, MAX(h.finger), MAX(h.face), MAX(h.unified),"
	    " MAX(h.picture) FROM ("
	    " SELECT device_id, 0 AS finger, 0 AS face, 0 AS unified,"
	    " 0 AS picture FROM device_user WHERE pin = ?"
	    " UNION ALL SELECT device_id, type = 1, type = 2,"
	    " type NOT IN (1, 2), 0 FROM template WHERE pin = ?"
	    " UNION ALL SELECT device_id, 0, 0, 0, 1 FROM photo"
	    " WHERE pin = ? AND kind IN ('user', 'bio')"
	    " ) h JOIN device d ON d.id = h.device_id"
	    " WHERE d.status = 'active' GROUP BY d.sn ORDER BY d.sn",

	[CG_Q_KEYS_USED] =
	    "SELECT u.key_id, SUM(u.n) FROM ("
	    " SELECT key_id, COUNT(*) AS n FROM template"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " UNION ALL SELECT key_id, COUNT(*) FROM device_user"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " UNION ALL SELECT key_id, COUNT(*) FROM device_item"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " UNION ALL SELECT key_id, COUNT(*) FROM photo"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " UNION ALL SELECT key_id, COUNT(*) FROM device_event"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " UNION ALL SELECT key_id, COUNT(*) FROM rejected"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " UNION ALL SELECT key_id, COUNT(*) FROM command"
	    " WHERE key_id <> 0 GROUP BY key_id"
	    " ) u GROUP BY u.key_id ORDER BY u.key_id",
	[CG_Q_SEAL_TEMPLATE] =
	    "SELECT t.device_id, t.pin, t.type, t.no, t.idx,"
	    " t.device_id, t.pin, t.type, t.no, t.idx,"
	    " " WANTED ","
	    " t.template, t.extra"
	    " FROM template t WHERE t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED
	    " OR t.template LIKE 'cg1:%' OR t.extra LIKE 'cg1:%')"
	    " AND t.device_id >= ?"
	    " AND (t.device_id, t.pin, t.type, t.no, t.idx)"
	    " > (?, ?, ?, ?, ?)"
	    " ORDER BY t.device_id, t.pin, t.type, t.no, t.idx"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_TEMPLATE] =
	    "UPDATE template SET template = ?, extra = ?, key_id = ?, digest = ?"
	    " WHERE device_id = ? AND pin = ? AND type = ? AND no = ? AND idx = ?",
	[CG_Q_SEAL_USER] =
	    "SELECT t.device_id, t.pin,"
	    " t.device_id, t.pin,"
	    " " WANTED ","
	    " t.password, t.extra"
	    " FROM device_user t WHERE t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED
	    " OR t.password LIKE 'cg1:%' OR t.extra LIKE 'cg1:%')"
	    " AND t.device_id >= ?"
	    " AND (t.device_id, t.pin)"
	    " > (?, ?)"
	    " ORDER BY t.device_id, t.pin"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_USER] =
	    "UPDATE device_user SET password = ?, extra = ?, key_id = ?"
	    " WHERE device_id = ? AND pin = ?",
	[CG_Q_SEAL_ITEM] =
	    "SELECT t.device_id, t.kind, t.item_key,"
	    " t.device_id, t.kind, t.item_key,"
	    " " WANTED ","
	    " t.fields"
	    " FROM device_item t WHERE t.kind = 'IDCARD' AND t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED
	    " OR t.fields LIKE 'cg1:%')"
	    " AND t.device_id >= ?"
	    " AND (t.device_id, t.kind, t.item_key)"
	    " > (?, ?, ?)"
	    " ORDER BY t.device_id, t.kind, t.item_key"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_ITEM] =
	    "UPDATE device_item SET fields = ?, key_id = ?"
	    " WHERE device_id = ? AND kind = ? AND item_key = ?",
	[CG_Q_SEAL_PHOTO] =
	    "SELECT t.id,"
	    " t.device_id, t.kind, t.pin, COALESCE(t.taken_at, ''), t.taken_text,"
	    " " WANTED ","
	    " t.image, t.extra"
	    " FROM photo t WHERE t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED
	    " OR LEFT(t.image, 4) = 0x63673100 OR t.extra LIKE 'cg1:%')"
	    " AND t.id > ?"
	    " ORDER BY t.id"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_PHOTO] =
	    "UPDATE photo SET image = ?, extra = ?, key_id = ?"
	    " WHERE id = ?",
	[CG_Q_SEALED_PHOTO_TWICE] =
	    "DELETE FROM photo WHERE id = ?",
	[CG_Q_SEAL_EVENT] =
	    "SELECT t.id,"
	    " t.device_id, t.kind,"
	    " " WANTED ","
	    " t.fields"
	    " FROM device_event t WHERE t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED
	    " OR t.fields LIKE 'cg1:%')"
	    " AND t.id > ?"
	    " ORDER BY t.id"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_EVENT] =
	    "UPDATE device_event SET fields = ?, key_id = ?"
	    " WHERE id = ?",
	[CG_Q_SEALED_EVENT_TWICE] =
	    "DELETE FROM device_event WHERE id = ?",
	[CG_Q_SEAL_REJECTED] =
	    "SELECT t.id,"
	    " t.device_id, t.endpoint, t.table_name,"
	    " " WANTED ","
	    " t.line"
	    " FROM rejected t WHERE t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED
	    " OR LEFT(t.line, 4) = 0x63673100)"
	    " AND t.id > ?"
	    " ORDER BY t.id"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_REJECTED] =
	    "UPDATE rejected SET line = ?, key_id = ?"
	    " WHERE id = ?",
	[CG_Q_SEAL_COMMAND] =
	    "SELECT t.id,"
	    " 0, t.device_sn,"
	    " " WANTED_BY_SN ","
	    " t.body, t.reply"
	    " FROM command t WHERE t.key_id <> ?"
	    " AND (t.key_id <> 0 OR " WANTED_BY_SN
	    " OR t.body LIKE 'cg1:%' OR LEFT(t.reply, 4) = 0x63673100)"
	    " AND t.id > ?"
	    " ORDER BY t.id"
	    " LIMIT 64 FOR UPDATE",
	[CG_Q_SEALED_COMMAND] =
	    "UPDATE command SET body = ?, reply = ?, key_id = ?"
	    " WHERE id = ?",

	[CG_Q_REPORT_DEVICES] =
	    "SELECT sn, name, status, last_seen_utc, ip, firmware,"
	    " push_version, device_type, time_zone, user_count,"
	    " fingerprint_count, face_count, punch_count"
	    " FROM v1_device WHERE (? = '' OR status = ?) ORDER BY sn",
	[CG_Q_REPORT_DEVICE] =
	    "SELECT sn, name, status, first_seen_utc, last_seen_utc, ip,"
	    " push_version, device_type, language, firmware, user_count,"
	    " fingerprint_count, punch_count, face_count,"
	    " fingerprint_version, face_version, time_zone, peer_ip,"
	    " reported_ip, faces_per_user, card_count, user_photo_count,"
	    " punch_photo_count, support, options_flag, comm_key, key_refusals,"
	    " network_refusals"
	    " FROM v1_device WHERE sn = ?",
	[CG_Q_REPORT_SETTINGS] =
	    "SELECT s.name, s.value, s.updated_at_utc"
	    " FROM device d JOIN device_setting s ON s.device_id = d.id"
	    " WHERE d.sn = ? ORDER BY s.name",
	[CG_Q_REPORT_OPTIONS] =
	    "SELECT name, value, updated_at_utc FROM v1_device_option"
	    " WHERE device_sn = ? ORDER BY name",
	[CG_Q_REPORT_STAMPS] =
	    "SELECT table_name, IF(stamp = '', '0', stamp) AS stamp,"
	    " updated_at_utc FROM v1_stamp"
	    " WHERE device_sn = ? ORDER BY table_name",
	[CG_Q_REPORT_PUNCHES] =
	    "SELECT" PUNCH_COLUMNS " FROM v1_punch"
	    " WHERE (? = '' OR device_sn = ?) AND (? = '' OR pin = ?)"
	    " AND (? IS NULL OR punched_at >= ?)"
	    " AND (? IS NULL OR punched_at < ?)"
	    " ORDER BY id DESC LIMIT ?",
	[CG_Q_REPORT_REJECTED] =
	    "SELECT r.id, d.sn AS device_sn, r.endpoint, r.table_name,"
	    " r.reason, r.received_at_utc,"
	    " IF(" SEALED("r.line") ", '', r.line) AS line,"
	    " NULL AS sha256,"
	    " IF(" SEALED("r.line") ", r.line, NULL) AS line, r.device_id"
	    " FROM rejected r LEFT JOIN device d ON d.id = r.device_id"
	    " WHERE (? = '' OR d.sn = ?) ORDER BY r.id DESC LIMIT ?",
	[CG_Q_REPORT_REJECTED_ONE] =
	    "SELECT r.id, d.sn AS device_sn, r.endpoint, r.table_name,"
	    " r.reason, r.received_at_utc, r.line, r.device_id"
	    " FROM rejected r LEFT JOIN device d ON d.id = r.device_id"
	    " WHERE r.id = ?",
	[CG_Q_REPORT_DISCARDED] =
	    "SELECT kind, discarded, updated_at_utc FROM v1_discarded"
	    " WHERE device_sn = ? ORDER BY kind",
	[CG_Q_REPORT_USERS] =
	    "SELECT device_sn, pin, name, privilege, card, group_no,"
	    " time_zones, verify, vice_card, extra, updated_at_utc"
	    " FROM v1_device_user WHERE (? = '' OR device_sn = ?)"
	    " ORDER BY device_sn, LENGTH(pin), pin",
	[CG_Q_REPORT_PASSWORDS] =
	    "SELECT d.sn AS device_sn, u.pin, u.name, u.privilege, u.card,"
	    " u.group_no, u.time_zones, u.verify, u.vice_card, u.extra,"
	    " u.password, u.updated_at_utc, u.device_id"
	    " FROM device_user u JOIN device d ON d.id = u.device_id"
	    " WHERE (? = '' OR d.sn = ?)"
	    " ORDER BY d.sn, LENGTH(u.pin), u.pin",
	[CG_Q_REPORT_OPERATIONS] =
	    "SELECT id, device_sn, code, admin_pin, happened_at, object1,"
	    " object2, object3, object4, happened_text, extra,"
	    " received_at_utc FROM v1_operation"
	    " WHERE (? = '' OR device_sn = ?)"
	    " AND (? IS NULL OR happened_at >= ?)"
	    " AND (? IS NULL OR happened_at < ?)"
	    " ORDER BY id DESC LIMIT ?",
	/* what they are, never the bytes themselves */
	[CG_Q_REPORT_PHOTOS] =
	    "SELECT p.id, d.sn AS device_sn, p.kind, p.pin, p.taken_at,"
	    " p.size, IF(" SEALED("p.image") ", NULL,"
	    " LOWER(HEX(p.image_hash))) AS sha256, p.taken_text,"
	    " p.extra,"
	    " p.received_at_utc, IF(" SEALED("p.image") ", p.image, NULL)"
	    " AS image, p.device_id, COALESCE(p.taken_at, '')"
	    " FROM photo p LEFT JOIN device d ON d.id = p.device_id"
	    " WHERE (? = '' OR d.sn = ?) AND (? = '' OR p.pin = ?)"
	    " AND (? IS NULL OR p.taken_at >= ?)"
	    " AND (? IS NULL OR p.taken_at < ?)"
	    " ORDER BY p.id DESC LIMIT ?",
	[CG_Q_REPORT_TEMPLATES] =
	    "SELECT d.sn AS device_sn, t.pin, t.type, t.no, t.idx, t.valid,"
	    " t.duress, t.format, t.major_version, t.minor_version, t.size,"
	    " IF(t.template LIKE 'cg1:%', NULL, SHA2(t.template, 256))"
	    " AS sha256, t.extra,"
	    " t.updated_at_utc, IF(t.template LIKE 'cg1:%', t.template, NULL)"
	    " AS template, t.device_id"
	    " FROM template t JOIN device d ON d.id = t.device_id"
	    " WHERE (? = '' OR d.sn = ?) AND (? = '' OR t.pin = ?)"
	    " ORDER BY d.sn, LENGTH(t.pin), t.pin, t.type, t.no, t.idx LIMIT ?",
	[CG_Q_REPORT_ITEMS] =
	    "SELECT d.sn AS device_sn, i.kind, i.item_key, i.fields,"
	    " i.updated_at_utc, i.device_id"
	    " FROM device_item i JOIN device d ON d.id = i.device_id"
	    " WHERE (? = '' OR d.sn = ?) AND (? = '' OR i.kind = ?)"
	    " ORDER BY d.sn, i.kind, LENGTH(i.item_key), i.item_key LIMIT ?",
	[CG_Q_REPORT_PHOTO_BYTES] =
	    "SELECT p.id, d.sn AS device_sn, p.kind, p.pin,"
	    " COALESCE(p.taken_at, '') AS taken_at, p.taken_text, p.image,"
	    " p.device_id"
	    " FROM photo p LEFT JOIN device d ON d.id = p.device_id"
	    " WHERE (? = '' OR d.sn = ?) AND (? = '' OR p.pin = ?)"
	    " ORDER BY p.id",
	[CG_Q_REPORT_TEMPLATE_BYTES] =
	    "SELECT d.sn AS device_sn, t.pin, t.type, t.no, t.idx, t.template,"
	    " t.device_id"
	    " FROM template t JOIN device d ON d.id = t.device_id"
	    " WHERE (? = '' OR d.sn = ?) AND (? = '' OR t.pin = ?)"
	    " ORDER BY t.device_id, t.pin, t.type, t.no, t.idx",
	[CG_Q_REPORT_PUNCHES_NEW] =
	    "SELECT" PUNCH_COLUMNS " FROM v1_punch"
	    " WHERE (? = '' OR device_sn = ?) AND (? = '' OR pin = ?)"
	    " AND id > ? ORDER BY id",
	[CG_Q_REPORT_COMMANDS] =
	    "SELECT id, device_sn, name, state, attempts, return_code, reason,"
	    " rows_received, created_at_utc, sent_at_utc, done_at_utc,"
	    " expires_at_utc, created_by, LEFT(body, 200) AS body"
	    " FROM v1_command"
	    " WHERE (? = '' OR device_sn = ?) AND (? = '' OR state = ?)"
	    " ORDER BY id DESC LIMIT ?",
	[CG_Q_REPORT_COMMAND] =
	    "SELECT id, device_sn, name, state, attempts, return_code, reason,"
	    " rows_received, created_at_utc, sent_at_utc, done_at_utc,"
	    " expires_at_utc, created_by, body, reply, 0"
	    " FROM command WHERE id = ?",
	[CG_Q_REPORT_AUDIT] =
	    "SELECT id, at_utc, action, class, who, why, device_sn, command_id,"
	    " what, result FROM v1_audit"
	    " WHERE (? = '' OR device_sn = ?) ORDER BY id DESC LIMIT ?",

	[CG_Q_STEP_LOCK] =
	    "SELECT GET_LOCK(LEFT(CONCAT('clockgate ', DATABASE()), 64), 1)",
	[CG_Q_STEP_UNLOCK] =
	    "SELECT RELEASE_LOCK(LEFT(CONCAT('clockgate ', DATABASE()), 64))",
	[CG_Q_STEP_LIST] =
	    "SELECT version, name, sha256 FROM schema_version"
	    " ORDER BY version",
	[CG_Q_STEP_HASH] =
	    "SELECT SHA2(?, 256)",
	[CG_Q_STEP_RECORD] =
	    "INSERT INTO schema_version"
	    " (version, name, sha256, applied_at_utc)"
	    " VALUES (?, ?, SHA2(?, 256), UTC_TIMESTAMP())",
};
/* clang-format on */
