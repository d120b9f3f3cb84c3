SELECT code FROM v1_operation; SELECT pin FROM v1_device_user
