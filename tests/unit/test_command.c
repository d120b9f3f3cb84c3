/*
 * push: from fields to the bodies of commands (spec VI, notes 7).
 */
#include "config.h"

#include "command_case.h"

#define A10	"aaaaaaaaaa"
#define A30	A10 A10 A10
#define SEVEN(flag)							\
	"SUN=" flag "|MON=" flag "|TUE=" flag "|WED=" flag "|THU=" flag	\
	"|FRI=" flag "|SAT=" flag
#define SENT(sun, day, sat)						\
	"SUN=" sun "\tMON=" day "\tTUE=" day "\tWED=" day "\tTHU=" day	\
	"\tFRI=" day "\tSAT=" sat
#define NO_TIMES	"00:00;00:00;00:00;00:00;00:00;00:00;00:00;"
#define SPEC_TIMES	"08:30;09:00;08:00;12:00;11:12;00:00;00:00;"
#define SPEC_WEEK							\
	"11231233000015330000123300001233000012330000123300001233"
#define MD5	"00112233445566778899aabbccddeeff"

/* clang-format off */
static const struct command_case examples[] = {
	/* spec VI.1 to VI.4, VI.6, notes 7 */
	{ "shell", "text=ls -l /mnt", "SHELL ls -l /mnt" },
	{ "check", "", "CHECK" },
	{ "info", "", "INFO" },
	{ "reboot", "", "REBOOT" },
	{ "log", "", "LOG" },
	{ "reload-options", "", "RELOAD OPTIONS" },
	{ "clear-log", "", "CLEAR LOG" },
	{ "clear-data", "", "CLEAR DATA" },
	{ "clear-photo", "", "CLEAR PHOTO" },
	{ "clear-users", "", "CLEAR ALL USERINFO" },
	{ "clear-bells", "", "CLEAR ALL BELL" },
	{ "clear-biodata", "", "CLEAR BIODATA" },
	{ "reset-function-keys", "", "RESET ALL FUNCKEYS" },
	{ "reset-time-zones", "", "RESET ALL TIMEZONE" },
	/* spec VI.5 */
	{ "set-option", "IPAddress=192.168.1.225",
	  "SET OPTION IPAddress=192.168.1.225" },
	{ "set-option", "item=VOLUME|value=67", "SET OPTION VOLUME=67" },
	{ "set-option", "AutoPowerOff=18:30", "SET OPTION AutoPowerOff=4638" },
	{ "set-option", "AutoAlarm50=4638", "SET OPTION AutoAlarm50=4638" },
	{ "set-option", "MAC=00:17:61:00:00:22",
	  "SET OPTION MAC=00:17:61:00:00:22" },
	{ "set-option", "Unheard=of, as it is", "SET OPTION Unheard=of, as it is" },
	{ "set-option", "~Platform=", "SET OPTION ~Platform=" },
	{ "get-option", "item=~SerialNumber", "GET OPTION FROM ~SerialNumber" },
	/* spec VI.7.2, VI.7.3, VI.7.6 */
	{ "user-update", "PIN=7", "DATA UPDATE USERINFO PIN=7" },
	{ "user-update", "PIN=7|Name=Ann|Pri=0|Passwd=|Card=|Grp=1|"
	  "TZ=0000000100000000|Verify=0|ViceCard=",
	  "DATA UPDATE USERINFO PIN=7\tName=Ann\tPri=0\tPasswd=\tCard=\tGrp=1\t"
	  "TZ=0000000100000000\tVerify=0\tViceCard=" },
	{ "user-update", "tz=1,2,15|pin=271_14257",
	  "DATA UPDATE USERINFO PIN=271_14257\tTZ=000000010002000F" },
	{ "user-update", "PIN=7|TZ=50", "DATA UPDATE USERINFO PIN=7\t"
	  "TZ=0000003200000000" },
	{ "user-update", "PIN=7|TZ=group",
	  "DATA UPDATE USERINFO PIN=7\tTZ=0001000000000000" },
	{ "user-update", "PIN=7|Grp=|TZ=", "DATA UPDATE USERINFO PIN=7\tGrp=\tTZ=" },
	{ "user-update", "PIN=7|VerifyMode=129|Verify=-1|ViceCard=[15cd5b0700]|"
	  "StartDatetime=2030-01-01|EndDatetime=2030-1-31|Expires=1",
	  "DATA UPDATE USERINFO PIN=7\tVerifyMode=129\tVerify=-1\t"
	  "ViceCard=[15cd5b0700]\tStartDatetime=2030-01-01T00:00:00\t"
	  "EndDatetime=2030-01-31T23:59:59\tExpires=1" },
	{ "user-update", "PIN=7|StartDatetime=0|EndDatetime=2030-01-31 08:00:00",
	  "DATA UPDATE USERINFO PIN=7\tStartDatetime=0\t"
	  "EndDatetime=2030-01-31T08:00:00" },
	{ "user-extended-update",
	  "PIN=7|RecheckMin=60|LockoutOverride=1|User1to1FpThreshold=35",
	  "DATA UPDATE USEREXTINFO PIN=7\tRecheckMin=60\tLockoutOverride=1\t"
	  "User1to1FpThreshold=35" },
	{ "user-delete", "PIN=7", "DATA DELETE USERINFO PIN=7" },
	{ "users-delete-all", "", "DATA DELETE USERINFO" },
	/* spec VI.7.4, VI.7.5, VI.7.7, VI.7.8 */
	{ "fingerprint-update", "PIN=7|FID=0|TMP=QUJDRA==",
	  "DATA UPDATE FINGERTMP PIN=7\tFID=0\tSize=8\tValid=1\tTMP=QUJDRA==" },
	{ "fingerprint-update", "PIN=7|FID=10|Size=6|Valid=0|TMP=QUJDRA",
	  "DATA UPDATE FINGERTMP PIN=7\tFID=10\tSize=6\tValid=0\tTMP=QUJDRA" },
	{ "fingerprint-delete", "PIN=7|FID=0",
	  "DATA DELETE FINGERTMP PIN=7\tFID=0" },
	{ "fingerprint-delete", "PIN=7", "DATA DELETE FINGERTMP PIN=7" },
	{ "fingerprints-delete-all", "", "DATA DELETE FINGERTMP" },
	{ "face-update", "PIN=7|FID=0|TMP=QUJD",
	  "DATA UPDATE FACE PIN=7\tFID=0\tSize=4\tValid=1\tTMP=QUJD" },
	{ "face-delete", "PIN=7", "DATA DELETE FACE PIN=7" },
	/* notes 7 */
	{ "biodata-update", "Pin=7|Type=9|MajorVer=58|MinorVer=12|Tmp=QUJD",
	  "DATA UPDATE BIODATA Pin=7\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\t"
	  "MajorVer=58\tMinorVer=12\tFormat=0\tTmp=QUJD" },
	{ "biodata-delete", "Pin=7|Type=9|No=0",
	  "DATA DELETE BIODATA Pin=7\tType=9\tNo=0" },
	{ "biophoto-update", "PIN=7|Type=9|Url=photo/7.jpg",
	  "DATA UPDATE BIOPHOTO PIN=7\tType=9\tFormat=1\tUrl=photo/7.jpg" },
	{ "biophoto-update", "PIN=7|Type=9|Content=QUJD",
	  "DATA UPDATE BIOPHOTO PIN=7\tType=9\tSize=4\tContent=QUJD" },
	/* spec VI.7.9, VI.7.10 */
	{ "picture-update", "PIN=7|Content=QUJDRA==",
	  "DATA UPDATE USERPIC PIN=7\tSize=8\tContent=QUJDRA==" },
	{ "picture-update", "PIN=7|Format=1|Url=http://192.0.2.1/a.jpg",
	  "DATA UPDATE USERPIC PIN=7\tFormat=1\tUrl=http://192.0.2.1/a.jpg" },
	{ "picture-delete", "PIN=7", "DATA DELETE USERPIC PIN=7" },
	/* spec VI.7.11 */
	{ "sms-update",
	  "MSG=Lunch at noon|TAG=253|UID=1|MIN=60|StartTime=2030-01-31 12:00:00",
	  "DATA UPDATE SMS MSG=Lunch at noon\tTAG=253\tUID=1\tMIN=60\t"
	  "StartTime=2030-01-31 12:00:00" },
	{ "sms-assign", "PIN=7|UID=1", "DATA UPDATE USER_SMS PIN=7\tUID=1" },
	{ "sms-delete", "", "DATA DELETE SMS" },
	{ "sms-delete", "UID=1", "DATA DELETE SMS UID=1" },
	/* spec VI.7.12 to VI.7.14 */
	{ "work-code-update", "CODE=12|Name=Welding",
	  "DATA UPDATE WORKCODE CODE=12\tName=Welding" },
	{ "work-code-delete", "CODE=12", "DATA DELETE WORKCODE CODE=12" },
	{ "work-code-delete", "", "DATA DELETE WORKCODE" },
	{ "job-code-group-update", "ID=6|Name=Shop|Enable=0",
	  "DATA UPDATE JOBCODEGROUP ID=6\tName=Shop\tEnable=0" },
	{ "job-code-group-delete", "ID=6", "DATA DELETE JOBCODEGROUP ID=6" },
	{ "job-code-update", "Number=5|Name=Paint|JobCodeGroupId=6",
	  "DATA UPDATE JOBCODE Number=5\tName=Paint\tJobCodeGroupId=6" },
	{ "job-code-delete", "Number=5|JobCodeGroupId=6",
	  "DATA DELETE JOBCODE Number=5\tJobCodeGroupId=6" },
	{ "tip-code-update", "ID=3|Name=Cash",
	  "DATA UPDATE TIPCODE ID=3\tName=Cash\tEnable=1" },
	/* spec VI.7.15 */
	{ "time-zone-update", "TZID=1|TIME=" SPEC_WEEK,
	  "DATA UPDATE TIMEZONE TZID=1\tTIME=" SPEC_WEEK },
	{ "time-zone-update", "TZID=1|TIME=SUN 11:23-12:33, MON 00:00-15:33, "
	  "TUE-SAT 00:00-12:33",
	  "DATA UPDATE TIMEZONE TZID=1\tTIME=" SPEC_WEEK },
	{ "time-zone-update", "TZID=50|TIME=08:00-17:30",
	  "DATA UPDATE TIMEZONE TZID=50\tTIME="
	  "08001730080017300800173008001730080017300800173008001730" },
	{ "time-zone-update", "TZID=2|TIME=Friday-Mon open; tue,wed 8:00-24:00",
	  "DATA UPDATE TIMEZONE TZID=2\tTIME="
	  "00002359000023590800235908002359235723560000235900002359" },
	{ "time-zone-update", "TZID=2|TIME=daily closed",
	  "DATA UPDATE TIMEZONE TZID=2\tTIME="
	  "23572356235723562357235623572356235723562357235623572356" },
	{ "time-zone-delete", "TZID=1", "DATA DELETE TIMEZONE TZID=1" },
	{ "time-zone-delete", "", "DATA DELETE TIMEZONE" },
	{ "access-group-update", "ID=1|Verify=0|Validholiday=0|TZ=000100020010",
	  "DATA UPDATE AccGroup ID=1\tVerify=0\tValidholiday=0\tTZ=000100020010" },
	{ "access-group-update", "ID=1|TZ=1,2,16",
	  "DATA UPDATE AccGroup ID=1\tVerify=0\tValidholiday=0\tTZ=000100020010" },
	/* spec VI.7.16 */
	{ "bell-update", "BellID=1|Time=8:05|MusicID=9|DAYS=MON-FRI",
	  "DATA UPDATE BELL BellID=1\tTime=08:05\tMusicID=9\tVolume=67\tState=1\t"
	  SENT("0", "1", "0") "\tBellType=0" },
	{ "bell-update", "BellID=1|Time=08:05|MusicID=0|Volume=99|State=0|"
	  SEVEN("1") "|BellType=2|BellLifeTime=255",
	  "DATA UPDATE BELL BellID=1\tTime=08:05\tMusicID=0\tVolume=99\tState=0\t"
	  SENT("1", "1", "1") "\tBellType=2\tBellLifeTime=255" },
	{ "bell-delete", "BellID=1", "DATA DELETE BELL BellID=1" },
	{ "bell-delete", "", "DATA DELETE BELL" },
	/* spec VI.7.17 */
	{ "function-key-update", "ShortKeyID=1|ShortKeyFun=1|StateCode=15|"
	  "StateName=Lunch Out|StateAutoChange=1|Time=" SPEC_TIMES "|days=daily",
	  "DATA UPDATE FUNCTIONKEY ShortKeyID=1\tShortKeyFun=1\tStateCode=15\t"
	  "StateName=Lunch Out\tStateAutoChange=1\tTime=" SPEC_TIMES "\t"
	  SENT("1", "1", "1") },
	{ "function-key-update", "ShortKeyID=8|ShortKeyFun=0",
	  "DATA UPDATE FUNCTIONKEY ShortKeyID=8\tShortKeyFun=0\tStateCode=0\t"
	  "StateName=\tStateAutoChange=0\tTime=" NO_TIMES "\t"
	  SENT("0", "0", "0") },
	{ "attendance-state-update", "AttStateKey=1|AttStateValue=15",
	  "DATA UPDATE ATTSTATE AttStateKey=1\tAttStateValue=15" },
	{ "short-key-update", "keyID=8|keyFun=9|stateCode=1|keyLabel=Tips|"
	  "mapValue=5|autoChange=1|Time=MON-FRI 9:00, SAT 10:00|DAYS=MON-SAT|"
	  "JobGroup=1,3,5,6|TipGroup=1:0:1",
	  "DATA UPDATE SHORTKEY keyID=8\tkeyFun=9\tstateCode=1\tkeyLabel=Tips\t"
	  "mapValue=5\tautoChange=1\t"
	  "Time=00:00;09:00;09:00;09:00;09:00;09:00;10:00;\t"
	  SENT("0", "1", "1") "\tJobGroup=1:0:1:0:1:1\tTipGroup=1:0:1" },
	{ "short-key-update", "keyID=1|keyFun=6|DAYS=none|TipGroup=none|"
	  "Time=09:00",
	  "DATA UPDATE SHORTKEY keyID=1\tkeyFun=6\tstateCode=0\tkeyLabel=\t"
	  "mapValue=0\tautoChange=0\t"
	  "Time=09:00;09:00;09:00;09:00;09:00;09:00;09:00;\t"
	  SENT("0", "0", "0") "\tJobGroup=0:0:0:0:0:0\tTipGroup=0:0:0" },
	/* spec VI.8 to VI.10 */
	{ "unlock", "", "AC_UNLOCK" },
	{ "cancel-alarm", "", "AC_UNALARM" },
	{ "file-get", "path=data/ssruser.dat", "GetFile data/ssruser.dat" },
	{ "file-put", "url=http://server/iclock/file/fw/X938/main.tgz",
	  "PutFile http://server/iclock/file/fw/X938/main.tgz" },
	{ "file-put", "url=https://server/iclock/file/fw/X938/desktop.jpg|"
	  "path=/mnt/mtdblock/image",
	  "PutFile https://server/iclock/file/fw/X938/desktop.jpg\t"
	  "/mnt/mtdblock/image" },
	/* spec VI.11, notes 7 */
	{ "query-users", "", "DATA QUERY USERINFO" },
	{ "query-users", "PIN=7", "DATA QUERY USERINFO PIN=7" },
	{ "query-punches",
	  "StartTime=2030-01-01T00:00:00|EndTime=2030-01-31T23:59:59",
	  "DATA QUERY ATTLOG StartTime=2030-01-01T00:00:00\t"
	  "EndTime=2030-01-31T23:59:59" },
	{ "query-punches", "StartTime=2030-01-01|EndTime=2030-01-31",
	  "DATA QUERY ATTLOG StartTime=2030-01-01 00:00:00\t"
	  "EndTime=2030-01-31 23:59:59" },
	{ "query-fingerprints", "PIN=7|FID=1",
	  "DATA QUERY FINGERTMP PIN=7\tFID=1" },
	{ "query-fingerprints", "", "DATA QUERY FINGERTMP" },
	{ "query-biodata", "Type=9|Pin=7|No=0",
	  "DATA QUERY BIODATA Type=9\tPin=7\tNo=0" },
	{ "query-photos", "StartTime=2030-01-01|EndTime=2030-01-31 12:00:00",
	  "DATA QUERY ATTPHOTO StartTime=2030-01-01 00:00:00\t"
	  "EndTime=2030-01-31 12:00:00" },
	{ "verify-sum", "StartTime=2030-01-01|EndTime=2030-01-31",
	  "VERIFY SUM ATTLOG StartTime=2030-01-01 00:00:00\t"
	  "EndTime=2030-01-31 23:59:59" },
	/* spec VI.12, notes 7 */
	{ "enroll-fingerprint", "PIN=7|FID=0",
	  "ENROLL_FP PIN=7\tFID=0\tRETRY=3\tOVERWRITE=1" },
	{ "enroll-biodata", "TYPE=9|PIN=7",
	  "ENROLL_BIO TYPE=9\tPIN=7\tCardNo=\tRETRY=3\tOVERWRITE=1" },
	{ "enroll-card", "PIN=7", "ENROLL_MF PIN=7\tRETRY=3" },
	/* spec VI.13.1 */
	{ "self-service-update", "ServiceNum=4|ServiceName=Schedules",
	  "DATA UPDATE SELFSERVICEINFO ServiceNum=4\tServiceName=Schedules\t"
	  "Enable=1" },
	/* notes 7 */
	{ "upgrade", "checksum=" MD5 "|url=file/main.tgz|size=1234",
	  "UPGRADE checksum=" MD5 ",url=file/main.tgz,size=1234" },
	{ "raw", "text=DATA UPDATE IDCARD PIN=7\tSNNum=1",
	  "DATA UPDATE IDCARD PIN=7\tSNNum=1" },
};

