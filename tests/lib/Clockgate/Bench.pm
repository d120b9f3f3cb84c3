package Clockgate::Bench;

# What the benchmark measures with: a private MariaDB on the disk of the build
# tree, the programs or the null program behind a web server, the load
# generator, and the raw statements.
#
#	my $bench = Clockgate::Bench->new(dir => $dir, warm => 0.5,
#	    time => 3);
#	my $web = $bench->web('ours', processes => 4);	# or 'null'
#	my $run = $bench->load($web, mode => 'heartbeat', clients => 64);
#	$run->{rate}; $run->{good}; $run->{p99};
#	$run = $bench->raw('bulk', 2);
#	$bench->stored('punch', $run->{good});
#	my $used = $bench->cpu($web);	# seconds since they started, by name
#	$bench->quiet;			# ends the web servers

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::File qw(slurp spew);
use Clockgate::FastCGI;
use Clockgate::Server;
use IO::Select ();
use List::Util qw(sum0);
use POSIX ();

# As a database that has the machine to itself would have it; what makes a
# commit durable is as MariaDB has it by default.
my @MARIADB = qw(--innodb-buffer-pool-size=2G --innodb-log-file-size=1G
    --innodb-flush-log-at-trx-commit=1 --innodb-doublewrite=ON
    --max-connections=300);

my %OPTION = (mode => '-m', clients => '-c', clocks => '-s', lines => '-l',
    bytes => '-b', first => '-n', warm => '-w', time => '-t', rate => '-r',
    punches => '-u', commands => '-q');

sub new {
	my ($class, %arg) = @_;
	local $ENV{TMPDIR} = $arg{dir};
	my $self = bless { clocks => 0, web => {}, %arg }, $class;
	$self->{server} = Clockgate::Server->new(mariadb => \@MARIADB,
	    ini => { limits => { serial_rate => 0, address_rate => 0 } });
	return $self;
}

sub server { return $_[0]{server} }
sub program { return Clockgate::Server->builddir . "/tests/bench/$_[1]" }

