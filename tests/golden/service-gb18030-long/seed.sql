INSERT INTO self_service (number, name, text) VALUES (1, 'x', REPEAT('ñ', 30000));
