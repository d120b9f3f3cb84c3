package Clockgate::Workers;

# The programs on unix sockets NAME.sock of one directory, for web servers
# that start no programs.
#
#	my $workers = Clockgate::Workers->new($server, $processes);
#	$workers->dir; $workers->hide('cdata'); $workers->show('cdata');

use strict;
use warnings;
use Carp qw(croak);
use File::Temp ();

sub new {
	my ($class, $server, $n) = @_;
	my $self = bless { dir => File::Temp->newdir('cgrun-XXXXXX',
	    TMPDIR => 1), fcgi => { map {
		$_ => $server->fastcgi($_, processes => $n)
	    } qw(cdata getrequest devicecmd) } }, $class;
	$self->show($_) for keys %{ $self->{fcgi} };
	return $self;
}

sub dir { return "$_[0]{dir}" }

sub show {
	my ($self, $name) = @_;
	symlink $self->{fcgi}{$name}->address, "$self->{dir}/$name.sock"
	    or croak "$name.sock: $!";
}

sub hide {
	my ($self, $name) = @_;
	unlink "$self->{dir}/$name.sock" or croak "$name.sock: $!";
}

1;
