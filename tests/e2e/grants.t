# The account of each program may do what the program does, and nothing of
# what it does not.
use strict;
use warnings;
use Test::More;
use Clockgate::Operator qw(typed);
use Clockgate::Server;

my $why = Clockgate::Server->missing;
plan skip_all => $why if $why;

my $s = Clockgate::Server->new(ini => { commands => { wipe => 'yes' } });
$s->admit('TST0000000001');
$s->allow('wipe');
$s->sql(q{INSERT INTO command (device_sn, body) VALUES ('TST0000000001', 'CHECK');
    INSERT INTO punch (device_id, pin, punched_at, state, verify, received_at_utc)
    VALUES (1, '7', '2030-01-05 08:00:00', 0, 1, '2030-01-05 08:00:01')});

# "" when it works, else MySQL's message.
sub fault
{
	my ($program, $sql) = @_;
	my ($status, $out, $err) = typed('mariadb', '--no-defaults', '--batch',
	    "--user=clockgate_$program", '--socket=' . $s->db->socket, '-e', $sql, 'clockgate');
	$err =~ s/^-+\n.*?^-+\n//msg;
	return $status == 0 ? '' : $err =~ s/\s+\z//r;
}

sub denied
{
	my ($program, @sql) = @_;
	for my $sql (@sql) {
		like(fault($program, $sql), qr/^ERROR (?:1044|1142|1143|1227|1370) /m,
		    "$program may not: $sql");
	}
}

sub may
{
	my ($program, @sql) = @_;
	is(fault($program, $_), '', "$program may: $_") for @sql;
}

# ---- what each needs ----

for my $program (qw(cdata getrequest devicecmd)) {
	my ($status, $text, $said) = typed($s->program($program), '--config', $s->ini,
	    '--check');
	like($text, qr/^ok +statements +clockgate_$program may do all that $program does$/m,
	    "$program may run its statements") or diag("$text$said");
}
my ($status, $text) = $s->tool('check');
like($text, qr/^ok +statements +clockgate_clockgate may do all that clockgate does$/m,
    'so may the command line') or diag($text);
($status, $text) = $s->tool('migrate');
is("$status $text", '0 the schema is up to date: version '
    . $s->value('SELECT MAX(version) FROM schema_version') . "\n", 'and the migrator');
may('migrate', 'CREATE TABLE t (id INT PRIMARY KEY)', 'ALTER TABLE t ADD COLUMN n INT',
    'CREATE INDEX t_n ON t (n)', 'CREATE OR REPLACE VIEW v AS SELECT id FROM t',
    'CREATE OR REPLACE VIEW v AS SELECT id, n FROM t', 'DROP VIEW v', 'DROP TABLE t');
may('pages', 'SELECT pin, punched_at FROM v1_punch', 'SELECT sn FROM v1_device',
    'SELECT name FROM verify_mode');

# ---- what nobody may ----

my @SERVER = qw(cdata getrequest devicecmd);
for my $program (@SERVER, qw(clockgate pages)) {
	denied($program, 'CREATE TABLE t (id INT)', 'DROP TABLE punch', 'TRUNCATE TABLE punch',
	    'ALTER TABLE punch ADD COLUMN x INT', 'CREATE VIEW v AS SELECT 1',
	    'GRANT SELECT ON punch TO clockgate_pages@localhost',
	    q{SELECT 'x' INTO OUTFILE '/tmp/clockgate-grants'},
	    q{SELECT LOAD_FILE('/etc/passwd') FROM mysql.user},
	    'SELECT user FROM mysql.user', 'SET GLOBAL read_only = 1',
	    'CREATE DATABASE other', 'CREATE USER x@localhost',
	    'CREATE PROCEDURE p() SELECT 1',
	    q{UPDATE audit SET who = 'x'}, 'DELETE FROM audit', 'DELETE FROM audit_head',
	    'INSERT INTO audit_head VALUES (2, 0, 0)',
	    'INSERT INTO schema_version VALUES (99, 0, 0, UTC_TIMESTAMP())');
}
denied('migrate', 'SELECT user FROM mysql.user', 'SET GLOBAL read_only = 1',
    'CREATE USER x@localhost', 'GRANT SELECT ON punch TO clockgate_pages@localhost',
    'CREATE PROCEDURE p() SELECT 1');

# ---- each program ----

