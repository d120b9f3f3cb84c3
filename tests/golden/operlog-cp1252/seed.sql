INSERT INTO device_setting SELECT id, 'charset', 'CP1252', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
