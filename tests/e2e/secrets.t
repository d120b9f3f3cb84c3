# The passwords of the database, the token of the check by browser and the value
# of a key stand in no log, no list of processes, no answer and no message,
# whatever goes wrong.
use strict;
use warnings;
use Test::More;
use Clockgate::File qw(slurp spew);
use Clockgate::Server;
use File::Glob qw(:bsd_glob);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my @PROGRAMS = qw(cdata getrequest devicecmd);
my $MARK = 'Mk7q';		# is in every secret, and nowhere else
my $TOKEN = "${MARK}tokentokentoken";
my $KEY = "${MARK}000key";
my $SN = 'TST0000000001';

my $s = Clockgate::Server->new;
my $dir = $s->dir;
$s->admit($SN);
my %set = (
	database => { password_file => "$dir/%p.password" },
	commands => { key => 'yes' },
	web => { check_token => $TOKEN },
	log => { sink => 'stderr', level => 'debug' },
);
$s->write_ini(\%set);
password($_, "$MARK-$_-secret") for @PROGRAMS, 'clockgate', 'migrate';

# In the database and in the file that the program reads.
sub password
{
	my ($program, $password, $file) = @_;
	$s->db->sql("ALTER USER clockgate_$program\@localhost IDENTIFIED BY '$password'");
	spew("$dir/$program.password", ($file // $password) . "\n");
	chmod 0600, "$dir/$program.password";
}

# What was seen, by its name.
my %seen;
sub see { my ($name, $text) = @_; $seen{$name} .= $text; return $text }

sub tool
{
	my ($status, $text) = $s->tool(@_);
	see('the command line', "@_\n$text");
	return $status;
}

# Every process of the machine that we may look at, but not this one.
sub processes
{
	for my $pid (grep { $_ != $$ } map { m{/(\d+)\z} ? $1 : () } glob '/proc/[0-9]*') {
		open my $fh, '<:raw', "/proc/$pid/cmdline" or next;
		local $/;
		my $line = <$fh> // next;
		see('the list of processes', $line =~ tr/\0/ /r . "\n");
	}
}

my %fcgi;
sub ask
{
	my ($program, $query, $body) = @_;
	my $r = $fcgi{$program}->request({ path => "/iclock/$program", query => $query,
	    defined $body ? (body => $body) : () });
	see('the answers', join "\n", $r->{status}, %{ $r->{header} }, $r->{body});
	return $r->{status};
}

sub talk
{
	my ($want, $name) = @_;
	processes();
	is(ask('cdata', "SN=$SN&options=all&pushver=2.4.1&ComKey=$KEY"), $want, "$name: hello");
	is(ask('cdata', "SN=$SN&table=ATTLOG&Stamp=1&ComKey=$KEY",
	    "7\t2030-01-05 08:00:00\t0\t1\n"), $want, '  a punch');
	is(ask('getrequest', "SN=$SN&ComKey=$KEY"), $want, '  a heartbeat');
	is(ask('devicecmd', "SN=$SN&ComKey=$KEY", "ID=99&Return=0&CMD=X\n"), $want, '  a result');
	return;
}

%fcgi = map { $_ => $s->fastcgi($_) } @PROGRAMS;
talk(200, 'each program with its password');
is(tool('check'), 0, 'and the command line with its own');
is(tool('migrate'), 0, '  and the migrator');
is(tool('allow', 'key', '--minutes', 5, '--reason', 'a test'), 0, 'a key for a clock');
my $keys = spew("$dir/keys", "set-option PushComKey=$KEY\n");
is(tool('command', 'send', $SN, '--yes', '--from', $keys), 0, '  is queued');
is(ask('getrequest', "check=$TOKEN"), 200, 'the check by browser');
is(ask('getrequest', 'check=wrong'), 400, '  with a wrong token');
tool('audit', 'list');
tool('device', 'show', $SN);
tool('check', '--format', 'json');

# Passwords that are not the right ones any more, in both places.
password($_, "$MARK-$_-other", "$MARK-$_-stale") for @PROGRAMS, 'clockgate';
$_->stop for map { see('the logs', $_->log_text); $_ } values %fcgi;
%fcgi = map { $_ => $s->fastcgi($_) } @PROGRAMS;
talk(503, 'wrong passwords');
is(ask('getrequest', "check=$TOKEN"), 200, 'the check by browser tells it');
isnt(tool(@$_), 0, "clockgate @$_") for ['check'], ['device', 'list'], ['audit', 'verify'];

# No database, and files that can't be read as they should.
$s->db->stop;
talk(503, 'no database');
isnt(tool('device', 'list'), 0, 'the command line');
spew("$dir/clockgate.password", "$MARK-first\n$MARK-second\n");
isnt(tool('device', 'list'), 0, 'a password of two lines');
chmod 0644, "$dir/clockgate.password";
isnt(tool('device', 'list'), 0, 'a password that others can read');
$s->write_ini({ %set, database => { password => qq{"${MARK}'x} } });
isnt(tool('device', 'list'), 0, 'a password in quotes that do not match');
$s->write_ini({ %set, database => { password => "${MARK};x" } });
isnt(tool('device', 'list'), 0, 'a password that is cut off');
$s->write_ini({ %set, web => { check_token => $MARK } });
isnt(tool('device', 'list'), 0, 'a token that is too short');
for my $program (@PROGRAMS) {
	my $reply = $s->cgi($program)->request({ path => "/iclock/$program", query => "SN=$SN" });
	see('the answers', "$reply->{status} $reply->{body}");
	see('the logs', $reply->{stderr});
}
see('the logs', $_->log_text), $_->stop for values %fcgi;

for my $name (sort keys %seen) {
	cmp_ok(length $seen{$name}, '>', 500, "$name: something was seen");
	my @found = grep { /$MARK/ } split /\n/, $seen{$name};
	is_deeply(\@found, [], '  and no secret in it');
}
like($seen{'the logs'}, qr/Access denied for user 'clockgate_cdata'/, 'what is wrong is told');
like($seen{'the list of processes'}, qr/mariadbd/, 'and processes were looked at');

done_testing;
