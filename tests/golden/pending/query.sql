SELECT status FROM v1_device WHERE sn = 'WAIT01'
