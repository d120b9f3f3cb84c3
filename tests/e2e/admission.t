# What an operator changes is true within two seconds in programs that run,
# however long they had nothing to do; and what web servers of another make
# may do to a program.
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
	database => { read_timeout => 2, lock_wait_timeout => 1 } });
$server->admit('A1', 'B1', map { "L$_" } 1 .. 8);
my $fcgi = $server->fastcgi('cdata');

subtest 'changed under a running program' => \&changed;
subtest 'on every host' => \&hosts;
subtest 'results of a disabled clock' => \&results;
subtest 'two programs meet a stranger at once' => \&at_once;
subtest 'what is written of a waiting clock' => \&waiting;
subtest 'changed while nobody asked' => \&changed_in_silence;
subtest 'deleted by hand' => \&deleted;
subtest 'heartbeats after silence' => \&heartbeats;
subtest 'serials that somebody makes up' => \&made_up;
subtest 'a web server that keeps connections' => \&kept;
subtest 'a body without a length' => \&no_length;
subtest 'a table that hangs' => \&hangs;
$fcgi->stop;
done_testing;

sub punch {
	my ($sn, $pin, %more) = @_;
	return { path => '/iclock/cdata', query => "SN=$sn&table=ATTLOG&Stamp=1",
	    body => "$pin\t2024-01-07 08:00:00\t0\t1\n", %more };
}

sub status { return $fcgi->request(punch(@_))->{status} }

sub tool {
	my ($code, $text) = $server->tool(@_);
	is $code, 0, "clockgate @_" or diag $text;
}

sub changed {
	is status('A1', 1), 200, 'admitted';
	tool(qw(device disable A1));
	sleep 2;
	is status('A1', 2), 403, 'disabled';
	tool(qw(device approve A1));
	sleep 2;
	is status('A1', 3), 200, 'admitted again';
	is status('C1', 1), 403, 'unknown';
	tool(qw(device approve C1));
	sleep 2;
	is status('C1', 2), 200, 'approved';
	is $server->text('SELECT device_sn, pin FROM v1_punch ORDER BY id'),
	    "A1\t1\nA1\t3\nC1\t2\n", 'only what was acknowledged is there';
}

# Programs of two hosts know the database and nothing of each other.
sub hosts {
	my @host = map { { cdata => $server->fastcgi('cdata'),
	    getrequest => $server->fastcgi('getrequest') } } 1 .. 2;
	my $ask = sub {
		my ($sn) = @_;
		return map { my $host = $_; map { $host->{$_}->request({
		    path => "/iclock/$_", query => "SN=$sn" }) }
		    qw(cdata getrequest) } @host;
	};
	my $statuses = sub { return join ' ', map { $_->{status} } $ask->(@_) };
	is $statuses->('H1'), '403 403 403 403', 'unknown everywhere';
	my ($stranger) = $ask->('H2');
	tool(qw(device approve H1));
	sleep 2;
	is $statuses->('H1'), '200 200 200 200', 'approved everywhere';
	tool(qw(device disable H1));
	sleep 2;
	is $statuses->('H1'), '403 403 403 403', 'disabled everywhere';
	my ($disabled) = $ask->('H1');
	is $disabled->{raw}, $stranger->{raw}, 'and told the same as a stranger';
	tool(qw(device approve H1));
	sleep 2;
	is $statuses->('H1'), '200 200 200 200', 'approved again';
	$_->stop for map { values %$_ } @host;
}

# It can settle nothing any more, whether it names itself in the query or the body.
sub results {
	my $devicecmd = $server->fastcgi('devicecmd');
	$server->sql(q{INSERT INTO command (id, device_sn, body, name, state, attempts)
	    VALUES (70, 'A1', 'CHECK', 'check', 'sent', 1)});
	my $tell = sub {
		return $devicecmd->request({ path => '/iclock/devicecmd', query => $_[0],
		    body => "ID=70\nSN=A1\nReturn=0\nCMD=CHECK\n" })->{status};
	};
	my $state = sub { $server->value('SELECT state FROM command WHERE id = 70') };
	tool(qw(device disable A1));
	sleep 2;
	is join(' ', map { $tell->($_) } 'SN=A1', '', 'SN=C1'), '403 403 200',
	    'refused; another clock may tell, for itself';
	is $state->(), 'sent', 'nothing is settled';
	tool(qw(device approve A1));
	sleep 2;
	is $tell->('SN=A1') . ' ' . $state->(), '200 done', 'approved again';
	$devicecmd->stop;
}

# The other has added it, and not committed: we wait, and take its row.
sub at_once {
	my $other = $server->db->session('clockgate');
	$other->sql(q{BEGIN; INSERT INTO device (sn, status, first_seen_utc)
	    VALUES ('E1', 'pending', UTC_TIMESTAMP())});
	my $wait = $fcgi->send(punch('E1', 1));
	sleep 0.3;
	$other->sql('COMMIT');
	my $status = $wait->reply->{status};
	$status = status('E1', 1) if $status == 503;	# a slow machine
	is $status, 403, 'refused as any other';
	is $server->value("SELECT COUNT(*) FROM device WHERE sn = 'E1'"), 1, 'one row';
	$other->close;
}

