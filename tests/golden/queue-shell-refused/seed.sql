INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'SHELL ls'),
  (2, 'CG0000000001', 'CHECK');
