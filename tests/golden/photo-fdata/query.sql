SELECT kind, pin, taken_at, size, HEX(image) FROM v1_photo; SELECT COUNT(*) FROM rejected
