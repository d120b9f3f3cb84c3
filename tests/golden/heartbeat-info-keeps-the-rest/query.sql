SELECT firmware, user_count, punch_count, fingerprint_version FROM v1_device
