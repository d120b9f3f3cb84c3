# clockgate-setup: the database, its account, the ini and the tables, by one
# command; what is there is kept, and what is in the way is named.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::File qw(slurp spew);
use Clockgate::MariaDB;
use Clockgate::Process;
use Clockgate::Server;
use File::Temp ();
use Test::More;

my $why = Clockgate::MariaDB->missing;
plan skip_all => $why if $why;

my $db = Clockgate::MariaDB->new;
my $dir = File::Temp->newdir('cgsetup-XXXXXX', TMPDIR => 1);
my $ini = "$dir/etc/clockgate/clockgate.ini";
my $build = Clockgate::Server->builddir;
my ($group) = getgrgid((split ' ', $))[0]);
my @usual = ('--config', $ini, '--socket', $db->socket, '--group', $group);
my %env = (PATH => "$build:$ENV{PATH}");

# Its exit status and all that it said.
sub setup {
	my ($env, @arg) = @_;
	unlink "$dir/log";
	my $p = Clockgate::Process->start(log => "$dir/log", env => { %env, %$env },
	    cmd => [ '/bin/sh', Clockgate::Server->srcdir . '/tools/clockgate-setup', @arg ]);
	return (($p->wait(120) // -1) >> 8, slurp("$dir/log"));
}

sub refuses {
	my ($env, $arg, $said, $name) = @_;
	my ($status, $text) = setup($env, @$arg);
	is $status, 1, "$name: refused";
	like $text, $said, '  and why';
	ok !-e $ini && !-e "$ini.new", '  without an ini';
}

my ($status, $text) = setup({}, '--help');
is "$status $1", '0 Usage', '--help' if $text =~ /^(Usage): clockgate-setup /;
like +(setup({}, '--version'))[1], qr/^clockgate \d/, '--version';

refuses({}, ['--frobnicate'], qr/unknown option --frobnicate; type: clockgate-setup --help/, 'an option');
refuses({}, ['--user'], qr/--user needs a value/, 'no value');
refuses({}, ['--user', "a'b"], qr/--user a'b: only letters/, 'a quote');
refuses({}, ['--group', 'no-such-group'], qr/there is no group no-such-group/, 'a group');
mkdir "$dir/bin";
for my $tool (qw(sh dirname getent setpriv)) {
	my ($path) = grep { -x } map { "$_/$tool" } split /:/, $ENV{PATH};
	symlink $path, "$dir/bin/$tool";
}
refuses({ PATH => "$dir/bin" }, [], qr/there is no clockgate in PATH/, 'no clockgate');
symlink "$build/clockgate", "$dir/bin/clockgate";
refuses({ PATH => "$dir/bin" }, [], qr/there is no mariadb or mysql client/, 'no client');
refuses({}, [@usual[0, 1], '--socket', '/nowhere', '--group', $group],
    qr/2002.*\n.*the account was not made/s, 'no server');
spew("$dir/file", '');
refuses({}, ['--config', "$dir/file/x.ini", @usual[2 .. 5]], qr/can't be written/, 'no place for the ini');
$db->sql(q{CREATE USER clockgate@localhost IDENTIFIED BY 'x'});
refuses({}, \@usual, qr/1396.*if clockgate is there from before, drop it/s, 'an account');
$db->sql('DROP USER clockgate@localhost');

$db->sql(q{CREATE USER chief@localhost IDENTIFIED BY 'of all'; GRANT ALL ON *.* TO chief@localhost
    WITH GRANT OPTION});
($status, $text) = setup({ MYSQL_PWD => 'of all' }, @usual, '--admin', 'chief');
is $status, 0, 'a set-up from nothing' or diag $text;
like $text, qr/^\Q$ini\E: written\napplied step 1: .*^ok     statements /ms, '  tells what it did';
is sprintf('%o', (stat $ini)[2] & 0777), '640', 'the ini is closed to others';
is +(stat _)[5], (split ' ', $))[0], '  and of the group';
my ($password) = slurp($ini) =~ /^password = ([0-9a-f]{36})$/m;
ok defined $password, '  with a password of chance';
unlike $text, qr/$password/, '  which is not shown';
is $db->text('SHOW GRANTS FOR clockgate@localhost') =~ s/IDENTIFIED BY PASSWORD '[^']*'/-/r,
    "GRANT USAGE ON *.* TO `clockgate`\@`localhost` -\n"
    . "GRANT SELECT, INSERT, UPDATE, DELETE ON `clockgate`.* TO `clockgate`\@`localhost`\n",
    'the account may read and write rows, and nothing else';

my $before = slurp($ini);
$db->sql('DELETE FROM schema_version WHERE version = (SELECT * FROM
    (SELECT MAX(version) FROM schema_version) AS newest)', 'clockgate');
($status, $text) = setup({}, @usual);
is $status, 0, 'a set-up that is there' or diag $text;
like $text, qr/^applied step \d+: /, '  is brought up to date';
is slurp($ini), $before, '  and its ini kept';

($status, $text) = setup({}, '--config', "$dir/two.ini", @usual[2 .. 5], '--database', 'other_one',
    '--user', 'other');
is $status, 0, 'other names' or diag $text;
is $db->value('SELECT COUNT(*) FROM device', 'other_one'), 0, '  have their tables';

done_testing;
