SELECT id, state, return_code FROM v1_command ORDER BY id; SELECT COUNT(*) FROM device_event
