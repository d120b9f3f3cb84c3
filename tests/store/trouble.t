# Locks, lost connections, schemas that are not ours.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::MariaDB;

my $db = Clockgate::MariaDB->new;
$db->create('clockgate');
$ENV{CG_TEST_SOCKET} = $db->socket;
my $build = $ENV{top_builddir} // '.';
exit(system("$build/tests/store/test_trouble") == 0 ? 0 : 1);
