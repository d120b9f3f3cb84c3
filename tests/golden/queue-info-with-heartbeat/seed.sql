INSERT INTO command (id, device_sn, body) VALUES
  (5, 'CG0000000001', 'INFO');
