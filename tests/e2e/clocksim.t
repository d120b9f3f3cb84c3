# The clock in software: what it does with commands and options, against a
# scripted server; then a clock of each dialect and a fleet with faults against
# the real one.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::File qw(slurp spew);
use Clockgate::Scripted;
use Clockgate::Server;
use File::Temp ();
use IO::Socket::IP ();
use IPC::Open3 qw(open3);
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Test::More;

my $clocksim = Clockgate::Server->program('clocksim');
plan skip_all => 'clocksim is not built' if !$clocksim;
delete @ENV{qw(http_proxy https_proxy CLOCKGATE_CONFIG)};
my $dir = File::Temp->newdir('cgsim-XXXXXX', TMPDIR => 1);

# Exit status, and all that it printed.
sub clocksim { return typed($clocksim, @_) }

sub typed {
	my @command = @_;
	my $pid = open3(my $in, my $out, undef, @command);
	close $in;
	binmode $out;
	local $/;
	my $text = <$out> // '';
	waitpid $pid, 0;
	return ($? & 127 ? 'killed' : $? >> 8, $text);
}

sub b64 { return encode_base64($_[0], '') }

# ---- the command line ----

my ($status, $text) = clocksim('--version');
like "$status $text", qr/\A0 clocksim \d+\.\d+\.\d+\n\z/, '--version';
($status, $text) = clocksim('--help');
like $text, qr/\AUsage: clocksim .*^  --verify FILE /ms, '--help';
is $status, 0, '  and exits with 0';
for my $wrong ([], ['--server'], ['--server', 'ftp://x'], ['--nonsense'],
    ['--once=1'], ['--server', 'http://x', '--fleet', '0'],
    ['--server', 'http://x', '--dialect', 'acc'],
    ['--server', 'http://x', '--rate', '-1'],
    ['--server', 'http://x', '--staff', '2', '--pictures', '3'],
    ['--server', 'http://x', '--staff', '2', '--items', '3'],
    ['--server', 'http://x', '--faults=2'], ['--verify', 'x']) {
	($status, $text) = clocksim(@$wrong);
	like "$status $text", qr/\A2 clocksim: .*\(try --help\)\n\z/,
	    "refused: @$wrong";
}
for (['--staff 0: type a number, 1 to 20000', qw(--server http://x --staff 0)],
    ['--skew x: type a number, -2000000000 to 2000000000', qw(--server http://x --skew x)],
    ['--rate 0: type a number above 0', qw(--server http://x --rate 0)],
    ['--faults=2: type a number, 0 to 0.9', qw(--server http://x --faults=2)],
    ['--dialect acc: type old, att or tft', qw(--server http://x --dialect acc)],
    ['--sn is empty: type --sn SN', qw(--server http://x --sn), ''],
    ['a value is missing: --server URL', '--server'],
    ['--items 3 is more than --staff 2', qw(--server http://x --staff 2 --items 3)],
    ['what is it compared with? type: clocksim --verify x --config INI', qw(--verify x)]) {
	my ($want, @typed) = @$_;
	is((clocksim(@typed))[1], "clocksim: $want (try --help)\n", "  as: $want");
}
($status, $text) = clocksim('--server', 'http://127.0.0.1:1', qw(--once --for 1));
like "$status $text", qr{\A1 SIM0001: failed: http://127.0.0.1:1/.*: Could(?:n't| not) connect}, 'nobody there: it says why'
    or diag $text;

# ---- commands ----

my $BLOCK = <<"END";
GET OPTION FROM: SIM1
ATTLOGStamp=9999
OPERLOGStamp=9999
ErrorDelay=5
Delay=10
TransFlag=TransData AttLog\tOpLog\tAttPhoto\tEnrollUser\tChgUser\tEnrollFP\tChgFP\tFACE\tUserPic\tBioPhoto
TimeZone=+02:00
Realtime=1
SyncTime=0
END

# Run a clock against the commands: its results by id, the requests, its state.
sub obey {
	my ($commands, %arg) = @_;
	my $id = 0;
	my @work = $arg{work} ? @{ $arg{work} } : join '', map {
		'C:' . ++$id . ":$_\n" } @$commands;
	my $server = Clockgate::Scripted->new(hello => $arg{hello} // $BLOCK,
	    work => \@work, file => $arg{file} // {}, answer => $arg{answer});
	my ($exit, $said) = clocksim('--server', $server->url, '--sn', 'SIM1',
	    qw(--speed 100 --staff 2 --quiet --dump), "$dir/dump",
	    @{ $arg{run} // [qw(--once --for 20)] }, @{ $arg{option} // [] });
	my @requests = $server->requests;
	my %result;
	for my $r (grep { $_->{path} =~ /devicecmd/ } @requests) {
		for my $line (split /\n/, $r->{body}) {
			my ($got) = $line =~ /\AID=(\w+)/ or next;
			my ($code) = $r->{body} =~ /\AID=\w+\n/
			    ? $r->{body} =~ /^Return=(-?\d+)$/m : $line =~ /Return=(-?\d+)/;
			my ($cmd) = $r->{body} =~ /\AID=\w+\n/
			    ? $r->{body} =~ /^CMD=(.*)$/m : $line =~ /CMD=(.*)/;
			$result{$got} = "$code $cmd";
		}
	}
	return { exit => $exit, said => $said, requests => \@requests,
	    result => \%result, dump => slurp("$dir/dump") };
}

my $tmp = b64('a template that is long enough');
my $n = length $tmp;
my $week = '08001730' x 7;
my $days = join "\t", map { "$_=1" } qw(SUN MON TUE WED THU FRI SAT);
my $url = '/iclock/file/pic.jpg';
my $picture = "\xff\xd8\0binary\xff\xd9";

# What is sent, the code and the verb that come back, what the clock then holds
# (or, with ! before it, does not).
my @commands = (
	[ 'CHECK', '0 CHECK' ],
	[ 'LOG', '0 LOG' ],
	[ 'RELOAD OPTIONS', '0 RELOAD OPTIONS' ],
	[ 'INFO', '0 INFO' ],
	[ 'SHELL ls -l', '0 Shell' ],
	[ 'SHELL', '-1 Shell' ],
	[ 'SET OPTION Volume=55', '0 SET OPTION', '!Volume=55' ],
	[ 'SET OPTION Volume=56', '0 SET OPTION', "option\tVolume=56" ],
	[ 'SET OPTION ~DeviceName=x', '-1002 SET OPTION', '!option\t~DeviceName' ],
	[ 'SET OPTION nonsense', '-1 SET OPTION' ],
	[ 'GET OPTION FROM Volume', '0 GET OPTION' ],
	[ 'GET OPTION FROM LockOn', '0 GET OPTION' ],
	[ 'GET OPTION FROM Nonsense', '-4 GET OPTION' ],
	[ "DATA UPDATE USERINFO PIN=7\tName=Ann\tPri=0\tCard=123", '0 DATA',
	    "USERINFO\tPIN=7\tName=Ann\tPri=0\tCard=123\tPasswd=\tGrp=1\t"
	    . "TZ=0000000100000000\tVerify=0\tViceCard=" ],
	[ "DATA UPDATE USERINFO PIN=8\tName=Bob", '0 DATA' ],
	[ "DATA UPDATE USERINFO PIN=8\tPri=14", '0 DATA',
	    'USERINFO\tPIN=8\t(?:Card=\d+\t)?Pri=14\tName=Bob' ],
	[ 'DATA UPDATE USERINFO Name=Nobody', '-1 DATA', '!Name=Nobody' ],
	[ "DATA UPDATE USERINFO PIN=9 Name=Blanks", '-1 DATA', '!Name=Blanks' ],
	[ "DATA UPDATE USERINFO PIN=9\tPri=99", '-1 DATA', '!PIN=9\t' ],
	[ "DATA UPDATE USEREXTINFO PIN=7\tRecheckMin=5\tLockoutOverride=1\t"
	    . 'User1to1FpThreshold=15', '0 DATA', "USEREXTINFO\tPIN=7\tRecheckMin=5" ],
	[ "DATA UPDATE USEREXTINFO PIN=404\tRecheckMin=5", '-10 DATA' ],
	[ "DATA UPDATE FINGERTMP PIN=7\tFID=0\tSize=$n\tValid=1\tTMP=$tmp",
	    '0 DATA', "FINGERTMP\tPIN=7\tFID=0\tSize=$n\tValid=1\tTMP=$tmp" ],
	[ "DATA UPDATE FINGERTMP PIN=7\tFID=1\tSize=5\tValid=1\tTMP=$tmp", '-9 DATA' ],
	[ "DATA UPDATE FINGERTMP PIN=404\tFID=0\tSize=$n\tTMP=$tmp", '-10 DATA' ],
	[ "DATA UPDATE FINGERTMP PIN=7\tFID=2\tSize=8\tTMP=not:b64!", '-11 DATA' ],
	[ "DATA UPDATE FINGERTMP PIN=7\tFID=3\tSize=4\tTMP=AAAA", '-12 DATA' ],
	[ "DATA UPDATE FACE PIN=7\tFID=0\tSize=$n\tValid=1\tTMP=$tmp", '0 DATA',
	    "FACE\tPIN=7" ],
	[ "DATA UPDATE BIODATA Pin=7\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\t"
	    . "MajorVer=58\tMinorVer=12\tFormat=0\tTmp=$tmp", '0 DATA',
	    "BIODATA\tPin=7" ],
	[ "DATA UPDATE BIOPHOTO PIN=7\tType=9\tSize=$n\tContent=$tmp", '0 DATA',
	    "BIOPHOTO\tPIN=7" ],
	[ "DATA UPDATE BIOPHOTO PIN=8\tType=9\tFormat=1\tUrl=file/pic.jpg",
	    '0 DATA', "BIOPHOTO\tPIN=8\tType=9\tFormat=1\tUrl=file/pic.jpg\tContent="
	    . b64($picture) ],
	[ "DATA UPDATE BIOPHOTO PIN=8\tType=2\tUrl=file/none.jpg", '-1008 DATA' ],
	[ "DATA UPDATE USERPIC PIN=7\tSize=$n\tContent=$tmp", '0 DATA',
	    "USERPIC\tPIN=7" ],
	[ "DATA UPDATE USERPIC PIN=7\tSize=1\tContent=$tmp", '-2 DATA' ],
	[ "DATA UPDATE SMS MSG=Hello all\tTAG=253\tUID=1\tMIN=60\t"
	    . 'StartTime=2030-01-07 08:00:00', '0 DATA', "SMS\tMSG=Hello all" ],
	[ "DATA UPDATE SMS MSG=x\tTAG=252\tUID=2\tMIN=60\t"
	    . 'StartTime=2030-01-07 08:00:00', '-1 DATA' ],
	[ "DATA UPDATE USER_SMS PIN=7\tUID=1", '0 DATA', "USER_SMS\tPIN=7\tUID=1" ],
	[ "DATA UPDATE USER_SMS PIN=7\tUID=99", '-4 DATA' ],
	[ "DATA UPDATE WORKCODE CODE=1\tName=Paint", '0 DATA', "WORKCODE\tCODE=1" ],
	[ "DATA UPDATE JOBCODE Number=5\tName=Early\tJobCodeGroupId=3", '-4 DATA' ],
	[ "DATA UPDATE JOBCODEGROUP ID=3\tName=Roof\tEnable=1", '0 DATA',
	    "JOBCODEGROUP\tID=3" ],
	[ "DATA UPDATE JOBCODEGROUP ID=7\tName=Roof\tEnable=1", '-1 DATA' ],
	[ "DATA UPDATE JOBCODE Number=5\tName=Tile\tJobCodeGroupId=3", '0 DATA',
	    "JOBCODE\tNumber=5\tName=Tile" ],
	[ "DATA UPDATE TIPCODE ID=1\tName=Cash\tEnable=1", '0 DATA', "TIPCODE\tID=1" ],
	[ "DATA UPDATE TIMEZONE TZID=1\tTIME=$week", '0 DATA',
	    "TIMEZONE\tTZID=1\tTIME=$week" ],
	[ "DATA UPDATE TIMEZONE TZID=51\tTIME=$week", '-1 DATA' ],
	[ "DATA UPDATE TIMEZONE TZID=2\tTIME=0800", '-1 DATA' ],
	[ "DATA UPDATE AccGroup ID=2\tVerify=0\tValidholiday=0\tTZ=000100020010",
	    '0 DATA', "AccGroup\tID=2" ],
	[ "DATA UPDATE BELL BellID=1\tTime=08:00\tMusicID=3\t$days", '0 DATA',
	    "BELL\tBellID=1\tTime=08:00\tMusicID=3\t$days\tVolume=67\tState=1" ],
	[ "DATA UPDATE BELL BellID=2\tTime=08:00\tMusicID=10\t$days", '-1 DATA' ],
	[ "DATA UPDATE FUNCTIONKEY ShortKeyID=1\tShortKeyFun=1\tStateCode=0\t"
	    . "StateName=In", '0 DATA', "FUNCTIONKEY\tShortKeyID=1" ],
	[ "DATA UPDATE ATTSTATE AttStateKey=1\tAttStateValue=15", '0 DATA',
	    "ATTSTATE\tAttStateKey=1" ],
	[ "DATA UPDATE SHORTKEY keyID=2\tkeyFun=8\tkeyLabel=Self", '0 DATA',
	    "SHORTKEY\tkeyID=2" ],
	[ "DATA UPDATE SELFSERVICEINFO ServiceNum=1\tServiceName=Leave\tEnable=1",
	    '0 DATA', "SELFSERVICEINFO\tServiceNum=1" ],
	[ 'DATA QUERY USERINFO PIN=7', '0 DATA' ],
	[ 'DATA QUERY USERINFO PIN=404', '-10 DATA' ],
	[ 'DATA QUERY FINGERTMP PIN=7', '0 DATA' ],
	[ 'DATA QUERY BIODATA Type=9', '0 DATA' ],
	[ 'DATA QUERY BIODATA', '-1 DATA' ],
	[ "DATA QUERY ATTLOG StartTime=2000-01-01T00:00:00\tEndTime="
	    . '2090-01-01T00:00:00', '0 DATA' ],
	[ "DATA QUERY ATTLOG StartTime=1999-01-01 00:00:00\tEndTime="
	    . '1999-01-02 00:00:00', '-4 DATA' ],
	[ 'DATA QUERY ATTLOG', '-1 DATA' ],
	[ "DATA QUERY ATTPHOTO StartTime=2000-01-01 00:00:00\tEndTime="
	    . '2090-01-01 00:00:00', '0 DATA' ],
	[ "VERIFY SUM ATTLOG StartTime=2000-01-01 00:00:00\tEndTime="
	    . '2090-01-01 00:00:00', '0 VERIFY SUM ATTLOG'
	    . '&StartTime=2000-01-01 00:00:00&EndTime=2090-01-01 00:00:00&AttlogSum=3' ],
	[ 'PutFile file/main.tgz', '9 PutFile',
	    "file\tPath=/mnt/mtdblock/main.tgz\tSize=9\tContent=" . b64("nine\0byte") ],
	[ "PutFile file/main.tgz /mnt/mtdblock/image", '9 PutFile',
	    "file\tPath=/mnt/mtdblock/image/main.tgz\tSize=9" ],
	[ 'PutFile file/none.tgz', '-1008 PutFile' ],
	[ 'GetFile main.tgz', '9 GetFile' ],
	[ 'GetFile nonsense', '-3 GetFile' ],
	[ "ENROLL_FP PIN=8\tFID=6\tRETRY=3\tOVERWRITE=1", '0 ENROLL_FP',
	    "FINGERTMP\tPIN=8\tFID=6" ],
	[ "ENROLL_FP PIN=8\tFID=6\tRETRY=3\tOVERWRITE=0", '2 ENROLL_FP' ],
	[ "ENROLL_FP PIN=404\tFID=6\tRETRY=3\tOVERWRITE=1", '-10 ENROLL_FP' ],
	[ "ENROLL_FP PIN=8\tRETRY=3\tOVERWRITE=1", '-1 ENROLL_FP' ],
	[ "ENROLL_BIO TYPE=9\tPIN=8\tRETRY=3\tOVERWRITE=1", '0 ENROLL_BIO',
	    "BIODATA\tPin=8" ],
	[ "ENROLL_MF PIN=8\tRETRY=3", '0 ENROLL_MF', 'PIN=8\tCard=\d{8}\t' ],
	[ 'UPGRADE checksum=0,url=file/main.tgz,size=9', '0 UPGRADE' ],
	[ 'UPGRADE checksum=0,url=file/main.tgz,size=8', '-6 UPGRADE' ],
	[ 'AC_UNLOCK', '0 AC_UNLOCK' ],
	[ 'AC_UNALARM', '0 AC_UNALARM' ],
	[ 'USER ADD PIN=7', '-22 UNKNOWN CMD' ],
	[ 'DATA DEL USERINFO PIN=7', '-1002 DATA' ],
	[ 'DATA UPDATE NONSENSE PIN=7', '-1004 DATA' ],
	[ 'DATA QUERY OPTIONS', '-1004 DATA' ],
);
my $got = obey([ map { $_->[0] } @commands ], option => [qw(--punches 3 --photos 1)],
    file => { $url => $picture, '/iclock/file/main.tgz' => "nine\0byte" });
is $got->{exit}, 0, 'every command is done' or diag $got->{said};
for my $i (0 .. $#commands) {
	my ($body, $want, $state) = @{ $commands[$i] };
	my $name = substr $body, 0, 60;
	is $got->{result}{ $i + 1 }, $want, "$name: the result";
	next if !defined $state;
	my $not = $state =~ s/^!//;
	my $regex = $not || $state =~ /\\/ ? qr/$state/ : qr/^SIM1\t\Q$state\E/m;
	$not ? unlike($got->{dump}, $regex, '  and nothing is kept')
	    : like($got->{dump}, $regex, '  and the clock holds it');
}

# What came beside the results.
sub posts {
	my ($requests, $query) = @_;
	return grep { $_->{method} eq 'POST' && $_->{query} =~ $query } @$requests;
}
sub bodies { return join '', map { $_->{body} } posts(@_) }
my $upload = bodies($got->{requests}, qr/table=OPERLOG/);
like $upload, qr/^USER PIN=7\tName=Ann\t/m, 'QUERY USERINFO is answered by an upload';
like $upload, qr/^FP PIN=7\tFID=0\tSize=$n\t/m, 'and QUERY FINGERTMP';
like $upload, qr/^FP PIN=8\tFID=6\tSize=\d+\tValid=1\tTMP=/m, 'an enrolment is uploaded';
like $upload, qr/^OPLOG 6\t0\t[-\d]+ [:\d]+\t8\t6\t0\t0$/m, 'as an operation too';
like $upload, qr/^BIODATA Pin=8\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\t/m,
    'a face is uploaded';
like bodies($got->{requests}, qr/table=BIODATA/), qr/^BIODATA Pin=7\t/m,
    'QUERY BIODATA in its table';
my @attlog = split /\n/, bodies($got->{requests}, qr/table=ATTLOG/);
is scalar @attlog, 6, 'three punches, by themselves and for QUERY ATTLOG';
is((() = bodies($got->{requests}, qr/table=ATTPHOTO/) =~ /CMD=uploadphoto\0\xff\xd8/g),
    2, 'and a photo twice');
like bodies($got->{requests}, qr/table=options/), qr/\bVolume=56/,
    'GET OPTION is answered among the options';
my ($info) = grep { /CMD=INFO\n/ } map { $_->{body} }
    grep { $_->{path} =~ /devicecmd/ } @{ $got->{requests} };
like $info, qr/\AID=\d+&Return=0&CMD=INFO\n~DeviceName=.*^UserCount=2$/ms,
    'INFO has the options behind it';
my ($shell) = grep { /^CMD=Shell$/m } map { $_->{body} }
    grep { $_->{path} =~ /devicecmd/ } @{ $got->{requests} };
like $shell, qr/\AID=\d+\nSN=SIM1\nReturn=0\nCMD=Shell\nFILENAME=shellout.txt\nContent=.*options\.cfg/s,
    'SHELL has its output behind it';
my ($file) = grep { /^CMD=GetFile$/m } map { $_->{body} }
    grep { $_->{path} =~ /devicecmd/ } @{ $got->{requests} };
like $file, qr/\AID=\d+\nSN=SIM1\nFILENAME=main.tgz\nCMD=GetFile\nReturn=9\nContent=nine\0byte\z/,
    'GetFile has the bytes behind it';
is scalar(grep { $_->{query} =~ /options=all/ } @{ $got->{requests} }), 2,
    'CHECK makes it ask for its options again';

# ---- deletion, one by one and all ----

my @hold = map { "DATA UPDATE $_" } map { ("USERINFO PIN=$_",
    "FINGERTMP PIN=$_\tFID=0\tTMP=$tmp", "FINGERTMP PIN=$_\tFID=1\tTMP=$tmp",
    "FACE PIN=$_\tFID=0\tTMP=$tmp", "BIODATA Pin=$_\tType=9\tTmp=$tmp",
    "USERPIC PIN=$_\tContent=$tmp") } 7, 8;
push @hold, map { "DATA UPDATE $_" } map { (
    "SMS MSG=x\tTAG=253\tUID=$_\tMIN=1\tStartTime=2030-01-07 08:00:00",
    "WORKCODE CODE=$_\tName=x", "JOBCODEGROUP ID=$_\tName=x\tEnable=1",
    "JOBCODE Number=$_\tName=x\tJobCodeGroupId=$_", "TIMEZONE TZID=$_\tTIME=$week",
    "BELL BellID=$_\tTime=08:00\tMusicID=3\t$days",
    "SHORTKEY keyID=$_\tkeyFun=1") } 1, 2;
# The command, its code, what is gone, what stays.
my @deletions = (
	[ "DATA DELETE FINGERTMP PIN=7\tFID=0", 0, "FINGERTMP\tPIN=7\tFID=0",
	    "FINGERTMP\tPIN=7\tFID=1" ],
	[ 'DATA DELETE FINGERTMP PIN=7', 0, "FINGERTMP\tPIN=7", "FINGERTMP\tPIN=8" ],
	[ 'DATA DELETE FINGERTMP', 0, "FINGERTMP\t", "FACE\tPIN=7" ],
	[ 'DATA DELETE FINGERTMP PIN=404', -10, undef, "FINGERTMP\tPIN=7" ],
	[ 'DATA DELETE FACE PIN=7', 0, "FACE\tPIN=7", "FACE\tPIN=8" ],
	[ 'DATA DELETE FACE', -1, undef, "FACE\tPIN=7" ],
	[ "DATA DELETE BIODATA Pin=7\tType=9", 0, "BIODATA\tPin=7", "BIODATA\tPin=8" ],
	[ "DATA DELETE BIODATA Pin=7\tType=2", -4, undef, "BIODATA\tPin=7" ],
	[ 'DATA DELETE USERPIC PIN=7', 0, "USERPIC\tPIN=7", "USERPIC\tPIN=8" ],
	[ 'DATA DELETE USERINFO PIN=7', 0, '\w+\t(?:PIN|Pin)=7', "FACE\tPIN=8" ],
	[ 'DATA DELETE USERINFO PIN=404', -10, undef, "USERINFO\tPIN=7" ],
	[ 'DATA DELETE USERINFO', 0, '\w+\t(?:PIN|Pin)=', "WORKCODE\tCODE=1" ],
	[ 'CLEAR ALL USERINFO', 0, '\w+\t(?:PIN|Pin)=', "WORKCODE\tCODE=1" ],
	[ 'CLEAR BIODATA', 0, "BIODATA\t", "FACE\tPIN=7" ],
	[ 'DATA DELETE SMS UID=1', 0, "SMS\tMSG=x\tTAG=253\tUID=1",
	    "SMS\tMSG=x\tTAG=253\tUID=2" ],
	[ 'DATA DELETE SMS', 0, "SMS\t", "WORKCODE\tCODE=1" ],
	[ 'DATA DELETE WORKCODE CODE=1', 0, "WORKCODE\tCODE=1", "WORKCODE\tCODE=2" ],
	[ 'DATA DELETE WORKCODE', 0, "WORKCODE\t", "SMS\t" ],
	[ 'DATA DELETE WORKCODE CODE=9', -4, undef, "WORKCODE\tCODE=2" ],
	[ 'DATA DELETE JOBCODEGROUP ID=1', 0, "JOBCODEGROUP\tID=1",
	    "JOBCODEGROUP\tID=2" ],
	[ 'DATA DELETE JOBCODEGROUP', -1, undef, "JOBCODEGROUP\tID=2" ],
	[ "DATA DELETE JOBCODE Number=1\tJobCodeGroupId=1", 0, "JOBCODE\tNumber=1",
	    "JOBCODE\tNumber=2" ],
	[ 'DATA DELETE TIMEZONE TZID=1', 0, "TIMEZONE\tTZID=1", "TIMEZONE\tTZID=2" ],
	[ 'DATA DELETE TIMEZONE', 0, "TIMEZONE\t", "BELL\t" ],
	[ 'RESET ALL TIMEZONE', 0, "TIMEZONE\t", "BELL\t" ],
	[ 'DATA DELETE BELL BellID=1', 0, "BELL\tBellID=1\t", "BELL\tBellID=2\t" ],
	[ 'DATA DELETE BELL', 0, "BELL\t", "SMS\t" ],
	[ 'CLEAR ALL BELL', 0, "BELL\t", "SMS\t" ],
	[ 'RESET ALL FUNCKEYS', 0, "SHORTKEY\t", "BELL\t" ],
	[ 'CLEAR LOG', 0, "ATTLOG\t", "ATTPHOTO\t" ],
	[ 'CLEAR PHOTO', 0, "ATTPHOTO\t", "ATTLOG\t" ],
	[ 'CLEAR DATA', 0, '(?:USERINFO|BELL|ATTLOG|ATTPHOTO)\t', "clock\t" ],
);
for my $row (@deletions) {
	my ($command, $code, $gone, $stays) = @$row;
	my $r = obey([ @hold, $command ], option => [qw(--punches 2 --photos 1)]);
	my $cmd = $command =~ /^DATA/ ? 'DATA' : $command;
	is $r->{result}{ @hold + 1 }, "$code $cmd", $command;
	is scalar(grep { $r->{result}{$_} ne '0 DATA' } 1 .. @hold), 0,
	    '  after everything was put in' or diag explain $r->{result};
	unlike $r->{dump}, qr/^SIM1\t$gone/m, '  takes what it should' if defined $gone;
	like $r->{dump}, qr/^SIM1\t$stays/m, '  and nothing else';
}

# ---- forms of results, other dialects, REBOOT, broken lines ----

my $r = obey([ 'CHECK', 'DATA DELETE WORKCODE' ], option => [qw(--dialect tft)]);
is_deeply [ map { $_->{body} } grep { $_->{path} =~ /devicecmd/ } @{ $r->{requests} } ],
    [ "ID=1&SN=SIM1&Return=0&CMD=CHECK\n", "ID=2&SN=SIM1&Return=0&CMD=DATA\n" ],
    'the seed: one result at a time, with the serial';
$r = obey([ "DATA USER PIN=7\tName=Ann", "FP PIN=7\tFID=0\tSize=$n\tTMP=$tmp",
    "DATA UPDATE USERINFO PIN=8", 'DATA DEL_FP PIN=7', 'DATA DEL_USER PIN=7',
    'DATA QUERY USERINFO' ], option => [qw(--dialect old)]);
is_deeply $r->{result}, { 1 => '0 DATA', 2 => '0 DATA', 3 => '-1002 DATA',
    4 => '0 DATA', 5 => '0 DATA', 6 => '0 DATA' }, 'an old clock: the old verbs alone';
is scalar(grep { $_->{path} =~ /devicecmd/ } @{ $r->{requests} }), 2,
    'results go together, up to an upload';
like bodies($r->{requests}, qr/table=USERINFO/), qr/\AUSER PIN=1001\t/,
    'and users in a table of their own';
is $r->{requests}[0]{version}, '1.0', 'in HTTP 1.0';
is $r->{requests}[0]{query}, 'SN=SIM1&options=all', 'without a version';
$r = obey([ "DATA USER PIN=7" ]);
is $r->{result}{1}, '-1002 DATA', 'which others do not know';

$r = obey([], work => [ "C:1:DATA UPDATE WORKCODE CODE=1\tName=x\nC:2:REBOOT\n"
    . "C:3:DATA UPDATE WORKCODE CODE=2\tName=x\n" ]);
is_deeply $r->{result}, {}, 'REBOOT drops the results that wait, and has none';
like $r->{dump}, qr/WORKCODE\tCODE=1/, 'what was done before it is done';
unlike $r->{dump}, qr/WORKCODE\tCODE=2/, 'what stands behind it is ignored';
is scalar(grep { $_->{query} =~ /options=all/ } @{ $r->{requests} }), 2,
    'and it begins anew';
like bodies($r->{requests}, qr/OPERLOG/), qr/^OPLOG 0\t/m, 'telling that it was switched on';

$r = obey([], work => [ "C:1:DATA DELETE WORKCODE\r\nnonsense\nC::CHECK\n"
    . "C:an-id:LOG\nC:3:CHECK" ]);
is_deeply $r->{result}, { 1 => '0 DATA', an => '0 LOG' },
    'lines that are none, or not ended, are passed over';
like join('', map { $_->{body} } @{ $r->{requests} }), qr/^ID=an-id&Return=0&CMD=LOG$/m,
    'an id need not be a number';
$r = obey([ "ENROLL_FP PIN=1001\tFID=6\tRETRY=3\tOVERWRITE=1" ],
    option => [qw(--enrol-outcome 6)]);
is $r->{result}{1}, '6 ENROLL_FP', 'an enrolment that was cancelled';

# ---- options ----

sub with { my $block = $BLOCK; my %o = @_;
	$block =~ s/^$_=.*\n//m, $block .= "$_=$o{$_}\n" for sort keys %o;
	return $block;
}
# TimeZone, dialect, minutes.
for my $row ([ '8', 'att', 480 ], [ '-05:00', 'att', -300 ], [ '+05:30', 'att', 300 ],
    [ '330', 'att', 330 ], [ '-210', 'att', -210 ], [ '0', 'att', 0 ],
    [ '+05:30', 'tft', 330 ], [ '-03:30', 'tft', -210 ], [ '-00:30', 'old', -30 ],
    [ '345', 'old', 345 ], [ '24', 'old', 1440 ], [ '-24', 'att', -1440 ]) {
	my ($zone, $dialect, $minutes) = @$row;
	my $r = obey([], hello => with(TimeZone => $zone),
	    option => [ '--dialect', $dialect ]);
	like $r->{dump}, qr/\tzone=$minutes\n/, "$dialect reads TimeZone=$zone";
}
# TransFlag, dialect, tables that are uploaded.
for my $row ([ "TransData AttLog\tOpLog", 'att', 'ATTLOG OPERLOG' ],
    [ 'TransData AttLog', 'att', 'ATTLOG' ], [ 'TransData AttPhoto', 'old', 'ATTPHOTO' ],
    [ "AttLog\tOpLog", 'att', '' ], [ 'AttLog', 'tft', 'ATTLOG' ],
    [ '1000000000', 'att', 'ATTLOG' ], [ '0010000000', 'old', 'ATTPHOTO' ],
    [ '0000000000', 'att', '' ], [ '0001', 'att', 'OPERLOG' ], [ '0001', 'tft', 'OPERLOG' ]) {
	my ($flag, $dialect, $tables) = @$row;
	my $r = obey([], hello => with(TransFlag => $flag), option => [ '--dialect',
	    $dialect, qw(--punches 1 --photos 1 --enrolments 1) ]);
	my %seen = map { $_ => 1 } map { $_->{query} =~ /table=([A-Z]+)/ }
	    @{ $r->{requests} };
	is join(' ', sort keys %seen), $tables, "$dialect obeys TransFlag=$flag";
	next if $flag ne '0001';
	like bodies($r->{requests}, qr/OPERLOG/), $dialect eq 'tft' ? qr/\AUSER [^\n]*\n\z/
	    : qr/\AFP [^\n]*\n\z/, '  in its own order of the bits';
}
$r = obey([], hello => with(Realtime => 0, TransInterval => 0, TransTimes => '0'),
    option => [qw(--punches 2)]);
is bodies($r->{requests}, qr/ATTLOG/), '', 'Realtime=0 without a time: nothing is sent';
$r = obey([ 'LOG' ], hello => with(Realtime => 0, TransTimes => '0'),
    option => [qw(--punches 2)]);
is((() = bodies($r->{requests}, qr/ATTLOG/) =~ /\n/g), 2, 'but by LOG');
$r = obey([], hello => with(Realtime => 0, TransInterval => 1),
    option => [qw(--punches 2)]);
is((() = bodies($r->{requests}, qr/ATTLOG/) =~ /\n/g), 2, 'or when TransInterval is over');
$r = obey([], hello => with(Realtime => 0, TransInterval => 0, TransTimes => join ';',
    map { POSIX::strftime('%H:%M', gmtime(time + 7200 + 60 * $_)) } 0, 1),
    option => [qw(--punches 2)]);
is((() = bodies($r->{requests}, qr/ATTLOG/) =~ /\n/g), 2, 'or at one of TransTimes');

# SyncTime and Date set a clock that is wrong.
my $iso = POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime(time + 3 * 3600));
my $server = Clockgate::Scripted->new(hello => with(SyncTime => 1), answer => sub {
	return [ 200, "Time=$iso+03:00\n" ] if $_[0]{query} =~ /type=time/;
	return undef;
});
clocksim('--server', $server->url, qw(--sn SIM1 --for 1 --speed 10 --skew -86400 --quiet --dump),
    "$dir/dump");
cmp_ok scalar(grep { $_->{query} eq 'SN=SIM1&type=time' } $server->requests), '>', 0,
    'SyncTime makes it ask for the time';
like slurp("$dir/dump"), qr/\tskew=-?[0-5]\tzone=180$/m, 'and take it, with its zone';
$r = obey([], option => [qw(--skew 5000)], answer => sub {
	return $_[0]{path} =~ /getrequest/ ? [ 200, 'OK', Date =>
	    POSIX::strftime('%a, %d %b %Y %H:%M:%S GMT', gmtime) ] : undef;
});
like $r->{dump}, qr/\tskew=-?[0-2]\t/, 'Date sets it too';

# Stamps: what is newer than that of the second handshake is sent again.
my $zk = ((30 * 12 + 0) * 31 + 6) * 86400 + 8 * 3600;
my @two = ("7\t2030-01-07 08:00:00\t0\t1\n", "7\t2030-01-08 08:00:00\t0\t1\n");
spew("$dir/punches", join '', @two);
for my $row ([ 'att', '9999', @two ], [ 'att', '0', @two, @two ],
    [ 'old', '0', @two, @two ], [ 'old', $zk, @two, $two[1] ],
    [ 'tft', '2030-01-07T08:00:00', @two, $two[1] ], [ 'tft', '0', @two, @two ]) {
	my ($dialect, $stamp, @want) = @$row;
	my $handshakes = 0;
	my $r = obey([], work => [ 'OK', "C:1:CHECK\n" ], run => [qw(--for 1)], option => [
	    '--dialect', $dialect, '--punch-file', "$dir/punches", '--speed', 200 ], answer => sub {
		return undef if $_[0]{query} !~ /options=all/;
		my $told = $handshakes++ ? $stamp : 0;
		return [ 200, $BLOCK =~ s/^ATTLOGStamp=.*/ATTLOGStamp=$told\nStamp=$told/mr ];
	    });
	is bodies($r->{requests}, qr/ATTLOG/), join('', @want), "$dialect obeys the stamp $stamp";
}
$r = obey([], option => [ qw(--dialect old --punch-file), "$dir/punches" ]);
like $r->{requests}[-1]{query} . join(' ', map { $_->{query} } @{ $r->{requests} }),
    qr/table=ATTLOG&Stamp=${\($zk + 86400)}\b/, 'an old clock sends the time of the last as stamp';

# A notice: its port is fixed, so it goes to a loopback address that nobody
# else is likely to use at this moment.
my $near = join '.', 127, map { 1 + int rand 250 } 1 .. 3;
$server = Clockgate::Scripted->new(hello => with(Delay => 1000), work => [ 'OK', "C:1:LOG\n" ]);
my $notice = IO::Socket::IP->new(Proto => 'udp', PeerHost => $near, PeerPort => 4374);
my $waker = fork;
if (!$waker) {
	for (1 .. 20) {
		select undef, undef, undef, 0.1;
		$notice->send('R-CMD');
	}
	POSIX::_exit(0);
}
clocksim('--server', $server->url, '--ip', $near, qw(--sn SIM1 --for 2 --udp --quiet));
waitpid $waker, 0;
my @woken = $server->requests;
like join(' ', map { $_->{query} } @woken), qr/INFO=[^ ]*\Q$near\E/, 'the address that it tells';
like bodies(\@woken, qr/SN=/), qr/,IPAddress=\Q$near\E,.*ID=1&Return=0&CMD=LOG\n\z/s,
    'a notice makes it ask for commands';

# ---- acknowledgements ----

sub tries {
	my ($bad, @option) = @_;
	my $count = 0;
	my $r = obey([], option => [qw(--punches 2 --staff 1), @option], answer => sub {
		return undef if $_[0]{query} !~ /table=ATTLOG/;
		return ++$count <= 2 ? $bad : undef;
	});
	my @sent = map { $_->{body} } posts($r->{requests}, qr/table=ATTLOG/);
	return ($r, @sent);
}
for my $bad ([ 503, 'no' ], [ 200, '' ], [ 200, 'OK: 0' ], [ 200, 'OK: 1' ],
    [ 404, 'OK' ], [ 200, '<html>OK</html>' ]) {
	my ($r, @sent) = tries($bad);
	is scalar @sent, 3, "$bad->[0] \"$bad->[1]\" is no acknowledgement";
	is_deeply \@sent, [ ($sent[0]) x 3 ], '  the same is sent again';
	is $r->{exit}, 0, '  until it is';
}
my $refused = 0;
$r = obey([], answer => sub {
	return $_[0]{query} =~ /options=all/ && ++$refused <= 2 ? [ 403, 'pending' ] : undef;
});
is scalar(grep { $_->{query} =~ /options=all/ } @{ $r->{requests} }), 3,
    'a clock that is refused comes back';
my $html = 0;
$r = obey([ 'DATA DELETE WORKCODE' ], answer => sub {
	return $_[0]{path} =~ /devicecmd/ && ++$html == 1 ? [ 200, 'OK',
	    'Content-Type' => 'text/html' ] : undef;
});
is scalar(grep { $_->{path} =~ /devicecmd/ } @{ $r->{requests} }), 2,
    'a result is sent again until the answer is text/plain';

# ---- keys ----

sub key {
	my ($reply, @option) = @_;
	my $server = Clockgate::Scripted->new(hello => $BLOCK, answer => sub {
		return $_[0]{query} =~ /LastPunch|SELFSERVICE/ ? $reply : undef;
	});
	my ($exit, $said) = clocksim('--server', $server->url, qw(--sn SIM1 --once
	    --speed 100 --for 10 --quiet), @option);
	my @requests = $server->requests;
	return ($exit, $said, grep { $_->{query} =~ /LastPunch|SELFSERVICE/
	    || $_->{path} =~ /devicecmd/ } @requests);
}
my ($exit, $said, @asked) = key([ 200, "status=0\nname=Ann\tpin=7\tstate=1\t"
    . "workcode=\tdate=2030-01-07\ttime=17:00:00\n" ], '--last-punch', 7);
is $said, "status: 0\nname: Ann\npin: 7\nstate: 1\nworkcode: \ndate: 2030-01-07\n"
    . "time: 17:00:00\n", 'the last punch on the display';
is $asked[0]{query}, 'SN=SIM1&type=LastPunch&PIN=7', 'asked as in the specification';
($exit, $said, @asked) = key([ 200, "DATA UPDATE SELFSERVICEDATA ServiceNum=0\tPIN=1999\t"
    . "Style=2\tData=" . b64('ID=1&CMD=Vacation;ID=4&CMD=Schedules') ],
    '--self-service', 1999);
is $said, "1  Vacation\n4  Schedules\n", 'the menu of self-service';
is $asked[0]{query}, 'SN=SIM1&table=SELFSERVICEDATA&PIN=1999&ServiceNum=0',
    'asked as in the appendix';
is $asked[1]{body}, 'ID=567&SN=SIM1&Return=0&CMD=ServiceNum', 'and its result';
($exit, $said) = key([ 200, "DATA UPDATE SELFSERVICEDATA ServiceNum=0\tPIN=1999\tStyle=2\tData=" ],
    '--self-service', 1999);
is "$exit $said", '0 ', 'a menu without services';
($exit, $said, @asked) = key([ 200, "DATA UPDATE SELFSERVICEDATA ServiceNum=4\tPIN=1999\t"
    . "Style=1\tData=" . b64("Monday,1:00\r\nTuesday,2:00") ], '--self-service', '1999,4');
is $said, "Monday | 1:00\nTuesday | 2:00\n", 'a table of self-service';
($exit, $said) = key([ 200, "DATA UPDATE SELFSERVICEDATA ServiceNum=4\tPIN=1999\t"
    . "Style=0\tData=" . b64('No news') ], '--self-service', '1999,4');
is "$exit $said", "0 No news\n", 'a text of self-service';
($exit, $said) = key([ 404, 'no' ], '--self-service', '1999');
is $exit, 1, 'a refusal is told by the exit status';

# Does it end by itself?  Else an alarm ends it.
sub ends {
	my (@option) = @_;
	my $server = Clockgate::Scripted->new(hello => $BLOCK, answer => sub {
		return $_[0]{query} =~ /LastPunch/ ? [ 200, "status=0\nname=Ann\n" ]
		    : $_[0]{query} =~ /SELFSERVICE/ ? [ 200, "DATA UPDATE SELFSERVICEDATA "
		    . "ServiceNum=4\tPIN=1999\tStyle=0\tData=" . b64('No news') ] : undef;
	});
	my $began = time;
	my ($exit, $said) = typed($^X, '-e', 'alarm 10; exec @ARGV', $clocksim,
	    '--server', $server->url, qw(--sn SIM1 --speed 100 --quiet), @option);
	return ($exit, $said, time - $began);
}
for my $key ([ '--last-punch', '1999', "status: 0\nname: Ann\n" ],
    [ '--self-service', '1999,4', "No news\n" ]) {
	my ($option, $pin, $want) = @$key;
	($exit, $said) = ends($option, $pin);
	is "$exit $said", "0 $want", "$option ends with the display";
	($exit, $said, my $seconds) = ends($option, $pin, '--for', 3);
	is "$exit $said", "0 $want", '  with --for the clock shows it, too';
	cmp_ok $seconds, '>=', 2, '  and goes on';
}
($exit, $said) = ends('--last-punch', 1999, '--rate', 1);
is $exit, 'killed', 'with --rate it is a clock for ever';

# ---- a server that is slower than the heartbeats ----

$server = Clockgate::Scripted->new(hello => '', answer => sub {
	my ($sn) = $_[0]{query} =~ /SN=(\w+)&options=all/;
	select undef, undef, undef, 0.02;
	return $sn ? [ 200, with(Delay => 1) =~ s/SIM1/$sn/r ] : undef;
});
($exit, $said) = clocksim('--server', $server->url, qw(--sn SIM1 --fleet 3 --connections 1
    --speed 1000 --punches 2 --for 20 --once));
$server->stop;
like "$exit $said", qr/\A0 clocks=3 met=3 .* acknowledged=6 left=0 /,
    'heartbeats that are due all the time hold no punches up';

# ---- verification ----

spew("$dir/ledger", join '', map { "$_\n" } "+\tA\tATTLOG\t7\t2030-01-07 08:00:00\t0\t1\t",
    "+\tA\tATTLOG\t7\t2030-01-07 09:00:00\t0\t1\t", "-\tA\tATTLOG\t7\t2030-01-07 10:00:00\t0\t1\t",
    "+\tA\tATTLOG\t8\t2030-01-07 08:00:00\t0\t1\t5", "+\tA\tOPERLOG\tOPLOG 4");
my @more = (qw(reserved1 reserved2), (map { "job_code$_" } 1 .. 6), map { "tip_code$_" } 1 .. 3);
my $head = join(',', qw(id device_sn pin punched_at punched_at_utc state verify work_code
    punched_text), @more) . "\n";
my $tail = ',' x @more;
my @rows = map { "1,A,$_,$tail\n" } '7,2030-01-07 08:00:00,,0,1,', '7,2030-01-07 09:00:00,,0,1,',
    '8,2030-01-07 08:00:00,,0,1,5';
# Rows of the database, and what is said.
for my $row ([ join('', @rows), '0 lost, 0 doubled, 0 altered', 0 ],
    [ join('', @rows[ 0, 2 ]), '1 lost, 0 doubled, 0 altered', 1 ],
    [ join('', @rows, $rows[1]), '0 lost, 1 doubled, 0 altered', 1 ],
    [ join('', @rows[ 0, 1 ]) . "1,A,8,2030-01-07 08:00:00,,0,1,\"6\",$tail\n",
    '0 lost, 0 doubled, 1 altered', 1 ],
    [ join('', @rows[ 0, 1 ]) . "1,A,8,2030-01-07 08:00:00,,0,1,5,,,,9$tail\n",
    '0 lost, 0 doubled, 1 altered', 1 ],
    [ join('', @rows) . "1,A,7,2030-01-07 10:00:00,,1,1,,$tail\n", '0 lost, 0 doubled, 1 altered', 1 ],
    [ join('', @rows) . "1,B,7,2030-01-07 10:00:00,,0,1,,$tail\n", '0 lost, 0 doubled, 0 altered', 0 ],
    [ join('', @rows[ 0, 1 ]) . "1,A,8,2030-01-01 00:00:00,,0,1,5,\"2030-01-07 08:00:00\"$tail\n",
    '0 lost, 0 doubled, 0 altered', 0 ],
    [ '', '3 lost, 0 doubled, 0 altered', 1 ]) {
	my ($rows, $want, $code) = @$row;
	spew("$dir/csv", $rows eq '' ? '' : $head . $rows);
	my ($exit, $said) = clocksim('--verify', "$dir/ledger", '--csv', "$dir/csv");
	like $said, qr/^\Q$want\E$/m, "verify: $want";
	is $exit, $code, "  and exits with $code";
}
spew("$dir/ledger", slurp("$dir/ledger") . "+\tA\tATTLOG\tnonsense\n");
spew("$dir/csv", $head . join '', @rows);
my ($verified, $told) = clocksim('--verify', "$dir/ledger", '--csv', "$dir/csv");
is "$verified $told", "1 punches: recorded=4 acknowledged=3 stored=3 others=0
lost: A\tATTLOG\tnonsense
unreadable: recorded=1 acknowledged=1 stored=0 others=0
not compared: 1 OPERLOG OPLOG
1 lost, 0 doubled, 0 altered\n", 'what is not compared is told, and what nobody can read is lost';
spew("$dir/other", "+\tA\tOPERLOG\tUSER PIN=7\n-\tA\tATTPHOTO\tPIN=x.jpg\n+\tA\tATTPHOTO\ty\n+\tA\n");
for my $bytes (slurp("$dir/other"), '') {
	spew("$dir/other", $bytes);
	my ($exit, $said) = clocksim('--verify', "$dir/other", '--csv', "$dir/csv");
	is "$exit $said", '1 ' . ($bytes eq '' ? '' : "not compared: 1 OPERLOG USER\n"
	    . "not compared: 2 ATTPHOTO\nno lines of a ledger: 1\n")
	    . "clocksim: there is no record in $dir/other that can be compared\n",
	    'a ledger of which nothing is compared is a fault';
}
spew("$dir/csv", "a,b\n1,2\n");
is((clocksim('--verify', "$dir/ledger", '--csv', "$dir/csv"))[0], 1,
    'a list of something else is refused');
my $many = 100_000;
spew("$dir/ledger", join '', map { sprintf "+\tS%d\tATTLOG\t%d\t2030-01-07 08:00:00"
    . "\t0\t1\t\n", $_ % 9, $_ } 1 .. $many);
spew("$dir/csv", $head . join '', map { sprintf "%d,S%d,%d,2030-01-07 08:00:00,,0,1,,$tail\n",
    $_, $_ % 9, $_ } reverse 1 .. $many);
my $began = time;
is((clocksim('--verify', "$dir/ledger", '--csv', "$dir/csv"))[0], 0, 'a hundred thousand punches');
cmp_ok time - $began, '<', 20, '  within seconds';

# ---- the real server ----

SKIP: {
	my $why = Clockgate::Server->missing;
	skip $why, 1 if $why;
	real();
}

sub real {
	my $s = Clockgate::Server->new(ini => { options => { Delay => 2, ErrorDelay => 30,
	    TransFlag => 'AttLog OpLog AttPhoto EnrollUser ChgUser EnrollFP ChgFP FACE UserPic WORKCODE BioPhoto' } });
	my $web = $s->lighttpd;
	my @to = ('--server', 'http://127.0.0.1:' . $web->port . '/iclock/');
	for my $dialect (qw(old att tft)) {
		my $sn = "REAL$dialect";
		my @option = (@to, '--sn', $sn, '--dialect', $dialect, qw(--once --speed 50 --for 30));
		my ($exit, $said) = clocksim(@option, '--for', 1, '--quiet');
		is $exit, 1, "$dialect: a clock that waits for approval gets nothing done";
		is $s->value("SELECT status FROM v1_device WHERE sn = '$sn'"), 'pending',
		    '  and is pending';
		$s->tool('device', 'approve', $sn);
		sleep 1;
		($exit, $said) = clocksim(@option, qw(--punches 120 --photos 2 --enrolments 3 --pictures 3 --items 2),
		    '--ledger', "$dir/ledger-$dialect", '--dump', "$dir/dump",
		    $dialect eq 'att' ? '--aspx' : ());
		is $exit, 0, '  then everything' or diag $said, $web->log_text;
		is $s->value("SELECT COUNT(*) FROM v1_punch WHERE device_sn = '$sn'"), 120,
		    '  its punches arrive';
		is $s->value("SELECT COUNT(*) FROM v1_photo WHERE device_sn = '$sn'
		    AND kind = 'punch'"), 2, '  its photos';
		is $s->value("SELECT COUNT(*) FROM v1_photo WHERE device_sn = '$sn'
		    AND kind <> 'punch'"), 6, '  pictures of its people';
		is $s->text("SELECT pin, name FROM v1_device_user WHERE device_sn = '$sn'
		    ORDER BY pin"), "1001\tAda Abbott\n1002\tBen Bauer\n1003\tCarla Castro\n",
		    '  its people';
		is $s->value("SELECT COUNT(*) FROM v1_template WHERE device_sn = '$sn'"), 3,
		    '  their fingerprints';
		is $s->value("SELECT COUNT(*) FROM v1_operation WHERE device_sn = '$sn'"), 6,
		    '  and the operations';
		is $s->value("SELECT COUNT(*) FROM v1_rejected WHERE device_sn = '$sn'"), 0,
		    '  nothing is unreadable';
		is $s->value("SELECT punch_count FROM v1_device WHERE sn = '$sn'"), 120,
		    '  INFO is understood';
		like slurp("$dir/dump"), qr/\tzone=(?:60|120)$/m, '  and TimeZone';
		($exit, $said) = clocksim('--verify', "$dir/ledger-$dialect", '--config', $s->ini);
		is "$exit $said", "0 punches: recorded=120 acknowledged=120 stored=120 others=0
operations: recorded=6 acknowledged=6 stored=6 others=0
photos: recorded=8 acknowledged=8 stored=8 others=0
people: recorded=3 acknowledged=3 stored=3 others=0
templates: recorded=3 acknowledged=3 stored=3 others=0
identity cards: recorded=2 acknowledged=2 stored=2 others=0
messages: recorded=2 acknowledged=2 stored=2 others=0
messages of people: recorded=2 acknowledged=2 stored=2 others=0
work codes: recorded=2 acknowledged=2 stored=2 others=0
0 lost, 0 doubled, 0 altered\n", '  the ledger holds';
	}
	spoilt($s, @to);
	is $s->value("SELECT value FROM v1_device_option WHERE device_sn = 'REALatt'
	    AND name LIKE '%OEMVendor'"), 'EXAMPLE CO., LTD.', 'a comma in an option';
	is $s->value("SELECT CONCAT(job_code1, job_code6, tip_code3) FROM v1_punch
	    WHERE device_sn = 'REALtft' LIMIT 1"), '163.0', 'job and tip codes';
	my $first = $s->value("SELECT MIN(id) FROM v1_punch");
	$s->sql("UPDATE device_stamp SET stamp = '0'");
	my ($exit, $said) = clocksim(@to, qw(--sn REALatt --once --speed 50 --for 30 --quiet
	    --punch-file), _again($s));
	is $exit, 0, 'punches that are sent again';
	is $s->value("SELECT COUNT(*) FROM v1_punch WHERE device_sn = 'REALatt'"), 120,
	    '  are stored once';
	poison($s, @to);
	fleet($s, @to);
}

# The punches of a clock as it sent them.
sub _again {
	my ($s) = @_;
	spew("$dir/again", slurp("$dir/ledger-att") =~ s/^\+\tREALatt\t(\w+)\t(.*\n)/
	    $1 eq 'ATTLOG' ? $2 : ''/gemr);
	return "$dir/again";
}

# Whatever is done to the database, verification finds it.
sub spoilt {
	my ($s, @to) = @_;
	my $of = "device_id = (SELECT id FROM device WHERE sn = 'REALatt')";
	my $last = "$of AND happened_at = (SELECT x FROM (SELECT MAX(happened_at) AS x FROM
	    operation WHERE $of) AS last) LIMIT 1";
	my $ledger = slurp("$dir/ledger-att");
	my ($user) = $ledger =~ /^\+\t(REALatt\tOPERLOG\tUSER PIN=1001\t.*\n)/m;
	for my $case (
	    [ "UPDATE punch SET reserved1 = 'x' WHERE $of AND pin = '1001' LIMIT 1", '0 lost, 0 doubled, 1 altered' ],
	    [ "DELETE FROM operation WHERE $last", '1 lost, 0 doubled, 0 altered' ],
	    [ "UPDATE operation SET object4 = 'x' WHERE $last", '0 lost, 0 doubled, 1 altered' ],
	    [ "ALTER TABLE operation DROP KEY operation_natural;
	    INSERT INTO operation (device_id, code, admin_pin, happened_at, object1, object2, object3,
	    object4, received_at_utc) SELECT device_id, code, admin_pin, happened_at, object1, object2,
	    object3, object4, received_at_utc FROM operation WHERE $last", '0 lost, 1 doubled, 0 altered' ],
	    [ "DELETE FROM photo WHERE $of LIMIT 1", '1 lost, 0 doubled, 0 altered' ],
	    [ "UPDATE photo SET image = CONCAT(LEFT(image, size - 1), 'x') WHERE $of LIMIT 1", '0 lost, 0 doubled, 1 altered' ],
	    [ "DELETE FROM device_user WHERE $of AND pin = '1001'", '1 lost, 0 doubled, 0 altered' ],
	    [ "UPDATE device_user SET name = 'X' WHERE $of AND pin = '1001'", '0 lost, 0 doubled, 1 altered' ],
	    [ "UPDATE device_user SET password = password + 1 WHERE $of AND pin = '1001'", '0 lost, 0 doubled, 1 altered' ],
	    [ "UPDATE device_user SET extra = NULL WHERE $of AND pin = '1001'", '0 lost, 0 doubled, 1 altered' ],
	    [ "DELETE FROM photo WHERE $of AND kind = 'user' LIMIT 1", '1 lost, 0 doubled, 0 altered' ],
	    [ "UPDATE photo SET image = CONCAT(LEFT(image, size - 1), 'x') WHERE $of AND kind = 'bio' LIMIT 1", '0 lost, 0 doubled, 1 altered' ],
	    [ "UPDATE template SET extra = 'x' WHERE $of LIMIT 1", '0 lost, 0 doubled, 1 altered' ],
	    [ "DELETE FROM template WHERE $of LIMIT 1", '1 lost, 0 doubled, 0 altered' ],
	    [ "UPDATE template SET template = CONCAT('x', SUBSTR(template, 2)) WHERE $of LIMIT 1", '0 lost, 0 doubled, 1 altered' ],
	    (map { ([ "DELETE FROM device_item WHERE $of AND kind = '$_' LIMIT 1", '1 lost, 0 doubled, 0 altered' ],
	    [ "UPDATE device_item SET fields = CONCAT(fields, 'x') WHERE $of AND kind = '$_' LIMIT 1",
	    '0 lost, 0 doubled, 1 altered' ]) } qw(IDCARD SMS USER_SMS WORKCODE)),
	    [ '', '0 lost, 0 doubled, 1 altered', '+', 'a person who was changed after that' ],
	    [ '', '0 lost, 0 doubled, 0 altered', '-', '  or perhaps was' ]) {
		my ($sql, $want, $mark, $name) = @$case;
		my $dump = "$dir/dump.sql";
		system 'mariadb-dump --no-defaults -uroot --hex-blob --socket=' . $s->db->socket
		    . " clockgate punch operation photo device_user template device_item >$dump";
		$s->sql($sql) if $sql ne '';
		spew("$dir/spoilt", $ledger . ($mark ? "$mark\t" . $user =~ s/Name=/Name=New /r : ''));
		my ($exit, $said) = clocksim('--verify', "$dir/spoilt", '--config', $s->ini);
		like $said, qr/^\Q$want\E$/m, $name // 'found: ' . $sql =~ s/\s+/ /gr;
		is $exit, $want =~ /1/ ? 1 : 0, '  and exits so';
		$s->db->sql(slurp($dump), 'clockgate') if $sql ne '';
	}
}

# Lines that nobody can read are acknowledged and kept.
sub poison {
	my ($s, @to) = @_;
	my @line = ('nonsense', "9\tno time\t0\t1", "\\odd\"\t\x01\xff,", "7\t2030-01-07 25:61:00x\t0\t1",
	    "8\t2030-01-07 08:00:00\t0\t1\t7");
	spew("$dir/poison", join '', map { "$_\n" } @line);
	my ($exit, $said) = clocksim(@to, qw(--sn REALatt --once --speed 50 --for 30 --quiet
	    --punch-file), "$dir/poison", '--ledger', "$dir/poisoned");
	is $exit, 0, 'lines that nobody can read are sent' or diag $said;
	is $s->value("SELECT COUNT(*) FROM v1_rejected WHERE device_sn = 'REALatt'"), 4, '  and rejected';
	my @verify = ('--verify', "$dir/poisoned", '--config', $s->ini);
	($exit, $said) = clocksim(@verify);
	like "$exit $said", qr/\A0 punches: recorded=3 acknowledged=3 .*\nunreadable: recorded=2 acknowledged=2 stored=4 others=0\n0 lost, 0 doubled, 0 altered\n\z/,
	    '  the ledger knows them, those too that look like punches';
	$s->sql('DELETE FROM rejected ORDER BY id LIMIT 1');
	($exit, $said) = clocksim(@verify);
	like "$exit $said", qr/\A1 .*^lost: REALatt\tATTLOG\t.*^1 lost, 0 doubled, 0 altered\n\z/ms,
	    '  and misses the one that is taken away';
}

sub fleet {
	my ($s, @to) = @_;
	$s->admit(map { sprintf 'SIM%04d', $_ } 1 .. 200);
	sleep 2;			# the programs notice new clocks once a second
	my ($exit, $said) = clocksim(@to, qw(--sn SIM0001 --fleet 200 --punches 15
	    --photos 1 --enrolments 1 --pictures 1 --items 1 --faults=0.4 --once --speed 30 --for 90
	    --connections 40 --ledger), "$dir/fleet", '--dump', "$dir/dump");
	is $exit, 0, 'a fleet of 200 with faults' or diag $said;
	like $said, qr/^clocks=200 met=200 .* acknowledged=3000 left=0 /m, '  sends everything';
	like $said, qr/^faults: cut=[1-9]\d* deaf=[1-9]\d* repeated=[1-9]\d* slow=[1-9]\d* wrong=[1-9]/m,
	    '  and meets every fault';
	($exit, $said) = clocksim('--verify', "$dir/fleet", '--config', $s->ini);
	is $exit, 0, '  and nothing is lost, doubled, altered' or diag $said;
	like $said, qr/^\Q$_\E /m, "  of all that was recorded: $_"
	    for map { "$_->[0]: recorded=$_->[1] acknowledged=$_->[1]" } [ punches => 3000 ],
	    [ operations => 400 ], [ photos => 600 ], [ people => 200 ], [ templates => 200 ],
	    map { [ $_ => 200 ] } 'identity cards', 'messages', 'messages of people', 'work codes';
	is $s->value("SELECT COUNT(*) FROM v1_punch WHERE device_sn LIKE 'SIM%'"), 3000,
	    '  as the database says';
	is $s->value("SELECT COUNT(*) FROM v1_punch WHERE device_sn LIKE 'W%'"), 0,
	    '  nothing under a wrong name';
	my ($line) = slurp("$dir/fleet") =~ /^(\+\tSIM0007\tATTLOG\t[^\t]+\t[^\t]+)/m;
	my (undef, $sn, undef, $pin, $at) = split /\t/, $line;
	$s->sql("DELETE FROM punch WHERE pin = '$pin' AND punched_at = '$at' AND device_id =
	    (SELECT id FROM device WHERE sn = '$sn')");
	($exit, $said) = clocksim('--verify', "$dir/fleet", '--config', $s->ini);
	like "$exit\n$said", qr/\A1\n.*^lost: SIM0007\tATTLOG\t.*^1 lost, 0 doubled, 0 altered$/ms,
	    'a punch that is taken away is missed';
}

done_testing;
