# schema/grants.sql: every table and view of the schema has its place there,
# nobody gets more than rows, and no password stands in it.

use strict;
use warnings;
use File::Glob qw(:bsd_glob);
use Clockgate::File qw(slurp);
use Clockgate::Lint qw(report);
use Test::More;

my $top = $ENV{top_srcdir} // '.';
my $grants = slurp("$top/schema/grants.sql");
my $schema = slurp("$top/schema/current.sql");
s/^--.*$//mg for my ($bare, $made) = ($grants, $schema);

my @account = $bare =~ /^CREATE USER IF NOT EXISTS (\S+) ACCOUNT LOCK;$/mg;
is_deeply([ map { /^clockgate_(\w+)\@localhost$/ ? $1 : $_ } @account ],
    [qw(cdata getrequest devicecmd clockgate migrate pages)],
    'an account for each program, locked until it has a password');

# table => account => rights
my (%to, @odd);
for my $statement ($bare =~ /^(GRANT .*?);$/msg) {
	my ($rights, $on, $who) = $statement =~ /\AGRANT (.*?)\s+ON (\S+) TO (.*)\z/s;
	push @odd, $statement and next if !defined $who;
	for my $account (split /,\s*/, $who) {
		push @odd, $statement if !grep { $_ eq $account } @account;
		$to{$on}{$account} = $rights;
	}
}
cmp_ok(scalar keys %to, '>', 30, 'the grants are found');
report('each is GRANT rights ON table TO accounts of ours', @odd);
report('each account begins with nothing',
    grep { $bare !~ /^REVOKE ALL PRIVILEGES, GRANT OPTION FROM \Q$_\E;$/m } @account);
report('no password, no database, no account of another kind',
    $bare =~ /(IDENTIFIED|PASSWORD|\w\.\w|\*\.\*|'|"|`)/g);
$bare =~ s/^REVOKE.*$//mg;
report('nobody may do more than with rows, but the migrator with tables',
    grep { !/\A(?:SELECT|INSERT|UPDATE|DELETE|ON|TO|GRANT|IF|NOT|EXISTS|USER|CREATE|ALTER|INDEX|DROP|VIEW|ACCOUNT|LOCK)\z/ }
    $bare =~ /\b([A-Z]{2,})\b/g);
my @ddl = grep { /\b(?:CREATE|ALTER|INDEX|DROP)\b/ } values %{ $to{'*'} };
is_deeply([ sort keys %{ $to{'*'} } ], [qw(clockgate_clockgate@localhost
    clockgate_migrate@localhost)], 'two read or make all tables');
is(scalar @ddl, 1, '  and one of them may make them');
is($to{'*'}{'clockgate_clockgate@localhost'}, 'SELECT', '  the other only reads');

my %table = map { $_ => 1 } $made =~ /^CREATE TABLE IF NOT EXISTS (\w+)/mg;
my %view = map { $_ => 1 } $made =~ /^CREATE OR REPLACE VIEW (\w+)/mg;
report('every table is granted to somebody', grep { !$to{$_} } sort keys %table);
report('what pages may not read is named as such',
    grep { !$to{$_} && $grants !~ /^-- .*\b\Q$_\E\b/m } sort keys %view);
report('and nothing that is not there',
    grep { $_ ne '*' && !$table{$_} && !$view{$_} } sort keys %to);
report('pages read views and the meaning of numbers, and write nothing',
    map { my $on = $_; my $r = $to{$on}{'clockgate_pages@localhost'};
	!defined $r || ($r eq 'SELECT' && ($view{$on}
	    || $made =~ /^REPLACE INTO $on\b/m)) ? () : "$on: $r" } sort keys %to);
report('the audit is only added to', map { my $r = $to{audit}{$_};
    $r eq 'INSERT' ? () : "$_: $r" } sort keys %{ $to{audit} });

# What is secret, column by column.
for (['clockgate_cdata@localhost', 'command', qw(body reply)],
    ['clockgate_cdata@localhost', 'template', qw(template extra)],
    ['clockgate_devicecmd@localhost', 'template', qw(template extra)],
    ['clockgate_cdata@localhost', 'photo', 'image'],
    ['clockgate_cdata@localhost', 'rejected', 'line'],
    ['clockgate_getrequest@localhost', 'command', 'reply'],
    ['clockgate_devicecmd@localhost', 'command', 'reply']) {
	my ($account, $table, @column) = @$_;
	my ($read) = $to{$table}{$account} =~ /SELECT \(([^)]*)\)/;
	report("$account may not read " . join(' and ', @column) . " of $table",
	    !defined $read ? "all of $table" : grep { my $c = $_;
		grep { $_ eq $c } split /,\s*/, $read } @column);
}

done_testing();
