# The shipped units run by systemd itself, which is the first process of a
# container of this test: by root, in namespaces, with a /run and a /usr/local
# of its own.  (home-systemd.t checks the units, and has no need of root.)
use strict;
use warnings;
use File::Basename qw(basename dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Conversation;
use Clockgate::File qw(slurp spew);
use Clockgate::Nginx;
use Clockgate::Process;
use Clockgate::Server;
use Clockgate::WebServer;
use Test::More;

my $SYSTEMD = '/lib/systemd/systemd';
my @PROGRAMS = qw(cdata getrequest devicecmd);
my @SOCKETS = map { "clockgate-$_.socket" } @PROGRAMS;
my @SERVICES = map { ("clockgate-$_\@1", "clockgate-$_\@2") } @PROGRAMS;
my $why = Clockgate::Server->missing // Clockgate::Nginx->missing
    // (-x $SYSTEMD ? undef : 'systemd is missing (package systemd)')
    // ($> == 0 && system('unshare --mount --pid --fork mount -t cgroup2 none /mnt 2>/dev/null') == 0
    ? undef : 'only root can, in namespaces');
plan skip_all => $why if $why;
exec 'unshare', '--mount', '--propagation', 'private', '--', $^X, $0, 'within'
    or die "unshare: $!\n" if !@ARGV;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
furnish();
my $systemd = boot();
ok $server->eventually(sub { ctl('is-system-running') =~ /running/ }, 60), 'systemd runs'
    or BAIL_OUT(slurp('/run/systemd.log'));
ctl('start', @SOCKETS);
is ctl('is-active', @SOCKETS), "active\n" x 3, 'the sockets wait';
is ctl('is-active', @SERVICES), "inactive\n" x 6, '  and no program runs';

my $home = Clockgate::Nginx->home('/run/clockgate');
chmod 0755, $home->{home};
my $web = Clockgate::Nginx->new(%$home);
my $talk = Clockgate::Conversation->new(server => $server, web => $web, files => $home->{files});
$talk->run('hello');
is ctl('is-active', @SERVICES), "active\ninactive\n" . "inactive\n" x 4, 'the first request starts one';
ctl('start', @SERVICES);
is ctl('is-active', @SERVICES), "active\n" x 6, '  and there may be more';
$talk->run(qw(paths uploads photo large heartbeat commands results refusals files stalled mad outage));

subtest 'what a program may' => sub {
	my $of = status_of('clockgate-cdata@1');
	cmp_ok $of->{Uid}, '>=', 61184, 'it is a user of its own';
	is hex $of->{CapEff}, 0, '  without capabilities';
	is "$of->{NoNewPrivs} $of->{Seccomp}", '1 2', '  that gains none, behind a filter';
	like $of->{Groups}, qr/\b${\scalar getgrnam 'www-data'}\b/, '  and reads what www-data may';
};
subtest 'one dies' => sub {
	my $pid = status_of('clockgate-cdata@1')->{Pid};
	within('kill', '-KILL', $pid);
	ok $server->eventually(sub { ctl('is-active', 'clockgate-cdata@1') eq "active\n"
	    && status_of('clockgate-cdata@1')->{Pid} != $pid }, 60), 'it is started again';
};
subtest 'all are restarted under posting clocks' => sub {
	$talk->posting(sub { ctl('restart', 'clockgate-*@*') });
};
$web->stop;
$systemd->kill9;
done_testing;

# ---- the container ----

sub run { system(@_) == 0 or die "@_: failed\n" }

# What the units name, in directories of this namespace.
sub furnish {
	run('mount', '-t', 'tmpfs', 'tmpfs', $_) for qw(/run /usr/local);
	run('mkdir', '-p', map({ "/run/$_" } qw(units mysqld cgroup)), '/usr/local/libexec/clockgate');
	run('cp', (map { $server->program($_) } @PROGRAMS), '/usr/local/libexec/clockgate');
	my $socket = $server->db->socket;
	chmod 0755, dirname($socket);
	run('mount', '--bind', dirname($socket), '/run/mysqld');
	Clockgate::WebServer::adapt($server->ini, '/usr/local/clockgate.ini',
	    dirname($socket) => '/run/mysqld');
	run('chgrp', 'www-data', '/usr/local/clockgate.ini');
	chmod 0640, '/usr/local/clockgate.ini';
	my $shipped = $server->srcdir . '/apache-conf/systemd/clockgate-program';
	for my $name (@PROGRAMS) {
		Clockgate::WebServer::adapt("$shipped.socket", "/run/units/clockgate-$name.socket");
		Clockgate::WebServer::adapt("$shipped\@.service", "/run/units/clockgate-$name\@.service",
		    '/etc/clockgate/clockgate.ini' => '/usr/local/clockgate.ini');
	}
	# That units of a system are there, too.
	spew("/run/units/$_.target", "[Unit]\nDefaultDependencies=no\n")
	    for qw(sysinit basic shutdown sockets multi-user default);
}

# In cgroups of its own, which are gone with it.
sub boot {
	my $group = "/run/cgroup/clockgate-test-$$";
	run('mount', '-t', 'cgroup2', 'none', '/run/cgroup');
	mkdir $group or die "$group: $!\n";
	my $systemd = Clockgate::Process->start(log => '/run/systemd.log', cmd => [ 'sh', '-c', <<'END', $group, $SYSTEMD ]);
echo $$ >"$0/cgroup.procs" || exit 1
exec unshare --cgroup --mount --pid --fork --kill-child --mount-proc --uts --ipc sh -c '
	umount -R /sys/fs/cgroup 2>/dev/null
	mount -t cgroup2 none /sys/fs/cgroup || exit 1
	exec env container=other SYSTEMD_UNIT_PATH=/run/units SYSTEMD_GENERATOR_PATH=/run/none \
	    SYSTEMD_ENVIRONMENT_GENERATOR_PATH=/run/none "$0" --system --log-target=console' "$1"
END
	return $systemd;
}

# In it: what a command prints.
sub within {
	my @command = @_;
	my $pid = $systemd->pid;
	my ($first) = slurp("/proc/$pid/task/$pid/children") =~ /(\d+)/ or return '';
	open my $out, '-|', 'nsenter', '--target', $first, '--mount', '--pid', @command
	    or die "nsenter: $!\n";
	local $/;
	return scalar(<$out>) // '';
}

sub ctl { return within('systemctl', '--no-pager', @_) }

# The process of a service, as /proc shows it.
sub status_of {
	my ($service) = @_;
	my $pid = ctl('show', '--value', '--property=MainPID', $service) + 0;
	return { within('cat', "/proc/$pid/status") =~ /^(\w+):\s+(\S+(?: \d+)*)/mg };
}

END {
	local ($?, $@, $!);
	my $group = "/run/cgroup/clockgate-test-$$";
	$systemd->kill9 if $systemd;
	# its processes end a moment after it
	Clockgate::Server->eventually(sub {
		rmdir for split /\n/, `find '$group' -depth -type d 2>/dev/null`;
		return !-d $group;
	}, 30);
}
