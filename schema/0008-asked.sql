-- What a query asks for stands beside it, for the program that counts its
-- answers: that one need not read commands, which may hold what is secret.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'asked') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN asked VARCHAR(1024) NULL COMMENT ''the body of a query that was handed out; NULL: no query''');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

-- Queries that are under way.
UPDATE command SET asked = LEFT(body, 1024)
  WHERE counts_until_utc IS NOT NULL AND asked IS NULL
  AND LENGTH(body) <= 1024;
