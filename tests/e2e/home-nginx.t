# At home behind nginx, the programs on unix sockets.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Conversation;
use Clockgate::File qw(slurp);
use Clockgate::Nginx;
use Clockgate::Server;
use Clockgate::Workers;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing // Clockgate::Nginx->missing;
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $workers = Clockgate::Workers->new($server, 2);
my $home = Clockgate::Nginx->home($workers->dir);
my $web = Clockgate::Nginx->new(%$home);
my $talk = Clockgate::Conversation->new(server => $server, web => $web,
    files => $home->{files}, stalled => 5);
$talk->run;
subtest 'patience' => sub {
	$talk->patience([ qw(body program large) ], $workers->pids('devicecmd'));
};
$web->http->request({ path => '/site', query => 'x=1' });
subtest 'without its programs' => sub { $talk->workers_gone($workers) };
$web->stop;
my $log = slurp("$web->{dir}/access");
like $log, qr{"GET /site\?x=1 }, 'the site is in the access log';
unlike $log, qr{"\w+ /iclock/\S+\?SN=\S+ HTTP/}, '  and no clock is';
done_testing;
