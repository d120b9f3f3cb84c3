SELECT pin, punched_at, punched_at_utc, suspect_reason, punched_text FROM v1_punch ORDER BY id; SELECT COUNT(*) FROM rejected
