INSERT INTO self_service (number, name, text) VALUES (7, 'Office', 'Open 9 to 5');
