# The benchmark names its rows, and docs/performance.md explains each of them.

use strict;
use warnings;
use Test::More;
use Clockgate::Bench::Table qw(measure);
use Clockgate::Lint qw(top slurp report);

my $run = top() . '/tests/bench/run';
my @rows = map { /^(\S+) / ? $1 : () } qx('$^X' '$run' --list);
is($?, 0, 'tests/bench/run --list');
cmp_ok(scalar @rows, '>=', 16, 'has rows');
my %explained = map { $_ => 1 }
    map { /`([^`]+)`/g } slurp('docs/performance.md') =~ /^\| (`.*?) \|/mg;
report('docs/performance.md explains every row', grep { !$explained{$_} } @rows);
my %row = map { $_ => 1 } @rows;
report('and no other', grep { !$row{$_} } sort keys %explained);

is(qx('$^X' '$run' --list punch64 2>&1), "punch64        single punches/s, "
    . "64 clients, a connection each, 2 processes; 0.80 of: null program\n",
    'a row may be chosen');
is(qx('$^X' '$run' nonsense 2>&1),
    "there is no row nonsense; --list names them\n", 'but one that is there');
is($? >> 8, 2, 'else it ends at once');

sub judged {
	my ($figure, $reference) = @_;
	my $r = measure({ name => 'x', what => 'w', against => 'null', least => 0.95,
	    figure => sub { $figure }, reference => sub { $reference } }, sub { 1 }, sub { });
	return $r->{good} ? 'ok' : $r->{failed} ? 'failed' : 'short';
}
is(join(' ', judged(95, 100), judged(94, 100), judged(5, 0)), 'ok short failed',
    'a row is good when it reaches its ratio, and never beside nothing');

done_testing();
