SELECT status, push_version, device_type, language, options_flag, time_zone, last_seen_utc IS NOT NULL, ip FROM v1_device
