# Functions stay small: over 100 lines or a complexity of 20 fails.  Those over
# 60 or 12 are named, for their authors to have a reason.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(top files report have);

my @c = files(qr/\.c$/, qw(src cgi-bin tools));
ok(have('pmccabe'), 'pmccabe is there (Debian: pmccabe)');
my $top = top();
my (%lines, %complexity, @large);
if (have('pmccabe')) {
	open my $out, '-|', 'pmccabe', map { "$top/$_" } @c or die "pmccabe: $!\n";
	while (<$out>) {
		my (undef, $complex, undef, undef, $n, $where) = split ' ', $_, 6;
		chomp $where;
		$where =~ s{^\Q$top\E/}{};
		$lines{$where} = $n;
		$complexity{$where} = $complex;
	}
	close $out or die "pmccabe failed\n";
}
cmp_ok(scalar keys %lines, '>=', scalar @c, 'it measured the functions');

sub over
{
	my ($what, $limit) = @_;
	return map { "$_: $what->{$_}" }
	    sort { $what->{$b} <=> $what->{$a} || $a cmp $b }
	    grep { $what->{$_} > $limit } keys %$what;
}

report('no function over 100 lines', over(\%lines, 100));
report('no function over complexity 20', over(\%complexity, 20));
diag("over 60 lines: $_") for over(\%lines, 60);
diag("over complexity 12: $_") for over(\%complexity, 12);

done_testing();
