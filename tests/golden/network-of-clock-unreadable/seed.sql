INSERT INTO device_setting (device_id, name, value, updated_at_utc) SELECT id, 'networks', 'everywhere', UTC_TIMESTAMP() FROM device