sub waiting {
	my $hello = { path => '/iclock/cdata', ip => '192.0.2.77',
	    query => 'SN=W1&options=all&pushver=2.4.1&DeviceType=att' };
	is $fcgi->request($hello)->{body}, 'Forbidden', 'refused';
	is $server->text("SELECT status, push_version, device_type, peer_ip,
	    last_seen_utc IS NULL FROM v1_device WHERE sn = 'W1'"),
	    "pending\t2.4.1\tatt\t192.0.2.77\t0\n", 'what it said is kept';
	$server->sql("UPDATE device_state SET last_seen_utc = '2024-01-01'
	    WHERE peer_ip = '192.0.2.77'");
	$fcgi->request({ %$hello, query => "SN=W1&options=all&pushver=$_" })
	    for 1 .. 20;
	is $server->text("SELECT push_version, last_seen_utc FROM v1_device
	    WHERE sn = 'W1'"), "2.4.1\t2024-01-01 00:00:00\n",
	    'and not written again at once';
	$server->sql("UPDATE device_state SET last_seen_utc = UTC_TIMESTAMP() - INTERVAL 20 SECOND
	    WHERE peer_ip = '192.0.2.77'");
	my $version = sub {
		my $other = $server->fastcgi('cdata');
		$other->request({ %$hello, query => "SN=W1&options=all&pushver=$_[0]" });
		$other->stop;
		return $server->value("SELECT push_version FROM device WHERE sn = 'W1'");
	};
	is $version->('3.0'), '2.4.1', 'nor by another program';
	$server->sql("UPDATE device_state SET last_seen_utc = UTC_TIMESTAMP() - INTERVAL 61 SECOND
	    WHERE peer_ip = '192.0.2.77'");
	is $version->('3.1'), '3.1', 'but after a minute';
	is $server->value("SELECT last_seen_utc > UTC_TIMESTAMP() - INTERVAL 40 SECOND
	    FROM v1_device WHERE sn = 'W1'"), 1, 'with the time';
	is status('W1', 1), 403, 'nothing is taken from it';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE device_sn = 'W1'"), 0,
	    'indeed';
}

sub changed_in_silence {
	is status('B1', 1), 200, 'admitted';
	is status('D1', 1), 403, 'unknown';
	sleep 2;
	tool(qw(device disable B1));
	tool(qw(device approve D1));
	sleep 12;			# longer than the programs look back
	is status('B1', 2), 403, 'disabled';
	is status('D1', 2), 200, 'approved';
}

# Nobody should, but then nothing is acknowledged that no view shows.
sub deleted {
	is status('G1', 1), 403, 'unknown';
	tool(qw(device approve G1));
	is status('G1', 2), 200, 'approved, at once';
	$server->sql("DELETE FROM device WHERE sn = 'G1'");
	is status('G1', 3), 403, 'deleted, at once';
	tool(qw(device approve G1));
	is status('G1', 4), 200, 'approved again';
	tool(qw(device disable G1));
	is status('G1', 5), 403, 'disabled, at once';
	is $server->text("SELECT pin FROM v1_punch WHERE device_sn = 'G1'"),
	    "4\n", 'what it holds has a clock';
}

# What somebody else posts must not hide a change from those that only ask.
sub heartbeats {
	my $poll = $server->fastcgi('getrequest');
	my $ask = sub { $poll->request({ path => '/iclock/getrequest',
	    query => "SN=$_[0]" })->{status} };
	is $ask->('A1'), 200, 'admitted';
	sleep 2;
	tool(qw(device disable A1));
	sleep 12;
	is $poll->request({ path => '/iclock/ping', query => 'SN=nobody',
	    body => 'x' })->{status}, 403, 'somebody posts';
	is $ask->('A1'), 403, 'disabled';
	tool(qw(device approve A1));
	is $ask->('A1'), 200, 'admitted again';
	$poll->stop;
}

sub made_up {
	my ($pid) = $fcgi->pids;
	my $n = 0;
	for (1 .. 25) {
		my @wait = map { $fcgi->send({ path => '/iclock/cdata',
		    query => 'SN=MADE-UP-' . $n++ . '&options=all' }) } 1 .. 64;
		is scalar(grep { $_->reply->{status} != 403 } @wait), 0,
		    'all refused';
	}
	is $server->value("SELECT COUNT(*) FROM v1_device WHERE status = 'pending'"),
	    100, 'so many are kept, and no more';
	is status('A1', 4), 200, 'those that are admitted are still served';
}

# FCGI_KEEP_CONN: we close all the same, and never wait on what was kept.
sub kept {
	my $first = $fcgi->send(punch('A1', 5, keep => 1));
	is $first->reply->{status}, 200, 'answered';
	my $start = time;
	is status('A1', 6), 200, 'another connection is answered, too';
	cmp_ok time - $start, '<', 5, 'at once';
	is scalar($fcgi->stop), 1, 'the program ends when it is asked to';
	$fcgi->start;
}

sub no_length {
	my $reply = $fcgi->request(punch('A1', 7, no_length => 1));
	is $reply->{status}, 400, 'not acknowledged';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = '7'"), 0,
	    'and not stored';
}

# One request that waits for the table is enough to know.
sub hangs {
	my @sn = map { "L$_" } 1 .. 8;
	$fcgi->request({ path => '/iclock/cdata', query => "SN=$_" }) for @sn;
	my $other = $server->db->session('clockgate');
	$other->sql('LOCK TABLES punch WRITE');
	my ($pid) = $fcgi->pids;
	kill STOP => $pid;
	my @wait = map { $fcgi->send(punch($_, 8)) } @sn;
	my $start = time;
	kill CONT => $pid;
	is join(' ', map { $_->reply->{status} } @wait),
	    join(' ', (503) x 8), 'all are told to come again';
	cmp_ok time - $start, '<', 15, 'without waiting for each';
	$other->close;
	is status($_, 8), 200, "$_ comes again" for @sn;
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = '8'"), 8,
	    'and is stored once';
}
