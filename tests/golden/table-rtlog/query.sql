SELECT table_name, line FROM v1_rejected
