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
my $why = Clockgate::Server->missing
    // Clockgate::Apache->missing(qw(fcgid security2));
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $home = Clockgate::Apache->home($server, 'fcgid.conf',
    '/etc/clockgate/clockgate.ini' => $server->ini);
my $web = apache();
my $talk = Clockgate::Conversation->new(server => $server, web => $web,
    files => $home->{files}, stalled => 5, chunks => 500);
$talk->run;
like $web->http->request({ path => '/' })->{body}, qr/a page of the site/,
    'the site itself is as it was';
subtest 'patience' => sub {
	$talk->ask('/iclock/devicecmd');
	$talk->patience([ qw(header body program) ], devicecmds());
};
$web->stop;
subtest 'with ModSecurity' => \&modsecurity;
done_testing;

sub apache {
	my ($more, @modules) = @_;
	return Clockgate::Apache->new(%$home, modules => [ 'fcgid', @modules ],
	    server => "$Clockgate::Apache::FCGID@{[ $more // '' ]}");
}

# Those that mod_fcgid has started, in a process of its own.
sub devicecmds {
	my @found = grep { $web->runs($_) eq 'devicecmd' }
	    map { $web->children($_) } $web->children;
	cmp_ok scalar @found, '>', 0, 'the program runs';
	return @found;
}

# Rules that would refuse all that a clock sends.
sub modsecurity {
	my $exclusion = $server->srcdir . '/apache-conf/modsecurity.conf';
	my $web = apache(<<"END", qw(security2 unique_id));
SecRuleEngine On
SecRequestBodyAccess On
Include $exclusion
SecRule REQUEST_METHOD "\@streq POST" "id:1,phase:1,deny,status:403"
SecRule ARGS|REQUEST_BODY "\@rx ." "id:2,phase:2,deny,status:406"
END
	Clockgate::Conversation->new(server => $server, web => $web)
	    ->run(qw(hello photo heartbeat));
	my $http = $web->http;
	is $http->request({ path => '/', query => 'x=/iclock/' })->{status}, 406,
	    'the rest of the site is watched over';
	is $http->request({ path => '/', body => 'x' })->{status}, 403,
	    'all of it';
	$web->stop;
}
