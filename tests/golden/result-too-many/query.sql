SELECT COUNT(*) FROM device_event; SELECT table_name, reason, line FROM v1_rejected
