# The manual pages are clean, and each program has one.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(top files report have);

my @pages = files(qr/\.[1-8]$/, 'man');
cmp_ok(scalar @pages, '>', 0, 'there are pages');
ok(have('mandoc'), 'mandoc is there (Debian: mandoc)');
my $top = top();
for my $page (@pages) {
	my @said = qx(mandoc -T lint -W warning '$top/$page' 2>&1);
	chomp @said;
	report("$page is clean", $? == 0 ? () : (@said, "status $?"));
}

done_testing();
