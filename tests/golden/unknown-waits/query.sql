SELECT sn, status FROM v1_device ORDER BY sn
