INSERT INTO command (id, device_sn, body, name, state, attempts, due_at_utc) VALUES
  (1, 'CG0000000001', 'INFO', 'info', 'sent', 1, UTC_TIMESTAMP() + INTERVAL 1 HOUR);
