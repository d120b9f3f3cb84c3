SELECT punched_at_utc FROM v1_punch
