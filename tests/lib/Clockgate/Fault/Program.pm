package Clockgate::Fault::Program;

# The programs are killed, exchanged, ended; so is their web server.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::File qw(slurp spew);
use Clockgate::Server;
use File::Temp ();
use Time::HiRes qw(sleep);

our @KINDS = (
	{ name => 'program killed', run => \&killed, share => 16, least => 40 },
	{ name => 'web server restarted', run => \&restarted, share => 0.6, least => 2 },
	{ name => 'web server ended', run => \&ended, share => 0.6, least => 1 },
	{ name => 'web server killed', run => \&web_killed, share => 0.6, least => 2 },
);
# A script is no build of its own.
push @KINDS, { name => 'program exchanged', run => \&exchanged, share => 0.4, least => 3 }
    if !Clockgate::Server->wrapped;

sub killed {
	my ($f, $name, $count) = @_;
	my $web = $f->server->lighttpd(processes => 4);
	my %dead;
	$f->under_load($name, $count, sub {
		my @pid;
		until (@pid = grep { !$dead{$_} } $web->children) { sleep 0.02 }
		my $pid = $pid[rand @pid];
		$dead{$pid} = 1;
		return kill 'KILL', $pid;
	}, web => $web, pause => 0.04);
	$web->stop;
}

# As an upgrade does it: a new file under the old name, then each process is
# asked to end when it has answered.  Two builds take turns; it is done when all
# processes are of the other one.
sub exchanged {
	my ($f, $name, $count) = @_;
	my $dir = File::Temp->newdir('cgprog-XXXXXX', TMPDIR => 1);
	my ($own) = qx(@{[ Clockgate::Server->program('cdata') ]} --version) =~ / (\S+)$/;
	my @version = ($own, $own =~ tr/0-9/1-90/r);
	_install("$dir", $own, $own);
	my $web = $f->server->lighttpd(processes => 4, programs => "$dir");
	$f->under_load($name, $count, sub {
		@version = reverse @version;
		_install("$dir", $own, $version[0]);
		kill 'TERM', $web->children;
		return Clockgate::Server->eventually(sub { _all_are($web, $version[0]) }, 20);
	}, web => $web);
	$web->stop;
}

# The programs, but that they call themselves another version, with as many
# letters.
sub _install {
	my ($dir, $own, $version) = @_;
	for my $program (qw(cdata getrequest devicecmd)) {
		my $bytes = slurp(Clockgate::Server->program($program));
		$bytes =~ s/\x00\Q$own\E(?=\0)/\0$version/ or croak "$program: no version in it";
		spew("$dir/new", $bytes);
		chmod 0755, "$dir/new";
		rename "$dir/new", "$dir/$program" or croak "rename: $!";
	}
}

# What a process runs, also if its file has been replaced.
sub _all_are {
	my ($web, $version) = @_;
	my @pid = $web->children;
	return @pid && !grep { (qx(/proc/$_/exe --version 2>&1) // '') !~ / \Q$version\E$/ } @pid;
}

sub _web {
	my ($f, $name, $count, $fault) = @_;
	my $web = $f->server->lighttpd(processes => 4);
	$f->under_load($name, $count, sub {
		my @old = $web->children;
		$fault->($web);
		return Clockgate::Server->eventually(sub { $web->exchanged(@old) }, 20);
	}, web => $web, pause => 0.3);
	$web->stop;
}

sub restarted { _web(@_, sub { $_[0]->restart }) }
sub ended { _web(@_, sub { $_[0]->start_again('INT') }) }
sub web_killed { _web(@_, sub { $_[0]->start_again('KILL', 0.5) }) }

1;
