# What one request may hold, and how often somebody may come: beyond that a
# request is refused, but nothing of an admitted clock is lost, and nobody else
# notices.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use MIME::Base64 qw(encode_base64);
use Test::More;
use Time::HiRes qw(time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $KB = 1024;
my $server = Clockgate::Server->new;
$server->admit('LIMIT01', 'LIMIT02');

subtest 'path and query' => \&target;
subtest 'the length of a line' => \&lines;
subtest 'records of one body' => \&records;
subtest 'the size of a body by its table' => \&sizes;
subtest 'one serial too often' => \&serial;
subtest 'one address too often' => \&address;
subtest 'no limit' => \&no_limit;
subtest 'strangers without end' => \&strangers;
done_testing;

sub hello { return { path => '/iclock/cdata', query => "SN=$_[0]&options=all" } }

sub heartbeat {
	my ($sn, %more) = @_;
	return { path => '/iclock/getrequest', query => "SN=$sn", %more };
}

sub upload {
	my ($table, $body) = @_;
	return { path => '/iclock/cdata',
	    query => "SN=LIMIT01&table=$table&Stamp=1", body => $body };
}

sub statuses {
	my %count;
	$count{ $_->{status} }++ for @_;
	return %count;
}

# ---- one request ----

sub target {
	my $fcgi = $server->fastcgi('cdata');
	my $query = 'SN=LIMIT01&options=all&x=';
	my $status = sub { $fcgi->request({ path => $_[0], query => $_[1] })->{status} };
	my $fill = sub { $query . 'y' x ($_[0] - length $query) };
	is $status->('/iclock/cdata', $fill->(2048)), 200, 'a query of 2 KB';
	is $status->('/iclock/cdata', $fill->(2049)), 414, 'and a byte more';
	my $path = sub { '/iclock/' . 'a/' x ($_[0] / 2 - 8) . '/cdata/' };
	is length $path->(2048), 2048 - 1, 'a path';
	is $status->($path->(2048) . '/', "SN=LIMIT01&options=all"), 200, 'of 2 KB';
	is $status->($path->(2048) . '//', "SN=LIMIT01&options=all"), 414,
	    'and a byte more';
	is $status->('/iclock/cdata', 'options=all&SN=' . 'S' x 33), 400,
	    'a serial that is too long';
	my $reply = $fcgi->request({ path => '/iclock/cdata', query => $fill->(9000),
	    body => "1\t2024-01-07 08:00:00\t0\t1\n" });
	is "$reply->{status} $reply->{body}", '414 URI Too Long', 'its text';
	is $server->value("SELECT COUNT(*) FROM v1_punch"), 0, 'nothing stored';
	$fcgi->stop;
}

sub lines {
	my $fcgi = $server->fastcgi('cdata');
	my $punch = sub { "$_[0]\t2024-01-07 08:00:00\t0\t1\t\t\t\t" };
	my $long = $punch->('long');
	$long .= 'x' x (65537 - length $long);
	my $reply = $fcgi->request(upload('ATTLOG', join "\n", $punch->('a'), $long,
	    $punch->('b'), ''));
	is $reply->{body}, 'OK: 3', 'all lines are acknowledged';
	is $server->text("SELECT pin FROM v1_punch ORDER BY pin"), "a\nb\n",
	    'those around it are stored';
	is $server->text("SELECT LENGTH(line), reason FROM v1_rejected"),
	    "65537\tline is too long\n", 'it is kept';
	my $picture = encode_base64("\xff\xd8" . 'picture ' x (50 * $KB), '');
	$reply = $fcgi->request(upload('BIOPHOTO', "BIOPHOTO PIN=7\tFileName=7.jpg\t"
	    . "Type=9\tSize=" . length($picture) . "\tContent=$picture\n"));
	is $reply->{body}, 'OK: 1', 'a picture may be longer';
	is $server->value("SELECT size FROM v1_photo WHERE pin = '7'"), 2 + 400 * $KB,
	    'and is stored';
	$fcgi->stop;
}

sub records {
	my $fcgi = $server->fastcgi('cdata', timeout => 180);
	$server->sql('DELETE FROM punch; DELETE FROM rejected');
	my $body = join '', map { sprintf "r%d\t2024-01-%02d %02d:%02d:%02d\t0\t1\n",
	    $_ / 86400, 1 + $_ / 3600 % 24, $_ / 3600 % 24, $_ / 60 % 60, $_ % 60 }
	    1 .. 100_003;
	my $reply = $fcgi->request(upload('ATTLOG', $body));
	is $reply->{body}, 'OK: 100003', 'all lines are acknowledged';
	is $server->value('SELECT COUNT(*) FROM v1_punch'), 100_000, 'most are stored';
	my ($last) = $body =~ /((?:[^\n]*\n){3})\z/;
	chomp $last;
	is $server->value('SELECT line FROM v1_rejected'), $last,
	    'the others are kept';
	my ($status, $text) = $server->tool(qw(rejected retry --sn LIMIT01));
	is $status, 0, 'and read again' or diag $text;
	is $server->value('SELECT COUNT(*) FROM v1_punch'), 100_003, 'all are stored';
	is $server->value('SELECT COUNT(*) FROM v1_rejected'), 0, 'nothing is left';
	$fcgi->stop;
}

sub sizes {
	my $fcgi = $server->fastcgi('cdata', timeout => 180);
	my $options = join ',', map { "Option$_=" . 'v' x 1000 } 1 .. 1100;
	my $reply = $fcgi->request(upload('options', $options));
	is "$reply->{status} $reply->{body}", '200 OK', 'a huge body is acknowledged';
	is $server->value('SELECT COUNT(*) FROM v1_device_option'), 0, 'not read';
	my @part = map { $_->[0] } $server->sql(
	    'SELECT line FROM v1_rejected ORDER BY id');
	is scalar @part, 5, 'but kept, in parts';
	ok join(',', @part) eq $options, 'byte for byte';
	$server->tool(qw(rejected retry --sn LIMIT01));
	is $server->value('SELECT COUNT(*) FROM v1_rejected'), 0,
	    'the parts can be read again';
	is $server->value('SELECT COUNT(*) FROM v1_device_option'), 1100, 'all of it';
	$fcgi->stop;
}

# ---- many requests ----

sub limits {
	my ($section) = @_;
	$server->write_ini({ limits => $section });
}

sub serial {
	limits({ serial_rate => 1, serial_burst => 20 });
	my $fcgi = $server->fastcgi('getrequest');
	my $start = time;
	my @reply = map { $fcgi->request(heartbeat('LIMIT01')) } 1 .. 20;
	my $asked = $server->db->status('Questions');
	push @reply, map { $fcgi->request(heartbeat('LIMIT01')) } 1 .. 200;
	$asked = $server->db->status('Questions') - $asked;
	my $seconds = int(time - $start) + 1;
	my %count = statuses(@reply);
	is join(' ', sort keys %count), '200 503', 'served, then sent away';
	my %first = statuses(@reply[0 .. 19]);
	is $first{200}, 20, 'first all are served';
	cmp_ok $count{200}, '<=', 20 + $seconds, "not more than may come in $seconds s";
	cmp_ok $asked, '<', 10 + 10 * $seconds, "without SQL ($asked statements)";
	my ($refused) = grep { $_->{status} == 503 } @reply;
	is $refused->{header}{'Retry-After'}, 10, 'told when to come again';
	is $refused->{header}{'Content-Type'}, 'text/plain', 'in plain text';
	is $refused->{body}, 'Service Unavailable', 'and nothing else';
	is $fcgi->request(heartbeat('LIMIT02'))->{status}, 200,
	    'another clock of that address is served';
	is $fcgi->request(heartbeat('LIMIT01', ip => '192.0.2.11'))->{status}, 200,
	    'and that serial from another address';
	my @line = $fcgi->log_text =~ /^(.*event=too-many-requests.*)$/mg;
	like $line[0], qr/sn=LIMIT01 ip=192\.0\.2\.10 .*refused=1/, 'the log tells';
	cmp_ok scalar @line, '<=', $seconds + 1, 'once a second';
	unlike $fcgi->log_text, qr/status=503/, 'and no more';
	$fcgi->stop;
}

sub address {
	limits({ address_rate => 1, address_burst => 20 });
	my $fcgi = $server->fastcgi('getrequest');
	my $ask = sub { map { $fcgi->request(heartbeat('LIMIT01', ip => $_)) } @_ };
	my %count = statuses($ask->(('192.0.2.1', '::ffff:192.0.2.1') x 50));
	cmp_ok $count{503}, '>', 50, 'one address, however it is written';
	%count = statuses($ask->(map { "192.0.2.$_" } 2 .. 101));
	is $count{200}, 100, 'others are not concerned';
	%count = statuses($ask->(map { "2001:db8::$_" } 1 .. 100));
	cmp_ok $count{503}, '>', 50, 'one network of IPv6';
	%count = statuses($ask->(map { "2001:db8:0:${_}::1" } 1 .. 100));
	is $count{200}, 100, 'others are not concerned';
	%count = statuses(map { $fcgi->request({ path => '/iclock/ping',
	    query => "SN=$_" }) } map { "no serial $_" } 1 .. 100);
	cmp_ok $count{503}, '>', 50, 'whatever they call themselves';
	$fcgi->stop;
}

sub no_limit {
	limits({ serial_rate => 0, serial_burst => 1, address_rate => 0,
	    address_burst => 1 });
	my $fcgi = $server->fastcgi('getrequest');
	my %count = statuses(map { $fcgi->request(heartbeat('LIMIT01')) } 1 .. 200);
	is $count{200}, 200, 'all are served';
	$fcgi->stop;
}

# Serials that somebody makes up, asked by a process that stays and by one for
# each request: as many as may wait are written down, and then one in a second.
sub strangers {
	limits({});
	$server->write_ini({ server => { pending_max => 3 } });
	my $fcgi = $server->fastcgi('cdata');
	my %way = (CGI => $server->cgi('cdata'), FASTCGI => $fcgi);
	for my $way (sort keys %way) {
		my ($start, $n, $log) = (time, 0, '');
		my $ask = sub {
			my $reply = $way{$way}->request(hello($way . ++$n));
			$log .= $reply->{stderr} // '';
			return $reply;
		};
		my %count = statuses(map { $ask->() } 1 .. 100);
		is $count{403}, 100, "$way: all are refused";
		is $server->value("SELECT COUNT(*) FROM v1_device WHERE status = 'pending'"),
		    3, '  few are kept';
		my @added = ($log || $fcgi->log_text) =~ /event=new-clock/g;
		cmp_ok scalar @added, '<=', 5 + time - $start, '  and hardly more were written down';
		ok +$server->eventually(sub {
			$ask->();
			return $server->value("SELECT COUNT(*) FROM v1_device WHERE sn = '$way$n'");
		}), '  but who comes in another second is';
	}
	$fcgi->stop;
}
