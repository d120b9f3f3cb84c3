INSERT INTO command (id, device_sn, body, state) VALUES (103, 'CG0000000001', 'X', 'sent'), (104, 'CG0000000001', 'X', 'sent');
