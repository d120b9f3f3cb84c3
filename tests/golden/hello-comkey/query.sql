SELECT key_hash IS NOT NULL, LENGTH(key_hash), key_hash LIKE '%8888%' FROM device
