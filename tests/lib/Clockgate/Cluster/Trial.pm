package Clockgate::Cluster::Trial;

# Faults of a cluster under load: see Clockgate::Fault.  Two web hosts, each of
# which prefers another node; a fleet of clocks and a pulse at each; both pulses
# are of one and the same clock.

use strict;
use warnings;
use parent 'Clockgate::Fault';
use Carp qw(croak);
use Clockgate::Cluster;
use Clockgate::File qw(slurp spew);
use Clockgate::Ledger;
use Clockgate::Pulse;
use Clockgate::Server;
use Clockgate::WebServer;
use List::Util qw(max sum0);
use Time::HiRes qw(sleep time);

my $RESUME = 10;		# seconds at most without an acknowledgement
my $PROCESSES = 2;		# of each program at a web host
my $PULSES = 1_000_000;		# seconds between the punches of the two

# As docs/cluster.md has it; clocks with less patience than those in the field.
my %INI = (
	server => { admission => 'open' },
	database => { connect_timeout => 1, read_timeout => 5, lock_wait_timeout => 2,
	    host_retry => 5, socket => '' },
	options => { Delay => 10, ErrorDelay => 4 },
);

our @KINDS = (
	{ name => 'one clock through both hosts', run => \&conflicting, pulses => 8 },
	{ name => 'node killed', run => \&killed },
	{ name => 'node ended and started', run => \&ended },
	{ name => 'node stopped for a second', run => sub { _stopped(@_, 1) } },
	{ name => 'node stopped for longer', run => sub { _stopped(@_, 12) } },
	{ name => 'node cut off from the others', run => sub { _cut(@_, 'nodes') } },
	{ name => 'node cut off from everything', run => sub { _cut(@_) } },
	{ name => 'no majority: all cut off', run => \&split },
	{ name => 'node comes with an empty disk', run => \&empty },
);

sub columns {
	return qw(faults requests failed acknowledged lost doubled altered unequal
	    conflicts moved astray resumed seconds);
}

sub new {
	my ($class, %arg) = @_;
	my $self = $class->SUPER::new(%arg);
	$self->{cluster} = Clockgate::Cluster->new->start(sub { $self->_prepare(@_) });
	for my $order ([ 0, 1, 2 ], [ 1, 2, 0 ]) {
		my $host = Clockgate::Server->over($self->{cluster}{nodes}[ $order->[0] ], { %INI, database => {
		    %{ $INI{database} }, host => $self->{cluster}->hosts(@$order) } });
		push @{ $self->{host} }, $host;
		push @{ $self->{site} }, $host->lighttpd(processes => $PROCESSES);
	}
	return $self;
}

# The schema, and the accounts of the programs from wherever they come.
sub _prepare {
	my ($self, $node) = @_;
	my $grants = $self->dir . '/grants.sql';
	$node->create('clockgate');
	my $server = Clockgate::Server->over($node);
	my ($status, $text) = $server->tool('--set', 'database.user=clockgate', 'migrate');
	croak "clockgate migrate: $text" if $status != 0;
	Clockgate::WebServer::adapt(Clockgate::Server->srcdir . '/schema/grants.sql',
	    $grants, '@localhost' => q(@'%'));
	$node->accounts('clockgate', $grants);
}

sub cluster { return $_[0]{cluster} }

# Mostly one that a web host prefers.
sub victim {
	my ($self) = @_;
	return ($self->{cluster}->nodes)[ rand() < 0.9 ? int rand 2 : 2 ];
}

# ---- the faults: each gives the time from which it can be written again ----

sub killed {
	my ($self, $node) = @_;
	$node->kill9;
	sleep 4 + rand 4;
	$node->rejoin;
	return;
}

sub ended {
	my ($self, $node) = @_;
	$node->stop;
	sleep 1 + rand 3;
	$node->start;
	return;
}

sub _stopped {
	my ($self, $node, $seconds) = @_;
	$node->freeze;
	sleep $seconds;
	$node->thaw;
	return;
}

sub _cut {
	my ($self, $node, @net) = @_;
	$node->unplug(@net);
	sleep 8 + rand 6;
	$node->plug;
	return;
}

# Nobody has a majority, nothing can be stored: until there is one again.
sub split {
	my ($self) = @_;
	$_->unplug('nodes') for $self->{cluster}->nodes;
	sleep 8;
	$_->plug for $self->{cluster}->nodes;
	return time;
}

# The same rows of device_stamp and device_state are changed on two nodes at
# once: one of two transactions loses when it commits, and is repeated.
sub conflicting {
	sleep 8;
	return;
}

# A new machine in place of one that died: it gets all data from another.
sub empty {
	my ($self, $node) = @_;
	$node->kill9;
	sleep 3;
	$node->lose_data;
	$node->start;
	return;
}

# ---- a round ----

