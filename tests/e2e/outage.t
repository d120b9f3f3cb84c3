# When the database is gone, read-only or mute, clocks are told to come again
# and nothing is stored; when it is back the programs recover by themselves.
# Killed at any point: nothing acknowledged is lost, nothing doubled.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => {
	database => { connect_timeout => 2, read_timeout => 2,
	    lock_wait_timeout => 1 },
});
my $db = $server->db;
$server->admit(qw(OUT01 OUT02));

subtest 'the database is down' => \&down;
subtest 'it was down when the program started' => \&down_at_start;
subtest 'it is read-only' => \&read_only;
subtest 'it does not answer' => \&mute;
subtest 'it is killed during uploads' => \&killed_database;
subtest 'its connections are cut' => \&cut;
subtest 'it does not say who is active' => \&mum;
subtest 'the schema is not one of ours' => \&other_schema;
subtest 'a program is killed half-way through a body' => \&killed_reading;
subtest 'a program is killed at any moment' => \&killed_program;
subtest 'it has seen a clock when it is killed' => \&killed_after_heartbeat;
subtest 'the clock goes away' => \&clock_gone;
subtest 'through lighttpd' => \&through_lighttpd;
done_testing;

sub punch {
	my ($pin, $sn) = @_;
	return { path => '/iclock/cdata', query => 'SN=' . ($sn // 'OUT01')
	    . '&table=ATTLOG&Stamp=9999',
	    body => "$pin\t2024-01-07 08:00:00\t0\t1\n" };
}

sub lines {
	my ($pin, $n) = @_;
	return { %{ punch($pin) }, body => join '', map {
		sprintf "%s\t2024-01-07 %02d:%02d:%02d\t0\t1\n", $pin,
		    $_ / 3600, $_ / 60 % 60, $_ % 60 } 0 .. $n - 1 };
}

sub stored {
	my ($pin) = @_;
	return $server->value("SELECT COUNT(*) FROM punch WHERE pin = '$pin'");
}

# The answer is 200 within a few seconds, without anybody's help.
sub recovers {
	my ($fcgi, $request) = @_;
	my $until = time + 10;
	my $reply;
	do {
		$reply = $fcgi->request($request);
		sleep 0.2 if $reply->{status} != 200;
	} while ($reply->{status} != 200 && time < $until);
	is $reply->{status}, 200, 'it recovers by itself';
	is $reply->{body}, 'OK: 1', 'and acknowledges';
}

sub refused {
	my ($fcgi, $request) = @_;
	my $reply = $fcgi->request($request);
	is $reply->{status}, 503, 'status 503';
	is $reply->{header}{'Content-Type'}, 'text/plain', 'in plain text';
	unlike $reply->{body}, qr/OK/, 'without an OK';
}

sub down {
	my $fcgi = $server->fastcgi('cdata');
	is $fcgi->request(punch('down0'))->{status}, 200, 'all is well';
	$db->stop;
	refused($fcgi, punch('down1'));
	refused($fcgi, punch('down1', 'OUT02'));
	refused($fcgi, { path => '/iclock/cdata', query => 'SN=OUT01&options=all' });
	$db->start;
	is stored('down1'), 0, 'nothing was stored';
	recovers($fcgi, punch('down2'));
	is stored('down2'), 1, 'stored';
	is stored('down0'), 1, 'what was acknowledged before is there';
}

sub down_at_start {
	$db->stop;
	my $fcgi = $server->fastcgi('cdata');
	refused($fcgi, punch('start1'));
	$db->start;
	recovers($fcgi, punch('start2'));
	is stored('start1'), 0, 'what was refused is not stored';
}

sub read_only {
	my $fcgi = $server->fastcgi('cdata');
	is $fcgi->request(punch('ro0'))->{status}, 200, 'all is well';
	$db->read_only(1);
	refused($fcgi, punch('ro1'));
	$db->read_only(0);
	is stored('ro1'), 0, 'nothing was stored';
	recovers($fcgi, punch('ro2'));
}

# A signal reaches one thread after the other.
sub stopped {
	my ($pid) = @_;
	for my $stat (glob "/proc/$pid/task/*/stat") {
		open my $fh, '<', $stat or next;
		return 0 if <$fh> !~ /\) T /;
	}
	return 1;
}

