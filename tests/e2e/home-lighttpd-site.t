# At home in a lighttpd with a site, by mod_fastcgi and as plain CGI.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Conversation;
use Clockgate::File qw(slurp);
use Clockgate::LighttpdSite;
use Clockgate::Server;
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $run = File::Temp->newdir('cgrun-XXXXXX', TMPDIR => 1);
subtest 'FastCGI' => sub {
	home('lighttpd-site.conf', { '/run/clockgate' => "$run" });
};
subtest 'CGI' => sub {
	home('lighttpd-cgi.conf', {}, buckets => 0, lasting => 0);
};
done_testing;

sub home {
	my ($file, $path, %more) = @_;
	my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
	my $home = Clockgate::LighttpdSite->home($server, $file, %$path);
	my $web = Clockgate::LighttpdSite->new(%$home);
	my $talk = Clockgate::Conversation->new(server => $server, web => $web,
	    files => $home->{files}, stalled => 5, blanks => 200, %more);
	$talk->run;
	subtest 'patience' => sub { $talk->patience([ 'body' ]) };
	like $web->http->request({ path => '/' })->{body}, qr/a page of the site/,
	    'the site itself is as it was';
	$web->stop;
	my @log = slurp("$web->{dir}/access") =~ /^.*iclock.*$/mg;
	cmp_ok scalar(grep { m#"POST /iclock/cdata HTTP/# } @log), '>', 0,
	    'clocks are in the access log';
	is scalar(grep { /SN=/ } @log), 0, '  without the query';
}
