package Clockgate::Bench::Rows;

# The rows of the benchmark, see Clockgate::Bench::Table.
#
#	my @rows = Clockgate::Bench::Rows::of($bench, \&progress);

use strict;
use warnings;
use Clockgate::Bench::Curves qw(cost_of_lines);
use Clockgate::Bench::Table qw(median number);
use List::Util qw(max);
use POSIX ();
use Time::HiRes qw(sleep time);

my ($bench, $progress, %kept);

my %BEAT = (mode => 'heartbeat', clients => 64, clocks => 10_000);
my %PUNCH = (mode => 'punch', clocks => 10_000);
my $SERIES = 10_000_000;	# seconds: more than a run has lines for a clock

# Neighbours that need the same programs, "on", leave them running.
my @rows = (
	{ name => 'heartbeat', on => 'lighttpd, 4',
	  against => 'null program', least => 0.95,
	  what => 'heartbeats/s, lighttpd, a connection each, 4 processes, 10,000 clocks',
	  figure => sub { heartbeats('ours', processes => 4) },
	  reference => sub { heartbeats('null', processes => 4) } },
	{ name => 'commands', on => 'lighttpd, 4',
	  against => 'null program', least => 0.80,
	  what => 'the same while 1 in 100 brings a command, which is answered',
	  figure => \&commanded,
	  reference => sub { heartbeats('null', processes => 4) },
	  note => sub { sprintf '%.1f %% of the heartbeats brought a command',
	    100 * median(@{ $kept{share} }) } },
	{ name => 'sql', on => 'lighttpd, 4', most => 4,
	  what => 'SQL statements/s of a process at full rate, 10,000 clocks, 4 processes',
	  figure => sub { statements() } },
	{ name => 'sql-slow', on => 'lighttpd, 4', most => 4,
	  what => 'the same at 100 heartbeats/s',
	  figure => sub { statements(rate => 100) } },
	{ name => 'keepalive', on => 'keep-alive',
	  against => 'null program', least => 0.93,
	  what => 'heartbeats/s as above, connections kept alive',
	  figure => sub { heartbeats('ours', processes => 4, keep => 1) },
	  reference => sub { heartbeats('null', processes => 4, keep => 1) } },
	{ name => 'fcgid', on => 'fcgid',
	  against => 'null program', least => 0.93,
	  what => 'heartbeats/s behind Apache mod_fcgid, 16 clients, 16 processes',
	  figure => sub { heartbeats('ours', home => 'fcgid') },
	  reference => sub { heartbeats('null', home => 'fcgid') } },
	{ name => 'proxy-fcgi', on => 'proxy-fcgi',
	  against => 'null program', least => 0.93,
	  what => 'heartbeats/s behind Apache mod_proxy_fcgi, 64 clients, 4 processes',
	  figure => sub { heartbeats('ours', home => 'proxy-fcgi',
		processes => 4) },
	  reference => sub { heartbeats('null', home => 'proxy-fcgi',
		processes => 4) } },
	{ name => 'lines', on => 'lighttpd, 2',
	  against => 'raw multi-row insert, 2 connections',
	  least => 0.85,
	  what => 'lines of ATTLOG/s, bodies of 1,000 lines, 2 clients, 2 processes',
	  figure => \&lines, reference => sub { raw_lines(2) },
	  note => sub { "raw rows/s: $kept{ways}" } },
	{ name => 'punch64', on => 'lighttpd, 2',
	  against => 'null program', least => 0.80,
	  what => 'single punches/s, 64 clients, a connection each, 2 processes',
	  figure => sub { punches('ours', 64) },
	  reference => sub { punches('null', 64) } },
	{ name => 'punch64raw', on => 'lighttpd, 2',
	  against => 'raw single-row insert, 64 connections',
	  least => 0.60, what => 'the same',
	  figure => sub { punches('ours', 64) },
	  reference => sub { raw_rows('single', 64) },
	  note => sub { null_beside(punches('null', 64), 'single', 64) } },
	{ name => 'punch16', on => 'lighttpd, 2',
	  against => 'null program', least => 0.50,
	  what => 'the same with 16 clients',
	  figure => sub { punches('ours', 16) },
	  reference => sub { punches('null', 16) } },
	{ name => 'photo64', on => 'lighttpd, 2',
	  against => 'raw blob insert, 64 connections',
	  least => 0.60, what => 'photos of 15 KB/s, 64 clients, 2 processes',
	  figure => sub { photos('ours', 64) },
	  reference => sub { raw_rows('photo', 64, 15360) } },
	{ name => 'photo16', on => 'lighttpd, 2',
	  against => 'raw blob insert, 16 connections',
	  what => 'the same with 16 clients',
	  figure => sub { photos('ours', 16) },
	  reference => sub { raw_rows('photo', 16, 15360) },
	  note => sub { null_beside(photos('null', 16), 'photo', 16) } },
	{ name => 'large', on => 'lighttpd, 2',
	  against => 'the same into an empty table',
	  least => 0.80, slow => 1,
	  what => 'lines/s into a table of 20,000,000 punches',
	  prepare => \&fill, figure => sub { lines_into('large') },
	  reference => sub { lines_into('small') } },
	{ name => 'memory-idle', on => 'none', most => 6,
	  what => 'MB resident of the largest program after a first request',
	  figure => \&memory_idle,
	  note => sub { sprintf 'a program that only sets up the client library '
	    . 'of the database: %.1f MB', $bench->bare } },
	{ name => 'memory-16mb', on => 'none', most => 12,
	  what => 'MB resident of cdata after a body of 16 MB, lines or a picture',
	  figure => \&memory_large },
	{ name => 'fleet', on => 'fleet', most => 50,
	  what => 'p99 in ms of 100,000 clocks: 3,333 heartbeats/s and 220 punches/s',
	  slow => 1, prepare => \&meet_fleet, figure => \&fleet,
	  note => sub { $kept{cpu} } },
);

