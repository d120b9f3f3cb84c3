package Clockgate::Bench::Instructions;

# Instructions that a program and its libraries execute for one request,
# counted by callgrind: the difference of two runs of which one had more
# requests.  Unlike times, they are nearly the same each time.
#
#	my $why = Clockgate::Bench::Instructions::missing();
#	print Clockgate::Bench::Instructions::table($bench, 640);

use strict;
use warnings;
use Clockgate::Bench::Table qw(number);
use Clockgate::FastCGI;
use Clockgate::File qw(slurp);

my $TOGETHER = 64;

my @kinds = (
	[ 'heartbeat', 'getrequest', \&heartbeat ],
	[ 'punch', 'cdata', \&punch ],
);

sub heartbeat
{
	my ($n) = @_;
	return { path => '/iclock/getrequest',
	    query => sprintf 'SN=BENCH%06u', $n % $TOGETHER };
}

sub punch
{
	my ($n) = @_;
	my $minute = int($n / $TOGETHER);
	return { path => '/iclock/cdata',
	    query => sprintf('SN=BENCH%06u&table=ATTLOG&Stamp=9999',
		$n % $TOGETHER),
	    body => sprintf "%u\t2024-01-01 %02u:%02u:00\t0\t1\t0\t0\t0\n",
		1001 + $n % 5000, $minute / 60, $minute % 60 };
}

sub missing
{
	return if grep { -x "$_/valgrind" } split /:/, $ENV{PATH} // '';
	return 'valgrind is missing: apt-get install valgrind';
}

# Of a program with so many requests, so many of them at a time.
sub _count
{
	my ($bench, $program, $config, $request, $n, $at_once) = @_;
	my $out = "$bench->{dir}/callgrind.out";
	my $fcgi = Clockgate::FastCGI->new(program => $program, config => $config,
	    under => [ 'valgrind', '--quiet', '--tool=callgrind',
		"--callgrind-out-file=$out" ]);
	$fcgi->start;
	my ($pid) = $fcgi->pids;
	for (my $done = 0; $done < $n; $done += $at_once) {
		kill 'STOP', $pid if $at_once > 1;
		my @waiting = map { $fcgi->send($request->($_)) }
		    $done .. $done + $at_once - 1;
		kill 'CONT', $pid if $at_once > 1;
		for (map { $_->reply } @waiting) {
			die "answer $_->{status}\n" if $_->{status} != 200;
		}
	}
	$fcgi->stop;
	slurp($out) =~ /^(?:totals|summary): (\d+)/m
	    or die "callgrind counted nothing\n";
	return $1;
}

# The first requests, after which the program knows its clocks, do not count.
sub _per_request
{
	my ($bench, $n, @how) = @_;
	my ($request, $at_once) = splice @how, 2, 2;
	my ($few, $many) = map { $bench->empty('punch');
	    _count($bench, @how, $request, $_, $at_once) }
	    $TOGETHER, $TOGETHER + $n;
	return ($many - $few) / $n;
}

sub table
{
	my ($bench, $n) = @_;
	$bench->clocks($TOGETHER);
	my $server = $bench->server;
	my $text = sprintf "%-30s %10s %14s %14s\n", 'instructions per request',
	    'alone', "$TOGETHER together", 'null program';
	for my $kind (@kinds) {
		my ($name, $program, $request) = @$kind;
		my @ours = ($server->program($program), $server->ini, $request);
		my @null = ($bench->program('null'), $server->ini, $request);
		$text .= sprintf "%-30s %10s %14s %14s\n", $name,
		    map { number($_) } _per_request($bench, $n, @ours, 1),
		    _per_request($bench, $n, @ours, $TOGETHER),
		    _per_request($bench, $n, @null, 1);
	}
	return $text;
}

1;
