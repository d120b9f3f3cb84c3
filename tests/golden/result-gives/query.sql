SELECT pin, name, HEX(RIGHT(name, 1)) AS letter, privilege, card FROM v1_device_user ORDER BY pin;
SELECT pin, type, no, major_version, template FROM v1_template ORDER BY type;
SELECT pin, kind, size, image FROM v1_photo;
SELECT kind, item_key, fields FROM v1_device_item ORDER BY kind;
SELECT COUNT(*) FROM v1_rejected
