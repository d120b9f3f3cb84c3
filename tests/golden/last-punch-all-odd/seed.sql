INSERT INTO punch (device_id, pin, punched_at, state, verify, work_code, suspect, received_at_utc)
  SELECT id, '7', '2099-01-01 08:00:07', 0, 1, '', 3, '2030-01-05' FROM device UNION ALL
  SELECT id, '7', '2099-01-02 17:00:00', 1, 1, '12', 3, '2030-01-05' FROM device;
INSERT INTO device_user (device_id, pin, name, updated_at_utc)
  SELECT id, '7', 'Ann Example', '2030-01-05' FROM device;
