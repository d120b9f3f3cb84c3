INSERT INTO command (id, device_sn, body) VALUES
  (9223372036854775900, 'CG0000000001', 'CHECK'), (5, 'CG0000000001', 'INFO');
INSERT INTO command (id, device_sn, body, state) VALUES
  (9223372036854775901, 'CG0000000001', 'REBOOT', 'sent');
UPDATE command SET counts_until_utc = UTC_TIMESTAMP() + INTERVAL 1 HOUR,
  name = 'query-punches', asked = 'DATA QUERY ATTLOG' WHERE id = 9223372036854775901;
