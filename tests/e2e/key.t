# The communication key: who shows it is the clock that was admitted.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my %fcgi;
my $server = Clockgate::Server->new(ini => { commands => { key => 'yes' } });
start({});

subtest 'fixed when it is approved' => \&approved;
subtest 'shown at the handshake only' => \&at_handshake;
subtest 'shown with every request' => \&every_time;
subtest 'wrong keys' => \&wrong;
subtest 'who needs one' => \&policy;
subtest 'set by the operator' => \&set;
subtest 'another one' => \&rotate;
subtest 'what is not read and may hold a key' => \&unread;
subtest 'a key in the log, or in a process list' => \&secret;
stop();
done_testing;

sub start {
	my ($more) = @_;
	$server->write_ini({ commands => { key => 'yes' }, %$more });
	%fcgi = map { $_ => $server->fastcgi($_) } qw(cdata getrequest devicecmd);
}

my $log = '';
sub stop {
	$log .= $_->log_text, $_->stop for values %fcgi;
}

sub ask {
	my ($program, $query, %more) = @_;
	my $reply = $fcgi{$program}->request({ path => "/iclock/$program",
	    query => $query, %more });
	return $more{whole} ? $reply : $reply->{status};
}

sub hello { my ($query, %more) = @_; return ask('cdata', "$query&options=all", %more) }
sub beat { return ask('getrequest', @_) }

sub punch {
	my ($query, $pin, %more) = @_;
	return ask('cdata', "$query&table=ATTLOG&Stamp=1", %more,
	    body => "$pin\t2024-01-07 08:00:00\t0\t1\n");
}

# What the operator types, with this on the standard input.
sub types {
	my ($line, @arg) = @_;
	my $file = $server->dir . '/typed';
	open my $fh, '>', $file or die "$file: $!";
	print {$fh} $line;
	close $fh;
	my $command = join ' ', map { "'$_'" }
	    $server->program('clockgate'), '--config', $server->ini, @arg;
	my $text = `$command <'$file' 2>&1`;
	return ($? >> 8, $text);
}

sub tool {
	my ($status, $text) = types('', @_);
	is $status, 0, "clockgate @_" or diag $text;
	return $text;
}

sub device { return $server->value("SELECT $_[1] FROM v1_device WHERE sn = '$_[0]'") }

# A clock that was approved with this key; running programs know it.
sub admitted {
	my ($sn, $query) = @_;
	hello("SN=$sn&$query");
	$server->tool(qw(device approve), $sn);
	sleep 2;
	return "SN=$sn";
}

sub approved {
	is hello('SN=A1&pushcommkey=0123456789abcdef0123456789abcdef'), 403, 'unknown';
	tool(qw(device approve A1));
	is device('A1', 'comm_key'), 'set', 'it has a key';
	is beat('SN=A1'), 200, 'which was shown from here';
	is hello('SN=A1&pushcommkey=0123456789abcdef0123456789abcdef'), 200, 'right';
	is hello('SN=A1&pushcommkey=0123456789abcdef0123456789abcdeF'), 403, 'wrong';
	is hello('SN=A1'), 403, 'none';
	is hello('SN=A2'), 403, 'another, without a key';
	tool(qw(device approve A2));
	is device('A2', 'comm_key'), 'none', 'it has none';
	is hello('SN=A2'), 200, 'and needs none';
	is hello('SN=A2&ComKey=whatever'), 200, 'but may show one';
}

sub at_handshake {
	my $sn = admitted('B1', 'pushcommkey=secret');
	is hello("$sn&PUSHCOMMKEY=secret"), 200, 'handshake';
	is beat($sn), 200, 'remembered, in another program';
	is punch($sn, 'b1'), 200, 'and for data';
	is ask('devicecmd', $sn, body => "ID=1&Return=0&CMD=DATA\n"), 200, 'and results';
	is beat($sn, ip => '198.51.100.9'), 403, 'not at another address';
	is punch($sn, 'b2', ip => '198.51.100.9'), 403, 'which nothing is taken from';
	is beat($sn), 200, 'still where it was';
	is hello("$sn&pushcommkey=secret", ip => '198.51.100.9'), 200, 'until it moves';
	is beat($sn, ip => '198.51.100.9'), 200, 'there it is remembered now';
	is beat($sn), 403, 'and not where it was';
	stop();
	start({});
	is beat($sn, ip => '198.51.100.9'), 200, 'also by programs that start later';
	is $server->text("SELECT pin FROM v1_punch WHERE device_sn = 'B1'"), "b1\n",
	    'only its own punch is stored';
}

