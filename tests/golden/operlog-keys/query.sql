SELECT pin, name, privilege, password, extra FROM v1_device_user
