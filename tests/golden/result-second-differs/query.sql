SELECT state, return_code FROM v1_command
