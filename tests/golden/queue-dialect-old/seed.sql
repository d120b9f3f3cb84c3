INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'DATA UPDATE USERINFO PIN=7\tName=Ann');
UPDATE device SET push_version = '2.4.1', time_zone = 'UTC';
INSERT INTO device_setting (device_id, name, value, updated_at_utc)
  SELECT id, 'Dialect', 'old', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
