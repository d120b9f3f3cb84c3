# The zip for shared hosting, as its INSTALL.txt says: unpacked into the home
# of an ordinary user, under an Apache that knows nothing of us but what
# .htaccess files may tell, with an account that owns one database.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Apache;
use Clockgate::Bundle;
use Clockgate::Conversation;
use Clockgate::File qw(slurp spew);
use Clockgate::Process;
use Clockgate::Server;
use Test::More;

Clockgate::Ordinary->become(Clockgate::Bundle::zip());
my ($wrapper) = glob '/usr/lib/*/libnss_wrapper.so';
my $why = Clockgate::Server->missing
    // Clockgate::Apache->missing(qw(cgid rewrite))
    // (!$wrapper && 'libnss_wrapper.so is missing (package libnss-wrapper)' || undef)
    // Clockgate::Bundle->missing;
plan skip_all => $why if $why;

my $home = File::Temp->newdir('cghost-XXXXXX', TMPDIR => 1);
chmod 0711, "$home";
my ($PASSWORD, $TOKEN) = ($Clockgate::Bundle::PASSWORD, 'correct-horse-battery');

# What the system knows of its users: this home is ours.
my %system = (LD_PRELOAD => $wrapper, NSS_WRAPPER_GROUP => '/etc/group',
    NSS_WRAPPER_PASSWD => spew("$home/passwd", "customer:x:$>:"
	. ($) + 0) . "::$home:/bin/sh\n"));

# The command line of the zip: its exit status, and all that it said.
sub shell {
	my ($env, @arg) = @_;
	my $log = "$home/said";
	unlink $log;
	my $p = Clockgate::Process->start(log => $log, env => { %system, %$env },
	    cmd => [ "$home/clockgate/clockgate", @arg ]);
	my $status = $p->wait(60);
	return ($status >> 8, slurp($log));
}

# ---- what is in it ----

