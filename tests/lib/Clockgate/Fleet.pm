package Clockgate::Fleet;

# Clocks in software that post while a test does its mischief, with a ledger.
#
#	my $fleet = Clockgate::Fleet->start(port => $port, sn => 'KILL0001',
#	    clocks => 40, ledger => $file, more => [ '--rate', 2 ]);
#	$fleet->acknowledged;		# so far
#	$fleet->goes_on($seconds);	# something is acknowledged within that time
#	my $said = $fleet->stop;	# requests, failures, faults

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Ledger;
use Clockgate::Process;
use Clockgate::Server;
use Time::HiRes qw(sleep time);

sub start {
	my ($class, %arg) = @_;
	my $self = bless { %arg }, $class;
	$self->{log} = "$arg{ledger}.log";
	$self->{process} = Clockgate::Process->start(log => $self->{log}, cmd => [
	    Clockgate::Server->program('clocksim'),
	    '--server', "http://127.0.0.1:$arg{port}", '--sn', $arg{sn},
	    '--fleet', $arg{clocks}, '--ledger', $arg{ledger},
	    '--seed', $arg{seed} // 1, '--speed', 20, @{ $arg{more} // [] } ]);
	return $self;
}

sub alive { return $_[0]{process}->alive }
sub acknowledged { return Clockgate::Ledger::count($_[0]{ledger}) }

sub goes_on {
	my ($self, $seconds) = @_;
	my ($until, $before) = (time + $seconds, $self->acknowledged);
	while (time < $until) {
		return 1 if $self->acknowledged > $before;
		croak 'clocksim has ended: ' . $self->log_text if !$self->alive;
		sleep 0.1;
	}
	return 0;
}

# Until it ends by itself: its wait status, or undef after so many seconds.
sub wait { return $_[0]{process}->wait($_[1]) }

# What it says at its end.
sub stop {
	my ($self) = @_;
	$self->{process}->stop('TERM', 60);
	my %said = $self->log_text =~ /\b([a-z]+)=(\d+)/g;
	return \%said;
}

sub log_text {
	my ($self) = @_;
	open my $fh, '<:raw', $self->{log} or return '';
	local $/;
	return scalar(<$fh>) // '';
}

1;
