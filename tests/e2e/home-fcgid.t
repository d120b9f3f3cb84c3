# At home in Apache with mod_fcgid, in a virtual host that has a site already.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Apache;
use Clockgate::Conversation;
use Clockgate::Server;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing // Clockgate::Apache->missing('fcgid');
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $home = Clockgate::Apache->home($server, 'fcgid.conf',
    '/etc/clockgate/clockgate.ini' => $server->ini);
my $web = Clockgate::Apache->new(%$home, modules => [ 'fcgid' ],
    server => "FcgidIPCDir fcgid
FcgidProcessTableFile fcgid-table");
Clockgate::Conversation->new(server => $server, web => $web,
    files => $home->{files})->run;
like $web->http->request({ path => '/' })->{body}, qr/a page of the site/,
    'the site itself is as it was';
$web->stop;
done_testing;
