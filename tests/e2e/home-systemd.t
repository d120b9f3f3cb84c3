# At home as services of systemd: the units are right and let the programs do
# little else than their work; the same programs serve on a listening socket
# that they inherit, and may be replaced while clocks post.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Conversation;
use Clockgate::File qw(spew);
use Clockgate::Nginx;
use Clockgate::Server;
use Clockgate::WebServer;
use Clockgate::Workers;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing // Clockgate::Nginx->missing
    // Clockgate::WebServer::missing_program('systemd-analyze', 'systemd');
plan skip_all => $why if $why;

my @PROGRAMS = qw(cdata getrequest devicecmd);
my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $units = File::Temp->newdir('cgunit-XXXXXX', TMPDIR => 1);
subtest 'units' => \&units;
subtest 'the directory of the sockets' => \&sockets;

talk(Clockgate::Workers->activated($server))->run;

subtest 'programs are replaced' => sub {
	my $workers = Clockgate::Workers->new($server, 2);
	talk($workers)->posting(sub { $workers->replace });
};
done_testing;

sub talk {
	my ($workers) = @_;
	my $home = Clockgate::Nginx->home($workers->dir);
	return Clockgate::Conversation->new(server => $server,
	    web => Clockgate::Nginx->new(%$home), files => $home->{files},
	    workers => $workers);
}

# What systemd makes of /run at a boot, where we are the user of the web server.
sub sockets {
	my $root = File::Temp->newdir('cgboot-XXXXXX', TMPDIR => 1);
	my ($uid, $gid) = ($>, (split ' ', $))[0]);
	mkdir "$root/etc";
	spew("$root/etc/passwd", "www-data:x:$uid:${gid}::/:/bin/sh\n");
	spew("$root/etc/group", "www-data:x:$gid:\n");
	my @create = ('systemd-tmpfiles', '--create', "--root=$root",
	    $server->srcdir . '/apache-conf/tmpfiles.conf');
	is system(@create), 0, 'is made' for 1 .. 2;
	my ($run, $upload) = map { [ (stat "$root/run/clockgate$_")[2, 4, 5] ] }
	    '', '/upload';
	is_deeply $run, [ 040755, $uid, $gid ], '  for the web server to write to';
	is_deeply $upload, [ 040700, $uid, $gid ], '  and what comes in nobody else reads';
}

# As an administrator installs them: under three names each.
sub units {
	my $shipped = $server->srcdir . '/apache-conf/systemd/clockgate-program';
	for my $name (@PROGRAMS) {
		Clockgate::WebServer::adapt("$shipped.socket",
		    "$units/clockgate-$name.socket");
		Clockgate::WebServer::adapt("$shipped\@.service",
		    "$units/clockgate-$name\@.service",
		    '/usr/local/libexec/clockgate' =>
		    dirname($server->program('cdata')));
	}
	local $ENV{SYSTEMD_UNIT_PATH} = "$units:";
	for my $name (@PROGRAMS) {
		is `systemd-analyze verify --man=no clockgate-$name.socket clockgate-$name\@1.service 2>&1`,
		    '', "$name: nothing is wrong";
		is $?, 0, '  says its exit status, too';
		my $text = `systemd-analyze security --offline=true --no-pager --threshold=15 $units/clockgate-$name\@.service 2>&1`;
		is $?, 0, "$name: an exposure of at most 1.5" or diag $text;
	}
	Clockgate::WebServer::adapt("$units/clockgate-cdata\@.service",
	    "$units/clockgate-open\@.service", 'ProtectSystem=strict' => '',
	    'CapabilityBoundingSet=' => '#', 'DynamicUser=yes' => '');
	`systemd-analyze security --offline=true --no-pager --threshold=15 $units/clockgate-open\@.service 2>&1`;
	isnt $?, 0, 'one with less of it would be found out';
}
