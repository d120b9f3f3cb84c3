package Clockgate::Apache;

# Apache as Debian sets it up, with one virtual host into which a
# configuration of ours is included; see Clockgate::WebServer.
#
#	my $web = Clockgate::Apache->new(modules => [ 'fcgid' ],
#	    host => "Include $file",
#	    tls => $files, plain => "Include ...");	# HTTPS, and HTTP beside it

use strict;
use warnings;
use parent 'Clockgate::WebServer';
use Carp qw(croak);
use Clockgate::File qw(spew);
use File::Basename qw(dirname);
use File::Temp ();

my $MODULES = '/usr/lib/apache2/modules';

# What a2enmod has on in a new Debian, and what a2enconf adds to it.
my @DEBIAN = qw(mpm_event access_compat alias auth_basic authn_core authn_file
    authz_core authz_host authz_user autoindex deflate dir env filter mime
    negotiation reqtimeout setenvif status);
my $DEBIAN = <<'END';
Timeout 300
KeepAlive On
TypesConfig /dev/null
AddType text/html .html
AddDefaultCharset UTF-8
AddOutputFilterByType DEFLATE text/html text/plain text/xml
RequestReadTimeout header=20-40,minrate=500
RequestReadTimeout body=10,minrate=500
ServerTokens OS
<Directory />
	Options FollowSymLinks
	AllowOverride None
	Require all denied
</Directory>
END

# What a site may have for itself: limits of time, small bodies, a password.
# (.htaccess could not keep these from clocks.)
our $OWN = <<'END';
RequestReadTimeout header=5 body=5
LimitRequestBody 100000
<Location "/">
	AuthType Basic
	AuthName site
	AuthUserFile /nonexistent
	Require valid-user
</Location>
<LocationMatch "^/(index\.html)?$">
	Require all granted
</LocationMatch>
END

# Where an ordinary user may have it.
our $FCGID = <<'END' . $OWN;
FcgidIOTimeout 5
FcgidIPCDir fcgid
FcgidProcessTableFile fcgid-table
END

# Few threads, so that they start soon on a small machine.
my $SMALL = <<'END';
StartServers 1
ServerLimit 4
ThreadsPerChild 25
MaxRequestWorkers 100
END

sub missing {
	my ($class, @modules) = @_;
	return 'Apache is missing (package apache2-bin)'
	    if !Clockgate::WebServer::path_of('apache2');
	my ($module) = grep { !-e "$MODULES/mod_$_.so" } @modules;
	return $module && "mod_$module of Apache is missing";
}

# Our share of a virtual host: a shipped file, with the paths of this test.
sub home {
	my ($class, $server, $file, %path) = @_;
	my $shipped = Clockgate::Server->srcdir . "/apache-conf";
	my $dir = File::Temp->newdir('cghome-XXXXXX', TMPDIR => 1);
	mkdir "$dir/files" or croak "$dir/files: $!";
	Clockgate::WebServer::adapt("$shipped/$file", "$dir/$file",
	    '/usr/local/libexec/clockgate' => dirname($server->program('cdata')),
	    '/usr/local/share/clockgate/apache-conf' => $shipped,
	    '/var/lib/clockgate/files' => "$dir/files", %path);
	return { home => $dir, files => "$dir/files",
	    host => "Include $dir/$file" };
}

sub command {
	my ($self) = @_;
	my $dir = $self->{dir};
	my %tls = %{ $self->{tls} // {} };
	my $load = join '', map { "LoadModule ${_}_module $MODULES/mod_$_.so\n" }
	    @DEBIAN, @{ $self->{modules} // [] }, %tls ? 'ssl' : ();
	my $tls = %tls ? "SSLEngine on\nSSLCertificateFile $tls{certificate}\n"
	    . "SSLCertificateKeyFile $tls{key}\n" : '';
	my $plain = $self->{plain} ? <<"END" : '';
Listen 127.0.0.1:@{[ $self->plain_port ]}
<VirtualHost 127.0.0.1:@{[ $self->plain_port ]}>
	DocumentRoot $self->{site}
	$self->{plain}
</VirtualHost>
END
	spew("$dir/apache2.conf", <<"END");
ServerRoot $dir
DefaultRuntimeDir $dir
PidFile $dir/pid
Mutex file:$dir default
ErrorLog $dir/log
ServerName 127.0.0.1
Listen 127.0.0.1:$self->{port}
$load$SMALL$DEBIAN
@{[ $self->{server} // '' ]}
$plain<VirtualHost 127.0.0.1:$self->{port}>
	${tls}DocumentRoot $self->{site}
	ErrorDocument 404 /missing.html
	<Directory $self->{site}>
		Options Indexes FollowSymLinks MultiViews ExecCGI
		AllowOverride @{[ $self->{override} // 'None' ]}
		Require all granted
	</Directory>
	@{[ $self->{host} // '' ]}
</VirtualHost>
END
	return (cmd => [ Clockgate::WebServer::path_of('apache2'),
	    '-DFOREGROUND', '-f', "$dir/apache2.conf" ]);
}

sub restart_signal { return 'USR1' }
sub stop_signal { return 'TERM' }

1;
