SELECT line FROM v1_rejected
