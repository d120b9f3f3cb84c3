SELECT id, state, return_code, INSTR(reply, 'total 0\nID=999&Return=5') > 0 FROM v1_command ORDER BY id
