INSERT INTO device_setting (device_id, name, value, updated_at_utc) SELECT id, 'networks', 'fd00::/8, 192.0.2.8/29', UTC_TIMESTAMP() FROM device
