SELECT size, LENGTH(image) FROM v1_photo
