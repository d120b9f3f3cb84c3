# The catalogue of commands in clockgate(1) is what the program has.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(top build slurp);

open my $out, '-|', $^X, top() . '/man/make-catalogue', '--print',
    build() . '/clockgate' or die "make-catalogue: $!\n";
my $section = do { local $/; <$out> };
ok(close $out, 'man/make-catalogue writes it');
cmp_ok(scalar(() = $section =~ /^\.It /mg), '>', 60, '  with all commands');
my ($page) = slurp('man/clockgate.1') =~ /^\.Sh CATALOGUE\n.*?^\.Bl -tag -width Ds\n(.*?)^\.El\n\.Sh /ms;
is($page, $section, 'clockgate(1) has it, too (else: man/make-catalogue '
    . 'build/clockgate man/clockgate.1)');

done_testing();
