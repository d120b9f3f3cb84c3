INSERT INTO self_service (number, name, style, text_from) VALUES
  (1, 'Vacation', 0, 'text'),
  (2, 'PTO', 0, 'text'),
  (3, 'Accural', 0, 'text'),
  (4, 'Schedules', 1, 'text');
INSERT INTO self_service_text (service, pin, text) VALUES (4, '1999', 'Monday,1:00-2:00 pm,3:00-4:00 pm,10:00-11:00 pm\r\nTuesday,1:00-2:00 am,3:00-4:00 am,10:00-11:00 am');
