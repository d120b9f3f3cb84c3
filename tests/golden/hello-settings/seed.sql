INSERT INTO device_setting SELECT id, 'Delay', '30', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
INSERT INTO device_setting SELECT id, 'ErrorDelay', '120', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
INSERT INTO device_setting SELECT id, 'Realtime', '0', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
INSERT INTO device_setting SELECT id, 'TransTimes', '08:00;20:15', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
INSERT INTO device_setting SELECT id, 'SyncTime', '0', UTC_TIMESTAMP() FROM device WHERE sn = 'CG0000000001';
