INSERT INTO device_state (device_id, peer_ip) SELECT id, '192.0.2.10' FROM device
