SELECT pin, work_code, job_code1, job_code2, job_code3, job_code4, job_code5, job_code6, tip_code1, tip_code2, tip_code3, extra FROM v1_punch ORDER BY id; SELECT COUNT(*) FROM rejected