for my $program (@SERVER) {
	denied($program, 'DELETE FROM punch', 'SELECT * FROM audit', 'UPDATE audit_head SET one = 2',
	    q{INSERT INTO danger_open VALUES ('shell', UTC_TIMESTAMP(), UTC_TIMESTAMP(), '', '')},
	    'UPDATE danger_open SET until_utc = UTC_TIMESTAMP()', 'DELETE FROM danger_open',
	    q{INSERT INTO command (device_sn, body) VALUES ('x', 'SHELL ls')},
	    q{UPDATE command SET device_sn = 'x'},
	    q{UPDATE command SET created_by = 'x'}, 'DELETE FROM command',
	    'SELECT reply FROM command', 'SELECT * FROM command', 'SELECT * FROM v1_command',
	    'SELECT image FROM photo', 'SELECT line FROM rejected', 'DELETE FROM rejected',
	    'SELECT fields FROM device_event', 'DELETE FROM device_event',
	    q{INSERT INTO device_setting VALUES (1, 'zone', 'UTC', UTC_TIMESTAMP())},
	    q{UPDATE device_setting SET value = 'UTC'}, 'DELETE FROM device_setting',
	    q{UPDATE device SET status = 'active'}, q{UPDATE device SET sn = 'x'},
	    q{UPDATE device SET name = 'x'}, 'INSERT INTO device (id, sn) VALUES (99, 0)',
	    q{INSERT INTO device (sn, comm_key) VALUES ('x', '')},
	    'SELECT name FROM device_option', 'DELETE FROM device_option',
	    'DELETE FROM operation', 'DELETE FROM self_service_text', 'DELETE FROM device_discard',
	    'SELECT reason FROM rejected', 'SELECT template FROM template',
	    q{UPDATE self_service SET name = 'x'}, 'UPDATE attendance_state SET name = 0',
	    'SELECT * FROM v1_template', 'SELECT * FROM v1_device_user');
}
denied('cdata', 'SELECT body FROM command', q{UPDATE command SET body = 'SHELL ls'},
    'SELECT template FROM template', 'SELECT extra FROM template',
    'UPDATE command SET attempts = 0',
    q{UPDATE command SET danger = NULL}, 'UPDATE command SET name = NULL',
    'SELECT class FROM danger_open', 'DELETE FROM device_user', 'DELETE FROM device_item',
    'SELECT object1 FROM operation', 'SELECT * FROM punch', 'SELECT punched_text FROM punch',
    'SELECT item_key FROM device_item', 'SELECT pin FROM photo', 'DELETE FROM photo');
denied('getrequest', map({ ("SELECT * FROM $_", "INSERT INTO $_ VALUES ()",
    "UPDATE $_ SET device_id = 1", "DELETE FROM $_") } qw(punch operation device_user template
    photo device_item device_option device_stamp)), 'SELECT * FROM v1_punch',
    'SELECT * FROM self_service', q{UPDATE command SET reply = 'x'},
    'UPDATE command SET return_code = 0');
denied('devicecmd', map({ ("SELECT * FROM $_", "INSERT INTO $_ VALUES ()",
    "UPDATE $_ SET device_id = 1", "DELETE FROM $_") } qw(punch operation device_stamp)),
    'SELECT * FROM self_service', 'SELECT class FROM danger_open',
    'SELECT template FROM template', q{UPDATE command SET body = 'SHELL ls'},
    'UPDATE command SET attempts = 0', 'UPDATE command SET danger = NULL',
    'UPDATE command SET asked = NULL');
denied('clockgate', 'DELETE FROM device', q{UPDATE device SET sn = 'x'},
    'DELETE FROM device_stamp', 'DELETE FROM device_option', 'DELETE FROM device_state',
    q{UPDATE command SET created_by = 'x'}, q{UPDATE command SET device_sn = 'x'},
    q{INSERT INTO command (device_sn, body, state) VALUES ('x', 'CHECK', 'sent')},
    'INSERT INTO device VALUES ()',
    'UPDATE audit_head SET one = 2', 'UPDATE schema_version SET name = 0',
    'UPDATE attendance_state SET name = 0');
denied('pages', map({ "SELECT * FROM $_" } map { $_->[0] } grep {
    $s->value(qq{SELECT COUNT(*) FROM mysql.tables_priv WHERE User = 'clockgate_pages'
	AND Table_name = '$_->[0]'}) == 0 } $s->sql(q{SELECT table_name FROM
    information_schema.tables WHERE table_schema = 'clockgate'})),
    q{INSERT INTO command (device_sn, body) VALUES ('x', 'CHECK')},
    q{UPDATE v1_device SET name = 'x'});
is($s->text('SELECT COUNT(*) FROM punch; SELECT COUNT(*) FROM command;
    SELECT COUNT(*) FROM audit; SELECT COUNT(*) FROM danger_open'), "1\n1\n1\n1\n",
    'nothing of this had an effect');

done_testing;
