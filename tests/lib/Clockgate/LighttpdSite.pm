package Clockgate::LighttpdSite;

# lighttpd as Debian sets it up, with a site, into which a configuration of
# ours is included; see Clockgate::WebServer.
#
#	my $home = Clockgate::LighttpdSite->home($server, 'lighttpd-cgi.conf');
#	my $web = Clockgate::LighttpdSite->new(%$home, tls => $files,
#	    plain => "include ...");		# HTTPS, and HTTP beside it

use strict;
use warnings;
use parent -norequire, 'Clockgate::Lighttpd';
use Carp qw(croak);
use Clockgate::File qw(spew);
use Clockgate::Lighttpd;
use Clockgate::WebServer;
use File::Basename qw(dirname);
use File::Temp ();

sub home {
	my ($class, $server, $file, %path) = @_;
	my $shipped = $server->srcdir . '/apache-conf';
	my $dir = File::Temp->newdir('cghome-XXXXXX', TMPDIR => 1);
	mkdir "$dir/files" or croak "$dir/files: $!";
	Clockgate::WebServer::adapt("$shipped/$file", "$dir/$file",
	    '/usr/local/libexec/clockgate' => dirname($server->program('cdata')),
	    '/etc/clockgate/clockgate.ini' => $server->ini,
	    '/usr/local/share/clockgate/apache-conf' => $shipped,
	    '/var/lib/clockgate/files' => "$dir/files", %path);
	return { home => $dir, files => "$dir/files",
	    include => "include \"$dir/$file\"" };
}

sub prepare {
	my ($self) = @_;
	mkdir "$self->{dir}/upload" or croak "$self->{dir}/upload: $!";
	$self->Clockgate::WebServer::prepare;
}

# From Debian's lighttpd.conf.
sub command {
	my ($self) = @_;
	my $dir = $self->{dir};
	my $tls = $self->{tls} ? <<"END" : '';
server.modules += ( "mod_openssl" )
\$SERVER["socket"] == "127.0.0.1:@{[ $self->plain_port ]}" { }
\$SERVER["socket"] == "127.0.0.1:$self->{port}" {
	ssl.engine = "enable"
	ssl.pemfile = "$self->{tls}{both}"
}
$self->{plain}
END
	spew("$dir/lighttpd.conf", <<"END");
server.modules = ( "mod_indexfile", "mod_access", "mod_alias", "mod_redirect" )
server.document-root = "$self->{site}"
server.upload-dirs = ( "$dir/upload" )
server.bind = "127.0.0.1"
server.port = $self->{port}
server.max-read-idle = 5
server.max-request-size = 100
server.stream-request-body = 1
server.range-requests = "disable"
server.error-handler-404 = "/missing.html"
server.error-handler = "/missing.html"
server.feature-flags += ("server.h2proto" => "enable")
server.feature-flags += ("server.h2c" => "enable")
server.feature-flags += ("server.graceful-shutdown-timeout" => 5)
server.http-parseopts = (
	"header-strict" => "enable",
	"host-strict" => "enable",
	"host-normalize" => "enable",
	"url-normalize-unreserved" => "enable",
	"url-normalize-required" => "enable",
	"url-ctrls-reject" => "enable",
	"url-path-2f-decode" => "enable",
	"url-path-dotseg-remove" => "enable"
)
index-file.names = ( "index.php", "index.html" )
url.access-deny = ( "~", ".inc" )
static-file.exclude-extensions = ( ".php", ".pl", ".fcgi" )
mimetype.assign = ( ".html" => "text/html" )
server.modules += ( "mod_dirlisting", "mod_staticfile", "mod_deflate" )
deflate.mimetypes = ( "text/plain", "text/html" )
deflate.allowed-encodings = ( "gzip", "deflate" )
server.modules += ( "mod_accesslog" )
accesslog.filename = "$dir/access"
server.modules += ( "mod_auth", "mod_proxy" )
\$HTTP["url"] !~ "^/(index\\.html)?\$" {
	auth.require = ( "/" => ( "method" => "basic", "realm" => "site",
	    "require" => "valid-user" ) )
	proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => 1 ) ) )
}
$tls
$self->{include}
END
	return (cmd => [ Clockgate::WebServer::path_of('lighttpd'), '-D', '-f',
	    "$dir/lighttpd.conf" ]);
}

1;
