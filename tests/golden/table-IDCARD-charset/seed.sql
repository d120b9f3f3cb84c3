INSERT INTO device_setting SELECT id, 'charset', 'GB18030', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
