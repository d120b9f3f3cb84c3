INSERT INTO command (id, device_sn, body, name, state, counts_until_utc) VALUES
  (9, 'CG0000000001', 'DATA QUERY USERINFO', 'query-users', 'sent', '2099-01-01');
UPDATE command SET asked = body;
