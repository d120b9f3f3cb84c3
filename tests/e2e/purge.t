# A person goes: from here, from the queue, and from the clocks.  In clear and
# sealed.  Real MariaDB and programs; the clock is a script.

use strict;
use warnings;
use Test::More;
use Clockgate::Operator qw(typed prints fails);
use Clockgate::Server;
use File::Temp ();
use MIME::Base64 qw(encode_base64);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my ($SN, $OTHER, $EMPTY) = qw(TST0000000001 TST0000000002 TST0000000003);
my $dir = File::Temp->newdir('cgpurge-XXXXXX', TMPDIR => 1);
my $s = Clockgate::Server->new;
delete @ENV{qw(CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};
Clockgate::Operator::by(\&run);

sub run { return typed($s->program('clockgate'), '--config', $s->ini, @_) }

my %fcgi;
sub upload
{
	my ($sn, $table, $body) = @_;
	my $reply = $fcgi{cdata}->request({ path => '/iclock/cdata',
	    query => "SN=$sn&table=$table&Stamp=1", method => 'POST',
	    body => $body });
	like($reply->{body}, qr/^OK/, "$table of $sn") or diag $reply->{raw};
}

my $JPEG = "\xff\xd8\xff\xe0 a picture";
my $picture = encode_base64($JPEG, '');

# The same for the one who goes and for one who stays, 7 and 77.
sub fill
{
	$s->empty;
	$s->admit($SN, $OTHER, $EMPTY);
	$s->sql("INSERT INTO self_service_text (service, pin, text)
	    VALUES (1, '7', 'holidays'), (1, '77', 'holidays')");
	for my $pin (7, 77) {
		upload($SN, 'OPERLOG', join("\n",
		    "USER PIN=$pin\tName=P$pin\tPasswd=12$pin",
		    "FP PIN=$pin\tFID=1\tTMP=QUJD", "FP PIN=$pin\tFID=2\tTMP=QUJD",
		    "FACE PIN=$pin\tFID=0\tTMP=QUJD",
		    "USERPIC PIN=$pin\tContent=$picture",
		    "OPLOG 9\t0\t2026-01-02 08:00:00\t$pin\t0\t0\t0",
		    "OPLOG 5\t$pin\t2026-01-02 08:00:00\t1\t0\t0\t0",
		    "OPLOG 5\t0\t2026-01-02 08:00:00\t$pin\t0\t0\t0",
		    "FP PIN=$pin\tFID=x\tTMP=QUJD",
		    "USER_SMS PIN=$pin\tUID=1") . "\n");
		upload($OTHER, 'BIODATA', "BIODATA Pin=$pin\tNo=0\tIndex=0\tType=9"
		    . "\tTMP=QUJD\n");
		upload($OTHER, 'IDCARD', "IDCARD PIN=$pin\tSNNum=5\tIDNum=$pin\n");
		upload($SN, 'ATTLOG', "$pin\t2026-01-02 08:00:00\t0\t1\n"
		    . "$pin\t2026-01-02 17:00:00\t1\t1\n$pin\tnonsense\t0\t1\n");
		upload($SN, 'ATTPHOTO', "PIN=20260102080000-$pin.jpg\nSN=$SN\nsize=9"
		    . "\nCMD=uploadphoto\0$JPEG");
		upload($SN, 'ATTPHOTO', "PIN=20260102080000-$pin.jpg\nCMD=uploadphoto\0");
		run('command', 'send', $SN, 'user-update', "PIN=$pin", "Name=P$pin");
		run('command', 'send', $SN, 'picture-delete', "PIN=$pin");
		$fcgi{devicecmd}->request({ path => '/iclock/devicecmd',
		    query => "SN=$SN", method => 'POST',
		    body => "ID=99$pin&Return=0&CMD=DATA&Data=USER PIN=$pin\tName=P" });
	}
}

# What there is in the tables, but for queued deletes.
sub left
{
	my ($pin) = @_;
	return $s->text("SELECT 'users', COUNT(*) FROM device_user WHERE pin = '$pin'
	    UNION ALL SELECT 'templates', COUNT(*) FROM template WHERE pin = '$pin'
	    UNION ALL SELECT 'photos', COUNT(*) FROM photo WHERE pin = '$pin'
	    UNION ALL SELECT 'items', COUNT(*) FROM device_item
		WHERE item_key LIKE '$pin\\t%'
	    UNION ALL SELECT 'texts', COUNT(*) FROM self_service_text WHERE pin = '$pin'
	    UNION ALL SELECT 'punches', COUNT(*) FROM punch WHERE pin = '$pin'
	    UNION ALL SELECT 'operations', COUNT(*) FROM operation
		WHERE admin_pin = '$pin' OR object1 = '$pin'");
}
sub rows { return join ' ', map { $s->value("SELECT COUNT(*) FROM $_") }
    qw(command rejected device_event) }
sub all { return join "\n", left(7), left(77), rows() }

my $was = "users\t1\ntemplates\t4\nphotos\t2\nitems\t2\ntexts\t1\npunches\t2\n"
    . "operations\t3\n";
my $gone = "users\t0\ntemplates\t0\nphotos\t0\nitems\t0\ntexts\t0\n";

sub report
{
	my ($becomes, $queued) = @_;
	return join '', "what,rows,becomes\r\n", (map { "$_,$becomes\r\n" }
	    'users,1', 'templates,4', 'photos,2', 'items,2', 'texts,1',
	    'commands,1', 'rejected,2', 'events,1'),
	    (map { qq($_,"kept, --punches removes them"\r\n) }
	    'punches,2', 'operations,2'),
	    map { "$_,1,$queued\r\n" } (
	    "picture-delete at $SN", "face-delete at $SN",
	    "fingerprint-delete at $SN", "user-delete at $SN",
	    "biodata-delete at $OTHER", "user-delete at $OTHER");
}

sub goes
{
	my ($mode) = @_;
	$s->write_ini({ privacy => { mode => $mode, key_file => "$dir/keys" } });
	%fcgi = map { $_ => $s->fastcgi($_) } qw(cdata devicecmd);
	fill();
	is(left(7), $was, "$mode: what is here of the person");
	is(left(77), $was, '  and of another');
	is(rows(), '4 6 2', '  and what has to be looked into');
	my $before = all();
	my $last = $s->value('SELECT MAX(id) FROM command');
	prints(['user', 'purge', '7', '--everywhere', '--dry-run', '--format', 'csv'],
	    report('would be removed', 'would be queued'), 'a rehearsal tells all');
	is(all(), $before, '  and does nothing');

	prints(['user', 'purge', '7', '--everywhere', '--format', 'csv'],
	    report('removed', 'queued'), 'user purge tells what it did');
	is(left(7), "${gone}punches\t2\noperations\t3\n", '  and did it');
	is(left(77), $was, '  not to the other');
	is(rows(), '9 4 1', '  and six deletes are queued');
	is($s->text("SELECT device_sn, body FROM v1_command WHERE id > $last ORDER BY id"),
	    "$SN\tDATA DELETE USERPIC PIN=7\n$SN\tDATA DELETE FACE PIN=7\n"
	    . "$SN\tDATA DELETE FINGERTMP PIN=7\n$SN\tDATA DELETE USERINFO PIN=7\n"
	    . "$OTHER\tDATA DELETE BIODATA Pin=7\n$OTHER\tDATA DELETE USERINFO PIN=7\n",
	    '  as the clocks want them');
	prints(['user', 'purge', '7', '--punches'], qr/^punches +2 +removed\noperations +2 +removed$/m,
	    'punches go when it is said');
	is(left(7), "${gone}punches\t0\noperations\t1\n", '  and operations of the person');
	is(rows(), '9 3 1', '  and a punch that could not be read; deletes stay');
	$_->stop for values %fcgi;
}

run('key', 'new', '--set', "privacy.key_file=$dir/keys");
goes('relay');
goes('vault');

prints(['user', 'purge', '4711', '--format', 'csv'], qr/^users,0,removed\r$/m, 'nobody of that PIN');

# ---- a part of an upload, with lines of two ----

sub part
{
	my ($table, $lines) = @_;
	$s->sql("DELETE FROM rejected; INSERT INTO rejected (device_id,
	    received_at_utc, endpoint, table_name, reason, line)
	    SELECT id, UTC_TIMESTAMP(), 'cdata', '$table', 'not read', '$lines'
	    FROM device WHERE sn = '$SN'");
}

sub stays
{
	my ($said) = @_;
	my ($status, $out, $err) = run(qw(user purge 5 --punches --format csv));
	like($out, qr/^rejected,0,removed\r$/m, "$said: what has lines of others is not removed");
	like($out, qr/^rejected-kept,1,"?kept, with lines of others/m, '  and counted');
	like($err, qr/have lines of others, too, and stay; type: clockgate rejected retry .*rejected drop ID$/,
	    '  with what to do');
	is($status, 1, '  and it exits with 1');
}

part('OPERLOG', 'USER PIN=5\tName=E\nUSER PIN=6\tName=F\n');
stays('users');
part('ATTLOG', '6\t2026-01-02 08:00:00\t0\t1\n5\t2026-01-02 08:00:00\t0\t1\n');
stays('punches');
prints(['user', 'purge', '66', '--punches', '--format', 'csv'], qr/^rejected,0,removed\r$/m,
    'who is not in it is not kept up');
prints(['rejected', 'retry', '--sn', $SN], qr/^1 tried, 1 stored/, 'it is read again');
prints(['user', 'purge', '5', '--punches', '--format', 'csv'], qr/^punches,1,removed\r$/m,
    '  and then the person goes');
is($s->value("SELECT GROUP_CONCAT(pin) FROM punch WHERE pin IN ('5', '6')"), 6,
    '  and the other stays');
part('OPERLOG', 'USER PIN=5\tName=E\n');
prints(['user', 'purge', '5', '--format', 'csv'], qr/^rejected,1,removed\r$/m,
    'a line of one goes');
part('OPERLOG', 'USER PIN=5\tName=E\tPri=x\nUSER PIN=6\tName=F\n');
stays('a line that nobody can read');
prints(['rejected', 'retry', '--sn', $SN], qr/^2 tried, 1 stored/, 'it is taken out');
prints(['user', 'purge', '5', '--format', 'csv'], qr/^rejected,1,removed\r$/m,
    '  and goes with the person');
is($s->value("SELECT GROUP_CONCAT(pin) FROM device_user WHERE pin IN ('5', '6')"), 6,
    '  and the other stays');

# ---- a command under way may have brought the person since ----

run('command', 'send', $EMPTY, 'user-update', 'PIN=77', 'Name=E');
$s->sql("UPDATE command SET state = 'sent' WHERE device_sn = '$EMPTY'");
prints(['user', 'purge', '77', '--everywhere', '--dry-run', '--format', 'csv'],
    qr/^picture-delete at $EMPTY,1,would be queued\r\n(?:\S+-delete at $EMPTY,.*\r\n){3}user-delete at $EMPTY,/m,
    'a clock that was sent the person a moment ago is told to delete it');
$s->sql("UPDATE command SET state = 'sent' WHERE device_sn = '$SN'");
my (undef, $rehearsal) = run(qw(user purge 77 --everywhere --dry-run --format csv));
is(scalar(() = $rehearsal =~ /^user-delete at $SN,/mg), 1, '  and each clock once');
$s->sql("DELETE FROM command WHERE device_sn = '$EMPTY'");

# ---- without the key nobody can look into what is sealed ----

$s->write_ini({});
fails_after();
sub fails_after
{
	my ($status, $out, $said) = run(qw(user purge 77));
	like($out, qr/^users +1 +removed$/m, 'without the key the rest goes');
	like($out, qr/^sealed +\d+ +can't be opened, and stay$/m, '  and it says what stays');
	like($said, qr/could not be looked into: see key_file/, '  and what to do');
	is($status, 1, '  and exits with 1');
}

# ---- all or nothing ----

$s->sql("INSERT INTO device_user (device_id, pin, updated_at_utc)
    SELECT id, '8', UTC_TIMESTAMP() FROM device WHERE sn = '$SN';
    INSERT INTO punch (device_id, pin, punched_at, state, verify, received_at_utc)
    SELECT id, '8', '2026-01-02', 0, 0, UTC_TIMESTAMP() FROM device WHERE sn = '$SN'");
my $hold = $s->db->session('clockgate');
$hold->sql('BEGIN');
$hold->sql("SELECT id FROM punch WHERE pin = '8' FOR UPDATE");
my ($status, $out, $said) = run(qw(user purge 8 --punches --set
    database.lock_wait_timeout=1));
like($said, qr/^clockgate: user purge: nothing was removed: MySQL 1205/, 'a lock that is not given up');
is("$status $out", '1 ', '  exits with 1');
is($s->value("SELECT COUNT(*) FROM device_user WHERE pin = '8'"), 1, '  and nothing is gone');
$hold->sql('ROLLBACK');
$hold->close;

fails(['user', 'purge', 'a b'], 2, qr/can't be a PIN/);

done_testing();
