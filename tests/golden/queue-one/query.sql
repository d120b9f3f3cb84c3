SELECT id, state, attempts, name, return_code, sent_at_utc IS NULL, done_at_utc IS NULL FROM v1_command