/* four characters in ten bytes */
#define U4	"a\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x94"

static const struct command_case refusals[] = {
	{ "check", "PIN=7", "PIN: check has no such field" },
	{ "user-update", "Nmae=Ann|PIN=7",
	  "Nmae: user-update has no such field" },
	{ "user-update", "\x01\xe9=Ann", "??: user-update has no such field" },
	{ "user-update", "DAYS=daily", "DAYS: user-update has no such field" },
	{ "user-update", "Name=Ann", "PIN: must be given" },
	{ "user-update", "PIN=7|pin=8", "PIN: given twice" },
	{ "user-update", "PIN=",
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "user-update", "PIN=" A30 "aaa",
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "user-update", "PIN=7 8",
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "user-update", "PIN=7 Pri=14", "PIN: holds the field Pri behind a "
	  "blank; fields have TAB between" },
	{ "user-update", "PIN=7|Name=Ann  pri =14", "Name: holds the field Pri "
	  "behind a blank; fields have TAB between" },
	{ "user-update", "PIN=7|Name=Ann\tPri=14", "Name: TAB, CR, LF, NUL and "
	  "other control characters can't be sent" },
	{ "user-update", "PIN=7|Name=Ann\nC:1:SHELL", "Name: TAB, CR, LF, NUL "
	  "and other control characters can't be sent" },
	{ "user-update", "PIN=7|Name=Ann\r", "Name: TAB, CR, LF, NUL and "
	  "other control characters can't be sent" },
	{ "user-update", "PIN=7|Name=\x7f", "Name: TAB, CR, LF, NUL and "
	  "other control characters can't be sent" },
	{ "user-update", "PIN=7|Name=" A30 A30 A30 "aaaaaaa",
	  "Name: must be text, 0 to 96 bytes" },
	{ "user-update", "PIN=7|Pri=3", "Pri: must be one of 0 1 2 6 10 14" },
	{ "user-update", "PIN=7|Grp=x", "Grp: must be a number, 0 to 100" },
	{ "user-update", "PIN=7|Grp=101", "Grp: must be a number, 0 to 100" },
	{ "user-update", "PIN=7|Grp=+1", "Grp: must be a number, 0 to 100" },
	{ "user-update", "PIN=7|TZ=51", "TZ: must be up to three numbers of "
	  "schedules from 0 to 50, group, or 16 hex digits" },
	{ "user-update", "PIN=7|TZ=1,2,3,4", "TZ: must be up to three numbers of "
	  "schedules from 0 to 50, group, or 16 hex digits" },
	{ "user-update", "PIN=7|TZ=,", "TZ: must be up to three numbers of "
	  "schedules from 0 to 50, group, or 16 hex digits" },
	{ "user-update", "PIN=7|TZ=0000003300000000", "TZ: must be up to three "
	  "numbers of schedules from 0 to 50, group, or 16 hex digits" },
	{ "user-update", "PIN=7|StartDatetime=2030-02-30", "StartDatetime: must "
	  "be a date and time as 2030-01-31 08:00:00" },
	{ "user-delete", "PIN=",
	  "PIN: must be a PIN without blanks, 1 to 32 bytes" },
	{ "user-delete", "", "PIN: must be given" },
	{ "sms-delete", "UID=",
	  "UID: must be a number, 0 to 2147483647" },
	{ "user-extended-update", "PIN=7|User1to1FpThreshold=11",
	  "User1to1FpThreshold: must be one of 10 15 20 25 30 35" },
	{ "fingerprint-update", "PIN=7|FID=11|TMP=QUJD",
	  "FID: must be a number, 0 to 10" },
	{ "fingerprint-update", "PIN=7|FID=0|Size=5|TMP=QUJD",
	  "Size: must be 4, the length of the base64 text" },
	{ "fingerprint-update", "PIN=7|FID=0|Size=x|TMP=QUJD",
	  "Size: must be 4, the length of the base64 text" },
	{ "fingerprint-update", "PIN=7|FID=0|TMP=", "TMP: must be base64" },
	{ "fingerprint-update", "PIN=7|FID=0|TMP=QUJDR", "TMP: must be base64" },
	{ "fingerprint-update", "PIN=7|FID=0|TMP=QUJ=", NULL },
	{ "fingerprint-update", "PIN=7|FID=0|TMP=QUJD=", "TMP: must be base64" },
	{ "fingerprint-update", "PIN=7|FID=0|TMP=Q=JD", "TMP: must be base64" },
	{ "fingerprint-update", "PIN=7|FID=0|TMP=QU-_", "TMP: must be base64" },
	{ "fingerprint-update", "PIN=7|FID=0|TMP====", "TMP: must be base64" },
	{ "fingerprint-update", "PIN=7|FID=0", "TMP: must be given" },
	{ "biophoto-update", "PIN=7|Type=9", "Url or Content: must be given" },
	{ "biophoto-update", "PIN=7|Type=9|Url=a|Content=QUJD",
	  "Url or Content: one of them with its fields, not both" },
	{ "biophoto-update", "PIN=7|Type=9|Url=a|Size=4",
	  "Url or Content: one of them with its fields, not both" },
	{ "biophoto-update", "PIN=7|Type=9|Format=1", "Url: must be given" },
	{ "biophoto-update", "PIN=7|Type=9|Size=4", "Content: must be given" },
	{ "sms-update", "MSG=a|TAG=255|UID=1|MIN=1|StartTime=2030-01-01",
	  "TAG: must be one of 253 254" },
	{ "sms-update", "MSG=C:1:SHELL|TAG=253|UID=1|MIN=1|StartTime=2030-01-01",
	  NULL },
	{ "sms-update",
	  "MSG=a C:1:SHELL|TAG=253|UID=1|MIN=1|StartTime=2030-01-01",
	  "C:id: begins a second command; a body has one command, without it" },
	{ "sms-update", "MSG=a|TAG=253|UID=1|MIN=1|StartTime=noon",
	  "StartTime: must be a date and time as 2030-01-31 08:00:00" },
	{ "job-code-group-update", "ID=7|Name=a", "ID: must be a number, 1 to 6" },
	{ "tip-code-update", "ID=4|Name=a", "ID: must be a number, 1 to 3" },
	{ "job-code-update", "Number=1|Name=a|JobCodeGroupId=0",
	  "JobCodeGroupId: must be a number, 1 to 6" },
	{ "time-zone-update", "TZID=51|TIME=open",
	  "TZID: must be a number, 1 to 50" },
#define BAD_WEEK(time)							\
	{ "time-zone-update", "TZID=1|TIME=" time, "TIME: must be 56 digits, " \
	  "or times of a week as MON-FRI 08:00-17:30, SAT 09:00-12:00" }
	BAD_WEEK(""),
	BAD_WEEK("MON-FRI"),
	BAD_WEEK("08:00"),
	{ "time-zone-update", "TZID=1|TIME=22:00-06:00", "TIME: the end is before "
	  "the start; times must be of one day" },
	{ "time-zone-update", "TZID=1|TIME=MON-FRI open, SAT 24:00-06:00", "TIME: "
	  "must be 56 digits, or times of a week as MON-FRI 08:00-17:30, "
	  "SAT 09:00-12:00" },
	{ "time-zone-update", "TZID=1|TIME=MON-FRI open, SAT 17:30-08:00", "TIME: "
	  "the end is before the start; times must be of one day" },
	BAD_WEEK("08:00-17:30, 09:00-12:00"),
	BAD_WEEK("MON 08:00-17:30, MON-TUE open"),
	BAD_WEEK("MO 08:00-17:30"),
	BAD_WEEK("MON-XYZ 08:00-17:30"),
	BAD_WEEK("MON 08:60-17:30"),
	BAD_WEEK("MON 08:00-25:00"),
	BAD_WEEK("MON 008:00-17:30"),
	BAD_WEEK("11601233000015330000123300001233000012330000123300001233"),
	BAD_WEEK("24001233000015330000123300001233000012330000123300001233"),
	BAD_WEEK("1123123300001533000012330000123300001233000012330000123"),
	BAD_WEEK("x1231233000015330000123300001233000012330000123300001233"),
	{ "access-group-update", "ID=1|TZ=000100020033", "TZ: must be up to three "
	  "numbers of schedules from 0 to 50, or 12 hex digits" },
	{ "access-group-update", "ID=1|TZ=one", "TZ: must be up to three "
	  "numbers of schedules from 0 to 50, or 12 hex digits" },
	{ "bell-update", "BellID=1|Time=08:00|MusicID=10|DAYS=daily",
	  "MusicID: must be a number, 0 to 9" },
	{ "bell-update", "BellID=1|Time=8|MusicID=1|DAYS=daily",
	  "Time: must be a time as 08:00" },
	{ "bell-update", "BellID=1|Time=08:00|MusicID=1",
	  "SUN: must be given, or DAYS=MON-FRI for all" },
	{ "bell-update", "BellID=1|Time=08:00|MusicID=1|MON=1|DAYS=MON",
	  "MON: given twice" },
	{ "bell-update", "BellID=1|Time=08:00|MusicID=1|DAYS=weekend",
	  "DAYS: must be days as MON-FRI,SUN, daily or none" },
	{ "bell-update", "BellID=1|Time=08:00|MusicID=1|DAYS=",
	  "DAYS: must be days as MON-FRI,SUN, daily or none" },
	{ "bell-update", "BellID=1|Time=08:00|MusicID=1|SUN=2|MON=0|TUE=0|WED=0|"
	  "THU=0|FRI=0|SAT=0", "SUN: must be 0 or 1" },
	{ "short-key-update", "keyID=9|keyFun=1", "keyID: must be a number, 1 to 8" },
	{ "short-key-update", "keyID=1|keyFun=10",
	  "keyFun: must be a number, 0 to 9" },
	{ "short-key-update", "keyID=1|keyFun=1|keyLabel=" A10 A10 "aaaaa",
	  "keyLabel: must be text, 0 to 24 characters" },
	{ "short-key-update", "keyID=1|keyFun=1|keyLabel=" U4 U4 U4 U4 U4 U4, NULL },
	{ "short-key-update", "keyID=1|keyFun=1|keyLabel=" U4 U4 U4 U4 U4 U4 "a",
	  "keyLabel: must be text, 0 to 24 characters" },
	{ "function-key-update", "ShortKeyID=1|ShortKeyFun=1|StateName=" U4 U4 U4
	  U4 U4 U4 "\xe2\x82\xac", "StateName: must be text, 0 to 24 characters" },
	{ "short-key-update", "keyID=1|keyFun=1|Time=09:00;09:00", "Time: must be "
	  "seven times hh:mm with ';' after each, or as MON-FRI 09:00" },
	{ "short-key-update", "keyID=1|keyFun=1|Time=" SPEC_TIMES "08:00", "Time: "
	  "must be seven times hh:mm with ';' after each, or as MON-FRI 09:00" },
#define BAD_GROUP(flags)						\
	{ "short-key-update", "keyID=1|keyFun=1|TipGroup=" flags, "TipGroup: " \
	  "must be flags 0 or 1 with ':' between, numbers as 1,3, or none" }
	BAD_GROUP("1:0"),
	BAD_GROUP("1:0:2"),
	BAD_GROUP("1:0:1:0"),
	BAD_GROUP("4"),
	BAD_GROUP("0"),
	BAD_GROUP("all"),
	BAD_GROUP(""),
	{ "set-option", "item=VOLUME", "value: must be given" },
	{ "set-option", "VOLUME=67|MAC=1", "VOLUME: set-option has no such field" },
	{ "set-option", "VOLUME=101", "VOLUME: must be a number, 0 to 100" },
	{ "set-option", "IPAddress=1.2.3", "IPAddress: must be an address as 192.0.2.1" },
	{ "set-option", "IPAddress=1.2.3.256",
	  "IPAddress: must be an address as 192.0.2.1" },
	{ "set-option", "MAC=00:17:61:00:00:2g",
	  "MAC: must be an address as 00:17:61:00:00:22" },
	{ "set-option", "MAC=00:17", "MAC: must be an address as 00:17:61:00:00:22" },
	{ "set-option", "AutoPowerOn=255", "AutoPowerOn: must be a time as 08:00, or "
	  "hours * 256 + minutes" },
	{ "set-option", "item=Two words|value=1",
	  "item: must be the name of an option" },
	{ "set-option", "item=~|value=1", "item: must be the name of an option" },
	{ "set-option", "item=|value=1", "item: must be the name of an option" },
	{ "set-option", "item=A=B|value=1", "item: must be the name of an option" },
	{ "set-option", "Foo=1,IPAddress=1.2.3.4", "value: sets a second option" },
	{ "get-option", "item=a b", "item: must be the name of an option" },
#define BAD_PATH(path)							\
	{ "file-get", "path=" path, "path: must be a path of letters, digits " \
	  "and /._-+@%,: without .., 1 to 255 bytes" }
	BAD_PATH("a;reboot"),
	BAD_PATH("$(reboot)"),
	BAD_PATH("a`b`"),
	BAD_PATH("a>b"),
	BAD_PATH("a b"),
	BAD_PATH("a&b"),
	BAD_PATH("../a"),
	BAD_PATH("a/.."),
	BAD_PATH("-rf"),
	BAD_PATH("a/-rf"),
	BAD_PATH("'a'"),
	BAD_PATH(""),
#define BAD_URL(url)							\
	{ "file-put", "url=" url, "url: must be a URL without blanks, quotes " \
	  "or other marks of a shell, with http:// or https://" }
	BAD_URL("file/a.tgz"),
	BAD_URL("ftp://server/a.tgz"),
	BAD_URL("http://server/a.tgz;reboot"),
	BAD_URL("http://server/$(reboot)"),
	BAD_URL("http://server/a b"),
	BAD_URL(""),
	{ "biophoto-update", "PIN=7|Type=9|Url=-a", "Url: must be a URL without "
	  "blanks, quotes or other marks of a shell" },
	{ "upgrade", "checksum=abc|url=a|size=1",
	  "checksum: must be hexadecimal, 32 to 32 digits" },
	{ "upgrade", "checksum=" MD5 "|url=a,size=2|size=1",
	  "url: must be a URL without blanks, quotes or other marks of a shell" },
	{ "query-punches", "StartTime=2030-01-01", "EndTime: must be given" },
	{ "query-punches", "StartTime=2030-01-02|EndTime=2030-01-01",
	  "EndTime: is before StartTime" },
	{ "query-photos", "StartTime=2030-01-01 08:00:01|"
	  "EndTime=2030-01-01T08:00:00", "EndTime: is before StartTime" },
	{ "verify-sum", "StartTime=2030-01-02T00:00:00|EndTime=2030-01-01",
	  "EndTime: is before StartTime" },
	{ "verify-sum", "StartTime=2030-01-01 08:00:00|"
	  "EndTime=2030-01-01 08:00:00", NULL },
	{ "enroll-fingerprint", "PIN=7|FID=0|OVERWRITE=3",
	  "OVERWRITE: must be one of 0 1 2" },
	{ "shell", "text=", "text: must be text, 1 to 4096 bytes" },
	{ "shell", "text= ", "text: must be given" },
	{ "raw", "text=", "an empty line is no command" },
	{ "raw", "text= \t", "an empty line is no command" },
	{ "raw", "text=CHECK\nSHELL ls",
	  "CR, LF, NUL and other control characters can't be sent" },
	{ "raw", "text=UPDATE USERINFO PIN=7", "DATA must stand before UPDATE" },
	{ "raw", "text=DATA UPDATE USERINFO Name=Ann", "PIN: must be given" },
};
/* clang-format on */

