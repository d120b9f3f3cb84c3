SELECT HEX(pin) FROM v1_punch ORDER BY id; SELECT line FROM v1_rejected ORDER BY id
