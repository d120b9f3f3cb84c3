SELECT code, admin_pin, happened_at, object1, object2, object3, object4 FROM v1_operation ORDER BY id;
SELECT pin, name, privilege, password, card, group_no, time_zones, verify, vice_card, extra FROM v1_device_user;
SELECT pin, type, no, idx, valid, duress, format, major_version, minor_version, size, template FROM v1_template ORDER BY type;
SELECT kind, pin, taken_at, size, HEX(image) FROM v1_photo ORDER BY id;
SELECT table_name, line FROM v1_rejected
