INSERT INTO command (id, device_sn, body, state) VALUES (9, 'CG0000000001', 'INFO', 'sent');
