# The short run of tests/fault/run: some of each kind of fault, and nothing that
# was acknowledged is lost, doubled or altered.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::Server;
use Test::More;

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;
my $run = "$FindBin::Bin/run";

sub run_faults {
	my $text = qx('$^X' '$run' @_ 2>&1);
	note $text;
	return ($? >> 8, $text);
}

# Its last row, by the names of the columns.
sub sums {
	my ($text) = @_;
	my ($head) = $text =~ /^kind of fault +(.*)$/m;
	my ($all) = $text =~ /^all +(.*)$/m;
	my %sum;
	@sum{ split ' ', $head // '' } = split ' ', $all // '';
	return \%sum;
}

my ($status, $text) = run_faults('--faults', 150, '--seed', $ENV{FAULT_SEED} // 1);
is $status, 0, 'nothing is lost, and each kind had its faults' or diag $text;
my $sum = sums($text);
is "@{$sum}{qw(lost doubled altered)}", '0 0 0', 'as the table says';
cmp_ok $sum->{faults}, '>=', 150 + 10_000, 'so many faults, and the poison lines';
cmp_ok $sum->{acknowledged}, '>', 10_000, 'records were acknowledged meanwhile';
# Requests fail of these, or they were none.
for my $kind ('database killed', 'database read-only', 'disk full', 'step of the schema',
    'too many connections', 'program killed') {
	my ($row) = $text =~ /^\Q$kind\E +(\d.*)$/m;
	cmp_ok((split ' ', $row // '0 0 0')[2], '>', 0, "$kind: clocks were told to come again");
}

($status, $text) = run_faults('--faults', 1, '--only', "'program killed'", '--spoil');
is $status, 1, 'a punch that somebody takes away is a fault';
is sums($text)->{lost}, 1, 'and is counted';
like $text, qr/^# lost: R001C0001\tATTLOG\t/m, 'and is shown';
($status, $text) = run_faults('--only', 'nonsense');
isnt $status, 0, 'there is no such kind';
done_testing;
