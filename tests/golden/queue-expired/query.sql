SELECT id, state, attempts, name, reason FROM v1_command ORDER BY id
