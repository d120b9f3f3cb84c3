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
#	my $since = $bench->now; ...; $bench->seen($since, $run->{met});
#	my $used = $bench->cpu($web);	# seconds since they started, by name
#	$bench->quiet;			# ends the web servers

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::File qw(slurp spew);
use Clockgate::Apache;
use Clockgate::FastCGI;
use Clockgate::Server;
use File::Basename qw(dirname);
use File::Temp ();
use IO::Handle ();
use IO::Select ();
use List::Util qw(sum0);
use POSIX ();
use Time::HiRes qw(sleep);

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
	my $self = bless { clocks => 0, web => {}, asked => 0, %arg }, $class;
	$self->{server} = Clockgate::Server->new(mariadb => \@MARIADB,
	    ini => { limits => { serial_rate => 0, address_rate => 0 } });
	$self->_write_through;
	my ($first, $second) = map {
		$self->{server}->db->status('Questions') } 1, 2;
	$self->{asking} = $second - $first;	# what it costs to ask
	return $self;
}

sub server { return $_[0]{server} }
sub program { return Clockgate::Server->builddir . "/tests/bench/$_[1]" }

# The first bytes that are written to a new file cost the file system more than
# those after them, and the log of a database is only new in its first hours.
sub _write_through {
	my ($self) = @_;
	my $db = $self->{server}->db;
	$db->stop;
	for my $log (glob $db->dir . '/data/ib_logfile*') {
		open my $fh, '+<:raw', $log or croak "$log: $!";
		for (my $at = 0; my $n = sysread $fh, my $bytes, 1 << 20; $at += $n) {
			sysseek $fh, $at, 0;
			syswrite($fh, $bytes) == $n or croak "$log: $!";
		}
		$fh->sync or croak "$log: $!";
	}
	$db->start;
}

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

