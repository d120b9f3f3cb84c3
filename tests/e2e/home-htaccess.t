# At home on shared hosting: Apache runs the programs as plain CGI, told by
# nothing but .htaccess files, laid out as suEXEC wants it.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Ordinary;
use Clockgate::Apache;
use Clockgate::Conversation;
use Clockgate::File qw(spew);
use Clockgate::Server;
use Clockgate::WebServer;
use File::Copy qw(copy);
use Test::More;

Clockgate::Ordinary->become;
my $why = Clockgate::Server->missing
    // Clockgate::Apache->missing(qw(cgid rewrite));
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => \%Clockgate::Conversation::INI);
my $shipped = Clockgate::Server->srcdir . '/apache-conf/shared-hosting';
my $home = File::Temp->newdir('cghome-XXXXXX', TMPDIR => 1);
my $site = upload("$home/public_html");

my $web = Clockgate::Apache->new(modules => [ qw(cgid rewrite) ],
    site => $site, override => 'All', server => 'ScriptSock cgisock');
Clockgate::Conversation->new(server => $server, web => $web,
    files => "$site/iclock-files", stalled => 5, chunks => 411, buckets => 0)->run;
is $web->http->request({ path => '/' })->{body}, "the site\n",
    'the site itself is as it was';
$web->stop;

# The other kind of host: cgi-bin is for programs, and its .htaccess unread, and
# bodies are limited.
$web = Clockgate::Apache->new(modules => [ qw(cgid rewrite) ],
    site => $site, override => 'FileInfo', server => 'ScriptSock cgisock',
    host => "LimitRequestBody 100000
	ScriptAlias /cgi-bin/ $site/cgi-bin/
	<Directory $site/cgi-bin>
		AllowOverride None
		SetEnv CLOCKGATE_CONFIG ${\$server->ini}
	</Directory>");
my $talk = Clockgate::Conversation->new(server => $server, web => $web);
$talk->run(qw(hello paths heartbeat));
$talk->plain($talk->{http}->exchange($talk->attlog('many', 4000)), 413, undef,
    'a body above the limit');
$web->stop;
done_testing;

sub upload {
	my ($to) = @_;
	mkdir $_, 0755 or die "$_: $!\n"
	    for $to, map { "$to/$_" } qw(cgi-bin iclock-files iclock-refusals);
	Clockgate::WebServer::adapt("$shipped/.htaccess", "$to/.htaccess",
	    '#SetEnv CLOCKGATE_CONFIG /home/you/clockgate/clockgate.ini' =>
	    'SetEnv CLOCKGATE_CONFIG ' . $server->ini);
	for my $file ((map { "$shipped/$_/.htaccess" } qw(cgi-bin iclock-refusals)),
	    glob "$shipped/../refusals/*.html") {
		my $into = $file =~ /cgi-bin/ ? 'cgi-bin' : 'iclock-refusals';
		copy($file, "$to/$into/" . basename($file)) or die "copy: $!\n";
	}
	for my $name (qw(cdata getrequest devicecmd)) {
		copy($server->program($name), "$to/cgi-bin/$name")
		    or die "copy: $!\n";
		chmod 0755, "$to/cgi-bin/$name";
	}
	spew("$to/index.html", "the site\n");
	return $to;
}
