INSERT INTO device_setting SELECT id, 'zone', 'America/Panama', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
