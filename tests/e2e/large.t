# Large bodies: quick, whole, bounded; and a small program when it is idle.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::HTTP;
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $MB = 1 << 20;
my $server = Clockgate::Server->new;
$server->admit('LARGE01');
my $fcgi = $server->fastcgi('cdata', timeout => 120);
my $web = $server->lighttpd;
my $http = $web->http(120);

subtest 'idle memory' => sub { small('at the start') };
subtest '40,000 lines in one body' => \&forty_thousand;
subtest '600-line bodies' => \&six_hundred;
subtest 'lines that all are unreadable' => \&unreadable;
subtest 'a line as long as the body' => \&one_line;
subtest 'a photo of 9 MB' => \&photo;
subtest 'a body over the limit' => \&over;
subtest 'memory that is refused' => \&refused;
subtest 'idle memory again' => sub { small('after all that') };
$web->stop;
done_testing;

sub attlog {
	my ($body) = @_;
	return { path => '/iclock/cdata',
	    query => 'SN=LARGE01&table=ATTLOG&Stamp=9999', body => $body };
}

sub lines {
	my ($pin, $n) = @_;
	return join '', map { sprintf "%s\t2024-01-%02d %02d:%02d:%02d\t0\t1\t0\t0\t0\t255\t0\t0\n",
	    $pin, 1 + $_ / 86400, $_ / 3600 % 24, $_ / 60 % 60, $_ % 60 }
	    0 .. $n - 1;
}

# Kilobytes resident, and reserved: sanitizers that are built in reserve a lot.
sub memory {
	my ($pid) = @_;
	open my $fh, '<', "/proc/$pid/status" or return;
	my %line = map { /\A(\w+):\s+(\d+) kB/ ? ($1, $2) : () } <$fh>;
	return @line{qw(VmRSS VmSize)};
}

sub small {
	my ($when) = @_;
	$fcgi->request({ path => '/iclock/cdata', query => 'SN=LARGE01&options=all' });
	sleep 0.2;
	my ($resident, $reserved) = memory($fcgi->pids);
	SKIP: {
		skip 'with sanitizers, or under valgrind', 1
		    if $reserved > 1 << 30 || Clockgate::Server->wrapped;
		cmp_ok $resident, '<', 10 * 1024, "$resident kB $when";
	}
}

sub forty_thousand {
	my $start = time;
	my $reply = $fcgi->request(attlog(lines('many', 40_000)));
	my $took = time - $start;
	is $reply->{status}, 200, 'good';
	is $reply->{body}, 'OK: 40000', 'counted';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'many'"),
	    40_000, 'stored';
	is $server->value("SELECT COUNT(DISTINCT extra) FROM v1_punch"), 1, 'whole';
	cmp_ok $took, '<', 60, sprintf 'within %.1f s', $took;
	is $http->request(attlog(lines('many', 40_000)))->{body}, 'OK: 40000',
	    'again, through lighttpd';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'many'"),
	    40_000, 'adds nothing';
}

sub six_hundred {
	my @bad = grep { $http->request(attlog(lines("600-$_", 600)))->{body}
	    ne 'OK: 600' } 1 .. 10;
	is_deeply \@bad, [], 'counted';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin LIKE '600-%'"),
	    6000, 'stored';
}

sub unreadable {
	my $start = time;
	my $reply = $fcgi->request(attlog(join '', map { "bad $_\n" } 1 .. 20_000));
	is $reply->{body}, 'OK: 20000', 'counted';
	is $server->value('SELECT COUNT(*) FROM v1_rejected'), 20_000, 'kept';
	cmp_ok time - $start, '<', 60, 'in time';
}

# Two million columns: a program that looks at each again and again hangs.
sub one_line {
	my $start = time;
	my $line = "wide\t2024-01-01 00:00:00" . "\t0" x (2 * $MB);
	my $reply = $fcgi->request(attlog($line));
	is $reply->{body}, 'OK: 1', 'counted';
	cmp_ok time - $start, '<', 30, 'in time';
	is $server->value("SELECT (SELECT COUNT(*) FROM punch WHERE pin = 'wide')
	    + (SELECT COUNT(*) > 0 FROM rejected WHERE line LIKE 'wide%')"), 1,
	    'kept one way or the other';
}

sub photo {
	my $image = "\xff\xd8" . join('', map { chr } 0 .. 255) x (9 * $MB / 256);
	my $reply = $http->request({ path => '/iclock/cdata',
	    query => 'SN=LARGE01&table=ATTPHOTO&Stamp=1',
	    body => "PIN=20240101080000-7.jpg\nSN=LARGE01\nsize="
		. length($image) . "\nCMD=uploadphoto\0$image" });
	is $reply->{status}, 200, 'good';
	is $reply->{body}, 'OK', 'acknowledged';
	is $server->value('SELECT SHA2(image, 256) FROM v1_photo'),
	    $server->value("SELECT SHA2(0x" . unpack('H*', $image) . ", 256)"),
	    'byte for byte';
}

# Whatever piece of memory a program of one request does not get: OK is only what is stored.
sub refused {
	my $program = Clockgate::Server->builddir . '/tests/fault/cdata';
	plan skip_all => "$program is not built" if !-x $program;
	my ($n, $felt) = (0, 1);
	my $stored = "SELECT COUNT(*) FROM punch WHERE pin = 'R%d'";
	while ($felt) {
		$n++;
		my $reply = Clockgate::CGI->new(program => $program, config => $server->ini,
		    env => { CG_FAIL_KIND => 'arena', CG_FAIL_AT => $n })
		    ->request(attlog("R$n\t2024-01-01 08:00:00\t0\t1\n"));
		$felt = $reply->{stderr} =~ /^fault: arena $n$/m;
		my $status = $felt ? 503 : 200;
		is $reply->{status}, $status, "request $n for memory: $status";
		is $server->value(sprintf $stored, $n), $felt ? 0 : 1, '  as is stored';
	}
	cmp_ok $n, '>', 8, 'so many there are at least';
}

sub over {
	my $before = $server->value('SELECT COUNT(*) FROM punch');
	my $reply = $http->request(attlog('7' x (16 * $MB + 1)));
	is $reply->{status}, 413, 'too large by one byte';
	is Clockgate::HTTP::header($reply, 'Content-Type'), 'text/plain', 'in plain text';
	ok($server->eventually(sub { $web->log_text =~ /sn=LARGE01 .*status=413/ }),
	    'logged, with its clock');
	is $fcgi->request(attlog('7' x (16 * $MB + 1)))->{status}, 413,
	    'the same without lighttpd';
	is $http->request(attlog("\n" x (16 * $MB)))->{status}, 200,
	    'the limit itself is allowed';
	$reply = $http->request({ %{ attlog('') },
	    header => { 'Content-Length' => 1 << 30 } });
	is $reply->{status}, 413, 'a gigabyte is refused before it is sent';
	is Clockgate::HTTP::header($reply, 'Content-Type'), 'text/plain', 'in plain text';
	is $server->value('SELECT COUNT(*) FROM punch'), $before, 'nothing stored';
}
