/*
 * The options of a clock: their names, limits and defaults (spec III.2.2,
 * notes 3.2).
 */
#include "config.h"

#include "cg_push.h"
#include "push.h"

#include <stdio.h>

#define DAY	86400
#define TIMES	10		/* of TransTimes, spec III.2.2 */

/* In the order of the block.  clang-format off */
const struct cg_option cg_options[CG_OPTION_COUNT] = {
	{ "ErrorDelay", CG_OPT_INT, 1, DAY, "60", false,
	  "seconds until the clock tries again after a failure" },
	{ "Delay", CG_OPT_INT, 1, DAY, "10", false,
	  "seconds between two heartbeats" },
	{ "TransTimes", CG_OPT_TIMES, 0, 0, "00:00;12:00", false,
	  "times of day (hh:mm, up to ten) at which the clock looks for data "
	  "to send; 0 for none" },
	{ "TransInterval", CG_OPT_INT, 0, 1440, "1", false,
	  "minutes between two looks for data to send; 0 for none" },
	{ "TransFlag", CG_OPT_TRANSFLAG, 0, 255,
	  "AttLog OpLog AttPhoto EnrollUser ChgUser EnrollFP ChgFP FACE "
	  "UserPic BioPhoto", false,
	  "what the clock uploads by itself: names, or a bitmap of 0 and 1 "
	  "that is sent as it is" },
	{ "TransFlagForm", CG_OPT_TRANSFORM, 0, 0, "string", false,
	  "how the names of TransFlag are sent: string or bitmap" },
	{ "TimeZone", CG_OPT_ZONE, 0, 0, "auto", false,
	  "how the zone is sent: auto, hhmm (+05:30), hours (5), minutes "
	  "(330), or omit" },
	{ "Realtime", CG_OPT_INT, 0, 1, "1", false,
	  "1: data is sent at once; 0: by TransTimes and TransInterval" },
	{ "Encrypt", CG_OPT_ENCRYPT, 0, 4, "0", false,
	  "0 or None: no algorithm is published" },
	{ "Timeout", CG_OPT_INT, 1, 3600, "60", false,
	  "seconds until the clock gives up a connection" },
	{ "SyncTime", CG_OPT_INT, 0, 31 * DAY, "3600", false,
	  "seconds between two settings of the clock's time; 0 for none" },
	{ "ServerVer", CG_OPT_VERSION, 0, 0, "2.4.1", true,
	  "protocol version of the server; the lower of this and the clock's "
	  "is sent" },
	{ "PushProtVer", CG_OPT_VERSION, 0, 0, "2.4.1", true,
	  "protocol version to talk; the lower of this and the clock's is "
	  "sent" },
	{ "PushOptionsFlag", CG_OPT_INT, 0, 1, "1", true,
	  "1: the clock uploads its own options" },
	{ "SupportPing", CG_OPT_INT, 0, 1, "1", true,
	  "1: the clock may ping during long uploads" },
	{ "MultiBioDataSupport", CG_OPT_FLAGS, 1, 16, "", true,
	  "templates by BIODATA type, as 0:1:1:0:0:0:0:1:1:1:1" },
	{ "MultiBioPhotoSupport", CG_OPT_FLAGS, 1, 16, "", true,
	  "comparison photos by BIODATA type, as above" },
	{ "BioDataFun", CG_OPT_FLAGS, 1, 16, "", true,
	  "biometric functions by BIODATA type, as above" },
	{ "ICLOCKSVRURL", CG_OPT_TEXT, 0, 255, "", false,
	  "address of another server that the clock shall go to" },
	{ "RequestDelay", CG_OPT_INT, 0, DAY, "", false,
	  "seconds between two requests for commands" },
	{ "TransTables", CG_OPT_TEXT, 0, 255, "", false,
	  "tables that the clock uploads by itself" },
	{ "MaxRecordCount", CG_OPT_INT, 1, 1000000, "", false,
	  "records in one upload at most" },
	{ "ATTPHOTOBase64", CG_OPT_INT, 0, 0, "", true,
	  "0: photos come as bytes; other forms are not served" },
	{ "EncryptFlag", CG_OPT_ENCRYPT, 0, 1, "", true,
	  "0: no algorithm is published" },
	{ "IRTempUnitTrans", CG_OPT_INT, 0, 1, "", true,
	  "unit of body temperatures: 0 Celsius, 1 Fahrenheit" },
	{ "QRCodeDecryptType", CG_OPT_INT, 0, 9, "", true,
	  "how QR codes are encrypted" },
	{ "QRCodeDecryptKey", CG_OPT_TEXT, 0, 128, "", true,
	  "key of QR codes" },
	{ "MaxPostSize", CG_OPT_INT, 1024, INT32_MAX, "", true,
	  "bytes in one upload at most" },
	{ "ResLogDay", CG_OPT_INT, 0, INT32_MAX, "", true,
	  "days that the clock keeps its records" },
	{ "ResLogDelCount", CG_OPT_INT, 0, INT32_MAX, "", true,
	  "records that a full clock deletes at a time" },
	{ "ResLogCount", CG_OPT_INT, 0, INT32_MAX, "", true,
	  "records that the clock keeps" },
	{ "Dialect", CG_OPT_DIALECT, 0, 0, "auto", false,
	  "auto: by the handshake; old: for clocks before PUSH 2; new" },
};
/* clang-format on */

_Static_assert(CG_LEN(cg_options) == CG_OPTION_COUNT, "rows of cg_options");

