package Clockgate::Fault::Nth;

# The n-th call fails: n counts from 1 until a run of the script needs fewer
# calls.  What was acknowledged is there; what was not is sent again, and then
# everything is.  Nobody is let in whom no operator knows; no dangerous command
# goes out, or ends, without its row in the audit.  See tests/fault/inject.c.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::FastCGI;
use Clockgate::Ledger;
use Clockgate::Server;
use IO::Select ();
use Time::HiRes qw(sleep time);

my @SCRIPTS = (
	{ program => 'cdata', run => \&_uploads },
	{ program => 'cdata', run => \&_stranger },
	{ program => 'getrequest', run => \&_heartbeats },
	{ program => 'devicecmd', run => \&_results },
);
my @MODES = qw(relay vault);

# One that must not run twice, and one that may.
my %DANGEROUS = (wipe => 'CLEAR DATA', network => 'SET OPTION DNS=192.0.2.9');

our @CALLS = ([ 'arena', 'request for memory refused' ],
    [ 'store', 'database call: connection gone', CG_FAIL_NUMBER => 2013 ],
    [ 'store', 'database call: deadlock', CG_FAIL_NUMBER => 1213 ],
    [ 'store', 'database call: an error', CG_FAIL_NUMBER => 1105 ],
    [ 'answer', 'database call: answer lost' ],
    [ 'kill', 'database call: killed before' ],
    [ 'killed', 'database call: killed after' ]);

our @KINDS = map {
	my ($kind, $name, @env) = @$_;
	{ name => "n-th $name", least => 3, nth => 1,
	    run => sub { nth(@_, CG_FAIL_KIND => $kind, @env) } };
} @CALLS;

# Why it can't be done, or undef.
sub missing {
	my ($program) = grep { !-x program($_) } qw(cdata clockgate devicecmd getrequest);
	return $program ? program($program) . ' is not built: "make check TESTS="' : undef;
}

sub program { return Clockgate::Server->builddir . "/tests/fault/$_[0]" }

# A few spread over the scripts, with clocks of one and the other mode of privacy in
# turn; all of them, each in both modes, when $count is undef.  Each script runs
# request by request, and with all requests waiting at once.
sub nth {
	my ($f, $name, $count, %env) = @_;
	my $began = time;
	$f->serial;
	my $run = { f => $f, server => $f->strict, env => \%env,
	    ledger => Clockgate::Ledger->new($f->ledger), faults => 0, requests => 0,
	    failed => 0, lost => 0, altered => 0, settled => 0 };
	$run->{server}->allow(sort keys %DANGEROUS);
	for my $script (@SCRIPTS) {
		for my $mode ($f->{both} ? @MODES : undef) {
			for my $together (defined $count ? int rand 2 : (0, 1)) {
				each_call($count, sub {
					_once($run, $script, $mode, $together, @_) });
			}
		}
	}
	my $v = Clockgate::Ledger::verify($run->{ledger}->file, $f->server->ini);
	$v->{$_} += $run->{$_} for qw(lost altered);
	$v->{acknowledged} += $run->{settled};
	$f->row($name, %$v, seconds => time - $began,
	    map { $_ => $run->{$_} } qw(faults requests failed));
}

# Try the calls, until $once says that there are not so many: all of them, or a few,
# spread so that each run has some near the start and some later on.
sub each_call {
	my ($few, $once) = @_;
	my $n = $few ? 1 + int rand 4 : 1;
	while ($once->($n)) {
		$n = $few ? 3 * $n + int rand $n : $n + 1;
	}
}

