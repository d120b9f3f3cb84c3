package Clockgate::FastCGI;

# A program under FastCGI, and the web server's side of that protocol.
#
#	my $fcgi = Clockgate::FastCGI->new(program => $path, config => $ini);
#			# or also under => [ 'valgrind', ... ]
#	$fcgi->start;		# with the listening socket as its fd 0
#	my $reply = $fcgi->request({ path => ..., query => ..., body => ... });
#
#	my $wait = $fcgi->send({ ... });	# also before start: it waits
#	$reply = $wait->reply;			# in the backlog of the socket
#	$wait->begin; $wait->stdin($bytes); $wait->end;	# piece by piece
#
#	$fcgi->pids; $fcgi->stop; $fcgi->kill9; $fcgi->log_text
#
# Not served: multiplexing, FCGI_GET_VALUES, the filter and authorizer roles.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Process;
use File::Temp ();
use IO::Socket::UNIX ();
use Socket qw(SOCK_STREAM);

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg, process => [] }, $class;
	$self->{dir} = File::Temp->newdir('cgfcgi-XXXXXX', TMPDIR => 1);
	$self->{listen} = IO::Socket::UNIX->new(Type => SOCK_STREAM,
	    Local => $self->address, Listen => 1024)
	    or croak 'socket ' . $self->address . ": $!";
	return $self;
}

sub address { return "$_[0]{dir}/socket" }
sub pids { return map { $_->pid } @{ $_[0]{process} } }
sub processes { return @{ $_[0]{process} } }

# Start n processes (1 unless said) on the same socket.
sub start {
	my ($self, $n) = @_;
	push @{ $self->{process} }, map {
		Clockgate::Process->start(log => "$self->{dir}/log",
		    cmd => [ @{ $self->{under} // [] }, $self->{program} ],
		    stdin => $self->{listen},
		    env => { CLOCKGATE_CONFIG => $self->{config},
			%{ $self->{env} // {} } })
	} 1 .. $n // 1;
	return $self;
}

sub stop {
	my ($self, $signal, $seconds) = @_;
	return map { $_->stop($signal, $seconds) } splice @{ $self->{process} };
}

sub kill9 {
	my ($self) = @_;
	return map { $_->kill9 } splice @{ $self->{process} };
}

sub log_text {
	my ($self) = @_;
	open my $fh, '<:raw', "$self->{dir}/log" or return '';
	local $/;
	return scalar(<$fh>) // '';
}

sub connect {
	my ($self) = @_;
	return Clockgate::FastCGI::Exchange->new($self->address,
	    $self->{timeout} // 60);
}

sub send {
	my ($self, $req) = @_;
	return $self->connect->begin($req)->stdin($req->{body} // '')->end;
}

sub request {
	my ($self, $req) = @_;
	return $self->send($req)->reply;
}

# All that a web server sends for a request.
sub bytes {
	my ($req) = @_;
	return Clockgate::FastCGI::Exchange::bytes($req);
}

package Clockgate::FastCGI::Exchange;

# One connection with one request on it.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Request;
use IO::Select ();
use IO::Socket::UNIX ();
use Socket qw(SOCK_STREAM);
use Time::HiRes qw(time);

# Types of a record, and the numbers of version, role and request.
my %TYPE = (begin => 1, end => 3, params => 4, stdin => 5, stdout => 6,
    stderr => 7);
my ($VERSION, $RESPONDER, $ID) = (1, 1, 1);

sub new {
	my ($class, $address, $timeout) = @_;
	my $socket = IO::Socket::UNIX->new(Type => SOCK_STREAM,
	    Peer => $address) or croak "connect $address: $!";
	$socket->blocking(0);
	return bless { socket => $socket, timeout => $timeout, in => '',
	    out => '', stdout => '', stderr => '' }, $class;
}

sub _record {
	my ($type, $bytes) = @_;
	return pack('CCnnCx', $VERSION, $TYPE{$type}, $ID,
	    length $bytes, 0) . $bytes;
}

# A stream is cut into records; an empty one ends it.
sub _stream {
	my ($type, $bytes) = @_;
	return join '', map { _record($type, $_) } unpack '(a65528)*', $bytes;
}

sub _length { return $_[0] < 128 ? chr $_[0] : pack 'N', $_[0] | 1 << 31 }

sub _params {
	my (%env) = @_;
	return join '', map {
		_length(length $_) . _length(length $env{$_}) . $_ . $env{$_}
	} sort keys %env;
}

sub _head {
	my ($req) = @_;
	my %env = Clockgate::Request::environment($req, 1);
	my $keep = $req->{keep} ? 1 : 0;	# FCGI_KEEP_CONN
	return _record('begin', pack 'nCx5', $RESPONDER, $keep)
	    . _stream('params', _params(%env)) . _record('params', '');
}

sub bytes {
	my ($req) = @_;
	return _head($req) . _stream('stdin', $req->{body} // '')
	    . _record('stdin', '');
}

sub begin {
	my ($self, $req) = @_;
	return $self->_write(_head($req));
}

sub stdin {
	my ($self, $bytes) = @_;
	return $self->_write(_stream('stdin', $bytes));
}

sub end {
	my ($self) = @_;
	return $self->_write(_record('stdin', ''));
}

# Reads while it writes: a program may answer before it has read everything,
# and what nobody has accepted yet stays in memory until reply.
sub _write {
	my ($self, $bytes) = @_;
	$self->{out} .= $bytes;
	$self->_pump;
	return $self;
}

# Bytes that the socket has no room for yet.
sub unsent { return length $_[0]{out} }

sub _pump {
	my ($self) = @_;
	local $SIG{PIPE} = 'IGNORE';
	while (length $self->{out}) {
		my $n = syswrite $self->{socket}, $self->{out}, 1 << 16;
		if (!defined $n) {
			last if $!{EAGAIN};
			$self->{out} = '';	# it has closed
			last;
		}
		substr $self->{out}, 0, $n, '';
	}
}

# Wait for the end of the answer.  {app} is the program's exit code for the
# request, undef when the connection ended before that.
sub reply {
	my ($self, %arg) = @_;
	my $until = time + $self->{timeout};
	my $set = IO::Select->new($self->{socket});
	until (defined $self->{app}) {
		croak 'no answer' if time > $until;
		$self->_pump;
		length $self->{out} ? IO::Select::select($set, $set, undef, 1)
		    : $set->can_read(1);
		my $n = sysread $self->{socket}, $self->{in}, 1 << 16,
		    length $self->{in};
		last if defined $n && $n == 0;
		last if !defined $n && !$!{EAGAIN};
		$self->_take;
	}
	close $self->{socket} if !$arg{keep};
	my $reply = Clockgate::Request::reply($self->{stdout});
	@{$reply}{qw(stderr app)} = ($self->{stderr}, $self->{app});
	return $reply;
}

sub _take {
	my ($self) = @_;
	while (length $self->{in} >= 8) {
		my ($type, $n, $pad) = unpack 'x1 C x2 n C', $self->{in};
		last if length $self->{in} < 8 + $n + $pad;
		my $bytes = substr substr($self->{in}, 0, 8 + $n + $pad, ''), 8, $n;
		$self->{app} = unpack 'N', $bytes if $type == $TYPE{end};
		$self->{stdout} .= $bytes if $type == $TYPE{stdout};
		$self->{stderr} .= $bytes if $type == $TYPE{stderr};
	}
}

# Go away without waiting for the answer.
sub abandon {
	my ($self) = @_;
	close $self->{socket};
}

1;
