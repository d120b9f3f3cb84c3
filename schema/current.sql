-- The whole schema, for an empty database: import it with phpMyAdmin, or
-- with "mariadb clockgate < current.sql".  A database that has tables
-- already is brought up to date by "clockgate migrate" instead.
--
-- Made by schema/make-current.  Change the steps, not this file.

-- ---- 0001-base.sql ----

-- The base tables.  They are the programs' own and may change from version
-- to version; what others may rely on are the v1_* views.
--
-- Rules: InnoDB, a primary key everywhere, no foreign keys (a punch may come
-- before its user), no triggers, procedures or events.  Every column that
-- takes what a clock sends is as wide as what the parser lets through.
-- A step that was cut off can be run again.

CREATE TABLE IF NOT EXISTS schema_version (
  version INT UNSIGNED NOT NULL COMMENT 'number of the step',
  name VARCHAR(64) NOT NULL COMMENT 'name of the step: NNNN-name.sql',
  sha256 CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'hash of the text of the step',
  applied_at_utc DATETIME NOT NULL COMMENT 'when it was applied, UTC',
  PRIMARY KEY (version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the steps that this database has had';

CREATE TABLE IF NOT EXISTS device (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'internal number',
  sn VARCHAR(32) NOT NULL COMMENT 'serial number, as the clock says it',
  name VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'what its owner calls it',
  status ENUM('pending','active','disabled') NOT NULL DEFAULT 'pending' COMMENT 'only an active clock is served',
  first_seen_utc DATETIME NOT NULL COMMENT 'first request, UTC',
  push_version VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'pushver of the handshake; empty: the old dialect',
  device_type VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'DeviceType of the handshake: att, acc, pid ...',
  language VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'language of the handshake: 69 English, 83 Chinese ...',
  options_flag VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'PushOptionsFlag of the handshake',
  key_hash BINARY(32) NULL COMMENT 'hash of the communication key that it announced; NULL: none',
  time_zone VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'IANA time zone that its last handshake was answered with',
  changed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'last change of this row: running programs watch it',
  PRIMARY KEY (id),
  UNIQUE KEY device_sn (sn),
  KEY device_changed (changed_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the clocks: who they are and whether they are admitted';

CREATE TABLE IF NOT EXISTS device_state (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  last_seen_utc DATETIME NULL COMMENT 'last request of any kind, UTC, a second or two late',
  peer_ip VARCHAR(45) NOT NULL DEFAULT '' COMMENT 'address of the last request',
  reported_ip VARCHAR(45) NOT NULL DEFAULT '' COMMENT 'address that the clock reported in INFO',
  firmware VARCHAR(96) NOT NULL DEFAULT '' COMMENT 'firmware version, from INFO',
  user_count INT NULL COMMENT 'users on the clock, from INFO',
  fingerprint_count INT NULL COMMENT 'fingerprints on the clock, from INFO',
  punch_count INT NULL COMMENT 'punches on the clock, from INFO',
  fingerprint_version VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'fingerprint algorithm, from INFO',
  face_version VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'face algorithm, from INFO',
  faces_per_user INT NULL COMMENT 'face templates that one user needs, from INFO',
  face_count INT NULL COMMENT 'face templates on the clock, from INFO',
  support VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'what the clock supports, a digit each: fingerprint, face, user picture, face photo, visible-light template',
  card_count INT NULL COMMENT 'cards on the clock, from INFO',
  user_photo_count INT NULL COMMENT 'user pictures on the clock, from INFO',
  punch_photo_count INT NULL COMMENT 'punch photos on the clock, from INFO',
  PRIMARY KEY (device_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='what changes often about a clock: presence and counters';

CREATE TABLE IF NOT EXISTS device_setting (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL COMMENT 'zone, charset, or an option of the option block (Delay, TransFlag ...)',
  value VARCHAR(255) NOT NULL COMMENT 'its value for this clock, in place of the one of the ini',
  updated_at_utc DATETIME NOT NULL COMMENT 'last change, UTC',
  PRIMARY KEY (device_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='settings of one clock that differ from the configuration';

CREATE TABLE IF NOT EXISTS device_option (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  name VARCHAR(64) NOT NULL COMMENT 'name of the option, without ~',
  value VARCHAR(2048) NOT NULL COMMENT 'value, as the clock reported it',
  updated_at_utc DATETIME NOT NULL COMMENT 'last change, UTC',
  PRIMARY KEY (device_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='options that the clocks report about themselves';

CREATE TABLE IF NOT EXISTS device_stamp (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  table_name VARCHAR(32) NOT NULL COMMENT 'upload table in capitals: ATTLOG, OPERLOG, ATTPHOTO ...',
  stamp VARCHAR(64) NOT NULL COMMENT 'the last stamp that the clock sent, never interpreted; 0 orders all again',
  updated_at_utc DATETIME NOT NULL COMMENT 'last change, UTC',
  PRIMARY KEY (device_id, table_name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='how far each upload of each clock has come';

CREATE TABLE IF NOT EXISTS punch (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'in order of insertion, with gaps',
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  pin VARCHAR(32) NOT NULL COMMENT 'who, as the clock numbers people',
  punched_at DATETIME NOT NULL COMMENT 'when, on the wall of the clock, as sent',
  state SMALLINT NOT NULL COMMENT 'attendance_state.code: 0 in, 1 out ... 255 none chosen',
  verify SMALLINT NOT NULL COMMENT 'verify_mode.code',
  work_code VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'work code that was keyed in',
  punched_text VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'the time as sent, when there is no such date; punched_at is then the nearest',
  punched_at_utc DATETIME NULL COMMENT 'the same moment in UTC, by the zone of the clock; NULL when there is none',
  suspect TINYINT NOT NULL DEFAULT 0 COMMENT 'suspect_reason.code: 0 nothing is odd about the time',
  reserved1 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'reserved column 1, as sent',
  reserved2 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'reserved column 2, as sent',
  job_code1 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'job code 1',
  job_code2 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'job code 2',
  job_code3 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'job code 3',
  job_code4 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'job code 4',
  job_code5 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'job code 5',
  job_code6 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'job code 6',
  tip_code1 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'tip code 1',
  tip_code2 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'tip code 2',
  tip_code3 VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'tip code 3',
  extra TEXT NULL COMMENT 'further columns: Name=value, TAB between',
  received_at_utc DATETIME NOT NULL COMMENT 'when it was stored, UTC',
  PRIMARY KEY (id),
  UNIQUE KEY punch_natural (device_id, punched_at, pin, state, verify, work_code, punched_text)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the punches; the natural key makes a second sending harmless';

CREATE TABLE IF NOT EXISTS operation (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'in order of insertion, with gaps',
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  code SMALLINT NOT NULL COMMENT 'operation_code.code',
  admin_pin VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'who did it; 0 nobody in particular',
  happened_at DATETIME NOT NULL COMMENT 'when, on the wall of the clock, as sent',
  happened_text VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'the time as sent, when there is no such date; happened_at is then the nearest',
  object1 VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'operation object 1, often a PIN',
  object2 VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'operation object 2',
  object3 VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'operation object 3',
  object4 VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'operation object 4',
  extra TEXT NULL COMMENT 'further columns: Name=value, TAB between',
  received_at_utc DATETIME NOT NULL COMMENT 'when it was stored, UTC',
  PRIMARY KEY (id),
  UNIQUE KEY operation_natural (device_id, happened_at, code, admin_pin, object1, object2, object3, object4, happened_text)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='what was done at the clocks: OPLOG';

CREATE TABLE IF NOT EXISTS device_user (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  pin VARCHAR(32) NOT NULL COMMENT 'number of the person on this clock',
  name VARCHAR(96) NULL COMMENT 'name; NULL: never told',
  privilege INT NULL COMMENT 'user_privilege.code: 0 user, 2 enroller, 14 administrator ...',
  password VARCHAR(32) NULL COMMENT 'keypad password, as sent; NULL: never told',
  card VARCHAR(32) NULL COMMENT 'card, as sent: decimal, or [hexadecimal]; NULL: never told',
  group_no INT NULL COMMENT 'access group',
  time_zones VARCHAR(64) NULL COMMENT 'access schedules, as sent; NULL: never told',
  verify INT NULL COMMENT 'verify_mode.code: how this person must verify; -1 as the group',
  vice_card VARCHAR(32) NULL COMMENT 'second card; NULL: never told',
  extra TEXT NULL COMMENT 'further fields: Name=value, TAB between',
  updated_at_utc DATETIME NOT NULL COMMENT 'last change, UTC',
  PRIMARY KEY (device_id, pin)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the people on each clock; the same PIN on two clocks need not be one person';

CREATE TABLE IF NOT EXISTS template (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  pin VARCHAR(32) NOT NULL COMMENT 'whose',
  type SMALLINT NOT NULL COMMENT 'template_type.code: 1 finger, 2 near-infrared face, 7 finger vein, 9 visible-light face ...',
  no SMALLINT NOT NULL DEFAULT 0 COMMENT 'which finger, palm or eye',
  idx SMALLINT NOT NULL DEFAULT 0 COMMENT 'which of its templates',
  valid INT NULL COMMENT '1 valid, 0 not, 3 duress on some clocks',
  duress INT NULL COMMENT '1: using it raises a silent alarm',
  format VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'format of the template',
  major_version VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'major version of the algorithm',
  minor_version VARCHAR(16) NOT NULL DEFAULT '' COMMENT 'minor version of the algorithm',
  size INT NULL COMMENT 'length that the clock said',
  template MEDIUMTEXT NOT NULL COMMENT 'base64, as sent',
  extra TEXT NULL COMMENT 'further fields: Name=value, TAB between',
  updated_at_utc DATETIME NOT NULL COMMENT 'last change, UTC',
  PRIMARY KEY (device_id, pin, type, no, idx)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='biometric templates, as the clocks sent them';

CREATE TABLE IF NOT EXISTS photo (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'in order of insertion, with gaps',
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  kind ENUM('punch','failed','user','bio') NOT NULL COMMENT 'taken at a punch, at a failed check; picture of a user, face photo of a user',
  pin VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'whose; empty when the check failed',
  taken_at DATETIME NULL COMMENT 'when, on the wall of the clock; NULL for user and bio',
  taken_text VARCHAR(32) NOT NULL DEFAULT '' COMMENT 'the time as sent, when there is no such date',
  size INT UNSIGNED NOT NULL COMMENT 'bytes of the image',
  image MEDIUMBLOB NOT NULL COMMENT 'the image, byte for byte',
  image_hash BINARY(32) AS (UNHEX(SHA2(image, 256))) STORED COMMENT 'tells two images of one second apart',
  extra TEXT NULL COMMENT 'further fields: Name=value, TAB between',
  received_at_utc DATETIME NOT NULL COMMENT 'when it was stored, UTC',
  natural_at DATETIME AS (COALESCE(taken_at, TIMESTAMP'1000-01-01 00:00:00')) STORED COMMENT 'taken_at for the natural key',
  PRIMARY KEY (id),
  UNIQUE KEY photo_natural (device_id, natural_at, pin, kind, taken_text, image_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='photos taken at punches and pictures of users';

CREATE TABLE IF NOT EXISTS device_item (
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  kind VARCHAR(16) NOT NULL COMMENT 'SMS, USER_SMS, WORKCODE, IDCARD',
  item_key VARCHAR(128) NOT NULL COMMENT 'values of its key fields, TAB between',
  fields TEXT NOT NULL COMMENT 'all fields: Name=value, TAB between',
  updated_at_utc DATETIME NOT NULL COMMENT 'last change, UTC',
  PRIMARY KEY (device_id, kind, item_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='messages, work codes and the like that the clocks hold';

CREATE TABLE IF NOT EXISTS device_event (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'in order of insertion, with gaps',
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  kind VARCHAR(32) NOT NULL COMMENT 'ERRORLOG, or the endpoint of a dialect that is not served',
  fields TEXT NOT NULL COMMENT 'what came with it, as sent',
  fields_hash BINARY(32) AS (UNHEX(SHA2(fields, 256))) STORED COMMENT 'makes a second sending harmless',
  received_at_utc DATETIME NOT NULL COMMENT 'when it was stored, UTC',
  PRIMARY KEY (id),
  UNIQUE KEY device_event_natural (device_id, kind, fields_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='errors and oddities that the clocks report';

CREATE TABLE IF NOT EXISTS rejected (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'in order of insertion, with gaps',
  device_id INT UNSIGNED NOT NULL COMMENT 'device.id',
  endpoint VARCHAR(32) NOT NULL COMMENT 'cdata, fdata, devicecmd ...',
  table_name VARCHAR(32) NOT NULL COMMENT 'table that the clock named',
  line MEDIUMBLOB NOT NULL COMMENT 'the bytes, as sent',
  line_hash BINARY(32) AS (UNHEX(SHA2(line, 256))) STORED COMMENT 'makes a second sending harmless',
  reason VARCHAR(255) NOT NULL COMMENT 'why it is here',
  received_at_utc DATETIME NOT NULL COMMENT 'when it was stored, UTC',
  PRIMARY KEY (id),
  UNIQUE KEY rejected_natural (device_id, endpoint, table_name, line_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='what could not be read, verbatim: acknowledged, never thrown away';

CREATE TABLE IF NOT EXISTS command (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'the id on the wire: C:id:body',
  device_sn VARCHAR(32) NOT NULL COMMENT 'serial number of the clock',
  body MEDIUMTEXT NOT NULL COMMENT 'the command, one line',
  state ENUM('queued','sent','done','failed','expired','cancelled') NOT NULL DEFAULT 'queued' COMMENT 'how far it has come',
  attempts INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often it was handed out',
  created_at_utc DATETIME NOT NULL DEFAULT (UTC_TIMESTAMP()) COMMENT 'when it was queued, UTC',
  sent_at_utc DATETIME NULL COMMENT 'when it was last handed out, UTC',
  done_at_utc DATETIME NULL COMMENT 'when it was settled, UTC',
  return_code INT NULL COMMENT 'result_code.code: what the clock returned',
  reply LONGBLOB NULL COMMENT 'the payload of the result (options, output, a file), else the whole result; byte for byte',
  PRIMARY KEY (id),
  KEY command_queue (device_sn, state, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='commands to the clocks; INSERT INTO command (device_sn, body) queues one';

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (1, '0001-base.sql',
    '673f5f3100ec29ed2a6f698071f27fdf8324f15e91f0d4b10e9abae06ac8b543', UTC_TIMESTAMP());

-- ---- 0002-codes.sql ----

-- What the numbers mean.  The other tables keep every number as the clock
-- sent it, so a number that has no row here is no error.
--
-- Only meanings that the specification or the field notes name are here.
-- Where two generations of clocks differ, old_name is the meaning by the
-- specification and on older clocks, new_name the one on clocks of today
-- (NULL: not known there), and name tells both.

CREATE TABLE IF NOT EXISTS attendance_state (
  code SMALLINT NOT NULL COMMENT 'punch.state',
  name VARCHAR(64) NOT NULL COMMENT 'what it means, whatever the clock',
  old_name VARCHAR(64) NULL COMMENT 'meaning by the specification, table 2.4',
  new_name VARCHAR(64) NULL COMMENT 'meaning on clocks of today',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='attendance states: the key that was chosen before the punch (clocks can be set otherwise)';

REPLACE INTO attendance_state (code, name, old_name, new_name) VALUES
  (0, 'check in', 'check in', 'check in'),
  (1, 'check out', 'check out', 'check out'),
  (2, 'break out (older clocks: meal in, meal end)', 'meal in, meal end', 'break out'),
  (3, 'break in (older clocks: meal out, meal start)', 'meal out, meal start', 'break in'),
  (4, 'overtime in (older clocks: break in, break end)', 'break in, break end', 'overtime in'),
  (5, 'overtime out (older clocks: break out, break start)', 'break out, break start', 'overtime out'),
  (255, 'no state chosen', NULL, 'no state chosen');

CREATE TABLE IF NOT EXISTS verify_mode (
  code SMALLINT NOT NULL COMMENT 'punch.verify (0 to 25), device_user.verify (-1 and 128 to 150)',
  name VARCHAR(64) NOT NULL COMMENT 'what it means, whatever the clock',
  old_name VARCHAR(64) NULL COMMENT 'meaning by the specification, table 2.3',
  new_name VARCHAR(64) NULL COMMENT 'meaning on clocks of today',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='how people prove who they are';

-- Below 128: what a punch carries.  128 and more: what a user or a group is
-- set to.  Of the numbers of today only those seen on clocks have a name.
REPLACE INTO verify_mode (code, name, old_name, new_name) VALUES
  (-1, 'as the group of the user', NULL, 'as the group of the user'),
  (0, 'password (older clocks)', 'password', NULL),
  (1, 'finger', 'finger', 'finger'),
  (2, 'badge (older clocks)', 'badge', NULL),
  (3, 'password (older clocks: PIN)', 'PIN', 'password'),
  (4, 'card (older clocks: PIN and finger)', 'PIN and finger', 'card'),
  (5, 'finger and password (older clocks)', 'finger and password', NULL),
  (6, 'badge and finger (older clocks)', 'badge and finger', NULL),
  (7, 'badge and password (older clocks)', 'badge and password', NULL),
  (8, 'badge, password and finger (older clocks)', 'badge, password and finger', NULL),
  (9, 'PIN, password and finger (older clocks)', 'PIN, password and finger', NULL),
  (15, 'face', NULL, 'face'),
  (16, 'PIN, not validated (older clocks)', 'PIN, not validated', NULL),
  (17, 'badge, not validated (older clocks)', 'badge, not validated', NULL),
  (25, 'palm', NULL, 'palm'),
  (128, 'finger, badge or password', 'finger, badge or password', NULL),
  (129, 'finger', 'finger', NULL),
  (130, 'PIN', 'PIN', NULL),
  (131, 'password', 'password', NULL),
  (132, 'badge', 'badge', NULL),
  (133, 'finger or password', 'finger or password', NULL),
  (134, 'finger or badge', 'finger or badge', NULL),
  (135, 'badge or password', 'badge or password', NULL),
  (136, 'PIN and finger', 'PIN and finger', NULL),
  (137, 'finger and password', 'finger and password', NULL),
  (138, 'badge and finger', 'badge and finger', NULL),
  (139, 'badge and password', 'badge and password', NULL),
  (140, 'badge, password and finger', 'badge, password and finger', NULL),
  (141, 'PIN, password and finger', 'PIN, password and finger', NULL),
  (142, 'PIN and finger, or badge and finger', 'PIN and finger, or badge and finger', NULL),
  (143, 'PIN or badge', 'PIN or badge', NULL),
  (148, 'face', 'face', NULL),
  (149, 'face and card', 'face and card', NULL),
  (150, 'face and PIN', 'face and PIN', NULL);

CREATE TABLE IF NOT EXISTS operation_code (
  code SMALLINT NOT NULL COMMENT 'operation.code',
  name VARCHAR(64) NOT NULL COMMENT 'what was done',
  object1 VARCHAR(64) NULL COMMENT 'what operation.object1 then is; NULL: not told',
  object2 VARCHAR(64) NULL COMMENT 'what operation.object2 then is; NULL: not told',
  object3 VARCHAR(64) NULL COMMENT 'what operation.object3 then is; NULL: not told',
  object4 VARCHAR(64) NULL COMMENT 'what operation.object4 then is; NULL: not told',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='operations of the log of the clocks, by the specification, table 2.6';

-- The specification prints no numbers from 7 on, only the order: 30 is known
-- from clocks to be right.  Newer clocks may mean something else by 33, the
-- last one, and send codes beyond it, of which only the numbers are known.
REPLACE INTO operation_code (code, name, object1, object2, object3) VALUES
  (0, 'power on', NULL, NULL, NULL),
  (1, 'power off', NULL, NULL, NULL),
  (2, 'check of a person failed', 'PIN, when the person had said one', NULL, NULL),
  (3, 'alarm', 'alarm_reason.code', NULL, NULL),
  (4, 'menu entered', NULL, NULL, NULL),
  (5, 'setting changed', 'number of the setting', 'its new value', NULL),
  (6, 'fingerprint registered', 'PIN', 'number of the template', 'length of the template'),
  (7, 'password registered', 'PIN', NULL, NULL),
  (8, 'HID card registered', 'PIN', NULL, NULL),
  (9, 'user deleted', 'PIN', NULL, NULL),
  (10, 'fingerprint deleted', 'PIN', NULL, NULL),
  (11, 'password deleted', 'PIN', NULL, NULL),
  (12, 'RF card deleted', 'PIN', NULL, NULL),
  (13, 'data cleared', NULL, NULL, NULL),
  (14, 'MF card created', NULL, NULL, NULL),
  (15, 'MF card registered', NULL, NULL, NULL),
  (16, 'MF card signed up', NULL, NULL, NULL),
  (17, 'registration of an MF card deleted', NULL, NULL, NULL),
  (18, 'MF card cleared', NULL, NULL, NULL),
  (19, 'registration data moved to the card', NULL, NULL, NULL),
  (20, 'data of the card copied to the clock', NULL, NULL, NULL),
  (21, 'time set', NULL, NULL, NULL),
  (22, 'factory settings', NULL, NULL, NULL),
  (23, 'access records deleted', NULL, NULL, NULL),
  (24, 'privilege of the administrators cancelled', NULL, NULL, NULL),
  (25, 'access settings of a group changed', NULL, NULL, NULL),
  (26, 'access settings of a user changed', NULL, NULL, NULL),
  (27, 'access times changed', NULL, NULL, NULL),
  (28, 'settings for opening the door changed', NULL, NULL, NULL),
  (29, 'door opened', NULL, NULL, NULL),
  (30, 'user enrolled', 'PIN', NULL, NULL),
  (31, 'properties of a fingerprint changed', NULL, NULL, NULL),
  (32, 'forced alarm', NULL, NULL, NULL),
  (33, 'existing user changed (older clocks)', NULL, NULL, NULL),
  (34, 'newer operation 34', NULL, NULL, NULL),
  (35, 'newer operation 35', NULL, NULL, NULL),
  (36, 'newer operation 36', NULL, NULL, NULL),
  (37, 'newer operation 37', NULL, NULL, NULL),
  (38, 'newer operation 38', NULL, NULL, NULL),
  (39, 'newer operation 39', NULL, NULL, NULL),
  (40, 'newer operation 40', NULL, NULL, NULL),
  (41, 'newer operation 41', NULL, NULL, NULL),
  (42, 'newer operation 42', NULL, NULL, NULL),
  (43, 'newer operation 43', NULL, NULL, NULL),
  (53, 'newer operation 53', NULL, NULL, NULL),
  (54, 'newer operation 54', NULL, NULL, NULL),
  (55, 'newer operation 55', NULL, NULL, NULL),
  (56, 'newer operation 56', NULL, NULL, NULL),
  (68, 'newer operation 68', NULL, NULL, NULL),
  (69, 'newer operation 69', NULL, NULL, NULL),
  (70, 'newer operation 70', NULL, NULL, NULL),
  (71, 'newer operation 71', NULL, NULL, NULL),
  (76, 'newer operation 76', NULL, NULL, NULL),
  (77, 'newer operation 77', NULL, NULL, NULL),
  (78, 'newer operation 78', NULL, NULL, NULL),
  (79, 'newer operation 79', NULL, NULL, NULL),
  (80, 'newer operation 80', NULL, NULL, NULL),
  (81, 'newer operation 81', NULL, NULL, NULL),
  (82, 'newer operation 82', NULL, NULL, NULL),
  (83, 'newer operation 83', NULL, NULL, NULL),
  (87, 'newer operation 87', NULL, NULL, NULL),
  (88, 'newer operation 88', NULL, NULL, NULL),
  (89, 'newer operation 89', NULL, NULL, NULL),
  (90, 'newer operation 90', NULL, NULL, NULL),
  (91, 'newer operation 91', NULL, NULL, NULL),
  (92, 'newer operation 92', NULL, NULL, NULL),
  (100, 'newer operation 100', NULL, NULL, NULL),
  (101, 'newer operation 101', NULL, NULL, NULL),
  (102, 'newer operation 102', NULL, NULL, NULL),
  (103, 'newer operation 103', NULL, NULL, NULL),
  (104, 'newer operation 104', NULL, NULL, NULL),
  (105, 'newer operation 105', NULL, NULL, NULL),
  (106, 'newer operation 106', NULL, NULL, NULL),
  (107, 'newer operation 107', NULL, NULL, NULL),
  (108, 'newer operation 108', NULL, NULL, NULL),
  (109, 'newer operation 109', NULL, NULL, NULL),
  (110, 'newer operation 110', NULL, NULL, NULL),
  (111, 'newer operation 111', NULL, NULL, NULL),
  (112, 'newer operation 112', NULL, NULL, NULL),
  (113, 'newer operation 113', NULL, NULL, NULL),
  (114, 'newer operation 114', NULL, NULL, NULL),
  (115, 'newer operation 115', NULL, NULL, NULL),
  (116, 'newer operation 116', NULL, NULL, NULL),
  (117, 'newer operation 117', NULL, NULL, NULL),
  (118, 'newer operation 118', NULL, NULL, NULL),
  (119, 'newer operation 119', NULL, NULL, NULL),
  (120, 'newer operation 120', NULL, NULL, NULL),
  (121, 'newer operation 121', NULL, NULL, NULL),
  (122, 'newer operation 122', NULL, NULL, NULL),
  (123, 'newer operation 123', NULL, NULL, NULL),
  (124, 'newer operation 124', NULL, NULL, NULL),
  (125, 'newer operation 125', NULL, NULL, NULL),
  (126, 'newer operation 126', NULL, NULL, NULL);

CREATE TABLE IF NOT EXISTS alarm_reason (
  code INT NOT NULL COMMENT 'operation.object1 where operation.code is 3',
  name VARCHAR(64) NOT NULL COMMENT 'what happened',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='reasons of an alarm, by the specification, table 2.6';

REPLACE INTO alarm_reason (code, name) VALUES
  (50, 'door close detected'),
  (51, 'door open detected'),
  (53, 'out-door button'),
  (54, 'door broken accidentally'),
  (55, 'machine broken'),
  (58, 'invalid verification tried'),
  (65535, 'alarm cancelled');

CREATE TABLE IF NOT EXISTS template_type (
  code SMALLINT NOT NULL COMMENT 'template.type',
  name VARCHAR(64) NOT NULL COMMENT 'part of the body',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='kinds of biometric templates, by the numbers of BIODATA';

REPLACE INTO template_type (code, name) VALUES
  (0, 'generic'),
  (1, 'finger'),
  (2, 'face, near infrared'),
  (3, 'voice'),
  (4, 'iris'),
  (5, 'retina'),
  (6, 'palm print'),
  (7, 'finger vein'),
  (8, 'palm vein'),
  (9, 'face, visible light'),
  (10, 'palm, visible light');

CREATE TABLE IF NOT EXISTS user_privilege (
  code INT NOT NULL COMMENT 'device_user.privilege',
  name VARCHAR(64) NOT NULL COMMENT 'what the person is on the clock',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='privileges of people on the clocks; newer clocks know more of them';

REPLACE INTO user_privilege (code, name) VALUES
  (0, 'user'),
  (1, 'inactive user'),
  (2, 'enroller'),
  (14, 'administrator');

CREATE TABLE IF NOT EXISTS suspect_reason (
  code TINYINT NOT NULL COMMENT 'punch.suspect',
  name VARCHAR(64) NOT NULL COMMENT 'what is odd about the time',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='why the time of a punch can hardly be right';

REPLACE INTO suspect_reason (code, name) VALUES
  (0, 'nothing'),
  (1, 'no such date or time'),
  (2, 'before 2001: the clock had lost its time'),
  (3, 'more than a day ahead'),
  (4, 'skipped by the turn to summer time');

CREATE TABLE IF NOT EXISTS result_code (
  code INT NOT NULL COMMENT 'command.return_code',
  name VARCHAR(160) NOT NULL COMMENT 'what the clock means',
  PRIMARY KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='results of commands; of file transfers and queries a positive result is a size or a count';

-- By the specification, table 2.7 and appendix 1, and by what clocks were
-- seen to mean.  Where the two tables differ the name tells both.
REPLACE INTO result_code (code, name) VALUES
  (0, 'received, no error'),
  (2, 'enrolment: this finger of this person is already enrolled'),
  (4, 'enrolment: failed, poor quality or not the same finger three times'),
  (5, 'enrolment: this finger is already enrolled for someone'),
  (6, 'enrolment: cancelled'),
  (7, 'enrolment: the clock is busy'),
  (-1, 'wrong parameter, database not ready, or nothing to send'),
  (-2, 'wrong operation, or a photo not of the size that was told'),
  (-3, 'error of access: reading or writing'),
  (-4, 'no matching data'),
  (-5, 'no space left'),
  (-6, 'data not valid'),
  (-9, 'template not of the size that was told'),
  (-10, 'no user of that PIN'),
  (-11, 'format of the template not valid'),
  (-12, 'template not valid'),
  (-22, 'unknown command'),
  (-30, 'template made by another version of the algorithm'),
  (-629, 'command of attendance clocks sent to an access-control clock'),
  (-725, 'nobody came to the enrolment in time'),
  (-1001, 'capacity exhausted'),
  (-1002, 'not supported by the clock'),
  (-1003, 'took too long, or wrong parameters'),
  (-1004, 'data do not fit the configuration, or unknown table'),
  (-1005, 'the clock is busy'),
  (-1006, 'data too long'),
  (-1007, 'error of memory'),
  (-1008, 'fetching failed');

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (2, '0002-codes.sql',
    'dada2c278fed4280e3d9246e9b62c93ecd152437026db666b550dbf5f636a960', UTC_TIMESTAMP());

-- ---- 0003-views.sql ----

-- The public interface.  The names and meanings of these columns stay as
-- they are: a later step may add columns behind them, or a v2_ view beside
-- them.  What others read, they read here.  clockgate-schema(7) explains
-- every column.
--
-- Times that end in _utc are UTC.  The others are the time on the wall of
-- the clock.
--
-- Views with an id join the clock by LEFT JOIN, although there always is one:
-- so the newest rows are found by their id without reading the others, and
-- a condition on device_sn still begins at the clock.

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
    s.punch_photo_count, COALESCE(s.support, '') AS support, d.options_flag
  FROM device d LEFT JOIN device_state s ON s.device_id = d.id
    LEFT JOIN device_setting z ON z.device_id = d.id AND z.name = 'zone';

-- Every punch.
CREATE OR REPLACE VIEW v1_punch AS
  SELECT p.id, d.sn AS device_sn, p.pin, p.punched_at, p.punched_at_utc,
    p.state, p.verify, p.work_code, p.reserved1, p.reserved2, p.job_code1,
    p.job_code2, p.job_code3, p.job_code4, p.job_code5, p.job_code6,
    p.tip_code1, p.tip_code2, p.tip_code3, p.extra,
    p.suspect <> 0 AS suspect, p.received_at_utc, p.punched_text,
    p.suspect AS suspect_reason
  FROM punch p LEFT JOIN device d ON d.id = p.device_id;

-- What was done at the clocks: menus entered, people enrolled, alarms.
CREATE OR REPLACE VIEW v1_operation AS
  SELECT o.id, d.sn AS device_sn, o.code, o.admin_pin, o.happened_at,
    o.object1, o.object2, o.object3, o.object4, o.received_at_utc,
    o.happened_text, o.extra
  FROM operation o LEFT JOIN device d ON d.id = o.device_id;

-- The people that each clock holds.  One PIN on two clocks need not be one
-- person.
CREATE OR REPLACE VIEW v1_device_user AS
  SELECT d.sn AS device_sn, u.pin, COALESCE(u.name, '') AS name, u.privilege,
    COALESCE(u.password, '') AS password, COALESCE(u.card, '') AS card,
    u.group_no, COALESCE(u.time_zones, '') AS time_zones, u.verify,
    COALESCE(u.vice_card, '') AS vice_card, u.extra, u.updated_at_utc
  FROM device_user u JOIN device d ON d.id = u.device_id;

-- Fingerprints, faces, palms, veins: the templates, as the clocks sent them.
CREATE OR REPLACE VIEW v1_template AS
  SELECT d.sn AS device_sn, t.pin, t.type, t.no, t.idx, t.valid, t.duress,
    t.format, t.major_version, t.minor_version, t.size, t.template,
    t.updated_at_utc, t.extra
  FROM template t JOIN device d ON d.id = t.device_id;

-- Photos that were taken at punches, and pictures of people.
CREATE OR REPLACE VIEW v1_photo AS
  SELECT p.id, d.sn AS device_sn, p.pin, p.taken_at, p.kind, p.size, p.image,
    p.received_at_utc, p.taken_text, p.extra
  FROM photo p LEFT JOIN device d ON d.id = p.device_id;

-- What each clock reports about its own settings.
CREATE OR REPLACE VIEW v1_device_option AS
  SELECT d.sn AS device_sn, o.name, o.value, o.updated_at_utc
  FROM device_option o JOIN device d ON d.id = o.device_id;

-- How far each upload of each clock has come.
CREATE OR REPLACE VIEW v1_stamp AS
  SELECT d.sn AS device_sn, s.table_name, s.stamp, s.updated_at_utc
  FROM device_stamp s JOIN device d ON d.id = s.device_id;

-- What could not be read, and why.
CREATE OR REPLACE VIEW v1_rejected AS
  SELECT r.id, d.sn AS device_sn, r.endpoint, r.table_name, r.line, r.reason,
    r.received_at_utc
  FROM rejected r LEFT JOIN device d ON d.id = r.device_id;

-- The commands to the clocks and what became of them.
CREATE OR REPLACE VIEW v1_command AS
  SELECT c.id, c.device_sn, c.body, c.state, c.attempts, c.created_at_utc,
    c.sent_at_utc, c.done_at_utc, c.return_code, c.reply
  FROM command c;

-- Messages, work codes, identity cards: what else the clocks hold.
CREATE OR REPLACE VIEW v1_device_item AS
  SELECT d.sn AS device_sn, i.kind, i.item_key, i.fields, i.updated_at_utc
  FROM device_item i JOIN device d ON d.id = i.device_id;

-- Errors that the clocks report, and dialects that are not served.
CREATE OR REPLACE VIEW v1_device_event AS
  SELECT e.id, d.sn AS device_sn, e.kind, e.fields, e.received_at_utc
  FROM device_event e LEFT JOIN device d ON d.id = e.device_id;

-- Settings of one clock that differ from the configuration.
CREATE OR REPLACE VIEW v1_device_setting AS
  SELECT d.sn AS device_sn, s.name, s.value, s.updated_at_utc
  FROM device_setting s JOIN device d ON d.id = s.device_id;

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (3, '0003-views.sql',
    '12ecd526636b03525df662d0324e664c7a0dc94d5eab3ab6591fc2fc7880362f', UTC_TIMESTAMP());

-- ---- 0004-commands.sql ----

-- Commands learn what they are, when they end and why they failed, and the
-- clocks' self-service comes with its texts.
--
-- Neither MySQL's ADD COLUMN nor MariaDB's and MySQL's CREATE INDEX have one
-- form to be run again, so the change is made only where it is missing.  It
-- is one ALTER TABLE: half of it is never there.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'created_by') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN name VARCHAR(64) NULL COMMENT ''which command of the catalogue it is; NULL: not looked at yet'',
    ADD COLUMN reason TEXT NULL COMMENT ''the result or the failure in words'',
    ADD COLUMN expires_at_utc DATETIME NULL COMMENT ''not handed out from then on, UTC; NULL: never too late'',
    ADD COLUMN due_at_utc DATETIME NULL COMMENT ''when it is due again without a result, UTC'',
    ADD COLUMN counts_until_utc DATETIME NULL COMMENT ''uploads until then count as answer of this query, UTC; NULL: no query'',
    ADD COLUMN rows_received BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''records that came as answer of this query'',
    ADD COLUMN created_by VARCHAR(64) NOT NULL DEFAULT '''' COMMENT ''who queued it; empty: nobody said'',
    ADD KEY command_work (state, device_sn, id),
    ADD KEY command_counts (counts_until_utc),
    DROP KEY command_queue');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

CREATE TABLE IF NOT EXISTS self_service (
  number INT UNSIGNED NOT NULL COMMENT 'ServiceNum; 0 is the menu itself and stays free',
  name VARCHAR(64) NOT NULL COMMENT 'what the menu of the clock shows',
  style TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how the clock reads the text: 0 text, 1 comma-separated values',
  text_from ENUM('fixed','punches','text') NOT NULL DEFAULT 'fixed' COMMENT 'fixed: text, for everybody; punches: the last punches of the person; text: self_service_text',
  text TEXT NULL COMMENT 'the fixed text; else what is shown to whom there is nothing for',
  PRIMARY KEY (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the services that people may ask for at a clock; rows are written by others';

CREATE TABLE IF NOT EXISTS self_service_text (
  service INT UNSIGNED NOT NULL COMMENT 'self_service.number',
  pin VARCHAR(32) NOT NULL COMMENT 'the person',
  text TEXT NOT NULL COMMENT 'what the clock shows',
  PRIMARY KEY (service, pin)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='texts of services for one person each; rows are written by others';

-- The commands to the clocks and what became of them.
CREATE OR REPLACE VIEW v1_command AS
  SELECT c.id, c.device_sn, c.body, c.state, c.attempts, c.created_at_utc,
    c.sent_at_utc, c.done_at_utc, c.return_code, c.reply, c.name, c.reason,
    c.expires_at_utc, c.rows_received, c.created_by
  FROM command c;

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (4, '0004-commands.sql',
    '50c45086a1767610026de2180892f5c2e6c8adf4840d2f516f63f5d32659cf9b', UTC_TIMESTAMP());

-- ---- 0005-danger.sql ----

-- Dangerous commands: which classes of them are open at this moment, and a
-- record of everything that is done with them.
--
-- The rows of audit are chained: each has the hash of the row before in its
-- own.  audit_head is the end of the chain, and the one row that writers lock.
--
-- A result is settled without a look at what the command or an earlier result
-- said: for that command has a class and a hash.  The change is made only
-- where it is missing, as one ALTER TABLE.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'danger') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN danger VARCHAR(16) NULL COMMENT ''its class of danger; NULL: none, or not looked at yet'',
    ADD COLUMN reply_hash BINARY(32) AS (UNHEX(SHA2(reply, 256))) STORED COMMENT ''tells whether a result came before''');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

CREATE TABLE IF NOT EXISTS danger_open (
  class VARCHAR(16) NOT NULL COMMENT 'shell, files, wipe, network or key',
  opened_at_utc DATETIME NOT NULL COMMENT 'since when, UTC',
  until_utc DATETIME NOT NULL COMMENT 'closed from then on, UTC',
  opened_by VARCHAR(64) NOT NULL COMMENT 'who opened it',
  reason VARCHAR(255) NOT NULL COMMENT 'what for',
  PRIMARY KEY (class)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='classes of dangerous commands that are open for a while';

CREATE TABLE IF NOT EXISTS audit (
  id BIGINT UNSIGNED NOT NULL COMMENT '1, 2, 3 ... without a gap',
  at_utc DATETIME NOT NULL COMMENT 'when, UTC',
  action VARCHAR(16) NOT NULL COMMENT 'opened, closed, queued, sent, refused, done, failed, expired or cancelled',
  class VARCHAR(16) NOT NULL COMMENT 'shell, files, wipe, network or key',
  who VARCHAR(64) NOT NULL COMMENT 'who did it, or who queued the command; empty: nobody said',
  why VARCHAR(255) NOT NULL COMMENT 'the reason that the class was opened for',
  device_sn VARCHAR(32) NOT NULL COMMENT 'serial number of the clock; empty: of no clock',
  command_id BIGINT UNSIGNED NULL COMMENT 'command.id; NULL: there is none',
  what TEXT NOT NULL COMMENT 'the command, its first 1000 bytes, without the values of class key',
  result VARCHAR(255) NOT NULL COMMENT 'what became of it',
  hash CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'SHA-256 of the hash before and of this row',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='what was done with dangerous commands: rows are added, never changed';

CREATE TABLE IF NOT EXISTS audit_head (
  one TINYINT UNSIGNED NOT NULL COMMENT 'always 1',
  id BIGINT UNSIGNED NOT NULL COMMENT 'audit.id of the last row; 0: none yet',
  hash CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'its hash',
  PRIMARY KEY (one)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the end of the chain of audit: one row';

INSERT INTO audit_head (one, id, hash) VALUES (1, 0, REPEAT('0', 64))
  ON DUPLICATE KEY UPDATE one = one;

-- What was done with dangerous commands.
CREATE OR REPLACE VIEW v1_audit AS
  SELECT a.id, a.at_utc, a.action, a.class, a.who, a.why, a.device_sn,
    a.command_id, a.what, a.result, a.hash
  FROM audit a;

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (5, '0005-danger.sql',
    'c96269e6b0d67e11f4fd472c044d78c16165e13761ee5be6b00e05a40a0f4da3', UTC_TIMESTAMP());

-- ---- 0006-privacy.sql ----

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

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (6, '0006-privacy.sql',
    '79ec88b9d6f5cb0d2bd18da9f318199e26c04d8d65cf6488edf4c12cdf10ffe3', UTC_TIMESTAMP());

-- ---- 0007-comm-key.sql ----

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

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (7, '0007-comm-key.sql',
    '9d8794cd4da8371f98ba1e08bee3abf20fb3dd049079fbbe2030fc05bead4be1', UTC_TIMESTAMP());

-- ---- 0008-asked.sql ----

-- What a query asks for stands beside it, for the program that counts its
-- answers: that one need not read commands, which may hold what is secret.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'asked') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN asked VARCHAR(1024) NULL COMMENT ''the body of a query that was handed out; NULL: no query''');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

-- Queries that are under way.
UPDATE command SET asked = LEFT(body, 1024)
  WHERE counts_until_utc IS NOT NULL AND asked IS NULL
  AND LENGTH(body) <= 1024;

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (8, '0008-asked.sql',
    '70319b0a466f64ece6d61b053aa464ebdfee9f65f61b3918f3fc45dddc8d708b', UTC_TIMESTAMP());

-- ---- 0009-secrets.sql ----

-- Commands whose body holds a key or a password, which is taken out of it once
-- they have ended.
--
-- The change is made only where it is missing, as one ALTER TABLE.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'secret') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN secret TINYINT UNSIGNED NULL COMMENT ''1: its body holds a key that is to be taken out when it has ended; NULL: none, or done'',
    ADD KEY command_secret (secret, device_sn)');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

INSERT INTO schema_version (version, name, sha256, applied_at_utc)
  VALUES (9, '0009-secrets.sql',
    'a53ec3761d3fe444c736f199ca74e1ff3ac4de69e5972a62137607147ac8dc8d', UTC_TIMESTAMP());
