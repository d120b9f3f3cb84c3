SELECT COUNT(*) FROM photo; SELECT line FROM v1_rejected
