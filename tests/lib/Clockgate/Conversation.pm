package Clockgate::Conversation;

# The same conversation of clocks with the server, through whatever web server
# stands before the programs; nothing but bytes of HTTP, and the database.
#
#	my $talk = Clockgate::Conversation->new(server => $s, web => $web,
#	    files => $dir,		# what clocks fetch
#	    stalled => 3,		# so many clocks on bad lines at a time (1)
#	    buckets => 0,		# as plain CGI: nobody counts requests (1)
#	    lasting => 0,		# its processes last for a request (1)
#	    blanks => 200,		# what blanks in the request line lead to (400)
#	    chunks => 500);		# and 70 MB of unannounced length (413)
#	$talk->run;			# a subtest for each part
#	$talk->plain($reply, 200, 'OK', $name);
#
# The server needs INI below, and files the directory of its [files].

use strict;
use warnings;
use Clockgate::File qw(slurp spew);
use Clockgate::Flood;
use Clockgate::Golden;
use Clockgate::HTTP;
use Clockgate::Process;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use constant MB => 1 << 20;

# The zone is that of the golden cases.  No clock but a mad one comes near the
# limits: the clocks of "posting" do, and try again.
our %INI = (
	server => { body_max => 9 * MB },
	clock => { zone => 'Asia/Dubai' },
	database => { connect_timeout => 1 },
	limits => { serial_rate => 20, serial_burst => 200 },
);

my $SN = 'HOME000000001';
my $OLD = 'HOME000000002';
my $HELLO = 'options=all&pushver=2.4.1&DeviceType=att&language=69';
my $GOLDEN = 'CG0000000001';
my @PARTS = qw(hello paths uploads photo large heartbeat commands results
    refusals files stalled mad outage restart);

sub new {
	my ($class, %arg) = @_;
	my $self = bless { http => $arg{web}->http(120), %arg }, $class;
	my @clocks = ($SN, $OLD, $GOLDEN, 'MAD', (map { "POST$_" } 1 .. 4),
	    map { "GOOD$_" } 1 .. 8);
	$self->{server}->admit(@clocks) if !$self->count("device WHERE sn = '$SN'");
	return $self;
}

sub run {
	my ($self, @parts) = @_;
	for my $part (@parts ? @parts : @PARTS) {
		subtest($part => sub { $self->$part }) || $part ne 'hello'
		    or return diag "nothing works:\n" . $self->{web}->log_text;
	}
}

sub ask {
	my ($self, $path, $query, %more) = @_;
	return $self->{http}->request({ path => $path, query => $query, %more });
}

# An answer that the oldest firmware can read (notes 3.1): its status, its
# body, and every byte of its header.
sub plain {
	my ($self, $reply, $status, $body, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my @wrong = faults($reply);
	push @wrong, "status $reply->{status}, not $status"
	    if $reply->{status} != $status;
	push @wrong, "body $reply->{body}" if defined $body
	    && (ref $body ? $reply->{body} !~ $body : $reply->{body} ne $body);
	ok !@wrong, "$name: $status" or diag join "\n", @wrong, $reply->{head};
}

sub faults {
	my ($reply) = @_;
	my %want = ('Content-Type' => qr{\Atext/plain\z},
	    'Content-Length' => qr{\A@{[ length $reply->{body} ]}\z},
	    Connection => qr{\Aclose\z}, Date =>
	    qr{\A\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\z});
	my @wrong;
	for my $name (sort keys %want) {
		my @found = grep { lc $_->[0] eq lc $name } @{ $reply->{header} };
		push @wrong, "$name: " . join(', ', map { "$_->[0]: $_->[1]" } @found)
		    if @found != 1 || $found[0][0] ne $name
		    || $found[0][1] !~ $want{$name};
	}
	push @wrong, "it has $1" if $reply->{head} =~ /^(Transfer-Encoding
	    |Set-Cookie|Location|Content-Encoding|Vary|Trailer|Upgrade)/xmi;
	push @wrong, 'its header is ' . length $reply->{head}
	    if length $reply->{head} >= 1024;
	push @wrong, 'it is HTML' if $reply->{body} =~ /<\/?\w+>/;
	return @wrong;
}

sub count {
	my ($self, $from) = @_;
	return $self->{server}->value("SELECT COUNT(*) FROM $from");
}

# ---- the parts ----

sub hello {
	my ($self) = @_;
	my $block = qr/\AGET OPTION FROM: $SN\n(?:\w+=[^\n]*\n)+\z/;
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&$HELLO"), 200, $block, 'a new clock');
	$self->plain($self->ask('/iclock/cdata', "SN=$OLD&options=all",
	    version => 'HTTP/1.0'), 200, qr{\AGET OPTION FROM: $OLD\n}, 'an old clock, in HTTP/1.0');
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&$HELLO",
	    header => { 'Accept-Encoding' => 'gzip, deflate, br' }), 200, $block,
	    'a clock that would read gzip');
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&type=time"), 200,
	    qr/\ATime=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+04:00\n\z/, 'the time');
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&table=ATTLOG&Stamp=1",
	    body => "expect\t2024-01-07 08:00:00\t0\t1\n",
	    header => { Expect => '100-continue' }), 200, 'OK: 1',
	    'a body that waits to be wanted');
}

