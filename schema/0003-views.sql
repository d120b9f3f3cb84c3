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
