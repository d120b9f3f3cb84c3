/*
 * The options that SET OPTION may set (spec VI.5), and which of them could
 * cut a clock off or open it to others.  Of an option that is not listed
 * nobody knows better.
 */
#include "config.h"

#include "command.h"

#define ANY	INT32_MAX

/* clang-format off */
#define RULE(name, type, min, max, numbered, danger)			\
	{ { name, CG_ARG_##type, min, max, true, NULL, NULL, 0 },	\
	  numbered, danger }
#define OPTION(name, type, min, max)	RULE(name, type, min, max, 0, CG_SAFE)
#define ON_OFF(name)			OPTION(name, INT, 0, 1)
#define NUMBER(name)			OPTION(name, INT, 0, ANY)
#define POWER_TIME(name, numbered)					\
	RULE(name, POWERTIME, 0, 0, numbered, CG_SAFE)
#define NETWORK(name, type, min, max)					\
	RULE(name, type, min, max, 0, CG_DANGER_NETWORK)
#define KEY(name, type, min, max)	RULE(name, type, min, max, 0, CG_DANGER_KEY)

const struct cg_item_rule cg_item_rules[] = {
	NETWORK("IPAddress", IP, 0, 0),
	NETWORK("NetMask", IP, 0, 0),
	NETWORK("GATEIPAddress", IP, 0, 0),
	OPTION("VOLUME", INT, 0, 100),
	NETWORK("MAC", MAC, 0, 0),
	KEY("CardKey", TEXT, 0, 64),
	NUMBER("DeviceID"),
	NUMBER("LockOn"),
	NUMBER("AlarmAttLog"),
	NUMBER("AlarmReRec"),
	NUMBER("RS232BaudRate"),
	POWER_TIME("AutoPowerOff", 0),
	POWER_TIME("AutoPowerOn", 0),
	POWER_TIME("AutoPowerSuspend", 0),
	POWER_TIME("AutoAlarm", 50),
	NUMBER("IdlePower"),
	NUMBER("IdleMinute"),
	ON_OFF("RS232On"),
	ON_OFF("RS485On"),
	NUMBER("UnlockPerson"),
	NUMBER("OnlyPINCard"),
	NETWORK("HiSpeedNet", INT, 0, ANY),
	ON_OFF("Must1To1"),
	NUMBER("ODD"),
	NUMBER("DSM"),
	NUMBER("AADelay"),
	ON_OFF("DUHK"),
	ON_OFF("DU11"),
	ON_OFF("DU1N"),
	ON_OFF("DUPWD"),
	NUMBER("DUAD"),
	ON_OFF("LockPWRButton"),
	ON_OFF("SUN"),
	NUMBER("I1NFrom"),
	NUMBER("I1NTo"),
	ON_OFF("I1H"),
	ON_OFF("I1G"),
	ON_OFF("KeyPadBeep"),
	ON_OFF("WorkCode"),
	OPTION("AAVOLUME", INT, 0, 100),
	NETWORK("DHCP", INT, 0, 1),
	NETWORK("EnableProxyServer", INT, 0, 1),
	NETWORK("ProxyServerIP", IP, 0, 0),
	NETWORK("ProxyServerPort", INT, 0, 65535),
	ON_OFF("PrinterOn"),
	NUMBER("DefaultGroup"),
	NUMBER("GroupFpLimit"),
	NETWORK("WIFI", INT, 0, 1),
	NETWORK("wifidhcp", INT, 0, 1),
	ON_OFF("AmPmFormatFunOn"),
	NUMBER("AntiPassbackOn"),
	ON_OFF("MasterSlaveOn"),
	ON_OFF("ImeFunOn"),
	NETWORK("WebServerIP", TEXT, 1, 255),
	NETWORK("WebServerPort", INT, 1, 65535),
	NETWORK("ApiPort", INT, 0, 65535),
	NUMBER("DelRecord"),
	KEY("IsPushComKey", INT, 0, 1),
	KEY("PushComKey", TEXT, 1, 64),
	OPTION("PINOrCardNonVal", INT, 0, 3),
	/* not of the specification: another server, notes 3.2; the key as
	   newer clocks call it, notes 6.24; the time, notes 6.4 and 7 */
	NETWORK("ICLOCKSVRURL", TEXT, 1, 255),
	KEY("pushcommkey", TEXT, 1, 64),
	KEY("ComKey", TEXT, 1, 64),
	OPTION("DateTime", TEXT, 1, 32),
	OPTION("TimeZone", TEXT, 1, 16),
	ON_OFF("ServerTimeSync"),
	ON_OFF("UserValidTimeFun"),
};
/* clang-format on */

const size_t cg_nitem_rules = CG_LEN(cg_item_rules);

/* "AutoAlarm7" is one of the fifty. */
static bool
is_item(const struct cg_item_rule *rule, struct cg_str item)
{
	struct cg_str name = cg_str_of(rule->arg.name);
	uint32_t number;

	if (rule->numbered == 0)
		return cg_str_ieq(name, item);
	return cg_str_istarts(item, name) &&
	    cg_str_u32(cg_str_from(item, name.n), rule->numbered, &number) ==
	    CG_OK && number > 0;
}

const struct cg_item_rule *
cg_item_rule_find(struct cg_str item)
{
	if (item.n > 0 && item.p[0] == '~')
		item = cg_str_from(item, 1);
	for (size_t i = 0; i < cg_nitem_rules; i++)
		if (is_item(&cg_item_rules[i], item))
			return &cg_item_rules[i];
	return NULL;
}

/* ComPwd, Passwd, WIFIPassword: told by a part of the name. */
static bool
sounds_secret(struct cg_str item)
{
	static const char *const part[] = { "Pwd", "Passw", "ComKey",
		"CommKey", "DecryptKey" };

	for (; item.n > 0; item = cg_str_from(item, 1))
		for (size_t i = 0; i < CG_LEN(part); i++)
			if (cg_str_istarts(item, cg_str_of(part[i])))
				return true;
	return false;
}

bool
cg_item_secret(struct cg_str item)
{
	const struct cg_item_rule *rule = cg_item_rule_find(item);

	return rule != NULL ? rule->danger == CG_DANGER_KEY &&
	    rule->arg.type == CG_ARG_TEXT : sounds_secret(item);
}

static enum cg_danger
item_danger(struct cg_str item, enum cg_danger unlisted)
{
	const struct cg_item_rule *rule = cg_item_rule_find(item);

	if (rule != NULL)
		return rule->danger;
	return sounds_secret(item) ? CG_DANGER_KEY : unlisted;
}

/* The word that ends where s ends, blanks behind it left out. */
static struct cg_str
last_name(struct cg_str s)
{
	size_t n;

	s = cg_str_trim(s);
	n = s.n;
	while (n > 0 && cg_name_char(s.p[n - 1]))
		n--;
	return cg_str_from(s, n);
}

unsigned
cg_items_dangers(struct cg_str text, enum cg_danger unlisted)
{
	unsigned dangers = 0;
	struct cg_str piece;

	while (cg_str_cut(&text, '=', &piece) && text.p != NULL)
		dangers |= 1U << item_danger(last_name(piece), unlisted);
	return dangers & ~(1U << CG_SAFE);
}

size_t
cg_items_open(struct cg_str text)
{
	struct cg_str rest = text, piece;

	while (cg_str_cut(&rest, '=', &piece) && rest.p != NULL)
		if (cg_item_secret(last_name(piece)))
			return text.n - rest.n;
	return text.n;
}
