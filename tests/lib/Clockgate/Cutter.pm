package Clockgate::Cutter;

# A proxy between the programs and the database that cuts connections where
# it hurts: it knows as much of the protocol as to tell a COMMIT and a
# statement from the rest.
#
#	my $cutter = Clockgate::Cutter->new(socket => $path, share => 0.3,
#	    seed => 1, where => [ 'before', 'after' ]);
#	$cutter->port;			# on 127.0.0.1
#	my %cuts = $cutter->cuts;	# so far, by where
#	$cutter->relent;		# from now on it cuts nothing
#	$cutter->stop;
#
# Where: "before" the COMMIT reaches the server; "after" the server has done
# it, before its answer; "inside" its answer; "statement": in the middle of a
# statement.  One packet of a command is held in memory; those that are longer
# than 16 MB, which are cut into several, are not understood.

use strict;
use warnings;
use Carp qw(croak);
use File::Temp ();
use IO::Select ();
use IO::Socket::IP ();
use IO::Socket::UNIX ();
use POSIX ();
use Socket qw(SOCK_STREAM);

my ($COM_QUERY, $COM_STMT_EXECUTE) = (3, 23);

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg, owner => $$ }, $class;
	$self->{where} //= [qw(before after inside statement)];
	$self->{done} = File::Temp->new;
	$self->{listen} = IO::Socket::IP->new(LocalHost => '127.0.0.1',
	    LocalPort => 0, Listen => 100) or croak "no port: $@";
	$self->{pid} = fork() // croak "fork: $!";
	if ($self->{pid} == 0) {
		eval { $self->_serve; 1 } or print STDERR $@;
		POSIX::_exit(0);
	}
	return $self;
}

sub port { return $_[0]{listen}->sockport }
sub relent { kill 'USR1', $_[0]{pid} }

sub cuts {
	my ($self) = @_;
	my %count;
	open my $fh, '<', $self->{done}->filename or return;
	while (<$fh>) {
		chomp;
		$count{$_}++;
	}
	return %count;
}

sub stop {
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;
	kill 'KILL', $pid;
	waitpid $pid, 0;
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $@, $!);
	$self->stop if $self->{owner} == $$;
}

# ---- in the proxy ----

sub _serve {
	my ($self) = @_;
	my $parent = getppid;
	local $SIG{USR1} = sub { $self->{share} = 0 };
	local $SIG{PIPE} = 'IGNORE';
	srand $self->{seed} // 1;
	$self->{select} = IO::Select->new($self->{listen});
	while (getppid == $parent) {
		for my $socket ($self->{select}->can_read(1)) {
			if ($socket == $self->{listen}) {
				$self->_accept;
			} elsif (my $end = $self->{end}{$socket}) {
				$self->_pump($socket, $end);
			}
		}
	}
}

# Each end knows the other, which of them is the client, and what of a packet
# has come.
sub _accept {
	my ($self) = @_;
	my $client = $self->{listen}->accept or return;
	my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM,
	    Peer => $self->{socket});
	return close $client if !$server;
	$self->{select}->add($client, $server);
	$self->{end}{$client} = { to => $server, client => 1, in => '' };
	$self->{end}{$server} = { to => $client };
}

sub _close {
	my ($self, @socket) = @_;
	for my $socket (@socket) {
		$self->{select}->remove($socket);
		delete $self->{end}{$socket};
		close $socket;
	}
}

sub _pump {
	my ($self, $socket, $end) = @_;
	my $n = sysread $socket, my $bytes, 1 << 16;
	return $self->_close($socket, $end->{to}) if !$n;
	return $self->_from_client($socket, $end, $bytes) if $end->{client};
	my $hold = $self->{end}{ $end->{to} }{hold};
	return _write($end->{to}, $bytes) if !$hold;
	_write($end->{to}, substr $bytes, 0, int(length($bytes) / 2))
	    if $hold eq 'inside';
	$self->_cut($hold, $end->{to}, $socket);
}

sub _from_client {
	my ($self, $socket, $end, $bytes) = @_;
	$end->{in} .= $bytes;
	while (length $end->{in} >= 4) {
		my $n = 4 + unpack 'V', substr($end->{in}, 0, 3) . "\0";
		last if length $end->{in} < $n;
		my $packet = substr $end->{in}, 0, $n, '';
		my $where = $self->_choose($packet) // '';
		return $self->_cut($where, $socket, $end->{to}) if $where eq 'before';
		if ($where eq 'statement') {
			_write($end->{to}, substr $packet, 0, int(length($packet) / 2));
			return $self->_cut($where, $socket, $end->{to});
		}
		$end->{hold} = $where if $where;
		_write($end->{to}, $packet);
	}
}

# Is this the place for a cut?
sub _choose {
	my ($self, $packet) = @_;
	my (undef, $sequence, $command) = unpack 'a3 C C', $packet;
	return undef if $sequence != 0 || length $packet < 5;
	my $commit = $command == $COM_QUERY && substr($packet, 5) =~ /\ACOMMIT/i;
	my @where = grep { $commit ? $_ ne 'statement'
	    : $command == $COM_STMT_EXECUTE && $_ eq 'statement' } @{ $self->{where} };
	# a transaction has several statements and one COMMIT
	return undef if !@where || rand >= $self->{share} * ($commit ? 1 : 0.2);
	return $where[rand @where];
}

sub _cut {
	my ($self, $where, @socket) = @_;
	$self->_close(@socket);
	print { $self->{done} } "$where\n";
	$self->{done}->flush;
}

sub _write {
	my ($socket, $bytes) = @_;
	while (length $bytes) {
		my $n = syswrite $socket, $bytes;
		return if !defined $n;		# it has closed: its reader will see
		substr $bytes, 0, $n, '';
	}
}

1;