my $bundle = Clockgate::Bundle->unpack($home);
my $steps = $bundle->steps;
is join(' ', $steps =~ /^ ?(\d+)\. /mg), '1 2 3 4 5 6 7 8 9 10', 'ten steps';
unlike $steps, qr/\@\w+\@/, '  with nothing left to be filled in';
my ($glibc) = $steps =~ /glibc (\d+\.\d+) or newer/;
SKIP: {
	skip 'docs/install.md tells of a zip that Debian 12 made', 1
	    if slurp('/etc/os-release') !~ m{^VERSION_CODENAME=bookworm$}m;
	my ($told) = slurp(Clockgate::Server->srcdir . '/docs/install.md') =~ m{Debian 12, glibc\s+(\d+\.\d+)};
	cmp_ok(version->parse("v$glibc"), '<=', version->parse("v$told"),
	    '  and a glibc no newer than docs/install.md tells');
}
for my $file (map({ "public_html/cgi-bin/$_" } qw(cdata getrequest devicecmd)), 'clockgate/clockgate') {
	my @needs = `readelf -d '$home/$file'` =~ /\(NEEDED\).*\[(.*)\]/g;
	is join(' ', grep { !/^lib[cm]\.so\.6$/ } @needs), '', "$file needs the C library alone";
	my @newer = grep { $_->[0] > 2 || $_->[1] > (split /\./, $glibc)[1] }
	    map { [ split /\./ ] } `objdump -T '$home/$file'` =~ /\(GLIBC_(\d+\.\d+)/g;
	is scalar @newer, 0, '  of the version that INSTALL.txt tells, or older';
	is sprintf('%o', (stat "$home/$file")[2] & 0777), '755', '  and is 755';
}
is sprintf('%o', (stat "$home/clockgate")[2] & 0777), '700', 'the directory of the ini is closed';

# ---- steps 1 to 6 ----

my $server = Clockgate::Server->new;
my $db = $server->db;
my ($imported, $why_not) = $bundle->load($db);
is $imported, 0, 'current.sql is imported by an account with one database' or diag $why_not;
my $ini = $bundle->ini;
like slurp("$ini.sample"), qr/^password = \S/m, 'the ini has a place for the password';
$bundle->write_ini($db, check_token => $TOKEN);

# ---- step 7, and the command line ----

chmod 0644, $ini;
my ($status, $said) = shell({}, 'check');
is $status, 1, 'an ini that others can read is refused';
like $said, qr/^wrong  configuration +\Q$ini\E: .*\n +type: chmod o= \Q$ini\E$/m, '  with the cure';
chmod 0600, $ini;
($status, $said) = shell({ MARIADB_PLUGIN_DIR => '/nonexistent' }, 'check');
is $status, 0, 'the set-up is good, by the ini in the home' or diag $said;

my $web = Clockgate::Apache->new(modules => [ qw(cgid rewrite) ],
    site => "$home/public_html", override => 'All', server => 'ScriptSock cgisock',
    host => join "\n", map { "SetEnv $_ $system{$_}" } sort keys %system);
my $http = $web->http;
my $reply = $http->request({ path => '/cgi-bin/getrequest', query => "check=$TOKEN" });
is $reply->{status}, 200, 'a browser can ask';
like $reply->{body}, qr/^ok     configuration +\Q$ini\E$/m, '  for the same ini';
like $reply->{body}, qr/^ok     programs +\Q$home\E\/public_html\/cgi-bin$/m, '  and the programs';
unlike $reply->{body}, qr/^wrong/m, '  and nothing is wrong';
chmod 0775, "$home/public_html/cgi-bin/cdata";
like $http->request({ path => '/cgi-bin/getrequest', query => "check=$TOKEN" })->{body},
    qr/^wrong  programs .*\/cdata has mode 775\n +type: chmod 755 /m, '  unless suEXEC would refuse one';
chmod 0755, "$home/public_html/cgi-bin/cdata";
$reply = $http->request({ path => '/cgi-bin/getrequest', query => 'check=' . 'x' x 20 });
is "$reply->{status} $reply->{body}", '400 Bad Request', 'another token tells nothing';
isnt $http->request({ path => $_ })->{status}, 200, "$_ is not shown"
    for qw(/../clockgate/clockgate.ini /clockgate/clockgate.ini);

# ---- steps 8 to 10 ----

mkdir "$home/public_html/iclock-files";
Clockgate::Conversation->new(server => $server, web => $web,
    files => "$home/public_html/iclock-files", stalled => 5, chunks => 411, buckets => 0)->run;
is $server->value("SELECT COUNT(*) FROM device WHERE status = 'pending'"), 1,
    'a strange clock waits';
($status, $said) = shell({}, qw(device approve STRANGER1));
is $status, 0, '  and is admitted' or diag $said;
my $heartbeat = { path => '/iclock/getrequest', query => 'SN=STRANGER2' };
is $http->request($heartbeat)->{status}, 403, 'another waits';
($status, $said) = $bundle->client($db, {}, '--execute',
    "UPDATE device SET status = 'active' WHERE sn = 'STRANGER2'");
is $status, 0, '  and is admitted as phpMyAdmin does it' or diag $said;
is $http->request($heartbeat)->{status}, 200, '  and served';
$web->stop;

# ---- a newer version ----

($status, $said) = shell({}, 'migrate');
is $status, 0, 'migrate runs from the home' or diag $said;
like $said, qr{^the schema is up to date: version \d+$}m, '  and has nothing to do after current.sql';

# ---- accounts that log in by other methods ----

SKIP: {
	skip 'no plugin ed25519 in this MariaDB', 3 if !eval { $db->sql(qq{INSTALL SONAME 'auth_ed25519';
	    ALTER USER customer_cg\@localhost IDENTIFIED VIA ed25519 USING PASSWORD('$PASSWORD')}); 1 };
	my @check = ({ MARIADB_PLUGIN_DIR => '/nonexistent' }, 'check');
	($status, $said) = shell(@check);
	is $status, 1, 'another method is named';
	like $said, qr/^wrong  database +MySQL 2059: .*\n +this account logs in .*: see plugin_dir /m,
	    '  with the cure';
	($status, $said) = shell(@check, '--set', "database.plugin_dir=$home/clockgate/plugin");
	is $status, 0, '  which is in the zip' or diag $said;
}

done_testing;
