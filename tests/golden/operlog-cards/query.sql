SELECT pin, card FROM v1_device_user ORDER BY pin
