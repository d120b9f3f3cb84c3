-- A database account for each program, with what it needs and nothing else.
-- Run it as an administrator of the database server, in the database of
-- clockgate, after "clockgate migrate" and once more after each later one:
--
--	mariadb clockgate < grants.sql
--
-- New accounts are locked, as no password stands here.  Unlock each with its
-- own, see docs/install.md:
--
--	ALTER USER clockgate_cdata@localhost IDENTIFIED BY '...' ACCOUNT UNLOCK;
--
-- and let clockgate.ini say
--
--	[database]
--	user = clockgate_%p
--	password_file = /etc/clockgate/%p.password
--
-- On shared hosting, where one account is all there is, leave this file alone.
--
-- MariaDB asks for UPDATE on every column that INSERT ... ON DUPLICATE KEY UPDATE
-- inserts, whatever it updates: so programs may UPDATE tables to which they only
-- add.  And DELETE goes by tables: all three may push out the clock that waits
-- for longest, and so any.

CREATE USER IF NOT EXISTS clockgate_cdata@localhost ACCOUNT LOCK;
CREATE USER IF NOT EXISTS clockgate_getrequest@localhost ACCOUNT LOCK;
CREATE USER IF NOT EXISTS clockgate_devicecmd@localhost ACCOUNT LOCK;
CREATE USER IF NOT EXISTS clockgate_clockgate@localhost ACCOUNT LOCK;
CREATE USER IF NOT EXISTS clockgate_migrate@localhost ACCOUNT LOCK;
CREATE USER IF NOT EXISTS clockgate_pages@localhost ACCOUNT LOCK;

REVOKE ALL PRIVILEGES, GRANT OPTION FROM clockgate_cdata@localhost;
REVOKE ALL PRIVILEGES, GRANT OPTION FROM clockgate_getrequest@localhost;
REVOKE ALL PRIVILEGES, GRANT OPTION FROM clockgate_devicecmd@localhost;
REVOKE ALL PRIVILEGES, GRANT OPTION FROM clockgate_clockgate@localhost;
REVOKE ALL PRIVILEGES, GRANT OPTION FROM clockgate_migrate@localhost;
REVOKE ALL PRIVILEGES, GRANT OPTION FROM clockgate_pages@localhost;

-- ---- all three: who a clock is, and that it was here ----

GRANT SELECT ON schema_version TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT SELECT, INSERT (sn, status, first_seen_utc), DELETE,
  UPDATE (push_version, device_type, language, options_flag, time_zone, key_hash, key_address, comm_key, next_key, changed_at)
  ON device TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON device_state TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT SELECT ON device_setting TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT SELECT (id), INSERT, UPDATE ON device_event TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT SELECT (id), INSERT, UPDATE ON rejected TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT INSERT ON audit TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;
GRANT SELECT, UPDATE (id, hash) ON audit_head TO clockgate_cdata@localhost, clockgate_getrequest@localhost, clockgate_devicecmd@localhost;

-- ---- cdata stores what clocks upload; it reads no template, no photo and no
-- command, but counts what a query asked for.  It settles results, too, which
-- some clocks bring here. ----

GRANT SELECT, INSERT, UPDATE, DELETE ON device_stamp TO clockgate_cdata@localhost;
GRANT SELECT (value, updated_at_utc), INSERT, UPDATE ON device_option TO clockgate_cdata@localhost;
GRANT SELECT (id, device_id, pin, punched_at, state, work_code, suspect), INSERT, UPDATE ON punch TO clockgate_cdata@localhost;
GRANT SELECT (id), INSERT, UPDATE ON operation TO clockgate_cdata@localhost;
GRANT SELECT, INSERT, UPDATE ON device_user TO clockgate_cdata@localhost;
GRANT SELECT (device_id, pin, type, no, idx, valid, duress, format, major_version, minor_version, size, updated_at_utc, digest), INSERT, UPDATE, DELETE
  ON template TO clockgate_cdata@localhost;
GRANT SELECT (id), INSERT, UPDATE ON photo TO clockgate_cdata@localhost;
GRANT SELECT (fields, key_id, updated_at_utc), INSERT, UPDATE ON device_item TO clockgate_cdata@localhost;
GRANT SELECT (id, device_sn, name, danger, created_by, state, attempts, return_code, reply_hash, rows_received, counts_until_utc, asked, key_id),
  UPDATE (state, secret, return_code, reply, reason, done_at_utc, due_at_utc, counts_until_utc, rows_received, key_id)
  ON command TO clockgate_cdata@localhost;
GRANT SELECT (discarded, updated_at_utc), INSERT, UPDATE ON device_discard TO clockgate_cdata@localhost;
GRANT SELECT ON self_service TO clockgate_cdata@localhost;
GRANT SELECT ON self_service_text TO clockgate_cdata@localhost;
GRANT SELECT ON attendance_state TO clockgate_cdata@localhost;

