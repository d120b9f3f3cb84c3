package Clockgate::HTTP;

# A clock's side of HTTP: exact bytes go out, exact bytes come back.
#
#	my $http = Clockgate::HTTP->new($host, $port);
#	my $reply = $http->exchange($bytes);	# of a capture file
#	$reply = $http->request({ path => ..., query => ..., body => ... });
#	my $socket = $http->connect;		# to write piece by piece
#	$reply = $http->read($socket);
#
# A reply has version, status, reason, head (all bytes of it), header (a
# list of [name, value], names in the case they came in) and body.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Request;
use IO::Select ();
use IO::Socket::IP ();
use Time::HiRes qw(time);

sub new {
	my ($class, $host, $port, $timeout) = @_;
	return bless { host => $host, port => $port,
	    timeout => $timeout // 60 }, $class;
}

sub connect {
	my ($self) = @_;
	my $socket = IO::Socket::IP->new(PeerHost => $self->{host},
	    PeerPort => $self->{port}, Timeout => 10)
	    or croak "connect $self->{host} port $self->{port}: $@";
	binmode $socket;
	$socket->autoflush(1);
	return $socket;
}

sub exchange {
	my ($self, $bytes) = @_;
	my $socket = $self->connect;
	local $SIG{PIPE} = 'IGNORE';
	print {$socket} $bytes;
	return $self->read($socket);
}

# As the clocks of the captures write it.
sub bytes {
	my ($self, $req) = @_;
	my $target = ($req->{path} // '/iclock/cdata')
	    . (defined $req->{query} ? "?$req->{query}" : '');
	my %header = (Host => "$self->{host}:$self->{port}",
	    'User-Agent' => 'iClock Proxy/1.09', Connection => 'close',
	    Accept => '*/*', %{ $req->{header} // {} });
	$header{'Content-Length'} //= length $req->{body}
	    if defined $req->{body};
	return join "\r\n", Clockgate::Request::method($req) . " $target "
	    . ($req->{version} // 'HTTP/1.1'),
	    (map { "$_: $header{$_}" } sort keys %header), '',
	    $req->{body} // '';
}

sub request {
	my ($self, $req) = @_;
	return $self->exchange($self->bytes($req));
}

# Everything until the server closes, or until Content-Length is there.
sub read {
	my ($self, $socket) = @_;
	my ($bytes, $until) = ('', time + $self->{timeout});
	my $set = IO::Select->new($socket);
	while (!_whole($bytes)) {
		croak "no answer within $self->{timeout} s" if time > $until;
		next if !$set->can_read(1);
		last if !sysread $socket, $bytes, 1 << 16, length $bytes;
	}
	return parse($bytes);
}

sub _whole {
	my ($bytes) = @_;
	my ($head, $body) = split /\r\n\r\n/, $bytes, 2;
	return defined $body && $head !~ m{\AHTTP/\S+ 1\d\d }
	    && $head =~ /^Content-Length: (\d+)\r?$/m && length $body >= $1;
}

sub parse {
	my ($bytes) = @_;
	my @interim;
	while ($bytes =~ s/\A(HTTP\/\S+ 1\d\d .*?\r\n\r\n)//s) {
		push @interim, $1;
	}
	my ($head, $body) = split /\r\n\r\n/, $bytes, 2;
	my ($first, @line) = split /\r\n/, $head // '';
	my ($version, $status, $reason) = ($first // '') =~
	    m{\A(HTTP/\S+) (\d+) ?(.*)\z};
	return { raw => $bytes, head => ($head // '') . "\r\n\r\n",
	    version => $version // '', status => $status // 0,
	    reason => $reason // '', interim => \@interim,
	    header => [ map { [ split /: /, $_, 2 ] } @line ],
	    body => $body // '' };
}

# The value of a header by its exact name, undef when there is none.
sub header {
	my ($reply, $name) = @_;
	my ($found) = grep { $_->[0] eq $name } @{ $reply->{header} };
	return $found ? $found->[1] : undef;
}

1;
