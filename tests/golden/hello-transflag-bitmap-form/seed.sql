INSERT INTO device_setting SELECT id, 'TransFlagForm', 'bitmap', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
