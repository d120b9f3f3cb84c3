SELECT time_zone FROM v1_device
