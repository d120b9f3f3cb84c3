-- Templates, photos and passwords may be sealed: then a value begins with a
-- mark, "cg1:" in a text (base64 follows) and "cg1" and a NUL among bytes, and
-- key_id names the key.  A sealed value is longer than what it holds.  The
-- views show it as nothing, and as it is in a column of its own.
--
-- A row's columns are added in one ALTER TABLE: half of it is never there.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'template'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE template
    MODIFY template MEDIUMTEXT NOT NULL COMMENT ''base64, as sent, or sealed'',
    MODIFY extra MEDIUMTEXT NULL COMMENT ''further fields: Name=value, TAB between, or sealed'',
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with; 0: it is not'',
    ADD COLUMN digest BINARY(32) NULL COMMENT ''SHA-256 of template, TAB, extra, as they are here: tells what is the same without reading it'',
    ADD KEY template_sealed (key_id, device_id)');
PREPARE step FROM @step;
EXECUTE step;

UPDATE template
  SET digest = UNHEX(SHA2(CONCAT(template, 0x09, COALESCE(extra, '')), 256))
  WHERE digest IS NULL;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'photo'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE photo
    MODIFY extra MEDIUMTEXT NULL COMMENT ''further fields: Name=value, TAB between, or sealed'',
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with; 0: it is not'',
    ADD KEY photo_sealed (key_id, device_id)');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'device_user'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE device_user
    MODIFY password VARCHAR(255) NULL COMMENT ''keypad password, as sent, or sealed; NULL: never told'',
    MODIFY extra MEDIUMTEXT NULL COMMENT ''further fields: Name=value, TAB between, or sealed'',
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with, the oldest of several; 0: it is not'',
    ADD KEY device_user_sealed (key_id, device_id)');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'device_item'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE device_item
    MODIFY fields MEDIUMTEXT NOT NULL COMMENT ''all fields: Name=value, TAB between; of IDCARD perhaps sealed'',
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with; 0: it is not'',
    ADD KEY device_item_sealed (key_id, device_id)');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'device_event'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE device_event
    MODIFY fields MEDIUMTEXT NOT NULL COMMENT ''what came with it, as sent, or sealed'',
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with; 0: it is not'',
    ADD KEY device_event_sealed (key_id, device_id)');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'rejected'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE rejected
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with; 0: it is not'',
    ADD KEY rejected_sealed (key_id, device_id)');
PREPARE step FROM @step;
EXECUTE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'key_id') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN key_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''key that it is sealed with, the oldest of several; 0: it is not'',
    ADD KEY command_sealed (key_id, device_sn)');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

