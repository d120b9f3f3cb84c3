-- The communication key of each clock, and how often it was refused.
--
-- The changes are made only where they are missing, each table's as one ALTER
-- TABLE: half of it is never there.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'device'
    AND column_name = 'comm_key') > 0, 'DO 0',
  'ALTER TABLE device
    ADD COLUMN comm_key BINARY(32) NULL COMMENT ''hash of the communication key that it must show; NULL: none is set'',
    ADD COLUMN next_key BINARY(32) NULL COMMENT ''hash of the key that it was told to use; NULL: none'',
    ADD COLUMN key_address BINARY(16) NULL COMMENT ''where its last handshake showed the right key: requests from there need none; NULL: nowhere''');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'device_state'
    AND column_name = 'key_refusals') > 0, 'DO 0',
  'ALTER TABLE device_state
    ADD COLUMN key_refusals INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''requests in its name without the right communication key'',
    ADD COLUMN network_refusals INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''requests in its name from outside of its networks''');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

-- The clocks, what they said about themselves and when they were last here.
CREATE OR REPLACE VIEW v1_device AS
  SELECT d.sn, d.name, d.status, d.first_seen_utc, s.last_seen_utc,
    COALESCE(NULLIF(s.reported_ip, ''), s.peer_ip) AS ip,
    d.push_version, d.device_type, d.language,
    COALESCE(s.firmware, '') AS firmware, s.user_count,
    s.fingerprint_count, s.punch_count, s.face_count,
    COALESCE(s.fingerprint_version, '') AS fingerprint_version,
    COALESCE(s.face_version, '') AS face_version,
    COALESCE(z.value, d.time_zone) AS time_zone, s.peer_ip, s.reported_ip, s.faces_per_user, s.card_count, s.user_photo_count,
    s.punch_photo_count, COALESCE(s.support, '') AS support, d.options_flag,
    IF(d.comm_key IS NULL, 'none', IF(d.next_key IS NULL, 'set', 'changing')) AS comm_key,
    COALESCE(s.key_refusals, 0) AS key_refusals,
    COALESCE(s.network_refusals, 0) AS network_refusals
  FROM device d LEFT JOIN device_state s ON s.device_id = d.id
    LEFT JOIN device_setting z ON z.device_id = d.id AND z.name = 'zone';
