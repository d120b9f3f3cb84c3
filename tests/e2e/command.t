# The operator's command line, second part: commands for clocks, files, what
# is sent again or read again, punches as they come.  Real MariaDB, lighttpd
# and programs; the clock is a script, or clocksim.

use strict;
use warnings;
use Test::More;
use Clockgate::File qw(spew);
use Clockgate::HTTP;
use Clockgate::Operator qw(typed prints fails);
use Clockgate::Process;
use Clockgate::Server;
use File::Temp ();
use IO::Select ();
use IO::Socket::INET ();
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my ($SN, $OTHER) = qw(TST0000000001 TST0000000002);
my $dir = File::Temp->newdir('cgcmd-XXXXXX', TMPDIR => 1);
my $files = "$dir/files";
mkdir $files or die "$files: $!\n";
my $s = Clockgate::Server->new(ini => ini());
my $web = $s->lighttpd(files => $files);
my $url = 'http://127.0.0.1:' . $web->port . '/iclock/file/';
$s->write_ini(ini());
$s->admit($SN, $OTHER);
delete @ENV{qw(CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};

sub ini
{
	my (%commands) = @_;
	return { files => { dir => $files, url => $url // '' },
	    commands => { %commands } };
}

sub run { return typed($s->program('clockgate'), '--config', $s->ini, @_) }
Clockgate::Operator::by(\&run);

sub json
{
	my ($status, $text, $said) = run(@_, '--format', 'json');
	diag("@_: $status $said") if $said ne '';
	return JSON::PP::decode_json($text);
}

# What clockgate says on a terminal where this is typed.
my $SCRIPT = grep { -x "$_/script" } split /:/, $ENV{PATH};
sub at_terminal
{
	my ($answer, $typed) = @_;
	my $command = join ' ', $s->program('clockgate'), '--config', $s->ini, $typed;
	return scalar qx((sleep 1; echo $answer) | script -qec '$command' /dev/null);
}

sub queued { return map { $_->[0] } $s->sql(
    q{SELECT body FROM command WHERE state = 'queued' ORDER BY id}) }

sub forget { $s->sql('DELETE FROM command') }

# So many statements the database executes meanwhile, a few of other programs'.
sub statements
{
	my ($do) = @_;
	my $sql = q{SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS
	    WHERE VARIABLE_NAME = 'QUESTIONS'};
	my $before = $s->value($sql);
	$do->();
	return $s->value($sql) - $before;
}

# ---- the catalogue ----

prints(['command', 'catalogue'], qr/\Aname +wire +danger +fields +description\n/);
prints(['command', 'catalogue'], qr/^clear-data +CLEAR DATA +wipe +delete everything/m,
    'a command, its wire form, its danger');
my @catalogue = @{ json('command', 'catalogue') };
cmp_ok(scalar @catalogue, '>', 60, 'all commands as json');
my ($user) = grep { $_->{name} eq 'user-update' } @catalogue;
is($user->{wire}, 'DATA UPDATE USERINFO', '  with the wire form');
like($user->{fields}, qr/\APIN: 1 to 32 bytes without blanks; \[Name\]: 0 to 96 bytes; /,
    '  with fields and limits');
prints(['command', 'catalogue', 'tip-code-update'], <<'END');
name and enable a tip code (DATA UPDATE TIPCODE)
command          field   required  limits         otherwise
tip-code-update  ID      yes       1 to 3
tip-code-update  Name    yes       1 to 96 bytes
tip-code-update  Enable  no        0 to 1         1
END
prints(['command', 'catalogue', 'check', '--format', 'csv'],
    "command,field,required,limits,otherwise\r\n", 'a command without fields');
prints(['command', 'catalogue', 'clear-log'], 'delete all punches of the clock, sent or not '
    . "(CLEAR LOG); dangerous: wipe; no fields\n", '  and what it does');
fails(['command', 'catalogue', 'user-updat'], 2,
    'clocks have no command "user-updat"; did you mean "user-update"?');

# ---- an empty list has its header ----

prints(['command', 'list', '--format', 'csv'],
    qr/\Aid,device_sn,[a-z_,]+\r\n\z/, 'a list without rows has a header');
prints(['command', 'list'], qr/\Aid  device_sn  [a-z_ ]+\n\z/, '  in a table');
prints(['command', 'list', '--format', 'json'], "[]\n", '  not in json');
prints(['rejected', 'list', '--format', 'csv'],
    "id,device_sn,endpoint,table_name,reason,received_at_utc,line,sha256\r\n");

# ---- what is refused where it is given ----

fails(['command', 'send'], 2,
    'for which clocks? type: clockgate command send SN[,SN...] ..., or --all');
fails(['command', 'send', $SN], 2,
    'which command? type: clockgate command catalogue');
fails(['command', 'send', 'TST000000001', 'check'], 1,
    qq{there is no clock TST000000001; did you mean "$SN"?});
fails(['command', 'send', $SN, 'user-updat', 'PIN=7'], 2,
    'clocks have no command "user-updat"; did you mean "user-update"?');
fails(['command', 'send', $SN, 'user-update', 'PIN=7', 'Nmae=Ann'], 2,
    'user-update has no field Nmae; did you mean "Name"?');
fails(['command', 'send', $SN, 'check', 'Qwertz=1'], 2,
    'check has no field Qwertz; type: clockgate command catalogue check');
fails(['command', 'send', $SN, 'user-update', 'PIN'], 2,
    qr/\Aclockgate: "PIN": type FIELD=VALUE; user-update has the fields PIN Name Pri /);
fails(['command', 'send', $SN, 'check', 'now'], 2, '"now": check has no fields');
fails(['command', 'send', $SN, 'set-option', 'Volume'], 2, '"Volume": type ITEM=VALUE');
fails(['command', 'send', $SN, 'user-delete', 'PN=7'], 2,
    'user-delete has no field PN; did you mean "PIN"?');
fails(['command', 'send', $SN, 'user-update', 'Name=Ann'], 1,
    qr/\Aclockgate: user-update: PIN\b.*; type: clockgate command catalogue user-update\n\z/);
fails(['command', 'send', $SN, 'user-update', 'PIN=7', "Name=a\tb"], 1,
    qr/\Aclockgate: user-update: Name: /);
fails(['command', 'send', $SN, 'time-zone-update', 'TZID=51', 'TIME=MON 08:00-17:00'],
    1, qr/\Aclockgate: time-zone-update: TZID: /);
fails(['command', 'send', $SN, 'check', '--wait=soon'], 2,
    '--wait soon: type seconds, 1 to 31536000');
# 60 might as well be a PIN
fails(['command', 'send', $SN, 'query-users', '--wait', '60'], 2,
    '--wait 60: type --wait=60; what does not belong to --wait stands before it');
fails(['command', 'raw', $SN], 2, qr/\Aclockgate: type the command as one word, in quotes/);
fails(['command', 'raw', $SN, "CHECK\nREBOOT"], 1, qr/\Aclockgate: raw: /);
fails(['command', 'raw', $SN, 'DATA UPDATE USERINFO Name=Ann'], 1,
    qr/\Aclockgate: raw: PIN\b/);
fails(['command', 'list', '--state', 'quued'], 2, '--state quued: type queued, sent, '
    . 'done, failed, expired or cancelled; did you mean "queued"?');
fails(['command', 'show', '99'], 1, 'there is no command 99; type: clockgate command list');
fails(['command', 'cancel', '99'], 1,
    'there is no command 99 that still waits; type: clockgate command show 99');
fails(['command', 'show', 'x'], 2, '"x" is no id: type the number that the list shows');
$s->sql("INSERT INTO device (sn, first_seen_utc) VALUES ('WAITS', UTC_TIMESTAMP())");
fails(['command', 'send', 'WAITS', 'check'], 1, 'clock WAITS is not served; to admit it, '
    . 'type: clockgate device approve WAITS');
is_deeply([queued()], [], 'nothing of this was queued');

# ---- send, list, show, cancel ----

my ($status, $text, $said) = run('command', 'send', "$SN,$OTHER,$SN", 'user-update',
    'pin=7', 'Name=Ann B');
like($text, qr/\Aid +device_sn +name +state\n(\d+) +$SN +user-update +queued\n\d+ +$OTHER /,
    'send tells what it queued');
is("$status $said", '0 ', '  and exits with 0');
my ($id) = $text =~ /^(\d+)/m;
is_deeply([queued()], [("DATA UPDATE USERINFO PIN=7\tName=Ann B") x 2],
    '  once for each clock');
prints(['command', 'send', '--all', 'check', '--format', 'csv'],
    qr/\Aid,device_sn,name,state\r\n\d+,$SN,check,queued\r\n\d+,$OTHER,check,queued\r\n\z/,
    'to all active clocks');
is_deeply([map { "$_->{device_sn} $_->{state}" } @{ json('command', 'list', '--sn', $OTHER) }],
    [("$OTHER queued") x 2], 'command list');
is(scalar @{ json('command', 'list', '--limit', '1') }, 1, '  so many');
is(scalar @{ json('command', 'list', '--state', 'done') }, 0, '  of a state');
prints(['command', 'show', $id], qr/^body +DATA UPDATE USERINFO PIN=7\\tName=Ann B$/m);
is(json('command', 'show', $id)->[0]{state}, 'queued', '  as json');
is(json('command', 'show', $id)->[0]{created_by}, scalar getpwuid($>), '  and who sent it');
prints(['command', 'cancel', $id], "$id: cancelled\n");
is($s->value("SELECT state FROM command WHERE id = $id"), 'cancelled', '  it is');
fails(['command', 'cancel', $id], 1,
    qr/\Aclockgate: there is no command $id that still waits; /);
run('command', 'send', $SN, 'info', '--expires', '60');
is($s->value(q{SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expires_at_utc) BETWEEN 50 AND 60
    FROM command WHERE body = 'INFO'}), 1, '--expires');
fails(['command', 'send', $SN, 'set-option', 'VolumeX=3', '--yes'], 1,
    qr/\(class network\) and not allowed/);
$s->write_ini(ini(network => 'yes'));
$s->allow('network');
($status, $text, $said) = run('command', 'send', $SN, 'set-option', 'VolumeX=3', '--yes');
$s->write_ini(ini());
is($said, 'clockgate: warning: VolumeX is no option that the specification names; '
    . qq{it is sent as it is; did you mean "VOLUME"?\n}, 'an unknown option: a warning');
is($status, 0, '  and it is queued');
run('command', 'send', $SN, 'bell-update', 'BellID=1', 'Time=08:00', 'MusicID=1',
    'DAYS=MON-FRI');
is((queued())[-1], "DATA UPDATE BELL BellID=1\tTime=08:00\tMusicID=1\tVolume=67\tState=1"
    . "\tSUN=0\tMON=1\tTUE=1\tWED=1\tTHU=1\tFRI=1\tSAT=0\tBellType=0", 'DAYS');
run('command', 'raw', $SN, 'DATA QUERY USERINFO');
is((queued())[-1], 'DATA QUERY USERINFO', 'raw');
forget();
$s->write_ini(ini(shell => 'yes'));
$s->allow('shell');
for my $row (['SHELL ls -l', 'shell', 'ls -l'], ['SHELL ls --sort=size', 'shell', 'ls --sort=size'],
    ['GET OPTION FROM DeviceID', 'get-option', 'DeviceID'], ['HELLO', 'raw', 'HELLO'],
    ['DATA DELETE USERINFO PIN=7', 'raw', 'DATA DELETE USERINFO PIN=7'],
    ['DATA DELETE USERINFO PIN=7', 'user-delete', '7']) {
	my ($body, @typed) = @$row;
	run('command', 'send', $SN, @typed, '--yes');
	is_deeply([queued()], [$body], "a value alone: @typed");
	forget();
}
run('command', 'send', $SN, '--from', spew("$dir/alone", "get-option DeviceID\n"));
is_deeply([queued()], ['GET OPTION FROM DeviceID'], '  in a file, too');
forget();
$s->write_ini(ini());

# ---- what is dangerous ----

fails(['command', 'send', $SN, 'clear-data', '--yes'], 1, 'clear-data is dangerous '
    . '(class wipe) and not allowed; to allow it, write wipe = yes in [commands] of '
    . $s->ini . ', and restart the programs');
fails(['command', 'raw', $SN, 'SHELL ls', '--yes'], 1, qr/\(class shell\) and not allowed/);
fails(['command', 'send', $SN, 'set-option', 'IPAddress=192.0.2.7', '--yes'], 1,
    qr/\(class network\) and not allowed/);
$s->write_ini(ini(wipe => 'yes'));
fails(['command', 'send', $SN, 'clear-data', '--yes'], 1, 'clear-data is dangerous '
    . '(class wipe), and that class is not open; to open it, type: clockgate allow wipe '
    . '--minutes 30 --reason TEXT');
$s->allow('wipe');
fails(['command', 'send', $SN, 'clear-data'], 1, 'clear-data is dangerous: delete '
    . 'everything: users, templates, punches; to do it without being asked, type --yes, too');
is_deeply([queued()], [], 'nothing of this was queued');
prints(['command', 'send', $SN, 'clear-data', '--yes'], qr/ clear-data +queued$/m);
SKIP: {
	skip 'script is not there (Debian: bsdutils)', 6 if !$SCRIPT;
	forget();
	my $asked = at_terminal('no', "command send $SN clear-data");
	like($asked, qr/to $SN\r?\nType y or yes to do it: /, 'on a terminal it asks');
	is_deeply([queued()], [], '  and any other answer is a no');
	for my $answer (qw(yes y)) {
		$asked = at_terminal($answer, "command send $SN clear-data");
		like($asked, qr/clear-data +queued/, "  and $answer");
		is_deeply([queued()], ['CLEAR DATA'], '  is a yes');
		forget();
	}
}
forget();

# ---- --from ----

my $lines = spew("$dir/lines", <<'END');
# people
user-update PIN=1 Name='Ann B'
user-update PIN=2 "Name=O\"Hara"

check
END
run('command', 'send', $SN, '--from', $lines);
is_deeply([queued()], ["DATA UPDATE USERINFO PIN=1\tName=Ann B",
    "DATA UPDATE USERINFO PIN=2\tName=O\"Hara", 'CHECK'], '--from: a command a line');
forget();
my $csv = spew("$dir/users.csv", qq{PIN,Name,Card\r\n1,"Ann ""A"", B",\r\n2,Bo,55\r\n});
run('command', 'send', $SN, 'user-update', 'Grp=1', '--from', $csv);
is_deeply([queued()], ["DATA UPDATE USERINFO PIN=1\tName=Ann \"A\", B\tGrp=1",
    "DATA UPDATE USERINFO PIN=2\tName=Bo\tCard=55\tGrp=1"], '--from: csv with a header');
forget();
fails(['command', 'send', $SN, 'user-update', '--from', spew("$dir/bad", qq{PIN,Name,Card,Passwd\n}
    . join '', (map { qq{"$_","Somebody ""$_""","1234567$_","4711"\n} } 1 .. 5000), qq{"1\n})], 1,
    "$dir/bad:5002: a quote is not closed");
fails(['command', 'send', $SN, '--from', spew("$dir/bad", "check\nuser-update Name=x\n")],
    1, qr/\Aclockgate: \Q$dir\E\/bad:2: user-update: PIN\b/);
fails(['command', 'send', $SN, '--from', spew("$dir/bad", "check 'x\n")], 1,
    "$dir/bad:1: a quote is not closed");
fails(['command', 'send', $SN, 'user-update', '--from',
    spew("$dir/bad", "PIN,Name\n1,Ann\n2\n")], 1,
    "$dir/bad:3: it has not as many cells as the header");
fails(['command', 'send', $SN, 'user-update', '--from',
    spew("$dir/bad", "PIN,Nmae\n1,Ann\n")], 2,
    qq{$dir/bad:2: user-update has no field Nmae; did you mean "Name"?});
fails(['command', 'send', $SN, '--from', '/nowhere'], 1,
    '/nowhere: No such file or directory');
fails(['command', 'send', $SN, '--from', spew("$dir/bad", "\n# nothing\n")], 1,
    "$dir/bad: there is no command in it; a line is NAME FIELD=VALUE ..., as "
    . 'user-update PIN=7 Name=Ann');
fails(['command', 'send', $SN, '--from', spew("$dir/bad", "PIN=7\tName=x\n")], 1,
    "$dir/bad:1: a line is NAME FIELD=VALUE ..., as user-update PIN=7 Name=Ann");
my $form = 'the first line has the names of fields with commas between, as PIN,Name; '
    . 'each line below it the values, as 7,Ann';
fails(['command', 'send', $SN, 'user-update', '--from', spew("$dir/bad", $_)], 1,
    "$dir/bad:1: $form") for "PIN=7\tName=x\n", "PIN\tName\n7\tx\n", "PIN=7\n";
fails(['command', 'send', $SN, 'user-update', '--from', spew("$dir/bad", "PIN,Name\n")], 1,
    "$dir/bad: there is no command in it; $form");
is_deeply([queued()], [], 'a fault in one line: nothing is queued');

# ---- FIELD=@FILE ----

my $jpeg = "\xFF\xD8\xFF\xE0" . join '', map { chr } 0 .. 255;
my $base64 = encode_base64($jpeg, '');
run('command', 'send', $SN, 'picture-update', 'PIN=7', 'Content=@' . spew("$dir/7.jpg", $jpeg));
is_deeply([queued()], ["DATA UPDATE USERPIC PIN=7\tSize=" . length($base64)
    . "\tContent=$base64"], 'a picture as base64, with its Size');
forget();
run('command', 'send', $SN, 'sms-update', 'MSG=@' . spew("$dir/msg", "Hello all\n"),
    'TAG=253', 'UID=1', 'MIN=60', 'StartTime=2030-01-05 08:00:00');
like((queued())[0], qr/ MSG=Hello all\tTAG=253\t/, 'a text without the end of its line');
forget();
run('command', 'send', $SN, 'user-update', 'PIN=7', 'Name=@@home');
is_deeply([queued()], ["DATA UPDATE USERINFO PIN=7\tName=\@home"], '@@ is an @');
forget();
fails(['command', 'send', $SN, 'picture-update', 'PIN=7', 'Content=@/nowhere'], 1,
    'Content: /nowhere: No such file or directory');

# ---- files ----

my $blob = join '', map { chr($_ % 251) } 1 .. 100_000;
spew("$dir/firmware.bin", $blob);
prints(['file', 'list', '--format', 'csv'], "name,size,modified_utc,url\r\n");
prints(['file', 'add', "$dir/firmware.bin"], "firmware.bin: ${url}firmware.bin\n");
prints(['file', 'add', "$dir/firmware.bin", '--name', 'fw-2.bin'], "fw-2.bin: ${url}fw-2.bin\n");
fails(['file', 'add', "$dir/firmware.bin"], 1, 'there is a file firmware.bin already; to '
    . 'replace it, first type: clockgate file remove firmware.bin');
fails(['file', 'add', "$dir/firmware.bin", '--name', $_], 2,
    qr/can't be the name of a stored file/) for '../x', '.hidden', 'a b', '', 'x' x 101;
fails(['file', 'add', '/nowhere'], 1, '/nowhere: No such file or directory');
fails(['file', 'add', $files, '--name', 'd'], 1, "$files is no file");
POSIX::mkfifo("$dir/fifo", 0600) or die "$dir/fifo: $!\n";
alarm 30;
fails(['file', 'add', "$dir/fifo"], 1, "$dir/fifo is no file");
alarm 0;
# what another one of the same number left behind when it was killed
my $adder = fork() // die "fork: $!\n";
if ($adder == 0) {
	spew("$files/.new-$$", 'half of it');
	open STDOUT, '>', '/dev/null' or POSIX::_exit(126);
	exec $s->program('clockgate'), '--config', $s->ini, 'file', 'add', "$dir/firmware.bin",
	    '--name', 'fw-3.bin' or POSIX::_exit(127);
}
waitpid $adder, 0;
is($? >> 8, 0, 'file add beside what an earlier one left behind');
is(-s "$files/fw-3.bin", length $blob, '  the whole file is there');
is_deeply([grep { $_ ne "$files/.new-$adder" } glob "$files/.new-*"], [],
    '  and it leaves nothing behind itself');
unlink "$files/.new-$adder", "$files/fw-3.bin";
is_deeply([map { "$_->{name} $_->{size} $_->{url}" } @{ json('file', 'list') }],
    ["firmware.bin 100000 ${url}firmware.bin", "fw-2.bin 100000 ${url}fw-2.bin"], 'file list');
prints(['file', 'remove', 'fw-2.bin'], "fw-2.bin: removed\n");
ok(!-e "$files/fw-2.bin", '  it is');
fails(['file', 'remove', 'firmware.bim'], 1,
    'there is no stored file firmware.bim; did you mean "firmware.bin"?');

sub get
{
	my ($path, %header) = @_;
	return $web->http->request({ path => $path, header => \%header });
}

my $reply = get('/iclock/file/firmware.bin');
is($reply->{status}, 200, 'the web server has the file');
ok($reply->{body} eq $blob, '  byte for byte');
is(Clockgate::HTTP::header($reply, 'Content-Type'), 'application/octet-stream', '  as bytes');
$reply = get('/iclock/file/firmware.bin', Range => 'bytes=1000-1999');
is($reply->{status}, 206, 'a range');
ok($reply->{body} eq substr($blob, 1000, 1000), '  of it');
is(Clockgate::HTTP::header($reply, 'Content-Range'), 'bytes 1000-1999/100000', '  and says so');
$reply = get('/iclock/file/firmware.bin', Range => 'bytes=99000-');
is("$reply->{status} " . length $reply->{body}, '206 1000', 'the end of it');
is(get('/iclock/file/none.bin')->{status}, 404, 'a file that is not there');
unlike(get('/iclock/file/none.bin')->{body}, qr/</, '  and no HTML');
symlink '/etc/passwd', "$files/link" or die "symlink: $!\n";
spew("$files/.hidden", 'secret');
mkdir "$files/sub" or die "$files/sub: $!\n";
spew("$files/sub/x", 'secret');
for my $path (qw(link .hidden ../clockgate.ini %2e%2e/lines sub/x sub ../../etc/passwd),
    '', '..%2flines', 'firmware.bin/../.hidden') {
	$reply = get("/iclock/file/$path");
	unlike($reply->{body}, qr/secret|root:|socket|people/, "/iclock/file/$path gives nothing away");
	isnt($reply->{status}, 206, '  in no part');
}
is(get('/etc/passwd')->{status}, 404, 'nothing else is reachable');
is(get('/iclock/ping')->{body}, 'OK', 'the programs are');

fails(['command', 'send', $SN, 'file-put', 'url=firmware.bin', '--yes'], 1, qr/class files/);
$s->write_ini(ini(files => 'yes', wipe => 'yes'));
$s->allow('files', 'wipe');
run('command', 'send', $SN, 'file-put', 'url=firmware.bin', 'path=/mnt/mtdblock/fw.bin', '--yes');
is_deeply([queued()], ["PutFile ${url}firmware.bin\t/mnt/mtdblock/fw.bin"],
    'file-put sends the absolute URL of a stored file');
forget();
for my $row (['biophoto-update', "BIOPHOTO PIN=7\tType=9", 'Type=9'],
    ['picture-update', "USERPIC PIN=7"]) {
	my ($name, $head, @typed) = @$row;
	run('command', 'send', $SN, $name, 'PIN=7', @typed, 'Url=firmware.bin');
	is_deeply([queued()], ["DATA UPDATE $head\tFormat=1\tUrl=${url}firmware.bin"],
	    "  and so does $name");
	forget();
}
run('command', 'send', $SN, 'upgrade', 'checksum=' . 'a' x 32, 'url=firmware.bin', 'size=9', '--yes');
like((queued())[0], qr/,url=\Q$url\Efirmware\.bin,/, '  and upgrade');
forget();
fails(['command', 'send', $SN, 'file-put', 'url=firmware.bim', '--yes'], 1,
    'there is no stored file firmware.bim; did you mean "firmware.bin"?');
fails(['command', 'send', $SN, 'file-put', 'url=firmware.bin', 'path=/a;reboot', '--yes'], 1,
    qr/\Aclockgate: file-put: path: /);
$s->write_ini({});
fails(['file', 'list'], 1, 'there is no store for files: set dir in [files] of ' . $s->ini);
$s->write_ini(ini());

# ---- --wait: a clock that answers by a table ----

# Answers each command by its first word until it is stopped.
sub clock
{
	my (%answer) = @_;
	my $pid = fork() // die "fork: $!\n";
	return $pid if $pid;
	for (1 .. 600) {
		my $body = get("/iclock/getrequest?SN=$SN")->{body};
		while ($body =~ /^C:(\d+):(\S+)(.*)$/mg) {
			my ($got, $verb) = ($1, $2);
			next if !exists $answer{$verb};
			for my $bytes (ref $answer{$verb} ? @{ $answer{$verb}[1] } : ()) {
				$web->http->request({ path => "/iclock/cdata?SN=$SN&table=OPERLOG&Stamp=1",
				    method => 'POST', body => $bytes });
			}
			my $code = ref $answer{$verb} ? $answer{$verb}[0] : $answer{$verb};
			$web->http->request({ path => "/iclock/devicecmd?SN=$SN", method => 'POST',
			    body => "ID=$got&Return=$code&CMD=$verb\n" });
		}
		sleep 0.2;
	}
	POSIX::_exit(0);
}

sub end { my ($pid) = @_; kill 'KILL', $pid; waitpid $pid, 0 }

my $clock = clock(CHECK => 0, INFO => -22, DATA => [2, ["USER PIN=7\tName=Ann\tPri=0\tPasswd=4711\nUSER PIN=8\tName=Bo\n"]]);
($status, $text, $said) = run('command', 'send', $SN, 'check', '--wait=20');
is($status, 0, '--wait: done is 0') or diag($said);
like($said, qr/\A(\d+) $SN check: queued\n(?:\1 $SN check: sent\n)?\1 $SN check: done/, '  with its steps');
like($text, qr/\Aid .* reason\n\d+ +$SN +check +done +1 +0 /, '  and its result');
($status, $text, $said) = run('command', 'send', $SN, 'info', '--wait=20');
is($status, 1, 'failed is 1');
like($text, qr/info +failed +1 +-22 /, '  with the code');
like($said, qr/info: failed, \S/, '  in words');
($status, $text, $said) = run('command', 'send', $SN, 'query-users', '--wait=20', '--format', 'json');
is($status, 0, 'a query is done');
is(JSON::PP::decode_json($text)->[0]{rows_received}, 2, '  with so many rows');
prints(['device', 'user', 'list', $SN], qr/\Adevice_sn +pin +name .*\n$SN +7 +Ann .*\n$SN +8 +Bo .*\n\z/,
    'device user list');
is(join(',', map { $_->{password} // 'none' } @{ json('device', 'user', 'list', $SN) }), 'none,none',
    '  without passwords');
is(join(',', map { $_->{password} // 'none' } @{ json('device', 'user', 'list', $SN, '--passwords') }),
    '4711,none', '  which it shows when it is asked to');
is_deeply([map { $_->{name} } @{ json('device', 'user', 'list', $SN) }], [qw(Ann Bo)], '  as json');
is_deeply([map { "$_->{device_sn} $_->{name}" } @{ json('device', 'user', 'list') }],
    ["$SN Ann", "$SN Bo"], '  of every clock');
prints(['device', 'user', 'list', '--help'], qr/as it last told, or was told/);
fails(['device', 'user', 'list', 'TST9'], 1, qr/there is no clock TST9/);
fails(['device', 'user'], 2,
    '"device user" needs one more word; type: clockgate device user --help');
($status, $text, $said) = run('command', 'send', $SN, '--wait=1', 'unlock');
is($status, 1, 'no result in time is 1');
like($said, qr/^clockgate: no result after 1 s; it stays in the queue; type: clockgate command show \d+$/m,
    '  and says so');
end($clock);
($id) = $text =~ /^(\d+)/m;
my $two_hundred = spew("$dir/two-hundred", "check\n" x 200);
my $looks = statements(sub {
	run('command', 'send', $OTHER, '--from', $two_hundred, '--wait=2');
});
cmp_ok($looks, '<', 1400, 'many that are open are looked at less often');
$s->sql("DELETE FROM command WHERE device_sn = '$OTHER'");
like($text, qr/unlock +(?:sent|queued)/, '  it is not settled');
my $waiting = fork() // die "fork: $!\n";
if ($waiting == 0) {
	my ($code, $table, undef) = run('command', 'send', $OTHER, 'check', '--wait=20');
	POSIX::_exit($code == 1 && $table =~ /cancelled/ ? 0 : 1);
}
my $until = time + 10;
sleep 0.1 while time < $until && !$s->value("SELECT COUNT(*) FROM command WHERE device_sn = '$OTHER' AND state = 'queued'");
run('command', 'cancel', $s->value("SELECT MAX(id) FROM command WHERE device_sn = '$OTHER'"));
waitpid $waiting, 0;
is($? >> 8, 0, 'one that is cancelled ends the waiting, with 1');
$waiting = fork() // die "fork: $!\n";
if ($waiting == 0) {
	my ($code, $table, undef) = run('command', 'send', $OTHER, 'check', '--expires', '1', '--wait=20');
	POSIX::_exit($code == 1 && $table =~ /expired/ ? 0 : 1);
}
sleep 3;
unlike(get("/iclock/getrequest?SN=$OTHER")->{body}, qr/CHECK/, 'too late, the clock gets nothing');
waitpid $waiting, 0;
is($? >> 8, 0, '  and who waits gets 1');
forget();

# ---- command show --reply ----

my $kept = join '', map { chr } 0 .. 255;
$s->sql("INSERT INTO command (device_sn, body, name, state, attempts)
    VALUES ('$SN', 'GetFile /mnt/mtdblock/x', 'file-get', 'sent', 1)");
$id = $s->value('SELECT MAX(id) FROM command');
fails(['command', 'show', $id, '--reply'], 1,
    "command $id has no reply; type: clockgate command show $id");
get("/iclock/getrequest?SN=$SN");
$web->http->request({ path => "/iclock/devicecmd?SN=$SN", method => 'POST',
    body => "ID=$id\nSN=$SN\nFILENAME=x\nCMD=GetFile\nReturn=256\nContent=$kept" });
prints(['command', 'show', $id, '--reply'], $kept, 'the bytes of a file, and no others');
$s->sql("UPDATE command SET reply = '' WHERE id = $id");
prints(['command', 'show', $id, '--reply'], '', '  and none of an empty one');
fails(['command', 'show', $id, '--reply', '--format', 'csv'], 2,
    '--reply writes bytes: it goes without --format');
fails(['command', 'show', '999999', '--reply'], 1,
    'there is no command 999999; type: clockgate command list');
forget();

SKIP: {
	my $clocksim = Clockgate::Server->program('clocksim');
	skip 'clocksim is not built', 3 if !$clocksim;
	$s->admit('SIM0001');
	my $sim = Clockgate::Process->start(cmd => [$clocksim, '--server',
	    'http://127.0.0.1:' . $web->port, '--sn', 'SIM0001', '--staff', '3',
	    '--speed', '20', '--quiet'], log => "$dir/sim.log");
	($status, $text, $said) = run('command', 'send', 'SIM0001', 'user-update', 'PIN=77',
	    'Name=Demo', '--wait=30');
	is($status, 0, 'clocksim takes a user') or diag($said, $text, qx(cat '$dir/sim.log'), $web->log_text =~ s/^(?!.*SIM0001).*\n//mgr);
	is((run('command', 'send', 'SIM0001', 'query-users', 'PIN=77', '--wait=30'))[0], 0,
	    '  and gives it back');
	prints(['device', 'user', 'list', 'SIM0001'], qr/^SIM0001 +77 +Demo/m);
	$sim->stop;
}

# ---- device resend ----

my $device = $s->value("SELECT id FROM device WHERE sn = '$SN'");
$s->sql("REPLACE INTO device_stamp VALUES ($device, 'ATTLOG', '9', '2030-01-05 08:00:00'),
    ($device, 'OPERLOG', '8', '2030-01-05 08:00:00')");
forget();
sub stamps { return join ' ', map { "$_->[0]=$_->[1]" }
    $s->sql("SELECT table_name, stamp FROM device_stamp WHERE device_id = $device ORDER BY 1") }
prints(['device', 'resend', $SN, '--table', 'attlog'],
    qr/\A$SN: sends ATTLOG again once it has read its options \(command \d+\)\n\z/);
is(stamps(), 'ATTLOG=0 OPERLOG=8', '  its stamp is 0');
is_deeply([queued()], ['CHECK'], '  and the clock is asked to look');
prints(['device', 'resend', $SN], qr/\A$SN: sends everything again/);
is(stamps(), 'ATTLOG=0 OPERLOG=0', '  all stamps are 0');
like(get("/iclock/cdata?SN=$SN&options=all&pushver=2.4.1")->{body}, qr/^ATTLOGStamp=0$/m,
    '  and the clock is told so');
fails(['device', 'resend', $SN, '--table', 'ATLOG'], 2,
    '--table ATLOG: there is no such table; did you mean "ATTLOG"?');
forget();

# ---- rejected show and retry ----

$s->sql('DELETE FROM rejected');
my $name = "USER PIN=70\tName=M\xFCller";
$web->http->request({ path => "/iclock/cdata?SN=$SN&table=OPERLOG&Stamp=2", method => 'POST',
    body => "$name\n" });
$web->http->request({ path => "/iclock/cdata?SN=$SN&table=ATTLOG&Stamp=2", method => 'POST',
    body => "1\t2\n" });
my ($charset, $short) = map { $_->[0] } $s->sql('SELECT id FROM rejected ORDER BY id');
is((run('rejected', 'show', $charset))[1], $name, 'rejected show: the bytes, as they came');
is(json('rejected', 'show', $short)->[0]{table_name}, 'ATTLOG', '  all of it as json');
prints(['rejected', 'show', $charset, '--format', 'table'], qr/^line +USER PIN=70\\tName=M\\xFCller$/m);
fails(['rejected', 'show', 9999], 1, 'there is no rejected 9999; type: clockgate rejected list');
fails(['rejected', 'retry'], 2,
    'type: clockgate rejected retry ID..., or: clockgate rejected retry --sn SN');
fails(['rejected', 'retry', 9999], 1, 'there is no rejected 9999; type: clockgate rejected list');
prints(['rejected', 'retry', $charset], "1 tried, 0 stored, 1 still can't be read\n",
    'without the right charset nothing changes');
is($s->value('SELECT COUNT(*) FROM rejected'), 2, '  and nothing leaves or comes');
run('device', 'set', $SN, 'charset=CP1252');
prints(['rejected', 'retry', '--sn', $SN], "2 tried, 1 stored, 1 still can't be read\n",
    'with it the user is read');
is(json('device', 'user', 'list', $SN)->[-1]{name}, "M\xFCller", '  its name is right');
is_deeply([map { $_->[0] } $s->sql('SELECT id FROM rejected')], [$short], '  and one row is left');
prints(['rejected', 'retry', $short], "1 tried, 0 stored, 1 still can't be read\n");
$s->sql("INSERT INTO rejected (device_id, received_at_utc, endpoint, table_name, reason, line)
    SELECT id, '2020-01-01', 'cdata', 'OPERLOG', 'old', 'USER PIN=70\tName=Old' FROM device
    WHERE sn = '$SN' UNION ALL
    SELECT id, '2020-01-01', 'cdata', 'OPERLOG', 'old', 'USER PIN=71\tName=Old' FROM device
    WHERE sn = '$SN'");
prints(['rejected', 'retry', '--sn', $SN], "3 tried, 2 stored, 1 still can't be read\n",
    'old users');
is($s->text("SELECT pin, name FROM device_user WHERE pin IN ('70', '71') ORDER BY pin"),
    "70\tM\xC3\xBCller\n71\tOld\n", '  take no place of newer ones');
$s->sql("INSERT INTO rejected (device_id, received_at_utc, endpoint, table_name, reason, line)
    SELECT id, IF(n = 1, '2020-01-01', '2021-01-01'), 'cdata', 'OPERLOG', 'old',
    CONCAT('USER PIN=74\tName=', n) FROM device, (SELECT 1 AS n UNION SELECT 2) x WHERE sn = '$SN'");
my @of_one = map { $_->[0] } $s->sql("SELECT id FROM rejected WHERE line LIKE '%PIN=74%' ORDER BY id");
prints(['rejected', 'retry', $_], "1 tried, 1 stored, 0 still can't be read\n") for @of_one;
is($s->text("SELECT name, updated_at_utc FROM device_user WHERE pin = '74'"),
    "2\t2021-01-01 00:00:00\n", 'of one person read twice the newer row counts, as of its time');
fails(['rejected', 'retry', '--sn', 'TST9'], 1, qr/there is no clock TST9/);

# Of several lines those that are not read become rows of their own.
sub reject
{
	my ($table, $line) = @_;
	$s->sql("INSERT INTO rejected (device_id, received_at_utc, endpoint, table_name, reason,
	    line) SELECT id, '2020-01-01', 'cdata', '$table', 'not read', '$line'
	    FROM device WHERE sn = '$SN'");
	return $s->value('SELECT MAX(id) FROM rejected');
}

$s->sql('DELETE FROM rejected');
my $of_many = reject('OPERLOG', 'USER PIN=72\tName=G\nUSER PIN=\nnonsense\n');
prints(['rejected', 'retry', $of_many], "3 tried, 1 stored, 2 still can't be read\n",
    'three lines, one of them good');
is($s->text('SELECT line FROM rejected ORDER BY id'), "USER PIN=\nnonsense\n",
    '  are taken to pieces');
is($s->value("SELECT COUNT(*) FROM rejected WHERE received_at_utc = '2020-01-01'"), 2,
    '  which keep the time at which they came');
is($s->value("SELECT name FROM device_user WHERE pin = '72'"), 'G', '  and the good one is stored');
prints(['rejected', 'retry', '--sn', $SN], "2 tried, 0 stored, 2 still can't be read\n",
    '  the others stay as they are');

# Under the wrong character set no record becomes another one, which would be
# a second one under the right one.  One clock sends all again before it is
# read again, one behind that.
my $at = '2030-02-01 08:00:00';
my @unclean = (
    ['PIN of a punch', 'ATTLOG', "J\xFC\t$at\t0\t1", 'punch', 'pin'],
    ['work code', 'ATTLOG', "81\t$at\t0\t1\tJ\xFC", 'punch', 'work_code'],
    ['operation', 'OPERLOG', "OPLOG 3\t0\t$at\tJ\xFC", 'operation', 'object1'],
    ['event', 'ERRORLOG', "ErrCode=J\xFC", 'device_event', 'RIGHT(fields, 2)'],
    ['PIN of a person', 'OPERLOG', "USER PIN=J\xFC\tName=X", 'device_user', 'pin'],
    ['PIN of a template', 'OPERLOG', "FP PIN=J\xFC\tFID=1\tTMP=QUJD", 'template', 'pin'],
    ['PIN of a picture', 'OPERLOG', "USERPIC PIN=J\xFC\tContent=QUJD", 'photo', 'pin'],
    ['name of an option', 'options', "J\xFC=1", 'device_option', 'name'],
    ['key of an item', 'WORKCODE', "WORKCODE CODE=J\xFC\tName=X", 'device_item', 'item_key'],
);

sub upload_unclean
{
	my ($sn) = @_;
	my @refused = grep { $_->{body} !~ /^OK/ } map { $web->http->request({ method => 'POST',
	    path => "/iclock/cdata?SN=$sn&table=$_->[1]&Stamp=3", body => "$_->[2]\n" }) } @unclean;
	is(@refused, 0, "$sn: what is not in its character set is acknowledged");
}

# All that is not ASCII, of that column of its table.
sub odd
{
	my ($sn, $table, $column) = @_;
	return $s->text("SELECT $column FROM $table WHERE $column NOT RLIKE '^[ -~]*\$'
	    AND device_id = (SELECT id FROM device WHERE sn = '$sn')");
}

$s->sql('DELETE FROM rejected');
for my $sn ($SN, $OTHER) {
	run('device', 'set', $sn, 'charset=');
}
sleep 2;				# then the programs know
for my $sn ($SN, $OTHER) {
	upload_unclean($sn);
	is(odd($sn, @$_[3, 4]), '', "  $_->[0]: not stored as another") for @unclean;
	run('device', 'set', $sn, 'charset=CP1252');
}
is($s->value('SELECT COUNT(*) FROM rejected'), 2 * @unclean, '  but kept as it came');
sleep 2;
upload_unclean($SN);
prints(['rejected', 'retry', '--sn', $_], qr/^9 tried, 9 stored, 0/, "$_: all are read again")
    for $SN, $OTHER;
upload_unclean($OTHER);
for my $sn ($SN, $OTHER) {
	is(odd($sn, @$_[3, 4]), "J\xC3\xBC\n", "$sn: $_->[0]: is there once") for @unclean;
}
is($s->value('SELECT COUNT(*) FROM rejected'), 0, '  and nowhere else');

# A punch is one as long as its key is the same: who is paid by it need not wait.
run('device', 'set', $SN, 'charset=');
sleep 2;
my %last = (820 => 7, 821 => 21);	# reserved2, and a column without a name
for my $pin (sort keys %last) {
	my @column = ($pin, $at, 0, 1, (0) x ($last{$pin} - 5), "J\xFC");
	$web->http->request({ method => 'POST', path => "/iclock/cdata?SN=$SN&table=ATTLOG&Stamp=4",
	    body => join("\t", @column) . "\n" });
}
my $of_these = "FROM punch WHERE pin IN (820, 821) AND punched_at = '$at'";
is($s->text("SELECT pin, RIGHT(CONCAT(reserved2, COALESCE(extra, '')), 2) $of_these ORDER BY pin"),
    "820\tJ\xEF\xBF\xBD\n821\tJ\xEF\xBF\xBD\n", 'odd bytes outside of its key: it is a punch');
is($s->value("SELECT COUNT(*) FROM rejected WHERE line LIKE '82%' AND reason LIKE '%stored with%'"), 2,
    '  what it was is kept beside it');
run('device', 'set', $SN, 'charset=CP1252');
prints(['rejected', 'retry', '--sn', $SN], qr/^2 tried, 2 stored, 0/, '  read again');
is($s->value("SELECT COUNT(*) $of_these"), 2, '  it is no second one');
reject('OPERLOG', $_) for 'USER PIN=', 'nonsense';

# ---- rejected drop ----

fails(['rejected', 'drop'], 2,
    'type: clockgate rejected drop ID..., or: clockgate rejected drop --sn SN');
fails(['rejected', 'drop', 1, '--sn', $SN], 2,
    'type: clockgate rejected drop ID..., or: clockgate rejected drop --sn SN');
my ($first, $last) = map { $_->[0] } $s->sql('SELECT id FROM rejected ORDER BY id');
fails(['rejected', 'drop', $first, 'x'], 2,
    '"x" is no id: type the number that the list shows');
fails(['rejected', 'drop', $first, 9999], 1,
    'there is no rejected 9999; type: clockgate rejected list');
fails(['rejected', 'drop', '--sn', 'TST9'], 1, qr/there is no clock TST9/);
is($s->value('SELECT COUNT(*) FROM rejected'), 2, 'what is refused drops nothing');
prints(['rejected', 'drop', $first, $last], "2 dropped\n", 'rejected drop by ids');
is($s->value('SELECT COUNT(*) FROM rejected'), 0, '  and they are gone');
reject('ATTLOG', $_) for 'one', 'two', 'three';
$s->sql('UPDATE rejected SET device_id = device_id + 1000 ORDER BY id LIMIT 1');
fails(['rejected', 'drop', '--sn', $SN], 1, "2 of $SN would be gone for good; to see them, "
    . "type: clockgate rejected list --sn $SN; to remove them without being asked, type --yes, too");
is($s->value('SELECT COUNT(*) FROM rejected'), 3, 'of a clock nothing is dropped unasked');
SKIP: {
	skip 'script is not there (Debian: bsdutils)', 4 if !$SCRIPT;
	my $asked = at_terminal('no', "rejected drop --sn $SN");
	like($asked, qr/^2 of $SN will be gone for good\r?\nType y or yes to do it: .*nothing was removed/ms,
	    '  on a terminal it asks');
	is($s->value('SELECT COUNT(*) FROM rejected'), 3, '  and any other answer is a no');
	like(at_terminal('yes', "rejected drop --sn $SN"), qr/^2 dropped\r?$/m, '  and yes is a yes');
	is($s->value('SELECT COUNT(*) FROM rejected'), 1, '  and they are gone');
	reject('ATTLOG', $_) for 'four', 'five';
}
prints(['rejected', 'drop', '--sn', $SN, '--yes'], "2 dropped\n", 'rejected drop of a clock');
is($s->text('SELECT line FROM rejected'), "one\n", '  and nothing of another');
prints(['rejected', 'drop', $s->value('SELECT id FROM rejected')], "1 dropped\n",
    'of a clock that is gone, too');
prints(['rejected', 'drop', '--sn', $SN], "0 dropped\n", 'where there is nothing it says so');

# ---- punch list --follow ----

sub follow
{
	my (@arg) = @_;
	my $pid = open my $out, '-|';
	die "fork: $!\n" if !defined $pid;
	if ($pid == 0) {
		open STDIN, '<', '/dev/null';
		exec $s->program('clockgate'), '--config', $s->ini, 'punch', 'list', '--follow', @arg
		    or POSIX::_exit(127);
	}
	return { pid => $pid, out => $out, text => '' };
}

# What it printed until there is a match, or so many seconds are over, ten unless given.
sub reads
{
	my ($f, $match, $seconds) = @_;
	my ($set, $end) = (IO::Select->new($f->{out}), time + ($seconds // 10));
	while ($f->{text} !~ $match && time < $end) {
		next if !$set->can_read(0.1);
		last if !sysread $f->{out}, $f->{text}, 4096, length $f->{text};
	}
	return $f->{text} =~ $match;
}

sub punch_sql
{
	my ($pin, $on) = @_;
	return "INSERT INTO punch (device_id, pin, punched_at, state, verify, received_at_utc)
	    VALUES (" . ($on // $device) . ", '$pin', '2030-01-05 08:00:00', 0, 1, UTC_TIMESTAMP())";
}

$s->sql(punch_sql($_)) for 1 .. 12;
my $f = follow('--format', 'json');
ok(reads($f, qr/"pin": "12"/), '--follow begins with the last punches') or diag($f->{text});
is_deeply([$f->{text} =~ /"pin": "(\d+)"/g], [3 .. 12], '  ten of them, the oldest first');
# two transactions: the first punch is committed last
my $late = open my $first, '|-', qw(mariadb --no-defaults --user=root), '--socket=' . $s->db->socket, 'clockgate';
ok($late, 'a client of its own') or diag($!);
$first->autoflush(1);
print {$first} 'SET autocommit = 0; ', punch_sql(100), ";\n";
my $stop = time + 10;
sleep 0.1 while time < $stop && !$s->value('SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_rows_modified > 0');
$s->sql(punch_sql(101));
ok(reads($f, qr/"pin": "101"/), 'a punch of a later transaction comes first');
unlike($f->{text}, qr/"pin": "100"/, '  the earlier one is not committed yet');
print {$first} "COMMIT;\n";
ok(reads($f, qr/"pin": "100"/), '  and is printed when it is');
close $first;
$s->sql(punch_sql(102));
ok(reads($f, qr/"pin": "102"/), 'and so is what comes then');
reads($f, qr/never/, 2.2);
is_deeply([$f->{text} =~ /"pin": "(1\d\d)"/g], [101, 100, 102], '  each once');
ok((grep { eval { JSON::PP::decode_json($_) } } split /\n/, $f->{text}) == 13,
    'each line is an object');
end($f->{pid});

my $other = $s->value("SELECT id FROM device WHERE sn = '$OTHER'");
$f = follow('--sn', $OTHER);
ok(reads($f, qr/\Aid +device_sn +pin .*\n/), 'a table begins with its header');
$s->sql(punch_sql(200));
$s->sql(punch_sql(201, $other));
ok(reads($f, qr/^\d+ +$OTHER +201 +2030-01-05 08:00:00 /m), '  and has rows as they come');
unlike($f->{text}, qr/ 200 /, '  of that clock alone');
end($f->{pid});
$f = follow('--pin', '7', '--format', 'csv');
ok(reads($f, qr/\Aid,device_sn,pin,.*\r\n/), 'csv, too');
ok(reads($f, qr/,7,2030-01-05 08:00:00,/), '  and of a person');
end($f->{pid});
fails(['punch', 'list', '--follow', '--from', '2030-01-01'], 2,
    '--follow shows what comes: it goes without --from and --to');

# ---- the notice by UDP ----

{
	# the port is fixed: an address that nobody else is likely to use
	my $near = join '.', 127, map { 1 + int rand 250 } 1 .. 3;
	my $udp = IO::Socket::INET->new(Proto => 'udp', LocalAddr => $near,
	    LocalPort => 4374) or die "UDP port 4374 of $near: $!";
	my $heard = sub {
		my $bytes = '';
		return '' if !IO::Select->new($udp)->can_read($_[0]);
		$udp->recv($bytes, 100);
		return $bytes;
	};
	$s->sql("REPLACE INTO device_state (device_id, reported_ip, peer_ip)
	    VALUES ($device, '$near', ''), ($other, '', '$near')");
	run('command', 'send', '--all', 'check');
	is($heard->(0.5), '', 'nothing is sent by UDP');
	# one insert, one look at the settings for each of thirty more clocks
	$s->admit(map { "NEAR$_" } 1 .. 30);
	my $few = statements(sub { run('command', 'send', $SN, 'check') });
	my $many = statements(sub { run('command', 'send', '--all', 'check') });
	cmp_ok($many - $few, '<', 80, '  and the wish for none is cheap');
	$s->sql("DELETE FROM device WHERE sn LIKE 'NEAR%'");
	prints(['device', 'set', $SN, 'udp_notice=yes'], "$SN: udp_notice = yes\n");
	run('command', 'send', '--all', 'check');
	is($heard->(5), 'R-CMD', '  unless the clock wants it');
	is($heard->(0.5), '', '  once');
	run('device', 'set', $SN, 'udp_notice=no');
	$s->write_ini(ini(udp_notice => 'yes'));
	run('command', 'send', '--all', 'check');
	is($heard->(0.5), '', 'never to an address that the clock did not report');
	fails(['device', 'set', $SN, 'udp_notice=maybe'], 1, 'udp_notice: yes or no');
	$s->write_ini(ini());
	forget();
}

# ---- completion ----

prints(['completion', 'bash'], qr/^complete -F _clockgate clockgate$/m);
fails(['completion', 'zsh'], 2,
    'there is a completion for bash only; type: clockgate completion bash');
my $script = spew("$dir/completion", (run('completion', 'bash'))[1]);

# What bash would offer for these words; bash cuts at "=".
sub offers
{
	my @words = map { /\A(--?\w[\w-]*|\w+)(=)(.*)\z/ ? grep { length } $1, $2, $3 : $_ } @_;
	my $list = join ' ', map { "'$_'" } $s->program('clockgate'), '--config', $s->ini, @words;
	open my $bash, '-|', 'bash', '--norc', '-c', "source '$script'; COMP_WORDS=($list); "
	    . 'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _clockgate; printf "%s\n" "${COMPREPLY[@]}"'
	    or die "bash: $!\n";
	chomp(my @got = <$bash>);
	close $bash;
	is($?, 0, 'bash completes: ' . join ' ', @_);
	return join ' ', sort grep { length } @got;
}

is(offers('comm'), 'command', '  a word');
is(offers('command', ''), 'cancel catalogue list raw send show', '  its commands');
is(offers('device', 'user', ''), 'list', '  of three words');
is(offers('command', 'send', 'TST'), "$SN $OTHER", '  clocks');
is(offers('command', 'send', $SN, 'user-'), 'user-delete user-extended-update user-update',
    '  commands of clocks');
is(offers('command', 'send', $SN, 'tip-code-update', ''), 'Enable= ID= Name=', '  fields');
is(offers('command', 'send', $SN, 'tip-code-update', 'ID=1', 'N'), 'Name=', '  the next field');
is(offers('command', 'send', '--all', 'tip-code-update', 'E'), 'Enable=', '  with --all');
like(offers('command', 'send', '--'), qr/--all .*--expires .*--from .*--wait --yes/, '  options');
is(offers('punch', 'list', '--fo'), '--follow --format', '  of a list');
is(offers('device', 'list', '--status', 'a'), 'active', '  values of options');
is(offers('file', 'remove', ''), 'firmware.bin', '  files');
chdir $dir or die "$dir: $!\n";
$s->sql(q{INSERT INTO device (sn, status, first_seen_utc) VALUES
    ('$(>trap)', 'active', UTC_TIMESTAMP()), ('`>trap.2`', 'active', UTC_TIMESTAMP()),
    ('*', 'active', UTC_TIMESTAMP())});
is(offers('device', 'show', ''), "SIM0001 $SN $OTHER WAITS", '  clocks whose serial is plain');
is(offers('punch', 'list', '--sn', ''), "SIM0001 $SN $OTHER WAITS", '  as the value of an option');
is(join(' ', glob 'trap*'), '', '  and no serial is run');
$s->sql(q{DELETE FROM device WHERE sn LIKE '%trap%' OR sn = '*'});
chdir '/';

# ---- the database goes ----

$s->db->stop;
fails(['command', 'send', $SN, 'check'], 1,
    qr/\Aclockgate: database: .*; does the server run\? see socket and host in \[database\] \(/);

done_testing();
