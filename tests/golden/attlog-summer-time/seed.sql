INSERT INTO device_setting SELECT id, 'zone', 'Europe/Vienna', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
