package Clockgate::HTTPS;

# A clock's side of HTTPS: the same as Clockgate::HTTP, through openssl.
#
#	my $tls = Clockgate::HTTPS::certificate($dir);	# of 127.0.0.1
#	# { certificate => $file, key => $file, both => $file }
#	my $http = Clockgate::HTTPS->new('127.0.0.1', $port);
#	$http->trust($tls->{certificate});

use strict;
use warnings;
use parent -norequire, 'Clockgate::HTTP';
use Carp qw(croak);
use Clockgate::File qw(slurp spew);
use Clockgate::HTTP;
use POSIX qw(:sys_wait_h);
use Socket qw(AF_UNIX PF_UNSPEC SOCK_STREAM);

sub certificate {
	my ($dir) = @_;
	my %file = (certificate => "$dir/certificate.pem", key => "$dir/key.pem",
	    both => "$dir/both.pem");
	my $text = `openssl req -x509 -newkey rsa:2048 -nodes -days 2 \\
	    -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \\
	    -keyout '$file{key}' -out '$file{certificate}' 2>&1`;
	croak "openssl: $text" if $? != 0;
	spew($file{both}, slurp($file{key}) . slurp($file{certificate}));
	return \%file;
}

sub trust { $_[0]{certificate} = $_[1]; return $_[0] }

sub connect {
	my ($self) = @_;
	socketpair my $ours, my $its, AF_UNIX, SOCK_STREAM, PF_UNSPEC
	    or croak "socketpair: $!";
	$self->{pids} = [ grep { waitpid($_, WNOHANG) == 0 }
	    @{ $self->{pids} // [] } ];
	my $pid = fork() // croak "fork: $!";
	if ($pid == 0) {
		POSIX::dup2(fileno $its, $_) for 0, 1;
		open STDERR, '>', '/dev/null';
		exec 'openssl', 's_client', '-quiet', '-verify_return_error',
		    '-verify_ip', $self->{host}, '-CAfile', $self->{certificate},
		    '-connect', "$self->{host}:$self->{port}"
		    or POSIX::_exit(127);
	}
	push @{ $self->{pids} }, $pid;
	close $its;
	binmode $ours;
	$ours->autoflush(1);
	return $ours;
}

1;
