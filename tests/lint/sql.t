# SQL and the MySQL client live in src/store, FastCGI in src/web, and some
# functions of C nowhere.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(files code literals report);

my @c = files(qr/\.[ch]$/, qw(src include cgi-bin tools));
my @all = (@c, files(qr/\.[ch]$/, 'tests'));
cmp_ok(scalar @c, '>', 10, 'there are sources to read');

sub matches
{
	my ($pattern, @in) = @_;
	my @found;
	for my $file (@in) {
		my $text = code($file);
		while ($text =~ /$pattern/g) {
			my $line = 1 + (substr($text, 0, $-[0]) =~ tr/\n//);
			push @found, "$file:$line: $&";
		}
	}
	return @found;
}

report('mysql.h is included in src/store alone',
    matches(qr/^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*\b(?:mysql|mariadb|errmsg|mysqld_error)[\w.\/]*\.h[>"]/m,
	grep { !m{^src/store/} } @c));
report('fcgiapp.h is included in src/web alone',
    matches(qr/^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*fcgi[\w.\/]*\.h[>"]/m,
	grep { !m{^src/web/} } @c));
report('push and base include no header of the system but those of C',
    matches(qr/^[ \t]*#[ \t]*include[ \t]*<(?!(?:assert|limits|stdarg|stdbool|stddef|stdint|inttypes|stdio|stdlib|string|malloc)\.h>)[^>]*>/m,
	grep { m{^src/(?:base|push)/|^include/cg_(?:base|push)\.h} } @c));

my $sql = qr/\bSELECT\s|\bSELECT$|\bINSERT\s+(?:IGNORE\s+)?INTO\b|\bREPLACE\s+INTO\b
    |\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\b(?:CREATE|ALTER|DROP|TRUNCATE)\s+(?:TABLE|VIEW|INDEX)\b
    |\bON\s+DUPLICATE\s+KEY\b|\bSTART\s+TRANSACTION\b|\bFOR\s+UPDATE\b/xi;
my @sql;
for my $file (grep { !m{^src/store/} } @c) {
	push @sql, map { "$file:$_->[0]: \"$_->[1]\"" }
	    grep { $_->[1] =~ $sql } literals($file);
}
report('SQL is written in src/store alone', @sql);

my @store = files(qr/\.[ch]$/, 'src/store');
ok(scalar(grep { $_->[1] =~ $sql } map { literals($_) } @store),
    'and it is found there');
report('no INSERT IGNORE', map { my $f = $_; map { "$f:$_->[0]" }
    grep { $_->[1] =~ /\bINSERT\s+IGNORE\b/i } literals($f) } @store);

my @banned = qw(strcpy strcat strncpy strncat stpcpy sprintf vsprintf sscanf
    strtok strtok_r atoi atol atoll atof gets alloca localtime gmtime asctime
    ctime mktemp tmpnam tempnam system popen rand srand bcopy bzero
    mysql_real_escape_string mysql_escape_string mysql_hex_string);
my $banned = join '|', @banned;
report('no banned function', matches(qr/(?<![\w.>])(?:$banned)\s*\(/, @all));

# Text that a clock sent is bound as a parameter.  What may be sent as text:
# constants, the steps of the schema, and statements of a fixed list.
report('mysql_query takes a literal, in src/store', matches(
    qr/\bmysql_(?:real_)?query\s*\((?!\s*[^,;]+,\s*"")[^;]*/,
    grep { $_ ne 'src/store/schema.c' && $_ ne 'src/store/connect.c' } @c));

done_testing();
