SELECT state, return_code, HEX(reply) FROM v1_command;
SELECT action, why, what, result FROM v1_audit ORDER BY id
