#!/usr/bin/perl
# The steps of the schema, what is made from them, and the manual page that
# explains them, kept together.

use strict;
use warnings;
use File::Glob qw(:bsd_glob);
use Clockgate::File qw(slurp);
use Test::More;

my $top = $ENV{top_srcdir} // '.';
my @steps = sort glob "$top/schema/[0-9][0-9][0-9][0-9]-*.sql";

sub run {
	open my $fh, '-|', @_ or die "$_[0]: $!";
	binmode $fh;
	local $/;
	my $text = <$fh> // '';
	close $fh or die "$_[0] failed";
	return $text;
}

# A step without its comments and texts.
sub bare {
	my ($sql) = @_;
	$sql =~ s/^\s*--.*$//mg;
	$sql =~ s/'(?:[^']|'')*'/''/g;
	return $sql;
}

# ---- the steps ----

my $sum = join '', map { slurp($_) } @steps;
my @numbers = map { m{/0*(\d+)-[a-z0-9-]+\.sql$} ? $1 : $_ } @steps;
cmp_ok scalar @steps, '>', 0, 'there are steps';
is_deeply \@numbers, [ 1 .. @steps ], 'numbered without gaps';

my $header = slurp("$top/include/cg_store.h");
my ($min) = $header =~ /^#define\s+CG_SCHEMA_MIN\s+(\d+)/m;
my ($max) = $header =~ /^#define\s+CG_SCHEMA_MAX\s+(\d+)/m;
is $max, scalar @steps, 'CG_SCHEMA_MAX is the last step';
ok $min >= 1 && $min <= $max, 'CG_SCHEMA_MIN is not beyond it';

for my $file (@steps) {
	my $sql = slurp($file);
	my ($name) = $file =~ m{([^/]+)$};
	my $bare = bare($sql);
	unlike $sql, qr/[^\t\n\x20-\x7e]/, "$name is plain ASCII";
	like $sql, qr/;\n\z/, "$name ends with its last statement";
	unlike $sql, qr/^\s*--.*;\s*$/m, "$name has no comment that ends in ;";
	for my $word (qw(TRIGGER PROCEDURE FUNCTION EVENT DELIMITER DEFINER
	    SUPER SOURCE LOAD), 'LOCK\s+TABLES', 'SQL\s+SECURITY',
	    'FOREIGN\s+KEY', 'INSERT\s+IGNORE') {
		unlike $bare, qr/\b$word\b/i, "$name without $word";
	}
	my @tables = $bare =~ /^(CREATE TABLE .*?);/msg;
	my @odd = grep { !/^CREATE TABLE IF NOT EXISTS/
	    || !/\bENGINE=InnoDB\b/ || !/\bPRIMARY KEY\b/ } @tables;
	is_deeply \@odd, [], "tables of $name: IF NOT EXISTS, InnoDB, a key";
	is_deeply [ $bare =~ /^(CREATE (?!TABLE|OR REPLACE VIEW)\w.*)/mg ], [],
	    "$name creates only tables and views, and those again if need be";
}

# ---- current.sql and the C text ----

ok(slurp("$top/schema/current.sql") eq run("$top/schema/make-current", @steps),
    "current.sql is what make-current prints");

my $c = run("$top/schema/embed", @steps);
my %array;
while ($c =~ /^static const char (\w+)\[\] = \{(.*?)\};/msg) {
	my ($name, $bytes) = ($1, $2);
	$array{$name} = pack "C*", $bytes =~ /\d+/g;
}
for my $i (0 .. $#steps) {
	my $n = $i + 1;
	my ($name) = $steps[$i] =~ m{([^/]+)$};
	ok(($array{"step_$n"} // "") eq slurp($steps[$i]) . "\0",
	    "embed carries $name byte for byte");
	like $c, qr/^\t\{ $n, "\Q$name\E", step_$n \},$/m,
	    "embed lists $name";
}
isnt system("$top/schema/embed '$steps[-1]' >/dev/null 2>&1"), 0,
    'embed refuses steps with a gap';

# ---- the manual page ----

my $man = slurp("$top/man/clockgate-schema.7");
my %explained;
while ($man =~ /^\.Ss (v\d+_\w+)\n(.*?)(?=^\.S[sh] )/msg) {
	my ($view, $text) = ($1, $2);
	for my $item ($text =~ /^\.It Va (.+)$/mg) {
		push @{ $explained{$view} }, split / , /, $item;
	}
}
my %column;
while ($sum =~ /^CREATE OR REPLACE VIEW (\w+) AS\s+SELECT (.*?)\s+FROM /msg) {
	my ($view, $list) = ($1, $2);
	$list =~ s/\([^()]*\)//g while $list =~ /\(/;
	$column{$view} = [ map { /(\w+)\s*$/ ? $1 : $_ } split /,/, $list ];
}
cmp_ok scalar keys %column, '>=', 10, 'the views are found';
is_deeply [ sort keys %explained ], [ sort keys %column ],
    'the page explains every view';
for my $view (sort keys %column) {
	is_deeply $explained{$view}, $column{$view},
	    "the page explains every column of $view, in its order";
}
for my $table (bare($sum) =~ /^REPLACE INTO (\w+)/mg) {
	like $man, qr/^\.It Li $table$/m, "the page explains $table";
}
SKIP: {
	skip 'mandoc is missing', 1 if system('command -v mandoc >/dev/null');
	my $said = `mandoc -T lint -W warning '$top/man/clockgate-schema.7' 2>&1`;
	is $said, '', 'mandoc has nothing to say';
}

done_testing;
