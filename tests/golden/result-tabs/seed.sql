INSERT INTO command (id, device_sn, body, state) VALUES (101, 'CG0000000001', 'X', 'sent');
