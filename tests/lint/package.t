# What scripts/package builds from: what git knows, or all that a tarball had;
# nothing that was built in the tree, and never the packages themselves.

use strict;
use warnings;
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp ();
use Test::More;
use Clockgate::File qw(slurp spew);
use Clockgate::Lint qw(top have);

plan skip_all => 'git is missing (package git)' if !have('git');

# In place of the build: tells what it was given, and ends it there.
my $dir = File::Temp->newdir('cgpack-XXXXXX', TMPDIR => 1);
make_path("$dir/bin");
spew("$dir/bin/dpkg-buildpackage", "#!/bin/sh\nfind . ! -type d | sort >'$dir/given'\nexit 3\n");
chmod 0755, "$dir/bin/dpkg-buildpackage";

my @SOURCE = qw(configure.ac debian/rules docs/a.md scripts/package src/build.c);
my @BUILT = qw(build/x.o src/build.o src/.deps/build.Po configure config.log Makefile
    clockgate-0.1.0.tar.xz var/clockgate.ini);

# A tree with these files in it, beside scripts/package itself.
sub tree
{
	my ($name, @files) = @_;
	for my $file (map { "$dir/$name/$_" } @files) {
		make_path(dirname($file));
		spew($file, '');
	}
	copy(top() . '/scripts/package', "$dir/$name/scripts/package") or die "copy: $!\n";
	return "$dir/$name";
}

sub given
{
	my ($tree, @out) = @_;
	local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
	unlink "$dir/given";
	for my $time (1, 2) {		# the second time the first is in the way
		my $status = system "bash '$tree/scripts/package' @out >'$dir/log' 2>&1";
		is($status >> 8, 3, "build $time") or diag(slurp("$dir/log"));
	}
	return join ' ', map { s{^\./}{}r } split /\n/, slurp("$dir/given");
}

my $tarball = tree('tarball', @SOURCE, @BUILT);
is(given($tarball), "@SOURCE", 'from a tarball: what is no product of a build');
is(given($tarball, "$tarball/packages"), "@SOURCE", '  nor what comes out');

my $clone = tree('clone', @SOURCE, @BUILT);
my $git = "git -C '$clone' -c user.name=n -c user.email=e\@example.org";
is(system("$git init -q && $git add @SOURCE"), 0, 'a clone');
tree('clone', 'secret.txt', 'docs/draft.md');
is(given($clone), "@SOURCE", '  gives what git knows');
is(given($clone, "$clone/packages"), "@SOURCE", '  wherever packages go');

done_testing();
