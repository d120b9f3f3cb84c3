INSERT INTO command (id, device_sn, name, body, danger) VALUES
  (101, 'CG0000000001', 'reboot', 'REBOOT', NULL),
  (102, 'CG0000000001', 'clear-data', 'CLEAR DATA', 'wipe'),
  (103, 'CG0000000001', 'check', 'CHECK', NULL),
  (104, 'CG0000000001', 'unlock', 'AC_UNLOCK', NULL),
  (105, 'CG0000000001', NULL, 'CHECK', NULL);
