package Clockgate::Lighttpd;

# lighttpd with a configuration that we ship, see Clockgate::WebServer.
#
#	my $web = Clockgate::Lighttpd->new(programs => $dir, config => $ini,
#	    conf => "$srcdir/apache-conf/lighttpd.conf");

use strict;
use warnings;
use parent 'Clockgate::WebServer';
use Carp qw(croak);

sub missing {
	return Clockgate::WebServer::missing_program('lighttpd', 'lighttpd');
}

sub prepare {
	my ($self) = @_;
	mkdir "$self->{dir}/upload" or croak "$self->{dir}/upload: $!";
	symlink $self->{programs}, "$self->{dir}/programs"
	    or croak "symlink: $!";
}

sub command {
	my ($self) = @_;
	my $dir = $self->{dir};
	return (cmd => [ Clockgate::WebServer::path_of('lighttpd'), '-D', '-f',
	    $self->{conf} ], env => {
		CLOCKGATE_PROGRAMS => "$dir/programs",
		CLOCKGATE_CONFIG => $self->{config},
		CLOCKGATE_RUN => "$dir",
		CLOCKGATE_FILES => ($self->{files} // "$dir/files") . '/',
		CLOCKGATE_REFUSALS => $self->{conf} =~ s{[^/]+\z}{refusals/}r,
		CLOCKGATE_ADDRESS => '127.0.0.1',
		CLOCKGATE_PORT => $self->{port},
		CLOCKGATE_PROCESSES => $self->{processes} // 2 });
}

sub restart_signal { return 'USR1' }
sub stop_signal { return 'INT' }

1;
