SELECT code, object1 FROM v1_operation ORDER BY id
