SELECT name, value FROM v1_device_option ORDER BY name
