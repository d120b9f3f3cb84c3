INSERT INTO self_service (number, name, style, text_from) VALUES
  (1, 'Vacation', 0, 'text'),
  (2, 'PTO', 0, 'text'),
  (3, 'Accural', 0, 'text'),
  (4, 'Schedules', 1, 'text');
INSERT INTO self_service (number, name, style, text_from, text)
  VALUES (5, 'Notes', 0, 'text', 'nothing for you');
