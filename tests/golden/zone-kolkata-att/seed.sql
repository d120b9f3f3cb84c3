INSERT INTO device_setting SELECT id, 'zone', 'Asia/Kolkata', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
