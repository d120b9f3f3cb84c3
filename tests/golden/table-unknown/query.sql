SELECT endpoint, table_name, line FROM v1_rejected ORDER BY id; SELECT COUNT(*) FROM device_stamp
