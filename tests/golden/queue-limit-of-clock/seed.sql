INSERT INTO command (id, device_sn, body) VALUES
  (1, 'CG0000000001', 'CHECK'),
  (2, 'CG0000000001', 'INFO'),
  (3, 'CG0000000001', 'LOG');
INSERT INTO device_setting (device_id, name, value, updated_at_utc) SELECT id, 'CommandLimit', '2', UTC_TIMESTAMP() FROM device;
