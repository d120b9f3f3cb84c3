SELECT firmware, user_count, fingerprint_count, punch_count, face_count FROM v1_device; SELECT name, value FROM v1_device_option WHERE name = 'UserCount'
