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
