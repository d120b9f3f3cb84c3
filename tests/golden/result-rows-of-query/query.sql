SELECT rows_received FROM v1_command
