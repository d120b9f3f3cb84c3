SELECT (SELECT COUNT(*) FROM operation), (SELECT COUNT(*) FROM device_user), (SELECT COUNT(*) FROM template), (SELECT COUNT(*) FROM photo), (SELECT COUNT(*) FROM rejected)
