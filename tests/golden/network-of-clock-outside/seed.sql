INSERT INTO device_setting (device_id, name, value, updated_at_utc) SELECT id, 'networks', '10.0.0.0/8', UTC_TIMESTAMP() FROM device
