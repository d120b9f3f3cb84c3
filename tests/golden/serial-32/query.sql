SELECT sn FROM device WHERE status = 'pending'
