SELECT kind, pin, size, HEX(image), extra FROM v1_photo
