package Clockgate::Flood;

# A client that asks the same thing 1,000 times a second, eight at a time,
# whatever it is told; where the server is slower than that, as fast as it goes.
#
#	my $flood = Clockgate::Flood->start(http => $http, bytes => $request,
#	    requests => 6000, log => $file);
#	while ($flood->alive) { ... }
#	my %count = $flood->answers;		# by status; 'none' is no answer
#	$flood->bytes(503);			# the last answer of that status
#	$flood->seconds;			# that it took

use strict;
use warnings;
use Clockgate::File qw(slurp spew);
use Clockgate::Process;
use IO::Select ();
use Time::HiRes qw(time);

use constant {
	RATE => 1000,
	AT_A_TIME => 8,
	PATIENCE => 120,	# seconds without any answer
};

sub start {
	my ($class, %arg) = @_;
	my $self = bless { %arg }, $class;
	$self->{process} = Clockgate::Process->start(log => $self->{log},
	    code => sub { $self->_flood });
	return $self;
}

sub alive { return $_[0]{process}->alive }

sub answers {
	my ($self) = @_;
	return slurp("$self->{log}.count") =~ /^(\w+) (\d+)$/mg;
}

sub seconds { return (slurp("$_[0]{log}.count") =~ /^took: (\S+)$/m)[0] }
sub bytes { return slurp("$_[0]{log}.$_[1]") }

sub _flood {
	my ($self) = @_;
	my ($sent, $from, $set) = (0, time, IO::Select->new);
	my ($moved, %read, %count, %last) = ($from);
	while (($sent < $self->{requests} || %read) && time < $moved + PATIENCE) {
		while ($sent < $self->{requests} && keys %read < AT_A_TIME
		    && time >= $from + $sent / RATE) {
			my $socket = $self->{http}->connect;
			print {$socket} $self->{bytes};
			$set->add($socket);
			$read{$socket} = '';
			$sent++;
		}
		for my $socket ($set->can_read(0.002)) {
			$moved = time;
			next if sysread $socket, $read{$socket}, 1 << 16,
			    length $read{$socket};
			$set->remove($socket);
			my $bytes = delete $read{$socket};
			my ($status) = $bytes =~ m{\AHTTP/\S+ (\d+) };
			$status //= 'none';
			$count{$status}++;
			$last{$status} = $bytes;
		}
	}
	spew("$self->{log}.$_", $last{$_}) for keys %last;
	spew("$self->{log}.count", join '', sprintf("took: %.1f\n", time - $from),
	    map { "$_ $count{$_}\n" } sort keys %count);
}

1;
