package Clockgate::Bench;

# What the benchmark measures with: a private MariaDB on the disk of the build
# tree, the programs or the null program behind a web server, the load
# generator, and the raw statements.
#
#	my $bench = Clockgate::Bench->new(dir => $dir, time => 3);
#	my $port = $bench->web('ours', processes => 4);	# or 'null'
#	my $run = $bench->load($port, mode => 'heartbeat', clients => 64);
#	$run->{rate}; $run->{good}; $run->{p99};
#	$run = $bench->raw('bulk', 2);
#	$bench->empty('punch');
#	$bench->quiet;			# ends the web servers

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::File qw(slurp spew);
use Clockgate::Lighttpd;
use Clockgate::Server;

# As a database that has the machine to itself would have it; what makes a
# commit durable is as MariaDB has it by default.
my @MARIADB = qw(--innodb-buffer-pool-size=2G --innodb-log-file-size=1G
    --innodb-flush-log-at-trx-commit=1 --innodb-doublewrite=ON
    --max-connections=300);

my %OPTION = (mode => '-m', clients => '-c', clocks => '-s', lines => '-l',
    bytes => '-b', first => '-n', warm => '-w', time => '-t', rate => '-r',
    punches => '-u');

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
	$self->{server}->sql("INSERT INTO device (sn, status, first_seen_utc)
	    SELECT CONCAT('BENCH', LPAD(seq, 6, '0')), 'active', UTC_TIMESTAMP()
	    FROM seq_$self->{clocks}_to_" . ($n - 1));
	$self->{clocks} = $n;
}

sub empty {
	my ($self, @table) = @_;
	$self->{server}->sql(join ';', map { "TRUNCATE TABLE $_" } @table);
}

# ---- web servers ----

# The port of a web server that has been started with these programs.
sub web {
	my ($self, $kind, %arg) = @_;
	my $key = join ' ', $kind, map { "$_=$arg{$_}" } sort keys %arg;
	$self->{web}{$key} //= $self->_start($kind, %arg);
	return $self->{web}{$key};
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
	my $conf = slurp(Clockgate::Server->srcdir .
	    '/apache-conf/lighttpd.conf');
	$conf =~ s/^(server\.max-keep-alive-requests = )0$/${1}1000000/m
	    or croak 'lighttpd.conf says nothing about keep-alive';
	return spew("$self->{dir}/keep-alive.conf", $conf);
}

sub quiet {
	my ($self) = @_;
	%{ $self->{web} } = ();
}

# ---- measuring ----

sub load {
	my ($self, $web, %arg) = @_;
	$self->clocks($arg{clocks} // 10_000);
	$arg{time} //= $self->{time};
	my @cmd = ($self->program('load'), '-p', $web->port,
	    $arg{keep} ? '-k' : (),
	    map { ($OPTION{$_}, $arg{$_}) } grep { $OPTION{$_} } sort keys %arg);
	return _values(@cmd);
}

sub raw {
	my ($self, $kind, $connections, @more) = @_;
	return _values($self->program('raw'), $self->{server}->db->socket,
	    'clockgate', $kind, $connections, 0.5, $self->{time}, @more);
}

# Until the programs know all the clocks: they ask for each only once.
sub acquaint {
	my ($self, $web, %arg) = @_;
	return if $web->{acquainted}++;
	for (1 .. 12) {
		my $before = $self->{server}->db->status('Com_stmt_execute');
		$self->load($web, %arg, warm => 0, time => 2);
		my $asked = $self->{server}->db->status('Com_stmt_execute');
		last if $asked - $before < 200;
	}
}

sub _values {
	my (@cmd) = @_;
	open my $out, '-|', @cmd or croak "$cmd[0]: $!";
	my $line = <$out> // '';
	close $out or croak "@cmd failed: $line";
	return { $line =~ /(\w+)=(\S+)/g };
}

1;
