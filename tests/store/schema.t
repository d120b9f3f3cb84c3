#!/usr/bin/perl
# The steps, applied one by one, and current.sql, imported whole, make the
# same database, which keeps what the schema promises.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::File qw(slurp);
use Clockgate::MariaDB;
use File::Glob qw(:bsd_glob);
use Test::More;

my $top = $ENV{top_srcdir} // '.';
my @steps = sort glob "$top/schema/[0-9][0-9][0-9][0-9]-*.sql";

# The promised columns, in no order.  More may be there.
my %promised = (
	v1_device => [qw(sn name status first_seen_utc last_seen_utc ip
	    push_version device_type language firmware user_count
	    fingerprint_count punch_count face_count fingerprint_version
	    face_version time_zone)],
	v1_punch => [qw(id device_sn pin punched_at punched_at_utc state verify
	    work_code reserved1 reserved2 job_code1 job_code2 job_code3
	    job_code4 job_code5 job_code6 tip_code1 tip_code2 tip_code3 extra
	    suspect received_at_utc)],
	v1_operation => [qw(id device_sn code admin_pin happened_at object1
	    object2 object3 object4 received_at_utc)],
	v1_device_user => [qw(device_sn pin name privilege password card
	    group_no time_zones verify vice_card extra updated_at_utc)],
	v1_template => [qw(device_sn pin type no idx valid duress format
	    major_version minor_version size template updated_at_utc)],
	v1_photo => [qw(id device_sn pin taken_at kind size image
	    received_at_utc)],
	v1_device_option => [qw(device_sn name value updated_at_utc)],
	v1_stamp => [qw(device_sn table_name stamp updated_at_utc)],
	v1_rejected => [qw(id device_sn endpoint table_name line reason
	    received_at_utc)],
	v1_command => [qw(id device_sn body state attempts created_at_utc
	    sent_at_utc done_at_utc return_code reply name reason expires_at_utc
	    rows_received created_by)],
	v1_audit => [qw(id at_utc action class who why device_sn command_id what
	    result hash)],
	v1_device_item => [qw(device_sn kind item_key fields updated_at_utc)],
	v1_device_event => [qw(id device_sn kind fields received_at_utc)],
	v1_device_setting => [qw(device_sn name value updated_at_utc)],
	v1_discarded => [qw(device_sn kind discarded updated_at_utc)],
);

