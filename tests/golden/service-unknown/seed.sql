INSERT INTO self_service (number, name, style, text_from) VALUES
  (1, 'Vacation', 0, 'text'),
  (2, 'PTO', 0, 'text'),
  (3, 'Accural', 0, 'text'),
  (4, 'Schedules', 1, 'text');
