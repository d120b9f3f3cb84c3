package Clockgate::Fault::Database;

# The database dies, hangs, refuses, is full, locked, or changes its schema.

use strict;
use warnings;
use Carp qw(croak);
use Clockgate::File qw(slurp);
use Clockgate::Server;
use Digest::SHA qw(sha256_hex);
use IO::Socket::UNIX ();
use Time::HiRes qw(sleep time);

our @KINDS = (
	{ name => 'database killed', run => \&killed, share => 0.4, least => 2 },
	{ name => 'database stopped', run => \&stopped, share => 0.2, least => 2 },
	{ name => 'database read-only', run => \&read_only, share => 5, least => 3 },
	{ name => 'disk full', run => \&disk_full, share => 0.4, least => 2 },
	{ name => 'rows locked too long', run => \&locked, share => 0.2, least => 2 },
	{ name => 'deadlock', run => \&deadlock, share => 3, least => 3 },
	{ name => 'too many connections', run => \&connections, share => 3, least => 3 },
	{ name => 'table changed', run => \&changed, share => 2, least => 4 },
	{ name => 'step of the schema', run => \&schema, share => 0.2, least => 2 },
);

my $LOST = qr/MySQL (?:2002|2006|2013)\b/;

sub killed {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		my ($told) = @_;
		$db->kill9;
		my $felt = $told->($LOST, 10);
		$db->start;
		return $felt;
	}, pause => 0.3);
}

# For longer than the programs wait for an answer.
sub stopped {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		my ($told) = @_;
		kill 'STOP', $db->pid;
		my $felt = $told->($LOST, 20);
		kill 'CONT', $db->pid;
		return $felt;
	}, pause => 0.3);
}

sub read_only {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		my ($told) = @_;
		$db->read_only(1);
		my $felt = $told->(qr/MySQL 1290\b/, 10);
		$db->read_only(0);
		return $felt;
	});
}

# InnoDB ends itself when a rollback finds no room: whoever looks after a
# server makes room and starts it again.
sub disk_full {
	my ($f, $name, $count) = @_;
	my $server = Clockgate::Server->new(ini => $f->ini_values);
	my $db = $server->db;
	if ($db->on_small_disk('256M')) {
		$f->say("$name: a tmpfs of 256 MB");
	} else {
		$f->say("$name: no mount is allowed here; a small tablespace");
		$db->in_small_tablespace(64);
		$server->make_database;
	}
	my $web = $server->lighttpd(processes => 2);
	$f->under_load($name, $count, sub {
		my ($told) = @_;
		$db->fill;
		my $felt = $told->(qr{status=503 .*MySQL}, 20);
		$db->unfill;
		$db->start if !$db->alive;
		return $felt;
	}, web => $web, ini => $server->ini, pause => 0.3);
	$web->stop;
}

# Rows that every upload wants are held until a program has waited so often that
# it gives up.
sub locked {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		my ($told) = @_;
		my $session = $db->session('clockgate');
		$session->sql('BEGIN');
		$session->sql('SELECT COUNT(*) FROM device_stamp FOR UPDATE');
		my $felt = $told->(qr/status=503 .*MySQL 1205\b/, 20);
		$session->sql('ROLLBACK');
		$session->close;
		return $felt;
	});
}

