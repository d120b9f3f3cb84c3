# At home behind lighttpd with mod_fastcgi.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Conversation;
use Clockgate::Server;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $files = File::Temp->newdir('cgfiles-XXXXXX', TMPDIR => 1);
my $web = $server->lighttpd(files => "$files", processes => 3);
my %want = map { $_ => 3 } qw(cdata getrequest devicecmd);
$server->eventually(sub { programs() >= 9 && !grep { /lighttpd/ } programs() });
my %started;
$started{$_}++ for programs();
is_deeply \%started, \%want, 'three processes of each program, as it was told';
my $talk = Clockgate::Conversation->new(server => $server, web => $web,
    files => "$files", stalled => 5, blanks => 200);
$talk->run;
$talk->plain($talk->ask('/iclock/ping', undef, header => { Connection => 'keep-alive' }),
    200, 'OK', 'one request a connection');
$web->stop;
done_testing;

sub programs {
	return map { $web->runs($_) } $web->children;
}
