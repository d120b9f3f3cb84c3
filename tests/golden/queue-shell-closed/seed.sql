INSERT INTO danger_open VALUES ('shell', UTC_TIMESTAMP() - INTERVAL 1 HOUR,
  UTC_TIMESTAMP() - INTERVAL 1 SECOND, 'ann', 'to look at a log'),
  ('wipe', UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'ann', 'new');
INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'SHELL ls'),
  (2, 'CG0000000001', 'CHECK');
