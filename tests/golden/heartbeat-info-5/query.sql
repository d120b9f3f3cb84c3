SELECT firmware, user_count, fingerprint_count, punch_count, ip, fingerprint_version, face_version, face_count FROM v1_device
