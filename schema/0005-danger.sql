-- Dangerous commands: which classes of them are open at this moment, and a
-- record of everything that is done with them.
--
-- The rows of audit are chained: each has the hash of the row before in its
-- own.  audit_head is the end of the chain, and the one row that writers lock.
--
-- A result is settled without a look at what the command or an earlier result
-- said: for that command has a class and a hash.  The change is made only
-- where it is missing, as one ALTER TABLE.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'danger') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN danger VARCHAR(16) NULL COMMENT ''its class of danger; NULL: none, or not looked at yet'',
    ADD COLUMN reply_hash BINARY(32) AS (UNHEX(SHA2(reply, 256))) STORED COMMENT ''tells whether a result came before''');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

CREATE TABLE IF NOT EXISTS danger_open (
  class VARCHAR(16) NOT NULL COMMENT 'shell, files, wipe, network or key',
  opened_at_utc DATETIME NOT NULL COMMENT 'since when, UTC',
  until_utc DATETIME NOT NULL COMMENT 'closed from then on, UTC',
  opened_by VARCHAR(64) NOT NULL COMMENT 'who opened it',
  reason VARCHAR(255) NOT NULL COMMENT 'what for',
  PRIMARY KEY (class)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='classes of dangerous commands that are open for a while';

CREATE TABLE IF NOT EXISTS audit (
  id BIGINT UNSIGNED NOT NULL COMMENT '1, 2, 3 ... without a gap',
  at_utc DATETIME NOT NULL COMMENT 'when, UTC',
  action VARCHAR(16) NOT NULL COMMENT 'opened, closed, queued, sent, refused, done, failed, expired or cancelled',
  class VARCHAR(16) NOT NULL COMMENT 'shell, files, wipe, network or key',
  who VARCHAR(64) NOT NULL COMMENT 'who did it, or who queued the command; empty: nobody said',
  why VARCHAR(255) NOT NULL COMMENT 'the reason that the class was opened for',
  device_sn VARCHAR(32) NOT NULL COMMENT 'serial number of the clock; empty: of no clock',
  command_id BIGINT UNSIGNED NULL COMMENT 'command.id; NULL: there is none',
  what TEXT NOT NULL COMMENT 'the command, its first 1000 bytes, without the values of class key',
  result VARCHAR(255) NOT NULL COMMENT 'what became of it',
  hash CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'SHA-256 of the hash before and of this row',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='what was done with dangerous commands: rows are added, never changed';

CREATE TABLE IF NOT EXISTS audit_head (
  one TINYINT UNSIGNED NOT NULL COMMENT 'always 1',
  id BIGINT UNSIGNED NOT NULL COMMENT 'audit.id of the last row; 0: none yet',
  hash CHAR(64) CHARACTER SET ascii NOT NULL COMMENT 'its hash',
  PRIMARY KEY (one)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the end of the chain of audit: one row';

INSERT INTO audit_head (one, id, hash) VALUES (1, 0, REPEAT('0', 64))
  ON DUPLICATE KEY UPDATE one = one;

-- What was done with dangerous commands.
CREATE OR REPLACE VIEW v1_audit AS
  SELECT a.id, a.at_utc, a.action, a.class, a.who, a.why, a.device_sn,
    a.command_id, a.what, a.result, a.hash
  FROM audit a;