struct room {
	struct cg_arena	*arena;
	struct cg_str	 body;
	char		 why[CG_WHY_MAX];
};

static int
setup(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	if (r == NULL || cg_arena_new(CASE_ROOM, &r->arena) != CG_OK)
		return -1;
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct room *r = *state;

	cg_arena_free(r->arena);
	free(r);
	return 0;
}

static void
test_examples(void **state)
{
	struct room *r = *state;

	for (size_t i = 0; i < CG_LEN(examples); i++) {
		const struct command_case *row = &examples[i];

		cg_arena_reset(r->arena);
		if (encode(row->name, row->fields, r->arena, &r->body,
		    r->why) != CG_OK)
			fail_msg("%s %s: %s", row->name, row->fields, r->why);
		assert_string_equal("", r->why);
		if (!cg_str_eq(cg_str_of(row->want), r->body))
			fail_msg("%s %s\ngot:  %.*s\nwant: %s", row->name,
			    row->fields, (int)r->body.n, r->body.p,
			    row->want);
	}
}

/* No command without its example. */
static void
test_all_have_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < cg_ncommands; i++) {
		size_t n = 0;

		for (size_t j = 0; j < CG_LEN(examples); j++)
			n += strcmp(examples[j].name, cg_commands[i].name) == 0;
		if (n == 0)
			fail_msg("no example of %s", cg_commands[i].name);
	}
}