# What the clock asks for is what counts, however it writes it.
sub paths {
	my ($self) = @_;
	my $pin = 100;
	for my $path (qw(/iclock/cdata /iclock/CDATA /ICLOCK/cData
	    /iclock/cdata.aspx /iclock/cdata.php //iclock//cdata /iclock/cdata/
	    /iclock/iclock/cdata /a/secret/iclock/cdata.aspx)) {
		$pin++;
		$self->plain($self->ask($path, "SN=$SN&table=ATTLOG&Stamp=1",
		    body => "$pin\t2024-01-07 08:00:00\t0\t1\n"), 200, 'OK: 1',
		    $path);
		is $self->count("v1_punch WHERE device_sn = '$SN' AND pin = '$pin'"), 1, '  is stored';
	}
	for my $path (qw(/iclock /iclock/ /iclock/ping /iclock/edata
	    /iclock/getrequest.aspx //iclock/GetRequest)) {
		$self->plain($self->ask($path, "SN=$SN"), 200, 'OK', $path);
	}
	$self->plain($self->ask('/iclock/devicecmd.aspx', "SN=$SN",
	    body => "ID=1&Return=0&CMD=CHECK\n"), 200, 'OK',
	    '/iclock/devicecmd.aspx');
	# as CGI, such words become arguments of the program (RFC 3875, 4.4)
	$self->plain($self->ask('/iclock/ping', $_), 200, 'OK', "words: $_")
	    for qw(--help --check --config+/dev/null);
	$self->plain($self->ask('/iclock/ping', "SN=$SN&x=%2F%2f..%2F"), 200,
	    'OK', 'encoded slashes');
}

# The golden cases, one after the other; the clock stays.
sub uploads {
	my ($self) = @_;
	my @cases = grep { !$_->has('ini') } map { Clockgate::Golden->cases($_) }
	    qw(table-* attlog-10 attlog-17 operlog-mix photo-fdata photo-punch);
	cmp_ok scalar @cases, '>=', 30, 'every table of uploads';
	for my $case (@cases) {
		$self->forget;
		subtest $case->name => sub { $self->golden($case) };
	}
}

sub forget {
	my ($self) = @_;
	my @tables = grep { $_ ne 'device' }
	    @{ $self->{tables} //= [ $self->{server}->volatile ] };
	$self->{server}->sql(join ';', map { "DELETE FROM `$_`" } @tables);
}

sub golden {
	my ($self, $case) = @_;
	my $server = $self->{server};
	$server->sql($case->file('seed.sql')) if $case->has('seed.sql');
	for my $step ($case->steps) {
		my $reply = $self->{http}->request($step->{request});
		$self->plain($reply, $reply->{status}, undef, $step->{name});
		like "$reply->{status}\n$reply->{body}", $step->{reply}, '  read';
	}
	is $server->db->batch($case->file('query.sql'), 'clockgate'),
	    $case->file('rows'), 'stored' if $case->has('query.sql');
}

sub upload_photo {
	my ($self, $pin, $image) = @_;
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&table=ATTPHOTO&Stamp=1",
	    body => "PIN=20240101080000-$pin.jpg\nSN=$SN\nsize="
	    . length($image) . "\nCMD=uploadphoto\0$image"), 200, 'OK', 'taken');
	my $server = $self->{server};
	is $server->value("SELECT SHA2(image, 256) FROM v1_photo
	    WHERE pin = '$pin'"), $server->value("SELECT SHA2(0x"
	    . unpack('H*', $image) . ', 256)'), 'byte for byte';
}

sub image { return "\xff\xd8" . join('', map { chr } 0 .. 255) x ($_[0] / 256) }

sub photo { $_[0]->upload_photo(71, image(200 * 1024)) }
sub large { $_[0]->upload_photo(72, image(8 * MB)) }

sub heartbeat {
	my ($self) = @_;
	$self->plain($self->ask('/iclock/getrequest', "SN=$SN"), 200, 'OK',
	    'nothing to do');
	$self->plain($self->ask('/iclock/getrequest',
	    "SN=$SN&INFO=Ver%208.0.4.3-20200907(b),3,2,3,192.0.2.41,10,7,12,0,11110"),
	    200, 'OK', 'with its counters');
	# Some clocks write it so; most web servers can't be told to take it.
	is $self->ask('/iclock/getrequest',
	    "SN=$SN&INFO=Ver 8.0.4 (b),3,2,3,192.0.2.41,10,7,12,0,11110")->{status},
	    $self->{blanks} // 400, 'blanks in the request line';
}

sub commands {
	my ($self) = @_;
	my $server = $self->{server};
	$server->sql(join ';', map { "INSERT INTO command (device_sn, body) VALUES
	    ('$SN', 'DATA UPDATE USERINFO PIN=$_\tName=A longer name of $_')" }
	    1 .. 300);
	sleep 2.1;			# programs look for work each second
	my (@answers, @ids);
	for (1 .. 10) {
		my $reply = $self->ask('/iclock/getrequest', "SN=$SN");
		$self->plain($reply, 200, undef, 'an answer');
		last if $reply->{body} eq 'OK';
		push @answers, $reply;
		push @ids, $reply->{body} =~ /^C:(\d+):DATA UPDATE USERINFO/mg;
	}
	cmp_ok scalar @answers, '>=', 2, 'more than one answer has room for';
	my %once = map { $_ => 1 } @ids;
	is scalar(@ids) . ' ' . keys %once, '300 300', 'all, and each once';
	$self->plain($self->ask('/iclock/devicecmd', "SN=$SN", body =>
	    join '', map { "ID=$_&Return=0&CMD=DATA\n" } @ids), 200, 'OK',
	    'their results');
	is $self->count("v1_command WHERE state = 'done'"), 300, 'all done';
}

sub results {
	my ($self) = @_;
	my $server = $self->{server};
	my $content = join '', map { chr } 0 .. 255;
	$server->sql("INSERT INTO command (id, device_sn, body, state, due_at_utc)
	    VALUES (90001, '$SN', 'GetFile /mnt/x', 'sent', '2099-01-01')");
	$self->plain($self->ask('/iclock/devicecmd', "SN=$SN", body =>
	    "ID=90001\nSN=$SN\nFILENAME=x\nCMD=GetFile\nReturn=256\nContent=$content"),
	    200, 'OK', 'a file of every byte');
	is $server->value('SELECT HEX(reply) FROM v1_command WHERE id = 90001'),
	    uc unpack('H*', $content), 'kept as it is';
}

sub refusals {
	my ($self) = @_;
	my $before = $self->count('punch');
	my %punch = (body => "1\t2024-01-07 08:00:00\t0\t1\n");
	$self->plain($self->ask('/iclock/cdata', 'SN=STRANGER1&options=all'), 403,
	    'Forbidden', 'an unknown clock');
	$self->plain($self->ask('/iclock/cdata', 'SN=STRANGER1&table=ATTLOG',
	    %punch), 403, 'Forbidden', 'data of an unknown clock');
	$self->plain($self->ask('/iclock/getrequest', 'SN=STRANGER1'), 403,
	    'Forbidden', 'a heartbeat of an unknown clock');
	$self->plain($self->ask('/iclock/cdata', 'SN=no%20serial', %punch), 400,
	    'Bad Request', 'no serial');
	$self->plain($self->ask($_->[1], "SN=$SN", %punch, method => $_->[0]),
	    405, undef, "$_->[0] $_->[1]")
	    for [ PUT => '/iclock/cdata' ], [ DELETE => '/iclock/cdata' ],
	    [ POST => '/iclock/getrequest' ], [ PATCH => '/iclock/devicecmd' ];
	$self->plain($self->ask('/iclock/devicecmd', "SN=$SN"), 405, undef,
	    'GET /iclock/devicecmd');
	$self->plain($self->ask('/iclock/file/none.bin', ''), 404, undef,
	    'a file that is not there');
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&table=ATTLOG",
	    body => '7' x (9 * MB + 1)), 413, undef, 'too large a body');
	$self->plain($self->in_chunks(70), $self->{chunks} // 413, undef,
	    'far too large a one, whose length nobody tells');
	$self->refusals_of_web_server;
	is $self->count('punch'), $before, 'nothing was stored';
}

sub in_chunks {
	my ($self, $megabytes) = @_;
	my $socket = $self->{http}->connect;
	local $SIG{PIPE} = 'IGNORE';
	print {$socket} $self->{http}->bytes({ method => 'POST', path => '/iclock/cdata',
	    query => "SN=$SN&table=ATTLOG", header => { 'Transfer-Encoding' => 'chunked' } });
	my $chunk = sprintf "%x\r\n%s\r\n", MB, '7' x MB;
	for (1 .. $megabytes) {
		print {$socket} $chunk or last;
	}
	print {$socket} "0\r\n\r\n";
	return $self->{http}->read($socket);
}

# What never comes to a program.
sub refusals_of_web_server {
	my ($self) = @_;
	$self->plain($self->ask('/iclock/cdata', "SN=$SN&table=ATTLOG",
	    body => '7', header => { 'Content-Length' => 1 << 30 }), 413, undef,
	    'a gigabyte, before it is sent');
	spew("$self->{files}/fixed.bin", 'bytes');
	my $reply = $self->ask('/iclock/file/fixed.bin', undef,
	    method => 'PUT', body => 'other');
	like $reply->{status}, qr{\A(?:405|501)\z}, 'PUT of a file';
	$self->plain($reply, $reply->{status}, undef, '  refused as clocks read it');
	is slurp("$self->{files}/fixed.bin"), 'bytes', '  which stays';
}

sub files {
	my ($self) = @_;
	my $bytes = image(100 * 1024);
	spew("$self->{files}/firmware.bin", $bytes);
	chmod 0644, "$self->{files}/firmware.bin";
	my $reply = $self->ask('/iclock/file/firmware.bin', undef);
	is $reply->{status}, 200, 'a file';
	ok $reply->{body} eq $bytes, 'byte for byte';
	is Clockgate::HTTP::header($reply, 'Content-Length'), length $bytes,
	    'its length';
	unlike $reply->{head}, qr/^(?:Transfer-Encoding|Location):/mi,
	    '  told as the oldest clocks read it';
	$reply = $self->ask('/iclock/file/firmware.bin', undef,
	    header => { Range => 'bytes=1000-1999' });
	is $reply->{status}, 206, 'a part of it';
	ok $reply->{body} eq substr($bytes, 1000, 1000), 'that part';
	is Clockgate::HTTP::header($reply, 'Content-Range'),
	    'bytes 1000-1999/' . length $bytes, 'its place';
	unlike $reply->{head}, qr/^(?:Transfer-Encoding|Location):/mi,
	    '  told as the oldest clocks read it';
	spew("$self->{files}/.hidden", 'secret');
	symlink '/etc/passwd', "$self->{files}/link" or die "symlink: $!\n";
	for my $path ('/iclock/file/', '/iclock/file/.hidden', '/iclock/file/link',
	    '/iclock/file/../../../../etc/passwd',
	    '/iclock/file/%2e%2e/%2e%2e/etc/passwd') {
		$reply = $self->ask($path, undef);
		cmp_ok $reply->{status}, '>=', 400, "$path is refused";
		unlike $reply->{body}, qr/root:|secret|firmware/, '  and not shown';
		# What leads out of /iclock/ is answered as the site likes.
		$self->plain($reply, $reply->{status}, undef, '  as clocks read it')
		    unless $path =~ m{\.\.|%2e}i;
	}
}

sub attlog {
	my ($self, $pin, $n) = @_;
	return $self->{http}->bytes({ path => '/iclock/cdata',
	    query => "SN=$SN&table=ATTLOG&Stamp=1", body => join '', map {
	    sprintf "%s\t2024-02-%02d %02d:%02d:%02d\t0\t1\n", $pin,
		1 + $_ / 86400, $_ / 3600 % 24, $_ / 60 % 60, $_ % 60 } 0 .. $n - 1 });
}

# A clock on a bad line, or several: half of the body, and then byte after
# byte.
sub stalled {
	my ($self) = @_;
	$self->forget;
	my @slow = map { { bytes => $self->attlog("slow$_", 500) } }
	    1 .. $self->{stalled} // 1;
	$self->push_on($_, length($_->{bytes}) / 2) for @slow;
	$self->gone;
	sleep 0.3;			# until they are on their way to a program
	for my $i (1 .. 20) {
		$self->push_on($_, 1) for @slow;
		my $reply = $self->{http}->exchange($self->attlog("quick$i", 3));
		$self->plain($reply, 200, 'OK: 3', 'another clock is served');
	}
	is $self->count("v1_punch WHERE pin LIKE 'slow%'"), 0,
	    'while the slow one is still at it';
	for (@slow) {
		$self->push_on($_, length $_->{bytes});
		$self->plain($self->{http}->read($_->{socket}), 200, 'OK: 500',
		    'it, too');
	}
	is $self->count("v1_punch WHERE pin LIKE 'slow%'"), 500 * @slow,
	    'and is stored whole';
	is $self->count("v1_punch WHERE pin LIKE 'quick%'"), 60, 'as the others are';
	is $self->count("v1_punch WHERE pin = 'gone'"), 0,
	    'nothing is stored of a clock that went away';
}

sub gone {
	my ($self) = @_;
	my $gone = { bytes => $self->attlog('gone', 500) };
	$self->push_on($gone, length($gone->{bytes}) / 2);
	close $gone->{socket};
}

sub push_on {
	my ($self, $slow, $n) = @_;
	$slow->{socket} //= $self->{http}->connect;
	print { $slow->{socket} } substr $slow->{bytes}, 0, $n, '';
}

# A clock gone mad asks 1,000 times a second, or as often as it gets answers,
# while others do their work.
sub mad {
	my ($self) = @_;
	$self->forget;
	my $buckets = $self->{buckets} // 1;
	my $flood = Clockgate::Flood->start(http => $self->{http},
	    bytes => $self->{http}->bytes({ path => '/iclock/getrequest',
	    query => 'SN=MAD' }), requests => $buckets ? 6000 : 1000,
	    log => $self->{web}->dir . '/mad');
	my ($rounds, %others) = (0);
	while ($flood->alive) {
		my $sn = 'GOOD' . (1 + $rounds++ % 8);
		$others{ $_->{status} }++ for $self->ask('/iclock/getrequest', "SN=$sn"),
		    $self->ask('/iclock/cdata', "SN=$sn&table=ATTLOG&Stamp=1",
		    body => "mad$rounds\t2024-01-07 08:00:00\t0\t1\n");
		sleep 0.05;
	}
	my %mad = $flood->answers;
	note sprintf 'the mad clock got %s in %s s, the others %d answers',
	    join(', ', map { "$mad{$_} times $_" } sort keys %mad),
	    $flood->seconds, 2 * $rounds;
	is join(' ', keys %others), '200', 'the others are served';
	cmp_ok $rounds, '>=', 20, '  all the while';
	is $self->count("v1_punch WHERE pin LIKE 'mad%'"), $rounds,
	    '  and what they sent is stored';
	is +($mad{200} // 0) + ($mad{503} // 0), $flood->{requests},
	    'each request of the mad one has its answer';
	return is $mad{503}, undef, '  as plain CGI an OK' if !$buckets;
	cmp_ok $mad{503}, '>', $mad{200}, '  most of them that it comes too often';
	my $refusal = Clockgate::HTTP::parse($flood->bytes(503));
	$self->plain($refusal, 503, 'Service Unavailable', '  as clocks read it');
	is Clockgate::HTTP::header($refusal, 'Retry-After'), 10, '  and when to come again';
}

sub outage {
	my ($self) = @_;
	my $db = $self->{server}->db;
	my $bytes = $self->attlog('outage', 2);
	$db->stop;
	$self->plain($self->{http}->exchange($bytes), 503, 'Service Unavailable',
	    'no database') for 1 .. 2;
	$db->start;
	ok $self->{server}->eventually(sub {
		return $self->{http}->exchange($bytes)->{body} eq 'OK: 2';
	}, 30), 'taken, when it is back';
	is $self->count("v1_punch WHERE pin = 'outage'"), 2, 'stored';
}

# The web server is restarted under posting clocks: what it had started ends, and
# others take over.
sub restart {
	my ($self) = @_;
	my $web = $self->{web};
	$self->posting(sub {
		my @old = $web->children;
		ok $web->restart, 'told to restart';
		return if !($self->{lasting} // 1);
		ok @old && Clockgate::Server->eventually(sub {
			return $web->exchanged(@old);
		}, 60), '  its processes are others now';
	});
}

# Clocks that post without a pause, and post again what was not acknowledged,
# while something happens, twice.
sub posting {
	my ($self, $happens) = @_;
	$self->forget;
	my $dir = $self->{web}->dir;
	my @clocks = map { $self->clock($_, "$dir/acknowledged$_") } 1 .. 4;
	my @ledgers = map { "$dir/acknowledged$_" } 1 .. 4;
	for (1 .. 2) {
		more(@ledgers);
		$happens->();
	}
	more(@ledgers);
	spew("$dir/enough", '');
	is $_->wait(60), 0, 'a clock is done' for @clocks;
	for my $n (1 .. 4) {
		my @lines = split /\n/, slurp("$dir/acknowledged$n");
		is $self->{server}->text("SELECT DISTINCT pin FROM v1_punch WHERE
		    device_sn = 'POST$n' ORDER BY CAST(pin AS UNSIGNED)"),
		    join('', map { "$_\n" } @lines), 'all of it is stored';
	}
	$self->plain($self->ask('/iclock/getrequest', "SN=$SN"), 200, 'OK',
	    'the server goes on');
}

# Each of the clocks goes on, if not at once.
sub more {
	my @ledgers = @_;
	my %before = map { $_ => -s $_ // 0 } @ledgers;
	ok +Clockgate::Server->eventually(sub {
		return !grep { (-s $_ // 0) < $before{$_} + 6 } @ledgers;
	}, 60), 'each clock posts';
}

sub clock {
	my ($self, $n, $ledger) = @_;
	return Clockgate::Process->start(log => "$ledger.log", code => sub {
		open my $fh, '>', $ledger or die "$ledger: $!";
		$fh->autoflush(1);
		my $enough = $ledger =~ s{[^/]+\z}{enough}r;
		for (my $pin = 1; !-e $enough; $pin++) {
			$self->post($n, $pin);
			print {$fh} "$pin\n";
		}
		close $fh;
	});
}

# Until it is acknowledged.
sub post {
	my ($self, $n, $pin) = @_;
	my $until = time + 60;
	while (time < $until) {
		my $reply = eval { $self->ask('/iclock/cdata',
		    "SN=POST$n&table=ATTLOG&Stamp=1",
		    body => "$pin\t2024-03-01 08:00:00\t0\t1\n") };
		return if $reply && $reply->{body} eq 'OK: 1';
		sleep 0.05;
	}
	die "punch $pin was not acknowledged\n";
}

# A silence of nine seconds, where the site has limits of five
# (Clockgate::WebServer): in the midst of a header, in that of a body, and of the
# program devicecmd, whose processes are given, asked little and sent more than
# fits into its socket.
sub patience {
	my ($self, $what, @processes) = @_;
	my $result = "ID=1&Return=0&CMD=CHECK\n";
	my %bytes = (map({ $_ => $self->attlog($_, 1) } qw(header body)),
	    map { $_->[0] => $self->{http}->bytes({ path => '/iclock/devicecmd',
		query => "SN=$SN", body => $result x $_->[1] }) }
	    [ program => 1 ], [ large => 40_000 ]);
	my %first = (header => 20, body => 5 + index($bytes{body}, "\r\n\r\n"));
	my %slow = map { $_ => { bytes => $bytes{$_} } } @$what;
	kill STOP => @processes;
	$self->push_on($slow{$_}, $first{$_} // length $bytes{$_}) for @$what;
	sleep 9;
	kill CONT => @processes;
	for (@$what) {
		$self->push_on($slow{$_}, length $bytes{$_});
		$self->plain($self->{http}->read($slow{$_}{socket}), 200,
		    $first{$_} ? 'OK: 1' : 'OK', "a silence of the site's limits and more: $_");
	}
}

# The programs are not there, and come back (Clockgate::Workers).
sub workers_gone {
	my ($self, $workers) = @_;
	$workers->hide('getrequest');
	$self->plain($self->ask('/iclock/getrequest', "SN=$SN"),
	    503, undef, 'nobody answers') for 1, 2;
	$workers->show('getrequest');
	$self->plain($self->ask('/iclock/getrequest', "SN=$SN"), 200, 'OK',
	    'at once when they are there again');
}

1;
