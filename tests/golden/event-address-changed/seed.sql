INSERT INTO device_state (device_id, peer_ip) SELECT id, '198.51.100.1' FROM device
