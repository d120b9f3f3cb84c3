package Clockgate::Nginx;

# nginx with one server into which a configuration of ours is included; see
# Clockgate::WebServer.
#
#	my $web = Clockgate::Nginx->new(host => "include $file;");

use strict;
use warnings;
use parent 'Clockgate::WebServer';
use Clockgate::File qw(spew);

sub missing {
	return Clockgate::WebServer::path_of('nginx') ? undef
	    : 'nginx is missing (package nginx)';
}

sub command {
	my ($self) = @_;
	my $dir = $self->{dir};
	my $temporary = join "\n\t", map { "${_}_temp_path $dir/$_;" }
	    qw(client_body proxy fastcgi uwsgi scgi);
	spew("$dir/nginx.conf", <<"END");
daemon off;
worker_processes 2;
pid $dir/pid;
error_log $dir/log;
events {
	worker_connections 768;
}
http {
	access_log off;
	gzip on;
	$temporary
	server {
		listen 127.0.0.1:$self->{port};
		root $dir/site;
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