sub round {
	my ($self, $kind) = @_;
	my ($began, $conflicts) = (time, [ $self->_conflicts ]);
	my (@fleet, @pulse);
	my @log = map { $_->log_size } @{ $self->{site} };
	push @fleet, $self->fleet(port => $_->port) for @{ $self->{site} };
	for my $i (0 .. ($kind->{pulses} // 2) - 1) {
		push @pulse, Clockgate::Pulse->start(port => $self->{site}[ $i % 2 ]->port,
		    sn => "P$self->{rounds}", first => $i * $PULSES,
		    rest => $kind->{pulses} ? 0 : 0.1, ledger => $self->ledger . "-pulse$i");
	}
	$_->goes_on(60) or croak "nothing is acknowledged: " . $_->log_text for @fleet;
	my $at = time;
	$at = $kind->{run}->($self, $self->victim) // $at;
	$self->{cluster}->whole(120) or croak "$kind->{name}: not all nodes are back";
	sleep 6;			# until the programs have returned, too
	my $astray = $self->_astray;
	my $resumed = max(map { $_->pause_since($at) } @pulse);
	my $moved = () = map { $self->{site}[$_]->log_text($log[$_]) =~ /event=database-host/g } 0 .. $#log;
	my @said = map { $_->stop } @fleet;
	$_->stop for @pulse;
	my %sum = map { my $key = $_; ($key => $said[0]{$key} + $said[1]{$key}) }
	    qw(requests failures);
	my %beat = map { my $key = $_; ($key => sum0(map { $_->count($key) } @pulse)) }
	    qw(OK failed);
	$conflicts = _risen($conflicts, $self->_conflicts);
	$self->row($kind->{name}, $self->_verified(@fleet, @pulse),
	    faults => $kind->{pulses} ? $conflicts : 1, conflicts => $conflicts,
	    requests => $sum{requests} + $beat{OK} + $beat{failed},
	    failed => $sum{failures} + $beat{failed},
	    moved => $moved, astray => $astray,
	    resumed => $resumed, seconds => time - $began);
}

# Programs that are at another node than the first of their web host, also when
# they have had time to return.
sub _astray {
	my ($self) = @_;
	my ($n, @node) = (0, $self->{cluster}->nodes);
	Clockgate::Server->eventually(sub {
		$n = sum0(map { _strangers($node[$_], $_ < @{ $self->{site} } ? $PROCESSES : 0) }
		    0 .. $#node);
		return !$n;
	}, 20);
	return $n;
}

# Of each program those that are more than may be at home at this node.
sub _strangers {
	my ($node, $home) = @_;
	return sum0(map { max(0, $_->[0] - $home) } $node->sql("SELECT COUNT(*) FROM
	    information_schema.processlist WHERE user LIKE 'clockgate%' GROUP BY user"));
}

# On every node what was acknowledged at any host, and the same rows.
sub _verified {
	my ($self, @source) = @_;
	my $ledger = $self->ledger . '-all';
	spew($ledger, join '', map { slurp($_->{ledger}) } @source);
	my %sum = (text => '');
	for my $node ($self->{cluster}->nodes) {
		$self->_caught_up($node);
		my $v = Clockgate::Ledger::verify($ledger,
		    Clockgate::Server->over($node)->ini);
		$sum{$_} += $v->{$_} for qw(lost doubled altered);
		$sum{acknowledged} = $v->{acknowledged};
		$sum{text} .= 'node ' . $node->number . ":\n$v->{text}";
	}
	$sum{unequal} = $self->_unequal;
	return %sum;
}

# Tables that are not the same on all nodes, also not after a while: when clocks
# were last seen is still written when they are gone.
sub _unequal {
	my ($self) = @_;
	my @unequal;
	for (1 .. 20) {
		my @tables = map { [ $_->checksums('clockgate') ] } $self->{cluster}->nodes;
		@unequal = ();
		for my $i (0 .. $#{ $tables[0] }) {
			my ($first, @other) = map { $_->[$i] } @tables;
			push @unequal, "$first, @other" if grep { $_ ne $first } @other;
		}
		return 0 if !@unequal;
		sleep 0.5;
	}
	$self->say("not equal: $_") for @unequal;
	return scalar @unequal;
}

# What another has committed is here, too.
sub _caught_up {
	my ($self, $node) = @_;
	my $want = max(map { $_->status('wsrep_last_committed') } $self->{cluster}->nodes);
	for (1 .. 300) {
		return if $node->status('wsrep_last_committed') >= $want;
		sleep 0.1;
	}
	croak 'node ' . $node->number . ' does not catch up';
}

# Transactions that lost against one of another node, since each node was
# started.
sub _conflicts {
	my ($self) = @_;
	return map { my $node = $_; sum0(map { $node->status("wsrep_local_$_") }
	    qw(cert_failures bf_aborts)) } $self->{cluster}->nodes;
}

# A node that was started anew counts from 0.
sub _risen {
	my ($before, @now) = @_;
	return sum0(map { $now[$_] - ($now[$_] < $before->[$_] ? 0 : $before->[$_]) }
	    0 .. $#now);
}

sub is_clean {
	my ($self, %least) = @_;
	return $self->SUPER::is_clean(%least) && !$self->total('unequal')
	    && !$self->total('astray')
	    && $self->total('resumed') <= $RESUME;
}

1;
