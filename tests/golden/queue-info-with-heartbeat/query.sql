SELECT firmware, user_count FROM v1_device
