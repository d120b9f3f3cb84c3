SELECT firmware, user_count, fingerprint_count, punch_count FROM v1_device
