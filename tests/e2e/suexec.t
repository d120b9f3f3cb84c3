# The zip for shared hosting under suEXEC, which most hosts have: Apache is one
# user, the programs run as another, the customer, and what is not as suEXEC
# wants it does not run at all.  By root, in a mount namespace in which the
# system has one user more; nothing of it is left.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Apache;
use Clockgate::Bundle;
use Clockgate::Conversation;
use Clockgate::File qw(slurp spew);
use Clockgate::Server;
use File::Temp ();
use Test::More;

my ($SUEXEC, $CONFIG) = qw(/usr/lib/apache2/suexec-custom /etc/apache2/suexec/www-data);
my $why = Clockgate::Server->missing // Clockgate::Bundle->missing
    // Clockgate::Apache->missing(qw(cgid rewrite suexec))
    // (-e $SUEXEC && -e $CONFIG ? undef
    : 'suEXEC is missing (package apache2-suexec-custom)')
    // ($> == 0 && system('unshare', '--mount', 'true') == 0 ? undef
    : 'only root can, in a mount namespace');
plan skip_all => $why if $why;
exec 'unshare', '--mount', '--propagation', 'private', '--', $^X, $0, 'within'
    or die "unshare: $!\n" if !@ARGV;

my ($UID, $TOKEN) = (30303, 'correct-horse-battery');
my $home = File::Temp->newdir('cgsuexec-XXXXXX', TMPDIR => 1);
chmod 0711, "$home";
over('/etc/passwd', slurp('/etc/passwd') . "customer:x:$UID:${UID}::$home:/bin/sh\n");
over('/etc/group', slurp('/etc/group') . "customer:x:$UID:\n");
over($CONFIG, "$home\npublic_html/cgi-bin\n");
run('mount', '--bind', $SUEXEC, '/usr/lib/apache2/suexec');
run('mount', '-t', 'tmpfs', 'tmpfs', '/var/log');
mkdir '/var/log/apache2';

my $server = Clockgate::Server->new;
my $bundle = Clockgate::Bundle->unpack($home);
my ($status, $said) = $bundle->load($server->db);
is $status, 0, 'the tables' or diag $said;
$bundle->write_ini($server->db, check_token => $TOKEN);
mkdir "$home/public_html/iclock-files";
run('chown', '-R', "$UID:$UID", map { "$home/$_" } qw(clockgate public_html));
chmod 0711, dirname($server->db->socket);

my $web = Clockgate::Apache->new(modules => [ qw(cgid rewrite suexec) ],
    site => "$home/public_html", override => 'All',
    server => "User www-data\nGroup www-data\nScriptSock cgisock",
    host => 'SuexecUserGroup customer customer');
my %check = (path => '/cgi-bin/getrequest', query => "check=$TOKEN");
my $reply = $web->http->request(\%check);
like $reply->{body}, qr/^ok     configuration +\Q$home\E\/clockgate\/clockgate\.ini$/m,
    'the ini that only the customer can read is found and read' or diag $web->log_text . slurp('/var/log/apache2/suexec.log');
unlike $reply->{body}, qr/^wrong/m, '  and nothing is wrong';

Clockgate::Conversation->new(server => $server, web => $web,
    files => "$home/public_html/iclock-files", stalled => 5, chunks => 411, buckets => 0)
    ->run(qw(hello paths uploads photo large heartbeat commands results refusals files stalled));
like slurp('/var/log/apache2/suexec.log'), qr/uid: \(\d+\/customer\).* cmd: cdata$/m,
    'as the customer';

# What suEXEC refuses; docs and INSTALL.txt tell of each.
my $talk = Clockgate::Conversation->new(server => $server, web => $web);
for my $case ([ '755', "$UID", 'cgi-bin/cdata', 200, 'as it shall be' ],
    [ '775', "$UID", 'cgi-bin/cdata', 500, 'a program that others may write to' ],
    [ '644', "$UID", 'cgi-bin/cdata', 500, 'one that is not executable' ],
    [ '755', '0', 'cgi-bin/cdata', 500, 'one of somebody else' ],
    [ '775', "$UID", 'cgi-bin', 500, 'a directory that others may write to' ]) {
	my ($mode, $owner, $file, $answer, $name) = @$case;
	run('chown', $owner, "$home/public_html/$file");
	chmod oct $mode, "$home/public_html/$file";
	$talk->plain($talk->ask('/iclock/cdata', 'SN=HOME000000001&options=all'), $answer,
	    undef, $name);
	run('chown', "$UID", "$home/public_html/$file");
	chmod 0755, "$home/public_html/$file";
}
$web->stop;
done_testing;

sub run { system(@_) == 0 or die "@_: failed\n" }

# In this namespace alone.
sub over {
	my ($file, $text) = @_;
	my $own = spew("$home/over", $text);
	chmod 0644, $own;
	run('mount', '--bind', $own, $file);
	unlink $own;
}
