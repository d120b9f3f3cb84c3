# Every capture, sent as raw bytes through lighttpd as we ship it: each is
# answered as its clock expects, the views show every field of it, and all of
# them sent again add nothing.
use strict;
use warnings;
use File::Basename qw(basename dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::File qw(slurp);
use Clockgate::HTTP;
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $folder = Clockgate::Server->srcdir . '/tests/captures';
my %capture = map { basename($_) => slurp($_) } glob "$folder/*.http";
my %body = map { $_ => (split /\r\n\r\n/, $capture{$_}, 2)[1] } keys %capture;

# What each clock must read; a name that is not here is a new capture.
my $block = qr/\AGET OPTION FROM: \w+\n(?:\w+=[^\n]*\n)+\z/;
my %answer = (
	'01-x100-handshake.http' => $block,
	'02-x100-attlog.http' => 'OK: 3',
	'03-x100-operlog.http' => 'OK: 4',
	'04-x100-heartbeat-info.http' => 'OK',
	'05-speedface-handshake.http' => $block,
	'06-speedface-options.http' => 'OK',
	'07-speedface-attlog.http' => 'OK: 2',
	'08-speedface-biodata.http' => 'OK: 1',
	'09-aspx-heartbeat.http' => 'OK',
	'10-aspx-attlog-crlf.http' => 'OK: 2',
	'11-tft-handshake.http' => $block,
	'12-tft-attlog-jobcodes.http' => 'OK: 2',
	'13-tft-time.http' =>
	    qr/\ATime=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\n\z/,
	'14-old-handshake.http' => $block,
	'15-old-attlog.http' => 'OK: 1',
	'16-photo.http' => 'OK',
	'17-results.http' => 'OK',
	'18-result-info.http' => 'OK',
);
is_deeply [ sort keys %capture ], [ sort keys %answer ], 'an answer for each capture';

my $server = Clockgate::Server->new(ini => { server => { admission => 'open' } });
my $web = $server->lighttpd;
my $http = $web->http(20);
queue_commands();

my %first = send_all('first');
is $first{'01-x100-handshake.http'}{body} =~ /^ServerVer=(.*)$/m && $1, '2.4.0',
    'no higher version than that of the clock';
unlike $first{'14-old-handshake.http'}{body}, qr/ServerVer|ATTLOGStamp/,
    'the old dialect for an old clock';
is $first{'14-old-handshake.http'}{version}, 'HTTP/1.0', 'in its HTTP version';
views();
presence();
my @before = contents();
send_all('again');
is_deeply [ contents() ], \@before, 'sent again, they add nothing';

my %third = send_all('and again');
like $third{'14-old-handshake.http'}{body}, qr/^Stamp=285528079$/m,
    'a stamp comes back as it was sent';
like $third{'11-tft-handshake.http'}{body},
    qr/^ATTLOGStamp=2030-01-07T12:08:21$/m, 'that of a newer clock too';
$web->stop;
done_testing;

sub send_all {
	my ($when) = @_;
	my %reply;
	for my $name (sort keys %capture) {
		$reply{$name} = $http->exchange($capture{$name});
		subtest "$name $when" => sub { check($name, $reply{$name}) };
	}
	return %reply;
}

# Notes 3.1: what the reader in old firmware can take.
sub check {
	my ($name, $reply) = @_;
	my $want = $answer{$name};
	is $reply->{status}, 200, 'status';
	ref $want ? like($reply->{body}, $want, 'body')
	    : is($reply->{body}, $want, 'body');
	is Clockgate::HTTP::header($reply, 'Content-Length'),
	    length $reply->{body}, 'Content-Length, in this case';
	is Clockgate::HTTP::header($reply, 'Content-Type'), 'text/plain', 'type';
	like Clockgate::HTTP::header($reply, 'Date') // '',
	    qr/\A\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\z/, 'Date';
	is Clockgate::HTTP::header($reply, 'Connection'), 'close', 'Connection';
	cmp_ok length $reply->{head}, '<', 1024, 'a short header';
	unlike $reply->{head}, qr/Transfer-Encoding|Set-Cookie|Location|Content-Encoding/i,
	    'nothing that firmware stumbles over';
}

sub queue_commands {
	$server->sql(join ';', map { "INSERT INTO command (id, device_sn, body,
	    state, due_at_utc) VALUES ($_, 'XTC2030000011', 'CHECK', 'sent',
	    '2099-01-01')" } 101 .. 103);
}

sub views {
	punches();
	operations_and_users();
	templates();
	photo();
	devices();
	options_and_stamps();
	results();
	is $server->value('SELECT COUNT(*) FROM v1_rejected'), 0,
	    'nothing was unreadable';
}

sub rows_are {
	my ($sql, $want, $name) = @_;
	is $server->db->batch($sql, 'clockgate'), $want, $name;
}

sub punches {
	rows_are(q{SELECT device_sn, pin, punched_at, punched_at_utc, state,
	    verify, work_code, reserved1, reserved2, extra FROM v1_punch
	    WHERE device_sn <> '12300001' ORDER BY device_sn, id}, <<'END', 'punches');
NCD2030000033	7	2030-01-07 08:05:00	2030-01-07 07:05:00	0	1	0	0		NULL
NCD2030000033	8	2030-01-07 08:05:30	2030-01-07 07:05:30	0	4	0	0		NULL
OLD2030000044	4	2030-01-07 08:00:00	2030-01-07 07:00:00	0	1				NULL
SFV2030000022	900001	2030-01-07 08:00:07	2030-01-07 07:00:07	255	15	0	0	0	MaskFlag=255\tTemperature=0\tConvTemperature=0
SFV2030000022	900002	2030-01-07 08:01:44	2030-01-07 07:01:44	0	25	0	0	0	MaskFlag=0\tTemperature=36.5\tConvTemperature=0
XTC2030000011	1156	2030-01-07 07:58:41	2030-01-07 06:58:41	0	1		0	0	NULL
XTC2030000011	1157	2030-01-07 08:00:02	2030-01-07 07:00:02	0	1		0	0	NULL
XTC2030000011	1156	2030-01-07 17:03:12	2030-01-07 16:03:12	1	1		0	0	NULL
END
	rows_are(q{SELECT pin, punched_at, state, verify, work_code, reserved1,
	    reserved2, job_code1, job_code2, job_code3, job_code4, job_code5,
	    job_code6, tip_code1, tip_code2, tip_code3, extra FROM v1_punch
	    WHERE device_sn = '12300001' ORDER BY id}, <<'END', 'job and tip codes');
982	2030-01-07 12:08:21	1	0	9001	0	0	1	2	3	4	5	6	1.0	2.0	3.0	NULL
982	2030-01-07 13:18:22	1	0	9001	0	0	1	2	3	4	5	6	1.0	2.0	3.0	NULL
END
}

sub operations_and_users {
	rows_are(q{SELECT device_sn, code, admin_pin, happened_at, object1,
	    object2, object3, object4 FROM v1_operation ORDER BY id},
	    <<'END', 'operations');
XTC2030000011	4	0	2030-01-07 07:40:00	0	0	0	0
XTC2030000011	30	0	2030-01-07 07:41:10	1160	0	0	0
END
	rows_are(q{SELECT device_sn, pin, name, privilege, password, card,
	    group_no, time_zones, verify, vice_card, extra FROM v1_device_user},
	    <<'END', 'users');
XTC2030000011	1160	Ann Example	0			1	0000000100000000	0		NULL
END
}

# The templates are compared with the bytes of the captures.
sub templates {
	my ($fp) = $body{'03-x100-operlog.http'} =~ /\tTMP=(\S+)/;
	my ($face) = $body{'08-speedface-biodata.http'} =~ /\tTmp=(\S+)/;
	rows_are(q{SELECT device_sn, pin, type, no, idx, valid, duress, format,
	    major_version, minor_version, size, template FROM v1_template
	    ORDER BY type}, <<"END", 'templates');
XTC2030000011	1160	1	0	0	1	NULL				1608	$fp
SFV2030000022	900001	9	0	0	1	0	0	58	12	936	$face
END
}

sub photo {
	my $image = $body{'16-photo.http'} =~ s/\A.*?\0//sr;
	rows_are('SELECT device_sn, pin, taken_at, kind, size, HEX(image)
	    FROM v1_photo', join("\t", 'XTC2030000011', 1156,
	    '2030-01-07 07:58:41', 'punch', length $image,
	    uc unpack 'H*', $image) . "\n", 'the photo, byte for byte');
}

sub devices {
	rows_are(q{SELECT sn, status, push_version, device_type, language,
	    time_zone FROM v1_device ORDER BY sn}, <<'END', 'clocks');
12300001	active	3.2.0		69	Europe/Vienna
NCD2030000033	active				Europe/Vienna
OLD2030000044	active				Europe/Vienna
SFV2030000022	active	2.4.1	att	69	Europe/Vienna
XTC2030000011	active	2.4.0		73	Europe/Vienna
END
	rows_are(q{SELECT firmware, user_count, fingerprint_count, punch_count,
	    ip, fingerprint_version, face_version, faces_per_user, face_count,
	    support, card_count, user_photo_count, punch_photo_count
	    FROM v1_device WHERE firmware <> '' ORDER BY sn}, <<'END', 'their counters');
ZAM180-NF50VA-Ver3.4.10	1	0	16	192.0.2.43	10	39	12	1	01110	0	0	0
Ver 8.0.4.3-20200907	3	2	3	192.0.2.41	10	7	12	0	11110	NULL	NULL	NULL
END
}

sub options_and_stamps {
	rows_are(q{SELECT device_sn, name, value FROM v1_device_option
	    ORDER BY device_sn, name}, <<'END', 'options');
SFV2030000022	DeviceName	SpeedFace
SFV2030000022	FaceCount	41
SFV2030000022	FaceFunOn	1
SFV2030000022	IPAddress	192.0.2.42
SFV2030000022	MAC	00:17:61:00:00:22
SFV2030000022	OEMVendor	EXAMPLE CO., LTD.
SFV2030000022	SerialNumber	SFV2030000022
SFV2030000022	TransactionCount	1200
XTC2030000011	DeviceName	X100-C
XTC2030000011	FPCount	2
XTC2030000011	FWVersion	Ver 8.0.4.3-20200907
XTC2030000011	MAC	00:17:61:00:00:11
XTC2030000011	TransactionCount	3
XTC2030000011	UserCount	3
END
	rows_are(q{SELECT device_sn, table_name, stamp FROM v1_stamp
	    ORDER BY device_sn, table_name}, <<'END', 'stamps');
12300001	ATTLOG	2030-01-07T12:08:21
NCD2030000033	ATTLOG	9999
OLD2030000044	ATTLOG	285528079
SFV2030000022	ATTLOG	9999
SFV2030000022	BIODATA	9999
XTC2030000011	ATTLOG	9999
XTC2030000011	ATTPHOTO	9999
XTC2030000011	OPERLOG	9999
END
}

sub results {
	rows_are(q{SELECT id, device_sn, state, return_code FROM v1_command
	    ORDER BY id}, <<'END', 'results');
101	XTC2030000011	done	0
102	XTC2030000011	failed	-10
103	XTC2030000011	done	0
END
	is $server->value('SELECT reply FROM v1_command WHERE id = 103'),
	    $body{'18-result-info.http'} =~ s/\A[^\n]*\n|\n\z//gr, 'what INFO told';
}

# It is written in batches, a second or two late.
sub presence {
	my $unseen = 1;
	for (1 .. 100) {
		$unseen = $server->value('SELECT COUNT(*) FROM v1_device
		    WHERE last_seen_utc IS NULL') or last;
		sleep 0.1;
	}
	is $unseen, 0, 'every clock was seen';
}

# All rows of all views, but for times and numbers that may move.
sub contents {
	my @views = map { $_->[0] } $server->sql(q{SELECT table_name FROM
	    information_schema.views WHERE table_schema = 'clockgate'
	    ORDER BY table_name});
	cmp_ok scalar @views, '>=', 10, 'views';
	return map { ("$_:", rows_of($_)) } @views;
}

sub rows_of {
	my ($view) = @_;
	my @columns = map { "`$_->[0]`" } $server->sql(qq{SELECT column_name FROM
	    information_schema.columns WHERE table_schema = 'clockgate' AND
	    table_name = '$view' AND column_name NOT IN ('id', 'updated_at_utc',
	    'last_seen_utc')});
	return split /\n/, $server->db->batch('SELECT ' . join(', ', @columns)
	    . " FROM $view ORDER BY " . join(', ', 1 .. @columns), 'clockgate');
}
