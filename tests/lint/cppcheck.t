# cppcheck finds nothing.  What it takes for a fault and is none stands in the
# source, as "cppcheck-suppress", with the reason.

use strict;
use warnings;
use File::Temp ();
use Test::More;
use Clockgate::Lint qw(top files report have);

plan skip_all => 'cppcheck is not there (Debian: cppcheck)' if !have('cppcheck');

# ctuuninitvar: takes what a callback writes through a pointer for what it reads;
# valgrind and clang look for that better.
my @options = (qw(--quiet --std=c11 --inline-suppr --suppress=ctuuninitvar),
    '--enable=warning,performance,portability',
    '--template={file}:{line}: {message} [{id}]',
    map { '-I' . top() . "/$_" } qw(include src/push src/store src/app src/web
    tools tools/clocksim));

# What it says of these files, a line each.
sub findings
{
	open my $said, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', 'cppcheck',
	    @options, @_ or die "cppcheck: $!\n";
	chomp(my @lines = <$said>);
	close $said or push @lines, "cppcheck ended with $?";
	my $top = top();
	return map { s{^\Q$top\E/}{}r } grep { /\S/ } @lines;
}

my $wrong = File::Temp->new(SUFFIX => '.c');
print {$wrong} "int last(void) { int a[2] = { 0, 1 }; return a[2]; }\n";
$wrong->flush;
like(join("\n", findings("$wrong")), qr/arrayIndexOutOfBounds/,
    'it finds a fault where there is one');

report('nothing in the programs', findings(map { top() . "/$_" }
    files(qr/\.c$/, qw(src cgi-bin tools))));

done_testing();
