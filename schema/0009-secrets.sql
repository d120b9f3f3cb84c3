-- Commands whose body holds a key or a password, which is taken out of it once
-- they have ended.
--
-- The change is made only where it is missing, as one ALTER TABLE.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'secret') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN secret TINYINT UNSIGNED NULL COMMENT ''1: its body holds a key that is to be taken out when it has ended; NULL: none, or done'',
    ADD KEY command_secret (secret, device_sn)');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;
