SELECT state, reason <> '' FROM v1_command
