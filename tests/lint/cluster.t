# What a cluster of databases, in which every node takes changes, does not bear:
# neither in the steps of the schema nor in a statement of the programs.

use strict;
use warnings;
use File::Basename qw(basename);
use Clockgate::File qw(slurp);
use Clockgate::Lint qw(code files literals report);
use Test::More;

my $top = $ENV{top_srcdir} // '.';

# Nobody else on another node waits for these, or knows of them.
my %BANNED = (
	'a lock of tables' => qr/\bLOCK\s+TABLES?\b|\bFLUSH\b|\bLOCK\s+IN\s+SHARE\b/i,
	'a named lock' => qr/\b(?:GET|RELEASE|IS_FREE|IS_USED)_LOCK\b/i,
	'a temporary table' => qr/\bTEMPORARY\b/i,
	'a variable of the session' => qr/(?<![@\w])@\w/,
	'what the statement before left' =>
	    qr/\b(?:LAST_INSERT_ID|FOUND_ROWS|ROW_COUNT|CONNECTION_ID)\s*\(/i,
	'a transaction of several servers' => qr/\bXA\s+(?:START|BEGIN)\b/i,
	'a cursor into a table' => qr/\bHANDLER\b/i,
	'code in the database' =>
	    qr/\b(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|DEFINER)\b|\bSQL\s+SECURITY\b/i,
	'another engine' => qr/\bENGINE\s*=?\s*(?!InnoDB\b)\w/i,
	'the next id, counted by hand' => qr/\bMAX\s*\(\s*id\s*\)\s*\+|\bAUTO_INCREMENT\s*=/i,
	'a table without a key' => qr/\bDROP\s+PRIMARY\s+KEY(?!\s*,\s*ADD\s+PRIMARY\s+KEY)/i,
	'a row that is passed over for its id' => qr/(?:\A|\bUPDATE\s+)id = (?:\w+\.)?id\s*\z/i,
	'a write that nobody is told of' => qr/\bsql_log_bin\b|\bwsrep_/i,
);

sub faults {
	my ($sql, @but) = @_;
	my %but = map { $_ => 1 } @but;
	return grep { !$but{$_} && $sql =~ $BANNED{$_} } sort keys %BANNED;
}

# ---- each rule finds what it is for ----

my %bad = (
	'a lock of tables' => 'LOCK TABLES punch WRITE',
	'a named lock' => "SELECT GET_LOCK('x', 1)",
	'a temporary table' => 'CREATE TEMPORARY TABLE t (a INT PRIMARY KEY) ENGINE=InnoDB',
	'a variable of the session' => 'SELECT id INTO @last FROM punch',
	'what the statement before left' => 'SELECT LAST_INSERT_ID()',
	'a transaction of several servers' => "XA START 'a'",
	'a cursor into a table' => 'HANDLER punch OPEN',
	'code in the database' => 'CREATE TRIGGER t BEFORE INSERT ON punch FOR EACH ROW SET NEW.id = 1',
	'another engine' => 'CREATE TABLE t (a INT PRIMARY KEY) ENGINE=MyISAM',
	'the next id, counted by hand' => 'INSERT INTO audit SELECT MAX(id) + 1 FROM audit',
	'a table without a key' => 'ALTER TABLE t DROP PRIMARY KEY',
	'a row that is passed over for its id' => 'ON DUPLICATE KEY UPDATE id = id',
	'a write that nobody is told of' => 'SET SESSION sql_log_bin = 0',
);
is_deeply [ map { [ $_, faults($bad{$_}) ] } sort keys %BANNED ],
    [ map { [ $_, $_ ] } sort keys %BANNED ], 'each rule finds what it is for, and that alone';

# ---- the schema ----

# A step without its comments and texts.
sub bare {
	my ($sql) = @_;
	$sql =~ s/^\s*--.*$//mg;
	$sql =~ s/'(?:[^']|'')*'/''/g;
	return $sql;
}

# An ALTER TABLE stands in a text, as it is done only where it is wanted, and
# one variable holds that text for the next statement of the same script.
my @step = sort glob "$top/schema/[0-9]*.sql";
cmp_ok scalar @step, '>', 0, 'there are steps';
for my $file (@step) {
	my $sql = slurp($file);
	my $name = basename($file);
	my (@wrong, %altered);
	for my $statement (split /;\s*\n/, bare($sql)) {
		my @but = $statement =~ /^\s*(?:SET \@step =|PREPARE step FROM \@step$)/
		    ? 'a variable of the session' : ();
		push @wrong, faults($statement, @but);
	}
	push @wrong, faults(join ';', $sql =~ /('(?:ALTER|UPDATE|DELETE|INSERT)\b(?:[^']|'')*')/g);
	report("$name: nothing that one node alone knows", @wrong);
	report("$name: InnoDB and a primary key for each table",
	    grep { !/\bENGINE=InnoDB\b/ || !/\bPRIMARY KEY\b/ }
	    bare($sql) =~ /^(CREATE TABLE .*?);\s*$/msg);
}

# ---- the programs ----

# GET_LOCK keeps two migrations at one server apart: docs/cluster.md says that
# it reaches no further.
my %LOCKS = map { $_ => 1 } (
	"SELECT GET_LOCK(LEFT(CONCAT('clockgate ', DATABASE()), 64), 1)",
	"SELECT RELEASE_LOCK(LEFT(CONCAT('clockgate ', DATABASE()), 64))",
);
my (@wrong, $statements, %lock);
for my $file (files(qr/\.[ch]$/, 'src/store')) {
	for my $literal (literals($file)) {
		my ($line, $text) = @$literal;
		next if $text !~ /\b(?:SELECT|INSERT|UPDATE|DELETE|SET|REPLACE|VALUES|WHERE|FROM)\b/;
		$statements++;
		$lock{$text}++ if $LOCKS{$text};
		push @wrong, map { "$file:$line: $_: \"$text\"" }
		    faults($text, $LOCKS{$text} ? 'a named lock' : ());
	}
}
cmp_ok $statements, '>', 100, 'the statements are found';
report('no statement of the programs relies on one node', @wrong);
is_deeply \%lock, \%LOCKS, 'migrate has the only lock';
like slurp("$top/docs/cluster.md"), qr/its lock\s+does not reach the other nodes/,
    'and the page on clusters says so';

# ---- what fails is repeated ----

my $class = slurp("$top/src/store/class.c");
my %what = (1213 => 'lost against another node', 1205 => 'waited too long',
    1047 => 'a node that is not ready');
for my $number (sort keys %what) {
	like $class, qr/^\t\{ $number, CG_BUSY, (?:true|false) \},/m,
	    "$number, $what{$number}: the transaction is repeated";
}
like $class, qr/^\t\{ $_, CG_BUSY, true \},/m, "$_: at another host"
    for 1047, 1290, 1836;
my ($attempts) = code('src/app/app.c') =~ /^#define\s+ATTEMPTS\s+(\d+)/m;
cmp_ok $attempts // 0, '>=', 2, 'more than once';
like join(' ', map { $_->[1] } literals('src/store/connect.c')),
    qr/SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED/, 'READ COMMITTED';

done_testing;
