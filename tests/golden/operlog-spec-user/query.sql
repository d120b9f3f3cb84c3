SELECT pin, name, password, card, group_no, time_zones, privilege, verify FROM v1_device_user
