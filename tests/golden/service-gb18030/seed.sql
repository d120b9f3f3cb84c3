INSERT INTO self_service (number, name) VALUES (1, '假期');
