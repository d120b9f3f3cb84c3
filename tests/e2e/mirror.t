# What a clock was told to take or to delete stands in the tables once it has
# said that it did: typed, executed by clocksim, read in the views.  What it
# recorded stays, whatever it deletes.

use strict;
use warnings;
use Test::More;
use Clockgate::Operator qw(typed);
use Clockgate::Process;
use Clockgate::Server;
use File::Temp ();

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;
my $clocksim = Clockgate::Server->program('clocksim');
plan skip_all => 'clocksim is not built' if !$clocksim;
delete @ENV{qw(http_proxy https_proxy CLOCKGATE_CONFIG CLOCKGATE_DB_PASSWORD)};

my $dir = File::Temp->newdir('cgmirror-XXXXXX', TMPDIR => 1);
my $SN = 'MIRROR0001';
my $s = Clockgate::Server->new(ini => { commands => { wipe => 'yes' } });
my $web = $s->lighttpd;
$s->admit($SN);
$s->allow('wipe');
my $sim = Clockgate::Process->start(cmd => [$clocksim, '--server',
    'http://127.0.0.1:' . $web->port, '--sn', $SN, qw(--staff 3 --enrolments 3
    --punches 3 --photos 1 --speed 20 --for 600 --quiet)], log => "$dir/sim.log");

sub recorded
{
	return $s->value("SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM v1_punch),
	    (SELECT COUNT(*) FROM v1_photo WHERE kind = 'punch'),
	    (SELECT COUNT(*) FROM v1_operation) > 0)");
}

sub people { return $s->value('SELECT GROUP_CONCAT(pin ORDER BY pin) FROM v1_device_user') }

sub templates
{
	return $s->value("SELECT GROUP_CONCAT(CONCAT_WS('/', pin, type, no)
	    ORDER BY pin, type, no) FROM v1_template");
}

sub items
{
	return $s->value("SELECT GROUP_CONCAT(CONCAT(kind, ' ', REPLACE(item_key, '\\t', '/'))
	    ORDER BY kind, item_key SEPARATOR ',') FROM v1_device_item");
}

sub pictures { return $s->value("SELECT COUNT(*) FROM v1_photo WHERE kind IN ('user', 'bio')") }

sub settled
{
	return people() eq '1001,1002,1003' && recorded() eq '3 1 1'
	    && templates() eq '1001/1/0,1002/1/0,1003/1/0';
}

my $told;
$told ||= Clockgate::Server->eventually(\&settled) for 1 .. 12;
ok($told, 'the clock tells of its people and punches') or diag($web->log_text);

# Command, fields; then what a function above gives.
my $TMP = 'YSB0ZW1wbGF0ZSB0aGF0IGlzIGxvbmcgZW5vdWdo';
my @STEPS = (
	[ ['user-update', 'PIN=7', 'Name=Ann B'], people => '1001,1002,1003,7' ],
	[ ['user-update', 'PIN=7', 'Name=Ann C', 'Card=5566'], people => '1001,1002,1003,7' ],
	[ ['fingerprint-update', 'PIN=7', 'FID=3', "TMP=$TMP"],
	    templates => '1001/1/0,1002/1/0,1003/1/0,7/1/3' ],
	[ ['biodata-update', 'Pin=7', qw(Type=9 MajorVer=58 MinorVer=12), "Tmp=$TMP"],
	    templates => '1001/1/0,1002/1/0,1003/1/0,7/1/3,7/9/0' ],
	[ ['picture-update', 'PIN=7', "Content=$TMP"], pictures => 1 ],
	[ ['work-code-update', 'CODE=5', 'Name=Paint'], items => 'WORKCODE 5' ],
	[ ['sms-update', 'MSG=See me', qw(TAG=254 UID=2 MIN=30), 'StartTime=2030-01-07 09:00:00'],
	    items => 'SMS 2,WORKCODE 5' ],
	[ ['sms-assign', 'PIN=1002', 'UID=2'], items => 'SMS 2,USER_SMS 1002/2,WORKCODE 5' ],
	[ ['fingerprint-delete', 'PIN=1001', 'FID=0'],
	    templates => '1002/1/0,1003/1/0,7/1/3,7/9/0' ],
	[ ['user-delete', 'PIN=1002'], people => '1001,1003,7', templates => '1003/1/0,7/1/3,7/9/0',
	    items => 'SMS 2,WORKCODE 5' ],
	[ ['clear-log'] ],
	[ ['clear-photo'], pictures => 1 ],
	[ ['clear-biodata'], templates => '1003/1/0,7/1/3', pictures => 1 ],
	[ ['picture-delete', 'PIN=7'], pictures => 0, people => '1001,1003,7' ],
	[ ['clear-data'], people => 'NULL', templates => 'NULL', items => 'NULL', pictures => 0 ],
);
my %SHOW = (people => \&people, templates => \&templates, items => \&items,
    pictures => \&pictures);

for my $step (@STEPS) {
	my ($typed, %want) = @$step;
	my ($status, $text, $said) = typed($s->program('clockgate'), '--config', $s->ini,
	    'command', 'send', $SN, @$typed, '--wait=60', '--yes');
	is($status, 0, "@$typed[0, 1 .. $#$typed > 2 ? 2 : $#$typed]") or diag($said, $text);
	is($SHOW{$_}->(), $want{$_}, "  $_") for sort keys %want;
	is(recorded(), '3 1 1', '  what was recorded is there');
	is($s->value("SELECT CONCAT(name, '|', card) FROM v1_device_user WHERE pin = '7'"),
	    'Ann C|5566', '  with what was told last') if "@$typed" =~ /Ann C/;
}
my ($status, $text, $said) = typed($s->program('clockgate'), '--config', $s->ini,
    'command', 'send', $SN, 'user-delete', 'PIN=404', '--wait=60', '--yes');
is($status, 1, 'what the clock refuses') or diag($said, $text);
is($s->value('SELECT COUNT(*) FROM v1_rejected'), 0, 'nothing is unreadable');
$sim->stop;

# Who punched here asks there, even after this clock has forgotten all of it.
my ($pin, $date, $time) = split ' ', $s->value('SELECT CONCAT(pin, \' \', punched_at)
    FROM v1_punch WHERE suspect = 0 ORDER BY punched_at DESC LIMIT 1');
$s->admit('MIRROR0002');
for my $ask ([ $pin, qr/\Astatus: 0\n.*^date: $date\ntime: $time\n/ms ], [ '404', qr/^status: 1$/m ]) {
	($status, $text, $said) = typed($clocksim, '--server', 'http://127.0.0.1:' . $web->port,
	    qw(--sn MIRROR0002 --staff 3 --speed 20 --quiet --last-punch), $ask->[0]);
	like($text, $ask->[1], "the last punch of $ask->[0], asked for at another clock")
	    or diag($said, $web->log_text);
}

done_testing;
