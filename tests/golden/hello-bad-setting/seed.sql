INSERT INTO device_setting SELECT id, 'Delay', 'soon', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
INSERT INTO device_setting SELECT id, 'Encrypt', '1', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