/* What an encoder writes, its check reads back: the same command. */
static void
test_read_back(void **state)
{
	struct room *r = *state;
	const struct cg_command *is, *want;
	enum cg_danger danger;

	for (size_t i = 0; i < CG_LEN(examples); i++) {
		const struct command_case *row = &examples[i];

		assert_int_equal(CG_OK, cg_command_check(
		    cg_str_of(row->want), &is, &danger, r->why));
		want = command_of(row->name);
		if (is != want)
			fail_msg("%s is read as %s", row->want, is->name);
		if (want->danger != CG_SAFE && danger != want->danger)
			fail_msg("%s: %s", row->want, cg_danger_name(danger));
	}
}

static void
test_refusals(void **state)
{
	struct room *r = *state;

	for (size_t i = 0; i < CG_LEN(refusals); i++) {
		const struct command_case *row = &refusals[i];
		enum cg_err e;

		cg_arena_reset(r->arena);
		e = encode(row->name, row->fields, r->arena, &r->body, r->why);
		if (e != (row->want != NULL ? CG_SYNTAX : CG_OK))
			fail_msg("%s %s: %s %s", row->name, row->fields,
			    cg_err_text(e), r->why);
		assert_string_equal(row->want != NULL ? row->want : "", r->why);
	}
}

static void
test_nul(void **state)
{
	struct room *r = *state;
	const struct cg_pair pair[] = { { cg_lit("PIN"), cg_lit("7") },
		{ cg_lit("Name"), cg_lit("Ann\0Bob") } };

	assert_int_equal(CG_SYNTAX, cg_command_encode(
	    command_of("user-update"), pair, 2, r->arena, &r->body, r->why));
	assert_string_equal("Name: TAB, CR, LF, NUL and other control "
	    "characters can't be sent", r->why);
}

