INSERT INTO device_setting (device_id, name, value, updated_at_utc) SELECT id, 'networks', '192.0.2.10', UTC_TIMESTAMP() FROM device
