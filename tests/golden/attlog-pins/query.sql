SELECT pin FROM v1_punch ORDER BY id; SELECT COUNT(*) FROM rejected
