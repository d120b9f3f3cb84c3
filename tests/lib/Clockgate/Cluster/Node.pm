package Clockgate::Cluster::Node;

# One node of Clockgate::Cluster: a private MariaDB with Galera, in a network
# namespace of its own.

use strict;
use warnings;
use parent 'Clockgate::MariaDB';
use Carp qw(croak);
use Clockgate::Process;
use File::Path qw(remove_tree);
use File::Temp ();
use Time::HiRes qw(sleep time);

# As docs/cluster.md has them.
my $PROVIDER = join ';', qw(gcache.size=64M gcs.fc_limit=64 pc.recovery=TRUE
    evs.keepalive_period=PT0.5S evs.inactive_check_period=PT0.5S
    evs.suspect_timeout=PT2S evs.inactive_timeout=PT6S evs.install_timeout=PT4S);

my $USER = 'nobody';

sub provider {
	my ($found) = grep { -e } map { "$_/libgalera_smm.so" }
	    qw(/usr/lib/galera /usr/lib64/galera-4 /usr/lib64/galera);
	return $found // '/usr/lib/galera/libgalera_smm.so';
}

# A process that holds its network, and a card for each network.
sub plugged_in {
	my ($class, $number, %net) = @_;
	my $self = bless { number => $number, net => \%net,
	    dir => File::Temp->newdir('cgnode-XXXXXX', TMPDIR => 1) }, $class;
	_run('chown', $USER, $self->{dir}) if $> == 0;
	$self->{holder} = Clockgate::Process->start(
	    cmd => [ qw(unshare --net sh -c), 'ip link set lo up && exec sleep infinity' ]);
	my $pid = $self->{holder}->pid;
	my @inside = ('nsenter', '--net', "--target=$pid", '--');
	$self->{before} = [ @inside, _as_user() ];
	$self->_until_apart($pid);
	for my $net (sort keys %net) {
		_run(qw(ip link add), $self->_card($net), qw(type veth peer name), $net,
		    'netns', $pid);
		_run(qw(ip link set), $self->_card($net), 'master', $net, 'up');
		_run(@inside, qw(ip addr add),
		    $self->address($net) . '/24', 'dev', $net);
		_run(@inside, qw(ip link set), $net, 'up');
	}
	return $self;
}

sub _run { system(@_) == 0 or croak "@_ failed" }
sub _card { return "$_[1]$_[0]{number}" }

sub _until_apart {
	my ($self, $pid) = @_;
	for (1 .. 500) {
		return if (readlink("/proc/$pid/ns/net") // '') ne readlink '/proc/self/ns/net';
		sleep 0.02;
	}
	croak 'no network for a node';
}

sub number { return $_[0]{number} }
sub address { return "$_[0]{net}{ $_[1] }$_[0]{number}" }

# Its cables: all of them, or those of the networks that are named.
sub unplug {
	my ($self, @net) = @_;
	_run(qw(ip link set), $self->_card($_), 'down') for @net ? @net : keys %{ $self->{net} };
}

sub plug {
	my ($self) = @_;
	_run(qw(ip link set), $self->_card($_), 'up') for keys %{ $self->{net} };
}

sub freeze { kill 'STOP', $_[0]->pid }
sub thaw { kill 'CONT', $_[0]->pid }

# ---- the server ----

# Not root: of root's files rsync takes nothing.  Who changes its user by itself
# would be left behind when this process is killed.
sub user { return $> == 0 ? "--user=$USER" : () }

sub _as_user {
	return () if $> != 0;
	my (undef, undef, undef, $group) = getpwnam $USER;
	return ('setpriv', "--reuid=$USER", "--regid=$group", '--clear-groups',
	    '--pdeathsig=KILL', '--');
}

sub _options {
	my ($self) = @_;
	my $group = $self->address('nodes');
	return ('--skip-networking=0', '--port=3306', '--bind-address=0.0.0.0',
	    '--binlog-format=ROW', '--innodb-autoinc-lock-mode=2', '--wsrep-on=ON',
	    '--wsrep-provider=' . provider(), '--wsrep-cluster-name=clockgate',
	    '--wsrep-cluster-address=gcomm://' . join(',', @{ $self->{group} }),
	    "--wsrep-node-address=$group", "--wsrep-node-name=node$self->{number}",
	    '--wsrep-sst-method=rsync', '--wsrep-sst-donor-rejects-queries=ON',
	    '--wsrep-slave-threads=2',
	    "--wsrep-provider-options=gmcast.listen_addr=tcp://$group:4567;"
	    . "ist.recv_addr=$group:4568;$PROVIDER");
}

sub start {
	my ($self, @more) = @_;
	$self->{options} = [ $self->_options ];
	return $self->SUPER::start(@more);
}

# With the data of another that does not run.
sub copy_of {
	my ($self, $other) = @_;
	_run('cp', '-a', "$other->{dir}/data", "$self->{dir}/data");
}

# Nothing is left of what it had.
sub lose_data {
	my ($self) = @_;
	remove_tree("$self->{dir}/data");
	mkdir "$self->{dir}/data" or croak "$self->{dir}/data: $!";
	_run('chown', $USER, "$self->{dir}/data") if $> == 0;
}

# A line for each table of a database: its name and what its rows add up to.
sub checksums {
	my ($self, $database) = @_;
	my @table = map { "`$_->[0]`" } $self->sql("SELECT table_name FROM
	    information_schema.tables WHERE table_schema = '$database'
	    AND table_type = 'BASE TABLE' ORDER BY table_name");
	return map { "@$_" } $self->sql('CHECKSUM TABLE ' . join(', ', @table), $database);
}

# After SIGKILL it does not know its place in the history: InnoDB does.
sub rejoin {
	my ($self) = @_;
	return $self->start($self->_position);
}

sub _position {
	my ($self) = @_;
	my $log = "$self->{dir}/recover.log";
	unlink $log;
	$self->{options} = [ $self->_options ];
	my $p = Clockgate::Process->start(log => $log, cmd => [
	    $self->command("--wsrep-recover") ]);
	$p->wait(60);
	my ($position) = $self->_read($log) =~ /WSREP: Recovered position:? (\S+)/
	    or croak "no position:\n" . $self->_read($log);
	return "--wsrep-start-position=$position";
}

sub _read {
	my ($self, $file) = @_;
	open my $fh, '<', $file or return '';
	local $/;
	return <$fh> // '';
}

# So many nodes are in its group, and it has all that they have.
sub synced {
	my ($self, $nodes) = @_;
	my %status = eval { map { @$_ } $self->sql("SHOW GLOBAL STATUS LIKE 'wsrep_%'") };
	return ($status{wsrep_cluster_size} // 0) == $nodes
	    && $status{wsrep_cluster_status} eq 'Primary'
	    && $status{wsrep_local_state_comment} eq 'Synced';
}

1;