const struct cg_option *
cg_option_find(struct cg_str name)
{
	for (size_t i = 0; i < CG_LEN(cg_options); i++)
		if (cg_str_ieq(cg_str_of(cg_options[i].name), name))
			return &cg_options[i];
	return NULL;
}

static enum cg_err
refuse(char why[CG_WHY_MAX], const char *text)
{
	snprintf(why, CG_WHY_MAX, "%s", text);
	return CG_SYNTAX;
}

static enum cg_err
check_int(const struct cg_option *o, struct cg_str s, char why[CG_WHY_MAX])
{
	int32_t v;

	if (cg_str_i32(s, o->min, o->max, &v) == CG_OK)
		return CG_OK;
	if (o->min == o->max)
		snprintf(why, CG_WHY_MAX, "must be %d", (int)o->min);
	else
		snprintf(why, CG_WHY_MAX, "must be a number from %d to %d",
		    (int)o->min, (int)o->max);
	return CG_SYNTAX;
}

static bool
time_of_day(struct cg_str s)
{
	uint32_t v;

	return s.n == 5 && s.p[2] == ':' &&
	    cg_str_u32(cg_str_head(s, 2), 23, &v) == CG_OK &&
	    cg_str_u32(cg_str_from(s, 3), 59, &v) == CG_OK;
}

static enum cg_err
check_times(struct cg_str s, char why[CG_WHY_MAX])
{
	struct cg_str word;
	size_t n = 0;

	if (cg_str_eq(s, cg_lit("0")))
		return CG_OK;
	while (cg_word_next(&s, CG_TIMES_SEPS, &word))
		if (!time_of_day(word) || ++n > TIMES)
			n = TIMES + 1;
	if (n == 0 || n > TIMES)
		return refuse(why, "must be up to ten times hh:mm with ';' "
		    "between, or 0");
	return CG_OK;
}

static enum cg_err
check_word(struct cg_str s, const char *words, char why[CG_WHY_MAX])
{
	struct cg_str list = cg_str_of(words), word;

	while (cg_word_next(&list, ", ", &word))
		if (cg_str_ieq(s, word))
			return CG_OK;
	snprintf(why, CG_WHY_MAX, "must be one of %s", words);
	return CG_SYNTAX;
}

static enum cg_err
check_encrypt(const struct cg_option *o, struct cg_str s,
    char why[CG_WHY_MAX])
{
	if (cg_str_eq(s, cg_lit("0")))
		return CG_OK;
	if (s.n <= (size_t)o->max && cg_str_ieq(s, cg_lit("None")))
		return CG_OK;
	return refuse(why, "must be 0: the protocol publishes no algorithm "
	    "for encryption, so uploads could not be read");
}

static enum cg_err
check_version(struct cg_str s, char why[CG_WHY_MAX])
{
	struct cg_version v;

	if (cg_version_parse(s, &v))
		return CG_OK;
	return refuse(why, "must be a version of dotted numbers, as 2.4.1");
}

static enum cg_err
check_flags(const struct cg_option *o, struct cg_str s, char why[CG_WHY_MAX])
{
	struct cg_str flag;
	uint32_t v;
	int32_t n = 0;

	while (cg_str_cut(&s, ':', &flag))
		if (flag.n != 1 || cg_str_u32(flag, 1, &v) != CG_OK ||
		    ++n > o->max)
			n = o->max + 1;
	if (n >= o->min && n <= o->max)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "must be %d to %d flags 0 or 1 with ':' "
	    "between", (int)o->min, (int)o->max);
	return CG_SYNTAX;
}

static enum cg_err
check_text(const struct cg_option *o, struct cg_str s, char why[CG_WHY_MAX])
{
	bool ok = s.n <= (size_t)o->max;

	for (size_t i = 0; i < s.n && ok; i++)
		ok = s.p[i] >= ' ' && s.p[i] <= '~';
	if (ok)
		return CG_OK;
	snprintf(why, CG_WHY_MAX, "must be printable ASCII, at most %d bytes",
	    (int)o->max);
	return CG_SYNTAX;
}

static enum cg_err
check_type(const struct cg_option *o, struct cg_str s, char why[CG_WHY_MAX])
{
	switch (o->type) {
	case CG_OPT_INT:
		return check_int(o, s, why);
	case CG_OPT_TIMES:
		return check_times(s, why);
	case CG_OPT_TRANSFLAG:
		return cg_transflag_check(s, why);
	case CG_OPT_TRANSFORM:
		return check_word(s, "string, bitmap", why);
	case CG_OPT_ZONE:
		return check_word(s, "auto, hhmm, hours, minutes, omit", why);
	case CG_OPT_DIALECT:
		return check_word(s, "auto, old, new", why);
	case CG_OPT_ENCRYPT:
		return check_encrypt(o, s, why);
	case CG_OPT_VERSION:
		return check_version(s, why);
	case CG_OPT_FLAGS:
		return check_flags(o, s, why);
	case CG_OPT_TEXT:
		return check_text(o, s, why);
	}
	return CG_SYNTAX;
}

/* Nothing is a value only where the default is to send nothing. */
enum cg_err
cg_option_check(const struct cg_option *o, struct cg_str value,
    char why[CG_WHY_MAX])
{
	why[0] = '\0';
	if (value.n > 0)
		return check_type(o, value, why);
	if (o->value[0] == '\0')
		return CG_OK;
	return refuse(why, "must not be empty");
}
