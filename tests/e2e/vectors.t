# The test vectors of the field notes, section 10, over HTTP through lighttpd
# as we ship it.  12 and 13 belong to the queue of commands.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::HTTP;
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => { clock => { zone => 'Asia/Dubai' } });
my $web = $server->lighttpd;
my $http = $web->http(60);
my $SN = 'TST0000000001';
my $AT = '2024-01-05 08:00:07';
$server->admit($SN);

subtest '1 first contact' => \&first_contact;
subtest '2 an unknown serial' => \&unknown_serial;
subtest '3 INFO' => \&info;
subtest '4 ATTLOG' => \&attlog;
subtest '5 ATTLOG twice, and twice in parallel' => \&twice;
subtest '6 a broken line between good ones' => \&broken_line;
subtest '7 OPERLOG' => \&operlog;
subtest '8 the stamp comes back' => \&stamp_back;
subtest '9 ATTPHOTO' => \&photos;
subtest '10 HTTP' => \&http_forms;
subtest '11 results' => \&results;
subtest '14 TimeZone' => \&time_zone;
subtest '15 options with a comma' => \&options_comma;
subtest '16 other paths and tables' => \&other_paths;
subtest '17 slow, and gone' => \&slow_and_gone;
subtest '18 the database is down' => \&database_down;
$web->stop;
done_testing;

sub get {
	my ($path, $query) = @_;
	return $http->request({ path => $path, query => $query });
}

