SELECT pin, type, no, idx, valid, size, template FROM v1_template; SELECT COUNT(*) FROM rejected