# Each clock that asked since then must have been seen; two seconds may pass.
sub seen {
	my ($self, $since, $want) = @_;
	my $is = 0;
	for (1 .. 40) {
		$is = $self->{server}->value("SELECT COUNT(*) FROM device_state
		    WHERE last_seen_utc >= '$since'");
		return if $is >= $want;
		sleep 0.1;
	}
	die "$want clocks were here, $is of them are known to have been\n";
}

sub now { return $_[0]{server}->value('SELECT UTC_TIMESTAMP()') }

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

my %HOME = (lighttpd => \&_lighttpd, fcgid => \&_fcgid,
    'proxy-fcgi' => \&_proxy_fcgi);

sub _start {
	my ($self, $kind, %arg) = @_;
	local $ENV{TMPDIR} = $self->{dir};
	my $programs = $kind eq 'null' ? $self->_nulls
	    : dirname($self->{server}->program('cdata'));
	return $HOME{ $arg{home} // 'lighttpd' }->($self, $programs, %arg);
}

sub _lighttpd {
	my ($self, $programs, %arg) = @_;
	return $self->{server}->lighttpd(programs => $programs,
	    processes => $arg{processes},
	    $arg{keep} ? (conf => $self->_keep_alive) : ());
}

# As many processes as the shipped file allows.
sub _fcgid {
	my ($self, $programs) = @_;
	my $home = Clockgate::Apache->home($self->{server}, 'fcgid.conf',
	    '/etc/clockgate/clockgate.ini' => $self->_ini_for_apache(''),
	    '/usr/local/libexec/clockgate' => $programs);
	return _apache($home, 'FcgidIPCDir fcgid
	    FcgidProcessTableFile fcgid-table', 'fcgid');
}

# Many processes on one socket; no gathering, as the shipped file says.
sub _proxy_fcgi {
	my ($self, $programs, %arg) = @_;
	my $ini = $self->_ini_for_apache("[server]\ngather = 1\n");
	my $run = File::Temp->newdir('run-XXXXXX', TMPDIR => 1);
	my @fcgi = map { Clockgate::FastCGI->new(program => "$programs/$_",
	    config => $ini) } qw(cdata getrequest devicecmd);
	for my $fcgi (@fcgi) {
		my ($name) = $fcgi->{program} =~ m{([^/]+)\z};
		$fcgi->start($arg{processes});
		symlink $fcgi->address, "$run/$name.sock"
		    or croak "$name.sock: $!";
		chmod 0777, $fcgi->address;
	}
	_open_to_all("$run", map { dirname($_->address) } @fcgi);
	my $home = Clockgate::Apache->home($self->{server}, 'proxy-fcgi.conf',
	    '/run/clockgate' => "$run",
	    '/usr/local/libexec/clockgate' => $programs);
	my $web = _apache($home, '', qw(proxy proxy_fcgi));
	@{$web}{qw(run fcgi)} = ($run, \@fcgi);
	return $web;
}

sub _apache {
	my ($home, $server, @modules) = @_;
	my $why = Clockgate::Apache->missing(@modules);
	die "$why\n" if $why;
	_open_to_all($home->{home});
	return Clockgate::Apache->new(%$home, modules => \@modules,
	    server => ($> == 0 ? "User nobody\nGroup nogroup\n" : '') . $server);
}

# When we are root Apache goes on as nobody, who must get to what is ours.
sub _open_to_all {
	return $> == 0 ? chmod 0755, @_ : 1;
}

sub _ini_for_apache {
	my ($self, $more) = @_;
	my $ini = spew("$self->{dir}/apache" . length($more) . '.ini',
	    slurp($self->{server}->ini) . $more);
	chmod 0600, $ini;
	chown +(getpwnam 'nobody')[2, 3], $ini if $> == 0;
	_open_to_all($self->{dir}, $self->{server}->db->dir);
	return $ini;
}

# The null program under the names of ours.
sub _nulls {
	my ($self) = @_;
	my $dir = "$self->{dir}/null";
	if (mkdir $dir) {
		spew("$dir/$_", slurp($self->program('null')))
		    for qw(cdata getrequest devicecmd);
		chmod 0755, $dir, glob "$dir/*";
	}
	return $dir;
}

# The shipped configuration, but connections stay open.
sub _keep_alive {
	my ($self) = @_;
	my $dir = "$self->{dir}/keep-alive";
	return "$dir/lighttpd.conf" if -d $dir;
	system('cp', '-R', Clockgate::Server->srcdir . '/apache-conf', $dir) == 0
	    or croak "$dir was not made";
	my $conf = slurp("$dir/lighttpd-common.conf");
	$conf =~ s/^(\s*server\.max-keep-alive-requests\s*=\s*)0$/${1}1000000/m
	    or croak 'lighttpd-common.conf says nothing about keep-alive';
	spew("$dir/lighttpd-common.conf", $conf);
	return "$dir/lighttpd.conf";
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
	return _values($meanwhile,
	    $self->program('load'), '-p', $web->port, $arg{keep} ? '-k' : (),
	    map { ($OPTION{$_}, $arg{$_}) } grep { $OPTION{$_} } sort keys %arg);
}

sub raw {
	my ($self, $kind, $connections, @more) = @_;
	return _values(sub { 0 }, $self->program('raw'),
	    $self->{server}->db->socket, 'clockgate', $kind, $connections,
	    @{$self}{qw(warm time)}, @more);
}

# Megabytes that the client library of the database takes by itself.
sub bare {
	my ($self) = @_;
	return _values(sub { 0 }, $self->program('bare'))->{kb} / 1024;
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

# Until every process knows all the clocks, for which it asks only once; more of
# them may have been started for the load, now or in the run before.
sub acquaint {
	my ($self, $web, %arg) = @_;
	my @name = ($arg{mode} eq 'heartbeat' ? 'getrequest' : 'cdata',
	    @{ $arg{also} // [] });
	$self->clocks($arg{clocks});
	for (1 .. 9) {
		last if !$self->_meet($web, $arg{clocks}, @name);
		$self->load($web, %arg, warm => 0, time => 1);
	}
}

# Each process has a socket of its own; or else the others are halted meanwhile.
# How many are new.
sub _meet {
	my ($self, $web, $clocks, @name) = @_;
	my $met = $web->{met} //= {};
	my %own = map { my $name = $_; $name => [ grep { !$met->{$_}++ }
	    glob($web->dir . "/$name.sock-*"), glob($web->dir . '/fcgid/*') ] } @name;
	my $new = map { @$_ } values %own;
	$self->_hello($clocks, %own);
	for my $fcgi (@{ $web->{fcgi} // [] }) {
		my ($name) = $fcgi->{program} =~ m{([^/]+)\z};
		next if !$own{$name} || $met->{ $fcgi->address }++;
		$self->_meet_each($fcgi, $name, $clocks);
		$new++;
	}
	return $new;
}

# What is halted must hold no lock: who was here is written a second later.
sub _meet_each {
	my ($self, $fcgi, $name, $clocks) = @_;
	my @pid = $fcgi->pids;
	for my $pid (@pid) {
		sleep 2.5;
		_halt(grep { $_ != $pid } @pid);
		$self->_hello($clocks, $name => [ $fcgi->address ]);
		kill 'CONT', @pid;
	}
}

# A request of each of the clocks to each of the sockets, by name of program.
sub _hello {
	my ($self, $clocks, %socket) = @_;
	my @cmd = ($self->program('meet'), $clocks);
	for my $name (sort keys %socket) {
		my $hello = spew("$self->{dir}/hello-$name",
		    Clockgate::FastCGI::bytes({ path => "/iclock/$name",
			query => 'SN=BENCH000000', ip => '127.0.0.1' }));
		push @cmd, map { ($hello, $_) } @{ $socket{$name} };
	}
	@cmd == 2 || system(@cmd) == 0
	    or die "the programs do not know their clocks\n";
}

# They may be about to accept: until they really stand still.
sub _halt {
	my (@pid) = @_;
	kill 'STOP', @pid;
	for my $pid (@pid) {
		sleep 0.001 until slurp("/proc/$pid/stat") =~ /\) T /;
	}
}

# ---- what it took ----

# Statements so far, without those that ask for their number.
sub questions {
	my ($self) = @_;
	return $self->{server}->db->status('Questions')
	    - $self->{asking} * $self->{asked}++;
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
