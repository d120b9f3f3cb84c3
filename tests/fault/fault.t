# The short run of tests/fault/run: some of each kind of fault, and nothing that
# was acknowledged is lost, doubled or altered.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::Fault;
use Clockgate::Ledger;
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
is $status, 0, 'nothing is lost, and each kind was felt' or diag $text;
my $sum = sums($text);
is "@{$sum}{qw(lost doubled altered)}", '0 0 0', 'as the table says';
cmp_ok $sum->{faults}, '>=', 150, 'so many faults';
cmp_ok $sum->{acknowledged}, '>', 10_000, 'records were acknowledged meanwhile';
# Requests fail of these, or they were none.
for my $kind ('database killed', 'database read-only', 'disk full', 'program killed',
    'request cut in its body', 'rows locked too long', 'step of the schema',
    'too many connections', 'web server killed') {
	my ($row) = $text =~ /^\Q$kind\E +(\d.*)$/m;
	cmp_ok((split ' ', $row // '0 0 0')[2], '>', 0, "$kind: clocks were told to come again");
}

($status, $text) = run_faults('--faults', 1, '--only', "'table changed'", '--spoil');
is $status, 1, 'what somebody takes away, doubles and changes is a fault';
is join(' ', @{ sums($text) }{qw(lost doubled altered)}), '1 2 1', 'and is counted, and what nobody sent';
like $text, qr/^# $_: .*R001C00\d\d\t/m, "and is shown: $_" for qw(lost doubled altered);

my $f = Clockgate::Fault->new;
$f->under_load('nothing at all', 1, sub { 0 });
ok !$f->is_clean('nothing at all' => 1), 'what no program feels is no fault done';
ok $f->is_clean, 'though nothing was lost by it';

$f->row('in silence', faults => 1, acknowledged => 0);
ok !$f->is_clean('in silence' => 1), 'nor is it one while nobody posts';
$f->row('in silence', acknowledged => 1);
ok $f->is_clean('in silence' => 1), '  as it is when somebody does';

my $ledger = Clockgate::Ledger->new($f->dir . '/damaged');
$ledger->sent(qw(NOBODY ATTLOG), "7\t2030-01-07 08:00:00\t0\t1");
my @verify = ($ledger->file, $f->server->ini);
is(Clockgate::Ledger::verify(@verify)->{lost}, 0, 'what is sent, and not acknowledged, is not lost');
open my $fh, '>>', $ledger->file or die;
print {$fh} "+\tNOBODY\n";
close $fh;
ok !eval { Clockgate::Ledger::verify(@verify) }, 'a ledger with a damaged line is refused';
like $@, qr/^no lines of a ledger: 1$/m, '  with the reason';

($status, $text) = run_faults('--only', 'nonsense');
isnt $status, 0, 'there is no such kind';
done_testing;
