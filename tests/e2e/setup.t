# clockgate-setup: the database, its account, the ini and the tables, by one
# command; what is there is kept, and what is in the way is named.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::FastCGI;
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
refuses({}, ['--group'], qr/--group needs a value/, 'no value');
refuses({}, ['--database', "a'b"], qr/--database a'b: only letters/, 'a quote');
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
    qr/2002.*\n.*root can't make the database clockgate/s, 'no server');
spew("$dir/file", '');
refuses({}, ['--config', "$dir/file/x.ini", @usual[2 .. 5]], qr/can't be written/, 'no place for the ini');
$db->sql(q{CREATE USER nobody@localhost IDENTIFIED BY 'x'});
refuses({ MYSQL_PWD => 'x' }, [@usual, '--admin', 'nobody'],
    qr/1044.*nobody can't make the database clockgate/s, 'an account that may not');

# ---- from nothing ----

my @PROGRAMS = qw(cdata getrequest devicecmd clockgate migrate);
$db->sql(q{CREATE USER chief@localhost IDENTIFIED BY 'of all'; GRANT ALL ON *.* TO chief@localhost
    WITH GRANT OPTION});
($status, $text) = setup({ MYSQL_PWD => 'of all' }, @usual, '--admin', 'chief');
is $status, 0, 'a set-up from nothing' or diag $text;
like $text, qr/^\Q$ini\E: written\napplied step 1: .*^ok     statements +clockgate_clockgate may /ms,
    '  tells what it did';
my %password;
for my $program (@PROGRAMS) {
	my $file = dirname($ini) . "/$program.password";
	my $mode = $program =~ /^(?:clockgate|migrate)$/ ? '600' : '640';
	is sprintf('%o', (stat $file)[2] & 0777), $mode, "the password of $program has mode $mode";
	is +(stat _)[5], (split ' ', $))[0], '  and the group' if $mode eq '640';
	like $password{$program} = slurp($file), qr/\A[0-9a-f]{36}\n\z/, '  and is one of chance';
	unlike $text, qr/$password{$program}/, '  which is not shown';
}
is scalar(keys %{ { reverse %password } }), scalar @PROGRAMS, 'each has its own';
is sprintf('%o', (stat $ini)[2] & 0777), '640', 'the ini has mode 640';
is slurp($ini) =~ /^password = /m, '', '  and holds no password';
for my $program (qw(cdata getrequest devicecmd)) {
	my $said = do {
		local $ENV{CLOCKGATE_CONFIG} = $ini;
		my $path = Clockgate::Server->program($program);
		`'$path' --check`;
	};
	like $said, qr/^ok     statements +clockgate_$program may do all that $program does$/m,
	    "$program may work" or diag $said;
}
is $db->text(q{SELECT COUNT(*) FROM mysql.global_priv WHERE user LIKE 'clockgate\_%'
    AND JSON_VALUE(priv, '$.account_locked') = 1}), "1\n", 'the account for pages is left locked';

# ---- again ----

# A clock posts all the while, and goes on when it is refused.
my $cdata = Clockgate::FastCGI->new(program => Clockgate::Server->program('cdata'), config => $ini)->start;
$db->sql(q{INSERT INTO device (sn, status, first_seen_utc) VALUES ('SETUP01', 'active', UTC_TIMESTAMP())},
    'clockgate');
spew("$dir/answers", '');
my $clock = Clockgate::Process->start(log => "$dir/answers", code => sub {
	$| = 1;
	for (my $pin = 1; !-e "$dir/enough"; $pin++) {
		my $reply = $cdata->request({ path => '/iclock/cdata', query => 'SN=SETUP01&table=ATTLOG&Stamp=1',
		    body => "$pin\t2024-01-07 08:00:00\t0\t1\n" });
		print "$reply->{status} $reply->{body}\n";
	}
});
my $many = sub { my $had = slurp("$dir/answers") =~ tr/\n//;
	Clockgate::Server->eventually(sub { slurp("$dir/answers") =~ tr/\n// > $had + 20 }, 60) };
ok $many->(), 'a clock posts';

# More than they shall have, of each kind.
my @SURPLUS = ('DELETE ON clockgate.punch TO clockgate_cdata', 'SELECT ON clockgate.photo TO clockgate_cdata',
    'SELECT (body) ON clockgate.command TO clockgate_cdata', 'CREATE ON clockgate.* TO clockgate_getrequest',
    'RELOAD ON *.* TO clockgate_devicecmd', 'SELECT ON clockgate.v1_punch TO clockgate_pages');
my $grants = sub { join '', sort map { s/\(([^)]*)\)/join ',', sort split m{, }, $1/ger }
    map { split /^/m, $db->text("SHOW GRANTS FOR clockgate_$_\@localhost") } @PROGRAMS, 'pages' };
my $shall = $grants->();
$db->sql("GRANT $_\@localhost" . (/v1_punch/ ? ' WITH GRANT OPTION' : '')) for @SURPLUS;
isnt $grants->(), $shall, 'rights that nobody shall have';
($status, $text) = setup({}, @usual[0, 1, 4, 5]);
is $status, 0, 'a set-up under a clock that posts' or diag $text;
is $grants->(), $shall, '  takes them, and leaves the others';
is $db->text(q{SELECT COUNT(*) FROM mysql.global_priv WHERE user LIKE '%\_new'}), "0\n",
    '  and no other account behind';
ok $many->(), '  and the clock goes on';
spew("$dir/enough", '');
is $clock->wait(60), 0, '  to its end';
is join('', grep { !/^200 OK: 1$/ } split /^/m, slurp("$dir/answers")), '', '  and was always served';
$cdata->stop;

my $before = slurp($ini);
unlink dirname($ini) . '/cdata.password';
$db->sql('DELETE FROM schema_version WHERE version = (SELECT * FROM
    (SELECT MAX(version) FROM schema_version) AS newest)', 'clockgate');
$db->sql('REVOKE INSERT ON clockgate.punch FROM clockgate_cdata@localhost');
($status, $text) = setup({}, @usual[0, 1, 4, 5]);
is $status, 0, 'a set-up that is there, with its socket' or diag $text;
like $text, qr/^applied step \d+: /, '  is brought up to date';
is slurp($ini), $before, '  and its ini kept';
is slurp(dirname($ini) . "/$_.password"), $password{$_}, "  and the password of $_"
    for qw(getrequest devicecmd clockgate migrate);
isnt slurp(dirname($ini) . '/cdata.password'), $password{cdata}, '  one that was lost is new';
is $db->text(q{SELECT COUNT(*) FROM mysql.tables_priv WHERE user = 'clockgate_cdata'
    AND table_name = 'punch' AND FIND_IN_SET('Insert', table_priv)}), "1\n", '  and rights come back';

# ---- a second one ----

($status, $text) = setup({}, '--config', "$dir/second/clockgate.ini", '--database', 'second', @usual[2 .. 5]);
is $status, 1, 'a second clockgate on one server: refused';
like $text, qr/those of the database clockgate: give a second/, '  and why';
ok !-e "$dir/second/clockgate.ini", '  without an ini';
is slurp(dirname($ini) . "/$_.password"), $password{$_}, "  and the password of $_ kept"
    for qw(getrequest devicecmd);

# ---- with one account of one's own ----

my $own = "$dir/own.ini";
spew($own, "[database]\nname = other_one\nuser = own\nsocket = ${\$db->socket}\n");
$db->sql(q{CREATE DATABASE other_one; CREATE USER own@localhost; GRANT ALL ON other_one.* TO own@localhost});
($status, $text) = setup({}, '--config', $own, @usual[2 .. 5]);
is $status, 0, 'an account of one\'s own' or diag $text;
like $text, qr/^ok     statements +own may /m, '  is used';
is $db->value('SELECT COUNT(*) FROM device', 'other_one'), 0, '  and the tables are made';
is join(' ', glob "$dir/*.password"), '', '  and nothing else';

done_testing;
