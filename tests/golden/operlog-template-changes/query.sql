SELECT pin, no, size, template FROM v1_template
