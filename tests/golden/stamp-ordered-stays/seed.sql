INSERT INTO device_stamp SELECT id, 'ATTLOG', '0', UTC_TIMESTAMP() FROM device;