CREATE TABLE IF NOT EXISTS device_discard (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  kind VARCHAR(16) CHARACTER SET ascii NOT NULL COMMENT 'template, photo, password, card or line',
  discarded BIGINT UNSIGNED NOT NULL COMMENT 'how many of them were thrown away',
  updated_at_utc DATETIME NOT NULL COMMENT 'when the last one was, UTC',
  PRIMARY KEY (device_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='what clocks brought that privacy forbids to keep';

-- The people that each clock holds.  One PIN on two clocks need not be one
-- person.
CREATE OR REPLACE VIEW v1_device_user AS
  SELECT d.sn AS device_sn, u.pin, COALESCE(u.name, '') AS name, u.privilege,
    IF(u.password LIKE 'cg1:%', '', COALESCE(u.password, '')) AS password,
    COALESCE(u.card, '') AS card,
    u.group_no, COALESCE(u.time_zones, '') AS time_zones, u.verify,
    COALESCE(u.vice_card, '') AS vice_card,
    IF(u.extra LIKE 'cg1:%', NULL, u.extra) AS extra, u.updated_at_utc,
    u.key_id, IF(u.password LIKE 'cg1:%', u.password, NULL) AS sealed,
    IF(u.extra LIKE 'cg1:%', u.extra, NULL) AS sealed_extra
  FROM device_user u JOIN device d ON d.id = u.device_id;

-- Fingerprints, faces, palms, veins: the templates, as the clocks sent them.
CREATE OR REPLACE VIEW v1_template AS
  SELECT d.sn AS device_sn, t.pin, t.type, t.no, t.idx, t.valid, t.duress,
    t.format, t.major_version, t.minor_version, t.size,
    IF(t.template LIKE 'cg1:%', '', t.template) AS template,
    t.updated_at_utc, IF(t.extra LIKE 'cg1:%', NULL, t.extra) AS extra,
    t.key_id, IF(t.template LIKE 'cg1:%', t.template, NULL) AS sealed,
    IF(t.extra LIKE 'cg1:%', t.extra, NULL) AS sealed_extra
  FROM template t JOIN device d ON d.id = t.device_id;

-- Photos that were taken at punches, and pictures of people.
CREATE OR REPLACE VIEW v1_photo AS
  SELECT p.id, d.sn AS device_sn, p.pin, p.taken_at, p.kind, p.size,
    IF(LEFT(p.image, 4) = 0x63673100, '', p.image) AS image,
    p.received_at_utc, p.taken_text,
    IF(p.extra LIKE 'cg1:%', NULL, p.extra) AS extra,
    p.key_id, IF(LEFT(p.image, 4) = 0x63673100, p.image, NULL) AS sealed,
    IF(p.extra LIKE 'cg1:%', p.extra, NULL) AS sealed_extra
  FROM photo p LEFT JOIN device d ON d.id = p.device_id;

-- What could not be read, and why.
CREATE OR REPLACE VIEW v1_rejected AS
  SELECT r.id, d.sn AS device_sn, r.endpoint, r.table_name,
    IF(LEFT(r.line, 4) = 0x63673100, '', r.line) AS line, r.reason,
    r.received_at_utc, r.key_id,
    IF(LEFT(r.line, 4) = 0x63673100, r.line, NULL) AS sealed
  FROM rejected r LEFT JOIN device d ON d.id = r.device_id;

-- The commands to the clocks and what became of them.
CREATE OR REPLACE VIEW v1_command AS
  SELECT c.id, c.device_sn, IF(c.body LIKE 'cg1:%', '', c.body) AS body,
    c.state, c.attempts, c.created_at_utc, c.sent_at_utc, c.done_at_utc,
    c.return_code, IF(LEFT(c.reply, 4) = 0x63673100, NULL, c.reply) AS reply,
    c.name, c.reason, c.expires_at_utc, c.rows_received, c.created_by,
    c.key_id, IF(c.body LIKE 'cg1:%', c.body, NULL) AS sealed,
    IF(LEFT(c.reply, 4) = 0x63673100, c.reply, NULL) AS sealed_reply
  FROM command c;

-- Messages, work codes, identity cards: what else the clocks hold.
CREATE OR REPLACE VIEW v1_device_item AS
  SELECT d.sn AS device_sn, i.kind, i.item_key,
    IF(i.fields LIKE 'cg1:%', '', i.fields) AS fields, i.updated_at_utc,
    i.key_id, IF(i.fields LIKE 'cg1:%', i.fields, NULL) AS sealed
  FROM device_item i JOIN device d ON d.id = i.device_id;

-- Errors that the clocks report, and dialects that are not served.
CREATE OR REPLACE VIEW v1_device_event AS
  SELECT e.id, d.sn AS device_sn, e.kind,
    IF(e.fields LIKE 'cg1:%', '', e.fields) AS fields, e.received_at_utc,
    e.key_id, IF(e.fields LIKE 'cg1:%', e.fields, NULL) AS sealed
  FROM device_event e LEFT JOIN device d ON d.id = e.device_id;

-- What privacy forbade to keep, counted.
CREATE OR REPLACE VIEW v1_discarded AS
  SELECT d.sn AS device_sn, x.kind, x.discarded, x.updated_at_utc
  FROM device_discard x JOIN device d ON d.id = x.device_id;
