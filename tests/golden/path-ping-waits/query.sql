SELECT sn, status FROM v1_device ORDER BY sn; SELECT CONVERT(line USING utf8mb4), reason FROM v1_rejected
