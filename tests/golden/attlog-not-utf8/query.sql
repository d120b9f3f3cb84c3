SELECT pin, reserved1 FROM v1_punch; SELECT HEX(line), reason FROM v1_rejected
