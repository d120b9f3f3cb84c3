SELECT kind, item_key, fields FROM v1_device_item
