SELECT COUNT(*) FROM rejected
