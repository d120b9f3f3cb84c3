# What clocks upload, stored through the programs' own functions.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::MariaDB;

my $db = Clockgate::MariaDB->new;
$db->create('clockgate');
$ENV{CG_TEST_SOCKET} = $db->socket;
my $build = $ENV{top_builddir} // '.';
exit(system("$build/tests/store/test_privacy") == 0 ? 0 : 1);
