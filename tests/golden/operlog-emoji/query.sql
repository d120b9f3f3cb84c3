SELECT name FROM v1_device_user
