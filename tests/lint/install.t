# "make install" by the conventions of GNU: into DESTDIR, each file where its
# kind belongs, nothing that an administrator wrote overwritten, and nothing
# left behind by "make uninstall".

use strict;
use warnings;
use File::Find ();
use File::Temp ();
use Test::More;
use Clockgate::File qw(slurp spew);
use Clockgate::Lint qw(build files report);

my $dest = File::Temp->newdir('cginst-XXXXXX', TMPDIR => 1);
my %dir = (prefix => '/p', exec_prefix => '/p', bindir => '/p/bin', sbindir => '/p/sbin',
    libexecdir => '/p/libexec', sysconfdir => '/p/etc', datarootdir => '/p/share',
    datadir => '/p/share', mandir => '/p/share/man', docdir => '/p/share/doc/clockgate');

sub make
{
	my ($target) = @_;
	my $log = "$dest/log";
	local %ENV = %ENV;
	delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL DESTDIR)};
	my $status = system('sh', '-c', 'cd "$1" && shift && log=$1 && shift && make "$@" >"$log" 2>&1',
	    'sh', build(), $log, $target, "DESTDIR=$dest", map { "$_=$dir{$_}" } sort keys %dir);
	is($status, 0, "make $target") or diag(slurp($log));
	unlink $log;
}

# Every file that was installed, with its mode.
sub installed
{
	my %mode;
	File::Find::find({ no_chdir => 1, wanted => sub {
		$mode{ substr $_, length $dest } = sprintf '%03o', (stat)[2] & 0777 if -f;
	} }, "$dest");
	return %mode;
}

my $ini = '/p/etc/clockgate/clockgate.ini';
mkdir "$dest$_" or die "$dest$_: $!\n" for qw(/p /p/etc /p/etc/clockgate);
spew("$dest$ini", "mine\n");
make('install');
my %mode = installed();

# Where files may be, and with which mode.
my @places = (
	[ qr{^/p/bin/(?:clockgate|clocksim)$}, '755' ],
	[ qr{^/p/sbin/clockgate-setup$}, '755' ],
	[ qr{^/p/libexec/clockgate/[a-z]+$}, '755' ],
	[ qr{^/p/share/(?:clockgate|doc/clockgate|man/man[1578]|bash-completion/completions)/}, '644' ],
);
my @files = grep { $_ ne $ini } sort keys %mode;
report('every file is where its kind belongs, with the mode for it', map {
	my $file = $_;
	my ($place) = grep { $file =~ $_->[0] } @places;
	$place && $place->[1] eq $mode{$file} ? () : "$mode{$file} $file";
} @files);

my @wanted = ('/p/bin/clockgate', '/p/bin/clocksim', '/p/sbin/clockgate-setup',
    (map { m{/(\w+)\.c$} ? "/p/libexec/clockgate/$1" : () } files(qr/\.c$/, 'cgi-bin')),
    (map { m{/([^/]+\.(\d))$} ? "/p/share/man/man$2/$1" : () } files(qr/\.[1-8]$/, 'man')),
    (map { m{/([^/]+)$} ? "/p/share/doc/clockgate/$1" : () } files(qr/\.md$/, 'docs')),
    '/p/share/clockgate/schema/current.sql', '/p/share/clockgate/apache-conf/lighttpd.conf',
    '/p/share/clockgate/apache-conf/clockgate.ini.sample',
    '/p/share/bash-completion/completions/clockgate');
cmp_ok(scalar @wanted, '>', 15, 'programs, pages and documents');
report('and all of them are there', grep { !exists $mode{$_} } @wanted);
my @page = map { [ $_, slurp("$dest$_") ] } grep { m{^/p/share/doc/.*\.md$} } @files;
report('what pages link to is there, too', map { my ($page, $text) = @$_;
	map { -e $dest . (m{^/} ? $_ : "/p/share/doc/clockgate/$_") ? () : "$page: $_" }
	    grep { !/^https?:/ } $text =~ /\]\(([^)#]+)[^)]*\)/g } @page);
like(slurp("$dest/p/share/doc/clockgate/hosting.md"), qr{^\s+cd /p/share/clockgate/apache-conf/systemd$}m,
    'and they name the places where the rest is');
report('none knows of DESTDIR', grep { index(slurp("$dest$_"), "$dest") >= 0 } @files);
is(slurp("$dest$ini"), "mine\n", 'the ini of an administrator is kept');
like(`'$dest/p/bin/clockgate' --version`, qr/^clockgate \d/, 'what is there runs');

make('uninstall');
%mode = installed();
is(join(' ', sort keys %mode), $ini, 'nothing but that ini is left behind');

done_testing();
