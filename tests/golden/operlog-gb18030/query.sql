SELECT pin, name FROM v1_device_user; SELECT COUNT(*) FROM rejected
