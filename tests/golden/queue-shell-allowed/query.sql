SELECT state, return_code, HEX(reply) FROM v1_command
