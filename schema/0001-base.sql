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
