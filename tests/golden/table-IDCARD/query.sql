SELECT kind, fields FROM v1_device_item