sub all { return @rows }

sub use_bench
{
	($bench, $progress) = @_;
}

# ---- heartbeats ----

sub heartbeats
{
	my ($kind, %web) = @_;
	my $web = $bench->web($kind, %web);
	my %how = (%BEAT, keep => $web{keep});
	if (($web{home} // '') eq 'fcgid') {
		# it starts a further process when all are busy
		$bench->load($web, %how, time => 2) if !$web->{all}++;
		$how{clients} = 16;
	}
	$bench->acquaint($web, %how) if $kind eq 'ours';
	my $since = $bench->now;
	my $run = $bench->load($web, %how);
	if ($kind eq 'ours') {
		$bench->seen($since, $run->{met});
		$kept{beats} = $run->{rate};
	}
	return $run->{rate};
}

# Somebody queues commands all the time, for one in a hundred of the
# heartbeats that came before.
sub commanded
{
	my $web = $bench->web('ours', processes => 4);
	my $rate = $kept{beats} // heartbeats('ours', processes => 4);
	my $next = 0;
	my $queue = sub { $next = queue_commands($next, int($rate * $_[0] / 95)) };
	$bench->empty('command');
	$queue->(1.5);		# programs learn of them within two seconds
	my $since = $bench->now;
	my $run = $bench->load_while(sub { $queue->(0.5) }, $web, %BEAT, warm => 2);
	$bench->seen($since, $run->{met});
	my $done = $bench->server->value(
	    "SELECT COUNT(*) FROM command WHERE state = 'done'");
	# what the last answers brought is not answered any more
	die "$run->{commands} commands were handed out, $done are done\n"
	    if $done > $run->{commands} || $done + 64 < $run->{commands}
		|| !$done;
	my $share = $run->{commands} / $run->{good};
	die "only $share of the heartbeats brought a command\n" if $share < 0.008;
	push @{ $kept{share} }, $share;
	return $kept{beats} = $run->{rate};
}

sub queue_commands
{
	my ($from, $n) = @_;
	my $to = $from + $n;
	# of one connection: who queues is not what is measured
	$kept{session} //= $bench->server->db->session('clockgate');
	$kept{session}->sql("INSERT INTO command (device_sn, body)
	    SELECT CONCAT('BENCH', LPAD(seq * 7919 % 10000, 6, '0')), 'CHECK'
	    FROM seq_${from}_to_$to");
	return $to + 1;
}

# Counted from the middle of a second to that of another, as programs do what
# they do once a second when it turns.
sub statements
{
	my (%how) = @_;
	my $web = $bench->web('ours', processes => 4);
	$bench->acquaint($web, %BEAT);
	$bench->empty('command');
	my @sample;
	$bench->load_while(sub {
		my $now = time;
		push @sample, [ int $now, $bench->questions ]
		    if abs($now - int($now) - 0.5) < 0.3;
	}, $web, %BEAT, %how, warm => 0, time => 2 * max(2, $bench->{time}));
	my ($first, $last) = @sample[0, -1];
	return ($last->[1] - $first->[1]) / ($last->[0] - $first->[0]) / 4;
}

# ---- uploads ----

sub lines
{
	my $web = $bench->web('ours', processes => 2);
	$bench->empty('punch');
	my $run = $bench->load($web, mode => 'punch', clients => 2, clocks => 2,
	    lines => 1000);
	$bench->stored('punch', 1000 * $run->{good});
	return 1000 * $run->{rate};
}

sub punches
{
	my ($kind, $clients) = @_;
	my $web = $bench->web($kind, processes => 2);
	$bench->acquaint($web, %PUNCH, clients => 64) if $kind eq 'ours';
	$bench->empty('punch');
	my $run = $bench->load($web, %PUNCH, clients => $clients);
	$bench->stored('punch', $kind eq 'ours' ? $run->{good} : 0);
	return $run->{rate};
}

sub photos
{
	my ($kind, $clients) = @_;
	my $web = $bench->web($kind, processes => 2);
	$bench->empty('photo');
	my $run = $bench->load($web, mode => 'photo', clients => $clients,
	    clocks => 64);
	$bench->stored('photo', $kind eq 'ours' ? $run->{good} : 0);
	return $run->{rate};
}

sub raw_rows
{
	my ($kind, @more) = @_;
	my $table = $kind eq 'photo' ? 'photo' : 'punch';
	$bench->empty($table);
	my $run = $bench->raw($kind, @more);
	$bench->stored($table, $run->{good});
	push @{ $kept{raw}{"$kind $more[0]"} }, $run->{rate};
	return $run->{rate};
}

# What HTTP alone leaves of the raw insert's rate, and what both would make if
# each request took the time of one after that of the other.
sub null_beside
{
	my ($null, $kind, $connections) = @_;
	my $raw = median(@{ $kept{raw}{"$kind $connections"} });
	return sprintf 'the null program answers %s of them and stores nothing, '
	    . 'which is %.2f; one after the other: %.2f', number($null),
	    $null / $raw, $null / ($null + $raw);
}

# The best of three ways, by a first try of each.
sub raw_lines
{
	my ($connections) = @_;
	if (!$kept{best}) {
		my %rate = map { $_ => raw_rows($_, $connections) }
		    qw(text prepared bulk);
		($kept{best}) = sort { $rate{$b} <=> $rate{$a} } keys %rate;
		$kept{ways} = join ', ', map { "$_ " . number($rate{$_}) }
		    sort keys %rate;
	}
	return raw_rows($kept{best}, $connections);
}

# ---- a large table ----

# Punches of the thousand clocks in the order of time, 500 seconds apart at each.
sub add_punches
{
	my ($from, $to) = @_;
	my $last = $to - 1;
	$bench->server->sql(<<"END");
SET GLOBAL innodb_flush_log_at_trx_commit = 0;
SET SESSION unique_checks = 0;
INSERT INTO punch (device_id, pin, punched_at, punched_at_utc, state, verify,
    work_code, reserved1, reserved2, received_at_utc)
  SELECT 1 + seq % 1000, 1001 + seq % 5000,
    '2003-01-01' + INTERVAL (seq DIV 1000) * 500 SECOND,
    '2003-01-01' + INTERVAL (seq DIV 1000) * 500 SECOND,
    seq % 2, 1, '0', '0', '0', UTC_TIMESTAMP()
  FROM seq_${from}_to_$last;
SET GLOBAL innodb_flush_log_at_trx_commit = 1;
END
}

sub fill
{
	$bench->clocks(10_000);
	$bench->empty('punch');
	$bench->server->sql('DROP TABLE IF EXISTS punch_small;
	    CREATE TABLE punch_small LIKE punch');
	$kept{table} = 'large';
	my $filled = 0;
	for my $punches (0, map { 1e6 * $_ } 1, 2, 5, 10, 20) {
		add_punches($filled, $punches) if $punches > 0;
		$filled = $punches;
		push @{ $kept{points} }, [ $filled,
		    cost_of_lines($bench, \&series) ];
		$progress->("large: $filled punches");
	}
}

# The panel that the plot shows of it.
sub by_punches
{
	return $kept{points} ? { title => 'a line of ATTLOG, by punches',
	    x => 'punches in the table', points => $kept{points} } : ();
}

# Newer than all that was sent before: the number of a first line.
sub series
{
	return $SERIES * ++$kept{series};
}

# Which of the two tables is called punch now.
sub switch_to
{
	my ($table) = @_;
	return if $kept{table} eq $table;
	$bench->server->sql("RENAME TABLE punch TO punch_$kept{table},
	    punch_$table TO punch");
	$kept{table} = $table;
}

# Bodies of the thousand clocks in turn, newer than what is there.
sub lines_into
{
	my ($table) = @_;
	my $web = $bench->web('ours', processes => 2);
	switch_to($table);
	$bench->empty('punch') if $table eq 'small';
	my $run = $bench->load($web, mode => 'punch', clients => 2,
	    clocks => 1000, lines => 1000, first => series());
	$bench->stored('punch', 1000 * $run->{good}) if $table eq 'small';
	return 1000 * $run->{rate};
}

# ---- memory ----

sub resident
{
	my ($pid) = @_;
	my ($kb) = Clockgate::File::slurp("/proc/$pid/status") =~
	    /^VmRSS:\s*(\d+) kB/m;
	return $kb / 1024;
}

sub ask
{
	my ($fcgi, $path, %more) = @_;
	my $reply = $fcgi->request({ path => "/iclock/$path",
	    query => 'SN=BENCH000000', %more });
	die "$path answered $reply->{status}\n" if $reply->{status} != 200;
}

sub memory_idle
{
	$bench->clocks(1);
	my %body = (devicecmd => 'ID=1&Return=0&CMD=CHECK');
	return max(map {
		my $fcgi = $bench->server->fastcgi($_);
		ask($fcgi, $_, body => $body{$_});
		resident($fcgi->pids);
	} qw(cdata getrequest devicecmd));
}

# After a body of as many short lines as fit in, of which the programs read the
# first 100,000 and keep the rest as it is; and after one large picture.
sub memory_large
{
	my $after_lines = after('ATTLOG', lines_of_text());
	$bench->stored('punch', 100_000);
	my $image = 'x' x 16_770_000;
	my $after_photo = after('ATTPHOTO', "PIN=20240101080000-1.jpg\n"
	    . "SN=BENCH000000\nsize=16770000\nCMD=uploadphoto\0$image");
	$bench->stored('photo', 1);
	return max($after_lines, $after_photo);
}

sub lines_of_text
{
	my ($body, $t) = ('', 1_000_000_000);
	while (length $body < 16_770_000) {
		$body .= "1001\t" . POSIX::strftime("%Y-%m-%d %H:%M:%S",
		    gmtime $t++) . "\t0\t1\t0\t0\t0\n";
	}
	return $body;
}

# Megabytes of a program that was new before this body.
sub after
{
	my ($table, $body) = @_;
	my $fcgi = $bench->server->fastcgi('cdata');
	$bench->clocks(1);
	$bench->empty(qw(punch photo rejected));
	ask($fcgi, 'cdata', body => $body,
	    query => "SN=BENCH000000&table=$table&Stamp=1");
	sleep 0.5;		# it has something to clear away
	return resident($fcgi->pids);
}

# ---- a fleet ----

my %FLEET = (clocks => 100_000, clients => 2000, rate => 10_000 / 3,
    punches => 220);

# As on a day when nothing was restarted: every program knows every clock.
sub meet_fleet
{
	my $web = $bench->web('ours', processes => 2);
	$bench->acquaint($web, %BEAT, clocks => 100_000, also => [ 'cdata' ]);
}

sub fleet
{
	my $web = $bench->web('ours', processes => 2);
	$bench->empty('punch');
	my $seconds = 30;
	my $since = $bench->now;
	my ($run, $cpu) = $bench->cost($web, %FLEET, warm => 2,
	    time => $seconds);
	die 'only ' . number($run->{rate}) . " requests/s came through\n"
	    if $run->{rate} < 0.99 * ($FLEET{rate} + $FLEET{punches});
	$bench->stored('punch', $run->{stored});
	$bench->seen($since, $FLEET{clocks} * 0.9);
	$kept{cpu} = sprintf 'every answer 200; p50 %.1f ms, p99.9 %.1f ms; '
	    . 'processors used: web server %.2f, programs %.2f, database %.2f, '
	    . 'load generator %.2f', $run->{p50} / 1000, $run->{p999} / 1000,
	    (map { $_ / ($seconds + 2) } @{$cpu}{qw(web programs database)}),
	    $run->{cpu} / ($seconds + 2);
	return $run->{p99} / 1000;
}

1;
