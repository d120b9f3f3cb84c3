# Every command of the catalogue, from the operator's line to the clock and
# back: typed, queued in the form of the specification, fetched through
# lighttpd, executed by clocksim on what it holds, its result stored, its rows
# where they belong.

use strict;
use warnings;
use Test::More;
use Clockgate::File qw(slurp spew);
use Clockgate::Operator qw(typed);
use Clockgate::Server;
use File::Temp ();
use JSON::PP ();

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;
my $clocksim = Clockgate::Server->program('clocksim');
plan skip_all => 'clocksim is not built' if !$clocksim;
delete @ENV{qw(http_proxy https_proxy CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};

my $dir = File::Temp->newdir('cgcat-XXXXXX', TMPDIR => 1);
my $files = "$dir/files";
mkdir $files or die "$files: $!\n";
my $s = Clockgate::Server->new(ini => ini());
my $web = $s->lighttpd(files => $files);
my $server = 'http://127.0.0.1:' . $web->port;
my $url = "$server/iclock/file/";
$s->write_ini(ini($url));

# The programs read it when they start, and then the port is not known yet.
sub ini
{
	my ($where) = @_;
	return { files => { dir => $files, url => $where // '' },
	    commands => { map { $_ => 'yes' } qw(shell files wipe network key) } };
}

sub run { return typed($s->program('clockgate'), '--config', $s->ini, @_) }

sub json
{
	my ($status, $text, $said) = run(@_, '--format', 'json');
	diag("@_: $status $said") if $status != 0;
	return JSON::PP::decode_json($text);
}

# ---- the clocks ----

# They begin alike: the people 1001 to 1003, a fingerprint of the first, three
# punches, one photo.  Each gets the commands of one kind, because of what a
# later one would take away.
my %CLOCK = (
	give => 'CAT0001',		# add, change, enrol
	ask => 'CAT0002',		# query
	take => 'CAT0003',		# delete one of two
	all => 'CAT0004',		# delete all of a kind, the people stay
	reset => 'CAT0005',		# delete all people, bells, schedules, logs
	users => 'CAT0006',		# CLEAR ALL USERINFO
	wipe => 'CAT0007',		# CLEAR DATA
	boot => 'CAT0008',		# REBOOT
);

# ---- the commands ----

my $TMP = 'YSB0ZW1wbGF0ZSB0aGF0IGlzIGxvbmcgZW5vdWdo';	# 40 characters
my $FACE = 'YW5vdGhlciBvbmUsIG9mIGEgZmFjZSwgYXMgbG9uZw==';	# 44
my $FILE = "a file\0of 20 bytes\r\n";
my $FILE64 = 'YSBmaWxlAG9mIDIwIGJ5dGVzDQo=';
my $WEEK = '11231233000015330000123300001233000012330000123300001233';
my $TIMES = '08:30;09:00;08:00;12:00;11:12;00:00;00:00;';
my @DAYS = qw(SUN=0 MON=1 TUE=1 WED=1 THU=1 FRI=1 SAT=0);
my $DAYS = join "\t", @DAYS;
my @SPAN = ('StartTime=2001-01-01T00:00:00', 'EndTime=2037-12-31T23:59:59');
my $SPAN = join "\t", @SPAN;

spew("$files/fw.bin", $FILE);
spew("$files/face.jpg", $FILE);

# What other commands need first: the clock of which kind gets it again.
my %NEEDED = (
	user => [ 'user-update', [qw(PIN=7 Name=Ann)],
	    "DATA UPDATE USERINFO PIN=7\tName=Ann" ],
	finger => [ 'fingerprint-update', ['PIN=1002', 'FID=1', 'Size=40', 'Valid=1',
	    "TMP=$TMP"], "DATA UPDATE FINGERTMP PIN=1002\tFID=1\tSize=40\tValid=1\tTMP=$TMP" ],
	finger2 => [ 'fingerprint-update', ['PIN=1002', 'FID=2', 'Size=44', 'Valid=1',
	    "TMP=$FACE"], "DATA UPDATE FINGERTMP PIN=1002\tFID=2\tSize=44\tValid=1\tTMP=$FACE" ],
	face => [ 'face-update', ['PIN=1002', 'FID=0', 'Size=44', 'Valid=1', "TMP=$FACE"],
	    "DATA UPDATE FACE PIN=1002\tFID=0\tSize=44\tValid=1\tTMP=$FACE" ],
	bio => [ 'biodata-update', ['Pin=1001', qw(No=0 Index=0 Valid=1 Duress=0 Type=9
	    MajorVer=58 MinorVer=12 Format=0), "Tmp=$FACE"], 'DATA UPDATE BIODATA '
	    . "Pin=1001\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\tMajorVer=58\tMinorVer=12"
	    . "\tFormat=0\tTmp=$FACE" ],
	palm => [ 'biodata-update', ['Pin=1001', qw(No=1 Index=0 Valid=1 Duress=0 Type=8
	    MajorVer=12 MinorVer=0 Format=0), "Tmp=$TMP"], 'DATA UPDATE BIODATA '
	    . "Pin=1001\tNo=1\tIndex=0\tValid=1\tDuress=0\tType=8\tMajorVer=12\tMinorVer=0"
	    . "\tFormat=0\tTmp=$TMP" ],
	photo => [ 'biophoto-update', ['PIN=1002', 'Type=9', 'Size=28', "Content=$FILE64"],
	    "DATA UPDATE BIOPHOTO PIN=1002\tType=9\tSize=28\tContent=$FILE64" ],
	picture => [ 'picture-update', ['PIN=1002', 'Size=28', "Content=$FILE64"],
	    "DATA UPDATE USERPIC PIN=1002\tSize=28\tContent=$FILE64" ],
	sms => [ 'sms-update', ['MSG=Hello all', qw(TAG=253 UID=1 MIN=60),
	    'StartTime=2030-01-07 08:00:00'], "DATA UPDATE SMS MSG=Hello all\tTAG=253"
	    . "\tUID=1\tMIN=60\tStartTime=2030-01-07 08:00:00" ],
	sms2 => [ 'sms-update', ['MSG=See me', qw(TAG=254 UID=2 MIN=30),
	    'StartTime=2030-01-07 09:00:00'], "DATA UPDATE SMS MSG=See me\tTAG=254"
	    . "\tUID=2\tMIN=30\tStartTime=2030-01-07 09:00:00" ],
	work => [ 'work-code-update', [qw(CODE=1 Name=Paint)],
	    "DATA UPDATE WORKCODE CODE=1\tName=Paint" ],
	work2 => [ 'work-code-update', [qw(CODE=2 Name=Wash)],
	    "DATA UPDATE WORKCODE CODE=2\tName=Wash" ],
	group => [ 'job-code-group-update', [qw(ID=3 Name=Roof Enable=1)],
	    "DATA UPDATE JOBCODEGROUP ID=3\tName=Roof\tEnable=1" ],
	group2 => [ 'job-code-group-update', [qw(ID=6 Name=Yard Enable=0)],
	    "DATA UPDATE JOBCODEGROUP ID=6\tName=Yard\tEnable=0" ],
	job => [ 'job-code-update', [qw(Number=5 Name=Tile JobCodeGroupId=3)],
	    "DATA UPDATE JOBCODE Number=5\tName=Tile\tJobCodeGroupId=3" ],
	job2 => [ 'job-code-update', [qw(Number=6 Name=Nail JobCodeGroupId=3)],
	    "DATA UPDATE JOBCODE Number=6\tName=Nail\tJobCodeGroupId=3" ],
	zone => [ 'time-zone-update', [ 'TZID=1', "TIME=$WEEK" ],
	    "DATA UPDATE TIMEZONE TZID=1\tTIME=$WEEK" ],
	zone2 => [ 'time-zone-update', [ 'TZID=50', 'TIME=SUN-SAT 08:00-17:30' ],
	    "DATA UPDATE TIMEZONE TZID=50\tTIME=" . '08001730' x 7 ],
	bell => [ 'bell-update', [qw(BellID=1 Time=08:00 MusicID=3 Volume=50 State=1
	    DAYS=MON-FRI BellType=2 BellLifeTime=30)], "DATA UPDATE BELL BellID=1\tTime=08:00"
	    . "\tMusicID=3\tVolume=50\tState=1\t$DAYS\tBellType=2\tBellLifeTime=30" ],
	bell2 => [ 'bell-update', [ qw(BellID=2 Time=17:00 MusicID=9 Volume=99 State=0),
	    @DAYS, qw(BellType=0 BellLifeTime=255) ], "DATA UPDATE BELL BellID=2\tTime=17:00"
	    . "\tMusicID=9\tVolume=99\tState=0\t$DAYS\tBellType=0\tBellLifeTime=255" ],
	fkey => [ 'function-key-update', [ qw(ShortKeyID=1 ShortKeyFun=1 StateCode=0
	    StateName=In StateAutoChange=1), "Time=$TIMES", @DAYS ], 'DATA UPDATE FUNCTIONKEY '
	    . "ShortKeyID=1\tShortKeyFun=1\tStateCode=0\tStateName=In\tStateAutoChange=1"
	    . "\tTime=$TIMES\t$DAYS" ],
	key => [ 'short-key-update', [ qw(keyID=8 keyFun=1 stateCode=2), 'keyLabel=Lunch Out',
	    qw(mapValue=15 autoChange=1), "Time=$TIMES", @DAYS, qw(JobGroup=1:0:1:0:1:1
	    TipGroup=1:0:1) ], "DATA UPDATE SHORTKEY keyID=8\tkeyFun=1\tstateCode=2"
	    . "\tkeyLabel=Lunch Out\tmapValue=15\tautoChange=1\tTime=$TIMES\t$DAYS"
	    . "\tJobGroup=1:0:1:0:1:1\tTipGroup=1:0:1" ],
	assign => [ 'sms-assign', [qw(PIN=1002 UID=2)], "DATA UPDATE USER_SMS PIN=1002\tUID=2" ],
);

# Clock; name; fields; body.  Then what it comes to, where that is not 0 and
# "done"; then what the clock holds in the end, or with ! does not: a pattern
# behind "SN<TAB>".  CODE is a result code, WORDS the words for it, HOLDS the
# patterns, ROWS the records of a query, REPLY what the clock says.
my @COMMANDS = (
	need('give', 'user', HOLDS => [ 'USERINFO\tPIN=7\tName=Ann\t' ]),
	[ 'give', 'user-update', [ qw(PIN=8 Name=Bob Pri=14 Passwd=1234 Card=5566 Grp=0),
	    'TZ=1,2,15', qw(VerifyMode=1 Verify=0 ViceCard=778), 'StartDatetime=2030-01-01T00:00:00',
	    'EndDatetime=2031-01-01T00:00:00', 'Expires=1' ], "DATA UPDATE USERINFO PIN=8"
	    . "\tName=Bob\tPri=14\tPasswd=1234\tCard=5566\tGrp=0\tTZ=000000010002000F"
	    . "\tVerifyMode=1\tVerify=0\tViceCard=778\tStartDatetime=2030-01-01T00:00:00"
	    . "\tEndDatetime=2031-01-01T00:00:00\tExpires=1", HOLDS => [ 'USERINFO\tPIN=8'
	    . '\tName=Bob\tPri=14\tPasswd=1234\tCard=5566\tGrp=0\tTZ=000000010002000F\t' ] ],
	[ 'give', 'user-extended-update', [qw(PIN=7 RecheckMin=5 LockoutOverride=1
	    User1to1FpThreshold=15)], "DATA UPDATE USEREXTINFO PIN=7\tRecheckMin=5"
	    . "\tLockoutOverride=1\tUser1to1FpThreshold=15", HOLDS => [ 'USEREXTINFO\tPIN=7'
	    . '\tRecheckMin=5\tLockoutOverride=1\tUser1to1FpThreshold=15$' ] ],
	[ 'give', 'user-extended-update', [qw(PIN=404 RecheckMin=5)],
	    "DATA UPDATE USEREXTINFO PIN=404\tRecheckMin=5", CODE => -10,
	    WORDS => 'no such user on the clock', HOLDS => [ '!USEREXTINFO\tPIN=404' ] ],
	need('give', 'finger', HOLDS => [ "FINGERTMP\tPIN=1002\tFID=1\tSize=40\tValid=1\tTMP=$TMP" ]),
	need('give', 'face', HOLDS => [ "FACE\tPIN=1002\tFID=0\tSize=44\tValid=1\tTMP=$FACE" ]),
	need('give', 'bio', HOLDS => [ 'BIODATA\tPin=1001\tNo=0\t.*\tType=9\t.*\tTmp=' . $FACE ]),
	need('give', 'photo', HOLDS => [ "BIOPHOTO\tPIN=1002\tType=9\tSize=28\tContent=$FILE64" ]),
	[ 'give', 'biophoto-update', ['PIN=1003', 'Type=9', 'Format=1', "Url=${url}face.jpg"],
	    "DATA UPDATE BIOPHOTO PIN=1003\tType=9\tFormat=1\tUrl=${url}face.jpg",
	    HOLDS => [ "BIOPHOTO\tPIN=1003\t.*\tContent=$FILE64" ] ],
	need('give', 'picture', HOLDS => [ "USERPIC\tPIN=1002\tSize=28\tContent=$FILE64" ]),
	need('give', 'sms', HOLDS => [ 'SMS\tMSG=Hello all\tTAG=253\tUID=1\tMIN=60'
	    . '\tStartTime=2030-01-07 08:00:00$' ]),
	need('give', 'sms2', HOLDS => [ 'SMS\tMSG=See me\tTAG=254\tUID=2\t' ]),
	need('give', 'assign', HOLDS => [ 'USER_SMS\tPIN=1002\tUID=2$' ]),
	[ 'give', 'sms-assign', [qw(PIN=1002 UID=99)], "DATA UPDATE USER_SMS PIN=1002\tUID=99",
	    CODE => -4, WORDS => 'no such data', HOLDS => [ '!USER_SMS\t.*UID=99' ] ],
	need('give', 'work', HOLDS => [ 'WORKCODE\tCODE=1\tName=Paint$' ]),
	[ 'give', 'job-code-update', [qw(Number=5 Name=Early JobCodeGroupId=3)],
	    "DATA UPDATE JOBCODE Number=5\tName=Early\tJobCodeGroupId=3", CODE => -4,
	    WORDS => 'no such data', HOLDS => [ '!JOBCODE\t.*Name=Early' ] ],
	need('give', 'group', HOLDS => [ 'JOBCODEGROUP\tID=3\tName=Roof\tEnable=1$' ]),
	need('give', 'job', HOLDS => [ 'JOBCODE\tNumber=5\tName=Tile\tJobCodeGroupId=3$' ]),
	[ 'give', 'tip-code-update', [qw(ID=3 Name=Cash Enable=1)],
	    "DATA UPDATE TIPCODE ID=3\tName=Cash\tEnable=1",
	    HOLDS => [ 'TIPCODE\tID=3\tName=Cash\tEnable=1$' ] ],
	need('give', 'zone', HOLDS => [ "TIMEZONE\tTZID=1\tTIME=$WEEK\$" ]),
	need('give', 'zone2', HOLDS => [ 'TIMEZONE\tTZID=50\tTIME=(?:08001730){7}$' ]),
	[ 'give', 'access-group-update', [ qw(ID=2 Verify=0 Validholiday=0), 'TZ=1,2,16' ],
	    "DATA UPDATE AccGroup ID=2\tVerify=0\tValidholiday=0\tTZ=000100020010",
	    HOLDS => [ 'AccGroup\tID=2\tVerify=0\tValidholiday=0\tTZ=000100020010$' ] ],
	need('give', 'bell', HOLDS => [ "BELL\tBellID=1\tTime=08:00\tMusicID=3\tVolume=50"
	    . "\tState=1\t$DAYS\tBellType=2\tBellLifeTime=30\$" ]),
	need('give', 'fkey', HOLDS => [ "FUNCTIONKEY\tShortKeyID=1\tShortKeyFun=1\tStateCode=0"
	    . "\tStateName=In\tStateAutoChange=1\tTime=$TIMES\t$DAYS\$" ]),
	[ 'give', 'attendance-state-update', [qw(AttStateKey=1 AttStateValue=15)],
	    "DATA UPDATE ATTSTATE AttStateKey=1\tAttStateValue=15",
	    HOLDS => [ 'ATTSTATE\tAttStateKey=1\tAttStateValue=15$' ] ],
	need('give', 'key', HOLDS => [ "SHORTKEY\tkeyID=8\tkeyFun=1\tstateCode=2\tkeyLabel="
	    . "Lunch Out\tmapValue=15\tautoChange=1\tTime=$TIMES\t$DAYS\tJobGroup=1:0:1:0:1:1"
	    . "\tTipGroup=1:0:1\$" ]),
	[ 'give', 'self-service-update', [qw(ServiceNum=1 ServiceName=Leave Enable=1)],
	    "DATA UPDATE SELFSERVICEINFO ServiceNum=1\tServiceName=Leave\tEnable=1",
	    HOLDS => [ 'SELFSERVICEINFO\tServiceNum=1\tServiceName=Leave\tEnable=1$' ] ],
	[ 'give', 'set-option', ['IPAddress=192.168.1.225'],
	    'SET OPTION IPAddress=192.168.1.225',
	    HOLDS => [ 'option\tIPAddress=192\.168\.1\.225$' ] ],
	volume('give', 55),
	[ 'give', 'get-option', ['VOLUME'], 'GET OPTION FROM VOLUME' ],
	[ 'give', 'unlock', [], 'AC_UNLOCK', HOLDS => [ 'done\tAC_UNLOCK\t1$' ] ],
	[ 'give', 'cancel-alarm', [], 'AC_UNALARM', HOLDS => [ 'done\tAC_UNALARM\t1$' ] ],
	[ 'give', 'shell', ['ls -l'], 'SHELL ls -l',
	    REPLY => "auto.sh\ndata\noptions.cfg\n" ],
	[ 'give', 'file-put', [qw(url=fw.bin path=/mnt/mtdblock/image/)],
	    "PutFile ${url}fw.bin\t/mnt/mtdblock/image/",	# the TAB of notes 7
	    CODE => 20, WORDS => '20 bytes',
	    HOLDS => [ "file\tPath=/mnt/mtdblock/image/fw.bin\tSize=20\tContent=$FILE64\$" ] ],
	[ 'give', 'file-put', ["url=${url}none.bin"], "PutFile ${url}none.bin",
	    CODE => -1008, WORDS => 'the clock could not fetch the data',
	    HOLDS => [ '!file\t.*none' ] ],
	[ 'give', 'file-get', ['image/fw.bin'], 'GetFile image/fw.bin', CODE => 20,
	    WORDS => '20 bytes', REPLY => $FILE ],
	[ 'give', 'file-get', ['data/ssruser.dat'], 'GetFile data/ssruser.dat', CODE => -3,
	    WORDS => 'reading or writing failed' ],
	[ 'give', 'upgrade', ['checksum=' . 'a1' x 16, "url=${url}fw.bin", 'size=20'],
	    'UPGRADE checksum=' . 'a1' x 16 . ",url=${url}fw.bin,size=20" ],
	[ 'give', 'enroll-fingerprint', [qw(PIN=1002 FID=6 RETRY=3 OVERWRITE=1)],
	    "ENROLL_FP PIN=1002\tFID=6\tRETRY=3\tOVERWRITE=1",
	    HOLDS => [ 'FINGERTMP\tPIN=1002\tFID=6\t' ] ],
	[ 'give', 'enroll-fingerprint', [qw(PIN=1002 FID=6 RETRY=2 OVERWRITE=2)],
	    "ENROLL_FP PIN=1002\tFID=6\tRETRY=2\tOVERWRITE=2", CODE => 2,
	    WORDS => 'this finger of the user is enrolled already' ],
	[ 'give', 'enroll-biodata', [qw(TYPE=9 PIN=1003 CardNo= RETRY=3 OVERWRITE=1)],
	    "ENROLL_BIO TYPE=9\tPIN=1003\tCardNo=\tRETRY=3\tOVERWRITE=1",
	    HOLDS => [ 'BIODATA\tPin=1003\t.*\tType=9\t' ] ],
	[ 'give', 'enroll-card', [qw(PIN=1003 RETRY=3)], "ENROLL_MF PIN=1003\tRETRY=3",
	    HOLDS => [ 'USERINFO\tPIN=1003\tCard=\d{8}\tName=' ] ],
	[ 'give', 'raw', ["DATA UPDATE WORKCODE CODE=9\tName=Raw"],
	    "DATA UPDATE WORKCODE CODE=9\tName=Raw", HOLDS => [ 'WORKCODE\tCODE=9\tName=Raw$' ] ],
	[ 'give', 'raw', ['USER ADD PIN=9'], 'USER ADD PIN=9', CODE => -22,
	    WORDS => 'the clock does not know this command', HOLDS => [ '!USERINFO\tPIN=9\t' ] ],

	need('ask', 'bio'),
	[ 'ask', 'log', [], 'LOG', HOLDS => [ 'done\tLOG\t1$' ] ],
	volume('ask', 13),
	[ 'ask', 'info', [], 'INFO', WORDS => qr/\A(?:done|no result, but .*)\z/ ],
	[ 'ask', 'query-users', [], 'DATA QUERY USERINFO', ROWS => 3 ],
	[ 'ask', 'query-users', ['PIN=1002'], 'DATA QUERY USERINFO PIN=1002', ROWS => 1 ],
	[ 'ask', 'query-users', ['PIN=404'], 'DATA QUERY USERINFO PIN=404', CODE => -10,
	    WORDS => 'no such user on the clock', ROWS => 0 ],
	[ 'ask', 'query-fingerprints', [qw(PIN=1001 FID=0)],
	    "DATA QUERY FINGERTMP PIN=1001\tFID=0", ROWS => 1 ],
	[ 'ask', 'query-biodata', [qw(Type=9 Pin=1001 No=0)],
	    "DATA QUERY BIODATA Type=9\tPin=1001\tNo=0", ROWS => 1 ],
	[ 'ask', 'query-biodata', ['Type=2'], 'DATA QUERY BIODATA Type=2', CODE => -4,
	    WORDS => 'no such data', ROWS => 0 ],
	[ 'ask', 'query-punches', \@SPAN, "DATA QUERY ATTLOG $SPAN", ROWS => 3 ],
	[ 'ask', 'query-photos', \@SPAN, "DATA QUERY ATTPHOTO $SPAN", ROWS => 1 ],
	[ 'ask', 'verify-sum', \@SPAN, "VERIFY SUM ATTLOG $SPAN", WORDS => '3 records',
	    REPLY => join('&', @SPAN, 'AttlogSum=3') ],

	(map { need('take', $_) } qw(user finger finger2 face bio palm picture sms sms2 work
	    work2 group group2 job job2 zone zone2 bell bell2)),
	[ 'take', 'user-delete', ['PIN=7'], 'DATA DELETE USERINFO PIN=7',
	    HOLDS => [ '!USERINFO\tPIN=7\t', 'USERINFO\tPIN=1001\t' ] ],
	[ 'take', 'user-delete', ['PIN=404'], 'DATA DELETE USERINFO PIN=404', CODE => -10,
	    WORDS => 'no such user on the clock' ],
	[ 'take', 'fingerprint-delete', [qw(PIN=1002 FID=1)],
	    "DATA DELETE FINGERTMP PIN=1002\tFID=1", HOLDS => [ '!FINGERTMP\tPIN=1002\tFID=1\t',
	    'FINGERTMP\tPIN=1002\tFID=2\t' ] ],
	[ 'take', 'fingerprint-delete', ['PIN=1001'], 'DATA DELETE FINGERTMP PIN=1001',
	    HOLDS => [ '!FINGERTMP\tPIN=1001\t' ] ],
	[ 'take', 'face-delete', ['PIN=1002'], 'DATA DELETE FACE PIN=1002', HOLDS => [ '!FACE\t' ] ],
	[ 'take', 'face-delete', ['PIN=1001'], 'DATA DELETE FACE PIN=1001', CODE => -4,
	    WORDS => 'no such data' ],
	[ 'take', 'biodata-delete', [qw(Pin=1001 Type=9 No=0)],
	    "DATA DELETE BIODATA Pin=1001\tType=9\tNo=0", HOLDS => [ '!BIODATA\t.*\tType=9\t',
	    'BIODATA\tPin=1001\t.*\tType=8\t' ] ],
	[ 'take', 'picture-delete', ['PIN=1002'], 'DATA DELETE USERPIC PIN=1002',
	    HOLDS => [ '!USERPIC\t' ] ],
	[ 'take', 'sms-delete', ['UID=1'], 'DATA DELETE SMS UID=1', HOLDS => [ '!SMS\t.*UID=1\t',
	    'SMS\t.*\tUID=2\t' ] ],
	[ 'take', 'work-code-delete', ['CODE=1'], 'DATA DELETE WORKCODE CODE=1',
	    HOLDS => [ '!WORKCODE\tCODE=1\t', 'WORKCODE\tCODE=2\t' ] ],
	[ 'take', 'work-code-delete', ['CODE=404'], 'DATA DELETE WORKCODE CODE=404', CODE => -4,
	    WORDS => 'no such data' ],
	[ 'take', 'job-code-delete', [qw(Number=5 JobCodeGroupId=3)],
	    "DATA DELETE JOBCODE Number=5\tJobCodeGroupId=3", HOLDS => [ '!JOBCODE\tNumber=5\t',
	    'JOBCODE\tNumber=6\t' ] ],
	[ 'take', 'job-code-group-delete', ['ID=6'], 'DATA DELETE JOBCODEGROUP ID=6',
	    HOLDS => [ '!JOBCODEGROUP\tID=6\t', 'JOBCODEGROUP\tID=3\t' ] ],
	[ 'take', 'time-zone-delete', ['TZID=1'], 'DATA DELETE TIMEZONE TZID=1',
	    HOLDS => [ '!TIMEZONE\tTZID=1\t', 'TIMEZONE\tTZID=50\t' ] ],
	[ 'take', 'bell-delete', ['BellID=1'], 'DATA DELETE BELL BellID=1',
	    HOLDS => [ '!BELL\tBellID=1\t', 'BELL\tBellID=2\t' ] ],

	(map { need('all', $_) } qw(finger bio photo sms sms2 work work2 zone zone2 bell bell2)),
	[ 'all', 'fingerprints-delete-all', [], 'DATA DELETE FINGERTMP',
	    HOLDS => [ '!FINGERTMP\t', 'USERINFO\tPIN=1002\t' ] ],
	[ 'all', 'clear-biodata', [], 'CLEAR BIODATA', HOLDS => [ '!BIODATA\t', '!BIOPHOTO\t' ] ],
	[ 'all', 'sms-delete', [], 'DATA DELETE SMS', HOLDS => [ '!SMS\t' ] ],
	[ 'all', 'work-code-delete', [], 'DATA DELETE WORKCODE', HOLDS => [ '!WORKCODE\t' ] ],
	[ 'all', 'time-zone-delete', [], 'DATA DELETE TIMEZONE', HOLDS => [ '!TIMEZONE\t' ] ],
	[ 'all', 'bell-delete', [], 'DATA DELETE BELL', HOLDS => [ '!BELL\t', 'ATTLOG\t', 'ATTPHOTO\t' ] ],

	(map { need('reset', $_) } qw(finger work bell zone fkey key)),
	volume('reset', 11),
	[ 'reset', 'reload-options', [], 'RELOAD OPTIONS',
	    HOLDS => [ 'done\tRELOAD OPTIONS\t1$' ] ],
	[ 'reset', 'users-delete-all', [], 'DATA DELETE USERINFO', HOLDS => [ '!USERINFO\t',
	    '!FINGERTMP\t', 'WORKCODE\t' ] ],
	[ 'reset', 'clear-bells', [], 'CLEAR ALL BELL', HOLDS => [ '!BELL\t' ] ],
	[ 'reset', 'reset-time-zones', [], 'RESET ALL TIMEZONE', HOLDS => [ '!TIMEZONE\t' ] ],
	[ 'reset', 'reset-function-keys', [], 'RESET ALL FUNCKEYS', HOLDS => [ '!FUNCTIONKEY\t',
	    '!SHORTKEY\t' ] ],
	[ 'reset', 'clear-log', [], 'CLEAR LOG', HOLDS => [ '!ATTLOG\t', 'OPERLOG\t' ] ],
	[ 'reset', 'clear-photo', [], 'CLEAR PHOTO', HOLDS => [ '!ATTPHOTO\t' ] ],

	volume('users', 12),
	[ 'users', 'check', [], 'CHECK', HOLDS => [ 'done\tCHECK\t1$' ] ],
	(map { need('users', $_) } qw(finger face picture work)),
	[ 'users', 'clear-users', [], 'CLEAR ALL USERINFO', HOLDS => [ '!USERINFO\t',
	    '!FINGERTMP\t', '!FACE\t', '!USERPIC\t', 'WORKCODE\t', 'ATTLOG\t' ] ],

	(map { need('wipe', $_) } qw(finger work bell zone)),
	[ 'wipe', 'clear-data', [], 'CLEAR DATA', HOLDS => [ '!(?!clock|server|option|file|done)' ] ],

	[ 'boot', 'reboot', [], 'REBOOT', CODE => undef, WORDS => qr/said hello again/,
	    HOLDS => [ 'USERINFO\tPIN=1003\t', 'OPERLOG\t(?:sent|kept)\tOPLOG 0\t' ] ],
);

sub need
{
	my ($clock, $what, @more) = @_;
	return [ $clock, @{ $NEEDED{$what} }, @more ];
}

# What the clock tells of its options later has it.
sub volume
{
	my ($clock, $value) = @_;
	return [ $clock, 'set-option', ["VOLUME=$value"], "SET OPTION VOLUME=$value",
	    HOLDS => [ "option\tVOLUME=$value\$" ] ];
}

# ---- every entry has its row ----

my %row;
$row{ $_->[1] }++ for @COMMANDS;
my %entry = map { $_->{name} => 1 } @{ json('command', 'catalogue') };
is_deeply([ grep { !$row{$_} } sort keys %entry ], [],
    'every command of the catalogue is tried here');
is_deeply([ grep { !$entry{$_} } sort keys %row ], [], '  and no others');

# ---- typed, queued ----

sub clocks
{
	return some('CAT0001', scalar keys %CLOCK, @_);
}

sub some
{
	my ($sn, $n, @option) = @_;
	return typed($clocksim, '--server', $server, '--sn', $sn, '--fleet', $n,
	    qw(--staff 3 --enrolments 1 --once --speed 50 --for 20 --quiet), @option);
}

sub label { return substr "$_[0][1] @{ $_[0][2] }", 0, 60 }

$s->admit(sort values %CLOCK);
$s->allow(qw(shell files wipe network key));
# What is asked for is not there before: it came as the answer.
my ($status, $text, $said) = run('device', 'set', $CLOCK{ask}, 'TransFlag=ChgUser');
is("$status $said", '0 ', 'a clock that tells nothing by itself');
($status, $text, $said) = clocks();
is($status, 0, 'the clocks introduce themselves') or diag($text, $said, $web->log_text);

my @ids;
for my $row (@COMMANDS) {
	my ($clock, $name, $fields) = @$row;
	($status, $text, $said) = run('command', 'send', $CLOCK{$clock}, $name, @$fields, '--yes');
	my $id = $s->value('SELECT MAX(id) FROM v1_command') // 0;
	is("$status $said", '0 ', label($row) . ': is queued');
	push @ids, $status == 0 ? $id : undef;
}
my %queued = map { $_->[0] => $_ } $s->sql('SELECT id, HEX(body), device_sn FROM v1_command');
for my $i (0 .. $#COMMANDS) {
	my ($clock, undef, undef, $body) = @{ $COMMANDS[$i] };
	my $got = $queued{ $ids[$i] // 0 } // [ 0, '', '' ];
	is(pack('H*', $got->[1]), $body, label($COMMANDS[$i]) . ': the body');
	is($got->[2], $CLOCK{$clock}, '  for its clock');
}

# ---- executed ----

sub answered { return $s->value("SELECT COUNT(*) FROM $_[0] WHERE device_sn = '$CLOCK{ask}'") }

my @ANSWERS = (v1_device_user => 3, v1_template => 2, v1_punch => 3, v1_photo => 1);
for (my $i = 0; $i < @ANSWERS; $i += 2) {
	is(answered($ANSWERS[$i]), 0, "$ANSWERS[$i] has nothing of the clock that is asked");
}
($status, $text, $said) = clocks(qw(--punches 3 --photos 1 --dump), "$dir/dump");
is($status, 0, 'the clocks do what they are told') or diag($text, $said, $web->log_text);
my $dump = slurp("$dir/dump");
my %list = map { $_->{id} => $_ } @{ json('command', 'list', '--limit', '1000') };
my %text = map { $_->[0] => pack 'H*', $_->[1] } $s->sql(
    'SELECT id, HEX(reply) FROM v1_command WHERE reply IS NOT NULL');

sub holds
{
	my ($sn, $pattern) = @_;
	my $not = $pattern =~ s/^!//;
	my $regex = qr/^$sn\t$pattern/m;
	my $held = $dump =~ $regex;
	return ok($not ? !$held : $held, '  the clock ' . ($not ? 'has no' : 'holds')
	    . " $pattern") || diag($dump =~ /^$sn\t(?:[A-Z].*|option.*|file.*)\n/mg);
}

for my $i (0 .. $#COMMANDS) {
	my ($clock, $name, $fields, $body, %want) = @{ $COMMANDS[$i] };
	my $got = $list{ $ids[$i] // 0 } // {};
	my $code = exists $want{CODE} ? $want{CODE} : 0;
	my $ok = !defined $code || $code == 0 || ($code > 0 && $name =~ /^file-/);
	my $words = $want{WORDS} // 'done';
	my $named = $name eq 'raw' ? qr/\A[a-z-]+\z/ : qr/\A\Q$name\E\z/;
	is($got->{state}, $ok ? 'done' : 'failed', label($COMMANDS[$i]) . ': its state');
	like($got->{name}, $named, '  its name');
	is($got->{return_code}, $code, '  its code') if $name ne 'info';
	like($got->{reason}, ref $words ? $words : qr/\A\Q$words\E\z/, '  in words');
	is($got->{rows_received}, $want{ROWS} // 0, '  the records that came');
	is($text{ $got->{id} // 0 }, $want{REPLY}, '  what the clock said') if defined $want{REPLY};
	holds($CLOCK{$clock}, $_) for @{ $want{HOLDS} // [] };
}

# ---- what came ----

while (my ($view, $n) = splice @ANSWERS, 0, 2) {
	is(answered($view), $n, "$view has what was asked for");
}
is($s->text("SELECT pin, name FROM v1_device_user WHERE device_sn = '$CLOCK{ask}'
    ORDER BY pin"), "1001\tAda Abbott\n1002\tBen Bauer\n1003\tCarla Castro\n",
    '  the people by name');
is($s->value("SELECT template FROM v1_template WHERE device_sn = '$CLOCK{ask}'
    AND pin = '1001' AND type = 9"), $FACE, '  the template as it was given');
for (['give', 55, 'GET OPTION'], ['reset', 11, 'RELOAD OPTIONS'], ['users', 12, 'CHECK'],
    ['ask', 13, 'INFO']) {
	my ($clock, $volume, $command) = @$_;
	is($s->value("SELECT value FROM v1_device_option WHERE device_sn = '$CLOCK{$clock}'
	    AND name = 'VOLUME'"), $volume, "$command has the option told");
}
is($s->value("SELECT user_count FROM v1_device WHERE sn = '$CLOCK{ask}'"), 3,
    'INFO tells of the people');
is($s->value("SELECT COUNT(*) FROM v1_template WHERE device_sn = '$CLOCK{give}'
    AND ((pin = '1002' AND type = 1 AND no = 6) OR (pin = '1003' AND type = 9))"), 2, 'what was enrolled is uploaded');
# ---- clocks from before 2.0 ----

# They know these commands by their old verbs alone; a newer one knows none of
# these verbs.  Command, body as it is queued, what the clock holds then.
my @OLD = (
	[ [qw(user-update PIN=7 Name=Ann)], "DATA UPDATE USERINFO PIN=7\tName=Ann", 0,
	    'USERINFO\tPIN=7\tName=Ann\t' ],
	[ ['raw', "DATA USER PIN=8\tName=Bob"], "DATA USER PIN=8\tName=Bob", 0 ],
	[ ['fingerprint-update', 'PIN=7', 'FID=1', "TMP=$TMP"],
	    "DATA UPDATE FINGERTMP PIN=7\tFID=1\tSize=40\tValid=1\tTMP=$TMP", 0 ],
	[ ['fingerprint-update', 'PIN=7', 'FID=2', "TMP=$TMP"],
	    "DATA UPDATE FINGERTMP PIN=7\tFID=2\tSize=40\tValid=1\tTMP=$TMP", 0,
	    'FINGERTMP\tPIN=7\tFID=2\t' ],
	[ [qw(fingerprint-delete PIN=7 FID=1)], "DATA DELETE FINGERTMP PIN=7\tFID=1", 0,
	    '!FINGERTMP\tPIN=7\tFID=1\t' ],
	[ [qw(user-delete PIN=8)], 'DATA DELETE USERINFO PIN=8', 0, '!USERINFO\tPIN=8\t' ],
	[ [qw(user-delete PIN=404)], 'DATA DELETE USERINFO PIN=404', -10 ],
	[ [qw(query-users PIN=7)], 'DATA QUERY USERINFO PIN=7', 0 ],
	[ ['work-code-update', 'CODE=1', 'Name=Paint'], "DATA UPDATE WORKCODE CODE=1\tName=Paint",
	    0, 'WORKCODE\tCODE=1\tName=Paint$' ],
);
$s->admit('CATOLD1');
is((some('CATOLD1', 1, qw(--dialect old)))[0], 0, 'an old clock introduces itself');
my %old;
for my $row (@OLD) {
	my ($typed, $body) = @$row;
	($status, $text, $said) = run('command', 'send', 'CATOLD1', @$typed, '--yes');
	is("$status $said", '0 ', "for an old clock: @$typed[0, 1]");
	$old{$body} = $s->value('SELECT MAX(id) FROM v1_command');
	is($s->value("SELECT body FROM v1_command WHERE id = $old{$body}"),
	    $body, '  the body');
}
sleep 2;	# getrequest looks for work once a second, and this clock asks once
is((some('CATOLD1', 1, qw(--dialect old --dump), "$dir/old"))[0], 0, '  it does them');
$dump = slurp("$dir/old");
for my $row (@OLD) {
	my ($typed, $body, $code, $holds) = @$row;
	is($s->value("SELECT return_code FROM v1_command WHERE id = $old{$body}"), $code,
	    "for an old clock: @$typed[0, 1]: its code");
	holds('CATOLD1', $holds) if defined $holds;
}
is($s->value("SELECT rows_received FROM v1_command WHERE name = 'query-users'
    AND device_sn = 'CATOLD1'"), 1, '  the record that it was asked for');

is($s->value('SELECT COUNT(*) FROM v1_rejected'), 0, 'nothing is unreadable')
    or diag($s->text('SELECT table_name, reason, LEFT(line, 80) FROM v1_rejected'));
($status, $text, $said) = run('command', 'show', $ids[0]);
like($text, qr/user-update/, 'command show');
is("$status $said", '0 ', '  and exits with 0');

done_testing;
