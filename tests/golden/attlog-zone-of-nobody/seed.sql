INSERT INTO device_setting SELECT id, 'zone', 'Atlantis/City', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
