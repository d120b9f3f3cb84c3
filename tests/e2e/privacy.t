# Templates, photos and passwords: nothing of them is kept, or sealed so that a
# copy of the database holds none in clear.  Real MariaDB and programs; the
# clock is a script.

use strict;
use warnings;
use Test::More;
use Clockgate::File qw(slurp spew);
use Clockgate::Operator qw(typed prints fails);
use Clockgate::Process;
use Clockgate::Server;
use Digest::SHA qw(sha256_hex);
use File::Path qw(make_path);
use File::Temp ();
use MIME::Base64 qw(encode_base64);
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my ($SN, $RELAY) = qw(TST0000000001 TST0000000002);
my $dir = File::Temp->newdir('cgkey-XXXXXX', TMPDIR => 1);
my $file = "$dir/keys";
my %commands = (commands => { files => 'yes' });
my $s = Clockgate::Server->new(ini => { %commands });
$s->admit($SN, $RELAY);
$s->allow('files');
delete @ENV{qw(CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};
Clockgate::Operator::by(\&run);

sub run { return typed($s->program('clockgate'), '--config', $s->ini, @_) }
sub mode { $s->write_ini({ %commands, privacy => { key_file => $file, mode => $_[0] } }) }

# ---- the clock ----

my %fcgi;
sub programs { %fcgi = map { $_ => $s->fastcgi($_) } qw(cdata getrequest devicecmd) }

sub ask
{
	my ($program, $query, $body, $sn) = @_;
	return $fcgi{$program}->request({ path => "/iclock/$program",
	    query => 'SN=' . ($sn // $SN) . ($query ne '' ? "&$query" : ''),
	    defined $body ? (method => 'POST', body => $body) : () });
}

sub upload
{
	my ($table, $body, $sn) = @_;
	return ask('cdata', "table=$table&Stamp=1", $body, $sn)->{body};
}

# ---- markers, each for one way into the database ----

my $n = 0;
my %marker;
sub marker { return $marker{$_[0]} = sprintf 'Mark%02d-%s', ++$n,
    join '', map { chr 97 + int rand 26 } 1 .. 20 }
sub hidden { return encode_base64('xx' . marker($_[0]) . 'yyy', '') }

# Text, hexadecimal in both cases, and base64 at its three alignments.
sub forms
{
	my ($m) = @_;
	my $hex = unpack 'H*', $m;
	return ($m, $hex, uc $hex, map {
		my $text = encode_base64(('x' x $_) . $m, '');
		my $first = int((8 * $_ + 5) / 6);	# letters that x has a part in
		my $whole = int((8 * ($_ + length $m)) / 6);
		substr $text, $first, $whole - $first;
	} 0 .. 2);
}

sub dump_of
{
	my $text = '';
	for my $option ('--hex-blob', '--skip-hex-blob') {
		open my $fh, '-|', 'mariadb-dump', '--no-defaults', '--user=root',
		    '--socket=' . $s->db->socket, $option, 'clockgate'
		    or die "mariadb-dump: $!\n";
		binmode $fh;
		local $/;
		$text .= <$fh> // '';
		close $fh or die "mariadb-dump failed\n";
	}
	return $text;
}

# The ways whose marker is found.
sub found
{
	my ($text) = @_;
	return sort grep {
		grep { index($text, $_) >= 0 } forms($marker{$_})
	} keys %marker;
}

my $JPEG = "\xff\xd8\xff\xe0";
sub send_all
{
	my ($sn) = @_;
	%marker = ();
	my $password = marker('password');
	is(upload('OPERLOG', join("\n",
	    "USER PIN=1\tName=Ann\tPri=0\tPasswd=$password\tCard=1\tGrp=1"
	    . "\tTZ=0\tPassword=" . marker('password that came again'),
	    "FP PIN=1\tFID=1\tSize=40\tValid=1\tTMP=" . hidden('fingerprint')
	    . "\tMore=" . hidden('field beside a fingerprint'),
	    "FACE PIN=1\tFID=0\tSize=40\tValid=1\tTMP=" . hidden('face'),
	    "FP PIN=\tFID=1\tTMP=" . hidden('line that can not be read'),
	    "USERPIC PIN=1\tFileName=1.jpg\tSize=40\tContent="
	    . encode_base64($JPEG . marker('picture'), ''),
	    "USERPIC PIN=1\tFileName=1.jpg\tSize=40\tContent=*"
	    . marker('picture that is none'),
	    "BIOPHOTO PIN=1\tFileName=1.jpg\tType=9\tSize=40\tContent="
	    . encode_base64($JPEG . marker('face photo'), '')) . "\n", $sn),
	    'OK: 7', 'users, templates and pictures');
	is(upload('BIODATA', "BIODATA Pin=1\tNo=0\tIndex=0\tValid=1\tDuress=0"
	    . "\tType=9\tMajorVer=5\tMinorVer=8\tFormat=0\tTmp="
	    . hidden('unified template') . "\n", $sn), 'OK: 1', 'a template');
	is(upload('ATTPHOTO', "PIN=20260102080000-1.jpg\nSN=$sn\nsize=40\n"
	    . "CMD=uploadphoto\0" . $JPEG . marker('photo'), $sn), 'OK', 'a photo');
	is(upload('ATTPHOTO', "PIN=nonsense\nCMD=uploadphoto\0$JPEG"
	    . marker('photo without a time'), $sn), 'OK', 'and one without a time');
	is(upload('IDCARD', "IDCARD PIN=1\tSNNum=9\tIDNum=5\tPhoto="
	    . hidden('identity card') . "\n", $sn), 'OK: 1', 'an identity card');
	is(upload('templatev99', 'templatev99 tmp=' . hidden('unknown table'), $sn),
	    'OK: 1', 'a table that nobody knows');
	is(upload('ATTLOG', "1\t2026-01-02 08:00:00\t0\t1\t0\t0\t0\n", $sn),
	    'OK: 1', 'a punch');
	is(ask('devicecmd', '', "ID=777&Return=0&CMD=GetFile&Content="
	    . marker('result that nobody waits for'), $sn)->{body}, 'OK',
	    'a result that nobody waits for');
	commands($sn);
}

sub commands
{
	my ($sn) = @_;
	my ($status, $out, $err) = run('command', 'send', $sn, 'user-update',
	    'PIN=2', 'Name=Bob', 'Passwd=pw' . marker('sent password') =~ s/^.*-//r);
	$marker{'sent password'} =~ s/^.*-/pw/;
	is($status, 0, 'a password for the clock') or diag($err);
	run('command', 'send', $sn, 'fingerprint-update', 'PIN=2', 'FID=1',
	    'TMP=' . hidden('sent template'));
	run('command', 'send', $sn, 'file-get', '/mnt/mtdblock/x', '--yes');
	my $template = hidden('template of another program');
	my $size = length $template;
	$s->sql("INSERT INTO command (device_sn, body) VALUES ('$sn',
	    'DATA UPDATE FINGERTMP PIN=3\tFID=1\tSize=$size\tValid=1"
	    . "\tTMP=$template')");
	$s->sql("INSERT INTO command (device_sn, body) VALUES ('$sn',
	    'DATA UPDATE FINGERTMP PIN=3\tFID=1\tSize=7\tTMP="
	    . hidden('template of another program, broken') . "')");
	$s->sql("INSERT INTO command (device_sn, body) VALUES ('$sn',
	    'DATA UPDATE BIOX Pin=3\tTmp=" . hidden('template with an unknown verb') . "')");
	my $got = ask('getrequest', '', undef, $sn)->{body};
	my @line = $got =~ /^C:(\d+):(.*)$/mg;
	is(scalar @line, 8, 'the clock gets four commands');
	like($got, qr/\QPasswd=$marker{'sent password'}\E/, '  with the password');
	my %id = reverse @line;
	my ($get) = grep { $id{$_} } grep { /^GetFile/ } keys %id;
	my $reply = $JPEG . marker('file of the clock');
	ask('devicecmd', '', "ID=$id{$get}\nReturn=" . length($reply)
	    . "\nCMD=GetFile\nFILENAME=x\nContent=$reply", $sn);
	is(ask('devicecmd', '', join("\n", map { "ID=$_&Return=0&CMD=DATA" }
	    grep { $_ ne $id{$get} } values %id), $sn)->{body}, 'OK', '  and tells of them');
	is($s->value("SELECT COUNT(*) FROM command WHERE device_sn = '$sn'
	    AND state = 'done'"), 4, 'and carries all of them out');
}

# ---- relay: everything is found, so the search is one ----

programs();
send_all($RELAY);
is_deeply([ found(dump_of()) ], [ sort keys %marker ],
    'relay: everything is there, and what looks for it finds it');

# ---- no key, no vault ----

mode('vault');
fails(['key', 'list'], 1, qr{\Q$file\E: No such file.*type: clockgate key new});
my $cgi = $s->cgi('cdata')->request({ path => '/iclock/cdata',
    query => "SN=$SN&table=ATTLOG", body => "1\t2026-01-02 09:00:00\t0\t1\n" });
isnt($cgi->{exit}, 0, 'vault without a key file: the program refuses to start');
like($cgi->{stderr}, qr{\Q$file\E: No such file.*clockgate key new}, '  and says what to type');
prints(['key', 'new'], qr/^key 1 is in \Q$file\E/);
is((stat $file)[2] & 07777, 0600, 'the key file is for its owner alone');
chmod 0644, $file;
fails(['key', 'list'], 1, qr/other users .* can read it; type: chmod o= \Q$file\E/);
chmod 0640, $file;
prints(['key', 'list'], qr/^1 +\d{4}-\S+ \S+ +yes +0$/m);

# a clock is put into the vault, and these programs have no key
mode('relay');
spew($s->ini, slurp($s->ini) =~ s/^key_file.*$//mr);
chmod 0600, $s->ini;
programs();
fails(['device', 'set', $SN, 'privacy=vault'], 1, qr/vault needs keys; name a file with key_file/);
fails(['device', 'set', $SN, 'privacy=valt'], 1, qr/privacy: relay, none or vault/);
mode('relay');
prints(['device', 'set', $SN, 'privacy=vault'], qr/privacy = vault/);
my $reply = ask('cdata', 'options=all');
like($reply->{body}, qr/^GET OPTION/, 'a program without keys says hello');
$reply = ask('cdata', 'table=OPERLOG&Stamp=1', "FP PIN=1\tFID=1\tTMP=QUJD\n");
is($reply->{status}, 503, 'but does not take a template');
is($s->value('SELECT COUNT(*) FROM template t JOIN device d
    ON d.id = t.device_id WHERE d.sn = ' . "'$SN'"), 0, '  and stores nothing');
like($fcgi{cdata}->log_text, qr/there is no key: see key_file/, '  and says why');
prints(['device', 'set', $SN, 'privacy='], qr/removed/);

# ---- vault ----

mode('vault');
$s->sql("DELETE FROM device_setting; INSERT INTO device_setting (device_id,
    name, value, updated_at_utc) SELECT id, 'privacy', 'relay', UTC_TIMESTAMP()
    FROM device WHERE sn = '$RELAY'");
programs();
send_all($SN);
is_deeply([ found(dump_of()) ], [], 'vault: a copy of the database holds none in clear');

# what is sent again is no second row, nor a change
sub rows { return $s->text("SELECT 'photo', COUNT(*), MAX(id) FROM photo
    UNION ALL SELECT 'rejected', COUNT(*), MAX(id) FROM rejected
    UNION ALL SELECT 'event', COUNT(*), MAX(id) FROM device_event
    UNION ALL SELECT 'template', COUNT(*), MAX(updated_at_utc) FROM template
    UNION ALL SELECT 'user', COUNT(*), MAX(updated_at_utc) FROM device_user") }
my $again = "USER PIN=4\tName=Di\tPasswd=1234\tMore=x\nFP PIN=4\tFID=1\tTMP=QUJD\n"
    . "FP PIN=\tTMP=again\nUSERPIC PIN=4\tContent=" . encode_base64($JPEG, '') . "\n";
upload('OPERLOG', $again);
$s->sql("UPDATE template SET updated_at_utc = '2020-01-01';
    UPDATE device_user SET updated_at_utc = '2020-01-01'");
my $before = rows();
upload('OPERLOG', $again);
is(rows(), $before, 'what comes again is no second row, and no change');

# the views show nothing of it, and that there is something
is($s->text("SELECT password, extra, key_id, sealed LIKE 'cg1:%',
    sealed_extra LIKE 'cg1:%' FROM v1_device_user WHERE pin = '4'"),
    "\tNULL\t1\t1\t1\n", 'v1_device_user');
is($s->text("SELECT template, size, key_id, sealed LIKE 'cg1:%'
    FROM v1_template WHERE pin = '4'"), "\t4\t1\t1\n", 'v1_template');
is($s->text("SELECT image, size, key_id, LEFT(sealed, 3)
    FROM v1_photo WHERE pin = '4'"), "\t4\t1\tcg1\n", 'v1_photo');

# who has the key reads it
my $id = $s->value("SELECT MIN(id) FROM rejected WHERE key_id = 1");
my ($status, $out) = run('rejected', 'show', $id);
like($out, qr/\AFP PIN=\tFID=1\tTMP=/, 'rejected show opens a line');
$id = $s->value("SELECT id FROM command WHERE key_id = 1 AND name = 'file-get'");
($status, $out) = run('command', 'show', $id, '--reply');
is($out, $JPEG . $marker{'file of the clock'}, 'command show opens a reply');
$id = $s->value("SELECT id FROM command WHERE key_id = 1 AND name = 'user-update'");
prints(['command', 'show', $id], qr/Passwd=\Q$marker{'sent password'}\E/);
my $sha = sha256_hex('QUJD');
prints(['template', 'list', '--pin', '4'], qr/ \Q$sha\E /, 'template list tells the hash');
$sha = sha256_hex($JPEG);
prints(['photo', 'list', '--pin', '4'], qr/ \Q$sha\E /, 'photo list does');
prints(['template', 'export', '--dir', "$dir/out", '--sn', $SN, '--pin', '4'],
    "1 files are in $dir/out\n");
is(slurp("$dir/out/$SN-4-1-1-0.bin"), 'ABC', 'template export writes its bytes');
is((stat "$dir/out/$SN-4-1-1-0.bin")[2] & 07777, 0600, '  for its owner alone');
my $deep = join '/', $dir, ('deep' x 50) x 8;
make_path($deep);
prints(['template', 'export', '--dir', $deep, '--sn', $SN, '--pin', '4'],
    "1 files are in $deep\n");
is(slurp("$deep/$SN-4-1-1-0.bin"), 'ABC', '  in whatever directory');
prints(['photo', 'export', '--dir', "$dir/out", '--sn', $SN],
    "4 files are in $dir/out\n");
is(join('', map { slurp($_) } glob "$dir/out/$SN-1-punch-20260102080000-*.jpg"),
    $JPEG . $marker{photo}, 'photo export writes its bytes');
rename $file, "$file.away" or die "$file: $!\n";
prints(['template', 'list', '--pin', '4'], qr/^TST.* 4 .*\n\z/m, 'without the key there is a list');
fails_after(['template', 'export', '--dir', "$dir/none"], qr/^0 files|^\d+ files/,
    qr/not all: sealed with key 1/);
# It did something, and then said what was wrong.
sub fails_after
{
	my ($arg, $want, $wrong) = @_;
	my ($status, $out, $said) = run(@$arg);
	like($out, $want, "@$arg");
	like($said, $wrong, '  says what is wrong');
	is($status, 1, '  and exits with 1');
}

sub not_opened
{
	my ($want, $name) = @_;
	my ($status, $out, $said) = run('command', 'show', $id);
	like($said, $want, $name);
	is($status, 1, '  and exits with 1');
	like($out, qr/^state +done$/m, '  and shows the rest');
	unlike($out, qr/^body/m, '  without the body');
}
not_opened(qr/sealed with key 1, which is not here/, 'without the key');
rename "$file.away", $file or die "$file: $!\n";
$s->sql("UPDATE command SET body = (SELECT * FROM (SELECT body FROM command
    WHERE name = 'fingerprint-update' AND key_id = 1 AND device_sn = '$SN'
    LIMIT 1) x), device_sn = '$RELAY' WHERE id = $id");
not_opened(qr/sealed with another key 1 .* or changed since/,
    'what was moved to another row');
$s->sql("DELETE FROM command WHERE id = $id");

# ---- another key, while clocks post ----

my $poster = Clockgate::Process->start(log => "$dir/poster.log",
    cmd => [ $^X, '-I' . Clockgate::Server->srcdir . '/tests/lib', '-e', <<'END',
	use Clockgate::FastCGI;
	my ($address, $sn, $stop) = @ARGV;
	for (my $i = 0; !-e $stop; $i++) {
		my $pin = $i % 50;
		my $body = "FP PIN=$pin\tFID=2\tTMP=QUJD$i\n"
		    . "USER PIN=$pin\tPasswd=$i\n"
		    . "FP PIN=\tTMP=" . $i % 40 . "\n";
		my $reply = Clockgate::FastCGI::Exchange->new($address, 60)
		    ->begin({ path => '/iclock/cdata', method => 'POST',
		    query => "SN=$sn&table=OPERLOG&Stamp=1", body => $body })
		    ->stdin($body)->end->reply;
		print $reply->{body} eq 'OK: 3' ? "$i\n" : "not $i: $reply->{raw}\n";
		select undef, undef, undef, 0.02;	# no more than a clock may
	}
END
	$fcgi{cdata}->address, $SN, "$dir/stop" ]);
sleep 1;
prints(['key', 'rotate'], qr/^key 2 is current, in place of key 1\n\d+ rows are sealed with key 2\n\z/);
sleep 0.5;
spew("$dir/stop", '');
is($poster->wait(60), 0, 'a clock has posted meanwhile');
my @posted = split /\n/, slurp("$dir/poster.log");
is_deeply([ grep { !/\A\d+\z/ } @posted ], [], '  and was always answered');
cmp_ok(scalar @posted, '>', 10, '  ' . @posted . ' times');
prints(['key', 'list'], qr/^1 .* 0$/m, 'nothing is sealed with key 1 any more');
my %last;
$last{$_ % 50} = $_ for @posted;
my ($rows) = $s->value("SELECT COUNT(*) FROM template t JOIN device d
    ON d.id = t.device_id WHERE d.sn = '$SN' AND t.no = 2");
is($rows, scalar keys %last, 'every template is there once');
prints(['template', 'export', '--dir', "$dir/after", '--sn', $SN], qr/files are in/);
my @altered = grep {
	my $text = "QUJD$last{$_}";
	my $bin = "$dir/after/$SN-$_-1-2-0.bin";
	(-e $bin ? encode_base64(slurp($bin), '')
	    : slurp("$dir/after/$SN-$_-1-2-0.txt")) ne $text;
} keys %last;
is_deeply(\@altered, [], '  as it was sent last');
is($s->value("SELECT COUNT(*) FROM rejected r JOIN device d ON d.id = r.device_id
    WHERE d.sn = '$SN' AND r.endpoint = 'cdata' AND r.table_name = 'OPERLOG'"),
    3 + (@posted < 40 ? @posted : 40), 'every rejected line is there once');
is_deeply([ found(dump_of()) ], [], 'and still none is in clear');
prints(['key', 'drop', '1'], qr/^key 1 is gone/m);
fails(['key', 'drop', '2'], 1, qr/key 2 is current/);
fails(['key', 'drop', '7'], 1, qr/there is no key 7/);
ok(-s "$dir/poster.log", 'the log of the poster is there');

# ---- the ledger of a simulated clock holds ----

my $web = $s->lighttpd;
$s->admit('SIM1');
my $sim = Clockgate::Process->start(log => "$dir/sim.log", cmd => [
    $s->program('clocksim'), '--server', 'http://127.0.0.1:' . $web->port . '/iclock/',
    qw(--sn SIM1 --once --speed 50 --for 60 --punches 20 --photos 3 --enrolments 2 --pictures 2 --items 2),
    '--ledger', "$dir/ledger" ]);
is($sim->wait(120), 0, 'clocksim posts to the vault') or diag(slurp("$dir/sim.log"));
sub verified {
	unlink "$dir/verify.log";
	return Clockgate::Process->start(log => "$dir/verify.log", cmd => [
	    $s->program('clocksim'), '--verify', "$dir/ledger", '--config', $s->ini ])
	    ->wait(60) >> 8;
}
is(verified(), 0, '  and finds all that it posted');
is(slurp("$dir/verify.log"), <<'END', '  photos, people, templates and cards, too');
punches: recorded=20 acknowledged=20 stored=20 others=0
operations: recorded=4 acknowledged=4 stored=4 others=0
photos: recorded=7 acknowledged=7 stored=7 others=0
people: recorded=2 acknowledged=2 stored=2 others=0
templates: recorded=2 acknowledged=2 stored=2 others=0
identity cards: recorded=2 acknowledged=2 stored=2 others=0
messages: recorded=2 acknowledged=2 stored=2 others=0
messages of people: recorded=2 acknowledged=2 stored=2 others=0
0 lost, 0 doubled, 0 altered
END
is($s->value("SELECT COUNT(*) FROM template t JOIN device d ON d.id = t.device_id
    WHERE d.sn = 'SIM1' AND t.template LIKE 'cg1:%'"), 2, '  which are sealed');
# One that does not open, among others that do; done twice it is as it was.
for my $of ([ qw(template template pin) ], [ qw(photo image id) ],
    [ qw(device_user password pin) ], [ 'device_item', 'fields', 'kind, item_key' ]) {
	my ($table, $c, $order) = @$of;
	my $turn = "UPDATE $table SET $c = CONCAT(LEFT($c, 40),
	    REVERSE(SUBSTR($c, 41, 16)), SUBSTR($c, 57)) WHERE device_id =
	    (SELECT id FROM device WHERE sn = 'SIM1') ORDER BY $order LIMIT 1";
	$s->sql($turn);
	is(verified(), 1, "a $table whose sealed bytes were changed");
	like(slurp("$dir/verify.log"), qr/^0 lost, 0 doubled, 1 altered$/m,
	    '  is altered');
	$s->sql($turn);
}
is(verified(), 0, '  and no more when they are back');
$web->stop;

# ---- ended half-way, and taken up ----

run('key', 'rotate');
my $current = $s->value('SELECT MAX(key_id) FROM template');
$s->sql("UPDATE template SET key_id = key_id") ;
my $hold = $s->db->session('clockgate');
$hold->sql('BEGIN');
$hold->sql('SELECT COUNT(*) FROM (SELECT id FROM rejected FOR UPDATE) x');
my $rotate = Clockgate::Process->start(log => "$dir/rotate.log",
    cmd => [ $s->program('clockgate'), '--config', $s->ini, 'key', 'rotate' ]);
my $half = Clockgate::Server->eventually(sub {
	$s->value("SELECT COUNT(*) FROM template WHERE key_id = $current + 1") > 0 });
ok($half, 'key rotate has begun');
$rotate->kill9;
$hold->sql('ROLLBACK');
$hold->close;
cmp_ok($s->value("SELECT COUNT(*) FROM rejected WHERE key_id = $current"), '>', 0,
    '  and was killed before its end');
prints(['key', 'rotate'], qr/^key @{[ $current + 1 ]} is current, and older keys are in use: going on\n/,
    'the next takes it up');
is($s->value("SELECT COUNT(*) FROM rejected WHERE key_id = $current"), 0,
    '  and ends it');

# ---- what was in clear ----

$s->sql("DELETE FROM device_setting");
prints(['key', 'rotate'], qr/rows are sealed with key/);
prints(['rejected', 'retry', '--sn', $RELAY], qr/^\d+ tried, 0 stored/, 'what is sealed can be read again');
%marker = ();
$s->sql('SELECT 1');
is($s->value("SELECT COUNT(*) FROM template WHERE template NOT LIKE 'cg1:%'"), 0,
    'what was in clear is sealed, too');
is($s->value("SELECT COUNT(*) FROM photo WHERE LEFT(image, 4) <> 0x63673100"), 0,
    '  photos, too');
is($s->value("SELECT COUNT(*) FROM command WHERE body LIKE '%TMP=%' OR body
    LIKE '%Passwd=%'"), 0, '  and commands');

# ---- none ----

$s->empty;
$s->admit($SN);
mode('none');
programs();
send_all_none();

sub send_all_none
{
	my $hello = ask('cdata', 'options=all&pushver=2.4.1')->{body};
	like($hello, qr/^TransFlag=TransData AttLog\tOpLog\tEnrollUser\tChgUser\r?$/m,
	    'none: the clock is not asked for templates and photos');
	send_uploads();
	is_deeply([ found(dump_of()) ], [], 'none: nothing of them is kept');
	is($s->text("SELECT kind, discarded FROM v1_discarded ORDER BY kind"),
	    "card\t1\nline\t5\npassword\t1\nphoto\t3\ntemplate\t3\n",
	    '  but counted');
	is($s->text('SELECT pin, name, password, extra FROM v1_device_user'),
	    "1\tAnn\t\tNULL\n", 'a user is kept without the password');
	is($s->value('SELECT COUNT(*) FROM v1_punch'), 1, 'and a punch is kept');
	prints(['device', 'show', $SN], qr/^discarded +template +3$/m);
}

sub send_uploads
{
	no warnings 'redefine';
	local *commands = sub { };
	send_all($SN);
}

$_->stop for values %fcgi;
done_testing();
