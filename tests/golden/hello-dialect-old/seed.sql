INSERT INTO device_setting SELECT id, 'Dialect', 'old', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
