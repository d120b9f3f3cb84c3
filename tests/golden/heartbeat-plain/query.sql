SELECT last_seen_utc IS NOT NULL, ip FROM v1_device
