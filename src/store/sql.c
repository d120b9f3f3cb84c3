/*
 * Every single statement.  Those of many rows are in bulk.c.
 */
#include "config.h"

#include "db.h"

/* clang-format off */
const char *const cg_sql[CG_Q__MAX] = {
	[CG_Q_SCHEMA_VERSION] =
	    "SELECT MAX(version) FROM schema_version",

	[CG_Q_DEVICE_FIND] =
	    "SELECT d.id, d.status, d.sn, z.value AS zone, c.value AS charset"
	    " FROM device d"
	    " LEFT JOIN device_setting z"
	    " ON z.device_id = d.id AND z.name = 'zone'"
	    " LEFT JOIN device_setting c"
	    " ON c.device_id = d.id AND c.name = 'charset'"
	    " WHERE d.sn = ?",
	[CG_Q_DEVICE_ADD] =
	    "INSERT INTO device (sn, status, first_seen_utc)"
	    " VALUES (?, ?, UTC_TIMESTAMP())"
	    " ON DUPLICATE KEY UPDATE id = id",
	[CG_Q_DEVICE_PENDING] =
	    "SELECT COUNT(*) FROM device WHERE status = 'pending'",
	[CG_Q_DEVICE_OLDEST] =
	    "SELECT d.id FROM device d"
	    " LEFT JOIN device_state s ON s.device_id = d.id"
	    " WHERE d.status = 'pending'"
	    " ORDER BY GREATEST(d.first_seen_utc,"
	    " COALESCE(s.last_seen_utc, d.first_seen_utc)), d.id LIMIT 1",
	[CG_Q_DEVICE_DROP] =
	    "DELETE FROM device WHERE id = ? AND status = 'pending'",
	[CG_Q_DEVICE_DROP_STATE] =
	    "DELETE FROM device_state WHERE device_id = ?",
	[CG_Q_DEVICE_DROP_SETTING] =
	    "DELETE FROM device_setting WHERE device_id = ?",
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
	[CG_Q_DEVICE_CHANGED] =
	    "SELECT sn FROM device"
	    " WHERE changed_at >= CURRENT_TIMESTAMP - INTERVAL 10 SECOND",
	[CG_Q_DEVICE_STATUS] =
	    "UPDATE device SET status = ? WHERE sn = ?",
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
	    "SELECT table_name, stamp FROM device_stamp WHERE device_id = ?"
	    " ORDER BY table_name",
	[CG_Q_COMMAND_SETTLE] =
	    /* done_at_utc first: it looks at the state as it was */
	    "UPDATE command SET done_at_utc ="
	    " IF(state IN ('queued', 'sent'), UTC_TIMESTAMP(), done_at_utc),"
	    " state = ?, return_code = ?, reply = ?"
	    " WHERE id = ? AND device_sn = ? AND (state IN ('queued', 'sent')"
	    " OR (return_code <=> ? AND reply = ?))",

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
	    " punch_photo_count, support, options_flag"
	    " FROM v1_device WHERE sn = ?",
	[CG_Q_REPORT_SETTINGS] =
	    "SELECT s.name, s.value, s.updated_at_utc"
	    " FROM device d JOIN device_setting s ON s.device_id = d.id"
	    " WHERE d.sn = ? ORDER BY s.name",
	[CG_Q_REPORT_OPTIONS] =
	    "SELECT name, value, updated_at_utc FROM v1_device_option"
	    " WHERE device_sn = ? ORDER BY name",
	[CG_Q_REPORT_STAMPS] =
	    "SELECT table_name, stamp, updated_at_utc FROM v1_stamp"
	    " WHERE device_sn = ? ORDER BY table_name",
	[CG_Q_REPORT_PUNCHES] =
	    "SELECT id, device_sn, pin, punched_at, punched_at_utc, state,"
	    " verify, work_code, suspect, extra, received_at_utc"
	    " FROM v1_punch"
	    " WHERE (? = '' OR device_sn = ?) AND (? = '' OR pin = ?)"
	    " AND (? IS NULL OR punched_at >= ?)"
	    " AND (? IS NULL OR punched_at < ?)"
	    " ORDER BY id DESC LIMIT ?",
	[CG_Q_REPORT_REJECTED] =
	    "SELECT id, device_sn, endpoint, table_name, reason,"
	    " received_at_utc, line FROM v1_rejected"
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
