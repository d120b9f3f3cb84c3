package Clockgate::WebServer;

# A web server of Debian on a free loopback port, with a configuration that we
# ship.  Apache, Nginx and Lighttpd are made from this: they write a
# configuration for a port and give the command that starts it in the
# foreground.
#
#	my $web = Clockgate::Apache->new(...);
#	my $reply = $web->http->exchange($bytes);
#	$web->port; $web->pid; $web->restart; $web->stop; $web->log_text
#	$web->start_again('KILL', 0.5);	# ended by this signal, and back on the
#				# same port, here after half a second
#
#	Clockgate::WebServer::adapt($file, $to, $path => $own, ...);
#
# The site of somebody else, into which we are included, is impatient: its
# limits of time are five seconds, and ours must be those that count.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::File qw(slurp spew);
use Clockgate::HTTP;
use Clockgate::Process;
use File::Temp ();
use IO::Socket::IP ();
use Time::HiRes qw(sleep time);

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg }, $class;
	$self->{dir} = File::Temp->newdir('cgweb-XXXXXX', TMPDIR => 1);
	chmod 0755, $self->{dir};
	$self->prepare;
	for (1 .. 5) {			# another may take the port first
		$self->{port} = free_port();
		return $self if $self->_start;
	}
	croak "$class did not start: " . $self->log_text;
}

# Why a program can't be used, or undef.
sub missing_program {
	my ($program, $package) = @_;
	return path_of($program) ? undef
	    : "$program is missing (package $package)";
}

# What is wanted once, before the first start: a site of somebody else, with a
# directory that a server may want to redirect to, and a page for what is not
# there.
sub prepare {
	my ($self) = @_;
	return if $self->{site};
	$self->{site} = "$self->{dir}/site";
	mkdir $_ or croak "$_: $!" for $self->{site}, "$self->{site}/iclock";
	spew("$self->{site}/index.html", "<html>a page of the site\n");
	spew("$self->{site}/missing.html", "<html>the site does not have it\n");
}

# A port that nobody listens on now.
sub free_port {
	my $socket = IO::Socket::IP->new(LocalHost => '127.0.0.1',
	    LocalPort => 0, Listen => 1) or croak "no free port: $@";
	return $socket->sockport;
}

# They live in sbin, which is not in everyone's PATH.
sub path_of {
	my ($program) = @_;
	my ($found) = grep { -x } map { "$_/$program" }
	    split(/:/, $ENV{PATH} // ''), qw(/usr/sbin /usr/local/sbin);
	return $found;
}

# A shipped file with other paths in it, and nothing else changed.
sub adapt {
	my ($file, $to, %path) = @_;
	my $text = slurp($file);
	for my $path (sort { length $b <=> length $a } keys %path) {
		$text =~ s/\Q$path\E/$path{$path}/g
		    or croak "$file has no $path";
	}
	return spew($to, $text);
}

sub _start {
	my ($self) = @_;
	$self->{process} = Clockgate::Process->start(log => "$self->{dir}/log",
	    death => 'TERM', $self->command);
	my $until = time + 60;
	while ($self->{process}->alive && time < $until) {
		return 1 if IO::Socket::IP->new(PeerHost => '127.0.0.1',
		    PeerPort => $self->{port});
		sleep 0.02;
	}
	$self->{process}->stop;
	return 0;
}

sub port { return $_[0]{port} }
# Where HTTP is beside HTTPS.
sub plain_port { return $_[0]{plain_port} //= free_port() }
sub pid { return $_[0]{process}->pid }
sub dir { return "$_[0]{dir}" }

sub http {
	my ($self, $timeout) = @_;
	return Clockgate::HTTP->new('127.0.0.1', $self->{port}, $timeout);
}

# The processes that it, or that process, has started.
sub children {
	my ($self, $pid) = @_;
	$pid //= $self->pid;
	open my $fh, '<', "/proc/$pid/task/$pid/children" or return;
	return split ' ', <$fh> // '';
}

# What such a process runs, also under valgrind: the file's name.
sub runs {
	my ($self, $pid) = @_;
	my (@word) = split /\0/, slurp("/proc/$pid/cmdline");
	return ($word[-1] // '') =~ s{.*/}{}r;
}

# Whether none of these is left, and others are there.
sub exchanged {
	my ($self, @old) = @_;
	my %old = map { $_ => 1 } @old;
	my @now = $self->children;
	return @now && !grep { $old{$_} } @now;
}

# Its graceful restart: it reads its configuration anew, and what has begun is
# answered.
sub restart {
	my ($self) = @_;
	return $self->{process}->signal($self->restart_signal);
}

sub start_again {
	my ($self, $signal, $seconds) = @_;
	$self->{process}->stop($signal, 30);
	sleep $seconds // 0;
	for (1 .. 5) {
		return $self if $self->_start;
	}
	croak 'it did not start again: ' . $self->log_text;
}

sub stop {
	my ($self) = @_;
	return $self->{process}->stop($self->stop_signal);
}

# All of it, or what stands behind so many bytes.
sub log_text {
	my ($self, $from) = @_;
	return '' if !-e "$self->{dir}/log";
	return slurp("$self->{dir}/log") if !$from;
	open my $fh, '<:raw', "$self->{dir}/log" or croak "$self->{dir}/log: $!";
	seek $fh, $from, 0;
	local $/;
	return <$fh> // '';
}

sub log_size { return -s "$_[0]{dir}/log" // 0 }

1;
