package Clockgate::Operator;

# The command line as an operator sees it: what it printed, said, and ended
# with.
#
#	use Clockgate::Operator qw(typed prints fails);
#	my ($status, $out, $err) = typed($program, @arguments);
#	Clockgate::Operator::by(sub { return typed($program, @_) });
#	prints(['device', 'list'], qr/^SN /);	# and exits with 0
#	fails(['devise'], 2, 'there is no ...');	# behind "clockgate: "

use strict;
use warnings;
use Exporter qw(import);
use File::Temp ();
use IPC::Open3 qw(open3);
use Test::More;

our @EXPORT_OK = qw(typed prints fails);

my $run;

# Who runs the arguments of the two below.
sub by { ($run) = @_; return }

# Exit status, standard output and standard error, in bytes.
sub typed
{
	my ($program, @arg) = @_;
	open my $nothing, '<', '/dev/null' or die "/dev/null: $!\n";
	my $errors = File::Temp->new;
	my $pid = open3('<&' . fileno $nothing, my $out, '>&' . fileno $errors,
	    $program, @arg);
	local $/;
	my $text = <$out> // '';
	waitpid $pid, 0;
	my $status = $? >> 8;
	seek $errors, 0, 0;
	return ($status, $text, scalar(<$errors>) // '');
}

# It works, and prints just this.
sub prints
{
	my ($arg, $want, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, $text, $said) = $run->(@$arg);
	ref $want ? like($text, $want, $name // "@$arg")
	    : is($text, $want, $name // "@$arg");
	return is("$status $said", '0 ', '  and exits with 0, without complaint');
}

# It fails, prints nothing, and says just this.
sub fails
{
	my ($arg, $status, $want) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($got, $text, $said) = $run->(@$arg);
	ref $want ? like($said, $want, "@$arg: what is wrong")
	    : is($said, "clockgate: $want\n", "@$arg: what is wrong");
	return is("$got $text", "$status ", "  and exits with $status");
}

1;
