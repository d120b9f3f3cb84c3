package Clockgate::Workers;

# The programs on unix sockets NAME.sock of one directory, for web servers
# that start no programs.
#
#	my $workers = Clockgate::Workers->new($server, $processes);
#	$workers->dir; $workers->pids('cdata');
#	$workers->hide('cdata'); $workers->show('cdata');
#	$workers->replace;		# all processes, the sockets stay open
#
#	my $run = Clockgate::Workers->activated($server);	# by systemd's tool

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Process;
use Clockgate::Server;
use File::Temp ();

my @PROGRAMS = qw(cdata getrequest devicecmd);

sub new {
	my ($class, $server, $n) = @_;
	my $self = bless { dir => File::Temp->newdir('cgrun-XXXXXX',
	    TMPDIR => 1), n => $n, fcgi => { map {
		$_ => $server->fastcgi($_, processes => $n) } @PROGRAMS } }, $class;
	$self->show($_) for @PROGRAMS;
	return $self;
}

sub dir { return "$_[0]{dir}" }

sub pids {
	my ($self, $name) = @_;
	return $self->{fcgi}{$name}->pids;
}

sub show {
	my ($self, $name) = @_;
	symlink $self->{fcgi}{$name}->address, "$self->{dir}/$name.sock"
	    or croak "$name.sock: $!";
}

sub hide {
	my ($self, $name) = @_;
	unlink "$self->{dir}/$name.sock" or croak "$name.sock: $!";
}

sub replace {
	my ($self) = @_;
	for my $fcgi (values %{ $self->{fcgi} }) {
		$fcgi->stop;
		$fcgi->start($self->{n});
	}
}

# The listening socket is inherited and becomes descriptor 0, as in the units;
# the first request starts the program.
sub activated {
	my ($class, $server) = @_;
	my $self = bless { dir => File::Temp->newdir('cgrun-XXXXXX',
	    TMPDIR => 1) }, $class;
	my $dir = $self->{dir};
	$self->{process} = [ map { Clockgate::Process->start(log => "$dir/log",
	    cmd => [ 'systemd-socket-activate', '-E',
		'CLOCKGATE_CONFIG=' . $server->ini, '-l', "$dir/$_.sock",
		'/bin/sh', '-c', 'exec "$0" <&3', $server->program($_) ]) } @PROGRAMS ];
	Clockgate::Server->eventually(sub {
		return !grep { !-S "$dir/$_.sock" } @PROGRAMS;
	}, 30) or croak 'no sockets';
	return $self;
}

1;
