# At home in Apache with mod_proxy_fcgi, the programs on unix sockets.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Apache;
use Clockgate::Conversation;
use Clockgate::Server;
use Clockgate::Workers;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing
    // Clockgate::Apache->missing(qw(proxy proxy_fcgi));
plan skip_all => $why if $why;

# As the configuration asks for: several processes, and gather = 1.
my %ini = %Clockgate::Conversation::INI;
my $server = Clockgate::Server->new(ini => {
	%ini, server => { %{ $ini{server} }, gather => 1 } });
my $workers = Clockgate::Workers->new($server, 4);

my $home = Clockgate::Apache->home($server, 'proxy-fcgi.conf',
    '/run/clockgate' => $workers->dir);
my $web = Clockgate::Apache->new(%$home, modules => [ qw(proxy proxy_fcgi) ],
    server => "${Clockgate::Apache::OWN}ProxyTimeout 5\nProxyErrorOverride On
ProxyPass \"/\" \"http://127.0.0.1:1/\"");
my $talk = Clockgate::Conversation->new(server => $server, web => $web,
    files => $home->{files}, stalled => 3, chunks => 400);
$talk->run;
subtest 'as many bad lines as processes' => \&all_busy;
subtest 'patience' => sub {
	$talk->patience([ qw(header body program) ], $workers->pids('devicecmd'));
};
subtest 'without its programs' => sub { $talk->workers_gone($workers) };
$web->stop;
done_testing;

# The limit of time to a body sets them free again.
sub all_busy {
	my @slow = map { { bytes => $talk->attlog('stuck', 500) } } 1 .. 4;
	$talk->push_on($_, 5000) for @slow;
	sleep 1;
	$talk->plain($talk->{http}->exchange($talk->attlog('waits', 1)), 200,
	    'OK: 1', 'another clock');
	$talk->plain($talk->{http}->read($_->{socket}), 408,
	    "request came too slowly\n", 'a stuck one') for @slow;
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'stuck'"), 0,
	    'nothing is stored of what did not come';
}
