SELECT push_version, language, key_hash IS NOT NULL, key_hash <> '0123456789abcdef0123456789abcdef' FROM device
