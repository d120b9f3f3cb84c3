INSERT INTO command (id, device_sn, body, state) VALUES (101, 'CG0000000001', 'X', 'sent');
INSERT INTO command (id, device_sn, body, state) VALUES (102, 'CG0000000001', 'X', 'sent');
INSERT INTO command (id, device_sn, body, state) VALUES (103, 'CG0000000001', 'X', 'sent');
