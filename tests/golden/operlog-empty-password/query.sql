SELECT password FROM v1_device_user
