SELECT id, state, return_code FROM v1_command ORDER BY id; SELECT name, value FROM v1_device_option ORDER BY name
