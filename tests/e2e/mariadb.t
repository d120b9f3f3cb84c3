# The private database server of the tests does what the tests rely on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::MariaDB;
use Test::More;

plan skip_all => Clockgate::MariaDB->missing if Clockgate::MariaDB->missing;

my $db = Clockgate::MariaDB->new;
ok -S $db->socket, 'a socket to connect to';
cmp_ok length($db->socket), '<', 108, 'that fits into a socket address';
is $db->value('SELECT @@skip_networking'), 1, 'no network';
is $db->value('SELECT @@innodb_flush_log_at_trx_commit'), 1, 'durable';

$db->create('t');
$db->sql('CREATE TABLE b (id INT PRIMARY KEY, x BLOB)', 't');
my $bytes = join '', map { chr } 0 .. 255;
$db->sql('INSERT INTO b VALUES (1, 0x' . unpack('H*', $bytes) . ')', 't');
is $db->value('SELECT x FROM b', 't'), $bytes, 'all bytes come back';
is $db->text('SELECT 1, 2 UNION SELECT 3, NULL'), "1\t2\n3\tNULL\n", 'rows';
ok !eval { $db->sql('SELECT nonsense'); 1 }, 'a faulty statement dies';

my $s = $db->session('t');
$s->sql('BEGIN');
$s->sql('INSERT INTO b VALUES (2, "")');
is $db->value('SELECT COUNT(*) FROM b', 't'), 1, 'a session holds its transaction';
$s->sql('COMMIT');
is $db->value('SELECT COUNT(*) FROM b', 't'), 2, 'and commits it';
ok !eval { $s->sql('SELECT nonsense'); 1 }, 'its errors die too';
$s->close;

my $pid = $db->pid;
$db->kill9;
ok !kill(0, $pid), 'killed';
$db->start('--innodb-lock-wait-timeout=3');
is $db->value('SELECT COUNT(*) FROM b', 't'), 2, 'what was committed is still there';
is $db->value('SELECT @@innodb_lock_wait_timeout'), 3, 'options of one run';
$db->restart;
is $db->value('SELECT @@innodb_lock_wait_timeout'), 50, 'hold for one run';
$db->read_only(1);
is $db->value('SELECT @@read_only'), 1, 'read-only';

done_testing;
