INSERT INTO command (id, device_sn, body, name, state, counts_until_utc) VALUES
  (8, 'CG0000000001', 'DATA QUERY ATTLOG StartTime=2030-01-01T00:00:00	EndTime=2030-01-31T23:59:59', 'query-punches', 'sent', '2099-01-01'),
  (9, 'CG0000000001', 'DATA QUERY ATTLOG StartTime=2030-03-01 00:00:00	EndTime=2030-03-31 23:59:59', 'query-punches', 'sent', '2099-01-01');
UPDATE command SET asked = body;
