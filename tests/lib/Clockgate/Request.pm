package Clockgate::Request;

# One request of a clock, as the tests write it, and the answer to it.
#
#	my $req = { method => 'POST', path => '/iclock/cdata',
#	    query => 'SN=1&table=ATTLOG', header => { 'User-Agent' => 'x' },
#	    body => "...", ip => '192.0.2.10' };	# all but path may be left out
#	my %env = Clockgate::Request::environment($req, $fastcgi);
#	my $reply = Clockgate::Request::reply($bytes);	# of a CGI program
#	$reply->{status}, $reply->{body}, $reply->{header}{'Content-Length'}

use strict;
use warnings;

# What a web server tells a program.  lighttpd under FastCGI takes the first
# segment for the script and the rest for its PATH_INFO; Apache runs a CGI
# program with the whole path as the script.
sub environment {
	my ($req, $fastcgi) = @_;
	my $path = $req->{path} // '/iclock/cdata';
	my $query = $req->{query} // '';
	my ($script, $info) = $fastcgi && $path =~ m{\A(/+[^/]+)(/.*)\z}s
	    ? ($1, $2) : ($path, '');
	my %env = (
		GATEWAY_INTERFACE => 'CGI/1.1',
		SERVER_PROTOCOL => 'HTTP/1.1',
		SERVER_NAME => '127.0.0.1',
		SERVER_PORT => '8081',
		REMOTE_ADDR => $req->{ip} // '192.0.2.10',
		REMOTE_PORT => '40000',
		REQUEST_METHOD => method($req),
		REQUEST_URI => $path . ($query eq '' ? '' : "?$query"),
		SCRIPT_NAME => $script,
		PATH_INFO => $info,
		QUERY_STRING => $query,
	);
	$env{CONTENT_LENGTH} = length $req->{body}
	    if defined $req->{body} && !$req->{no_length};
	my %header = %{ $req->{header} // {} };
	for my $name (keys %header) {
		my $key = uc $name =~ tr/-/_/r;
		$env{ $key =~ /\ACONTENT_(TYPE|LENGTH)\z/ ? $key : "HTTP_$key" } =
		    $header{$name};
	}
	return %env;
}

sub method {
	my ($req) = @_;
	return $req->{method} // (defined $req->{body} ? 'POST' : 'GET');
}

sub reply {
	my ($bytes) = @_;
	my ($head, $body) = split /\r?\n\r?\n/, $bytes, 2;
	my %header = map { /\A([^:]+):[ \t]*(.*)\z/s ? ($1, $2) : () }
	    split /\r?\n/, $head // '';
	my $status = ($header{Status} // '200') =~ /\A(\d+)/ ? $1 : 0;
	$status = 0 if !%header;
	return { status => $status, header => \%header, body => $body // '',
	    raw => $bytes };
}

1;
