SELECT id, rows_received FROM v1_command ORDER BY id
