INSERT INTO command (id, device_sn, body) SELECT seq, 'CG0000000001', 'CHECK' FROM seq_1_to_300;
