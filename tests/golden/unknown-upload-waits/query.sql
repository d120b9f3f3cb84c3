SELECT status FROM v1_device WHERE sn = 'NEW0000000009'; SELECT COUNT(*) FROM punch; SELECT COUNT(*) FROM rejected; SELECT COUNT(*) FROM device_stamp
