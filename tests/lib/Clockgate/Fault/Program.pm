package Clockgate::Fault::Program;

# The programs are killed, exchanged, ended; so is their web server.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Server;
use File::Copy qw(copy);
use File::Temp ();
use Time::HiRes qw(sleep);

our @KINDS = (
	{ name => 'program killed', run => \&killed, share => 25, least => 10 },
	{ name => 'program exchanged', run => \&exchanged, share => 2, least => 3 },
	{ name => 'web server restarted', run => \&restarted, share => 1, least => 2 },
	{ name => 'web server ended', run => \&ended, share => 1, least => 1 },
	{ name => 'web server killed', run => \&web_killed, share => 1, least => 2 },
);

sub _one_of { return @_ ? $_[rand @_] : () }

sub killed {
	my ($f, $name, $count) = @_;
	$f->under_load($name, $count, sub {
		until (kill 'KILL', _one_of($f->web->children)) { sleep 0.02 }
	}, pause => 0.08);
}

# As an upgrade does it: a new file under the old name, then each process is
# asked to end when it has answered.
sub exchanged {
	my ($f, $name, $count) = @_;
	my $dir = File::Temp->newdir('cgprog-XXXXXX', TMPDIR => 1);
	my @programs = qw(cdata getrequest devicecmd);
	my $install = sub {
		for my $program (@programs) {
			copy(Clockgate::Server->program($program), "$dir/new")
			    or croak "copy: $!";
			chmod 0755, "$dir/new";
			rename "$dir/new", "$dir/$program" or croak "rename: $!";
		}
	};
	$install->();
	my $web = $f->server->lighttpd(processes => 4, programs => "$dir");
	$f->under_load($name, $count, sub {
		$install->();
		kill 'TERM', $web->children;
		sleep 0.5;
	}, web => $web);
	$web->stop;
}

sub _web {
	my ($f, $name, $count, $fault) = @_;
	my $web = $f->server->lighttpd(processes => 4);
	$f->under_load($name, $count, sub { $fault->($web) }, web => $web,
	    pause => 0.3);
	$web->stop;
}

sub restarted {
	my ($f, $name, $count) = @_;
	_web($f, $name, $count, sub { $_[0]->restart; sleep 0.5 });
}

sub ended {
	my ($f, $name, $count) = @_;
	_web($f, $name, $count, sub { $_[0]->start_again('INT') });
}

sub web_killed {
	my ($f, $name, $count) = @_;
	_web($f, $name, $count, sub { $_[0]->start_again('KILL') });
}

1;
