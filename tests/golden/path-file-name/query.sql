SELECT last_seen_utc IS NOT NULL FROM v1_device; SELECT COUNT(*) FROM rejected
