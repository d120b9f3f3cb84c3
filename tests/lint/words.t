# The text of the sources: no notes to self, tabs for indentation, clean ends.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(top files slurp report have);

my @c = files(qr/\.[ch]$/, qw(src include cgi-bin tools tests));
my @text = (@c, files(qr/(?:\.(?:t|pm|am|m4|sql|md|[1-8]|ini|conf)|\/[a-z-]+)$/,
    qw(apache-conf docs m4 man schema scripts tests/bench tests/e2e tests/golden tests/lib
    tests/lint)),
    grep { -f top() . "/$_" } qw(configure.ac Makefile.am tests/tests.am
    README.md CONTRIBUTING.md SECURITY.md NEWS LICENSE));

# The lines of the files that match, but not those of this file.
sub lines
{
	my ($pattern, @in) = @_;
	my @found;
	for my $file (grep { !m{^tests/lint/words\.t$} } @in) {
		my $n = 0;
		for my $line (split /\n/, slurp($file)) {
			$n++;
			push @found, "$file:$n: $line" if $line =~ $pattern;
		}
	}
	return @found;
}

sub columns
{
	my ($line) = @_;
	1 while $line =~ s/^([^\t]*)\t/$1 . ' ' x (8 - length($1) % 8)/e;
	return length $line;
}

sub too_long
{
	my ($limit, @in) = @_;
	my @found;
	for my $file (@in) {
		my ($n, $table) = (0, 0);
		for my $line (split /\n/, slurp($file)) {
			$n++;
			$table = $1 eq 'off' if $line =~ /clang-format (off|on)/;
			next if $table;
			utf8::decode($line);
			my $width = columns($line);
			push @found, "$file:$n: $width" if $width > $limit;
		}
	}
	return @found;
}

report('no notes to self', lines(qr/\b(?:TODO|FIXME|XXX|HACK)\b/, @text));
report('no blanks at the end of a line',
    lines(qr/[ \t]\r?$/, grep { !m{^tests/(?:golden|e2e)/} } @text));
report('no carriage returns', lines(qr/\r/, @c));
report('C is indented by tabs', lines(qr/^ {8}|^\t* +\t/, @c));
report('no line of C beyond 100 columns, but in tables', too_long(100, @c));
report('every file ends with a newline',
    grep { my $text = slurp($_); length $text && $text !~ /\n\z/ } @c);

my @rooms = files(qr/\.c$/, qw(src cgi-bin tools));
report('config.h is the first include',
    grep { slurp($_) !~ /\A(?:(?!#[ \t]*include)[^\n]*\n)*#include "config\.h"\n/ }
    @rooms);
report('every header has a guard',
    grep { slurp($_) !~ /^#ifndef (\w+)\n#define \1\n/m }
    files(qr/\.h$/, qw(src include)));

SKIP: {
	skip 'clang-format is not there', 1 unless have('clang-format');
	my $top = top();
	is(system("cd '$top' && clang-format --style=file --dump-config >/dev/null"), 0,
	    '.clang-format can be read');
}

done_testing();
