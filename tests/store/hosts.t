# Several hosts of a database: how they are written, and when one is left for
# another.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::MariaDB;

my $db = Clockgate::MariaDB->new;
$db->create('clockgate');
$ENV{CG_TEST_SOCKET} = $db->socket;
my $build = $ENV{top_builddir} // '.';
exit(system("$build/tests/store/test_hosts") == 0 ? 0 : 1);
