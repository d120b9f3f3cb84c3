SELECT pin, name, privilege FROM v1_device_user; SELECT COUNT(*) FROM rejected
