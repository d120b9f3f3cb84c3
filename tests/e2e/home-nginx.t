# At home behind nginx, the programs on unix sockets.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Conversation;
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
subtest 'without its programs' => sub { $talk->workers_gone($workers) };
$web->stop;
done_testing;
