SELECT code FROM v1_operation; SELECT line FROM v1_rejected ORDER BY id
