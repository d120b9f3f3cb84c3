package Clockgate::Fault::Wire;

# What goes over the wire is cut, repeated, shuffled, or nonsense.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::Cutter;
use Clockgate::HTTP;
use Clockgate::Ledger;
use List::Util qw(shuffle);
use POSIX ();
use Time::HiRes qw(sleep time);

our @KINDS = (
	{ name => 'replay, two hosts', run => \&replay, share => 12, least => 90 },
	{ name => 'poison among good lines', run => \&poison, least => 20 },
	{ name => 'connection cut before COMMIT', run => sub { cut(@_, 'before') }, share => 9, least => 5 },
	{ name => 'connection cut after COMMIT', run => sub { cut(@_, 'after') }, share => 9, least => 5 },
	{ name => 'connection cut in its answer', run => sub { cut(@_, 'inside') }, share => 9, least => 5 },
	{ name => 'connection cut in a statement', run => sub { cut(@_, 'statement') }, share => 9, least => 5 },
	{ name => 'request cut in its body', run => \&half, share => 7, least => 10 },
	{ name => 'clock gone in mid-upload', run => \&clock, share => 12, least => 20 },
);

# ---- the connection to the database ----

sub cut {
	my ($f, $name, $count, $where) = @_;
	my $server = $f->server;
	my $cutter = Clockgate::Cutter->new(socket => $server->db->socket,
	    share => 0.4, seed => $f->{seed}, where => [$where]);
	my %values = %{ $f->ini_values };
	$values{database} = { %{ $values{database} }, socket => '',
	    host => '127.0.0.1', port => $cutter->port };
	my $ini = $server->ini;
	rename $ini, "$ini.direct" or croak "rename: $!";
	$server->write_ini(\%values);
	rename $ini, "$ini.cut" or croak "rename: $!";
	rename "$ini.direct", $ini or croak "rename: $!";
	my $web = $server->lighttpd(processes => 4, config => "$ini.cut");
	$f->under_load($name, $count, sub {
		my $before = { $cutter->cuts }->{$where} // 0;
		my $now;
		Clockgate::Server->eventually(sub {
			($now = { $cutter->cuts }->{$where} // 0) > $before }, 20);
		return $now - $before;
	}, web => $web, more => ['--rate', 20], pause => 0);
	croak "$name: no program says so" if $web->log_text !~ /MySQL (?:2006|2013)\b/;
	$web->stop;
	$cutter->stop;
}

# ---- the connections of the clocks ----

# clocksim cuts them itself, repeats, and does not listen.
sub clock {
	my ($f, $name, $count) = @_;
	my $had = 0;
	while ($had < $count) {
		my $began = time;
		my $punches = 1 + int(($count - $had) / 16);
		$punches = 200 if $punches > 200;
		my $fleet = $f->fleet(more => [ '--rate', 20, '--punches', $punches,
		    '--faults=0.5', '--once' ]);
		croak "$name: " . $fleet->log_text if ($fleet->wait(180) // 1) != 0;
		my $said = $fleet->stop;
		my $v = Clockgate::Ledger::verify($fleet->{ledger}, $f->server->ini);
		my $n = $said->{cut} + $said->{deaf};
		$had += $n;
		$f->row($name, %$v, faults => $n, requests => $said->{requests},
		    failed => $said->{failures}, seconds => time - $began);
	}
}

# A web server that hands bodies on as they come hands on half of one, too.
sub half {
	my ($f, $name, $count) = @_;
	my $began = time;
	my $sn = $f->serial;
	my $ledger = Clockgate::Ledger->new($f->ledger);
	my $fcgi = $f->server->fastcgi('cdata', processes => 2);
	my $failed = 0;
	for my $body (_bodies($ledger, $sn, $count)) {
		my $request = { path => '/iclock/cdata', body => $body->{body},
		    query => "SN=$sn&table=$body->{table}&Stamp=1" };
		$fcgi->connect->begin($request)->stdin(substr $body->{body}, 0,
		    rand length $body->{body})->abandon;
		my $reply = $fcgi->request($request);
		$reply->{body} =~ /\AOK/ ? $ledger->acknowledged(@{ $body->{at} }) : $failed++;
	}
	my $felt = 0;
	Clockgate::Server->eventually(sub {
		$felt = () = $fcgi->log_text =~ / sn=$sn .* status=400 /g;
		return $felt == $count;
	});
	$fcgi->stop;
	my $v = Clockgate::Ledger::verify($ledger->file, $f->server->ini);
	$f->row($name, %$v, faults => $felt, requests => 2 * $count,
	    failed => $felt + $failed, seconds => time - $began);
}

# ---- the same again, in any order, to two web servers at once ----

sub _bodies {
	my ($ledger, $sn, $n) = @_;
	my @bodies;
	for my $i (1 .. $n) {
		my $at = sprintf '2031-%02d-%02d %02d:%02d:%02d', 1 + $i / 28 % 12,
		    1 + $i % 28, $i % 24, $i % 60, $i % 59;
		my ($table, @record, $body) = qw(ATTLOG OPERLOG ATTPHOTO)[$i % 3];
		if ($table eq 'ATTLOG') {
			@record = map { "$i$_\t$at\t0\t1\t\t0\t0" } 1 .. 20;
		} elsif ($table eq 'OPERLOG') {
			@record = ("OPLOG 4\t$i\t$at\t1\t2\t3\t4",
			    "USER PIN=$i\tName=N$i\tPri=0\tPasswd=\tCard=$i\tGrp=1"
			    . "\tTZ=0000000100000000\tVerify=0\tViceCard=",
			    "FP PIN=$i\tFID=1\tSize=8\tValid=1\tTMP=AAAA$i");
		} else {
			my $name = $at =~ s/\D//gr . "-$i.jpg";
			my $bytes = "\xff\xd8 $sn $i \0\xff\xd9";
			@record = (Clockgate::Ledger::photo($name, $bytes));
			$body = "PIN=$name\nSN=$sn\nsize=" . length($bytes)
			    . "\nCMD=uploadphoto\0$bytes";
		}
		push @bodies, { table => $table, at => [ $ledger->sent($sn, $table,
		    @record) ], body => $body // join '', map { "$_\n" } @record };
	}
	return @bodies;
}

sub replay {
	my ($f, $name, $count) = @_;
	my $began = time;
	my @web = map { $f->server->lighttpd(processes => 2) } 1, 2;
	my $sn = $f->serial;
	my $ledger = Clockgate::Ledger->new($f->ledger);
	my @bodies = _bodies($ledger, $sn, int(($count + 8) / 9));
	my @order = shuffle map { ($_) x 10 } 0 .. $#bodies;
	my $request = sub {
		my ($http, $n) = @_;
		return $http->request({ path => '/iclock/cdata', query =>
		    "SN=$sn&table=$bodies[$n]{table}&Stamp=$n", body => $bodies[$n]{body} });
	};
	my %said;
	for my $child (0 .. 3) {	# two clients for each server
		next if open($said{$child}, '-|') // croak "fork: $!";
		my $http = $web[ $child % 2 ]->http;
		for my $i (grep { $_ % 4 == $child } 0 .. $#order) {
			my $reply = eval { $request->($http, $order[$i]) } // {};
			print "$order[$i] " . ($reply->{body} // '') . "\n";
		}
		close STDOUT;
		POSIX::_exit(0);
	}
	my ($sent, $failed) = (0, 0);
	for my $out (values %said) {
		while (<$out>) {
			$sent++;
			/^(\d+) OK/ ? $ledger->acknowledged(@{ $bodies[$1]{at} }) : $failed++;
		}
		close $out;
	}
	croak "$name: $sent of " . @order . ' were sent' if $sent != @order;
	$_->stop for @web;
	my $v = Clockgate::Ledger::verify($ledger->file, $f->server->ini);
	$f->row($name, %$v, faults => $sent - $failed - @bodies, requests => $sent,
	    failed => $failed, seconds => time - $began);
}

# ---- lines that nobody can read, among good ones ----

my @POISON = (
	sub { "poison $_[0]" },
	sub { "$_[0]\tyesterday\t0\t1" },
	sub { 'p' x 33 . "$_[0]\t2031-01-07 08:00:00\t0\t1" },
	sub { "\x01\xff$_[0]\t2031-01-07 08:00:00\tin\t1" },
	sub { "'; DROP TABLE punch; --\t$_[0]" },
	sub { "$_[0]\t2031-01-07 08:00:00\t99999999999999\t1" },
	sub { "\t2031-01-07 08:00:00\t$_[0]" },
	sub { "$_[0]\t2031-01-07 08:00:00\t0\t1\t" . 'w' x 33 },
);

# A fault is a body with such lines in it, however many.
sub poison {
	my ($f, $name) = @_;
	my ($began, $file, $log) = (time, $f->dir . '/poison', $f->web->log_size);
	my ($bad, $good) = (10_000, 2000);
	open my $fh, '>:raw', $file or croak "$file: $!";
	print {$fh} map { "$_\n" } shuffle(
	    (map { $POISON[$_ % @POISON]->($_) } 1 .. $bad),
	    map { sprintf "%d\t2031-02-%02d 08:%02d:00\t0\t1", $_, 1 + $_ % 28,
	    $_ % 60 } 1 .. $good);
	close $fh or croak "$file: $!";
	my $fleet = $f->fleet(clocks => 1, more => [ '--punch-file', $file,
	    '--faults=0.2', '--once', '--photos', 0, '--enrolments', 0, '--pictures', 0, '--items', 0,
	    '--rate', 1, '--punches', 1 ]);
	croak "$name: " . $fleet->log_text if ($fleet->wait(300) // 1) != 0;
	my $said = $fleet->stop;
	my $v = Clockgate::Ledger::verify($fleet->{ledger}, $f->server->ini);
	my ($kept) = $f->server->value("SELECT COUNT(*) FROM v1_rejected
	    WHERE device_sn = '$fleet->{sn}'");
	croak "$name: $kept of $bad lines are among the rejected" if $kept != $bad;
	my $n = () = $f->web->log_text($log) =~ / sn=$fleet->{sn} .* bad=[1-9]\d* status=200 /g;
	$f->row($name, %$v, faults => $n, requests => $said->{requests},
	    failed => $said->{failures}, seconds => time - $began);
}

1;
