package Clockgate::Fault::Operator;

# The n-th call of the operator's command line fails: n counts from 1 until the
# command needs fewer calls.  All of what it does is done, or nothing; a command
# that failed says so, and what it says is true; typed again it succeeds.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Fault::Nth;
use Clockgate::Server;
use Time::HiRes qw(time);

# A command; what is true when it was done, and false before.  sound: what is true
# at any time; half: what it says when some of it is done, where that may be;
# again: how the rest of it is done, if not by the same words.
my @COMMANDS = (
	{ words => [qw(allow wipe --minutes 30 --reason test)], done => [
	    q{EXISTS (SELECT 1 FROM danger_open)},
	    q{EXISTS (SELECT 1 FROM audit WHERE action = 'opened')} ] },
	{ words => [qw(device approve OP2 OP3)], done => [ map {
	    "(SELECT status = 'active' FROM device WHERE sn = '$_')" } qw(OP2 OP3) ] },
	{ words => [qw(device set OP1 name=Gate Delay=31)], done => [
	    q{EXISTS (SELECT 1 FROM device WHERE name = 'Gate')},
	    q{EXISTS (SELECT 1 FROM device_setting WHERE value = '31')} ] },
	{ words => [qw(user purge 1 --everywhere --punches)], done => [ (map {
	    "NOT EXISTS (SELECT 1 FROM $_)" } qw(device_user template photo punch operation)),
	    (map { "EXISTS (SELECT 1 FROM command WHERE name = '$_-delete')" }
	    qw(user fingerprint picture)) ] },
	{ words => [qw(key rotate)], done => [ map {
	    "(SELECT MIN(key_id) FROM $_) = 2" } qw(device_user template photo) ],
	    half => qr/not all is sealed again; type it once more/,
	    shows => [ [qw(device user list OP1 --passwords)], qr/\b4711\b/ ] },
	{ words => [qw(rejected retry 1 2)], again => [qw(rejected retry --sn OP1)],
	    half => qr/^clockgate: rejected [12]: /m,
	    map { $_ => _retry($_) } qw(done sound) },
	{ words => [qw(rejected retry --sn OP1)], map { $_ => _retry($_) } qw(done sound) },
	{ words => [qw(rejected drop 1 2)], done => [ map {
	    "NOT EXISTS (SELECT 1 FROM rejected WHERE id = $_)" } 1, 2 ] },
);

# What a clock sends of the one who is there.
my $UPLOAD = "OPLOG 4\t1\t2031-01-07 08:00:00\t1\t2\t3\t4\n"
    . "USER PIN=1\tName=Ann\tPri=0\tPasswd=4711\tCard=7\tGrp=1\n"
    . "FP PIN=1\tFID=1\tSize=8\tValid=1\tTMP=AAAABBBB\n"
    . "USERPIC PIN=1\tFileName=1.jpg\tSize=8\tContent=/9j/4AD/\n";

our @KINDS = map {
	my ($kind, $name, @env) = @$_;
	{ name => 'operator: ' . $name =~ s/.* call: //r, least => scalar @COMMANDS, nth => 1,
	    run => sub { operator(@_, CG_FAIL_KIND => $kind, @env) } };
} grep { $_->[1] !~ /deadlock|an error|before/ } @Clockgate::Fault::Nth::CALLS;

# Each line is read, or still rejected.
sub _retry {
	my ($what) = @_;
	return [ map {
		my $stored = "EXISTS (SELECT 1 FROM punch WHERE pin = '9$_')";
		$what eq 'done' ? $stored
		    : "$stored <> EXISTS (SELECT 1 FROM rejected WHERE id = $_)";
	} 1, 2 ];
}

# A few calls of each command, or all of them when $count is undef.
sub operator {
	my ($f, $name, $count, %env) = @_;
	my $run = { f => $f, name => $name, env => \%env, server => _server($f),
	    began => time, text => '', map { $_ => 0 }
	    qw(faults requests failed acknowledged lost altered) };
	for my $command (@COMMANDS) {
		Clockgate::Fault::Nth::each_call($count, sub { _once($run, $command, @_) });
	}
	$f->row($name, %$run, seconds => time - $run->{began});
}

