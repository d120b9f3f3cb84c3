# scripts/serve, as an operator uses it.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::File qw(spew);
use Clockgate::HTTP;
use Clockgate::WebServer;
use Clockgate::Process;
use Clockgate::Server;
use File::Temp ();
use IO::Socket::IP ();
use Test::More;
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $serve = Clockgate::Server->srcdir . '/scripts/serve';
my $root = File::Temp->newdir('cgserve-XXXXXX', TMPDIR => 1);
my $runs = 0;
chmod 0755, "$root";
$ENV{CLOCKGATE_BUILD} = Clockgate::Server->builddir;

subtest 'a first start' => \&first_start;
subtest 'the next finds the data again' => \&second_start;
subtest 'two beside each other' => \&side_by_side;
subtest 'one data directory, one port, one server' => \&taken;
subtest 'a newer schema' => \&newer_schema;
subtest 'a part of it dies' => \&part_dies;
subtest 'killed, it leaves nothing behind' => \&killed;
subtest 'an ordinary user, a blank in the name' => \&ordinary_user;
subtest 'what README.md has one try' => \&try_it;
subtest 'the demo of README.md' => \&demo;
subtest 'what it refuses' => \&refusals;
done_testing;

# ---- a run of it ----

sub start {
	my ($data, %arg) = @_;
	my $log = "$root/log" . ++$runs;
	my %run = (data => $data, out => "$log.out", err => "$log.err",
	    port => $arg{port} // Clockgate::WebServer::free_port());
	$run{process} = Clockgate::Process->start(cmd => [ @{ $arg{as} // [] },
	    $serve, '--no-install', '--data', $data,
	    '--listen', ($arg{host} // '127.0.0.1') . ":$run{port}",
	    @{ $arg{options} // [] } ], stdout => $run{out}, log => $run{err},
	    dir => '/');
	return \%run;
}

sub slurp {
	my ($file) = @_;
	open my $fh, '<', $file or return '';
	local $/;
	return scalar(<$fh>) // '';
}

# Wait until its output has this.
sub says {
	my ($run, $form) = @_;
	my $until = time + 60;
	while (time < $until) {
		my @found = slurp($run->{out}) =~ $form;
		return $found[0] if @found;
		last if !$run->{process}->alive;
		sleep 0.05;
	}
	diag "it said:\n" . slurp($run->{out}) . slurp($run->{err});
	return undef;
}

sub ready {
	my ($run) = @_;
	return says($run, qr{^(ready: http://\S+/iclock/)$}m);
}

sub http { return Clockgate::HTTP->new('127.0.0.1', $_[0]{port}, 20) }

sub hello {
	my ($run, $sn) = @_;
	return http($run)->request({ query => "SN=$sn&options=all&pushver=2.4.1" });
}

sub mariadb {
	my ($run, $sql) = @_;
	my $pid = open(my $out, '-|', 'mariadb', '--no-defaults',
	    "--socket=$run->{data}/mysql.sock", '-u', 'root', '-BN', '-e', $sql,
	    'clockgate') // die "mariadb: $!";
	local $/;
	my $text = <$out> // '';
	close $out;
	return $text =~ s/\n\z//r;
}

# Processes that have the data directory on their command line or as their
# working directory; those that just end are none.
sub left_behind {
	my ($data) = @_;
	return grep { of_run($_, $data) } glob '/proc/[0-9]*';
}

sub of_run {
	my ($proc, $data) = @_;
	my $line = slurp("$proc/cmdline");
	return $line ne '' && (index($line, $data) >= 0
	    || index(readlink("$proc/cwd") // '', $data) == 0);
}

sub nothing_left {
	my ($run, $seconds) = @_;
	my $until = time + ($seconds // 5);
	sleep 0.1 while left_behind($run->{data}) && time < $until;
	is_deeply [ map { slurp("$_/cmdline") } left_behind($run->{data}) ], [],
	    'nothing is left running';
	ok !IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $run->{port}),
	    'nobody listens';
}

sub stops {
	my ($run, $signal) = @_;
	$run->{process}->signal($signal);
	is $run->{process}->wait(30), 0, "SIG$signal: it ends well";
	nothing_left($run);
	is slurp($run->{err}), '', 'no complaint';
}

# It ends by itself, with one line that says why.
sub fails {
	my ($run, $form, $name) = @_;
	my $status = $run->{process}->wait(60);
	ok defined $status && $status != 0, "$name: a status of failure";
	my $err = slurp($run->{err});
	like $err, $form, 'the reason';
	is $err =~ tr/\n//, 1, 'in one line';
	unlike slurp($run->{out}), qr/^ready/m, 'never ready';
}

# ---- the cases ----

my $first;

sub first_start {
	my $run = $first = start("$root/one");
	is ready($run), "ready: http://127.0.0.1:$run->{port}/iclock/", 'ready';
	my $out = slurp($run->{out});
	like $out, qr/Server Address +127\.0\.0\.1$/m, 'what to enter: address';
	like $out, qr/Server Port +$run->{port}$/m, 'port';
	like $out, qr/HTTPS +OFF$/m, 'no HTTPS';
	like $out, qr/--listen 0\.0\.0\.0:$run->{port}/, 'how real clocks reach it';
	is sprintf('%o', (stat $run->{data})[2] & 0777), '700', 'data for us alone';
	is mariadb($run, 'SELECT @@innodb_flush_log_at_trx_commit, @@skip_networking'),
	    "1\t1", 'a durable database without network';
	is hello($run, 'WAIT01')->{status}, 403, 'an unknown clock';
	my $command = says($run, qr/^waiting: .*WAIT01.*: (\S.*)$/m);
	like $command, qr/ device approve WAIT01\z/, 'is named with the command';
	is system("$command >/dev/null"), 0, 'the command works';
	admitted($run, 'WAIT01');
	is http($run)->request({ query => 'SN=WAIT01&table=ATTLOG&Stamp=7',
	    body => "1\t2024-01-07 08:00:00\t0\t1\n" })->{body}, 'OK: 1', 'a punch';
	is mariadb($run, 'SELECT device_sn, pin FROM v1_punch'), "WAIT01\t1",
	    'is in the view';
	stops($run, 'TERM');
}

sub admitted {
	my ($run, $sn) = @_;
	my ($until, $reply) = time + 10;
	do {
		$reply = hello($run, $sn);
		sleep 0.2 if $reply->{status} != 200;
	} while ($reply->{status} != 200 && time < $until);
	is $reply->{status}, 200, 'the clock is served';
}

sub second_start {
	my $ini = "$first->{data}/clockgate.ini";
	open my $fh, '>>', $ini or die "$ini: $!";
	print {$fh} "# mine\n";
	close $fh;
	my $run = start($first->{data});
	ok ready($run), 'ready';
	like slurp($ini), qr/^# mine$/m, 'the ini is left alone';
	is mariadb($run, 'SELECT device_sn, pin FROM v1_punch'), "WAIT01\t1", 'the data';
	like hello($run, 'WAIT01')->{body}, qr/^Stamp=7$/m, 'the stamp';
	unlike slurp($run->{out}), qr/^waiting/m, 'nobody waits';
	stops($run, 'INT');
}

sub side_by_side {
	my $one = start($first->{data});
	my $two = start("$root/two", host => '0.0.0.0', options =>
	    [ '--admission=open', '--set', 'options.Delay=25',
	    '--set=options.Timeout=77' ]);
	ok ready($one) && ready($two), 'both ready';
	is hello($one, 'BOTH01')->{status}, 403, 'one asks first';
	my $reply = hello($two, 'BOTH01');
	is $reply->{status}, 200, 'the other is open';
	like $reply->{body}, qr/^Delay=25$/m, '--set';
	like $reply->{body}, qr/^Timeout=77$/m, '--set=';
	unlike slurp("$two->{data}/clockgate.ini"), qr/^Delay/m, 'for this run';
	stops($two, 'HUP');
	is hello($one, 'WAIT01')->{status}, 200, 'the first goes on';
	stops($one, 'TERM');
}

sub taken {
	my $one = start($first->{data});
	ok ready($one), 'ready';
	fails(start($first->{data}), qr/another scripts\/serve .* uses/, 'same data');
	my $other = start("$root/port", port => $one->{port});
	fails($other, qr/port $one->{port} .*in use/, 'same port');
	is_deeply [ left_behind($other->{data}) ], [], 'nothing is left of it';
	is hello($one, 'WAIT01')->{status}, 200, 'the first goes on';
	stops($one, 'TERM');
}

sub newer_schema {
	my $one = start($first->{data});
	ok ready($one), 'ready';
	mariadb($one, "INSERT INTO schema_version (version, name, sha256,
	    applied_at_utc) VALUES (9999, 'future', '', UTC_TIMESTAMP())");
	stops($one, 'TERM');
	my $two = start($first->{data});
	fails($two, qr/schema .*9999/, 'newer schema');
	nothing_left($two);
}

sub kill_part {
	my ($run, $name) = @_;
	my ($proc) = grep { slurp("$_/cmdline") =~ m{\A[^\0]*\b$name\0} }
	    left_behind($run->{data});
	return kill 'KILL', $proc =~ /(\d+)/;
}

sub part_dies {
	my $run = start("$root/dies", options => [ '--set', 'server.admission=open' ]);
	ok ready($run), 'ready';
	is hello($run, 'DIES01')->{status}, 200, 'a value of --set holds';
	is kill_part($run, 'mariadbd'), 1, 'the database is killed';
	is hello($run, 'DIES01')->{status}, 503, 'a clock is told to come again';
	ok(Clockgate::Server->eventually(sub {
	    hello($run, 'DIES01')->{status} == 200 }), 'and is served again');
	like slurp($run->{out}), qr/database has ended.*starting it again/,
	    'the operator can read why';
	is kill_part($run, 'lighttpd'), 1, 'the web server is killed';
	my $status = $run->{process}->wait(30);
	ok defined $status && $status != 0, 'without it all ends';
	like slurp($run->{err}), qr/web server has ended/, 'and says why';
	nothing_left($run);
}

sub killed {
	my $run = start("$root/killed", options => [ '--admission', 'open' ]);
	ok ready($run), 'ready';
	is hello($run, 'KILL01')->{status}, 200, 'a clock';
	$run->{process}->kill9;
	nothing_left($run, 30);
	my $again = start($run->{data});
	ok ready($again), 'it starts again';
	is hello($again, 'KILL01')->{status}, 200, 'the clock is known';
	stops($again, 'TERM');
}

sub ordinary_user {
	my $data = "$root/a user's data" =~ tr/'//dr;
	mkdir $data;
	my @as = $> != 0 ? () : ('setpriv', '--reuid=65534', '--regid=65534',
	    '--clear-groups', '--');
	chown 65534, 65534, $data if @as;
	SKIP: {
		skip 'another user may not read our files', 1
		    if @as && system(@as, $serve, '--help', '>', '/dev/null') != 0;
		my $run = start($data, as => \@as, options => [ '--admission', 'open' ]);
		ok ready($run), 'ready';
		is hello($run, 'USER01')->{status}, 200, 'a clock';
		is mariadb($run, 'SELECT sn FROM v1_device'), 'USER01', 'in the view';
		stops($run, 'TERM');
	}
}

# A section of README.md, and the lines that it shows.
sub section {
	my ($heading) = @_;
	my ($text) = slurp(Clockgate::Server->srcdir . '/README.md')
	    =~ /^## \Q$heading\E\n(.*?)^## /ms;
	return ($text, $text =~ /^ {4}(\S.*)$/mg);
}

# A directory that looks like the clone.
sub clone {
	my ($name) = @_;
	my $clone = "$root/$name";
	mkdir $clone;
	symlink $ENV{CLOCKGATE_BUILD}, "$clone/build";
	symlink Clockgate::Server->srcdir . '/tests', "$clone/tests";
	return $clone;
}

# scripts/serve as README.md shows it; only the port and the place of the data
# are others.
sub serves {
	my ($clone, $shown) = @_;
	my ($options) = $shown =~ m{^scripts/serve ([^#]*)} or return fail $shown;
	my $port = Clockgate::WebServer::free_port();
	my $run = start("$clone/var", port => $port,
	    options => [ split ' ', $options =~ s/8081/$port/r ]);
	return $run if ok ready($run), $shown;
}

# No clock is here: the captures are what one would send.
sub try_it {
	my (undef, $serve, $approve, $open, @typed) = section('Try it');
	my $clone = clone('try');
	my ($sn) = $approve =~ /(\w+)\z/;
	my $run = serves($clone, $serve) or return;
	is hello($run, $sn)->{status}, 403, 'a clock that nobody knows';
	like says($run, qr/^waiting: clock $sn .*: (\S.*)$/m), qr/ device approve $sn\z/,
	    '  is named';
	typed($clone, $approve);
	admitted($run, $sn);
	stops($run, 'INT');
	$run = serves($clone, $open) or return;
	s/\b8081\b/$run->{port}/ for @typed;
	my ($send, $query, $list) = @typed;
	unlike typed($clone, $send), qr{^HTTP/1\.. (?!200 )}m, 'what clocks send';
	my @read = map { typed($clone, $_) } $query, $list;
	like $_, qr/^(?:\d+ +)?XTC2030000011\s+1156\s+2030-01-07 07:58:41/m, 'punches'
	    for @read;
	typed($clone, $send);
	is_deeply [ map { typed($clone, $_) } $query, $list ], \@read,
	    'sent again, nothing is added';
	stops($run, 'INT');
}

# Commands for clocks in software, and what README.md says of the answers.
sub demo {
	my ($section, @shown) = section('Send something to a clock');
	my ($serve, $export, @typed) = grep { /^(?:scripts|export|clockgate)\b/ } @shown;
	my @read = grep { !/^(?:scripts|export|clockgate)\b/ } @shown;
	my $clone = clone('demo');
	my $run = serves($clone, $serve) or return;
	my ($list, $follow, $send, $query, $users) = map { "$export\n$_" } @typed;
	like typed($clone, $list), qr/^DEMO001 .*^DEMO002 .*^DEMO003 /ms, 'three clocks';
	follows($clone, $follow);
	# seldom it is seen on its way, too
	is typed($clone, $send) =~ s/^1 DEMO001 user-update: sent\n//mr, join('', map { "$_\n" } @read),
	    'a command, and what README.md says of it';
	like typed($clone, $query), qr/ done /, 'another';
	like typed($clone, $users), qr/^DEMO001 +7 +Ann B /m, 'the user is there';
	spew("$clone/people.csv", "PIN,Name\n8,Bob\n");
	for my $inline ($section =~ /`(clockgate command [^`]+)`/g) {
		unlike typed($clone, "$export\n$inline"), qr/^clockgate: /m, $inline;
	}
	my ($insert) = $section =~ /`(INSERT [^`]+)`/;
	mariadb($run, $insert);
	ok +Clockgate::Server->eventually(sub { mariadb($run,
	    "SELECT 1 FROM v1_command WHERE name = 'check' AND state = 'done'") }, 60),
	    $insert;
	stops($run, 'INT');
}

# All that it says; it must succeed.
sub typed {
	my ($dir, $script) = @_;
	open my $out, '-|', 'bash', '-c', "exec 2>&1; cd '$dir' && $script"
	    or die "bash: $!";
	local $/;
	my $text = <$out> // '';
	close $out;
	is $?, 0, 'it succeeds' or diag "$script\n$text";
	return $text;
}

# Until a punch comes, in the columns of the head and no others; then Ctrl-C.
sub follows {
	my ($dir, $script) = @_;
	my %run = (out => "$dir/punches", err => "$dir/punches",
	    process => Clockgate::Process->start(log => "$dir/punches", dir => $dir,
	    cmd => [ 'bash', '-c', $script =~ s/^(?=clockgate)/exec /mr ]));
	my $time = qr/[\d-]{10} [\d:]{8}/;
	ok says(\%run, qr/^id\ +device_sn\ +pin\ .*\ received_at_utc\n
	    (\d+\ +DEMO00\d\ +\d+\ +$time\ +\d+\ +\d+\ +(?:\d+\ +)?$time)$/mx),
	    'punches, each in its line';
	$run{process}->signal('INT');
	is $run{process}->wait(10), 2, '  until Ctrl-C';
}

sub refusals {
	my $long = "$root/" . 'x' x 100;
	fails(start($long), qr/socket.* 107/, 'a long path');
	ok !-e $long, 'nothing is made';
	mkdir "$root/full";
	mkdir "$root/full/something";
	fails(start("$root/full"), qr/holds something else/, 'no data directory');
	my @wrong = ([ [ '--set', 'options.Delai=3' ], qr/[Dd]elai/ ],
	    [ [ '--set', 'options.Encrypt=1' ], qr/[Ee]ncrypt/ ],
	    [ [ '--set', 'nonsense' ], qr/SECTION\.KEY=VALUE/ ],
	    [ [ '--admission', 'closed' ], qr/open or approve/ ],
	    [ [ '--listen', '127.0.0.1' ], qr/ADDR:PORT/ ],
	    [ [ '--listen', '127.0.0.1:70000' ], qr/ADDR:PORT/ ],
	    [ [ '--listen', '203.0.113.7:8081' ], qr/no address 203\.0\.113\.7/ ],
	    [ [ '--frob' ], qr/unknown option --frob/ ]);
	for (@wrong) {
		my ($options, $form) = @$_;
		my $run = start("$root/wrong", options => $options);
		fails($run, $form, "@$options");
		is_deeply [ left_behind($run->{data}) ], [], 'nothing is left running';
	}
	my $help = qx('$serve' --help);
	is $?, 0, '--help';
	like $help, qr/--$_\b/, "tells of --$_"
	    for qw(listen data admission set no-install help);
}
