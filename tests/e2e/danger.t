# Dangerous commands: allowed in the ini, opened for a while, audited; as an
# operator sees it, and as a clock gets them through the real programs.
use strict;
use warnings;
use MIME::Base64 qw(encode_base64);
use Test::More;
use Clockgate::Operator qw(typed prints fails);
use Clockgate::Server;

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $SN = 'TST0000000001';
my $me = getpwuid $>;
my $s = Clockgate::Server->new(ini => { commands => { wipe => 'yes', key => 'yes' } });
$s->admit($SN);
my $getrequest = $s->fastcgi('getrequest');
my $devicecmd = $s->fastcgi('devicecmd');
delete @ENV{qw(CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};

sub run { return typed($s->program('clockgate'), '--config', $s->ini, @_) }
Clockgate::Operator::by(\&run);

# The answer to a heartbeat that sees what is queued by now.
sub poll
{
	sleep 1.1;
	return $getrequest->request({ path => '/iclock/getrequest', query => "SN=$SN" })->{body};
}

sub queue
{
	my ($body) = @_;
	$s->sql("INSERT INTO command (device_sn, body) VALUES ('$SN', '$body')");
	return $s->value('SELECT MAX(id) FROM command');
}

sub state_of { return join ': ', @{ ($s->sql("SELECT state, COALESCE(reason, '')
    FROM command WHERE id = $_[0]"))[0] } }

sub head
{
	my ($status, $text) = run('audit', 'verify');
	return $text =~ /^head: (\d+:[0-9a-f]{64})$/m ? $1 : "none: $text";
}

# ---- what is typed wrongly ----

fails(['allow'], 2, 'which class? type: clockgate allow CLASS --minutes 30 --reason TEXT, '
    . 'or --list');
fails(['allow', 'wpie', '--minutes', '5', '--reason', 'x'], 2, 'there is no class "wpie"; '
    . 'type shell, files, wipe, network or key; did you mean "wipe"?');
my $form = 'for how long, and what for? type: clockgate allow wipe --minutes 30 --reason TEXT';
fails(['allow', 'wipe'], 2, $form);
fails(['allow', 'wipe', '--minutes', '5'], 2, $form);
fails(['allow', 'wipe', '--reason', 'x'], 2, $form);
fails(['allow', 'wipe', '--minutes', $_, '--reason', 'x'], 2,
    "--minutes $_: type a number, 1 to 1440") for qw(0 1441 -1 1.5 30m);
fails(['allow', 'wipe', '--minutes', '5', '--reason', $_], 2,
    '--reason: type 1 to 255 bytes of UTF-8 that can be shown')
    for '', "a\nb", "\xff", 'x' x 256;
fails(['allow', 'wipe', '--close', '--minutes', '5'], 2,
    '--close goes without --minutes and --reason');
fails(['allow', 'wipe', '--list'], 2, '--list shows all classes: it goes alone');
fails(['allow', 'wipe', '--close'], 1,
    'the class wipe is not open; type: clockgate allow --list');
fails(['allow', 'shell', '--minutes', '5', '--reason', 'x'], 1, 'the class shell is not '
    . 'allowed; to allow it, write shell = yes in [commands] of ' . $s->ini
    . ', and restart the programs');
prints(['audit', 'list', '--format', 'csv'],
    "id,at_utc,action,class,who,why,device_sn,command_id,what,result\r\n");
prints(['audit', 'verify'], "nothing was altered, nothing is missing: 0 rows\n");

# ---- closed ----

my @daily = map { [ $_, queue($_) ] } "DATA UPDATE USERINFO PIN=7\tName=Ann",
    'DATA DELETE USERINFO PIN=7', 'SET OPTION DateTime=812345678', 'SET OPTION LockOn=5',
    'AC_UNLOCK', 'DATA QUERY USERINFO', 'CHECK';
is(poll(), join('', map { "C:$_->[1]:$_->[0]\n" } @daily), 'what is done every day is free');
my %class = ('RESTORE' => 'shell', 'GetFile /etc/passwd' => 'files',
    'DATA DELETE USERINFO PIN=*' => 'wipe', 'SET OPTION WebServerURL=http://192.0.2.9/' => 'network',
    'SET OPTION DNS=192.0.2.9' => 'network', 'SET OPTION ComPwd=1' => 'key');
my %unusual = map { $_ => queue($_) } sort keys %class;
is(poll(), 'OK', 'what is not known as harmless is not');
is($s->value("SELECT CONCAT(state, ' ', danger) FROM command WHERE id = $unusual{$_}"),
    "failed $class{$_}", "  $_") for sort keys %class;
is($s->value("SELECT COUNT(*) FROM command WHERE body LIKE '%ComPwd=1%'"), 0,
    '  and keeps no password');
my $broken = queue('SET OPTIONS PushComKey=SECRET7,IPAddress=192.0.2.9');
is(poll(), 'OK', 'a key in a line that is refused for another reason');
poll();
is($s->text("SELECT state, danger, body FROM command WHERE id = $broken"),
    "failed\tkey\tSET OPTIONS PushComKey=\n", '  is not kept either');
is($s->text("SELECT action, class, what FROM audit WHERE command_id = $broken"),
    "refused\tkey\tSET OPTIONS PushComKey= IPAddress=192.0.2.9\n", '  and audited without it');
my @cancelled = map { queue($_) } 'SET OPTION PushComKey=SECRET8',
    'SET OPTIONS PushComKey=SECRET9,IPAddress=192.0.2.9', 'SET OPTION DateTime=812345678';
prints(['command', 'cancel', $_], "$_: cancelled\n") for @cancelled;
poll();
is($s->text("SELECT body FROM command WHERE id >= $cancelled[0] ORDER BY id"),
    "SET OPTION PushComKey=\nSET OPTIONS PushComKey=\nSET OPTION DateTime=812345678\n",
    'nor is one that is cancelled before a clock came');
is($s->value("SELECT GROUP_CONCAT(what) FROM audit WHERE action = 'cancelled'"),
    'SET OPTION PushComKey=,SET OPTIONS PushComKey= IPAddress=192.0.2.9', '  and audited without it, too');
$s->sql('DELETE FROM audit; DELETE FROM command;
    UPDATE audit_head SET id = 0, hash = REPEAT(0, 64)');

my $refused = queue('CLEAR DATA');
my $other = queue('CHECK');
is(poll(), "C:$other:CHECK\n", 'a class that is not open: its commands stay here');
is(state_of($refused), 'failed: the class wipe is not open: type clockgate allow wipe '
    . '--minutes 30 --reason TEXT, and queue the command again', '  and fail with the cure');
fails(['command', 'send', $SN, 'clear-data', '--yes'], 1, 'clear-data is dangerous (class '
    . 'wipe), and that class is not open; to open it, type: clockgate allow wipe '
    . '--minutes 30 --reason TEXT');
is($s->value("SELECT COUNT(*) FROM command WHERE state = 'queued'"), 0,
    '  nothing was queued');

# ---- what looks sealed, and is not ----

my $forged = queue('cg1:QUJD');
my $behind = queue('CHECK');
is(poll(), "C:$behind:CHECK\n", 'what can not be opened does not stop what is behind it');
is(state_of($forged), q(failed: can't be opened: sealed with another key than the one of )
    . 'key_file, or changed since', '  and fails');
my $locked = queue('cg1:' . encode_base64(pack('N', 4242) . 'x' x 60, ''));
$behind = queue('CHECK');
is(poll(), "C:$behind:CHECK\n", 'nor does what names a key that is not here');
is($s->value("SELECT state FROM command WHERE id = $locked"), 'queued', '  which stays');
like($getrequest->log_text, qr/ event=command-locked id=$locked err="sealed with key 4242, which is not here/,
    '  and is logged');
$s->sql("DELETE FROM command WHERE id = $locked");

# ---- open ----

my $until = qr/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
prints(['allow', 'wipe', '--minutes', '30', '--reason', "moved to Zo\xc3\xab's"],
    qr/\Awipe: open until $until UTC\n\z/);
prints(['allow', '--list', '--format', 'csv'],
    qr/\Aclass,allowed,open_until_utc,opened_by,reason\r
shell,no,,,\r
files,no,,,\r
wipe,yes,$until,$me,moved to Zo\xc3\xab's\r
network,no,,,\r
key,yes,,,\r\n\z/, 'allow --list');
my $sent = queue('CLEAR DATA');
is(poll(), "C:$sent:CLEAR DATA\n", 'while it is open they are sent');
is($devicecmd->request({ path => '/iclock/devicecmd', query => "SN=$SN",
    body => "ID=$sent&Return=0&CMD=CLEAR DATA\n" })->{body}, 'OK', '  and settled');
my ($status, $text) = run('command', 'send', $SN, 'users-delete-all', '--yes');
is($status, 0, 'the command line queues them, too') or diag($text);
fails(['command', 'send', $SN, 'set-option', 'CardKey=31415', '--yes'], 1,
    qr/\(class key\), and that class is not open/);
prints(['allow', 'wipe', '--close'], "wipe: closed\n");
is(poll(), 'OK', 'closed before its time: what was queued does not go out');
like(state_of($sent + 1), qr/\Afailed: the class wipe is not open/, '  and fails');

# ---- by itself ----

$s->allow('wipe');
$s->sql('UPDATE danger_open SET until_utc = UTC_TIMESTAMP() + INTERVAL 1 SECOND');
sleep 2;
my $late = queue('CLEAR DATA');
is(poll(), 'OK', 'when its time is over it is closed');
like(state_of($late), qr/\Afailed: the class wipe is not open/, '  for those commands');
prints(['allow', '--list', '--format', 'csv'], qr/^wipe,yes,,,\r$/m, '  and in the list');

# ---- the audit ----

my $moved = "moved to Zo\xc3\xab's";
is($s->text('SELECT action, class, who, why, device_sn, command_id, what FROM v1_audit
    ORDER BY id'), join('', map { join("\t", @$_) . "\n" }
	[ 'refused', 'wipe', '', '', $SN, $refused, 'CLEAR DATA' ],
	[ 'refused', 'wipe', $me, '', $SN, 'NULL', 'CLEAR DATA' ],
	[ 'opened', 'wipe', $me, $moved, '', 'NULL', 'for 30 minutes' ],
	[ 'sent', 'wipe', '', $moved, $SN, $sent, 'CLEAR DATA' ],
	[ 'done', 'wipe', '', '', $SN, $sent, 'clear-data' ],
	[ 'queued', 'wipe', $me, $moved, $SN, $sent + 1, 'DATA DELETE USERINFO' ],
	[ 'refused', 'key', $me, '', $SN, 'NULL', 'SET OPTION CardKey=' ],
	[ 'closed', 'wipe', $me, '', '', 'NULL', '' ],
	[ 'refused', 'wipe', $me, '', $SN, $sent + 1, 'DATA DELETE USERINFO' ],
	[ 'opened', 'wipe', $me, 'a test', '', 'NULL', 'for 60 minutes' ],
	[ 'refused', 'wipe', '', '', $SN, $late, 'CLEAR DATA' ]),
    'who, when, why, what');
prints(['audit', 'list', '--limit', '1', '--format', 'csv'],
    qr/\r\n11,$until,refused,wipe,,,$SN,$late,CLEAR DATA,"the class wipe is not open/,
    'audit list: the newest first');
prints(['audit', 'list', '--sn', 'OTHER', '--format', 'csv'],
    qr/\A[^\r]*\r\n\z/, '  of one clock');
my $head = head();
like($head, qr/\A11:/, 'audit verify tells the head');
prints(['audit', 'verify', '--expect', $head],
    "nothing was altered, nothing is missing: 11 rows\nhead: $head\n");
$s->allow('wipe');
prints(['audit', 'verify', '--expect', $head], qr/: 12 rows\nhead: 12:/,
    'a head that was noted before others came');
fails(['audit', 'verify', '--expect', $_], 2,
    qr/--expect \Q$_\E: type the head that "clockgate audit verify" printed/)
    for '11', '11:abc', '0:' . '0' x 64, '11:' . 'G' x 64;

sub forged
{
	my ($sql, $want, @expect) = @_;
	$s->sql('CREATE TABLE kept AS SELECT * FROM audit');
	$s->sql('CREATE TABLE kept_head AS SELECT * FROM audit_head');
	$s->sql($sql);
	my ($got, $out, $err) = run('audit', 'verify', @expect);
	is($out, "fault\n$want\n", "$sql: it is named");
	is("$got $err", "1 clockgate: the audit is not what was written\n",
	    '  and the exit status says so');
	$s->sql('DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;
	    REPLACE INTO audit_head SELECT * FROM kept_head; DROP TABLE kept, kept_head');
}

forged("UPDATE audit SET who = 'nobody' WHERE id = 5",
    'row 5 was altered, or the hash of the row before it');
forged('DELETE FROM audit WHERE id = 5', 'row 5 is missing');
forged('DELETE FROM audit WHERE id = 12', 'row 12 is missing');
forged('DELETE FROM audit WHERE id > 10; UPDATE audit_head SET id = 10,
    hash = (SELECT hash FROM audit WHERE id = 10)', 'row 11, which was noted, is missing',
    '--expect', $head);
prints(['audit', 'verify'], qr/\Anothing was altered/, 'put back, it is good again');

done_testing;
