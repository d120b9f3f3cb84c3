INSERT INTO command (id, device_sn, body, state, return_code, reply) VALUES
  (103, 'CG0000000001', 'INFO', 'done', 0, 'x'), (104, 'CG0000000002', 'INFO', 'sent', NULL, NULL);
