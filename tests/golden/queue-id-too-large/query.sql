SELECT id, state FROM v1_command ORDER BY id
