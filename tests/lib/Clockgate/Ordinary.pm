package Clockgate::Ordinary;

# Web servers are tried as an ordinary user: a test that was started by root
# goes on as nobody, in a copy of what it needs.
#
#	use Clockgate::Ordinary;	# before all that reads the tree
#	Clockgate::Ordinary->become;	# or ->become('FILE of the build' ...)

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp ();

my $TOP = abs_path(dirname(__FILE__) . '/../../..');
my $mine = delete $ENV{CLOCKGATE_TEST_DIR};
my $owner = $$;

END {
	local ($?, $@, $!);
	return if !defined $mine || $$ != $owner;
	chdir '/';
	remove_tree($mine);
}

sub become {
	my ($class, @more) = @_;
	return if $> != 0;
	my ($uid, $gid) = (getpwnam 'nobody')[2, 3];
	my $dir = File::Temp::tempdir('cguser-XXXXXX', DIR => _open_to_all());
	my $src = $ENV{top_srcdir} // $TOP;
	my $build = $ENV{top_builddir} // "$TOP/build";
	_run('mkdir', '-p', map { "$dir/$_" } qw(src/tests build/cgi-bin tmp));
	_run('cp', '-R', "$src/apache-conf", "$src/docs", "$src/schema", "$dir/src");
	_run('cp', '-R', (map { "$src/tests/$_" } qw(captures e2e golden lib)),
	    "$dir/src/tests");
	_run('cp', (map { "$build/$_" } qw(clockgate clocksim), @more),
	    "$dir/build");
	_run('cp', (map { "$build/cgi-bin/$_" } qw(cdata getrequest devicecmd)),
	    "$dir/build/cgi-bin");
	_run('chown', '-R', "$uid:$gid", $dir);
	@ENV{qw(top_srcdir top_builddir TMPDIR CLOCKGATE_TEST_DIR HOME)} =
	    ("$dir/src", "$dir/build", "$dir/tmp", $dir, $dir);
	my ($test) = $0 =~ m{([^/]+)\z};
	chdir $dir;
	exec 'setpriv', "--reuid=$uid", "--regid=$gid", '--clear-groups', $^X,
	    "$dir/src/tests/e2e/$test", @ARGV or die "setpriv: $!\n";
}

# The directory for temporary files, if everyone gets there.
sub _open_to_all {
	my $dir = abs_path(File::Spec->tmpdir);
	for (my $at = $dir; $at ne '/'; $at = dirname($at)) {
		return '/tmp' if !((stat $at)[2] & 01);
	}
	return $dir;
}

sub _run {
	system(@_) == 0 or die "@_: failed\n";
}

1;
