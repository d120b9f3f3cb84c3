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
