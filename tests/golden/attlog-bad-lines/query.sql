SELECT pin FROM v1_punch ORDER BY id; SELECT endpoint, table_name, line, reason <> '' FROM v1_rejected ORDER BY id
