SELECT pin, punched_at, punched_at_utc, state, verify, work_code, reserved1, reserved2, extra FROM v1_punch ORDER BY id; SELECT COUNT(*) FROM rejected
