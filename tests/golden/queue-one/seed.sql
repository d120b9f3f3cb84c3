INSERT INTO command (id, device_sn, body) VALUES
  (101, 'CG0000000001', 'DATA UPDATE USERINFO PIN=7\tName=Ann\tPri=0');
