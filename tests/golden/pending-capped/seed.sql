INSERT INTO device (sn, status, first_seen_utc) VALUES
    ('NEW1', 'pending', '2026-01-01'), ('NEW2', 'pending', '2026-01-01');