-- ---- getrequest hands out commands, and seals what others queued in clear ----

GRANT SELECT (id, device_sn, body, name, danger, key_id, state, secret, attempts, created_by, expires_at_utc, due_at_utc, counts_until_utc),
  UPDATE (body, key_id, secret, state, name, danger, attempts, sent_at_utc, due_at_utc, counts_until_utc, asked, reason, done_at_utc)
  ON command TO clockgate_getrequest@localhost;
GRANT SELECT ON danger_open TO clockgate_getrequest@localhost;

-- ---- devicecmd settles commands, and keeps what the clock then holds ----

GRANT SELECT (id, device_sn, body, name, danger, created_by, state, attempts, return_code, reply_hash, counts_until_utc, key_id),
  UPDATE (state, return_code, reply, reason, done_at_utc, due_at_utc, counts_until_utc, key_id)
  ON command TO clockgate_devicecmd@localhost;
GRANT SELECT (value, updated_at_utc), INSERT, UPDATE ON device_option TO clockgate_devicecmd@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON device_user TO clockgate_devicecmd@localhost;
GRANT SELECT (device_id, pin, type, no, idx, valid, duress, format, major_version, minor_version, size, updated_at_utc, digest), INSERT, UPDATE, DELETE
  ON template TO clockgate_devicecmd@localhost;
GRANT SELECT (id, device_id, kind, pin, natural_at), INSERT, UPDATE, DELETE ON photo TO clockgate_devicecmd@localhost;
GRANT SELECT (device_id, kind, item_key, fields, key_id, updated_at_utc), INSERT, UPDATE, DELETE ON device_item TO clockgate_devicecmd@localhost;
GRANT SELECT (discarded, updated_at_utc), INSERT, UPDATE ON device_discard TO clockgate_devicecmd@localhost;

-- ---- clockgate, the command line: all but to change the audit, or the schema ----

GRANT SELECT ON * TO clockgate_clockgate@localhost;
GRANT UPDATE (name, status, comm_key, next_key, key_address, changed_at) ON device TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON device_setting TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE ON device_stamp TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE ON device_option TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON punch TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON operation TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON device_user TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON template TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON photo TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON device_item TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE ON device_discard TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON device_event TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON rejected TO clockgate_clockgate@localhost;
GRANT INSERT (device_sn, name, body, created_by, expires_at_utc, danger, key_id), DELETE,
  UPDATE (body, reply, key_id, state, secret, reason, done_at_utc, due_at_utc, counts_until_utc)
  ON command TO clockgate_clockgate@localhost;
GRANT DELETE ON self_service_text TO clockgate_clockgate@localhost;
GRANT INSERT, UPDATE, DELETE ON danger_open TO clockgate_clockgate@localhost;
GRANT INSERT ON audit TO clockgate_clockgate@localhost;
GRANT UPDATE (id, hash) ON audit_head TO clockgate_clockgate@localhost;

-- ---- clockgate migrate ----

GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, CREATE VIEW
  ON * TO clockgate_migrate@localhost;

-- ---- pages and reports: what is neither biometric nor secret.  To show more,
-- grant v1_device_user (keypad passwords), v1_device_option (a clock may tell a
-- key), v1_device_item, v1_photo, v1_template, v1_command
-- or v1_rejected, too; to fill self_service or to queue commands, INSERT. ----

GRANT SELECT ON v1_device TO clockgate_pages@localhost;
GRANT SELECT ON v1_punch TO clockgate_pages@localhost;
GRANT SELECT ON v1_operation TO clockgate_pages@localhost;
GRANT SELECT ON v1_stamp TO clockgate_pages@localhost;
GRANT SELECT ON v1_device_setting TO clockgate_pages@localhost;
GRANT SELECT ON v1_device_event TO clockgate_pages@localhost;
GRANT SELECT ON v1_discarded TO clockgate_pages@localhost;
GRANT SELECT ON v1_audit TO clockgate_pages@localhost;
GRANT SELECT ON attendance_state TO clockgate_pages@localhost;
GRANT SELECT ON verify_mode TO clockgate_pages@localhost;
GRANT SELECT ON operation_code TO clockgate_pages@localhost;
GRANT SELECT ON alarm_reason TO clockgate_pages@localhost;
GRANT SELECT ON template_type TO clockgate_pages@localhost;
GRANT SELECT ON user_privilege TO clockgate_pages@localhost;
GRANT SELECT ON suspect_reason TO clockgate_pages@localhost;
GRANT SELECT ON result_code TO clockgate_pages@localhost;
