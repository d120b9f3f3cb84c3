INSERT INTO device_setting SELECT id, 'Delay', '20', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
