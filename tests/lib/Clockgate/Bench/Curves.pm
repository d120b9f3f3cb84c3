package Clockgate::Bench::Curves;

# What one more clock, punch or command costs: processor time of the programs
# and the database for one of them, by how many there are.
#
#	my @panels = Clockgate::Bench::Curves::measured($bench, \&progress);

use strict;
use warnings;
use Exporter qw(import);
use Clockgate::Bench::Table qw(median number);

our @EXPORT_OK = qw(cost_of_lines text);

my %BEAT = (mode => 'heartbeat', clients => 16);

# Microseconds for each of what was done, as the median of three runs.
sub _cost
{
	my ($bench, $web, $each, $how) = @_;
	return median(map {
		my ($run, $cpu) = $bench->cost($web, $how->(),
		    warm => 0);
		1e6 * ($cpu->{programs} + $cpu->{database}) /
		    ($each * $run->{good});
	} 1 .. 3);
}

sub _beats
{
	my ($bench, $clocks) = @_;
	my $web = $bench->web('ours', processes => 1);
	$bench->acquaint($web, %BEAT, clocks => $clocks);
	my $cost = _cost($bench, $web, 1,
	    sub { (%BEAT, clocks => $clocks) });
	$bench->quiet;
	return $cost;
}

sub _by_clocks
{
	my ($bench) = @_;
	return { title => 'a heartbeat, by clocks', x => 'clocks that call',
	    points => [ map { [ $_, _beats($bench, $_) ] }
		100, 1000, 10_000, 100_000 ] };
}

# For ten thousand clocks that do not call.
sub _queue
{
	my ($bench, $n) = @_;
	$bench->empty('command');
	$bench->server->sql("INSERT INTO command (device_sn, body)
	    SELECT CONCAT('AWAY', seq % 10000), 'CHECK' FROM seq_1_to_$n")
	    if $n > 0;
}

sub _by_commands
{
	my ($bench) = @_;
	my @points;
	for my $n (0, 100, 1000, 10_000, 100_000) {
		_queue($bench, $n);
		push @points, [ $n, _beats($bench, 1000) ];
	}
	$bench->empty('command');
	return { title => 'a heartbeat, by commands that wait for others',
	    x => 'commands in the queue', points => \@points };
}

# One clock fetches them all, and sends their results.
sub _fetch
{
	my ($bench, $web, $n) = @_;
	$bench->empty('command');
	$bench->server->sql("INSERT INTO command (device_sn, body)
	    SELECT 'BENCH000000', 'CHECK' FROM seq_1_to_$n");
	my $used = 0;
	for (1 .. 20) {
		my ($run, $cpu) = $bench->cost($web, %BEAT, clients => 1,
		    clocks => 1, warm => 0, commands => $n, time => 20);
		$used += $cpu->{programs} + $cpu->{database};
		last if $bench->server->value("SELECT COUNT(*) FROM command
		    WHERE state <> 'done'") == 0;
	}
	return 1e6 * $used / $n;
}

sub _by_backlog
{
	my ($bench) = @_;
	my $web = $bench->web('ours', processes => 1);
	my @points = map { [ $_, _fetch($bench, $web, $_) ] }
	    1000, 3000, 10_000, 30_000;
	$bench->quiet;
	$bench->empty('command');
	return { title => 'a command and its result, by the clock\'s queue',
	    x => 'commands queued for the clock', points => \@points };
}

# Of one line, with what the table of punches holds now.
sub cost_of_lines
{
	my ($bench, $series) = @_;
	return _cost($bench, $bench->web('ours', processes => 2), 1000,
	    sub { (mode => 'punch', clients => 2, clocks => 1000,
		lines => 1000, first => $series->(), time => 1) });
}

sub measured
{
	my ($bench, $progress) = @_;
	my @panels;
	for my $curve (\&_by_clocks, \&_by_commands, \&_by_backlog) {
		push @panels, $curve->($bench);
		$progress->(text($panels[-1]));
	}
	return @panels;
}

sub text
{
	my ($panel) = @_;
	return "microseconds of $panel->{title}: " . join ', ', map {
		number($_->[1]) . ' at ' . number($_->[0]) =~ s/\.0+\z//r
	} @{ $panel->{points} };
}

1;
