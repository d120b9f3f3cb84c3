INSERT INTO command (id, device_sn, body) VALUES (1, 'CG0000000002', 'CHECK');