sub mute {
	my $fcgi = $server->fastcgi('cdata');
	is $fcgi->request(punch('mute0'))->{status}, 200, 'all is well';
	kill 'STOP', $db->pid;
	ok($server->eventually(sub { stopped($db->pid) }), 'every thread of it stands');
	my $start = time;
	refused($fcgi, punch('mute1'));
	cmp_ok time - $start, '<', 15, 'not for ever';
	kill 'CONT', $db->pid;
	recovers($fcgi, punch('mute2'));
	is stored('mute2'), 1, 'stored';
}

sub killed_database {
	my $fcgi = $server->fastcgi('cdata', processes => 2);
	my @sent = map { "dbkill$_" } 1 .. 40;
	my @waiting = map { $fcgi->send(lines($_, 200)) } @sent;
	sleep 0.03;
	$db->kill9;
	my @status = map { $_->reply->{status} } @waiting;
	$db->start;
	is scalar(grep { $_ != 200 && $_ != 503 } @status), 0, 'each 200 or 503';
	is_deeply [ grep { $status[$_] == 200 && stored($sent[$_]) != 200 }
	    0 .. $#sent ], [], 'what was acknowledged is stored, whole';
	is_deeply [ grep { my $n = stored($_); $n != 0 && $n != 200 } @sent ], [],
	    'no half of a body';
	recovers($fcgi, punch('dbkill'));
	is scalar(grep { $fcgi->request(lines($_, 200))->{body} ne 'OK: 200' }
	    @sent), 0, 'all are sent again';
	is $server->value("SELECT COUNT(*) FROM punch WHERE pin LIKE 'dbkill%'"),
	    40 * 200 + 1, 'all are there, none twice';
}

# Between two uploads, mostly of one second: then the first that meets it is the
# question who is active, and not what is asked once a second.
sub cut {
	my $fcgi = $server->fastcgi('cdata');
	my $session = $db->session('clockgate');
	my $connections = q{SELECT id FROM information_schema.processlist
	    WHERE user = 'clockgate_cdata'};
	my (@before, @cut, @after);
	for my $n (1 .. 8) {
		push @before, $fcgi->request(punch("cut$n"))->{status};
		my @own = map { $_->[0] } $session->sql($connections);
		push @cut, scalar @own;
		$session->sql("KILL $_") for @own;
		$server->eventually(sub { !$session->sql($connections) });
		push @after, $fcgi->request(punch("cut$n", 'OUT02'))->{status};
	}
	$session->close;
	is "@before", join(' ', (200) x 8), 'all is well';
	is "@cut", join(' ', (1) x 8), 'its connection is cut';
	is "@after", join(' ', (200) x 8), 'which no clock notices';
	is $server->value("SELECT COUNT(*) FROM punch WHERE pin LIKE 'cut%'"), 16,
	    'each is stored once';
}

# A right is missing that storing an operation does not need, but the question
# before it does: whether the clock is still active.
sub mum {
	my $fcgi = $server->fastcgi('cdata');
	my $operation = { %{ punch() }, query => 'SN=OUT01&table=OPERLOG&Stamp=9999',
	    body => "OPLOG 4\t0\t2024-01-07 08:00:00\t0\t0\t0\t0\n" };
	my $right = 'SELECT (counts_until_utc) ON clockgate.command';
	is $fcgi->request(punch('mum0'))->{status}, 200, 'all is well';
	$db->sql("REVOKE $right FROM clockgate_cdata\@localhost");
	refused($fcgi, $operation);
	my @waiting = map { $fcgi->send($operation) } 1 .. 3;
	is_deeply [ map { $_->reply->{status} } @waiting ], [ (503) x @waiting ],
	    'nor several at once';
	is $server->value('SELECT COUNT(*) FROM operation'), 0, 'nothing was stored';
	$db->sql("GRANT $right TO clockgate_cdata\@localhost");
	recovers($fcgi, $operation);
}

sub other_schema {
	$server->sql("INSERT INTO schema_version (version, name, sha256,
	    applied_at_utc) VALUES (9999, 'future', '', UTC_TIMESTAMP())");
	my $fcgi = $server->fastcgi('cdata');
	refused($fcgi, punch('schema1'));
	ok($server->eventually(sub { $fcgi->log_text =~ /9999/ }),
	    'the log names the version');
	$server->sql('DELETE FROM schema_version WHERE version = 9999');
	recovers($fcgi, punch('schema2'));
}

# So many bytes that the socket does not hold half of them: once they are on their
# way the program is reading.
sub killed_reading {
	my $fcgi = $server->fastcgi('cdata');
	my $request = lines('half', 20_000);
	my $half = length($request->{body}) / 2;
	my $exchange = $fcgi->connect->begin($request)
	    ->stdin(substr $request->{body}, 0, $half);
	ok $server->eventually(sub { !$exchange->stdin('')->unsent }, 60), 'half of it is there';
	$fcgi->kill9;
	$fcgi->start;
	is $exchange->reply->{status}, 0, 'no answer';
	is stored('half'), 0, 'nothing stored';
	is $fcgi->request($request)->{body}, 'OK: 20000', 'sent again';
	is stored('half'), 20_000, 'stored';
}

sub killed_program {
	my $fcgi = $server->fastcgi('cdata');
	my (%acknowledged, @sent);
	for my $n (1 .. 40) {
		my $pin = "kill$n";
		my $exchange = $fcgi->send(lines($pin, 300));
		sleep $n * 0.0005;
		$fcgi->kill9;
		$fcgi->start;		# takes what was not accepted yet
		$acknowledged{$pin} = 1 if $exchange->reply->{status} == 200;
		push @sent, $pin;
	}
	cmp_ok scalar(keys %acknowledged), '<', 40, 'some were killed';
	is_deeply [ grep { stored($_) != 300 } keys %acknowledged ], [],
	    'what was acknowledged is stored';
	is_deeply [ grep { my $n = stored($_); $n != 0 && $n != 300 } @sent ], [],
	    'no half of a body';
	$fcgi->request(lines($_, 300)) for @sent;
	is $server->value("SELECT COUNT(*) FROM punch WHERE pin LIKE 'kill%'"),
	    40 * 300, 'sent again, all are there, none twice';
}

# What is only in memory is at most two seconds old.  The first of them is
# written at once, the others wait; nobody asks in between, which would wake
# the program.
sub killed_after_heartbeat {
	my $fcgi = $server->fastcgi('getrequest');
	my @sn = map { "SEEN$_" } 1 .. 20;
	$server->admit(@sn);
	is_deeply [ grep { $fcgi->request({ path => '/iclock/getrequest',
	    query => "SN=$_" })->{body} ne 'OK' } @sn ], [], 'heartbeats are answered';
	sleep 2.5;
	$fcgi->kill9;
	is $server->value("SELECT COUNT(*) FROM device_state s JOIN device d
	    ON d.id = s.device_id WHERE d.sn LIKE 'SEEN%'
	    AND s.last_seen_utc IS NOT NULL"), 20, 'it is known that they were there';
}

# Stored or not: the clock has read no answer, and comes again.
sub clock_gone {
	my $fcgi = $server->fastcgi('cdata');
	$fcgi->send(punch('gone1'))->abandon;
	$fcgi->connect->begin(punch('gone2'))->stdin("gone2\t2024")->abandon;
	is $fcgi->request(punch('gone3'))->{status}, 200, 'the next is served';
	is $fcgi->request(punch('gone1'))->{status}, 200, 'it comes again';
	is stored('gone1'), 1, 'stored once';
	is stored('gone2'), 0, 'half a body is not stored';
	is scalar($fcgi->processes), grep({ $_->alive } $fcgi->processes),
	    'the program still runs';
}

sub through_lighttpd {
	my $web = $server->lighttpd;
	my $http = $web->http(30);
	$db->stop;
	my $reply = $http->request(punch('web1'));
	is $reply->{status}, 503, 'status 503';
	is Clockgate::HTTP::header($reply, 'Content-Type'), 'text/plain', 'in plain text';
	$db->start;
	recovers($http, punch('web2'));
	kill 'KILL', $web->children;
	$reply = $http->request(punch('web3'));
	like $reply->{status}, qr/\A(?:200|50\d)\z/, 'an answer without programs';
	is Clockgate::HTTP::header($reply, 'Content-Type'), 'text/plain',
	    'in plain text';
	recovers($http, punch('web4'));
	my @bad = grep { $http->request(punch("slow$_"))->{status} != 200 } 1 .. 20;
	is scalar @bad, 0, 'all programs are back';
	$web->stop;
}
