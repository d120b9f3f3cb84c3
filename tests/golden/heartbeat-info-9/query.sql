SELECT firmware, user_count, fingerprint_count, punch_count, ip, fingerprint_version, face_version, face_count, support FROM v1_device
