SELECT COUNT(*) FROM punch; SELECT line, reason LIKE '%PIN%' FROM v1_rejected
