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
	{ name => 'database stopped for a while', run => \&stopped, share => 0.6, least => 2 },
	{ name => 'database read-only', run => \&read_only, share => 4, least => 3 },
	{ name => 'disk full', run => \&disk_full, share => 0.4, least => 2 },
	{ name => 'rows locked too long', run => \&locked, share => 0.6, least => 2 },
	{ name => 'deadlock', run => \&deadlock, share => 2, least => 3 },
	{ name => 'too many connections', run => \&connections, share => 3, least => 3 },
	{ name => 'step of the schema', run => \&schema, share => 0.2, least => 2 },
);

sub killed {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		$db->kill9;
		sleep rand 0.3;
		$db->start;
	}, pause => 0.5);
}

# Shorter and longer than the programs wait for an answer.
sub stopped {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		my ($i) = @_;
		kill 'STOP', $db->pid;
		sleep((0.3, 2.5, 5)[$i % 3]);
		kill 'CONT', $db->pid;
	}, pause => 0.3);
}

sub read_only {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		$db->read_only(1);
		sleep rand 0.2;
		$db->read_only(0);
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
		$f->say("$name: no mount is allowed here; a tablespace of 64 MB");
		$db->in_small_tablespace(64);
		$server->make_database;
	}
	my $web = $server->lighttpd(processes => 2);
	$f->under_load($name, $count, sub {
		$db->fill;
		sleep 1;
		$db->unfill;
		$db->start if !$db->alive;
	}, web => $web, ini => $server->ini, pause => 0.3);
	$web->stop;
}

# Rows that every upload wants are held for longer than it waits.
sub locked {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	$f->under_load($name, $count, sub {
		my $session = $db->session('clockgate');
		$session->sql('BEGIN');
		$session->sql('SELECT COUNT(*) FROM device_stamp FOR UPDATE');
		sleep 1.3;
		$session->sql('ROLLBACK');
		$session->close;
	});
}

# Another takes the same rows, the later ones first.  What it holds makes it
# the heavier one, so that a program is chosen to give way.
sub deadlock {
	my ($f, $name, $count) = @_;
	my $db = $f->server->db;
	my $before = $db->status('Innodb_deadlocks');
	$db->sql('CREATE DATABASE IF NOT EXISTS other;
	    CREATE TABLE IF NOT EXISTS other.weight (n INT) ENGINE=InnoDB');
	my ($until, $had, $ours) = (time + 20 + $count, 0, 0);
	$f->under_load($name, 1, sub {
		while ($had < $count && time < $until) {
			$ours += !_embrace($db);
			$had = $db->status('Innodb_deadlocks') - $before - $ours;
		}
	}, count => sub { $had });
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
		sleep 0.1;
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
	my $refused = 0;
	$root->sql('SET GLOBAL max_connections = 30');
	$f->under_load($name, $count, sub {
		my @taken;
		my $take = sub {
			push @taken, IO::Socket::UNIX->new(Peer => $db->socket) for 1 .. 31;
		};
		my ($log, $told) = ($f->web->log_size);
		for (1 .. 100) {
			$take->();
			last if $told = $f->web->log_text($log) =~ /MySQL 1040/;
			my @program = $root->sql("SELECT id FROM
			    information_schema.processlist WHERE user LIKE 'clockgate%'");
			eval { $root->sql("KILL $_->[0]") } for @program;
			sleep 0.05;
		}
		$refused++ if $told;
	}, count => sub { my $n = $refused; $refused = 0; $n });
	$root->sql('SET GLOBAL max_connections = 151');
	$root->close;
}

# A database of an older version gets its last steps while programs serve it;
# and one that is up to date has its last step once more.
sub schema {
	my ($f, $name, $count) = @_;
	my @step = sort glob Clockgate::Server->srcdir . '/schema/[0-9]*.sql';
	for my $i (1 .. $count) {
		my $server = Clockgate::Server->new(ini => $f->ini_values);
		my $have = @step - ($i - 1) % 3;
		_older($server, @step[ 0 .. $have - 1 ]) if $have < @step;
		_steps($f, $name, $server, scalar @step);
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
	my ($f, $name, $server, $last) = @_;
	my $web = $server->lighttpd(processes => 2);
	my $began = time;
	my $old = $server->value('SELECT MAX(version) FROM schema_version') < $last;
	my $fleet = $f->fleet(port => $web->port, more => [ '--rate', 10 ]);
	$fleet->goes_on($old ? 2 : 30);
	$server->sql("DELETE FROM schema_version WHERE version = $last");
	my ($status, $text) = $server->tool('migrate');
	croak "migrate: $text" if $status != 0;
	$fleet->goes_on(30) or croak "$name: nothing is acknowledged after it";
	my $said = $fleet->stop;
	my $v = Clockgate::Ledger::verify($fleet->{ledger}, $server->ini);
	$f->row($name, %$v, faults => 1, requests => $said->{requests},
	    failed => $said->{failures}, seconds => time - $began);
	$web->stop;
}

1;
