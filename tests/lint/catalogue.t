# The catalogue of commands in clockgate(1) is what the program has, and so are
# the classes of dangerous ones.

use strict;
use warnings;
use JSON::PP ();
use Test::More;
use Clockgate::Lint qw(top build slurp report);

open my $out, '-|', $^X, top() . '/man/make-catalogue', '--print',
    build() . '/clockgate' or die "make-catalogue: $!\n";
my $section = do { local $/; <$out> };
ok(close $out, 'man/make-catalogue writes it');
cmp_ok(scalar(() = $section =~ /^\.It /mg), '>', 60, '  with all commands');
my ($page) = slurp('man/clockgate.1') =~ /^\.Sh CATALOGUE\n.*?^\.Bl -tag -width Ds\n(.*?)^\.El\n\.Sh /ms;
is($page, $section, 'clockgate(1) has it, too (else: man/make-catalogue '
    . 'build/clockgate man/clockgate.1)');

# ---- which command and which option belongs to which class ----

open $out, '-|', build() . '/clockgate', qw(command catalogue --format json)
    or die "clockgate: $!\n";
my $commands = JSON::PP::decode_json(do { local $/; <$out> });
my %class;
for my $command (@$commands) {
	my ($class) = $command->{danger} =~ /^(\w+)(?: without \w+)?$/ or next;
	push @{ $class{$class} }, $command->{name};
}
my $options = slurp('src/push/command_option.c');
push @{ $class{lc $1} }, $2 while $options =~ /^\t(NETWORK|KEY)\("(\w+)"/mg;
is_deeply([ sort keys %class ], [qw(files key network shell wipe)], 'each class has some');

my ($dangerous) = slurp('man/clockgate.1') =~ /^\.Sh DANGEROUS COMMANDS\n(.*?)^\.El$/ms;
my %told = $dangerous =~ /^\.It Cm (\w+)\n(.*?)(?=^\.It |\z)/msg;
for my $class (sort keys %class) {
	my %page = map { $_ => 1 } map { split / [,.]\s*/ } $told{$class} =~ /^\.Cm (.*)$/mg;
	my %has = map { $_ => 1 } @{ $class{$class} };
	report("clockgate(1) has what the class $class holds",
	    map { "$_ is missing" } grep { !$page{$_} } sort keys %has);
	report('  and nothing else', grep { !$has{$_} } sort keys %page);
}

done_testing();
