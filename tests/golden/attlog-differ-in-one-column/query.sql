SELECT pin, state, verify, work_code FROM v1_punch ORDER BY id; SELECT COUNT(*) FROM rejected
