SELECT COUNT(*) FROM device WHERE status = 'pending'; SELECT COUNT(*) FROM device WHERE sn = 'NEW3'
