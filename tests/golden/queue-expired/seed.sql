INSERT INTO command (id, device_sn, body, expires_at_utc) VALUES (1, 'CG0000000001', 'CHECK', '2020-01-01');
