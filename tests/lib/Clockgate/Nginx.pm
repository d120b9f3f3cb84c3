package Clockgate::Nginx;

# nginx with one server into which a configuration of ours is included; see
# Clockgate::WebServer.
#
#	my $web = Clockgate::Nginx->new(host => "include $file;",
#	    tls => $files, plain => "include ...");	# HTTPS, and HTTP beside it

use strict;
use warnings;
use parent 'Clockgate::WebServer';
use Carp qw(croak);
use Clockgate::File qw(spew);
use File::Temp ();

sub missing {
	return Clockgate::WebServer::missing_program('nginx', 'nginx');
}

# Our share of a server: the shipped file, with the paths of this test.
sub home {
	my ($class, $run) = @_;
	my $shipped = Clockgate::Server->srcdir . "/apache-conf";
	my $dir = File::Temp->newdir('cghome-XXXXXX', TMPDIR => 1);
	mkdir "$dir/files" or croak "$dir/files: $!";
	Clockgate::WebServer::adapt("$shipped/nginx.conf", "$dir/clockgate.conf",
	    '/run/clockgate' => $run, '/usr/local/share/clockgate/apache-conf/refusals' =>
	    "$shipped/refusals", '/var/lib/clockgate/files' => "$dir/files");
	return { home => $dir, files => "$dir/files",
	    host => "include $dir/clockgate.conf;" };
}

sub command {
	my ($self) = @_;
	my $dir = $self->{dir};
	my $temporary = join "\n\t", map { "${_}_temp_path $dir/$_;" }
	    qw(client_body proxy fastcgi uwsgi scgi);
	my ($ssl, $tls) = $self->{tls} ? (' ssl', <<"END") : ('', '');
ssl_certificate $self->{tls}{certificate};
	ssl_certificate_key $self->{tls}{key};
	server {
		listen 127.0.0.1:@{[ $self->plain_port ]};
		root $self->{site};
		$self->{plain}
	}
END
	spew("$dir/nginx.conf", <<"END");
daemon off;
@{[ $> == 0 ? 'user www-data;' : '' ]}
worker_processes 2;
pid $dir/pid;
error_log $dir/log;
events {
	worker_connections 768;
}
http {
	access_log $dir/access;
	gzip on;
	gzip_types text/plain;
	charset utf-8;
	client_body_timeout 5s;
	fastcgi_send_timeout 5s;
	fastcgi_read_timeout 5s;
	fastcgi_request_buffering off;
	fastcgi_intercept_errors on;
	error_page 403 404 405 413 503 /missing.html;
	$temporary
	$tls
	server {
		listen 127.0.0.1:$self->{port}$ssl;
		root $self->{site};
		auth_basic site;
		auth_basic_user_file /nonexistent;
		location ~ "^/(index\\.html)?\$" { auth_basic off; }
		$self->{host}
	}
}
END
	return (cmd => [ Clockgate::WebServer::path_of('nginx'), '-e',
	    "$dir/log", '-c', "$dir/nginx.conf" ]);
}

sub restart_signal { return 'HUP' }
sub stop_signal { return 'TERM' }

1;
