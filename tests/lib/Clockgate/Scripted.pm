package Clockgate::Scripted;

# A server that says what a test wants, to find out what a clock makes of it.
#
#	my $server = Clockgate::Scripted->new(hello => $block,
#	    work => [ "C:1:CHECK\n", ... ],	# one for each heartbeat, then OK
#	    file => { '/iclock/file/a.tgz' => $bytes },
#	    answer => sub { my ($request) = @_; return [ 503, 'no' ] or undef });
#	$server->url;
#	my @requests = $server->requests;	# ends it; method, path, query, body

use strict;
use warnings;
use Carp qw(croak);
use File::Temp ();
use IO::Socket::IP ();
use POSIX ();

sub new {
	my ($class, %arg) = @_;
	my $self = bless { %arg, owner => $$ }, $class;
	$self->{log} = File::Temp->new;
	$self->{listen} = IO::Socket::IP->new(LocalHost => '127.0.0.1',
	    LocalPort => 0, Listen => 100) or croak "no port: $@";
	my $pid = fork() // croak "fork: $!";
	if ($pid == 0) {
		local $SIG{TERM} = 'DEFAULT';
		eval { $self->_serve; 1 } or print STDERR $@;
		POSIX::_exit(0);
	}
	$self->{pid} = $pid;
	return $self;
}

sub url { return 'http://127.0.0.1:' . $_[0]{listen}->sockport }

sub stop {
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;
	kill 'TERM', $pid;
	waitpid $pid, 0;
}

sub requests {
	my ($self) = @_;
	$self->stop;
	open my $fh, '<:raw', $self->{log}->filename or croak "log: $!";
	local $/;
	my $all = <$fh> // '';
	my @found;
	while (length $all) {
		my $n = unpack 'N', substr $all, 0, 4, '';
		push @found, _parse(substr $all, 0, $n, '');
	}
	return @found;
}

sub _parse {
	my ($bytes) = @_;
	my ($head, $body) = split /\r\n\r\n/, $bytes, 2;
	my ($method, $path, $query, $version) =
	    $head =~ m{\A(\S+) ([^ ?]*)(?:\?(\S*))? HTTP/(\S+)};
	return { head => $head, body => $body, method => $method,
	    path => $path, query => $query // '', version => $version };
}

# One connection at a time is enough for a clock.
sub _serve {
	my ($self) = @_;
	while (my $socket = $self->{listen}->accept) {
		my $bytes = _read($socket);
		next if !defined $bytes;
		print { $self->{log} } pack('N', length $bytes), $bytes;
		$self->{log}->flush;
		my ($status, $body, %header) = @{ $self->_answer(_parse($bytes)) };
		%header = ('Content-Type' => 'text/plain', %header);
		print {$socket} "HTTP/1.1 $status X\r\n", (map {
			"$_: $header{$_}\r\n" } sort keys %header),
		    'Content-Length: ', length $body, "\r\n\r\n", $body;
		close $socket;
	}
}

sub _read {
	my ($socket) = @_;
	my $bytes = '';
	while (1) {
		my ($head, $body) = split /\r\n\r\n/, $bytes, 2;
		return $bytes if defined $body
		    && length $body >= ($head =~ /^Content-Length: (\d+)/mi ? $1 : 0);
		return undef if !sysread $socket, $bytes, 1 << 16, length $bytes;
	}
}

sub _answer {
	my ($self, $req) = @_;
	my $said = $self->{answer} && $self->{answer}->($req);
	return $said if $said;
	return [ 200, $self->{file}{ $req->{path} } ]
	    if exists $self->{file}{ $req->{path} };
	return [ 200, $self->{hello} ] if $req->{query} =~ /options=all/;
	return [ 200, shift(@{ $self->{work} // [] }) // 'OK' ]
	    if $req->{path} =~ /getrequest/;
	return [ 404, 'no such file' ] if $req->{path} =~ m{/file/};
	my $lines = () = $req->{body} =~ /\n/g;
	return [ 200, $req->{query} =~ /table=(?:ATTLOG|OPERLOG|BIODATA)/
	    ? "OK: $lines" : 'OK' ];
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $@, $!);
	$self->stop if $self->{owner} == $$;
}

1;
