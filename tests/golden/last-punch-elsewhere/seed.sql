INSERT INTO device (id, sn, status, first_seen_utc) VALUES (77, 'GATE2', 'active', '2030-01-01');
INSERT INTO punch (device_id, pin, punched_at, state, verify, work_code, suspect, received_at_utc)
  SELECT id, '7', '2030-01-05 08:00:07', 0, 1, '', 0, '2030-01-05' FROM device WHERE id <> 77 UNION ALL
  SELECT 77, '7', '2030-01-05 17:00:00', 1, 1, '12', 0, '2030-01-05' UNION ALL
  SELECT 77, '8', '2030-01-06 08:00:00', 0, 1, '', 0, '2030-01-05' UNION ALL
  SELECT 77, '9', '2099-01-06 08:00:00', 0, 1, '', 3, '2030-01-05';
INSERT INTO device_user (device_id, pin, name, updated_at_utc)
  SELECT id, '7', 'Ann Example', '2030-01-05' FROM device WHERE id <> 77;
INSERT INTO self_service (number, name, style, text_from) VALUES (2, 'Punches', 1, 'punches');
