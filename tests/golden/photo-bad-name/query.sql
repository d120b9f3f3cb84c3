SELECT COUNT(*) FROM photo; SELECT table_name, INSTR(line, 0xFFD8FFE0) > 0 FROM v1_rejected
