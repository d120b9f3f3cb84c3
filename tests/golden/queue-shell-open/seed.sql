INSERT INTO danger_open VALUES ('shell', UTC_TIMESTAMP(),
  UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'ann', 'to look at a log');
INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'SHELL ls');
