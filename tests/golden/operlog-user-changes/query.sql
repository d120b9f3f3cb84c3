SELECT pin, name, privilege FROM v1_device_user
