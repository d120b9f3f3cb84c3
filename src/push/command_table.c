/*
 * The commands that a server gives, as data (spec VI, notes 7).
 *
 * Limits are the specification's where it has some.  A name of 24 bytes fits
 * every clock (notes 7); newer ones take longer ones.
 */
#include "config.h"

#include "cg_push.h"

#define ANY		INT32_MAX
#define NAME_MAX	96
#define LABEL_MAX	24
#define SHELL_MAX	4096
#define VALUE_MAX	2048

/* clang-format off */
#define MUST(name, type, min, max)					\
	{ name, CG_ARG_##type, min, max, true, NULL, NULL, 0 }
#define MAY(name, type, min, max)					\
	{ name, CG_ARG_##type, min, max, false, NULL, NULL, 0 }
/* Sent as "value" when it is not given. */
#define ELSE(name, type, min, max, value)				\
	{ name, CG_ARG_##type, min, max, true, value, NULL, 0 }
#define MAY_ELSE(name, type, min, max, value)				\
	{ name, CG_ARG_##type, min, max, false, value, NULL, 0 }
#define ONE_OF(name, required, value, words)				\
	{ name, CG_ARG_CHOICE, 0, 0, required, value, words, 0 }
/* One set of fields or the other. */
#define IN_SET(set, name, type, min, max, value)			\
	{ name, CG_ARG_##type, min, max, true, value, NULL, set }

#define MUST_PIN	MUST("PIN", PIN, 1, 32)
#define MAY_PIN		MAY("PIN", PIN, 1, 32)
#define DAYS(value)							\
	ELSE("SUN", DAY, 0, 1, value),					\
	ELSE("MON", DAY, 0, 1, value),					\
	ELSE("TUE", DAY, 0, 1, value),					\
	ELSE("WED", DAY, 0, 1, value),					\
	ELSE("THU", DAY, 0, 1, value),					\
	ELSE("FRI", DAY, 0, 1, value),					\
	ELSE("SAT", DAY, 0, 1, value)
#define NO_TIMES	"00:00;00:00;00:00;00:00;00:00;00:00;00:00;"
#define PERIOD								\
	MUST("StartTime", DATE, 0, 0),					\
	MUST("EndTime", DATE, 0, 1)
#define CONTENT								\
	IN_SET(1, "Format", INT, 0, 9, "1"),				\
	IN_SET(1, "Url", URL, 0, 1024, NULL),				\
	IN_SET(2, "Size", SIZE, 0, ANY, NULL),				\
	IN_SET(2, "Content", BASE64, 1, ANY, NULL)

static const struct cg_arg shell[] = { MUST("text", TEXT, 1, SHELL_MAX) };
static const struct cg_arg set_option[] = {
	MUST("item", ITEM, 1, 64),
	MUST("value", TEXT, 0, VALUE_MAX),
};
static const struct cg_arg get_option[] = { MUST("item", ITEM, 1, 64) };

/* spec VI.7.2; Pri 6 and 10, Grp 100, StartDatetime ...: notes 7 */
static const struct cg_arg user_update[] = {
	MUST_PIN,
	MAY("Name", TEXT, 0, NAME_MAX),
	ONE_OF("Pri", false, NULL, "0 1 2 6 10 14"),
	MAY("Passwd", TEXT, 0, 32),
	MAY("Card", TEXT, 0, 32),
	MAY("Grp", INT, 0, 100),
	MAY("TZ", USERTZ, 0, 0),
	MAY("VerifyMode", INT, -1, 255),
	MAY("Verify", INT, -1, 255),
	MAY("ViceCard", TEXT, 0, 32),
	MAY("StartDatetime", DATE, 1, 0),
	MAY("EndDatetime", DATE, 1, 1),
	MAY("Expires", INT, 0, 9),
};
static const struct cg_arg user_extended_update[] = {
	MUST_PIN,
	MAY("RecheckMin", INT, 0, ANY),
	MAY("LockoutOverride", INT, 0, 1),
	ONE_OF("User1to1FpThreshold", false, NULL, "10 15 20 25 30 35"),
};
static const struct cg_arg by_pin[] = { MUST_PIN };
static const struct cg_arg maybe_by_pin[] = { MAY_PIN };

/* spec VI.7.4: fingers are counted from 1, by clocks from 0 */
static const struct cg_arg fingerprint_update[] = {
	MUST_PIN,
	MUST("FID", INT, 0, 10),
	ELSE("Size", SIZE, 0, ANY, NULL),
	ELSE("Valid", INT, 0, 3, "1"),
	MUST("TMP", BASE64, 1, ANY),
};
static const struct cg_arg fingerprint_delete[] = {
	MUST_PIN,
	MAY("FID", INT, 0, 10),
};
static const struct cg_arg face_update[] = {
	MUST_PIN,
	MUST("FID", INT, 0, 255),
	ELSE("Size", SIZE, 0, ANY, NULL),
	ELSE("Valid", INT, 0, 1, "1"),
	MUST("TMP", BASE64, 1, ANY),
};
static const struct cg_arg biodata_update[] = {
	MUST("Pin", PIN, 1, 32),
	ELSE("No", INT, 0, 255, "0"),
	ELSE("Index", INT, 0, 255, "0"),
	ELSE("Valid", INT, 0, 1, "1"),
	ELSE("Duress", INT, 0, 1, "0"),
	MUST("Type", INT, 0, 255),
	MUST("MajorVer", INT, 0, 9999),
	MUST("MinorVer", INT, 0, 9999),
	ELSE("Format", INT, 0, 255, "0"),
	MUST("Tmp", BASE64, 1, ANY),
};
static const struct cg_arg biodata_delete[] = {
	MUST("Pin", PIN, 1, 32),
	MAY("Type", INT, 0, 255),
	MAY("No", INT, 0, 255),
};
static const struct cg_arg biophoto_update[] = {
	MUST_PIN,
	MUST("Type", INT, 0, 255),
	CONTENT,
};
/* spec VI.7.9; Format and Url: notes 7 */
static const struct cg_arg picture_update[] = { MUST_PIN, CONTENT };

static const struct cg_arg sms_update[] = {
	MUST("MSG", TEXT, 1, 1024),
	ONE_OF("TAG", true, NULL, "253 254"),
	MUST("UID", INT, 0, ANY),
	MUST("MIN", INT, 0, ANY),
	MUST("StartTime", DATE, 0, 0),
};
static const struct cg_arg sms_assign[] = {
	MUST_PIN,
	MUST("UID", INT, 0, ANY),
};
static const struct cg_arg sms_delete[] = { MAY("UID", INT, 0, ANY) };

static const struct cg_arg work_code_update[] = {
	MUST("CODE", INT, 0, ANY),
	MUST("Name", TEXT, 1, NAME_MAX),
};
static const struct cg_arg work_code_delete[] = { MAY("CODE", INT, 0, ANY) };
static const struct cg_arg job_code_group_update[] = {
	MUST("ID", INT, 1, 6),
	MUST("Name", TEXT, 1, NAME_MAX),
	ELSE("Enable", INT, 0, 1, "1"),
};
static const struct cg_arg job_code_group_delete[] = { MUST("ID", INT, 1, 6) };
static const struct cg_arg job_code_update[] = {
	MUST("Number", INT, 0, ANY),
	MUST("Name", TEXT, 1, NAME_MAX),
	MUST("JobCodeGroupId", INT, 1, 6),
};
static const struct cg_arg job_code_delete[] = {
	MUST("Number", INT, 0, ANY),
	MUST("JobCodeGroupId", INT, 1, 6),
};
static const struct cg_arg tip_code_update[] = {
	MUST("ID", INT, 1, 3),
	MUST("Name", TEXT, 1, NAME_MAX),
	ELSE("Enable", INT, 0, 1, "1"),
};

static const struct cg_arg time_zone_update[] = {
	MUST("TZID", INT, 1, 50),
	MUST("TIME", WEEK, 0, 0),
};
static const struct cg_arg time_zone_delete[] = { MAY("TZID", INT, 1, 50) };
static const struct cg_arg access_group_update[] = {
	MUST("ID", INT, 0, 99),
	ELSE("Verify", INT, -1, 255, "0"),
	ELSE("Validholiday", INT, 0, 1, "0"),
	MUST("TZ", SCHEDULES, 0, 0),
};
static const struct cg_arg bell_update[] = {
	MUST("BellID", INT, 0, 65535),
	MUST("Time", CLOCK, 0, 0),
	MUST("MusicID", INT, 0, 9),
	MAY_ELSE("Volume", INT, 0, 99, "67"),
	MAY_ELSE("State", INT, 0, 1, "1"),
	DAYS(NULL),
	MAY_ELSE("BellType", INT, 0, 2, "0"),
	MAY("BellLifeTime", INT, 0, 255),
};
static const struct cg_arg bell_delete[] = { MAY("BellID", INT, 0, 65535) };

static const struct cg_arg function_key_update[] = {
	MUST("ShortKeyID", INT, 1, 8),
	MUST("ShortKeyFun", INT, 0, 9),
	ELSE("StateCode", INT, 0, 255, "0"),
	ELSE("StateName", LABEL, 0, LABEL_MAX, ""),
	ELSE("StateAutoChange", INT, 0, 1, "0"),
	ELSE("Time", WEEKTIMES, 0, 0, NO_TIMES),
	DAYS("0"),
};
static const struct cg_arg attendance_state_update[] = {
	MUST("AttStateKey", INT, 0, 255),
	MUST("AttStateValue", INT, 0, 255),
};
static const struct cg_arg short_key_update[] = {
	MUST("keyID", INT, 1, 8),
	MUST("keyFun", INT, 0, 9),
	ELSE("stateCode", INT, 0, 255, "0"),
	ELSE("keyLabel", LABEL, 0, LABEL_MAX, ""),
	ELSE("mapValue", INT, 0, 255, "0"),
	ELSE("autoChange", INT, 0, 1, "0"),
	ELSE("Time", WEEKTIMES, 0, 0, NO_TIMES),
	DAYS("0"),
	ELSE("JobGroup", FLAGS, 0, 6, "0:0:0:0:0:0"),
	ELSE("TipGroup", FLAGS, 0, 3, "0:0:0"),
};

static const struct cg_arg file_get[] = { MUST("path", PATH, 1, 255) };
static const struct cg_arg file_put[] = {
	MUST("url", URL, 1, 1024),
	MAY("path", PATH, 1, 255),
};
static const struct cg_arg period[] = { PERIOD };
static const struct cg_arg query_fingerprints[] = {
	MAY_PIN,
	MAY("FID", INT, 0, 10),
};
static const struct cg_arg query_biodata[] = {
	MUST("Type", INT, 0, 255),
	MAY("Pin", PIN, 1, 32),
	MAY("No", INT, 0, 255),
};

/* OVERWRITE: spec VI.12.1 has 1 and 2, notes 7 has 0 and 1 */
static const struct cg_arg enroll_fingerprint[] = {
	MUST_PIN,
	MUST("FID", INT, 0, 10),
	ELSE("RETRY", INT, 1, 99, "3"),
	ONE_OF("OVERWRITE", true, "1", "0 1 2"),
};
static const struct cg_arg enroll_biodata[] = {
	MUST("TYPE", INT, 0, 255),
	MUST_PIN,
	MAY_ELSE("CardNo", TEXT, 0, 32, ""),
	ELSE("RETRY", INT, 1, 99, "3"),
	ONE_OF("OVERWRITE", true, "1", "0 1 2"),
};
static const struct cg_arg enroll_card[] = {
	MUST_PIN,
	ELSE("RETRY", INT, 1, 99, "3"),
};
static const struct cg_arg self_service_update[] = {
	MUST("ServiceNum", INT, 0, ANY),
	MUST("ServiceName", TEXT, 1, NAME_MAX),
	ELSE("Enable", INT, 0, 1, "1"),
};
static const struct cg_arg upgrade[] = {
	MUST("checksum", HEX, 32, 32),
	MUST("url", URL, 0, 1024),
	MUST("size", INT, 1, ANY),
};
static const struct cg_arg raw[] = { MUST("text", TEXT, 1, ANY) };

#define FIELDS(a)	.arg = a, .narg = CG_LEN(a), .separator = '\t'
#define WORDS(a)	FIELDS(a), .bare = true
#define NO_FIELDS	.separator = '\t'
#define ONCE		.once = true
#define SECRET		.secret = true
#define WIPES		.danger = CG_DANGER_WIPE, ONCE
#define OUTCOME(o)	.outcome = CG_OUTCOME_##o

const struct cg_command cg_commands[] = {
	{ .name = "shell", .verb = "SHELL", WORDS(shell),
	  .danger = CG_DANGER_SHELL, ONCE,
	  .doc = "run a command of the clock's operating system" },
	{ .name = "check", .verb = "CHECK", NO_FIELDS,
	  .doc = "read the options of the server again, and send new data" },
	{ .name = "info", .verb = "INFO", NO_FIELDS,
	  .doc = "tell all options and counts" },
	{ .name = "reboot", .verb = "REBOOT", NO_FIELDS,
	  ONCE, .silent = true,
	  .doc = "start the clock again" },
	{ .name = "log", .verb = "LOG", NO_FIELDS,
	  .doc = "send new data now" },
	{ .name = "reload-options", .verb = "RELOAD OPTIONS", NO_FIELDS,
	  .doc = "read the clock's own options again" },
	{ .name = "clear-log", .verb = "CLEAR LOG", NO_FIELDS, WIPES,
	  .silent = true,
	  .doc = "delete all punches of the clock, sent or not" },
	{ .name = "clear-data", .verb = "CLEAR DATA", NO_FIELDS, WIPES,
	  .doc = "delete everything: users, templates, punches" },
	{ .name = "clear-photo", .verb = "CLEAR PHOTO", NO_FIELDS, WIPES,
	  .doc = "delete all photos taken at punches, sent or not" },
	{ .name = "clear-users", .verb = "CLEAR ALL USERINFO", NO_FIELDS,
	  WIPES,
	  .doc = "delete all users with their templates" },
	{ .name = "clear-bells", .verb = "CLEAR ALL BELL", NO_FIELDS, ONCE,
	  .doc = "delete all bells" },
	{ .name = "clear-biodata", .verb = "CLEAR BIODATA", NO_FIELDS, WIPES,
	  .doc = "delete all unified templates" },
	{ .name = "reset-function-keys", .verb = "RESET ALL FUNCKEYS",
	  NO_FIELDS, ONCE,
	  .doc = "give the short keys their first meaning again" },
	{ .name = "reset-time-zones", .verb = "RESET ALL TIMEZONE",
	  NO_FIELDS, ONCE,
	  .doc = "open all schedules, 00:00-23:59 on seven days" },
	{ .name = "set-option", .verb = "SET OPTION",
	  .arg = set_option, .narg = CG_LEN(set_option), .separator = '=',
	  .bare = true,
	  SECRET, .doc = "set an option of the clock: ITEM=VALUE" },
	{ .name = "get-option", .verb = "GET OPTION FROM", WORDS(get_option),
	  .doc = "ask for an option of the clock" },

	{ .name = "user-update", .verb = "DATA UPDATE USERINFO",
	  .old_verb = "DATA USER", FIELDS(user_update),
	  SECRET, .doc = "add or change a user; send the whole record" },
	{ .name = "user-extended-update", .verb = "DATA UPDATE USEREXTINFO",
	  FIELDS(user_extended_update),
	  .doc = "set what else a user has" },
	{ .name = "user-delete", .verb = "DATA DELETE USERINFO",
	  .old_verb = "DATA DEL_USER", FIELDS(by_pin),
	  .doc = "delete a user with all templates" },
	{ .name = "users-delete-all", .verb = "DATA DELETE USERINFO",
	  NO_FIELDS, WIPES,
	  .doc = "delete all users with their templates" },
	{ .name = "fingerprint-update", .verb = "DATA UPDATE FINGERTMP",
	  .old_verb = "DATA FP", FIELDS(fingerprint_update),
	  SECRET, .doc = "add or change a fingerprint" },
	{ .name = "fingerprint-delete", .verb = "DATA DELETE FINGERTMP",
	  .old_verb = "DATA DEL_FP", FIELDS(fingerprint_delete),
	  .doc = "delete one or all fingerprints of a user" },
	{ .name = "fingerprints-delete-all", .verb = "DATA DELETE FINGERTMP",
	  NO_FIELDS, WIPES,
	  .doc = "delete all fingerprints of all users" },
	{ .name = "face-update", .verb = "DATA UPDATE FACE",
	  FIELDS(face_update),
	  SECRET, .doc = "add or change a face (near infrared)" },
	{ .name = "face-delete", .verb = "DATA DELETE FACE", FIELDS(by_pin),
	  .doc = "delete the face of a user" },
	{ .name = "biodata-update", .verb = "DATA UPDATE BIODATA",
	  FIELDS(biodata_update),
	  SECRET, .doc = "add or change a unified template" },
	{ .name = "biodata-delete", .verb = "DATA DELETE BIODATA",
	  FIELDS(biodata_delete),
	  .doc = "delete unified templates of a user" },
	{ .name = "biophoto-update", .verb = "DATA UPDATE BIOPHOTO",
	  FIELDS(biophoto_update), OUTCOME(PHOTO),
	  SECRET, .doc = "give a photo that the clock makes a face template from" },
	{ .name = "picture-update", .verb = "DATA UPDATE USERPIC",
	  FIELDS(picture_update), OUTCOME(PICTURE),
	  SECRET, .doc = "give the picture of a user; 10 to 20 KB on older clocks" },
	{ .name = "picture-delete", .verb = "DATA DELETE USERPIC",
	  FIELDS(by_pin), OUTCOME(PICTURE),
	  .doc = "delete the picture of a user" },
	{ .name = "sms-update", .verb = "DATA UPDATE SMS", FIELDS(sms_update),
	  .doc = "add or change a message: TAG 253 for all, 254 for some" },
	{ .name = "sms-assign", .verb = "DATA UPDATE USER_SMS",
	  FIELDS(sms_assign),
	  .doc = "give a message to a user" },
	{ .name = "sms-delete", .verb = "DATA DELETE SMS", FIELDS(sms_delete),
	  .doc = "delete a message, without UID all" },
	{ .name = "work-code-update", .verb = "DATA UPDATE WORKCODE",
	  FIELDS(work_code_update),
	  .doc = "add or change a work code" },
	{ .name = "work-code-delete", .verb = "DATA DELETE WORKCODE",
	  FIELDS(work_code_delete),
	  .doc = "delete a work code, without CODE all" },
	{ .name = "job-code-group-update", .verb = "DATA UPDATE JOBCODEGROUP",
	  FIELDS(job_code_group_update),
	  .doc = "add or change a group of job codes" },
	{ .name = "job-code-group-delete", .verb = "DATA DELETE JOBCODEGROUP",
	  FIELDS(job_code_group_delete),
	  .doc = "delete a group of job codes" },
	{ .name = "job-code-update", .verb = "DATA UPDATE JOBCODE",
	  FIELDS(job_code_update),
	  .doc = "add or change a job code" },
	{ .name = "job-code-delete", .verb = "DATA DELETE JOBCODE",
	  FIELDS(job_code_delete),
	  .doc = "delete a job code" },
	{ .name = "tip-code-update", .verb = "DATA UPDATE TIPCODE",
	  FIELDS(tip_code_update),
	  .doc = "name and enable a tip code" },
	{ .name = "time-zone-update", .verb = "DATA UPDATE TIMEZONE",
	  FIELDS(time_zone_update),
	  .doc = "set a schedule: TIME='MON-FRI 08:00-17:30'" },
	{ .name = "time-zone-delete", .verb = "DATA DELETE TIMEZONE",
	  FIELDS(time_zone_delete),
	  .doc = "open a schedule (00:00-23:59), without TZID all" },
	{ .name = "access-group-update", .verb = "DATA UPDATE AccGroup",
	  FIELDS(access_group_update),
	  .doc = "set the schedules of a group: TZ=1,2,16" },
	{ .name = "bell-update", .verb = "DATA UPDATE BELL",
	  FIELDS(bell_update),
	  .doc = "add or change a bell: Time=08:00 DAYS=MON-FRI" },
	{ .name = "bell-delete", .verb = "DATA DELETE BELL",
	  FIELDS(bell_delete),
	  .doc = "delete a bell, without BellID all" },
	{ .name = "function-key-update", .verb = "DATA UPDATE FUNCTIONKEY",
	  FIELDS(function_key_update),
	  .doc = "set a short key of an older clock" },
	{ .name = "attendance-state-update", .verb = "DATA UPDATE ATTSTATE",
	  FIELDS(attendance_state_update),
	  .doc = "say what an attendance state is called in punches" },
	{ .name = "short-key-update", .verb = "DATA UPDATE SHORTKEY",
	  FIELDS(short_key_update),
	  .doc = "set a short key: F1 to F8" },

	{ .name = "unlock", .verb = "AC_UNLOCK", NO_FIELDS, ONCE,
	  .doc = "open the door" },
	{ .name = "cancel-alarm", .verb = "AC_UNALARM", NO_FIELDS,
	  .doc = "end an alarm" },
	{ .name = "file-get", .verb = "GetFile", WORDS(file_get),
	  .danger = CG_DANGER_FILES, OUTCOME(BYTES),
	  .doc = "fetch a file of the clock, below /mnt/mtdblock" },
	{ .name = "file-put", .verb = "PutFile", WORDS(file_put),
	  .danger = CG_DANGER_FILES, OUTCOME(BYTES),
	  .doc = "have the clock fetch a file" },
	{ .name = "query-users", .verb = "DATA QUERY USERINFO",
	  FIELDS(maybe_by_pin), OUTCOME(ROWS),
	  .doc = "have one or all users sent" },
	{ .name = "query-punches", .verb = "DATA QUERY ATTLOG",
	  FIELDS(period), OUTCOME(ROWS),
	  .doc = "have the punches of a period sent again" },
	{ .name = "query-fingerprints", .verb = "DATA QUERY FINGERTMP",
	  FIELDS(query_fingerprints), OUTCOME(ROWS),
	  .doc = "have fingerprints sent" },
	{ .name = "query-biodata", .verb = "DATA QUERY BIODATA",
	  FIELDS(query_biodata), OUTCOME(ROWS),
	  .doc = "have unified templates sent" },
	{ .name = "query-photos", .verb = "DATA QUERY ATTPHOTO",
	  FIELDS(period), OUTCOME(ROWS),
	  .doc = "have the photos of a period sent" },
	{ .name = "verify-sum", .verb = "VERIFY SUM ATTLOG", FIELDS(period),
	  OUTCOME(ROWS),
	  .doc = "count the punches of a period" },
	{ .name = "enroll-fingerprint", .verb = "ENROLL_FP",
	  FIELDS(enroll_fingerprint), ONCE, OUTCOME(ENROLL),
	  .doc = "ask a user at the clock for a fingerprint" },
	{ .name = "enroll-biodata", .verb = "ENROLL_BIO",
	  FIELDS(enroll_biodata), ONCE, OUTCOME(ENROLL),
	  .doc = "ask a user at the clock for a face, a palm ..." },
	{ .name = "enroll-card", .verb = "ENROLL_MF", FIELDS(enroll_card),
	  ONCE, OUTCOME(ENROLL),
	  .doc = "ask a user at the clock for a card" },
	{ .name = "self-service-update", .verb = "DATA UPDATE SELFSERVICEINFO",
	  FIELDS(self_service_update),
	  .doc = "name and enable a service of the self-service key" },
	{ .name = "upgrade", .verb = "UPGRADE", .arg = upgrade,
	  .narg = CG_LEN(upgrade), .separator = ',',
	  .danger = CG_DANGER_FILES, ONCE,
	  .doc = "have the clock fetch new firmware and install it" },
	{ .name = "raw", .verb = "", WORDS(raw), OUTCOME(ROWS),
	  SECRET, .doc = "send any one line" },
};
/* clang-format on */

const size_t cg_ncommands = CG_LEN(cg_commands);

_Static_assert(CG_LEN(bell_update) <= CG_ARG_MAX &&
    CG_LEN(short_key_update) <= CG_ARG_MAX, "fields of a command");
