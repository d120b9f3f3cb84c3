# Two database servers: when one is killed the programs go on with the other,
# return when it is back, and what they acknowledged is on one of them.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my @server = map { Clockgate::Server->new } 1 .. 2;
$_->admit('HOSTS01') for @server;
my ($first, $second) = map { $_->db } @server;
$server[0]->write_ini({ database => { socket => '', host_retry => 1,
    host => join ', ', map { $_->socket } $first, $second } });

subtest 'the first is killed, and returns' => \&killed;
subtest 'the first takes no changes' => \&read_only;
subtest 'both are gone' => \&both;
subtest 'killed again and again while clocks post' => \&again_and_again;
subtest 'the command line' => \&command_line;
done_testing;

sub punch {
	my ($pin) = @_;
	return { path => '/iclock/cdata', query => 'SN=HOSTS01&table=ATTLOG&Stamp=9999',
	    body => "$pin\t2024-01-07 08:00:00\t0\t1\n" };
}

# How often a PIN is on each.
sub stored {
	my ($pin) = @_;
	return join ' ', map { $_->db->alive ? $_->value("SELECT COUNT(*) FROM punch
	    WHERE pin = '$pin'") : '-' } @server;
}

# Posted until it is on the server that is meant; true within a minute.
sub comes_to {
	my ($fcgi, $pin, $want) = @_;
	my $until = time + 60;
	for (my $n = 0; time < $until; $n++) {
		return 1 if $fcgi->request(punch("$pin$n"))->{status} == 200
		    && stored("$pin$n") eq $want;
		sleep 0.2;
	}
	return 0;
}

sub killed {
	my $fcgi = $server[0]->fastcgi('cdata');
	is $fcgi->request(punch('a'))->{status}, 200, 'all is well';
	is stored('a'), '1 0', 'on the first';
	$first->kill9;
	is $fcgi->request(punch('b'))->{status}, 200, 'it is killed, and no clock notices';
	is stored('b'), '- 1', 'on the second';
	like $fcgi->log_text, qr/event=database-host host="\Q@{[$second->socket]}\E"/,
	    'the log says so';
	$first->start;
	ok comes_to($fcgi, 'c', '1 0'), 'the first is used again';
	like $fcgi->log_text, qr/event=database-host host="\Q@{[$first->socket]}\E"/,
	    'the log says so';
}

sub read_only {
	my $fcgi = $server[0]->fastcgi('cdata');
	$first->read_only(1);
	is $fcgi->request(punch('ro'))->{status}, 200, 'no clock notices';
	is stored('ro'), '0 1', 'on the second';
	sleep 1.1;
	is $fcgi->request(punch('ro2'))->{status}, 200, 'nor when it looks again';
	is stored('ro2'), '0 1', 'on the second';
	$first->read_only(0);
	ok comes_to($fcgi, 'ro3', '1 0'), 'the first is used again';
}

sub both {
	my $fcgi = $server[0]->fastcgi('cdata');
	$_->stop for $first, $second;
	my $reply = $fcgi->request(punch('none'));
	is $reply->{status}, 503, 'a clock is told to come again';
	$second->start;
	ok comes_to($fcgi, 'one', '- 1'), 'one is enough';
	$first->start;
	is stored('none'), '0 0', 'nothing of the refused one is stored';
}

sub again_and_again {
	my $fcgi = $server[0]->fastcgi('cdata', processes => 2);
	my (@acknowledged, $refused);
	for my $round (1 .. 6) {
		my $db = $round % 2 ? $first : $second;
		my @pin = map { "again$round.$_" } 1 .. 20;
		my @sent = map { $fcgi->send(punch($_)) } @pin;
		$db->kill9;
		push @sent, map { $fcgi->send(punch($_)) } my @more = map { "$_.more" } @pin;
		for my $pin (@pin, @more) {
			my $status = shift(@sent)->reply->{status};
			push @acknowledged, $pin if $status == 200;
			$refused++ if $status != 200 && $status != 503;
		}
		$db->start;
	}
	is $refused, undef, 'each answer is 200 or 503';
	cmp_ok scalar @acknowledged, '>=', 120, 'clocks were served';
	is_deeply [ grep { stored($_) !~ /1/ } @acknowledged ], [],
	    'what was acknowledged is there';
}

sub command_line {
	my ($status, $text) = $server[0]->tool(qw(device list));
	is $status, 0, 'it lists';
	$first->stop;
	($status, $text) = $server[0]->tool(qw(device list));
	is $status, 0, 'also with one server' or diag $text;
	$second->stop;
	($status, $text) = $server[0]->tool(qw(device list));
	isnt $status, 0, 'not without any';
	like $text, qr/\Q@{[$second->socket]}\E: MySQL 2002: /, 'and says which';
	$_->start for $first, $second;
}
