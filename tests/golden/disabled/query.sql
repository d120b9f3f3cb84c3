SELECT COUNT(*) FROM punch; SELECT status FROM v1_device WHERE sn = 'OFF01'
