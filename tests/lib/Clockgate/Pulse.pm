package Clockgate::Pulse;

# A client that posts one punch after the other to a web server, so that it is
# known when something could be stored and when not.
#
#	my $pulse = Clockgate::Pulse->start(port => $port, sn => 'PULSE1',
#	    first => 0, rest => 0.1, ledger => $file);
#	$pulse->pause_since($time);	# the longest without an acknowledgement
#	$pulse->count('OK'); $pulse->count('failed');	# answers so far
#	$pulse->stop;
#
# Its punches count from second "first" of 2032; after each it rests for so many
# seconds.  What is not acknowledged is sent again.

use strict;
use warnings;
use Clockgate::File qw(slurp);
use Clockgate::HTTP;
use Clockgate::Ledger;
use Clockgate::Process;
use POSIX qw(strftime);
use Time::HiRes qw(sleep time);

my $EPOCH = 1956528000;		# 2032-01-01 00:00:00

sub start {
	my ($class, %arg) = @_;
	my $self = bless { times => "$arg{ledger}.times", %arg }, $class;
	$self->{process} = Clockgate::Process->start(log => "$arg{ledger}.log",
	    code => sub { $self->_beat });
	return $self;
}

sub stop { return $_[0]{process}->stop('TERM', 5) }

sub _beat {
	my ($self) = @_;
	my $ledger = Clockgate::Ledger->new($self->{ledger});
	my $http = Clockgate::HTTP->new('127.0.0.1', $self->{port}, 30);
	open my $times, '>>', $self->{times} or die "$self->{times}: $!\n";
	$times->autoflush(1);
	for (my $n = $self->{first};; $n++) {
		my $line = '1' . "\t" . strftime('%Y-%m-%d %H:%M:%S', gmtime $EPOCH + $n)
		    . "\t0\t1";
		my ($at) = $ledger->sent($self->{sn}, 'ATTLOG', $line);
		until ($self->_posted($http, $n, $line)) {
			printf {$times} "%.3f failed\n", time;
			sleep 0.1;
		}
		printf {$times} "%.3f OK\n", time;
		$ledger->acknowledged($at);
		sleep $self->{rest};
	}
}

sub _posted {
	my ($self, $http, $n, $line) = @_;
	my $reply = eval { $http->request({ path => '/iclock/cdata', body => "$line\n",
	    query => "SN=$self->{sn}&table=ATTLOG&Stamp=$n" }) };
	return $reply && $reply->{status} == 200 && $reply->{body} =~ /^OK/;
}

sub count {
	my ($self, $word) = @_;
	return scalar grep { /$word$/ } split /\n/, slurp($self->{times});
}

sub pause_since {
	my ($self, $from) = @_;
	my ($last, $longest) = ($from, 0);
	for my $at ((grep { $_ > $from } slurp($self->{times}) =~ /^(\S+) OK$/mg), time) {
		$longest = $at - $last if $at - $last > $longest;
		$last = $at;
	}
	return $longest;
}

1;