/* A template of n letters. */
static enum cg_err
encode_large(struct room *r, size_t n, size_t room)
{
	char *text = malloc(n);
	const struct cg_pair pair[] = { { cg_lit("PIN"), cg_lit("7") },
		{ cg_lit("FID"), cg_lit("0") },
		{ cg_lit("TMP"), { text, n } } };
	struct cg_arena *a;
	enum cg_err e;

	assert_non_null(text);
	memset(text, 'A', n);
	assert_int_equal(CG_OK, cg_arena_new(room, &a));
	e = cg_command_encode(command_of("face-update"), pair, 3, a, &r->body,
	    r->why);
	cg_arena_free(a);
	free(text);
	return e;
}

static void
test_large(void **state)
{
	struct room *r = *state;
	size_t max = CG_COMMAND_MAX;
	size_t head = strlen("DATA UPDATE FACE PIN=7\tFID=0\tSize=4194244\t"
	    "Valid=1\tTMP=");
	size_t fits = (max - head) / 4 * 4;

	assert_int_equal(CG_OK, encode_large(r, fits, CASE_ROOM));
	assert_int_equal(fits + head, r->body.n);
	assert_int_equal(CG_LIMIT, encode_large(r, fits + 4, CASE_ROOM));
	assert_string_equal("longer than 4194304 bytes", r->why);
	assert_int_equal(CG_LIMIT, encode_large(r, 3 * max, CASE_ROOM));
	assert_string_equal("longer than 4194304 bytes", r->why);
	assert_int_equal(CG_NOMEM, encode_large(r, 65536, 4096));
	assert_string_equal("no memory for it", r->why);
}

