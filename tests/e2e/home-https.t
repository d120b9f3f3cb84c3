# At home in a site that has HTTPS and sends browsers there: clocks are served
# on either port, and never redirected.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Apache;
use Clockgate::Conversation;
use Clockgate::File qw(slurp);
use Clockgate::HTTP;
use Clockgate::HTTPS;
use Clockgate::LighttpdSite;
use Clockgate::Nginx;
use Clockgate::Server;
use Clockgate::Workers;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing
    // Clockgate::Apache->missing(qw(fcgid rewrite ssl))
    // Clockgate::Nginx->missing
    // Clockgate::WebServer::missing_program('openssl', 'openssl');
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $shipped = $server->srcdir . '/apache-conf';
my $dir = File::Temp->newdir('cgtls-XXXXXX', TMPDIR => 1);
my $tls = Clockgate::HTTPS::certificate($dir);

subtest 'Apache' => sub {
	my $home = Clockgate::Apache->home($server, 'fcgid.conf',
	    '/etc/clockgate/clockgate.ini' => $server->ini);
	both(Clockgate::Apache->new(%$home, modules => [ qw(fcgid rewrite) ],
	    server => $Clockgate::Apache::FCGID,
	    tls => $tls, plain => "Include $shipped/https-redirect.conf
	$home->{host}"));
};
subtest 'lighttpd' => sub {
	my $home = Clockgate::LighttpdSite->home($server, 'lighttpd-site.conf',
	    '/run/clockgate' => "$dir");
	both(Clockgate::LighttpdSite->new(%$home, tls => $tls,
	    plain => "include \"$shipped/lighttpd-https-redirect.conf\""),
	    blanks => 200);
};
subtest 'nginx' => sub {
	my $workers = Clockgate::Workers->new($server, 2);
	my $home = Clockgate::Nginx->home($workers->dir);
	my ($redirect) = slurp($server->srcdir . '/docs/hosting.md')
	    =~ m{^ +(location / \{ return .*\})$}m;
	both(Clockgate::Nginx->new(%$home, tls => $tls,
	    plain => "$home->{host}\n$redirect"));
};
done_testing;

sub both {
	my ($web, %more) = @_;
	my $https = Clockgate::HTTPS->new('127.0.0.1', $web->port, 60)
	    ->trust($tls->{certificate});
	my @parts = qw(hello paths photo heartbeat stalled);
	Clockgate::Conversation->new(server => $server, web => $web,
	    http => $https, %more)->run(@parts);
	my $http = Clockgate::HTTP->new('127.0.0.1', $web->plain_port, 60);
	Clockgate::Conversation->new(server => $server, web => $web,
	    http => $http, %more)->run(@parts, 'mad');
	my $reply = $http->request({ path => '/a/page', query => 'x=1' });
	is $reply->{status}, 301, 'a browser is sent';
	like Clockgate::HTTP::header($reply, 'Location'),
	    qr{\Ahttps://127\.0\.0\.1(?::@{[ $web->plain_port ]})?/a/page\?x=1\z},
	    'to HTTPS';
	like $https->request({ path => '/' })->{body}, qr/a page of the site/,
	    'and finds the site there';
	$web->stop;
}
