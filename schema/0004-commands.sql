-- Commands learn what they are, when they end and why they failed, and the
-- clocks' self-service comes with its texts.
--
-- Neither MySQL's ADD COLUMN nor MariaDB's and MySQL's CREATE INDEX have one
-- form to be run again, so the change is made only where it is missing.  It
-- is one ALTER TABLE: half of it is never there.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'command'
    AND column_name = 'created_by') > 0, 'DO 0',
  'ALTER TABLE command
    ADD COLUMN name VARCHAR(64) NULL COMMENT ''which command of the catalogue it is; NULL: not looked at yet'',
    ADD COLUMN reason TEXT NULL COMMENT ''the result or the failure in words'',
    ADD COLUMN expires_at_utc DATETIME NULL COMMENT ''not handed out from then on, UTC; NULL: never too late'',
    ADD COLUMN due_at_utc DATETIME NULL COMMENT ''when it is due again without a result, UTC'',
    ADD COLUMN counts_until_utc DATETIME NULL COMMENT ''uploads until then count as answer of this query, UTC; NULL: no query'',
    ADD COLUMN rows_received BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT ''records that came as answer of this query'',
    ADD COLUMN created_by VARCHAR(64) NOT NULL DEFAULT '''' COMMENT ''who queued it; empty: nobody said'',
    ADD KEY command_work (state, device_sn, id),
    ADD KEY command_counts (counts_until_utc),
    DROP KEY command_queue');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

CREATE TABLE IF NOT EXISTS self_service (
  number INT UNSIGNED NOT NULL COMMENT 'ServiceNum; 0 is the menu itself and stays free',
  name VARCHAR(64) NOT NULL COMMENT 'what the menu of the clock shows',
  style TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how the clock reads the text: 0 text, 1 comma-separated values',
  text_from ENUM('fixed','punches','text') NOT NULL DEFAULT 'fixed' COMMENT 'fixed: text, for everybody; punches: the last punches of the person; text: self_service_text',
  text TEXT NULL COMMENT 'the fixed text; else what is shown to whom there is nothing for',
  PRIMARY KEY (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='the services that people may ask for at a clock; rows are written by others';

CREATE TABLE IF NOT EXISTS self_service_text (
  service INT UNSIGNED NOT NULL COMMENT 'self_service.number',
  pin VARCHAR(32) NOT NULL COMMENT 'the person',
  text TEXT NOT NULL COMMENT 'what the clock shows',
  PRIMARY KEY (service, pin)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
  COMMENT='texts of services for one person each; rows are written by others';

-- The commands to the clocks and what became of them.
CREATE OR REPLACE VIEW v1_command AS
  SELECT c.id, c.device_sn, c.body, c.state, c.attempts, c.created_at_utc,
    c.sent_at_utc, c.done_at_utc, c.return_code, c.reply, c.name, c.reason,
    c.expires_at_utc, c.rows_received, c.created_by
  FROM command c;
