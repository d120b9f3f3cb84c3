SELECT pin, punched_at, state, verify, work_code, reserved1 FROM v1_punch ORDER BY id; SELECT COUNT(*) FROM rejected
