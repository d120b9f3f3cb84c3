SELECT id, state, attempts, name, reason FROM v1_command ORDER BY id;
SELECT action, class, device_sn, command_id, what FROM v1_audit ORDER BY id