# Spec, IsPushComKey: who sends it always is not remembered without it.
sub every_time {
	my $sn = admitted('C1', 'ComKey=88888888');
	is hello("$sn&ComKey=88888888"), 200, 'handshake';
	is beat("$sn&Comkey=88888888"), 200, 'with the key';
	is beat($sn), 403, 'without';
	is punch("$sn&comkey=88888888", 'c1'), 200, 'data with the key';
	is punch($sn, 'c2'), 403, 'without';
	is punch("$sn&ComKey=88888889", 'c3'), 403, 'with a wrong one';
	is punch("$sn&ComKey=88888888", 'c4', ip => '198.51.100.9'), 200,
	    'from wherever it comes';
	is $server->text("SELECT pin FROM v1_punch WHERE device_sn = 'C1'
	    ORDER BY id"), "c1\nc4\n", 'only what had the key is stored';
}

sub wrong {
	my $sn = admitted('D1', 'pushcommkey=right');
	is hello("$sn&pushcommkey=right"), 200, 'handshake';
	my $reply = hello("$sn&pushcommkey=wrong", ip => '198.51.100.9', whole => 1);
	is "$reply->{status} $reply->{body}", '403 Forbidden', 'no detail';
	is beat($sn), 200, 'of somebody elsewhere: the clock is still served';
	is device('D1', 'key_refusals'), 1, 'counted';
	sleep 1.1;
	hello("$sn&pushcommkey=wrong", ip => '198.51.100.9') for 1 .. 30;
	sleep 1.1;
	hello("$sn&pushcommkey=wrong", ip => '198.51.100.9');
	is device('D1', 'key_refusals'), 32, 'each of them';
	like tool(qw(device show D1)), qr/key_refusals +32$/m, 'the operator sees it';
	is beat("$sn&key=wrong"), 403, 'a wrong one from where the right one was';
	is beat($sn), 403, 'then nobody is remembered';
	is hello("$sn&pushcommkey=right"), 200, 'the right one';
	is beat($sn), 200, 'cures it';
	# it was reset, say, and the operator knows; written once a second
	sleep 1.1;
	is hello("$sn&pushcommkey=new"), 403, 'a clock with another key';
	tool(qw(device approve D1));
	is hello("$sn&pushcommkey=new"), 200, 'is approved with it';
	is hello("$sn&pushcommkey=right"), 403, 'and no longer with the one before';
}

sub policy {
	my $sn = admitted('E1', 'pushcommkey=mine');
	my $none = admitted('E2', '');
	$server->tool(qw(device set E1 comm_key=off));
	sleep 2;
	is beat("$sn&key=other", ip => '198.51.100.9'), 200, 'off for one clock';
	$server->tool(qw(device set E1 comm_key=required));
	$server->tool(qw(device set E2 comm_key=required));
	sleep 2;
	is beat("$sn&key=other"), 403, 'required: a wrong one';
	is hello($none), 403, 'required: none is set';
	sleep 1.1;		# what it shows is written once a second
	is hello("$none&ComKey=first"), 403, 'whatever it shows';
	like $fcgi{cdata}->log_text, qr/sn=E2 .*set-key/, 'the log tells the cure';
	tool(qw(device approve E2));
	is hello("$none&ComKey=first"), 200, 'approved with what it showed';
	$server->sql("UPDATE device_setting SET value = 'nonsense' WHERE name = 'comm_key';
	    UPDATE device SET changed_at = CURRENT_TIMESTAMP");
	sleep 2;
	is beat('SN=E1&ComKey=other'), 403, 'an unknown word opens nothing';
	stop();
	start({ admission => { comm_key => 'off' } });
	is hello('SN=A1&ComKey=whatever'), 200, 'off for all';
	stop();
	start({ admission => { comm_key => 'required' } });
	is hello('SN=A2'), 403, 'required of all';
	stop();
	start({});
	my ($status, $text) = $server->tool(qw(device set E1 comm_key=perhaps));
	is "$status $text", "1 clockgate: comm_key: optional, required or off\n",
	    'no other policy can be set';
}

sub set {
	my $sn = admitted('F1', '');
	is hello($sn), 200, 'without a key';
	my ($status, $text) = types("k-1\n", qw(device set-key F1));
	is "$status $text", "0 F1: key set\n", 'set';
	is hello($sn), 403, 'at once it needs one';
	is hello("$sn&ComKey=k-1"), 200, 'that one';
	is $server->value("SELECT comm_key = 'k-1' OR key_hash = 'k-1' FROM device
	    WHERE sn = 'F1'"), 0, 'which is not what is stored';
	$text = tool(qw(device set-key F1 --generate));
	like $text, qr/\AF1: its key is \d{16}\n\z/, 'made';
	my ($key) = $text =~ /(\d{16})/;
	is hello("$sn&ComKey=k-1"), 403, 'the old one is gone';
	is hello("$sn&ComKey=$key"), 200, 'the new one holds';
	tool(qw(device set-key F1 --none));
	is hello($sn), 200, 'none';
	for my $bad ('', "\n", "a b\n", 'x' x 65 . "\n", "a&b\n") {
		($status, $text) = types($bad, qw(device set-key F1));
		is $status, 1, 'no key';
		like $text, qr/\Aclockgate: a key has 1 to 64 letters/, 'told why';
	}
	is device('F1', 'comm_key'), 'none', 'and nothing is set';
	($status, $text) = types("x\n", qw(device set-key F9));
	like $text, qr/\Aclockgate: there is no clock F9/, 'of nobody';
}

# Both count until the clock shows the new one.
sub rotate {
	my $sn = admitted('G1', 'ComKey=old');
	is hello("$sn&ComKey=old"), 200, 'the old one';
	my ($status, $text) = types("new\n", qw(device rotate-key G1));
	is $status, 1, 'refused';
	like $text, qr/allow key/, 'while its class is closed';
	is device('G1', 'comm_key'), 'set', 'nothing is changing';
	unlike +(types('', qw(device rotate-key G1 --generate)))[1],
	    qr/next key is/, 'and no key is told that is not stored';
	tool(qw(allow key --minutes 10 --reason test));
	($status, $text) = types("new\n", qw(device rotate-key G1));
	is $status, 0, 'ordered' or diag $text;
	unlike $text, qr/new/, 'without printing it';
	is device('G1', 'comm_key'), 'changing', 'both count';
	is hello("$sn&ComKey=old"), 200, 'the old one';
	my $reply = beat("$sn&ComKey=old", whole => 1);
	is join('|', map { s/\AC:\d+://r } split /\n/, $reply->{body}),
	    'SET OPTION PushComKey=new|SET OPTION pushcommkey=new|CHECK', 'it is told';
	my ($id) = $reply->{body} =~ /\AC:(\d+):/;
	is punch("$sn&ComKey=old", 'g1'), 200, 'still the old one';
	my $result = "ID=$id&Return=0&CMD=SET OPTION\n"
	    . 'ID=' . ($id + 1) . "&Return=-1&CMD=SET OPTION\n";
	is ask('devicecmd', "$sn&ComKey=new", body => $result), 200, 'the new one';
	is device('G1', 'comm_key'), 'set', 'which alone counts from now on';
	is hello("$sn&ComKey=old"), 403, 'the old one, at once';
	sleep 2;
	is punch("$sn&ComKey=old", 'g2'), 403, 'and in every program';
	is punch("$sn&ComKey=new", 'g3'), 200, 'the new one';
	sleep 1.1;
	is beat("$sn&ComKey=new"), 200, 'later';
	is $server->text("SELECT state, body FROM v1_command WHERE device_sn = 'G1'
	    AND name = 'set-option' ORDER BY id"),
	    "done\tSET OPTION PushComKey=\nfailed\tSET OPTION pushcommkey=\n",
	    'what was sent is not kept';
	$text = tool(qw(device rotate-key G1 --generate));
	like $text, qr/^G1: its next key is \d{16}$/m, 'made';
	tool(qw(command cancel), map { $_->[0] } $server->sql("SELECT id FROM command
	    WHERE device_sn = 'G1' AND state = 'queued'"));
	sleep 1.1;
	is beat("$sn&ComKey=new"), 200, 'cancelled';
	is $server->value("SELECT COUNT(*) FROM v1_command WHERE device_sn = 'G1'
	    AND body LIKE '%=_%'"), 0, 'and not kept either';
	my $fresh = admitted('G2', '');
	types("first\n", qw(device rotate-key G2));
	$reply = beat($fresh, whole => 1);
	like $reply->{body}, qr/\AC:\d+:SET OPTION IsPushComKey=1\n/,
	    'one that has none is told to show it';
}

# Too long, or too many to be looked at: kept, but for the values of keys.
sub unread {
	my $sn = admitted('U1', '');
	my $long = 'unread-key' x 300;
	$server->sql('DELETE FROM rejected');
	is ask('cdata', "$sn&table=options", body => "nonsense\nPushComKey=$long\nA=1"),
	    200, 'options';
	is ask('devicecmd', $sn, body => "ID=99&Return=0&CMD=X\n" x 1000 .
	    "ID=99&Return=0&CMD=INFO\nA=1\nPushComKey=unread-key\n"), 200, 'results';
	is $server->value("SELECT COUNT(*) FROM rejected WHERE line = 'nonsense'
	    OR line LIKE '%CMD=INFO%PushComKey=%'"), 2, 'they are kept';
	is $server->value("SELECT (SELECT COUNT(*) FROM rejected WHERE LOCATE('unread-key', line))
	    + (SELECT COUNT(*) FROM device_option WHERE LOCATE('unread-key', value))"), 0,
	    'without the keys';
	is $server->value("SELECT o.value FROM device_option o JOIN device d ON d.id = o.device_id
	    WHERE d.sn = 'U1' AND o.name = 'A'"), 1, 'and the others with their values';
}

sub secret {
	stop();
	unlike $log, qr/88888888|0123456789abcdef|secret|k-1\b/, 'not in the log';
	is $server->value("SELECT COUNT(*) FROM v1_audit WHERE what LIKE '%=new%'"), 0,
	    'nor in the audit';
	start({});
}