# With a database of its own, in which there is next to nothing and that nobody
# kills, so that commits need not be durable.
sub _server {
	my ($f) = @_;
	return $f->{operator} if $f->{operator};
	my $server = $f->{operator} = Clockgate::Server->new(ini => { %{ $f->ini_values },
	    commands => { wipe => 'yes' },
	    privacy => { mode => 'vault', key_file => $f->dir . '/operator' } });
	$server->sql('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
	return $server;
}

# A clock with somebody at it, and two that wait; lines that were not read once
# and can be by now.
sub _begin {
	my ($server, $keys) = @_;
	$server->empty;
	unlink $keys;
	my ($end, $text) = _typed($server, {}, qw(key new));
	croak "key new: $text" if $end != 0;
	$server->sql("UPDATE audit_head SET id = 0, hash = REPEAT('0', 64);
	    INSERT INTO device (sn, status, first_seen_utc) VALUES
	    ('OP1', 'active', UTC_TIMESTAMP()), ('OP2', 'pending', UTC_TIMESTAMP()),
	    ('OP3', 'pending', UTC_TIMESTAMP());
	    INSERT INTO punch (device_id, pin, punched_at, state, verify, received_at_utc)
	    SELECT id, '1', '2031-01-07 07:00:00', 0, 1, UTC_TIMESTAMP() FROM device
	    WHERE sn = 'OP1';
	    INSERT INTO rejected (id, device_id, received_at_utc, endpoint, table_name, reason,
	    line) SELECT n, device.id, '2031-01-01', 'cdata', 'ATTLOG', 'old',
	    CONCAT('9', n, '\t2031-01-07 08:00:00\t0\t1') FROM device,
	    (SELECT 1 AS n UNION SELECT 2) x WHERE sn = 'OP1'");
	my $reply = $server->cgi('cdata')->request({ path => '/iclock/cdata',
	    query => 'SN=OP1&table=OPERLOG&Stamp=1', body => $UPLOAD });
	croak "OP1: $reply->{stderr}" if $reply->{body} !~ /\AOK/;
}

# Type it with the n-th call failing, and again; false when that was not reached.
sub _once {
	my ($run, $command, $n) = @_;
	my $server = $run->{server};
	_begin($server, $run->{f}->dir . '/operator');
	my ($end, $text) = _typed($server, { %{ $run->{env} }, CG_FAIL_AT => $n },
	    @{ $command->{words} });
	my $reached = $text =~ s/^fault: .*\n//m ? 1 : 0;
	my ($done, $sound) = _look($server, $command);
	my $wrong = _untrue($command, $end, $text, $done, $run->{env}{CG_FAIL_KIND}) // _unsound($server, $sound)
	    // _again($server, $command, $done);
	$run->{requests}++;
	$run->{faults} += $reached;
	$run->{$end ? 'failed' : 'acknowledged'}++;
	if ($wrong) {
		$run->{$end ? 'altered' : 'lost'}++;
		$run->{text} .= "$run->{name}, $n: clockgate @{ $command->{words} }"
		    . " ends with $end, done @$done: $wrong; " . $text =~ s{\n(?=.)}{ | }gr;
	}
	return $reached;
}

# How it ended, as in $?, and all that it said.
sub _typed {
	my ($server, $env, @words) = @_;
	local @ENV{keys %$env} = values %$env;
	my $program = Clockgate::Fault::Nth::program('clockgate');
	my $text = qx(exec '$program' --config '@{[ $server->ini ]}' @words 2>&1);
	return ($?, $text);
}

# 1 or 0 for each thing that it does, and for each that must be so.
sub _look {
	my ($server, $command) = @_;
	my @sound = @{ $command->{sound} // [] };
	my ($row) = $server->sql('SELECT ' . join ', ', @{ $command->{done} }, @sound);
	return ($row, [ splice @$row, @$row - @sound ]);
}

# What is not as it says, or undef.
sub _untrue {
	my ($command, $end, $text, $done, $kind) = @_;
	my $yes = grep { $_ } @$done;
	return $yes == @$done ? undef : 'not all is done' if $end == 0;
	return 'it says nothing' if $end >> 8 && $text !~ /^clockgate: \S/m;
	return 'something is done' if $yes && $text =~ /\bnothing was\b/;
	return 'all is done, and each call was answered'
	    if $yes == @$done && $end >> 8 && $kind eq 'store';
	return undef if $yes == 0 || $yes == @$done;
	return $command->{half} && ($end < 256 || $text =~ $command->{half}) ? undef
	    : 'half of it is done';
}

# What is not as it must be at any time.
sub _unsound {
	my ($server, $sound) = @_;
	return 'a line is in both places, or in none' if grep { !$_ } @$sound;
	my ($end, $text) = _typed($server, {}, qw(audit verify));
	return $end ? "audit verify: $text" : undef;
}

# The operator types it again unless all was done.
sub _again {
	my ($server, $command, $done) = @_;
	my ($end, $text);
	if (grep { !$_ } @$done) {
		($end, $text) = _typed($server, {}, @{ $command->{again} // $command->{words} });
		return "again: $text" if $end != 0;
		return 'again: not all is done' if grep { !$_ } map { @$_ } _look($server, $command);
	}
	my ($look, $for) = @{ $command->{shows} // return undef };
	($end, $text) = _typed($server, {}, @$look);
	return $end == 0 && $text =~ $for ? undef : "@$look: $text";
}

1;
