INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'CHECK'),
  (2, 'CG0000000001', 'INFO');
