package Clockgate::Lighttpd;

# lighttpd with the configuration that we ship, on a free loopback port.
#
#	my $web = Clockgate::Lighttpd->new(programs => $dir, config => $ini,
#	    conf => "$srcdir/apache-conf/lighttpd.conf");
#	my $reply = $web->http->exchange($bytes);
#	$web->port; $web->stop; $web->log_text

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::HTTP;
use Clockgate::Process;
use File::Temp ();
use IO::Socket::IP ();
use Time::HiRes qw(sleep time);

sub missing {
	return _path() ? undef : 'lighttpd is missing (package lighttpd)';
}

# It lives in sbin, which is not in everyone's PATH.
sub _path {
	my ($found) = grep { -x } map { "$_/lighttpd" }
	    split(/:/, $ENV{PATH} // ''), qw(/usr/sbin /usr/local/sbin);
	return $found;
}

# A port that nobody listens on now.
sub free_port {
	my $socket = IO::Socket::IP->new(LocalHost => '127.0.0.1',
	    LocalPort => 0, Listen => 1) or croak "no free port: $@";
	return $socket->sockport;
}

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg }, $class;
	$self->{dir} = File::Temp->newdir('cgweb-XXXXXX', TMPDIR => 1);
	mkdir "$self->{dir}/upload" or croak "$self->{dir}/upload: $!";
	symlink $arg{programs}, "$self->{dir}/programs" or croak "symlink: $!";
	for (1 .. 5) {			# another may take the port first
		return $self if $self->_start;
	}
	croak 'lighttpd did not start: ' . $self->log_text;
}

sub _start {
	my ($self) = @_;
	my $dir = $self->{dir};
	$self->{port} = free_port();
	$self->{process} = Clockgate::Process->start(log => "$dir/log",
	    cmd => [ _path(), '-D', '-f', $self->{conf} ], death => 'TERM', env => {
		CLOCKGATE_PROGRAMS => "$dir/programs",
		CLOCKGATE_CONFIG => $self->{config},
		CLOCKGATE_RUN => "$dir",
		CLOCKGATE_FILES => ($self->{files} // "$dir/files") . '/',
		CLOCKGATE_REFUSALS => $self->{conf} =~ s{[^/]+\z}{refusals/}r,
		CLOCKGATE_ADDRESS => '127.0.0.1',
		CLOCKGATE_PORT => $self->{port},
		CLOCKGATE_PROCESSES => $self->{processes} // 2 });
	my $until = time + 10;
	while ($self->{process}->alive && time < $until) {
		return 1 if IO::Socket::IP->new(PeerHost => '127.0.0.1',
		    PeerPort => $self->{port});
		sleep 0.02;
	}
	$self->{process}->stop;
	return 0;
}

sub port { return $_[0]{port} }
sub pid { return $_[0]{process}->pid }
sub dir { return "$_[0]{dir}" }

sub http {
	my ($self, $timeout) = @_;
	return Clockgate::HTTP->new('127.0.0.1', $self->{port}, $timeout);
}

# The processes of the programs that it has started.
sub children {
	my ($self) = @_;
	my $pid = $self->pid;
	my @pids = split ' ', do {
		open my $fh, '<', "/proc/$pid/task/$pid/children" or return;
		<$fh> // '';
	};
	return @pids;
}

sub stop {
	my ($self) = @_;
	return $self->{process}->stop('INT');
}

sub log_text {
	my ($self) = @_;
	open my $fh, '<:raw', "$self->{dir}/log" or return '';
	local $/;
	return scalar(<$fh>) // '';
}

1;
