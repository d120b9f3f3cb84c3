INSERT INTO device_setting SELECT id, 'zone', 'Pacific/Marquesas', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
