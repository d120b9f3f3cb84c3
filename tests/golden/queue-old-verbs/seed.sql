INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'DATA UPDATE USERINFO PIN=7\tName=Ann');
UPDATE device SET push_version = '', time_zone = 'UTC';
