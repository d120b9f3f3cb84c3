SELECT device_type, language FROM v1_device
