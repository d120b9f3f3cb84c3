# The operator's command line, against a real database: every command, every
# format, what is said when something is wrong, and the exit status.

use strict;
use warnings;
use utf8;
use Test::More;
use Clockgate::MariaDB;
use Clockgate::Operator qw(typed prints fails);
use Clockgate::Server;
use File::Temp ();
use JSON::PP ();

my $why = Clockgate::MariaDB->missing;
plan skip_all => $why if $why;
my $clockgate = Clockgate::Server->program('clockgate');
plan skip_all => 'clockgate is not built' if !$clockgate;

my $db = Clockgate::MariaDB->new;
$db->create('clockgate');
my $dir = File::Temp->newdir('cgcli-XXXXXX', TMPDIR => 1);
my $ini = "$dir/clockgate.ini";
write_ini("[database]\nsocket = " . $db->socket . "\n");
binmode $_, ':utf8' for map { Test::More->builder->$_ } qw(output failure_output todo_output);
delete @ENV{qw(CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};

sub write_ini
{
	my ($text) = @_;
	open my $fh, '>:utf8', $ini or die "$ini: $!\n";
	print {$fh} $text;
	close $fh or die "$ini: $!\n";
	chmod 0600, $ini;
}

# Exit status, standard output and standard error, as text.
sub run
{
	my ($status, @said) = typed($clockgate,
	    map { my $a = $_; utf8::encode($a); $a } @_);
	utf8::decode($_) for @said;
	return ($status, @said);
}

sub clock { return run('--config', $ini, @_) }
Clockgate::Operator::by(\&clock);

sub json
{
	my ($status, $text, $said) = clock(@_, '--format', 'json');
	utf8::encode($text);
	return JSON::PP::decode_json($text);
}

# ---- without a database ----

my ($status, $text, $said) = run('--version');
like($text, qr/\Aclockgate \d+\.\d+\.\d+\n\z/, '--version');
is("$status $said", '0 ', '  and exits with 0');

($status, $text, $said) = run('--help');
like($text, qr/\AUsage: clockgate .*^  device approve SN\.\.\. /ms, '--help');
is("$status $said", '0 ', '  and exits with 0');
($status, $text, $said) = run();
is($text, '', 'without a command nothing is printed');
like($said, qr/\AUsage: clockgate /, '  but the help as a complaint');
is($status, 2, '  and exits with 2');

my @commands = ('migrate', 'check', 'config', 'device list', 'device show',
    'device approve', 'device disable', 'device set', 'device resend',
    'device user list', 'punch list', 'operation list', 'photo list', 'template list', 'item list',
    'rejected list', 'rejected show',
    'rejected retry', 'rejected drop', 'command catalogue', 'command send', 'command raw',
    'command list', 'command show', 'command cancel', 'file add', 'file list',
    'file remove', 'completion');
for my $command (@commands) {
	($status, $text, $said) = run(split(/ /, $command), '--help');
	like($text, qr/\AUsage: clockgate \[OPTION\]\.\.\. $command\b/, "$command --help");
	is("$status $said", '0 ', '  and exits with 0');
}
($status, $text) = run('device', '--help');
like($text, qr/^  device set /m, 'device --help names its commands');
unlike($text, qr/^  punch/m, '  and no others');

fails(['devise'], 2, 'there is no command "devise"; did you mean "device"?');
fails(['device', 'aprove', 'X'], 2,
    'there is no command "device aprove"; did you mean "device approve"?');
fails(['frobnicate'], 2,
    'there is no command "frobnicate"; type: clockgate --help');
fails(['device'], 2, '"device" needs one more word; type: clockgate device --help');
fails(['--fromat', 'csv'], 2, 'there is no option --fromat; did you mean --format?');
fails(['--xyzzy'], 2, 'there is no option --xyzzy; type: clockgate --help');
fails(['-x'], 2, qr/\Aclockgate: there is no option -x; /);
fails(['--format', 'xml', 'check'], 2,
    '--format xml: type --format table, csv or json');
fails(['device', 'list', '--format'], 2,
    '--format needs a value: --format FORMAT');
fails(['--help=yes'], 2, '--help takes no value');
fails(['device', 'list', '--pin', '5'], 2,
    '"device list" has no option --pin; type: clockgate device list --help');
fails(['device', 'show'], 2,
    '"device show" needs more; type: clockgate device show SN');
fails(['device', 'show', 'A', 'B'], 2,
    '"device show" does not take "B"; type: clockgate device show --help');

# ---- config ----

($status, my $sample) = run('config', '--sample', '--config', '/nowhere');
is($status, 0, 'the sample needs no configuration');
like($sample, qr/^;TransTimes = "00:00;12:00"$/m, '  and quotes what needs it');
unlike($sample, qr/^\w/m, '  and sets nothing');

($status, my $printed) = clock('--set', 'options.TransTimes=01:00;02:00',
    '--set=clock.zone=America/Lima', 'config');
is($status, 0, 'config');
like($printed, qr/^TransTimes = "01:00;02:00"$/m, '  has what --set says');
like($printed, qr/^zone = America\/Lima$/m, '  each time');
my $old = do { local (@ARGV, $/) = $ini; <> };
write_ini($printed);
prints(['config'], $printed, 'what config prints is read back as the same');
write_ini($old);

fails(['--set', 'clock.zon=UTC', 'config'], 1,
    '--set clock.zon: there is no such key; did you mean "zone"?');
write_ini("[server]\nadmision = open\n");
fails(['config'], 1, "$ini:2: [server] admision: there is no such key; "
    . 'did you mean "admission"?');
write_ini("admission = open\n");
fails(['config'], 1, "$ini:1: admission: a key before the first [section]");
write_ini("\x{FEFF}[server]\nadmission = open\n");
fails(['config'], 1, "$ini:1: the file begins with a byte order mark (BOM); save it as "
    . 'UTF-8 without one');
write_ini("[database]\npassword = secret\n");
chmod 0644, $ini;
fails(['device', 'list'], 1, "$ini: [database] password: other users of this "
    . "machine can read it; type: chmod o= $ini");
write_ini($old);
($status, $text, $said) = run('--config', "$dir/none.ini", 'config');
is($status, 1, 'a file that is not there');
like($said, qr/\Aclockgate: \Q$dir\E\/none\.ini: No such file/, '  is named');
{
	local $ENV{CLOCKGATE_CONFIG} = $ini;
	($status, $text) = run('config');
	like($text, qr/^socket = /m, 'CLOCKGATE_CONFIG names the file');
}

# ---- check and migrate ----

# All of it: tests/e2e/check.t.
($status, $text) = clock('check');
is($status, 1, 'check before the schema is there');
like($text, qr/^wrong  schema +version 0, .*\n +type: clockgate migrate/m, '  says what cures it');
is_deeply([ sort keys %{ json('check')->[0] } ], [qw(check cure detail result)], '  in json, too');

fails(['device', 'list'], 1, qr/\bclockgate migrate\b/);
($status, $text, $said) = clock('migrate');
like($text, qr/\Aapplied step 1: 0001-base\.sql\n.*^the schema is now up to date: version \d+\n\z/ms,
    'migrate tells the steps');
is("$status $said", '0 ', '  and exits with 0');
like((clock('migrate'))[1], qr/\Athe schema is up to date: version \d+\n\z/,
    'migrate again does nothing');
is((clock('check'))[0], 0, 'check finds everything in order');

$db->sql(q{INSERT INTO schema_version VALUES (9999, '9999-later.sql',
    REPEAT('0', 64), UTC_TIMESTAMP())}, 'clockgate');
fails(['migrate'], 1, qr/9999/);
$db->sql('DELETE FROM schema_version WHERE version = 9999', 'clockgate');

# ---- devices ----

prints(['device', 'list'], qr/\Asn  name  status  [a-z_ ]+\n\z/, 'a list without rows has a header');
prints(['device', 'list', '--format', 'json'], "[]\n", '  and an empty array');
prints(['device', 'list', '--format=csv'], qr/\Asn,name,status,[a-z_,]+\r\n\z/, '  and csv, too');

$db->sql(q{INSERT INTO device (sn, status, first_seen_utc) VALUES
    ('TST0000000001', 'pending', '2030-01-05 07:00:00'),
    ('TST0000000002', 'pending', '2030-01-05 07:00:00'),
    ('-odd', 'disabled', '2030-01-05 07:00:00')}, 'clockgate');

prints(['device', 'list', '--status', 'pending'], <<'END', 'a table');
sn             status
TST0000000001  pending
TST0000000002  pending
END
fails(['device', 'list', '--status', 'activ'], 2, '--status activ: type pending, '
    . 'active or disabled; did you mean "active"?');
prints(['device', 'approve', 'TST0000000001', 'TST0000000002'],
    "TST0000000001: active\nTST0000000002: active\n");
prints(['device', 'disable', 'TST0000000002'], "TST0000000002: disabled\n");
prints(['device', 'approve', '--', '-odd'], "-odd: active\n");
is_deeply({ map { $_->{sn} => $_->{status} } @{ json('device', 'list') } },
    { TST0000000001 => 'active', TST0000000002 => 'disabled', -odd => 'active' },
    'each has its status');
fails(['device', 'approve', 'TST0000000002', 'TST000000001'], 1,
    'there is no clock TST000000001; did you mean "TST0000000001"?');
is($db->value(q{SELECT status FROM device WHERE sn = 'TST0000000002'}, 'clockgate'),
    'disabled', '  and no other was admitted either');
fails(['device', 'disable', 'QQQQ'], 1,
    'there is no clock QQQQ; type: clockgate device list');
fails(['device', 'show', 'a b'], 2,
    '"a b" can\'t be a serial: 1 to 32 letters, digits, - and _');

prints(['device', 'set', 'TST0000000001', 'name=Tür 1', 'ZONE=Europe/Berlin',
    'delay=30', 'TransTimes=01:00;02:00'], <<'END', 'device set');
TST0000000001: name = Tür 1
TST0000000001: zone = Europe/Berlin
TST0000000001: Delay = 30
TST0000000001: TransTimes = 01:00;02:00
END
is_deeply(json('device', 'show', 'TST0000000001')->{settings},
    { zone => 'Europe/Berlin', Delay => '30', TransTimes => '01:00;02:00' },
    'device show has the settings');
prints(['device', 'set', 'TST0000000001', 'Delay=', 'TransTimes='],
    "TST0000000001: Delay removed\nTST0000000001: TransTimes removed\n");
fails(['device', 'set', 'TST0000000001', 'zone=Europe/Vienna', 'Delay=0'], 1,
    'Delay: must be a number from 1 to 86400');
fails(['device', 'set', 'TST0000000001', 'Encrypt=1'], 1,
    qr/\Aclockgate: Encrypt: must be 0: the protocol publishes no algorithm/);
fails(['device', 'set', 'TST0000000001', 'networks=10.0.0.1/8'], 1,
    'networks: "10.0.0.1/8" has bits behind those that count: they must be 0');
prints(['device', 'set', 'TST0000000001', 'Networks=10.0.0.0/8,fd00::/8'],
    "TST0000000001: networks = 10.0.0.0/8,fd00::/8\n");
prints(['device', 'set', 'TST0000000001', 'networks='],
    "TST0000000001: networks removed\n");
fails(['device', 'set', 'TST0000000001', 'Dely=3'], 1,
    'Dely: there is no setting of that name; did you mean "Delay"?');
fails(['device', 'set', 'TST0000000001', 'Dely='], 1,
    'Dely: there is no setting of that name; did you mean "Delay"?');
fails(['device', 'set', 'TST0000000001', 'zone=Mars/Base'], 1,
    qr/\Aclockgate: zone: there is no such time zone /);
fails(['device', 'set', 'TST0000000001', 'charset=klingon'], 1,
    qr/\Aclockgate: charset: there is no such character set /);
fails(['device', 'set', 'TST0000000001', 'Delay'], 2, '"Delay": type NAME=VALUE, '
    . 'with nothing behind the = to remove a setting');
fails(['device', 'set', 'TST0000000001', "name=a\tb"], 1,
    'name: at most 64 characters of UTF-8 that can be shown');
fails(['device', 'set', 'TST0000000001', 'name=' . 'ü' x 65], 1,
    'name: at most 64 characters of UTF-8 that can be shown');
fails(['device', 'set', 'TST9', 'name=x'], 1, qr/\Aclockgate: there is no clock TST9;/);
is_deeply(json('device', 'show', 'TST0000000001')->{settings},
    { zone => 'Europe/Berlin' }, 'none of these changed anything');
# The database takes the first and not the second.
my $other = $db->session('clockgate');
$other->sql(q{SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION;
    SELECT * FROM device_setting WHERE name = 'zone' FOR UPDATE});
fails(['--set', 'database.lock_wait_timeout=1', 'device', 'set', 'TST0000000001', 'Delay=44',
    'zone=UTC'], 1, qr/\Aclockgate: zone=UTC: .*1205/);
$other->close;
is_deeply(json('device', 'show', 'TST0000000001')->{settings},
    { zone => 'Europe/Berlin' }, '  so it has taken neither');
prints(['device', 'set', 'TST0000000001', 'name=' . 'ü' x 64],
    'TST0000000001: name = ' . 'ü' x 64 . "\n", 'a name of 64 characters');
clock('device', 'set', 'TST0000000001', 'name=Tür 1');

my $id = $db->value(q{SELECT id FROM device WHERE sn = 'TST0000000001'}, 'clockgate');
$db->sql(qq{
    INSERT INTO device_option VALUES ($id, 'MaxUserCount', '100', '2030-01-05 08:00:00');
    INSERT INTO device_stamp VALUES ($id, 'ATTLOG', '9999', '2030-01-05 08:00:00');
    INSERT INTO device_state (device_id, firmware, user_count)
	VALUES ($id, 'Ver "8,0"', 12)}, 'clockgate');

my $show = json('device', 'show', 'TST0000000001');
is($show->{device}{firmware}, 'Ver "8,0"', 'device show: the clock');
is_deeply($show->{options}, { MaxUserCount => '100' }, '  its options');
is_deeply($show->{stamps}, { ATTLOG => '9999' }, '  its stamps');
like((clock('device', 'show', 'TST0000000001', '--format', 'json'))[1],
    qr/"user_count": 12,/, '  a number is a number');
prints(['device', 'show', 'TST0000000001'], <<'END', 'device show as a table');
part      name              value
device    sn                TST0000000001
device    name              Tür 1
device    status            active
device    first_seen_utc    2030-01-05 07:00:00
device    firmware          Ver "8,0"
device    user_count        12
device    time_zone         Europe/Berlin
device    comm_key          none
device    key_refusals      0
device    network_refusals  0
settings  zone              Europe/Berlin
options   MaxUserCount      100
stamps    ATTLOG            9999
END
my $csv = (clock('device', 'show', 'TST0000000001', '--format', 'csv'))[1];
like($csv, qr/\Apart,name,value\r\n/, 'csv has a line of names');
like($csv, qr/^device,firmware,"Ver ""8,0"""\r$/m, '  and quotes');
like($csv, qr/^device,language,\r$/m, '  and what is empty');

# ---- punches and what was rejected ----

sub punch
{
	my ($pin, $at, $extra) = @_;
	$db->sql(qq{INSERT INTO punch (device_id, pin, punched_at, state, verify,
	    extra, received_at_utc) VALUES ($id, '$pin', '$at', 0, 15, $extra,
	    '2030-01-05 09:00:00')}, 'clockgate');
}

punch(1160, '2030-01-04 08:00:00', 'NULL');
punch(1160, '2030-01-05 23:59:59', q{'A=1\tB=2'});
punch(1161, '2030-01-06 00:00:00', 'NULL');

sub pins { return join ' ', map { "$_->{pin}@" . substr $_->{punched_at}, 8 }
    @{ json('punch', 'list', @_) } }

is(pins(), '1161@06 00:00:00 1160@05 23:59:59 1160@04 08:00:00',
    'punch list, the newest first');
is(pins('--pin', '1161'), '1161@06 00:00:00', '  of a person');
is(pins('--sn', 'TST0000000002'), '', '  of a clock');
is(pins('--sn', 'TST0000000001', '--limit', '2'),
    '1161@06 00:00:00 1160@05 23:59:59', '  so many');
is(pins('--from', '2030-01-05'), '1161@06 00:00:00 1160@05 23:59:59', '  from a day');
is(pins('--to', '2030-01-05'), '1160@05 23:59:59 1160@04 08:00:00',
    '  to the end of a day');
is(pins('--from', '2030-01-05 23:59:59', '--to', '2030-01-05 23:59:59'),
    '1160@05 23:59:59', '  within a second');
is(pins('--to', '2030-01-05 23:59:58'), '1160@04 08:00:00', '  to a second');
prints(['punch', 'list', '--pin', '1161', '--format', 'table'], <<"END", 'as a table');
id  device_sn      pin   punched_at           state  verify  suspect  received_at_utc
3   TST0000000001  1161  2030-01-06 00:00:00  0      15      0        2030-01-05 09:00:00
END
like((clock('punch', 'list', '--format', 'csv'))[1], qr/,A=1\\tB=2,/,
    'a TAB is escaped in csv');
is(json('punch', 'list', '--to', '2030-01-05')->[0]{extra}, "A=1\tB=2",
    '  and is one in json');
fails(['punch', 'list', '--limit', $_], 2, "--limit $_: type a number, 1 to 1000000000")
    for '0', '1000000001', 'all', '-1';
fails(['punch', 'list', '--from', $_], 2,
    "--from $_: type YYYY-MM-DD or \"YYYY-MM-DD hh:mm:ss\"")
    for '2030-02-30', 'yesterday', '2030-01-05 24:00:00', '2030-01-05 1:2';
is(pins('--pin', q{1' OR '1'='1}), '', 'SQL in a parameter is data');

# ---- operations, photos, templates ----

$db->sql(qq{INSERT INTO operation (device_id, code, admin_pin, happened_at, object1,
    received_at_utc) VALUES
    ($id, 4, '1', '2030-01-05 08:00:00', '', '2030-01-05 09:00:00'),
    ($id, 30, '1', '2030-01-06 08:00:00', '1160', '2030-01-06 09:00:00');
    INSERT INTO photo (device_id, kind, pin, taken_at, size, image, received_at_utc) VALUES
    ($id, 'punch', '1160', '2030-01-05 08:00:00', 3, 'abc', '2030-01-05 09:00:00'),
    ($id, 'user', '1161', NULL, 0, '', '2030-01-06 09:00:00');
    INSERT INTO template (device_id, pin, type, no, size, template, updated_at_utc) VALUES
    ($id, '1161', 1, 6, 99, 'abc', '2030-01-06 09:00:00'),
    ($id, '99', 9, 0, 3, 'abc', '2030-01-06 09:00:00')}, 'clockgate');
my $abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
prints(['operation', 'list', '--sn', 'TST0000000001'], <<'END', 'operation list');
id  device_sn      code  admin_pin  happened_at          object1  received_at_utc
2   TST0000000001  30    1          2030-01-06 08:00:00  1160     2030-01-06 09:00:00
1   TST0000000001  4     1          2030-01-05 08:00:00           2030-01-05 09:00:00
END
is(json('operation', 'list', '--to', '2030-01-05')->[0]{code}, '4', '  to a day');
is_deeply(json('operation', 'list', '--from', '2030-01-07'), [], '  from a day');
prints(['photo', 'list', '--pin', '1160'], <<"END", 'photo list');
id  device_sn      kind   pin   taken_at             size  sha256                                                            received_at_utc
1   TST0000000001  punch  1160  2030-01-05 08:00:00  3     $abc  2030-01-05 09:00:00
END
is(join(' ', map { $_->{id} } @{ json('photo', 'list') }), '2 1', '  of all, the newest first');
prints(['template', 'list'], <<"END", 'template list');
device_sn      pin   type  no  idx  size  sha256                                                            updated_at_utc
TST0000000001  99    9     0   0    3     $abc  2030-01-06 09:00:00
TST0000000001  1161  1     6   0    99    $abc  2030-01-06 09:00:00
END
is(json('template', 'list', '--pin', '1161', '--limit', '1')->[0]{no}, 6, '  of a person');
$db->sql(qq{INSERT INTO device_item (device_id, kind, item_key, fields, updated_at_utc) VALUES
    ($id, 'WORKCODE', '5', 'CODE=5\tName=Paint', '2030-01-06 09:00:00'),
    ($id, 'IDCARD', '7\t1', 'PIN=7\tSNNum=1', '2030-01-06 09:00:00')}, 'clockgate');
prints(['item', 'list'], <<'END', 'item list');
device_sn      kind      item_key  fields              updated_at_utc
TST0000000001  IDCARD    7\t1      PIN=7\tSNNum=1      2030-01-06 09:00:00
TST0000000001  WORKCODE  5         CODE=5\tName=Paint  2030-01-06 09:00:00
END
is(json('item', 'list', '--kind', 'WORKCODE')->[0]{fields}, "CODE=5\tName=Paint", '  of a kind');
fails(['item', 'list', '--kind', 'WORKCODES'], 2,
    '--kind WORKCODES: type IDCARD, SMS, USER_SMS or WORKCODE; did you mean "WORKCODE"?');
for my $list (qw(operation photo template item)) {
	fails([$list, 'list', '--limit', '0'], 2, qr/--limit 0: type a number/);
	is_deeply(json($list, 'list', '--sn', 'NONE'), [], "$list list of no clock");
	($status, undef, $said) = clock($list, 'list', '--sn', 'TST000000001');
	is("$status $said", "0 clockgate: there is no clock TST000000001; did you mean "
	    . "\"TST0000000001\"?\n", '  of one that is not there it says so');
}

$db->sql(qq{INSERT INTO rejected (device_id, endpoint, table_name, line, reason,
    received_at_utc) VALUES
    ($id, 'cdata', 'ATTLOG', X'61620001FF09C3BC5C1B5B326A', 'too few columns',
    '2030-01-05 09:00:00'),
    ($id, 'cdata', 'NEW', 'plain', 'unknown table', '2030-01-05 09:00:01')},
    'clockgate');
prints(['rejected', 'list', '--sn', 'TST0000000001'], <<'END', 'rejected list');
id  device_sn      endpoint  table_name  reason           received_at_utc      line
2   TST0000000001  cdata     NEW         unknown table    2030-01-05 09:00:01  plain
1   TST0000000001  cdata     ATTLOG      too few columns  2030-01-05 09:00:00  ab\x00\x01\xFF\tü\\\x1B[2j
END
prints(['rejected', 'list', '--limit', '1', '--format', 'csv'],
    "id,device_sn,endpoint,table_name,reason,received_at_utc,line,sha256\r\n"
    . "2,TST0000000001,cdata,NEW,unknown table,2030-01-05 09:00:01,plain,\r\n",
    '  so many, as csv');
is_deeply([map { $_->{line} } @{ json('rejected', 'list') }],
    ['plain', { base64 => 'YWIAAf8Jw7xcG1syag==' }],
    '  bytes that are no UTF-8 are base64 in json');

# ---- the output can't be written, the database goes ----

SKIP: {
	skip 'there is no /dev/full', 2 if !-c '/dev/full';
	for my $format (qw(table json)) {
		my $code = system(qq{'$clockgate' --config '$ini' device list }
		    . qq{--format $format >/dev/full 2>/dev/null});
		is($code >> 8, 1, "a full disk is noticed ($format)");
	}
}
$db->stop;
fails(['device', 'list'], 1,
    qr/\Aclockgate: database: MySQL 20\d\d: .*; does the server run\? see socket and host in \[database\] \(\Q$ini\E\)\n\z/);

done_testing();
