# Commands on their way to clocks, through lighttpd and several processes:
# none twice at a time, none lost, none held back, and nothing asked of the
# database when there is nothing to do.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $sn = 'QUEUE01';
# A fast machine asks more often than one address may.
my $server = Clockgate::Server->new(ini => { limits => { address_rate => 0 } });
$server->admit($sn, map { "IDLE$_" } 1 .. 20);
my $web = $server->lighttpd(processes => 4);
my $http = $web->http;

subtest 'many at once' => \&many_at_once;
subtest 'to each its own' => \&each_its_own;
subtest 'a lost reply' => \&lost_reply;
subtest 'not held back' => \&not_held_back;
subtest 'a restart of the clock' => \&restart;
subtest 'what a query brings' => \&rows_of_a_query;
subtest 'an order to send again' => \&send_again;
subtest 'results of nobody' => \&made_up_results;
subtest 'as plain CGI' => \&plain_cgi;
subtest 'idle clocks cost no SQL' => \&idle;
done_testing;

sub queue {
	my (@body) = @_;
	$server->sql(join ';', map { "INSERT INTO command (device_sn, body)
	    VALUES ('$sn', '$_')" } @body);
	return $server->value('SELECT MAX(id) FROM command');
}

sub setting {
	my ($name, $value, $of) = @_;
	my ($status, $text) = $server->tool('device', 'set', $of // $sn, "$name=$value");
	is $status, 0, "$name is set" or diag $text;
}

sub heartbeat { return { path => '/iclock/getrequest', query => 'SN=' . ($_[0] // $sn) } }
sub result { return { path => '/iclock/devicecmd', query => "SN=$sn", body => $_[0] } }
sub poll { return $http->request(heartbeat(@_))->{body} }
sub forget { $server->sql('DELETE FROM command') }

# All requests are on their way before the first answer is read.
sub at_once {
	my @socket = map {
		my $socket = $http->connect;
		print {$socket} $http->bytes(heartbeat($_));
		$socket;
	} @_;
	return map { $http->read($_) } @socket;
}

sub stamp_told {
	my $r = $http->request({ path => '/iclock/cdata',
		query => "SN=$sn&options=all&pushver=2.4.1" });
	return $r->{body} =~ /^ATTLOGStamp=(.*)$/m ? $1 : $r->{body};
}

# A punch between the order and the moment when the clock reads it.
sub send_again {
	my $punch = sub {
		my ($stamp) = @_;
		is $http->request({ path => '/iclock/cdata', method => 'POST',
			query => "SN=$sn&table=ATTLOG&Stamp=$stamp",
			body => "7\t2030-01-05 08:01:$stamp\t0\t1\n" })->{body},
		    'OK: 1', "a punch with stamp $stamp";
	};
	$punch->(10);
	is stamp_told(), 10, 'its stamp comes back';
	my ($status, $text) = $server->tool('device', 'resend', $sn);
	is $status, 0, 'it is to send all again' or diag $text;
	$punch->(11);
	is stamp_told(), 0, 'and is told so, whatever came before it asked';
	$punch->(12);
	is stamp_told(), 12, 'once';
	forget();
}

sub made_up_results {
	is $http->request(result(join '', map { "ID=9$_&Return=0&CMD=X\n" }
	    1001 .. 1300))->{body}, 'OK', 'they are taken';
	my @line = grep { /event=result-without-command/ } split /\n/, $web->log_text;
	@line = grep { /id=91001\b/ || /stray=300\b/ } @line;
	is scalar @line, 1, 'one line in the log tells of all' or diag @line;
	like $line[0], qr/ stray=300 id=91001$/, 'how many, and the first';
}

sub many_at_once {
	setting('CommandLimit', 7);
	queue(map { "DATA UPDATE USERINFO PIN=$_\tName=N$_" } 1 .. 300);
	my (%seen, @odd, $rounds);
	for (1 .. 20) {
		my @reply = at_once(($sn) x 12);
		push @odd, grep { $_->{status} != 200 } @reply;
		my @line = map { split /^/, $_->{body} } @reply;
		push @odd, grep { !/\AC:\d+:DATA UPDATE USERINFO PIN=(\d+)\tName=N\1\n\z/
		    && $_ ne 'OK' } @line;
		$seen{$_}++ for map { /\AC:(\d+):/ ? $1 : () } @line;
		last if keys %seen == 300;
	}
	is_deeply \@odd, [], 'only answers that a clock understands';
	is scalar keys %seen, 300, 'every command was handed out';
	is_deeply [ grep { $seen{$_} > 1 } keys %seen ], [], 'none of them twice';
	is $server->value("SELECT COUNT(*) FROM command WHERE state = 'sent'
	    AND attempts = 1"), 300, 'each is marked as sent once';
	my $body = join '', map { "ID=$_&Return=0&CMD=DATA\n" } sort keys %seen;
	is $http->request(result($body))->{body}, 'OK', 'all results in one body';
	is $server->value("SELECT COUNT(*) FROM command WHERE state = 'done'"), 300,
	    'and all are done';
	setting('CommandLimit', '');
	forget();
}

# Three clocks ask mixed and at once, whichever process takes them.
sub each_its_own {
	my @sn = map { "IDLE$_" } 1 .. 3;
	my (%own, %got);
	for my $of (@sn) {
		setting('CommandLimit', 3, $of);
		$own{$of} = [ map { "DATA UPDATE USERINFO PIN=$_\tName=$of" } 101 .. 160 ];
	}
	$server->sql(join ';', map { my $n = $_; map { "INSERT INTO command
	    (device_sn, body) VALUES ('$_', '$own{$_}[$n]')" } @sn } 0 .. 59);
	sleep 1.1;
	for (1 .. 20) {
		my @asking = (@sn) x 4;
		for my $reply (at_once(@asking)) {
			my $of = shift @asking;
			push @{ $got{$of} }, $reply->{body} =~ /^C:\d+:(.*)$/mg;
		}
	}
	is_deeply [ sort @{ $got{$_} } ], $own{$_}, "$_ got what is its own"
	    for @sn;
	setting('CommandLimit', '', $_) for @sn;
	forget();
}

sub lost_reply {
	setting('CommandTimeout', 1);
	my $id = queue('CHECK');
	sleep 1.1;			# every process knows of it
	my $socket = $http->connect;
	print {$socket} $http->bytes(heartbeat());
	my ($got, $until) = ('OK', time + 20);
	sleep 0.1 while $server->value('SELECT attempts FROM command') == 0 && time < $until;
	close $socket;			# the answer reaches nobody
	is $server->value('SELECT attempts FROM command'), 1, 'it was sent';
	while ($got eq 'OK' && time < $until) {
		sleep 0.2;
		$got = poll();
	}
	is $got, "C:$id:CHECK\n", 'it is sent again';
	is $http->request(result("ID=$id&Return=0&CMD=CHECK\n"))->{body}, 'OK',
	    'its result is taken';
	sleep 2.2;
	is poll(), 'OK', 'then it is not sent any more';
	setting('CommandTimeout', '');
	forget();
}

sub not_held_back {
	my $slowest = 0;
	poll() for 1 .. 8;		# every process has its list
	for (1 .. 6) {
		my $id = queue('CHECK');
		my ($start, $got) = (time, 'OK');
		while ($got eq 'OK' && time < $start + 5) {
			$got = poll();
			sleep 0.05 if $got eq 'OK';
		}
		is $got, "C:$id:CHECK\n", 'it comes';
		$slowest = time - $start if time - $start > $slowest;
		$http->request(result("ID=$id&Return=0&CMD=CHECK\n"));
		sleep 0.3;
	}
	cmp_ok $slowest, '<', 2, 'within two seconds';
	forget();
}

sub restart {
	my $id = queue('CHECK', 'REBOOT', 'LOG');
	sleep 1.1;
	is poll(), sprintf("C:%d:CHECK\nC:%d:REBOOT\n", $id - 2, $id - 1),
	    'nothing follows the REBOOT';
	my $hello = $http->request({ path => '/iclock/cdata',
	    query => "SN=$sn&options=all&pushver=2.4.1" });
	is $hello->{status}, 200, 'it says hello again';
	is $server->value("SELECT state FROM command WHERE body = 'REBOOT'"),
	    'done', 'so the REBOOT is done';
	is poll(), "C:$id:LOG\n", 'what was behind it comes now';
	forget();
}

sub rows_of_a_query {
	my $id = queue('DATA QUERY USERINFO');
	sleep 1.1;
	like poll(), qr/\AC:$id:/, 'the query goes out';
	$http->request({ path => '/iclock/cdata',
	    query => "SN=$sn&table=OPERLOG&OpStamp=9999",
	    body => join '', map { "USER PIN=$_\tName=N$_\n" } 1 .. 5 });
	$http->request(result("ID=$id&Return=5&CMD=DATA\n"));
	is $server->text('SELECT state, return_code, rows_received FROM v1_command'),
	    "done\t5\t5\n", 'what it brought is counted, whichever process took it';
	forget();
}

sub plain_cgi {
	my $cgi = $server->cgi('getrequest');
	is $cgi->request(heartbeat())->{body}, 'OK', 'nothing to do';
	my $id = queue('CHECK');
	is $cgi->request(heartbeat())->{body}, "C:$id:CHECK\n", 'at once';
	is $cgi->request(heartbeat())->{body}, 'OK', 'and once';
	forget();
}

sub questions {
	return $server->value("SELECT VARIABLE_VALUE FROM
	    information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'QUESTIONS'");
}

sub idle {
	$web->stop;
	# clocks that somebody changed just now are read anew for ten seconds
	$server->sql('UPDATE device SET changed_at = changed_at - INTERVAL 1 MINUTE');
	my $fcgi = $server->fastcgi('getrequest');
	my $ask = sub { $fcgi->request(heartbeat($_[0]))->{body} };
	$ask->("IDLE$_") for 1 .. 20, 1 .. 20;
	my ($before, $start) = (questions(), time);
	my ($asked, @odd) = (0);
	while ($asked < 1000 || time - $start < 2.5) {
		my $answer = $ask->('IDLE' . (1 + $asked++ % 20));
		push @odd, $answer if $answer ne 'OK';
	}
	my ($cost, $seconds) = (questions() - $before, time - $start);
	is_deeply \@odd, [], 'thousands of heartbeats are answered';
	# each second: two lists, the presence, and their COMMIT; beside them
	# the three of this look itself
	cmp_ok $cost - 3, '<=', 4 * (1 + int($seconds + 1)), 'the database hardly notices';
	diag sprintf '%d heartbeats, %d questions in %.1f s', $asked, $cost,
	    $seconds;
	queue(('CHECK') x 40);
	sleep 1.1;
	$before = questions();
	is scalar(my @line = split /^/, $ask->($sn)), 40, 'work is handed out';
	cmp_ok questions() - $before, '<', 5 * 40, 'for a few statements each';
	forget();
}
