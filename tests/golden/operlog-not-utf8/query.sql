SELECT pin, privilege FROM v1_device_user; SELECT HEX(line) FROM v1_rejected
