# Requests that wait on a program's socket share one transaction, and still
# each gets its own right answer; several programs on one socket never hang.
use strict;
use warnings;
use File::Basename qw(dirname);
use lib dirname(__FILE__) . '/../lib';
use Clockgate::Server;
use Test::More;
use Time::HiRes qw(sleep time);

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $server = Clockgate::Server->new(ini => {
	database => { lock_wait_timeout => 1 },
});
my @clocks = map { sprintf 'GATHER%02d', $_ } 1 .. 40;
$server->admit(@clocks);

subtest 'one transaction for many requests' => \&one_transaction;
subtest 'what waits before the program starts' => \&before_the_start;
subtest 'one of them faulty in the database' => \&one_faulty;
subtest 'one of them unreadable, one unknown' => \&one_unreadable;
subtest 'more than fit into one batch' => \&many_batches;
subtest 'two programs on one socket' => \&two_programs;
subtest 'a request and the end come together' => \&last_one;
subtest 'a web server that does not hang up' => \&does_not_hang_up;
subtest 'a stamp that stays the same' => \&same_stamp;
subtest 'a stamp that was ordered to be 0' => \&ordered_stamp;
subtest 'the web server goes first' => \&others_first;
done_testing;

sub punch {
	my ($sn, $pin, $second, $stamp) = (@_, 9999);
	return { path => '/iclock/cdata', query => "SN=$sn&table=ATTLOG&Stamp=$stamp",
	    body => sprintf("%s\t2024-01-07 08:%02d:%02d\t0\t1\n", $pin,
		$second / 60, $second % 60) };
}

sub statuses { return join ' ', map { $_->{status} } @_ }

# A program that knows the clocks, and is held up while requests arrive.
sub held_up {
	my ($fcgi, @requests) = @_;
	my ($pid) = $fcgi->pids;
	kill 'STOP', $pid;
	my @waiting = map { $fcgi->send($_) } @requests;
	my $commits = $server->db->status('Com_commit');
	kill 'CONT', $pid;
	my @replies = map { $_->reply } @waiting;
	return ($server->db->status('Com_commit') - $commits, @replies);
}

