INSERT INTO punch (device_id, pin, punched_at, state, verify, work_code, suspect, received_at_utc)
  SELECT id, '7', '2030-01-05 08:00:07', 0, 1, '', 0, '2030-01-05' FROM device UNION ALL
  SELECT id, '7', '2030-01-05 17:00:00', 1, 1, '12', 0, '2030-01-05' FROM device UNION ALL
  SELECT id, '7', '2099-01-01 00:00:00', 1, 1, '', 3, '2030-01-05' FROM device UNION ALL
  SELECT id, '8', '2030-01-06 08:00:00', 0, 1, '', 0, '2030-01-05' FROM device;
INSERT INTO self_service (number, name, style, text_from) VALUES (2, 'Punches', 1, 'punches');
