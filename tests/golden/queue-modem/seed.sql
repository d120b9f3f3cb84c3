INSERT INTO command (id, device_sn, body) SELECT seq, 'CG0000000001',
  CONCAT('DATA UPDATE FINGERTMP PIN=7\tFID=0\tSize=4000\tValid=1\tTMP=', REPEAT('A', 4000)) FROM seq_1_to_3;
INSERT INTO device_setting (device_id, name, value, updated_at_utc)
  SELECT id, 'CommandBytes', '10240', UTC_TIMESTAMP() FROM device;