# Run the script with the n-th call failing; false when it was not reached.
sub _once {
	my ($run, $script, $mode, $together, $n) = @_;
	my $sn = sprintf 'N%dT%d', $run->{f}{rounds}, ++$run->{number};
	$mode //= $MODES[$run->{number} % @MODES];
	my $fcgi = $run->{server}->fastcgi($script->{program}, waiting => 1,
	    timeout => 20, program => program($script->{program}),
	    env => { %{ $run->{env} }, CG_FAIL_AT => $n });
	my @todo = $script->{run}->($run, $sn, $mode);
	if ($together) {
		my @wait = map { $fcgi->send($_->{request}) } @todo;
		$fcgi->start;
		_take($run, $todo[$_], $fcgi, $wait[$_]) for 0 .. $#todo;
	} else {
		$fcgi->start;
		_take($run, $_, $fcgi, $fcgi->send($_->{request})) for @todo;
	}
	_again($run, $fcgi, grep { !$_->{done} } @todo);
	$fcgi->stop;
	$_->{end}->() for grep { $_->{end} } @todo;
	my $reached = $fcgi->log_text =~ /^fault: /m ? 1 : 0;
	$run->{faults} += $reached;
	return $reached;
}

# A clock for this run alone; programs need not look at those of the runs before.
sub _admit {
	my ($server, $sn, $privacy) = @_;
	$server->admit($sn);
	$server->sql("INSERT INTO device_setting SELECT id, 'privacy', '$privacy',
	    UTC_TIMESTAMP() FROM device WHERE sn = '$sn';
	    UPDATE device SET changed_at = '2001-01-01' WHERE changed_at > '2001-01-02';
	    DELETE FROM command");
}

# What it says; undef when it died of the request.
sub _reply {
	my ($fcgi, $wait) = @_;
	my $until = time + 20;
	until (IO::Select->new($wait->{socket})->can_read(0.02)) {
		_revive($fcgi);
		croak "no answer\n" . $fcgi->log_text if time > $until;
	}
	my $reply = $wait->reply;
	return defined $reply->{app} ? $reply : undef;
}

# A web server would start another one.
sub _revive {
	my ($fcgi) = @_;
	return if grep { $_->alive } $fcgi->processes;
	local $fcgi->{env} = {};
	$fcgi->kill9;
	$fcgi->start;
}

sub _take {
	my ($run, $todo, $fcgi, $wait) = @_;
	my $reply = _reply($fcgi, $wait);
	$run->{requests}++;
	$todo->{done} = $reply && $reply->{status} == ($todo->{status} // 200)
	    && $todo->{good}->($reply->{body});
	return $run->{failed}++ if !$todo->{done};
	$run->{ledger}->acknowledged(@{ $todo->{at} // [] });
	$todo->{then}->() if $todo->{then};
}

# As the clock does until it reads OK.
sub _again {
	my ($run, $fcgi, @todo) = @_;
	my $until = time + 20;
	while (@todo && time < $until) {
		for my $todo (@todo) {
			$todo->{anew}->() if $todo->{anew};
			_take($run, $todo, $fcgi, $fcgi->send($todo->{request}));
		}
		@todo = grep { !$_->{done} } @todo;
		sleep 0.1 if @todo;
	}
	for my $todo (@todo) {
		$run->{lost}++;
		$run->{f}->say("nothing helps: $todo->{request}{path}?"
		    . "$todo->{request}{query}, " . $fcgi->log_text =~ s/\n.*//sr);
	}
}

# ---- scripts: the requests, what a good answer is, what is recorded ----

sub _ok { return $_[0] =~ /\AOK/ }

sub _upload {
	my ($run, $sn, $table, @record) = @_;
	return { good => \&_ok, at => [ $run->{ledger}->sent($sn, $table, @record) ],
	    request => { path => '/iclock/cdata', query =>
	    "SN=$sn&table=$table&Stamp=$run->{number}", body => join '',
	    map { "$_\n" } @record } };
}

sub _photo {
	my ($run, $sn) = @_;
	my ($name, $bytes) = ('20310107080000-1.jpg', "\xff\xd8 $sn \0\xff\xd9");
	return { good => \&_ok, at => [ $run->{ledger}->sent($sn, 'ATTPHOTO',
	    Clockgate::Ledger::photo($name, $bytes)) ], request => {
	    path => '/iclock/cdata', query => "SN=$sn&table=ATTPHOTO&PhotoStamp=1",
	    body => "PIN=$name\nSN=$sn\nsize=" . length($bytes)
	    . "\nCMD=uploadphoto\0$bytes" } };
}

# Somebody with a password, a fingerprint, a picture and a card, and what was done there.
sub _person {
	my ($run, $sn) = @_;
	return _upload($run, $sn, 'OPERLOG', "OPLOG 4\t1\t2031-01-07 08:00:00\t1\t2\t3\t4",
		"USER PIN=1\tName=Ann\tPri=0\tPasswd=4711\tCard=7\tGrp=1\t"
		. "TZ=0000000100000000\tVerify=0\tViceCard=\tNick=Annie",
		"FP PIN=1\tFID=1\tSize=8\tValid=1\tTMP=AAAABBBB\tMore=1",
		"USERPIC PIN=1\tFileName=1.jpg\tSize=8\tContent=/9j/4AD/",
		"IDCARD PIN=1\tSNNum=7\tName=Ann", "WORKCODE CODE=5\tName=Paint");
}

sub _hello {
	my ($sn) = @_;
	return { good => sub { $_[0] =~ /^GET OPTION FROM: \Q$sn\E/ },
	    request => { path => '/iclock/cdata', query =>
	    "SN=$sn&options=all&pushver=2.4.1&language=69&DeviceType=att" } };
}

sub _uploads {
	my ($run, $sn, $mode) = @_;
	_admit($run->{server}, $sn, $mode);
	return (_hello($sn),
	    _upload($run, $sn, 'ATTLOG', map {
		"$_\t2031-01-07 08:00:00\t0\t1\t\t0\t0" } 1 .. 7),
	    _person($run, $sn),
	    _photo($run, $sn),
	    _upload($run, $sn, 'ATTLOG', 'nonsense',
		"8\t2031-01-07 08:00:01\t0\t1\t\t0\t0"));
}

# Whatever fails, a clock waits until it is approved, and nothing of it is stored
# before; then it is served.
sub _stranger {
	my ($run, $sn, $mode) = @_;
	my $server = $run->{server};
	my $person = _person($run, $sn);
	my $approved;
	my $approve = sub {
		croak "$sn: something is stored before it is approved" if $server->value(
		    "SELECT COUNT(*) FROM v1_device_user WHERE device_sn = '$sn'");
		_type($server, 'device', @$_) for [ 'approve', $sn ],
		    [ 'set', $sn, "privacy=$mode" ];
		$approved = 1;
	};
	return ({ %{ _hello($sn) }, status => 403, then => $approve, good => sub {
		($server->value("SELECT status FROM device WHERE sn = '$sn'") // '')
		    eq 'pending' } },
	    { %$person, good => sub { $approved || croak "$sn is let in"; _ok(@_) } });
}

# ---- dangerous commands ----

sub _type {
	my ($server, @arg) = @_;
	my ($status, $text) = $server->tool(@arg);
	croak "clockgate @arg: $text" if $status != 0;
}

# Queue one of each class: the ids.
sub _dangerous {
	my ($server, $sn) = @_;
	_type($server, 'command', 'raw', $sn, $DANGEROUS{$_}, '--yes') for sort keys %DANGEROUS;
	return map { $_->[0] } $server->sql("SELECT id FROM command WHERE device_sn = '$sn'");
}

sub _result {
	my ($sn, $id, $name, $more) = @_;
	return { path => '/iclock/devicecmd', query => "SN=$sn",
	    body => "ID=$id&Return=0&CMD=$name" . ($more // '') };
}

# It was handed out so often, and is done; or its answer got lost, and it has failed,
# as it must not run twice.  Each of that is in the audit, of which nothing was
# altered and nothing is missing.
sub _audited {
	my ($run, $id, $handed) = @_;
	my $server = $run->{server};
	my @action = map { $_->[0] } $server->sql(
	    "SELECT action FROM audit WHERE command_id = $id ORDER BY id");
	my $sent = grep { $_ eq 'sent' } @action;
	if ("@action" !~ ($handed ? qr/^queued (?:sent )+done$/ : qr/^queued sent failed$/)
	    || $sent < $handed) {
		$run->{lost}++;
		$run->{f}->say("command $id, handed out $handed times: @action");
	}
	my ($status, $text) = $server->tool(qw(audit verify));
	return if $status == 0;
	$run->{altered}++;
	$run->{f}->say("audit verify: $text");
}

# Four commands, two of them dangerous, are handed out; when their answer got lost
# the time-out passes.
# (INFO is none of them: it is settled by the INFO of a heartbeat that is tried
# again because nobody knows whether it was committed.)
sub _heartbeats {
	my ($run, $sn, $mode) = @_;
	my $server = $run->{server};
	_admit($server, $sn, $mode);
	my @dangerous = _dangerous($server, $sn);
	$server->sql("INSERT INTO command (device_sn, body) VALUES ('$sn', 'CHECK'),
	    ('$sn', 'LOG')");
	my $beat = { path => '/iclock/getrequest', query => "SN=$sn" };
	my %seen;
	my $take = sub { $seen{$_}++ for $_[0] =~ /^C:(\d+):/mg };
	return ({ request => { %$beat, query => "$beat->{query}&INFO="
		. 'Ver 8.0.4,1,2,3,192.0.2.10' }, good => sub { $take->(@_); 1 } },
	    { request => $beat, good => sub { $take->(@_); !grep { !$seen{$_->[0]} }
		$server->sql("SELECT id FROM command WHERE device_sn = '$sn'
		    AND NOT (name <=> 'clear-data' AND state = 'failed')") },
	    end => sub {
		for my $id (@dangerous) {
			$server->cgi('devicecmd')->request(_result($sn, $id, 'X')) if $seen{$id};
			_audited($run, $id, $seen{$id} // 0);
		}
	    },
	    anew => sub { $server->sql("UPDATE command SET due_at_utc = UTC_TIMESTAMP()
		WHERE device_sn = '$sn' AND state = 'sent' AND id NOT IN ("
		. join(',', 0, keys %seen) . ')') } });
}

# Results of four commands, two of them dangerous; once acknowledged they are
# settled.
sub _results {
	my ($run, $sn, $mode) = @_;
	my $server = $run->{server};
	_admit($server, $sn, $mode);
	my @dangerous = _dangerous($server, $sn);
	$server->cgi('getrequest')->request({ path => '/iclock/getrequest',
	    query => "SN=$sn" });
	my ($first) = map { $_->[0] } $server->sql("INSERT INTO command (device_sn, body,
	    state, attempts, name, sent_at_utc) VALUES ('$sn', 'CHECK', 'sent', 1,
	    'check', UTC_TIMESTAMP()), ('$sn', 'INFO', 'sent', 1, 'info',
	    UTC_TIMESTAMP()); SELECT MIN(id) FROM command WHERE device_sn = '$sn'
	    AND id > $dangerous[-1]");
	my @result = ((map { [ $_, 'X' ] } @dangerous), [ $first, 'CHECK' ],
	    [ $first + 1, 'INFO', "\n~DeviceName=X\nFWVersion=Ver 8.0.4\n" ]);
	return map {
		my ($id, @more) = @$_;
		{ good => \&_ok, request => _result($sn, $id, @more),
		    $id < $first ? (end => sub { _audited($run, $id, 1) }) : (),
		    then => sub {
			$run->{settled}++;
			$run->{lost}++ if $server->value("SELECT state FROM command
			    WHERE id = $id") ne 'done';
		    } };
	} @result;
}

1;
