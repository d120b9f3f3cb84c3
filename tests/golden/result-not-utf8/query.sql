SELECT COUNT(*) FROM v1_device_event; SELECT endpoint, table_name, HEX(line), reason FROM v1_rejected