# Another takes the same rows, the later ones first.  What it holds makes it
# the heavier one, so that a program is chosen to give way.  What succeeds when
# it is repeated is in no log: InnoDB counts them.
sub deadlock {
	my ($f, $name, $count) = @_;
	my ($db, $log) = ($f->server->db, $f->web->log_size);
	$db->sql('CREATE DATABASE IF NOT EXISTS other;
	    CREATE TABLE IF NOT EXISTS other.weight (n INT) ENGINE=InnoDB');
	my $had = $db->status('Innodb_deadlocks');
	$f->under_load($name, $count, sub {
		my $before = $had + !_embrace($db);
		$had = $db->status('Innodb_deadlocks');
		return $had - $before;
	}, pause => 0, more => ['--rate', 20]);
	croak "$name: no program says so" if $f->web->log_text($log) !~ /MySQL 1213\b/;
}

# False when this one had to give way.
sub _embrace {
	my ($db) = @_;
	my $session = $db->session('clockgate');
	my $whole = eval {
		$session->sql('BEGIN');
		$session->sql('INSERT INTO other.weight SELECT seq FROM seq_1_to_500');
		$session->sql("SELECT COUNT(*) FROM device_stamp
		    WHERE table_name = 'ATTLOG' FOR UPDATE");
		Clockgate::Server->eventually(sub { ($session->sql(
		    "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'"))[0][1] }, 2);
		$session->sql('SELECT id FROM punch ORDER BY id DESC LIMIT 50 FOR UPDATE');
		1;
	};
	$session->sql('ROLLBACK');
	$session->close;
	return $whole;
}

# All are taken, the programs are thrown out, and one of them is refused.  Who
# has not logged in yet takes a connection, too.
sub connections {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	my $root = $db->session;
	$root->sql('SET GLOBAL max_connections = 30');
	$f->under_load($name, $count, sub {
		my ($told) = @_;
		my @taken;
		for (1 .. 100) {
			push @taken, IO::Socket::UNIX->new(Peer => $db->socket) for 1 .. 31;
			return 1 if $told->(qr/MySQL 1040\b/, 0.05);
			my @program = $root->sql("SELECT id FROM
			    information_schema.processlist WHERE user LIKE 'clockgate%'");
			eval { $root->sql("KILL $_->[0]") } for @program;
		}
		return 0;
	});
	$root->sql('SET GLOBAL max_connections = 151');
	$root->close;
}

# A table gets a column, and loses it: every statement on it is prepared anew.
sub changed {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	my @change = ('ADD COLUMN later INT NULL', 'DROP COLUMN later');
	$f->under_load($name, $count + $count % 2, sub {
		my $before = $db->status('Com_stmt_reprepare');
		$f->server->sql("ALTER TABLE punch $change[0]");
		@change = reverse @change;
		return Clockgate::Server->eventually(sub {
			$db->status('Com_stmt_reprepare') > $before }, 10);
	});
}

# A database of an older version gets its last steps while programs want to
# serve it.
sub schema {
	my ($f, $name, $count) = @_;
	my @step = sort glob Clockgate::Server->srcdir . '/schema/[0-9]*.sql';
	my $server = Clockgate::Server->new(ini => $f->ini_values);
	for my $i (1 .. $count) {
		_older($server, @step[ 0 .. $#step - 1 - $i % 3 ]);
		_steps($f, $name, $server);
	}
}

# The database as these steps alone made it.
sub _older {
	my ($server, @step) = @_;
	$server->db->create('clockgate');
	for my $file (@step) {
		my $text = slurp($file);
		my ($number, $step) = $file =~ m{/((\d+)-[^/]+)\z} ? ($2, $1) : ();
		$server->sql($text);
		$server->sql("INSERT INTO schema_version VALUES ($number, '$step',
		    '" . sha256_hex($text) . "', UTC_TIMESTAMP())");
	}
}

sub _steps {
	my ($f, $name, $server) = @_;
	my $web = $server->lighttpd(processes => 2);
	my $began = time;
	my $fleet = $f->fleet(port => $web->port, more => [ '--rate', 10 ]);
	my $felt = Clockgate::Server->eventually(sub {
		$web->log_text =~ /status=503 .*the database has schema/ }, 20);
	my ($status, $text) = $server->tool('migrate');
	croak "migrate: $text" if $status != 0;
	$fleet->goes_on(120) or croak "$name: nothing is acknowledged after it";
	my $said = $fleet->stop;
	my $v = Clockgate::Ledger::verify($fleet->{ledger}, $server->ini);
	$f->row($name, %$v, faults => $felt ? 1 : 0, requests => $said->{requests},
	    failed => $said->{failures}, seconds => time - $began);
	$web->stop;
}

1;
