INSERT INTO device_setting SELECT id, 'zone', 'Asia/Shanghai', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
