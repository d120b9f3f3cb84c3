# What real clocks have sent is where fuzzing begins: each capture, the body or
# else the query of its request, is a seed of some target.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(files slurp report);

my %seed = map { slurp($_) => 1 } files(qr/./, 'tests/fuzz/corpus');
my %seeds;
my @captures = files(qr/\.http$/, 'tests/captures');

$seeds{$_}++ for map { m{corpus/(\w+)/} } files(qr/./, 'tests/fuzz/corpus');
report('every target has seeds', grep { !$seeds{$_} }
    map { m{/(fuzz_\w+)\.c$} } files(qr/\.c$/, 'tests/fuzz'));

cmp_ok(scalar @captures, '>=', 18, 'the captures are there');
report('every capture is a seed', grep {
	my ($head, $body) = split /\r\n\r\n/, slurp($_), 2;
	my ($query) = $head =~ /\A\S+ [^ ?]*\?(\S*) /;
	!$seed{ length $body ? $body : $query };
} @captures);

done_testing();
