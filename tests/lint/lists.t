# What is in the tree is in the lists of the build, and so in the tarball; and
# the version is the same wherever it is written.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(top files slurp report);

my %listed = map { $_ => 1 }
    split /[\s\\]+/, slurp('Makefile.am') . slurp('tests/tests.am');

sub unlisted
{
	return grep { !$listed{$_} } @_;
}

report('every source of C', unlisted(files(qr/\.[ch]$/, qw(src include cgi-bin tools))));
report('every header of the tests', unlisted(files(qr/\.h$/, 'tests')));
report('every step of the schema', unlisted(files(qr/\/\d{4}-[^\/]*\.sql$/, 'schema')));
report('every page of the manual', unlisted(files(qr/\.[1-8]$/, 'man')));
report('every page of docs', unlisted(files(qr/\.md$/, 'docs')));
report('every test in Perl', unlisted(files(qr/\.t$/, 'tests')));
report('every test in C',
    grep { my $name = $_; $name =~ s/\.c$//; !$listed{$name} }
    files(qr/\/(?:test|fuzz)_\w+\.c$|^tests\/bench\/\w+\.c$/, 'tests'));
my ($inject) = slurp('tests/tests.am') =~ /^inject_sources = ((?:.*\\\n)*.*)$/m;
report('every call that the tests let fail is in a program that they let fail',
    grep { my $file = $_; slurp($file) =~ /\b(?:CG_SPEAK|cg_fault(?:_done|_number)?)\(/
	&& !grep { $_ eq $file } split /[\s\\]+/, $inject } files(qr/\.c$/, 'src'));
report('and nothing that is not there', grep { !-e top() . "/$_" }
    grep { m{^(?:src|include|cgi-bin|tools|schema|man|tests)/\S+\.(?:[ch1-8t]|sql)$} }
    grep { $_ ne 'src/store/steps.c' } sort keys %listed);

my ($version) = slurp('configure.ac') =~ /AC_INIT\(\[clockgate\], \[([\d.]+)\]\)/;
like(slurp('NEWS'), qr/\Aclockgate \Q$version\E \(/, 'NEWS begins with this version');
like(slurp('debian/changelog'), qr/\Aclockgate \(\Q$version\E\) /,
    'debian/changelog begins with this version');

done_testing();