sub one_transaction {
	my $fcgi = $server->fastcgi('cdata');
	$fcgi->request({ path => '/iclock/cdata', query => "SN=$_" }) for @clocks;
	my ($commits, @replies) = held_up($fcgi,
	    map { punch($clocks[$_], 'one', $_) } 0 .. 39);
	is statuses(@replies), join(' ', (200) x 40), 'each is answered';
	is join(' ', map { $_->{body} } @replies), join(' ', ('OK: 1') x 40),
	    'with its own answer';
	is $server->value("SELECT COUNT(DISTINCT device_sn) FROM v1_punch
	    WHERE pin = 'one'"), 40, 'each is stored';
	# beside it: the look for changed clocks, and presence
	cmp_ok $commits, '<=', 3, 'in one transaction';
}

sub before_the_start {
	my $fcgi = $server->fastcgi('cdata', waiting => 1);
	my @waiting = map { $fcgi->send(punch($clocks[$_], 'early', $_)) } 0 .. 29;
	$fcgi->start;
	is statuses(map { $_->reply } @waiting), join(' ', (200) x 30), 'answered';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'early'"), 30,
	    'stored';
}

# Another connection holds the row of one clock's stamp.
sub one_faulty {
	my $fcgi = $server->fastcgi('cdata');
	$fcgi->request({ path => '/iclock/cdata', query => "SN=$_" }) for @clocks;
	my $session = $server->db->session('clockgate');
	$session->sql('BEGIN');
	my @held = $session->sql("SELECT stamp FROM device_stamp s JOIN device d
	    ON d.id = s.device_id WHERE d.sn = '$clocks[3]' FOR UPDATE");
	is scalar @held, 1, 'its stamp is locked';
	my ($commits, @replies) = held_up($fcgi,
	    map { punch($clocks[$_], 'fault', $_, 5) } 0 .. 9);
	is statuses(@replies), '200 200 200 503 200 200 200 200 200 200',
	    'it alone is told to come again';
	is join(' ', map { $_->[0] } $server->sql("SELECT device_sn FROM v1_punch
	    WHERE pin = 'fault' ORDER BY device_sn")),
	    join(' ', @clocks[0 .. 2, 4 .. 9]), 'the others are stored, it is not';
	$session->sql('ROLLBACK');
	$session->close;
	is $fcgi->request(punch($clocks[3], 'fault', 3, 5))->{status}, 200,
	    'it comes again';
	is stamp($clocks[3]), 5, 'and its stamp is stored with it';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'fault'"), 10,
	    'now all are stored';
}

sub one_unreadable {
	my $fcgi = $server->fastcgi('cdata');
	my @requests = map { punch($clocks[$_], 'mixed', $_) } 0 .. 5;
	$requests[1]{query} = 'SN=&table=ATTLOG';
	$requests[2]{query} = 'SN=STRANGER&table=ATTLOG';
	$requests[3]{body} = "unreadable\n";
	$requests[4]{method} = 'PUT';
	my ($commits, @replies) = held_up($fcgi, @requests);
	is statuses(@replies), '200 400 403 200 405 200', 'to each its own answer';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin = 'mixed'"), 2,
	    'the good ones are stored';
	is $server->value('SELECT line FROM v1_rejected'), 'unreadable',
	    'what could not be read is kept';
}

sub many_batches {
	my $fcgi = $server->fastcgi('cdata');
	my ($commits, @replies) = held_up($fcgi,
	    map { punch($clocks[$_ % 40], "batch$_", $_) } 0 .. 199);
	is scalar(grep { $_->{status} == 200 } @replies), 200, 'all are answered';
	is $server->value("SELECT COUNT(*) FROM v1_punch WHERE pin LIKE 'batch%'"),
	    200, 'all are stored';
	cmp_ok $commits, '<', 100, 'in few transactions';
}

# Each connection wakes both; the one that comes too late must go on waiting
# in poll, not in accept.
sub two_programs {
	my $fcgi = $server->fastcgi('cdata', processes => 2, timeout => 20);
	my ($good, $start) = (0, time);
	for my $round (0 .. 49) {
		my @waiting = map { $fcgi->send(punch($clocks[$_],
		    "two$round", $_)) } 0 .. $round % 8;
		$good += grep { $_->reply->{status} == 200 } @waiting;
	}
	is $good, $server->value("SELECT COUNT(*) FROM v1_punch
	    WHERE pin LIKE 'two%'"), 'all are answered and stored';
	is $good, 6 * 36 + 3, 'none is lost';
	cmp_ok time - $start, '<', 20, 'none hangs';
	is scalar(grep { $_->alive } $fcgi->processes), 2, 'both still run';
	is join(' ', $fcgi->stop), '0 0', 'both end well when asked to';
}

# Its connections stay open after the answers; nobody waits for their end.
# What comes together with the signal to end may have woken this program alone,
# and no other that shares the socket would look.
sub last_one {
	my $fcgi = $server->fastcgi('cdata', timeout => 30);
	$fcgi->request(punch($clocks[0], 'last', 0));
	my $hold = $server->db->session('clockgate');
	$hold->sql('BEGIN');
	$hold->sql("SELECT s.stamp FROM device_stamp s JOIN device d
	    ON d.id = s.device_id WHERE d.sn = '$clocks[0]' FOR UPDATE");
	my @waiting = $fcgi->send(punch($clocks[0], 'last', 1, 5));
	sleep 1.5;			# it looks for signals each second
	push @waiting, $fcgi->send(punch($clocks[1], 'last', 2));
	my ($program) = $fcgi->processes;
	$program->signal('TERM');
	$hold->close;
	is statuses(map { eval { $_->reply } // { status => 'none' } } @waiting),
	    '200 200', 'it is answered';
	is $program->wait(30), 0, 'and then the program ends';
}

sub does_not_hang_up {
	my $fcgi = $server->fastcgi('cdata');
	my @replies;
	my $start = time;
	my @open = map {
		my $waiting = $fcgi->send(punch($clocks[$_], 'open', $_));
		push @replies, $waiting->reply(keep => 1);
		$waiting;
	} 0 .. 9;
	is statuses(@replies), join(' ', (200) x 10), 'each is answered';
	cmp_ok time - $start, '<', 10, 'none waits for another';
}

sub stamp {
	return $server->value("SELECT s.stamp FROM device_stamp s JOIN device d
	    ON d.id = s.device_id WHERE d.sn = '$_[0]'") // 'none';
}

# What changed a moment ago is read anew each second, and stamps are forgotten then.
sub changed_long_ago {
	$server->sql("UPDATE device SET changed_at = '2020-01-01'");
}

# It is not written again while it was written a moment ago, whoever took it
# away; another one is, and after ten seconds every one.
sub same_stamp {
	my $fcgi = $server->fastcgi('cdata');
	my $sn = $clocks[20];
	my $send = sub { $fcgi->request(punch($sn, 'same', @_))->{status} };
	changed_long_ago();
	is $send->(0, 6), 200, 'it is known';
	is $send->(1, 7), 200, 'a stamp';
	is stamp($sn), 7, 'is written';
	$server->sql('DELETE FROM device_stamp');
	is $send->(2, 7), 200, 'the same a moment later';
	is stamp($sn), 'none', 'is not';
	is $send->(3, 8), 200, 'another one';
	is stamp($sn), 8, 'is written';
	$server->sql('DELETE FROM device_stamp');
	sleep 11;
	is $send->(4, 8), 200, 'the same much later';
	is stamp($sn), 8, 'is written';
}

# It goes away with the handshake that tells the clock, whichever process that is:
# the others must not think that it still stands there.
sub ordered_stamp {
	my ($other, $fcgi) = map { $server->fastcgi('cdata') } 1 .. 2;
	my $sn = $clocks[21];
	my $send = sub { $fcgi->request(punch($sn, 'ordered', $_[0], 9))->{status} };
	my $hello = sub { $other->request({ path => '/iclock/cdata',
	    query => "SN=$sn&options=all" })->{body} };
	is $send->(0), 200, 'it is known';
	unlike $hello->(), qr/^Stamp=0$/m, 'and another process tells the clock its stamp';
	$server->tool('device', 'resend', $sn);
	changed_long_ago();
	is $send->(1), 200, 'a stamp';
	is stamp($sn), 0, 'does not take an order away';
	like $hello->(), qr/^Stamp=0$/m, 'which is told';
	is stamp($sn), 'none', 'and it is carried out';
	sleep 2.2;
	is $send->(2), 200, 'the same stamp again';
	is stamp($sn), 9, 'is written: the process has looked';
}

# The kernel's word for it is SCHED_BATCH, the 41st number of /proc/PID/stat.
sub others_first {
	my $fcgi = $server->fastcgi('cdata');
	is $fcgi->request(punch($clocks[0], 'batch', 1))->{status}, 200, 'it runs';
	my ($pid) = $fcgi->pids;
	open my $fh, '<', "/proc/$pid/stat" or die "/proc/$pid/stat: $!";
	is +(split ' ', (split /\) /, <$fh>)[-1])[38], 3,
	    'and takes the processor from nobody';
}