static void
test_old(void **state)
{
	static const struct command_case rows[] = {
		{ "user-update", "DATA UPDATE USERINFO PIN=7\tName=Ann",
		  "DATA USER PIN=7\tName=Ann" },
		{ "user-delete", "DATA DELETE USERINFO PIN=7",
		  "DATA DEL_USER PIN=7" },
		{ "fingerprint-update", "DATA UPDATE FINGERTMP PIN=7\tFID=0\t"
		  "Size=4\tValid=1\tTMP=QUJD",
		  "DATA FP PIN=7\tFID=0\tSize=4\tValid=1\tTMP=QUJD" },
		{ "fingerprint-delete", "DATA DELETE FINGERTMP PIN=7\tFID=0",
		  "DATA DEL_FP PIN=7\tFID=0" },
		{ "user-update", "DATA USER PIN=7", "DATA USER PIN=7" },
		{ "users-delete-all", "DATA DELETE USERINFO",
		  "DATA DELETE USERINFO" },
		{ "check", "CHECK", "CHECK" },
	};
	struct room *r = *state;
	const struct cg_command *is;
	enum cg_danger danger;
	struct cg_str old;

	for (size_t i = 0; i < CG_LEN(rows); i++) {
		old = cg_command_old(command_of(rows[i].name),
		    cg_str_of(rows[i].fields), r->arena);
		assert_true(cg_str_eq(cg_str_of(rows[i].want), old));
		assert_int_equal(CG_OK, cg_command_check(old, &is, &danger,
		    r->why));
		assert_string_equal(rows[i].name, is->name);
	}
}

