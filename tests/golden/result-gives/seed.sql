INSERT INTO device_setting (device_id, name, value, updated_at_utc)
  SELECT id, 'charset', 'GB18030', '2030-01-05' FROM device;
INSERT INTO device_user (device_id, pin, name, card, updated_at_utc)
  SELECT id, '7', 'Ann Old', '5566', '2030-01-05' FROM device;
INSERT INTO command (id, device_sn, body, name, state, attempts) VALUES
  (11, 'CG0000000001', 'DATA UPDATE USERINFO PIN=7	Name=Zoë 李	Pri=14', 'user-update', 'sent', 1),
  (12, 'CG0000000001', 'DATA USER PIN=8	Name=Bob', 'user-update', 'sent', 1),
  (13, 'CG0000000001', 'DATA UPDATE USERINFO PIN=9	Name=Refused', 'user-update', 'sent', 1),
  (14, 'CG0000000001', 'DATA UPDATE FINGERTMP PIN=7	FID=3	Size=8	Valid=1	TMP=YSB0bXA=', 'fingerprint-update', 'sent', 1),
  (15, 'CG0000000001', 'DATA UPDATE BIODATA Pin=7	No=0	Index=0	Valid=1	Duress=0	Type=9	MajorVer=58	MinorVer=12	Format=0	Tmp=YSBmYWNl', 'biodata-update', 'sent', 1),
  (16, 'CG0000000001', 'DATA UPDATE USERPIC PIN=7	Size=8	Content=YSBwaWM=', 'picture-update', 'sent', 1),
  (17, 'CG0000000001', 'DATA UPDATE BIOPHOTO PIN=8	Type=9	Format=1	Url=8.jpg', 'biophoto-update', 'sent', 1),
  (18, 'CG0000000001', 'DATA UPDATE WORKCODE CODE=5	Name=Paint', 'work-code-update', 'sent', 1),
  (19, 'CG0000000001', 'DATA UPDATE SMS MSG=Hello all	TAG=253	UID=1	MIN=60	StartTime=2030-01-07 08:00:00', 'sms-update', 'sent', 1),
  (20, 'CG0000000001', 'DATA DELETE USERINFO PIN=8', 'user-delete', 'sent', 1),
  (21, 'CG0000000001', 'DATA UPDATE USERINFO PIN=10	Name=Late', 'user-update', 'failed', 5),
  (22, 'CG0000000001', 'DATA UPDATE JOBCODE Number=5	Name=Tile	JobCodeGroupId=3', 'job-code-update', 'sent', 1),
  (23, 'ELSEWHERE', 'DATA UPDATE USERINFO PIN=11	Name=Foreign', 'user-update', 'sent', 1);
