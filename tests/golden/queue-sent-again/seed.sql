INSERT INTO command (id, device_sn, body, name, state, attempts, sent_at_utc, due_at_utc) VALUES
  (1, 'CG0000000001', 'CHECK', 'check', 'sent', 1, '2030-01-01', '2020-01-01'),
  (2, 'CG0000000001', 'AC_UNLOCK', 'unlock', 'sent', 1, '2030-01-01', '2020-01-01'),
  (3, 'CG0000000001', 'INFO', 'info', 'sent', 5, '2030-01-01', '2020-01-01'),
  (4, 'CG0000000001', 'LOG', 'log', 'sent', 1, '2030-01-01', '2099-01-01');