static void
test_old_without_memory(void **state)
{
	struct cg_arena *a;

	(void)state;
	assert_int_equal(CG_OK, cg_arena_new(1, &a));
	assert_null(cg_command_old(command_of("user-delete"),
	    cg_lit("DATA DELETE USERINFO PIN=123456789012345678"), a).p);
	cg_arena_free(a);
}

/* The table itself. */
static void
test_table(void **state)
{
	(void)state;
	assert_null(cg_command_find(cg_lit("user-updat")));
	assert_ptr_equal(command_of("check"), command_of("CHECK"));
	for (size_t i = 0; i < cg_ncommands; i++) {
		const struct cg_command *c = &cg_commands[i];

		assert_ptr_equal(c, command_of(c->name));
		assert_true(c->narg <= CG_ARG_MAX);
		assert_true(strlen(c->doc) > 0);
		assert_true(c->separator != '\0');
		if (c->danger == CG_DANGER_WIPE ||
		    c->danger == CG_DANGER_SHELL)
			assert_true(c->once);
		for (size_t j = 0; j < c->narg; j++)
			assert_true(c->arg[j].min <= c->arg[j].max ||
			    c->arg[j].type == CG_ARG_DATE);
	}
}

static void
test_once(void **state)
{
	static const char *const once[] = { "shell", "reboot", "clear-data",
		"clear-users", "clear-log", "clear-photo", "clear-bells",
		"reset-function-keys", "reset-time-zones", "unlock",
		"enroll-fingerprint", "enroll-biodata",
		"enroll-card", "users-delete-all", "upgrade" };
	static const char *const again[] = { "check", "user-update", "info",
		"query-users", "file-put", "file-get", "set-option", "raw" };

	(void)state;
	for (size_t i = 0; i < CG_LEN(once); i++)
		assert_true(command_of(once[i])->once);
	for (size_t i = 0; i < CG_LEN(again); i++)
		assert_false(command_of(again[i])->once);
	assert_true(command_of("reboot")->silent);
	assert_false(command_of("check")->silent);
}

