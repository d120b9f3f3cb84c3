package Clockgate::CGI;

# A program run as plain CGI: a process for each request, the body on its
# standard input.
#
#	my $cgi = Clockgate::CGI->new(program => $path, config => $ini);
#	my $reply = $cgi->request({ path => ..., query => ..., body => ... });
#
# What it wrote to stderr is in $reply->{stderr}, its end in {exit}.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Process;
use Clockgate::Request;
use File::Temp ();

sub new {
	my ($class, %arg) = @_;
	$arg{dir} = File::Temp->newdir('cgcgi-XXXXXX', TMPDIR => 1);
	return bless \%arg, $class;
}

sub request {
	my ($self, $req) = @_;
	my ($in, $out, $err) = map { "$self->{dir}/$_" } qw(in out err);
	_write($in, $req->{body} // '');
	_write($_, '') for $out, $err;
	open my $stdin, '<:raw', $in or croak "$in: $!";
	my $p = Clockgate::Process->start(cmd => [ $self->{program} ],
	    stdin => $stdin, stdout => $out, log => $err, env => {
		Clockgate::Request::environment($req, 0),
		CLOCKGATE_CONFIG => $self->{config}, %{ $self->{env} // {} } });
	my $status = $p->wait($self->{timeout} // 60);
	croak "$self->{program} does not end" if !defined $status;
	my $reply = Clockgate::Request::reply(_read($out));
	@{$reply}{qw(stderr exit)} = (_read($err), $status);
	return $reply;
}

sub _write {
	my ($file, $bytes) = @_;
	open my $fh, '>:raw', $file or croak "$file: $!";
	print {$fh} $bytes;
	close $fh or croak "$file: $!";
}

sub _read {
	my ($file) = @_;
	open my $fh, '<:raw', $file or croak "$file: $!";
	local $/;
	return scalar(<$fh>) // '';
}

1;
