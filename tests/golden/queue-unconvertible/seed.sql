INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'DATA UPDATE USERINFO PIN=7\tName=王'),
  (2, 'CG0000000001', 'CHECK');