# What two databases must have alike, in information_schema.
my @alike = (
	[ 'tables', 'TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION,
	    TABLE_COMMENT', 'TABLE_NAME' ],
	[ 'columns', 'TABLE_NAME, ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE,
	    IS_NULLABLE, COLUMN_DEFAULT, COLLATION_NAME, EXTRA,
	    GENERATION_EXPRESSION, COLUMN_COMMENT',
	    'TABLE_NAME, ORDINAL_POSITION' ],
	[ 'statistics', 'TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME,
	    NON_UNIQUE, SUB_PART, INDEX_TYPE',
	    'TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX' ],
	[ 'views', q(TABLE_NAME, REPLACE(VIEW_DEFINITION, TABLE_SCHEMA, '')),
	    'TABLE_NAME' ],
);

sub layout {
	my ($db, $name, $what, $columns, $order) = @_;
	return $db->text("SELECT $columns FROM information_schema.$what
	    WHERE TABLE_SCHEMA = '$name' ORDER BY $order");
}

sub contents {
	my ($db, $name) = @_;
	my @tables = map { $_->[0] } $db->sql("SELECT TABLE_NAME
	    FROM information_schema.tables WHERE TABLE_SCHEMA = '$name'
	    AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME <> 'schema_version'
	    ORDER BY 1");
	return join '', map { "$_:\n" . $db->text("SELECT * FROM $_ ORDER BY 1",
	    $name) } @tables;
}

if (my $why = Clockgate::MariaDB::missing()) {
	plan skip_all => $why;
}
my $db = Clockgate::MariaDB->new;
my $strict = "SET sql_mode = 'TRADITIONAL,ONLY_FULL_GROUP_BY';\n";

$db->create($_) for qw(steps current twice);
$db->sql($strict . slurp("$top/schema/current.sql"), 'current');
for my $file (@steps) {
	$db->sql($strict . slurp($file), 'steps');
	$db->sql($strict . slurp($file), 'twice') for 1, 2;
}
pass 'every step and current.sql can be applied in strict mode';

for my $row (@alike) {
	my $want = layout($db, 'steps', @$row);
	isnt $want, '', "there are $row->[0]";
	is layout($db, 'current', @$row), $want,
	    "current.sql makes the same $row->[0] as the steps";
	is layout($db, 'twice', @$row), $want,
	    "steps that are run again make the same $row->[0]";
}
my $contents = contents($db, 'steps');
like $contents, qr/^255\tno state chosen/m, 'the look-up tables are filled';
is contents($db, 'current'), $contents, 'current.sql has the same rows';
is contents($db, 'twice'), $contents, 'steps that are run again: same rows';

# schema_version
my @recorded = $db->sql('SELECT version, name, sha256 FROM schema_version
    ORDER BY version', 'current');
is scalar @recorded, scalar @steps, 'current.sql records every step';
for my $i (0 .. $#steps) {
	my ($name) = $steps[$i] =~ m{([^/]+)$};
	my $hex = unpack 'H*', slurp($steps[$i]);
	is_deeply $recorded[$i], [ $i + 1, $name,
	    $db->value("SELECT SHA2(X'$hex', 256)") ],
	    "$name is recorded with the hash that the server computes";
}

# What every table keeps.
my $tables = q(FROM information_schema.tables t
    WHERE t.TABLE_SCHEMA = 'current' AND t.TABLE_TYPE = 'BASE TABLE');
is $db->text("SELECT TABLE_NAME $tables AND TABLE_COMMENT = ''"), '',
    'every table has a comment';
is $db->text("SELECT TABLE_NAME $tables AND ENGINE <> 'InnoDB'"), '',
    'every table is InnoDB';
is $db->text("SELECT TABLE_NAME $tables AND TABLE_COLLATION <> 'utf8mb4_bin'"),
    '', 'every table is utf8mb4, and A is not a';
is $db->text("SELECT TABLE_NAME $tables AND NOT EXISTS (
    SELECT 1 FROM information_schema.statistics s
    WHERE s.TABLE_SCHEMA = 'current' AND s.TABLE_NAME = t.TABLE_NAME
    AND s.INDEX_NAME = 'PRIMARY')"), '', 'every table has a primary key';
is $db->text("SELECT t.TABLE_NAME, c.COLUMN_NAME
    FROM information_schema.tables t
    JOIN information_schema.columns c USING (TABLE_SCHEMA, TABLE_NAME)
    WHERE t.TABLE_SCHEMA = 'current' AND t.TABLE_TYPE = 'BASE TABLE'
    AND c.COLUMN_COMMENT = ''"), '', 'every column has a comment';
is $db->text("SELECT TRIGGER_NAME FROM information_schema.triggers
    WHERE TRIGGER_SCHEMA = 'current'
    UNION ALL SELECT ROUTINE_NAME FROM information_schema.routines
    WHERE ROUTINE_SCHEMA = 'current'
    UNION ALL SELECT EVENT_NAME FROM information_schema.events
    WHERE EVENT_SCHEMA = 'current'"), '', 'no trigger, routine or event';

# The public views.
my %have;
push @{ $have{$_->[0]} }, $_->[1] for $db->sql("SELECT TABLE_NAME, COLUMN_NAME
    FROM information_schema.columns WHERE TABLE_SCHEMA = 'current'
    AND TABLE_NAME LIKE 'v1\\_%' ORDER BY TABLE_NAME, ORDINAL_POSITION");
is_deeply [ sort keys %have ], [ sort keys %promised ], 'the promised views';
for my $view (sort keys %promised) {
	my %column = map { $_ => 1 } @{ $have{$view} };
	is_deeply [ grep { !$column{$_} } @{ $promised{$view} } ], [],
	    "$view has every promised column";
}

# Values that the views must show in their own way.
my $rows = <<'END';
INSERT INTO device (id, sn, status, first_seen_utc)
  VALUES (1, 'A', 'active', '2030-01-05 08:00:00'),
  (2, 'B', 'active', '2030-01-05 08:00:00'),
  (3, 'C', 'pending', '2030-01-05 08:00:00');
INSERT INTO device_state (device_id, peer_ip, reported_ip)
  VALUES (1, '192.0.2.1', '10.0.0.1'), (2, '192.0.2.2', '');
INSERT INTO punch (device_id, pin, punched_at, state, verify, received_at_utc)
  VALUES (1, '7', '2030-01-05 08:00:00', 255, 15, '2030-01-05 08:00:01'),
  (1, 'a', '2030-01-05 08:00:00', 0, 1, '2030-01-05 08:00:01'),
  (1, 'A', '2030-01-05 08:00:00', 0, 1, '2030-01-05 08:00:01');
INSERT INTO photo (device_id, kind, pin, taken_at, size, image, received_at_utc)
  VALUES (1, 'user', '7', NULL, 3, X'FFD800', '2030-01-05 08:00:01'),
  (1, 'punch', '7', '2030-01-05 08:00:00', 3, X'FFD800', '2030-01-05 08:00:01');
INSERT INTO command (device_sn, body) VALUES ('A', 'CHECK');
END
$db->sql($rows, 'current');
is $db->text('SELECT sn, ip FROM v1_device ORDER BY sn', 'current'),
    "A\t10.0.0.1\nB\t192.0.2.2\nC\tNULL\n",
    'v1_device.ip: reported, else of the last request, else nothing';
is $db->text('SELECT device_sn, pin, state FROM v1_punch ORDER BY pin',
    'current'), "A\t7\t255\nA\tA\t0\nA\ta\t0\n",
    'v1_punch names the clock, and A is not a';
is $db->text('SELECT state, attempts,
    ABS(TIMESTAMPDIFF(SECOND, created_at_utc, UTC_TIMESTAMP())) < 600
    FROM v1_command', 'current'), "queued\t0\t1\n",
    'a plain INSERT queues a command';
is $db->value("SELECT COUNT(*) FROM photo WHERE
    HEX(image_hash) = SHA2(X'FFD800', 256)", 'current'), 2,
    'photos carry the hash of their bytes';

my %again = (
	punch => "INSERT INTO punch (device_id, pin, punched_at, state, verify,
	    received_at_utc) VALUES (1, '7', '2030-01-05 08:00:00', 255, 15,
	    '2031-01-01') ON DUPLICATE KEY UPDATE id = id",
	photo => "INSERT INTO photo (device_id, kind, pin, taken_at, size,
	    image, received_at_utc) VALUES (1, 'user', '7', NULL, 3,
	    X'FFD800', '2031-01-01') ON DUPLICATE KEY UPDATE id = id",
);
for my $table (sort keys %again) {
	my $before = $db->value("SELECT COUNT(*) FROM $table", 'current');
	$db->sql("$again{$table}; $again{$table}", 'current');
	is $db->value("SELECT COUNT(*) FROM $table", 'current'), $before,
	    "the same $table again is no second row";
}

# How the server goes about the usual questions, once there are many rows.
$db->sql("INSERT INTO punch (device_id, pin, punched_at, state, verify,
    received_at_utc) SELECT 1 + seq % 3, seq % 200, '2030-02-01' + INTERVAL seq
    MINUTE, 0, 1, '2030-02-01' FROM seq_1_to_20000; ANALYZE TABLE punch",
    'current');
my @question = (
	[ 'the newest', 'PRIMARY', 'ORDER BY id DESC LIMIT 50' ],
	[ 'what is new', 'PRIMARY', 'WHERE id > 19950' ],
	[ 'one day of a clock', 'punch_natural', "WHERE device_sn = 'A' AND
	    punched_at >= '2030-02-03' AND punched_at < '2030-02-04'" ],
	[ 'a period of one person at a clock', 'punch_natural',
	    "WHERE device_sn = 'A' AND pin = '7' AND
	    punched_at >= '2030-02-03' AND punched_at < '2030-02-04'" ],
);
for my $row (@question) {
	my ($name, $index, $condition) = @$row;
	my ($step) = grep { $_->[2] eq 'p' } $db->sql(
	    "EXPLAIN SELECT * FROM v1_punch $condition", 'current');
	is $step->[5], $index, "$name: read by $index";
	cmp_ok $step->[8], '<', 1000, "$name: without reading the others";
}

# What the documentation tells others to send.
sub examples {
	my $doc = slurp("$top/docs/reading-the-tables.md");
	my $man = slurp("$top/man/clockgate-schema.7");
	my %value = (sn => "'A'", pin => "'7'", id => 1,
	    day => "'2030-01-05'", day_after => "'2030-01-06'");
	my @php = $doc =~ /<<<'SQL'\n(.*?)\nSQL/sg;
	s/(?<![:\w]):(\w+)/$value{$1}/g for @php;
	return ($doc =~ /^```sql\n(.*?)^```$/msg, @php,
	    $man =~ /^\.Bd -literal.*?\n(.*?)^\.Ed$/msg);
}

$db->create('clockgate');
$db->sql($strict . slurp("$top/schema/current.sql") . $rows, 'clockgate');
my @examples = examples();
cmp_ok scalar @examples, '>=', 14, 'there are examples';
for my $sql (@examples) {
	my ($first) = $sql =~ /^(.*)$/m;
	ok eval { $db->sql("$strict$sql", 'clockgate'); 1 },
	    "the example \"$first ...\" works" or diag $@;
}
is $db->text((grep { /p\.device_sn = .A./ } @examples)[0], "clockgate"),
    "2030-01-05 08:00:00\tno state chosen\tface\n",
    'the page shows the punch with its names';

done_testing;