static void
test_items(void **state)
{
	static const struct {
		const char	*item;
		enum cg_danger	 danger;
	} rows[] = {
		{ "IPAddress", CG_DANGER_NETWORK },
		{ "ipaddress", CG_DANGER_NETWORK },
		{ "~MAC", CG_DANGER_NETWORK },
		{ "WebServerIP", CG_DANGER_NETWORK },
		{ "PushComKey", CG_DANGER_KEY },
		{ "CardKey", CG_DANGER_KEY },
		{ "VOLUME", CG_SAFE },
		{ "AutoAlarm1", CG_SAFE },
		{ "AutoAlarm50", CG_SAFE },
	};
	static const char *const none[] = { "AutoAlarm", "AutoAlarm0",
		"AutoAlarm51", "AutoAlarmX", "Volumes", "", "~" };

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++) {
		const struct cg_item_rule *rule =
		    cg_item_rule_find(cg_str_of(rows[i].item));

		assert_non_null(rule);
		assert_int_equal(rows[i].danger, rule->danger);
	}
	for (size_t i = 0; i < CG_LEN(none); i++)
		assert_null(cg_item_rule_find(cg_str_of(none[i])));
}

static void
test_item_secret(void **state)
{
	static const struct {
		const char	*item;
		bool		 secret;
	} rows[] = {
		{ "PushComKey", true },
		{ "~comkey", true },
		{ "pushcommkey", true },
		{ "ComPwd", true },
		{ "Passwd", true },
		{ "WIFIPassword", true },
		{ "CardKey", true },
		{ "DUPWD", false },
		{ "IsPushComKey", false },
		{ "KeyPadBeep", false },
		{ "Volumes", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < CG_LEN(rows); i++)
		if (cg_item_secret(cg_str_of(rows[i].item)) != rows[i].secret)
			fail_msg("%s", rows[i].item);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_all_have_examples),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_item_secret),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_old),
		cmocka_unit_test(test_old_without_memory),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_items),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
