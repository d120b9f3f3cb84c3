INSERT INTO device_setting SELECT id, 'TransFlag', 'AttLog OpLog', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
