package Clockgate::Process;

# A program that a test starts and ends by its pid.  Should the test itself
# die, even by SIGKILL, the kernel ends the program (setpriv --pdeathsig), so
# that nothing is ever left behind.
#
#	my $p = Clockgate::Process->start(cmd => [...], log => $file,
#	    stdin => $handle, env => { NAME => value }, dir => $directory);
#	Clockgate::Process->start(code => sub { ... }, log => $file);
#	$p->alive; $p->pid; $p->stop; $p->kill9; $p->wait($seconds);

use strict;
use warnings;
use Carp qw(croak);
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(sleep time);

my %running;		# pid of the test, then pid of the program

sub start {
	my ($class, %arg) = @_;
	my $self = bless { cmd => $arg{cmd}, owner => $$ }, $class;
	my $pid = fork() // croak "fork: $!";
	_child(%arg) if $pid == 0;
	$self->{pid} = $pid;
	$running{$$}{$pid} = 1;
	return $self;
}

sub _child {
	my (%arg) = @_;
	my $log = $arg{log} // '/dev/null';
	my @end = ('setpriv', '--pdeathsig', $arg{death} // 'KILL', '--');
	my $ok = eval {
		POSIX::setpgid(0, 0);		# not the terminal's Ctrl-C
		$SIG{$_} = 'DEFAULT' for qw(HUP INT TERM);	# whatever nohup did
		if ($arg{stdin}) {
			POSIX::dup2(fileno $arg{stdin}, 0) or die "dup2: $!";
		} else {
			open STDIN, '<', '/dev/null' or die "/dev/null: $!";
		}
		open STDOUT, '>>', $arg{stdout} // $log or die "$log: $!";
		open STDERR, '>>', $log or die "$log: $!";
		my %env = %{ $arg{env} // {} };
		for my $name (keys %env) {
			defined $env{$name} ? ($ENV{$name} = $env{$name})
			    : delete $ENV{$name};
		}
		chdir $arg{dir} or die "$arg{dir}: $!" if $arg{dir};
		if ($arg{code}) {
			$arg{code}->();
			POSIX::_exit(0);
		}
		exec { (@end, @{ $arg{cmd} })[0] } @end, @{ $arg{cmd} };
	};
	print STDERR $@ || "exec $arg{cmd}[0]: $!\n";
	POSIX::_exit(127);
}

sub pid { return $_[0]{pid} }

# The wait status once it has ended, undef while it runs.
sub status {
	my ($self) = @_;
	return $self->{status} if defined $self->{status};
	if (waitpid($self->{pid}, WNOHANG) == $self->{pid}) {
		$self->{status} = $?;
		delete $running{$$}{ $self->{pid} };
	}
	return $self->{status};
}

sub alive { return !defined $_[0]->status }

# Wait for its end: the wait status, or undef after so many seconds.
sub wait {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 10);
	while ($self->alive && time < $until) {
		sleep 0.01;
	}
	return $self->status;
}

sub signal {
	my ($self, $signal) = @_;
	return $self->alive ? kill $signal, $self->{pid} : 0;
}

# Ask it to end; after ten seconds, end it.  The wait status.
sub stop {
	my ($self, $signal, $seconds) = @_;
	$self->signal($signal // 'TERM');
	my $status = $self->wait($seconds // 10) // $self->kill9;
	kill 'KILL', -$self->{pid};		# and what it has started
	return $status;
}

sub kill9 {
	my ($self) = @_;
	$self->signal('KILL');
	return $self->wait(10);
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $@, $!);
	$self->stop if $self->{owner} == $$;
}

END {
	local ($?, $@, $!);
	kill 'KILL', map { ($_, -$_) } keys %{ $running{$$} // {} };
}

1;
