SELECT table_name, stamp FROM v1_stamp