sub upload {
	my ($table, $body, $more) = @_;
	return $http->request({ path => '/iclock/cdata',
	    query => "SN=$SN&table=$table" . ($more // '&Stamp=9999'),
	    body => $body });
}

sub answers {
	my ($reply, $body, $name) = @_;
	is "$reply->{status} $reply->{body}", "200 $body", $name;
}

sub header { return Clockgate::HTTP::header(@_) // '' }

sub first_contact {
	my $new = 'options=all&language=69&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1';
	my @shapes = (
		[ '/iclock/cdata', "SN=$SN&$new", 'att', '2.4.1' ],
		[ '/iclock/cdata', "SN=$SN&options=all&pushver=2.31&language=83"
		    . '&pushcommkey=0123456789abcdef0123456789abcdef', '2.31', '2.31' ],
		[ '/iclock/cdata', "SN=$SN&options=all", 'PUSH 1' ],
		[ '/iclock/cdata', "SN=$SN&options=all&pushver=3.1.2&DeviceType=acc"
		    . '&PushOptionsFlag=1&language=83&pushflag=1', 'acc', '2.4.1' ],
		[ '/iclock/cdata', "sn=$SN&$new", 'sn=', '2.4.1' ],
		[ '/iclock/cdata.aspx', "SN=$SN&$new", '.aspx', '2.4.1' ],
		[ '//iclock/cdata', "SN=$SN&$new", '//iclock/', '2.4.1' ],
		[ '/iclock/iclock/cdata', "SN=$SN&$new", '/iclock/iclock/', '2.4.1' ],
		[ '/company/secret/iclock/CDATA', "SN=$SN&$new", 'prefix', '2.4.1' ],
	);
	for (@shapes) {
		my ($path, $query, $name, $version) = @$_;
		my $reply = get($path, $query);
		is $reply->{status}, 200, $name;
		like $reply->{body}, qr/\AGET OPTION FROM: $SN\n.*^Stamp=\w+\n.*\n\z/ms,
		    'a block that ends with a newline';
		$version //= '(none)';
		is $reply->{body} =~ /^ServerVer=(.*)$/m ? $1 : '(none)', $version,
		    'in the right dialect';
		like header($reply, 'Date'), qr/ GMT\z/, 'Date';
	}
}

sub unknown_serial {
	my $reply = get('/iclock/cdata', 'SN=NEW1&options=all');
	is $reply->{status}, 403, 'approve: refused';
	is header($reply, 'Content-Type'), 'text/plain', 'in plain text';
	cmp_ok length $reply->{body}, '<', 100, 'shortly';
	is $server->value("SELECT status FROM v1_device WHERE sn = 'NEW1'"),
	    'pending', 'and recorded';
	my $open = Clockgate::Server->new(ini => { server => { admission => 'open' } });
	my $other = $open->lighttpd;
	$reply = $other->http->request({ query => 'SN=NEW1&options=all' });
	like $reply->{body}, qr/\AGET OPTION FROM: NEW1\n/, 'open: answered as usual';
	is $open->value("SELECT status FROM v1_device WHERE sn = 'NEW1'"),
	    'active', 'and added';
	$other->stop;
}

sub info {
	my @info = (
		[ 'Ver 1(a),3,2,16', 'Ver 1(a)|3|2|16' ],
		[ 'V5,3,2,17,192.0.2.25', 'V5|3|2|17' ],
		[ 'V6,3,2,18,192.0.2.25,10', 'V6|3|2|18' ],
		[ 'Ver%206.8.0(build640), 2, 0, 0, 192.0.2.1, 10, -1, -12, 101',
		    'Ver 6.8.0(build640)|2|0|0' ],
		[ 'V10,3,2,19,192.0.2.41,10,7,12,0,11110', 'V10|3|2|19' ],
		[ 'V13,1,0,20,192.0.2.43,10,39,12,1,01110,0,0,0', 'V13|1|0|20' ],
		[ ',1,2,1,192.0.2.101', 'V13|1|2|1' ],
		[ 'V%20x,-1,-1,-1', 'V x|-1|-1|-1' ],
	);
	for (@info) {
		my ($info, $want) = @$_;
		answers(get('/iclock/getrequest', "SN=$SN&INFO=$info"), 'OK', $info);
		is $server->value("SELECT CONCAT_WS('|', firmware, user_count,
		    fingerprint_count, punch_count) FROM v1_device
		    WHERE sn = '$SN'"), $want, 'stored';
	}
}

sub attlog {
	my @form = (
		[ "a4\t$AT\t0\t1\n", 1 ],
		[ "a7\t$AT\t0\t1\t\t0\t0\n", 1 ],
		[ "a8\t$AT\t1\t1\t\t0\t0\t\n", 1 ],
		[ "a10\t$AT\t255\t1\t0\t0\t0\t255\t0\t0\n", 1 ],
		[ "a10t\t$AT\t255\t1\t0\t0\t0\t255\t0\t0\t\n", 1 ],
		[ "a12\t$AT\t255\t1\t0\t0\t0\t255\t0\t0\t+28800\tAAE=\n", 1 ],
		[ "acr1\t$AT\t0\t1\r\nacr2\t$AT\t0\t1\r\n", 2 ],
		[ "alf1\t$AT\t0\t1\nalf2\t$AT\t0\t1", 2 ],
	);
	answers(upload('ATTLOG', $_->[0]), "OK: $_->[1]", $_->[0] =~ /(\w+)/)
	    for @form;
	answers(upload('ATTLOG', ''), 'OK: 1', 'empty');
	is $server->value("SELECT GROUP_CONCAT(pin ORDER BY id) FROM v1_punch"),
	    'a4,a7,a8,a10,a10t,a12,acr1,acr2,alf1,alf2', 'a row a line';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin LIKE 'a1%' AND
	    extra LIKE 'MaskFlag=255%'"), 3, 'every column is kept';
}

sub twice {
	my $body = join '', map { "p$_\t$AT\t0\t1\n" } 1 .. 50;
	answers(upload('ATTLOG', $body), 'OK: 50', 'once') for 1 .. 2;
	$body =~ s/^p/q/mg;
	my @sockets = map { $http->connect } 1 .. 8;
	my $bytes = $http->bytes({ query => "SN=$SN&table=ATTLOG&Stamp=9999",
	    body => $body });
	print {$_} $bytes for @sockets;
	answers($http->read($_), 'OK: 50', 'in parallel') for @sockets;
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin LIKE 'p%'"), 50,
	    'no second row';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin LIKE 'q%'"), 50,
	    'nor in parallel';
}

sub broken_line {
	answers(upload('ATTLOG', "00a7_1\t$AT\t0\t1\nbro ken\n"
	    . "b2\t2099-01-01 00:00:00\t0\t1\n"), 'OK: 3', 'all are acknowledged');
	is $server->value("SELECT GROUP_CONCAT(pin, suspect ORDER BY pin)
	    FROM v1_punch WHERE pin IN ('00a7_1', 'b2')"), '00a7_10,b21',
	    'the good ones are stored, the future one is marked';
	is $server->value('SELECT line FROM v1_rejected'), 'bro ken', 'the other kept';
}

sub operlog {
	$server->sql("INSERT INTO device_setting SELECT id, 'charset', 'GB18030',
	    UTC_TIMESTAMP() FROM device WHERE sn = '$SN';
	    UPDATE device SET changed_at = NOW() WHERE sn = '$SN'");
	sleep 2.2;			# the programs look for changes each second
	my $body = "OPLOG 4\t0\t$AT\t0\t0\t0\t0\n"
	    . "USER PIN=1\tName=\xd5\xc5\xce\xb0\tPri=0\tCard=[15cd5b07]\n"
	    . "USER PIN=2\tName=b\tCard=[15cd5b0700]\nUSER PIN=3\tCard=123\n"
	    . "USER PIN=4\tCard=\nUSER PIN=5\tCard=[0000000000]\n"
	    . "FP PIN=1\tFID=0\tSize=4\tValid=1\tTMP=AAE=\n"
	    . "FACE PIN=1\tFID=0\tSIZE=4\tVALID=1\tTMP=AAI=\n"
	    . "BIODATA Pin=1\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\tMajorVer=58"
	    . "\tMinorVer=12\tFormat=0\tTmp=AAM=\n"
	    . "BIOPHOTO PIN=1\tFileName=1.jpg\tNo=0\tIndex=0\tType=9\tSize=8"
	    . "\tContent=/9j/2Q==\nWHATEVER PIN=1\n";
	answers(upload('OPERLOG', $body, '&OpStamp=77'), 'OK: 11', 'counted');
	is $server->text("SELECT pin, name, card FROM v1_device_user ORDER BY pin"),
	    "1\t\xe5\xbc\xa0\xe4\xbc\x9f\t[15cd5b07]\n2\tb\t[15cd5b0700]\n"
	    . "3\t\t123\n4\t\t\n5\t\t[0000000000]\n", 'users';
	is $server->text('SELECT type, template FROM v1_template ORDER BY type'),
	    "1\tAAE=\n2\tAAI=\n9\tAAM=\n", 'templates';
	is $server->text("SELECT kind, HEX(image) FROM v1_photo"),
	    "bio\tFFD8FFD9\n", 'the picture';
	is $server->value("SELECT line FROM v1_rejected WHERE table_name = 'OPERLOG'"),
	    'WHATEVER PIN=1', 'the unknown tag is kept raw';
}

sub stamp_back {
	my $block = get('/iclock/cdata', "SN=$SN&options=all&pushver=2.4.1")->{body};
	like $block, qr/^OpStamp=77$/m, 'OpStamp';
	like $block, qr/^OPERLOGStamp=77$/m, 'OPERLOGStamp';
}

sub photos {
	my $image = "\xff\xd8\xff\xe0\0\x10JFIF\0\n\r\nPIN=1\n\0\xff\xd9";
	my $head = "PIN=%s.jpg\nSN=$SN\nsize=" . length($image) . "\nCMD=uploadphoto";
	answers(upload('ATTPHOTO', sprintf($head, '20240105080007-91') . "\0$image"),
	    'OK', 'with NUL');
	answers($http->request({ path => '/iclock/fdata', body => $image,
	    query => "SN=$SN&PIN=20240105080007-92.jpg&PhotoStamp=285528079" }),
	    'OK', 'by the query, on fdata');
	answers(upload('ATTPHOTO', sprintf($head, '20240105080007-93') . "\n$image"),
	    'OK', 'without NUL');
	is $server->text("SELECT pin, image FROM v1_photo WHERE kind = 'punch'
	    ORDER BY pin"), join('', map { "$_\t$image\n" } 91 .. 93),
	    'byte for byte';
}

sub http_forms {
	my $line = sub { "$_[0]\t$AT\t0\t1\n" };
	my $query = "SN=$SN&table=ATTLOG&Stamp=9999";
	answers($http->request({ query => $query, body => $line->('h1') }), 'OK: 1',
	    'no Content-Type');
	answers($http->request({ query => $query, body => $line->('h2'), header => {
	    'Content-Type' => 'application/x-www-form-urlencoded' } }), 'OK: 1',
	    'a form');
	my $reply = $http->request({ query => $query, body => $line->('h3'),
	    header => { Expect => '100-continue' } });
	answers($reply, 'OK: 1', 'Expect: 100-continue');
	answers(waits_for_continue($query, $line->('h4')), 'OK: 1', 'who waits for it');
	$reply = $http->request({ query => $query, body => $line->('h5'),
	    version => 'HTTP/1.0' });
	answers($reply, 'OK: 1', 'HTTP/1.0');
	answers($http->exchange("POST http://clock.example:8081/iclock/cdata?$query "
	    . "HTTP/1.1\r\nHost: clock.example:8081\r\nMAC: 00:17:61:00:00:01\r\n"
	    . "Cookie: token=1\r\nConnection: starting\r\nContent-Length: "
	    . length($line->('h6')) . "\r\n\r\n" . $line->('h6')), 'OK: 1',
	    'an absolute address and odd headers');
	is $server->value("SELECT GROUP_CONCAT(pin ORDER BY id) FROM v1_punch
	    WHERE pin LIKE 'h_'"), 'h1,h2,h3,h4,h5,h6', 'the bodies are intact';
}

sub waits_for_continue {
	my ($query, $body) = @_;
	my $bytes = $http->bytes({ query => $query, body => $body,
	    header => { Expect => '100-continue' } });
	my $socket = $http->connect;
	print {$socket} substr $bytes, 0, -length $body;
	sysread $socket, my $interim, 1000;
	like $interim, qr{\AHTTP/1\.1 100 Continue\r\n\r\n\z}, '100 first';
	print {$socket} $body;
	return $http->read($socket);
}

sub results {
	$server->sql(join ';', map { "INSERT INTO command (id, device_sn, body,
	    state) VALUES ($_, '$SN', 'X', 'sent')" } 101 .. 107);
	my $result = sub {
		my ($name, $body) = @_;
		answers($http->request({ path => '/iclock/devicecmd',
		    query => "SN=$SN", body => $body }), 'OK', $name);
	};
	my $file = "\0\x01ID=107&Return=5\n\xff\r\n\0";
	$result->('three', "ID=101&Return=0&CMD=DATA\nID=102&Return=-10&CMD=DATA\n"
	    . "ID=103&Return=0&CMD=DATA\n");
	$result->('CRLF', "ID=104&Return=0&CMD=CHECK\r\n");
	$result->('INFO', "ID=105&Return=0&CMD=INFO\n~DeviceName=LX35\nMAC=00:17\n");
	$result->('Shell', "ID=106\nSN=$SN\nReturn=0\nCMD=Shell\n"
	    . "FILENAME=shellout.txt\nContent=total 0\n");
	$result->('GetFile', "ID=107\nSN=$SN\nFILENAME=x\nCMD=GetFile\nReturn="
	    . length($file) . "\nContent=$file");
	$result->('letters', "ID=OPENDOOR0&Return=0&CMD=AC_UNLOCK\n");
	$result->('unknown', "ID=999999&Return=0&CMD=DATA\n");
	$result->('again', "ID=101&Return=0&CMD=DATA\n");
	is $server->value("SELECT GROUP_CONCAT(id, state ORDER BY id) FROM v1_command"),
	    '101done,102failed,103done,104done,105done,106done,107done', 'states';
	like $server->value('SELECT reply FROM v1_command WHERE id = 107'),
	    qr/\Q$file\E\z/, 'the file is intact';
	is $server->value("SELECT value FROM v1_device_option WHERE
	    name = 'DeviceName'"), 'LX35', 'what INFO told';
}

sub time_zone {
	my @zone = ([ 'Asia/Shanghai', 'att', '+08:00' ],
	    [ 'Asia/Kolkata', 'att', '330' ], [ 'Asia/Kolkata', '', '+05:30' ],
	    [ 'Asia/Kathmandu', 'att', '345' ], [ 'Etc/GMT+5', 'att', '-05:00' ],
	    [ 'Pacific/Marquesas', 'att', '-570' ]);
	for my $n (0 .. $#zone) {
		my ($zone, $type, $want) = @{ $zone[$n] };
		$server->admit("ZONE$n");
		$server->sql("INSERT INTO device_setting SELECT id, 'zone', '$zone',
		    UTC_TIMESTAMP() FROM device WHERE sn = 'ZONE$n'");
		my $query = "SN=ZONE$n&options=all"
		    . ($type ? "&pushver=2.4.1&DeviceType=$type" : '');
		my ($got) = get('/iclock/cdata', $query)->{body} =~ /^TimeZone=(.*)$/m;
		is $got, $want, "$zone $type";
	}
	$server->admit('ZONEHH');
	$server->sql("INSERT INTO device_setting SELECT id, s.name, s.value,
	    UTC_TIMESTAMP() FROM device, (SELECT 'zone' AS name, 'Asia/Kolkata' AS
	    value UNION SELECT 'TimeZone', 'hhmm') s WHERE sn = 'ZONEHH'");
	like get('/iclock/cdata', 'SN=ZONEHH&options=all&pushver=2.4.1')->{body},
	    qr/^TimeZone=\+05:30$/m, 'a setting of the clock overrides';
}

sub options_comma {
	answers(upload('options', '~DeviceName=V5L,~OEMVendor=ZKTECO CO., LTD.,FaceCount=3',
	    ''), 'OK', 'acknowledged');
	is $server->text("SELECT name, value FROM v1_device_option WHERE name IN
	    ('DeviceName', 'OEMVendor', 'FaceCount') ORDER BY name"),
	    "DeviceName\tV5L\nFaceCount\t3\nOEMVendor\tZKTECO CO., LTD.\n", 'pairs';
}

sub other_paths {
	answers(get("/iclock/$_", "SN=$SN"), 'OK', $_) for qw(ping whatever event.aspx);
	answers($http->request({ path => '/iclock/exchange', body => 'key',
	    query => "SN=$SN&type=publickey" }), 'OK', 'exchange');
	answers(upload('rtlog', "time=$AT\tpin=1\n", ''), 'OK', 'rtlog');
	answers(upload('tabledata', "user uid=1\n" x 3, '&tablename=user&count=3'),
	    'user=3', 'tabledata');
	for my $path ('/', '/other', '/cdata', '/iclock.html', '/404.html') {
		my $reply = get($path, '');
		is $reply->{status}, 404, "nothing at $path";
		is header($reply, 'Content-Type'), 'text/plain', 'said in plain text';
	}
}

sub slow_and_gone {
	my $bytes = $http->bytes({ query => "SN=$SN&table=ATTLOG&Stamp=9999",
	    body => "slow\t$AT\t0\t1\n" });
	my $slow = $http->connect;
	for my $piece (unpack '(a20)*', $bytes) {
		print {$slow} $piece;
		sleep 0.2;
	}
	answers($http->read($slow), 'OK: 1', 'a body in trickles');
	my $stalled = $http->connect;
	print {$stalled} substr $bytes, 0, -3;
	answers(upload('ATTLOG', "beside\t$AT\t0\t1\n"), 'OK: 1',
	    'a stalled clock holds up nobody');
	close $stalled;
	my $gone = $http->connect;
	print {$gone} $bytes =~ s/slow/gone/r;
	close $gone;
	answers(upload('ATTLOG', "gone\t$AT\t0\t1\n"), 'OK: 1', 'it comes again');
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'gone'"), 1,
	    'and is stored once';
	my $large = "PIN=20240105080007-99.jpg\nSN=$SN\nsize=9437184\nCMD=uploadphoto\0"
	    . "\xff\xd8" . 'x' x (9 * (1 << 20) - 2);
	answers(upload('ATTPHOTO', $large), 'OK', '9 MB');
}

sub database_down {
	$server->db->stop;
	my $reply = upload('ATTLOG', "down\t$AT\t0\t1\n");
	is $reply->{status}, 503, 'come again';
	unlike $reply->{body}, qr/OK/, 'no acknowledgement';
	$server->db->start;
	for (1 .. 50) {
		$reply = upload('ATTLOG', "down\t$AT\t0\t1\n");
		last if $reply->{status} == 200;
		sleep 0.2;
	}
	answers($reply, 'OK: 1', 'it comes again');
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'down'"), 1,
	    'stored';
}
