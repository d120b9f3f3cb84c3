package Clockgate::Cluster;

# Three nodes of a Galera cluster on this machine, each with network cards of
# its own, so that a cable can be pulled:
#
#	Clockgate::Cluster->enter;	# first of all: a network of our own
#	my $c = Clockgate::Cluster->new;
#	my @node = $c->nodes;		# each a Clockgate::Cluster::Node
#	$node[0]->kill9; $node[0]->rejoin; $node[0]->freeze; $node[0]->thaw;
#	$node[0]->unplug(@NETS); $node[0]->plug;
#	$c->whole(60);			# all are there again, and up to date
#	$c->hosts(1, 2, 0);		# for [database] host, in this order
#
# There are two networks: "client", where programs reach the nodes, and "group",
# where the nodes talk to each other.  Both are in a network namespace of this
# process, where nothing else is, and go with it.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Cluster::Node;
use Clockgate::MariaDB;
use Clockgate::Process;
use Time::HiRes qw(sleep time);

my $NODES = 3;
my %NET = (client => '10.77.0', nodes => '10.77.1');

# Why there can be no cluster here, or undef.
sub missing {
	my ($class) = @_;
	my $why = Clockgate::MariaDB->missing;
	return $why if $why;
	return 'Galera is missing (package galera-4)' if !-e Clockgate::Cluster::Node->provider;
	for my $tool ([ ip => 'iproute2' ], [ rsync => 'rsync' ], [ unshare => 'util-linux' ]) {
		return "$tool->[0] is missing (package $tool->[1])"
		    if system("command -v $tool->[0] >/dev/null 2>&1") != 0;
	}
	return undef if $ENV{CLOCKGATE_OWN_NETWORK};
	return 'no network of our own is allowed here (unshare --net): run it as root'
	    if system(_unshare(), 'true') != 0;
	return undef;
}

sub _unshare { return ('unshare', ($> == 0 ? ()
    : qw(--user --map-current-user --keep-caps)), '--net') }

# Start this program again in a network namespace where it may do everything.
sub enter {
	my ($class, @arg) = @_;
	return if $ENV{CLOCKGATE_OWN_NETWORK};
	local $ENV{CLOCKGATE_OWN_NETWORK} = 1;
	exec _unshare(), $^X, $0, @arg or croak "unshare: $!";
}

sub _run { system(@_) == 0 or croak "@_ failed" }

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg }, $class;
	_run(qw(ip link set lo up));
	for my $net (sort keys %NET) {
		_run(qw(ip link add), $net, qw(type bridge));
		_run(qw(ip link set), $net, 'up');
		_run(qw(ip addr add), "$NET{$net}.254/24", 'dev', $net);
	}
	$self->{nodes} = [ map { Clockgate::Cluster::Node->plugged_in($_,
	    map { ($_ => "$NET{$_}.") } keys %NET) } 1 .. $NODES ];
	return $self;
}

sub nodes { return @{ $_[0]{nodes} } }

# The first makes the data, the others begin with a copy of it.
sub start {
	my ($self, $prepare) = @_;
	my ($first, @other) = $self->nodes;
	my @group = map { $_->address('nodes') } $self->nodes;
	$_->{group} = \@group for $self->nodes;
	$first->_install;
	$first->start('--wsrep-new-cluster');
	$prepare->($first);
	$first->stop;
	$_->copy_of($first) for @other;
	$first->start('--wsrep-new-cluster');
	$_->start for @other;
	$self->whole(60) or croak 'the nodes do not come together';
	return $self;
}

sub hosts {
	my ($self, @order) = @_;
	return join ', ', map { $self->{nodes}[$_]->address('client') } @order;
}

# All have each other, and nothing to do.
sub whole {
	my ($self, $seconds) = @_;
	my $until = time + $seconds;
	while (time < $until) {
		return 1 if !grep { !$_->synced($NODES) } $self->nodes;
		sleep 0.2;
	}
	return 0;
}

1;
