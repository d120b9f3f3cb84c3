SELECT pin, type, no, idx, valid, duress, major_version, minor_version, template FROM v1_template ORDER BY type; SELECT * FROM (SELECT table_name, stamp FROM v1_stamp) s
