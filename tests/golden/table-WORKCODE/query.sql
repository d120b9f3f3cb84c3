SELECT kind, fields FROM v1_device_item; SELECT COUNT(*) FROM rejected
