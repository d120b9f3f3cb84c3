SELECT pin, name, privilege, extra FROM v1_device_user