# At least so many admitted clocks, BENCH000000 and on.
sub clocks {
	my ($self, $n) = @_;
	return if $n <= $self->{clocks};
	$self->{server}->sql("INSERT INTO device (sn, status, first_seen_utc, changed_at)
	    SELECT CONCAT('BENCH', LPAD(seq, 6, '0')), 'active', UTC_TIMESTAMP(), NOW() - INTERVAL 1 DAY
	    FROM seq_$self->{clocks}_to_" . ($n - 1));
	$self->{clocks} = $n;
}

sub empty {
	my ($self, @table) = @_;
	$self->{server}->sql(join ';', map { "TRUNCATE TABLE $_" } @table);
}

# Rows that the clocks were told are stored must be there.
sub stored {
	my ($self, $table, $want) = @_;
	my $is = $self->{server}->value("SELECT COUNT(*) FROM $table");
	die "$want rows of $table were acknowledged, $is are there\n"
	    if $is != $want;
}

# ---- web servers ----

# A web server with these programs; it runs until quiet.
sub web {
	my ($self, $kind, %arg) = @_;
	my $key = join ' ', $kind, map { "$_=$arg{$_}" } sort keys %arg;
	return $self->{web}{$key} //= $self->_start($kind, %arg);
}

sub _start {
	my ($self, $kind, %arg) = @_;
	local $ENV{TMPDIR} = $self->{dir};
	my %more = (processes => $arg{processes});
	$more{programs} = $self->_nulls if $kind eq 'null';
	$more{conf} = $self->_keep_alive if $arg{keep};
	return $self->{server}->lighttpd(%more);
}

# The null program under the names of ours.
sub _nulls {
	my ($self) = @_;
	my $dir = "$self->{dir}/null";
	if (mkdir $dir) {
		symlink $self->program('null'), "$dir/$_" or croak "$dir/$_: $!"
		    for qw(cdata getrequest devicecmd);
	}
	return $dir;
}

# The shipped configuration, but connections stay open.
sub _keep_alive {
	my ($self) = @_;
	my $from = Clockgate::Server->srcdir . '/apache-conf';
	my $conf = slurp("$from/lighttpd.conf");
	$conf =~ s/^(server\.max-keep-alive-requests\s*=\s*)0$/${1}1000000/m
	    or croak 'lighttpd.conf says nothing about keep-alive';
	symlink "$from/refusals", "$self->{dir}/refusals";
	return spew("$self->{dir}/keep-alive.conf", $conf);
}

sub quiet {
	my ($self) = @_;
	%{ $self->{web} } = ();
}

# ---- load ----

sub load {
	my ($self, @arg) = @_;
	return $self->load_while(sub { 0 }, @arg);
}

# The same, and meanwhile a function that is called each half a second.
sub load_while {
	my ($self, $meanwhile, $web, %arg) = @_;
	$self->clocks($arg{clocks} // 10_000);
	$arg{$_} //= $self->{$_} for qw(time warm);
	return _values(sub { $self->_keep_awake; $meanwhile->() }, $self->program('load'), '-p', $web->port,
	    $arg{keep} ? '-k' : (),
	    map { ($OPTION{$_}, $arg{$_}) } grep { $OPTION{$_} } sort keys %arg);
}

sub raw {
	my ($self, $kind, $connections, @more) = @_;
	return _values(sub { $self->_keep_awake }, $self->program('raw'),
	    $self->{server}->db->socket, 'clockgate', $kind, $connections,
	    @{$self}{qw(warm time)}, @more);
}

sub _values {
	my ($meanwhile, @cmd) = @_;
	open my $out, '-|', @cmd or croak "$cmd[0]: $!";
	my $set = IO::Select->new($out);
	$meanwhile->() until $set->can_read(0.5);
	my $line = <$out> // '';
	close $out or die "@cmd failed: $line\n";
	return { $line =~ /(\w+)=(\S+)/g };
}

# Until every program knows all the clocks, which it asks for only once.  Each
# process has a socket of its own; where it has not, chance must do.
sub acquaint {
	my ($self, $web, %arg) = @_;
	return if $web->{acquainted}++;
	$self->clocks($arg{clocks});
	$self->_meet($web, $_, $arg{clocks}) for $arg{rate} ? qw(getrequest cdata)
	    : $arg{mode} eq 'heartbeat' ? 'getrequest' : 'cdata';
	for (1 .. ($web->{known} ? 1 : 12)) {
		my $asked = $self->questions;
		$self->load($web, %arg, warm => 0, time => 1);
		last if $self->questions - $asked < 50;
	}
}

sub _meet {
	my ($self, $web, $name, $clocks) = @_;
	my @socket = glob $web->dir . "/$name.sock-*" or return;
	spew("$self->{dir}/hello", Clockgate::FastCGI::bytes({
	    path => "/iclock/$name", query => 'SN=BENCH000000' }));
	my @cmd = ($self->program('meet'), $clocks, @socket);
	system("@cmd < $self->{dir}/hello") == 0
	    or die "$name does not know its clocks\n";
	$web->{known}{$name} = 1;
}

# In service programs are never without work for long: nor are they while
# references are measured.
sub _keep_awake {
	my ($self) = @_;
	for my $web (values %{ $self->{web} }) {
		$self->_meet($web, $_, 1) for keys %{ $web->{known} // {} };
	}
}

# ---- what it took ----

# Statements so far, and one more for asking.
sub questions {
	my ($self) = @_;
	return $self->{server}->db->status('Questions');
}

sub _seconds {
	my (@pid) = @_;
	my $ticks = 0;
	for my $pid (@pid) {
		my @field = split ' ', eval { slurp("/proc/$pid/stat") =~
		    s/\A.*\) //sr } // '';
		$ticks += ($field[11] // 0) + ($field[12] // 0);
	}
	return $ticks / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

# Of processors, by the web server, the programs and the database.
sub cpu {
	my ($self, $web) = @_;
	return { web => _seconds($web->pid),
	    programs => _seconds($web->children),
	    database => _seconds($self->{server}->db->pid) };
}

# What a load takes of processors, in seconds by name.
sub cost {
	my ($self, $web, %arg) = @_;
	my $before = $self->cpu($web);
	my $run = $self->load($web, %arg);
	my $after = $self->cpu($web);
	my %used = map { $_ => $after->{$_} - $before->{$_} } keys %$after;
	return ($run, { %used, all => sum0(values %used) });
}

1;
