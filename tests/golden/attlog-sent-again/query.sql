SELECT pin FROM v1_punch ORDER BY id; SELECT table_name, stamp FROM v1_stamp
